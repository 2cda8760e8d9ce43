#include "formats/transcoder.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>

#include "core/cold.h"
#include "core/simd.h"
#include "formats/host_decoder.h"

namespace causal_sessions {
namespace {

constexpr std::uint32_t kNone = 0;  // no character; the one that is zero is ASCII, which no table holds

constexpr std::size_t kGbTrails = 190, kGbPairs = 126 * kGbTrails;
constexpr std::size_t kJisTrails = 188, kJisPairs = 60 * kJisTrails;
constexpr std::size_t kHighBytes = 128;
constexpr std::uint32_t kGbFourInPlane = 39420;  // codes of four bytes for what the two bytes leave of the first plane

// Tables of the host, but for what one host or another has otherwise.
struct Tables {
  std::vector<char16_t> codes, four_bytes;
};

// Windows-1252 at 0x80 to 0x9F. Some versions of Node decode it as ISO 8859-1, and iconv leaves five bytes undefined.
constexpr char16_t kWindows1252[] = {0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
                                     0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                     0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};

// Codes of GB 18030 whose character differs by the standard's version, or by the host; `before`: what it was when the codes of
// four bytes were given to all characters without one.
struct GbCode {
  std::uint16_t code;
  char16_t now, before;
};
constexpr GbCode kGbCodes[] = {
    {0xA3A0, 0x3000, 0xE5E5}, {0xA6D9, 0xFE10, 0xE78D}, {0xA6DA, 0xFE12, 0xE78E}, {0xA6DB, 0xFE11, 0xE78F},
    {0xA6DC, 0xFE13, 0xE790}, {0xA6DD, 0xFE14, 0xE791}, {0xA6DE, 0xFE15, 0xE792}, {0xA6DF, 0xFE16, 0xE793},
    {0xA6EC, 0xFE17, 0xE794}, {0xA6ED, 0xFE18, 0xE795}, {0xA6F3, 0xFE19, 0xE796}, {0xA8BC, 0x1E3F, 0xE7C7},
    {0xFE51, 0xE816, 0xE816}, {0xFE52, 0xE817, 0xE817}, {0xFE53, 0xE818, 0xE818}, {0xFE59, 0x9FB4, 0xE81E},
    {0xFE61, 0x9FB5, 0xE826}, {0xFE66, 0x9FB6, 0xE82B}, {0xFE67, 0x9FB7, 0xE82C}, {0xFE6C, 0xE831, 0xE831},
    {0xFE6D, 0x9FB8, 0xE832}, {0xFE76, 0xE83B, 0xE83B}, {0xFE7E, 0x9FB9, 0xE843}, {0xFE90, 0x9FBA, 0xE854},
    {0xFE91, 0xE855, 0xE855}, {0xFEA0, 0x9FBB, 0xE864},
};

std::size_t gb_index(std::uint8_t lead, std::uint8_t trail) {
  return (lead - std::size_t{0x81}) * kGbTrails + trail - (trail < 0x7F ? 0x40 : 0x41);
}
std::size_t jis_index(std::uint8_t lead, std::uint8_t trail) {
  return (lead - (lead < 0xA0 ? std::size_t{0x81} : std::size_t{0xC1})) * kJisTrails + trail - (trail < 0x7F ? 0x40 : 0x41);
}

// The one character of a line; kNone if it has another number of them, or the one that stands for none.
char16_t only_character(std::string_view line) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(line[i]); };
  char16_t code = 0;
  if (line.size() == 2 && byte(0) >= 0xC2 && byte(0) < 0xE0) code = static_cast<char16_t>((byte(0) & 31) << 6 | (byte(1) & 63));
  if (line.size() == 3 && byte(0) >= 0xE0) {
    code = static_cast<char16_t>((byte(0) & 15) << 12 | (byte(1) & 63) << 6 | (byte(2) & 63));
  }
  return code == 0xFFFD ? char16_t{0} : code;
}

// Number `i` of an encoding's characters as bytes.
std::string bytes_of(int host, std::size_t i) {
  if (host > kHostShiftJis) return std::string(1, static_cast<char>(0x80 + i));
  const std::size_t trails = host == kHostGb18030 ? kGbTrails : kJisTrails;
  const std::size_t lead = 0x81 + i / trails, trail = 0x40 + i % trails;
  return {static_cast<char>(host == kHostShiftJis && lead > 0x9F ? lead + 0x40 : lead),
          static_cast<char>(trail + (trail >= 0x7F))};
}

