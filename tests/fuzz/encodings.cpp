// Bytes in any encoding: in one piece and in many the same text, which is UTF-8 but for the marks of what could not be read; UTF-16
// and what is UTF-8 against a look at one byte after the other.
//
// An input begins with the letter of its encoding: "a" is UTF-16, little-endian.
#include <algorithm>
#include <vector>

#include "core/utf8.h"
#include "formats/transcoder.h"
#include "ingest/not_utf8.h"
#include "support.h"
#include "target.h"

namespace causal_sessions::fuzz {
namespace {

constexpr auto kFirstEncoding = static_cast<std::size_t>(TextEncoding::kUtf16le);
constexpr std::size_t kEncodings = static_cast<std::size_t>(TextEncoding::kMacintosh) - kFirstEncoding + 1;

std::string decode_whole(const Transcoder& transcoder, std::string_view bytes, Dice* dice) {
  std::string text, left;
  for (std::size_t at = 0; at < bytes.size() || !left.empty();) {
    const std::size_t size =
        std::min<std::size_t>(bytes.size() - at, dice == nullptr ? bytes.size() : dice->below(std::size_t{1} << dice->below(6)));
    left.append(bytes.substr(at, size));
    at += size;
    const bool last = at == bytes.size();
    std::string room(Transcoder::most_bytes(left.size()), '\0');  // exactly, for the address sanitizer
    std::span<const char> rest(left);
    text.append(room, 0, transcoder.decode(rest, last, room.data()));
    expect(rest.size() <= 3 && !(last && !rest.empty()), "a cut character is left, and none at the end", left);
    left = std::string(rest.begin(), rest.end());
  }
  return text;
}

void put_code(std::string& text, std::uint32_t code) {
  const auto tail = [&](int shift) { text += static_cast<char>(0x80 | (code >> shift & 63)); };
  if (code < 0x80) text += static_cast<char>(code);
  else if (code < 0x800) text += static_cast<char>(0xC0 | code >> 6), tail(0);
  else if (code < 0x10000) text += static_cast<char>(0xE0 | code >> 12), tail(6), tail(0);
  else text += static_cast<char>(0xF0 | code >> 18), tail(12), tail(6), tail(0);
}

// Nothing of a text that ends within a character.
std::optional<std::string> decode_utf16(std::string_view bytes, bool big) {
  std::vector<std::uint32_t> units;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    const auto byte = [&](std::size_t k) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[i + k])); };
    units.push_back(big ? byte(0) << 8 | byte(1) : byte(1) << 8 | byte(0));
  }
  std::string text;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const bool high = units[i] >> 10 == 0x36, low = units[i] >> 10 == 0x37;
    if (high && i + 1 < units.size() && units[i + 1] >> 10 == 0x37) {
      put_code(text, 0x10000 + ((units[i] & 0x3FF) << 10 | (units[i + 1] & 0x3FF)));
      ++i;
    } else if (high || low) {
      if (high && i + 1 == units.size()) return std::nullopt;
      text += kUndecodable;
    } else {
      put_code(text, units[i]);
    }
  }
  if (bytes.size() % 2 != 0) return std::nullopt;
  return text;
}

// The position of the first byte that is not part of a whole character, by RFC 3629's grammar.
std::size_t first_not_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u; };
    const unsigned lead = byte(0);
    const std::size_t size = lead < 0x80                   ? 1
                             : lead >= 0xC2 && lead < 0xE0 ? 2
                             : lead >> 4 == 14             ? 3
                             : lead >= 0xF0 && lead < 0xF5 ? 4
                                                           : 0;
    if (size == 0) return at;
    for (std::size_t i = 1; i < size; ++i) {
      if (byte(i) >> 6 != 2) return at;
    }
    const bool wrong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF0 && byte(1) < 0x90) ||
                       (lead == 0xF4 && byte(1) > 0x8F);
    if (wrong) return at;
    at += size;
  }
  return text.size();
}

void check_utf8(std::string_view text, Dice& dice) {
  const std::size_t invalid = first_not_utf8(text);
  expect(find_invalid_utf8(text) == invalid, "the first byte that is not UTF-8", text);
  const std::size_t cut = dice.below(text.size() + 1);
  const std::size_t prefix = find_invalid_utf8_prefix(text.substr(0, cut));
  expect(prefix >= std::min(invalid, cut) && prefix <= cut, "a cut character is no mistake", text);
  Utf8Watch watch;
  watch.look(text.substr(0, cut));
  watch.look(text.substr(cut));
  const bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  expect(watch.is_utf8_beyond_ascii() == (invalid == text.size() && !ascii), "bytes that are watched are UTF-8 or not", text);
  if (invalid != text.size()) expect(!is_utf8(guess_encoding(text)), "what is not UTF-8 has another encoding", text);
}

}  // namespace

void run_encodings(std::string_view input) {
  if (input.empty()) return;
  const auto encoding = static_cast<TextEncoding>(kFirstEncoding + static_cast<unsigned char>(input[0] - 'a') % kEncodings);
  const std::string_view bytes = input.substr(1);
  Dice dice = dice_of(input);
  check_utf8(bytes, dice);
  const Transcoder transcoder(encoding);
  if (!transcoder.available()) return;  // the host does not know it
  const std::string text = decode_whole(transcoder, bytes, nullptr);
  expect_same("one piece and many", text, decode_whole(transcoder, bytes, &dice));
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(kUndecodable, at), text.size());
    expect(first_not_utf8(std::string_view(text).substr(at, end - at)) == end - at, "text becomes UTF-8", text);
    at = end + 1;
  }
  if (!is_utf16(encoding)) return;
  const std::optional<std::string> units = decode_utf16(bytes, encoding == TextEncoding::kUtf16be);
  if (units) expect_same("UTF-16, and a look at one unit after the other", *units, text);
}

}  // namespace causal_sessions::fuzz
