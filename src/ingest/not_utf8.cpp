#include "ingest/not_utf8.h"

#include <algorithm>

#include "core/cold.h"
#include "formats/transcoder.h"

namespace causal_sessions {
namespace {

bool within(unsigned char byte, unsigned char low, unsigned char high) { return byte >= low && byte <= high; }

// Two bytes of a double-byte encoding: no character, one, or one that is frequent.
enum class Pair : std::uint8_t { kNone, kRare, kFrequent };

// Frequent characters are those of the first level, ordered by sound, and of Japanese also its letters.
Pair gbk_pair(unsigned char lead, unsigned char trail) {
  if (!within(lead, 0x81, 0xFE) || !within(trail, 0x40, 0xFE) || trail == 0x7F) return Pair::kNone;
  return within(lead, 0xB0, 0xD7) && trail >= 0xA1 ? Pair::kFrequent : Pair::kRare;
}

Pair shift_jis_pair(unsigned char lead, unsigned char trail) {
  if (!(within(lead, 0x81, 0x9F) || within(lead, 0xE0, 0xFC)) || !within(trail, 0x40, 0xFC) || trail == 0x7F) return Pair::kNone;
  return lead <= 0x97 ? Pair::kFrequent : Pair::kRare;
}

// The katakana of half the width, which Shift JIS has as single bytes.
bool is_half_width(char c) { return within(static_cast<unsigned char>(c), 0xA1, 0xDF); }
bool is_word_byte(char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'); }

// Whether all bytes beyond ASCII are pairs, half of them frequent ones, and a third of them behind another, or words by
// themselves: single ones inside of words are the quotes and letters of Latin texts. `singles`: bytes of Shift JIS between pairs.
// A text that is cut may end inside of a pair.
bool is_double_byte(std::span<const char> text, Pair (*pair_of)(unsigned char, unsigned char), bool singles) {
  std::size_t pairs = 0, frequent = 0, in_words = 0, end = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) continue;
    if (singles && is_half_width(text[i])) {
      end = i + 1;
      continue;
    }
    if (i + 1 == text.size()) break;
    const Pair pair = pair_of(byte, static_cast<unsigned char>(text[i + 1]));
    if (pair == Pair::kNone) return false;
    ++pairs;
    const bool begins = i == 0 || !is_word_byte(text[i - 1]), ends = i + 2 == text.size() || !is_word_byte(text[i + 2]);
    in_words += (end == i && i != 0) || (begins && ends);
    end = i + 2;
    frequent += pair == Pair::kFrequent;
    ++i;
  }
  return pairs != 0 && frequent * 2 >= pairs && in_words * 3 >= pairs;
}

// Words of half width, some of whose letters no Cyrillic encoding has as one.
bool is_half_width_text(std::span<const char> text, bool words) {
  const auto fits = [](char c) { return static_cast<unsigned char>(c) < 0x80 || is_half_width(c); };
  const auto kana = [](char c) { return within(static_cast<unsigned char>(c), 0xB1, 0xBF); };
  return words && std::all_of(text.begin(), text.end(), fits) && std::any_of(text.begin(), text.end(), kana);
}

COLD std::string undecodable(TextEncoding planned) {
  return std::string("a character cannot be read as \"")
      .append(encoding_name(planned))
      .append("\", which input.encoding says; set it to the encoding of the text, or save the file as UTF-8");
}

}  // namespace

COLD TextEncoding guess_encoding(std::span<const char> text) {
  // Letters beyond ASCII stand alone in Latin texts, and make whole words in Cyrillic ones, most of them small.
  std::size_t high = 0, runs = 0, lower_koi8 = 0, lower_1251 = 0;
  bool before = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool beyond = byte >= 0x80;
    high += beyond;
    runs += beyond && !before;
    lower_koi8 += within(byte, 0xC0, 0xDF);
    lower_1251 += byte >= 0xE0;
    before = beyond;
  }
  const bool words = high >= 4 && high >= 3 * runs;
  if (words && lower_koi8 == high) return TextEncoding::kKoi8R;
  if (is_double_byte(text, shift_jis_pair, true)) return TextEncoding::kShiftJis;
  if (is_double_byte(text, gbk_pair, false)) return TextEncoding::kGbk;
  if (is_half_width_text(text, words)) return TextEncoding::kShiftJis;
  if (words && lower_1251 * 3 >= high * 2) return TextEncoding::kWindows1251;
  if (words && lower_koi8 * 3 >= high * 2) return TextEncoding::kKoi8R;
  return TextEncoding::kWindows1252;
}

COLD std::optional<std::span<const char>> evidence_in(std::span<const char> window, std::size_t begin, std::size_t at,
                                                      bool last) {
  if (!last && window.size() - at < kEvidenceBytes) return std::nullopt;
  return window.subspan(begin, std::min(window.size(), at + kEvidenceBytes) - begin);
}

COLD std::string byte_not_utf8(std::span<const char> evidence, std::size_t at, TextEncoding planned) {
  constexpr char kHex[] = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(evidence[at]);
  return not_utf8(std::string("byte 0x") + kHex[byte >> 4] + kHex[byte & 15], evidence, planned);
}

COLD std::string not_utf8(const std::string& what, std::span<const char> evidence, TextEncoding planned) {
  const bool by_transcoder = std::find(evidence.begin(), evidence.end(), kUndecodable) != evidence.end();
  if (!is_utf8(planned) && by_transcoder) return undecodable(planned);
  const std::string_view name = encoding_name(guess_encoding(evidence));
  std::string text = what;
  text.append(" is not UTF-8; the text is probably ").append(name).append(": set input.encoding to \"").append(name);
  return text.append("\", or save the file as UTF-8");
}

}  // namespace causal_sessions