// The characters of the first plane that two bytes do not have, in their order.
std::vector<char16_t> four_byte_codes(const std::vector<char16_t>& codes) {
  std::vector<bool> taken(0x10000);
  for (const char16_t code : codes) taken[code] = true;
  for (const GbCode& code : kGbCodes) taken[code.now] = code.now == code.before || code.now == 0x3000;
  for (const GbCode& code : kGbCodes) taken[code.before] = true;
  std::vector<char16_t> four;
  for (std::uint32_t code = 0x80; code < 0x10000; ++code) {
    if (!taken[code] && (code < 0xD800 || code > 0xDFFF)) four.push_back(static_cast<char16_t>(code));
  }
  if (four.size() != kGbFourInPlane) return {};
  four[7457] = 0xE7C7;  // the one that has changed places with a code of two bytes
  return four;
}

COLD Tables ask_host(int host) {
  constexpr std::size_t kMostLine = 8;
  const std::size_t count = host == kHostGb18030 ? kGbPairs : host == kHostShiftJis ? kJisPairs : kHighBytes;
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) bytes.append(bytes_of(host, i)).append(1, '\n');
  std::string text(count * kMostLine, '\0');
  text.resize(host_decode(host, bytes.data(), bytes.size(), text.data(), text.size()));
  Tables tables;
  for (std::size_t at = 0; at < text.size() && tables.codes.size() < count;) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    tables.codes.push_back(only_character(std::string_view(text).substr(at, end - at)));
    at = end + 1;
  }
  if (tables.codes.size() != count) return {};
  if (host == kHostGb18030) {
    for (const GbCode& code : kGbCodes) {
      tables.codes[gb_index(static_cast<std::uint8_t>(code.code >> 8), static_cast<std::uint8_t>(code.code))] = code.now;
    }
    tables.four_bytes = four_byte_codes(tables.codes);
    if (tables.four_bytes.empty()) return {};
  }
  if (host > kHostShiftJis) {  // a byte without a character is the control character of its number
    for (std::size_t i = 0; i < count; ++i) {
      if (tables.codes[i] == kNone) tables.codes[i] = static_cast<char16_t>(0x80 + i);
    }
    // Increment and the apple, for which iconv has others.
    if (host == kHostMacintosh) tables.codes[0xC6 - 0x80] = 0x2206, tables.codes[0xF0 - 0x80] = 0xF8FF;
  }
  return tables;
}

COLD Tables windows1252() {
  Tables tables;
  for (std::size_t i = 0; i < kHighBytes; ++i) {
    tables.codes.push_back(i < std::size(kWindows1252) ? kWindows1252[i] : static_cast<char16_t>(0x80 + i));
  }
  return tables;
}

// The hosts' encodings stand in the order of the others.
const Tables& tables_of(TextEncoding encoding) {
  constexpr auto kFirst = static_cast<std::size_t>(TextEncoding::kGbk);
  static std::array<Tables, static_cast<std::size_t>(TextEncoding::kMacintosh) + 1> all;
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  const auto i = static_cast<std::size_t>(encoding);
  if (all[i].codes.empty()) all[i] = i < kFirst ? windows1252() : ask_host(static_cast<int>(i - kFirst));
  return all[i];
}

static_assert(static_cast<int>(TextEncoding::kShiftJis) - static_cast<int>(TextEncoding::kGbk) == kHostShiftJis &&
              static_cast<int>(TextEncoding::kMacintosh) - static_cast<int>(TextEncoding::kGbk) == kHostMacintosh);

