#include "formats/transcoder.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "core/crc32.h"

namespace causal_sessions {
namespace {

using namespace std::string_literals;

std::string transcoded(TextEncoding encoding, const std::string& text, std::size_t piece = SIZE_MAX) {
  const Transcoder transcoder(encoding);
  EXPECT_TRUE(transcoder.available());
  std::string utf8, rest;
  for (std::size_t at = 0; at < text.size() || at == 0; at += std::min(piece, text.size() + 1)) {
    rest += text.substr(at, piece);
    const bool last = piece >= text.size() - std::min(at, text.size());
    std::span<const char> bytes = rest;
    std::string room(Transcoder::most_bytes(rest.size()), '?');
    utf8.append(room.data(), transcoder.decode(bytes, last, room.data()));
    rest = std::string(bytes.begin(), bytes.end());
    EXPECT_LE(rest.size(), last ? 0u : 3u);
  }
  return utf8;
}

std::uint32_t crc_of(const std::string& text) { return crc32({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}); }

// All of two bytes, a line each.
std::string pairs(int first, int last, int most_trail, int left_out_from, int left_out_to) {
  std::string text;
  for (int lead = first; lead <= last; ++lead) {
    if (lead >= left_out_from && lead <= left_out_to) continue;
    for (int trail = 0x40; trail <= most_trail; ++trail) {
      if (trail != 0x7F) text.append({static_cast<char>(lead), static_cast<char>(trail), '\n'});
    }
  }
  return text;
}

// The sums are those of the standard's own index files, written as UTF-8: another host or version of one changes no text.
TEST(Transcoder, TheTablesAreThoseOfTheStandard) {
  EXPECT_EQ(crc_of(transcoded(TextEncoding::kGbk, pairs(0x81, 0xFE, 0xFE, 0, 0))), 0xA7C37B36u);
  EXPECT_EQ(crc_of(transcoded(TextEncoding::kShiftJis, pairs(0x81, 0xFC, 0xFC, 0xA0, 0xDF))), 0xF00605C3u);
  std::string four;
  for (int i = 0; i < 39420; ++i) {
    four.append({static_cast<char>(0x81 + i / 12600), static_cast<char>('0' + i / 1260 % 10),
                 static_cast<char>(0x81 + i / 10 % 126), static_cast<char>('0' + i % 10), '\n'});
  }
  EXPECT_EQ(crc_of(transcoded(TextEncoding::kGbk, four)), 0x615B7A63u);
  std::string high;
  for (int byte = 0x80; byte <= 0xFF; ++byte) high.append({static_cast<char>(byte), '\n'});
  const std::vector<std::pair<TextEncoding, std::uint32_t>> singles = {{TextEncoding::kWindows1252, 0x6F51E85B},
                                                                       {TextEncoding::kIso8859_15, 0x6BD0DD7C},
                                                                       {TextEncoding::kWindows1250, 0x12202AA2},
                                                                       {TextEncoding::kWindows1251, 0xA3A8850E},
                                                                       {TextEncoding::kKoi8R, 0x3CB5496B}};
  for (const auto& [encoding, sum] : singles) EXPECT_EQ(crc_of(transcoded(encoding, high)), sum) << encoding_name(encoding);
}

struct Text {
  const char* name;
  TextEncoding encoding;
  std::string bytes, utf8;
};

std::vector<Text> texts() {
  return {
      {"Latin", TextEncoding::kWindows1252, "caf\xE9 \x93quoted\x94 5\x80, and what is long enough for a block\x81",
       "café “quoted” 5€, and what is long enough for a block\xC2\x81"},
      {"Cyrillic", TextEncoding::kWindows1251, "\xCF\xF0\xE8\xE2\xE5\xF2", "Привет"},
      {"Cyrillic of Unix", TextEncoding::kKoi8R, "\xF0\xD2\xC9\xD7\xC5\xD4", "Привет"},
      {"Polish", TextEncoding::kWindows1250, "\xA3\xF3\x64\x9F", "Łódź"},
      {"euro", TextEncoding::kIso8859_15, "\xA4\xBD", "€œ"},
      {"Chinese", TextEncoding::kGbk, "a\xD6\xD0\xCE\xC4,\x80\x81\x40|\n", "a中文,€丂|\n"},
      {"four bytes", TextEncoding::kGbk, "\x94\x39\xDA\x33x\x81\x30\x81\x30\xD6\xD0", "💩x\xC2\x80中"},
      {"Japanese", TextEncoding::kShiftJis, "\x83\x56\x83\x83\x83\x63 \xBC\xAC\xC2 \x88\x9F\\~", "シャツ ｼｬﾂ 亜\\~"},
      {"two units", TextEncoding::kUtf16le,
       "\xFF\xFE"
       "a\0\x3D\xD8\xA9\xDC\n\0"s,
       "\xEF\xBB\xBF"
       "a💩\n"},
      {"big-endian", TextEncoding::kUtf16be, "\0a\xD8\x3D\xDC\xA9\0\n"s, "a💩\n"},
      // What no character begins, or what it lacks, is one byte that is never UTF-8; ASCII behind it stays.
      {"a lead before a line end", TextEncoding::kGbk, "\xD6\n\xD6", "\xFF\n\xFF"},
      {"no lead", TextEncoding::kGbk,
       "\xFF"
       "a",
       "\xFF"
       "a"},
      {"a trail beyond", TextEncoding::kGbk,
       "\xD6\xFF"
       "a",
       "\xFF"
       "a"},
      {"digits behind a lead", TextEncoding::kGbk,
       "\x81"
       "3a\x81"
       "3\x81 \x81"
       "3",
       "\xFF"
       "3a\xFF"
       "3\xFF \xFF"
       "3"},
      {"beyond the last character", TextEncoding::kGbk, "\xFE\x39\xFE\x39",
       "\xFF"
       "9\xFF"
       "9"},
      {"a pair that is none", TextEncoding::kShiftJis,
       "\x81\xAD"
       "a\x81\x20\xA0\xFD",
       "\xFF"
       "a\xFF\x20\xFF\xFF"},
      {"half of a pair", TextEncoding::kUtf16le,
       "\x3D\xD8"
       "a\0\xA9\xDC"
       "b\0c"s,
       "\xFF"
       "a\xFF"
       "b\xFF"},
      {"half of a pair at the end", TextEncoding::kUtf16le, "a\0\x3D\xD8"s, "a\xFF\xFF"},
      {"nothing", TextEncoding::kGbk, "", ""},
  };
}

TEST(Transcoder, TextBecomesUtf8HoweverItIsCut) {
  for (const Text& row : texts()) {
    for (std::size_t piece = 1; piece <= row.bytes.size() + 1; ++piece) {
      EXPECT_EQ(transcoded(row.encoding, row.bytes, piece), row.utf8) << row.name << " in pieces of " << piece;
    }
  }
}

// Whatever the bytes are: cut or whole, the same comes out, within the room that was promised, and each line end is kept.
TEST(Transcoder, AnyBytesGiveTheSameHoweverTheyAreCut) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    std::string bytes;
    for (auto size = random() % 40; size > 0; --size) {
      const char* likely = "\x81\x30\xFE\x39\xD6\x83\xD8\xDC\n\0";
      bytes += random() % 3 == 0 ? static_cast<char>(random()) : likely[random() % 10];
    }
    for (auto encoding = TextEncoding::kUtf16le; encoding <= TextEncoding::kMacintosh;
         encoding = static_cast<TextEncoding>(static_cast<int>(encoding) + 1)) {
      const std::string whole = transcoded(encoding, bytes);
      for (const std::size_t piece : {1, 2, 3, 5})
        ASSERT_EQ(transcoded(encoding, bytes, piece), whole) << encoding_name(encoding);
      if (!is_utf16(encoding)) {
        EXPECT_EQ(std::count(whole.begin(), whole.end(), '\n'), std::count(bytes.begin(), bytes.end(), '\n'));
      }
    }
  }
}

}  // namespace
}  // namespace causal_sessions
