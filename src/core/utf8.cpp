#include "core/utf8.h"

#include <algorithm>

#include <cstdint>

#include "core/simd.h"

namespace causal_sessions {
namespace {

// Length of the valid character at `at`, 0 if it is invalid, -1 if the bytes end inside it.
int character_length(const unsigned char* at, std::size_t left) {
  const unsigned char lead = at[0];
  if (lead < 0x80) return 1;
  const int length = lead >= 0xC2 && lead <= 0xDF ? 2 : (lead & 0xF0) == 0xE0 ? 3 : lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
  if (length == 0) return 0;
  for (int i = 1; i < length; ++i) {
    if (static_cast<std::size_t>(i) >= left) return -1;
    unsigned char low = 0x80, high = 0xBF;
    if (i == 1) {
      if (lead == 0xE0) low = 0xA0;   // shorter forms exist
      if (lead == 0xED) high = 0x9F;  // surrogates
      if (lead == 0xF0) low = 0x90;
      if (lead == 0xF4) high = 0x8F;  // past U+10FFFF
    }
    if (at[i] < low || at[i] > high) return 0;
  }
  return length;
}

std::size_t find_invalid(std::span<const char> bytes, bool more_to_come) {
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (at + simd::kWidth <= bytes.size() && simd::is_ascii(bytes.data() + at)) {
      at += simd::kWidth;
      continue;
    }
    // Past this stretch one character at a time, then back to blocks.
    const std::size_t stop = at + simd::kWidth < bytes.size() ? at + simd::kWidth : bytes.size();
    while (at < stop) {
      const int length = character_length(data + at, bytes.size() - at);
      if (length < 0) return more_to_come ? bytes.size() : at;
      if (length == 0) return at;
      at += static_cast<std::size_t>(length);
    }
  }
  return bytes.size();
}

}  // namespace

void Utf8Watch::look(std::span<const char> bytes) {
  for (std::size_t i = 0; i < bytes.size() && valid_; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (left_ == 0 && byte < 0x80) continue;
    beyond_ = true;
    if (left_ != 0) {
      valid_ = byte >= low_ && byte <= high_;
      --left_;
      low_ = 0x80;
      high_ = 0xBF;
      continue;
    }
    left_ = byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3;
    valid_ = byte >= 0xC2 && byte <= 0xF4;
    if (byte == 0xE0) low_ = 0xA0;
    if (byte == 0xED) high_ = 0x9F;
    if (byte == 0xF0) low_ = 0x90;
    if (byte == 0xF4) high_ = 0x8F;
  }
}

std::size_t find_invalid_utf8(std::span<const char> bytes) { return find_invalid(bytes, false); }
std::size_t find_invalid_utf8_prefix(std::span<const char> bytes) { return find_invalid(bytes, true); }

bool same_but_for_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace causal_sessions