char* put(char* to, std::uint32_t code) {
  const auto tail = [&](int shift) { *to++ = static_cast<char>(0x80 | (code >> shift & 63)); };
  if (code < 0x80) {
    *to++ = static_cast<char>(code);
  } else if (code < 0x800) {
    *to++ = static_cast<char>(0xC0 | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    *to++ = static_cast<char>(0xE0 | code >> 12);
    tail(6);
    tail(0);
  } else {
    *to++ = static_cast<char>(0xF0 | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
  return to;
}

// What begins the bytes: a character, or none in so many of them; no bytes at all: the piece cuts it.
struct Read {
  std::uint32_t code = kNone;
  std::size_t bytes = 1;
};

using Bytes = std::span<const std::uint8_t>;
constexpr Read kCut = {kNone, 0};

bool within(std::uint8_t byte, std::uint8_t low, std::uint8_t high) { return byte >= low && byte <= high; }

Read read_utf16(Bytes bytes, bool big) {
  const auto unit = [&](std::size_t i) { return static_cast<std::uint32_t>(bytes[i + !big] << 8 | bytes[i + big]); };
  if (bytes.size() < 2) return kCut;
  const std::uint32_t first = unit(0);
  if (first < 0xD800 || first > 0xDFFF) return {first, 2};
  if (first > 0xDBFF) return {kNone, 2};
  if (bytes.size() < 4) return kCut;
  const std::uint32_t second = unit(2);
  if (second < 0xDC00 || second > 0xDFFF) return {kNone, 2};
  return {0x10000 + ((first & 0x3FF) << 10 | (second & 0x3FF)), 4};
}

Read read_gb_four(Bytes bytes, std::span<const char16_t> four_bytes) {
  if (bytes.size() < 3) return kCut;
  if (!within(bytes[2], 0x81, 0xFE)) return {};
  if (bytes.size() < 4) return kCut;
  if (!within(bytes[3], '0', '9')) return {};
  constexpr std::uint32_t kOthers = 189000, kMost = 1237575;  // the other planes
  const std::uint32_t number = ((bytes[0] - 0x81u) * 10 + bytes[1] - '0') * 1260 + (bytes[2] - 0x81u) * 10 + bytes[3] - '0';
  if (number < four_bytes.size()) return {four_bytes[number], 4};
  return number < kOthers || number > kMost ? Read{} : Read{0x10000 + number - kOthers, 4};
}

// A second byte that is ASCII is not part of what is no character.
Read of_pair(char16_t code, std::uint8_t trail) {
  return {code, code == kNone && trail < 0x80 ? std::size_t{1} : std::size_t{2}};
}

Read read_gb(Bytes bytes, std::span<const char16_t> table, std::span<const char16_t> four_bytes) {
  if (bytes[0] == 0x80) return {0x20AC, 1};
  if (bytes[0] == 0xFF) return {};
  if (bytes.size() < 2) return kCut;
  if (within(bytes[1], '0', '9')) return read_gb_four(bytes, four_bytes);
  const bool trail = within(bytes[1], 0x40, 0xFE) && bytes[1] != 0x7F;
  return of_pair(trail ? table[gb_index(bytes[0], bytes[1])] : char16_t{0}, bytes[1]);
}

Read read_shift_jis(Bytes bytes, std::span<const char16_t> table) {
  if (bytes[0] == 0x80) return {0x80, 1};
  if (within(bytes[0], 0xA1, 0xDF)) return {0xFF61u + bytes[0] - 0xA1u, 1};
  if (bytes[0] == 0xA0 || bytes[0] > 0xFC) return {};
  if (bytes.size() < 2) return kCut;
  const bool trail = within(bytes[1], 0x40, 0xFC) && bytes[1] != 0x7F;
  return of_pair(trail ? table[jis_index(bytes[0], bytes[1])] : char16_t{0}, bytes[1]);
}

}  // namespace

Transcoder::Transcoder(TextEncoding encoding) : encoding_(encoding) {
  if (is_utf16(encoding)) return;
  const Tables& tables = tables_of(encoding);
  table_ = tables.codes;
  four_bytes_ = tables.four_bytes;
  available_ = !table_.empty();
}

std::size_t Transcoder::decode(std::span<const char>& bytes, bool last, char* room) const {
  const Bytes from(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  const bool wide = is_utf16(encoding_);
  char* to = room;
  std::size_t at = 0;
  while (at < from.size()) {
    if (!wide && from[at] < 0x80) {
      if (at + simd::kWidth <= from.size() && simd::is_ascii(bytes.data() + at)) {
        std::memcpy(to, bytes.data() + at, simd::kWidth);
        to += simd::kWidth;
        at += simd::kWidth;
      } else {
        *to++ = bytes[at++];
      }
      continue;
    }
    const Bytes rest = from.subspan(at);
    const Read read = wide                                   ? read_utf16(rest, encoding_ == TextEncoding::kUtf16be)
                      : encoding_ == TextEncoding::kGbk      ? read_gb(rest, table_, four_bytes_)
                      : encoding_ == TextEncoding::kShiftJis ? read_shift_jis(rest, table_)
                                                             : Read{table_[rest[0] - 0x80u], 1};
    if (read.bytes == 0 && !last) break;
    if (read.code == kNone && !(wide && read.bytes == 2 && rest[0] == 0 && rest[1] == 0)) *to++ = kUndecodable;
    else to = put(to, read.code);
    at += std::max<std::size_t>(read.bytes, 1);
  }
  bytes = bytes.subspan(at);
  return static_cast<std::size_t>(to - room);
}

}  // namespace causal_sessions
