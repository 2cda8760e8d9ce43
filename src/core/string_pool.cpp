#include "core/string_pool.h"

#include <algorithm>
#include <cstring>

namespace causal_sessions {
namespace {

constexpr std::size_t kFirstSlots = 1024;
constexpr std::size_t kBatch = 32;
constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15ull;  // 2^64 / golden ratio: odd, well spread bits

std::uint64_t load64(const char* bytes) {
  std::uint64_t word;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

// Multiply-and-fold over words of eight bytes; the last word overlaps the one before it.
// 64-bit products only: wasm has no 128-bit multiply.
std::uint32_t hash_text(std::string_view text) {
  const char* at = text.data();
  const std::size_t size = text.size();
  std::uint64_t hash = size * kMix;
  const auto mix = [&hash](std::uint64_t word) {
    hash = (hash ^ word) * kMix;
    hash ^= hash >> 29;
  };
  if (size >= 8) {
    for (std::size_t i = 0; i + 8 < size; i += 8) mix(load64(at + i));
    mix(load64(at + size - 8));
  } else if (size > 0) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, size);
    mix(word);
  }
  hash *= kMix;
  return static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace

StringPool::StringPool() : slots_(kFirstSlots, Slot{0, kNone}) {}

void StringPool::intern(std::span<const std::string_view> texts, std::uint32_t* ids) {
  std::uint32_t hashes[kBatch];
  for (std::size_t first = 0; first < texts.size(); first += kBatch) {
    const std::size_t count = std::min(kBatch, texts.size() - first);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view text = texts[first + i];
      hashes[i] = hash_text(text);
      __builtin_prefetch(&slots_[hashes[i] & mask]);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view text = texts[first + i];
      ids[first + i] = text.data() == nullptr ? kNone : find_or_add(text, hashes[i]);
    }
  }
}

std::uint32_t StringPool::intern(std::string_view text) { return find_or_add(text, hash_text(text)); }

std::uint32_t StringPool::find(std::string_view text) const {
  const std::uint32_t hash = hash_text(text);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.id == kNone) return kNone;
    if (slot.hash == hash && (*this)[slot.id] == text) return slot.id;
  }
}

std::uint32_t StringPool::find_or_add(std::string_view text, std::uint32_t hash) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].id != kNone; at = (at + 1) & mask) {
    if (slots_[at].hash == hash && (*this)[slots_[at].id] == text) return slots_[at].id;
  }
  const std::uint32_t id = size();
  slots_[at] = {hash, id};
  text_.insert(text_.end(), text.begin(), text.end());
  ends_.push_back(text_.size());
  if (ends_.size() * 4 > slots_.size() * 3) grow();
  return id;
}

void StringPool::grow() {
  std::vector<Slot> old = std::move(slots_);
  slots_.assign(old.size() * 2, Slot{0, kNone});
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.id == kNone) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].id != kNone) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

}  // namespace causal_sessions
