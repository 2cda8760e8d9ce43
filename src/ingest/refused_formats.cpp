#include "ingest/refused_formats.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "core/buffer_sizes.h"

namespace causal_sessions {
namespace {

struct Magic {
  std::string_view bytes;
  ErrorCode code;
  const char* what;
};

using namespace std::string_view_literals;

constexpr const char* kUtf16leText = "is UTF-16 text: set input.encoding to \"utf-16le\", or save it as UTF-8";
constexpr const char* kUtf16beText = "is UTF-16 text: set input.encoding to \"utf-16be\", or save it as UTF-8";

// Longer marks first where one begins with another.
constexpr Magic kRefused[] = {
    {"\xFF\xFE\x00\x00"sv, ErrorCode::kBadEncoding, "is UTF-32 text; save it as UTF-8"},
    {"\x00\x00\xFE\xFF"sv, ErrorCode::kBadEncoding, "is UTF-32 text; save it as UTF-8"},
    {"\xFF\xFE"sv, ErrorCode::kBadEncoding, kUtf16leText},
    {"\xFE\xFF"sv, ErrorCode::kBadEncoding, kUtf16beText},
    {"\x1F\x8B"sv, ErrorCode::kUnknownFormat, "holds gzip data inside compressed data; unpack it once"},
    {"\x28\xB5\x2F\xFD"sv, ErrorCode::kUnknownFormat, "holds zstd data inside compressed data; unpack it once"},
    {"BZh"sv, ErrorCode::kUnknownFormat, "is compressed with bzip2; unpack it first, or use gzip or zstd"},
    {"\xFD"
     "7zXZ"sv,
     ErrorCode::kUnknownFormat, "is compressed with xz; unpack it first, or use gzip or zstd"},
    {"7z\xBC\xAF\x27\x1C"sv, ErrorCode::kUnknownFormat, "is a 7z archive; unpack it first"},
    {"Rar!\x1A\x07"sv, ErrorCode::kUnknownFormat, "is a rar archive; unpack it first"},
    {"PK\x05\x06"sv, ErrorCode::kUnknownFormat, "is an empty zip archive"},
    {"\xD0\xCF\x11\xE0"sv, ErrorCode::kUnknownFormat, "is an old Office file (.xls); export the sheet as CSV"},
    {"%PDF"sv, ErrorCode::kUnknownFormat, "is a PDF; a table of events is needed"},
    {"\x89PNG"sv, ErrorCode::kUnknownFormat, "is a PNG image; a table of events is needed"},
    {"SQLite format 3\0"sv, ErrorCode::kUnknownFormat, "is an SQLite database; export the table as CSV or Parquet"},
    {"Obj\x01"sv, ErrorCode::kUnknownFormat, "is an Avro file; write it as Parquet or JSON lines"},
    {"\x80\x02"sv, ErrorCode::kUnknownFormat, "is a Python pickle; write the table as Parquet or CSV"},
    {"\x80\x03"sv, ErrorCode::kUnknownFormat, "is a Python pickle; write the table as Parquet or CSV"},
    {"\x80\x04"sv, ErrorCode::kUnknownFormat, "is a Python pickle; write the table as Parquet or CSV"},
    {"\x80\x05"sv, ErrorCode::kUnknownFormat, "is a Python pickle; write the table as Parquet or CSV"},
    {"\x04\x22\x4D\x18"sv, ErrorCode::kUnknownFormat, "is compressed with lz4; unpack it first, or use gzip or zstd"},
};

// Letters only: without a control character behind them the file is text, with a header like "PARENT_ID" or "ORCID".
constexpr Magic kRefusedBinary[] = {
    {"PARE"sv, ErrorCode::kUnknownFormat, "is an encrypted Parquet file; write it without encryption"},
    {"ORC"sv, ErrorCode::kUnknownFormat, "is an ORC file; write it as Parquet"},
    {"FEA1"sv, ErrorCode::kUnknownFormat, "is a Feather file of version 1; write it as Feather 2, Arrow or Parquet"},
};

constexpr Magic kXml = {"<?xml"sv, ErrorCode::kUnknownFormat, "is an XML file; write the events as CSV, JSON lines or Parquet"};

// Text that is no table, by what it begins with, in small letters.
constexpr Magic kRefusedText[] = {
    {"<!doctype html"sv, ErrorCode::kUnknownFormat, "is an HTML page, perhaps one to log in; a table of events is needed"},
    {"<html"sv, ErrorCode::kUnknownFormat, "is an HTML page, perhaps one to log in; a table of events is needed"},
    {"<head"sv, ErrorCode::kUnknownFormat, "is an HTML page, perhaps one to log in; a table of events is needed"},
    kXml,
    {"version https://git-lfs"sv, ErrorCode::kUnknownFormat,
     "is a Git LFS pointer, not the file itself; fetch that with git lfs pull"},
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// A zip archive by what its first entry shows. One that is a file itself is read.
const char* describe_zip(std::string_view text) {
  const std::string_view start = text.substr(0, 2048);  // the names of the first entries stand here
  if (start.find("[Content_Types].xml") != start.npos || start.find("xl/") != start.npos) {
    return "is an .xlsx workbook; export the sheet as CSV";
  }
  return "is a zip archive inside of compressed data; unpack it once";
}

// Half of Latin text in UTF-16 are zeros, and they stand at every other byte; of a binary file they stand in rows.
const char* describe_utf16(std::string_view sample) {
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < sample.size(); ++i) zeros[i % 2] += sample[i] == '\0';
  const bool found = std::max(zeros[0], zeros[1]) * 3 > sample.size() && std::min(zeros[0], zeros[1]) * 20 <= sample.size();
  return !found ? nullptr : zeros[0] < zeros[1] ? kUtf16leText : kUtf16beText;
}

bool has_control_character(std::string_view sample) {
  return std::any_of(sample.begin(), sample.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 && !is_space(c) && c != '\v' && c != '\f'; });
}

// Why text that begins so is no table; null if it may be one.
const Magic* find_refused_text(std::string_view text) {
  const auto begins = [&](std::string_view mark) {
    const auto same = [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b | 0x20 : b); };
    return text.size() >= mark.size() && std::equal(mark.begin(), mark.end(), text.begin(), same);
  };
  for (const Magic& magic : kRefusedText) {
    if (begins(magic.bytes)) return &magic;
  }
  // XML without its first line; but a header may be in angle brackets.
  const bool tag = text.size() > 1 && text[0] == '<' && (text[1] == '!' || ((text[1] | 0x20) >= 'a' && (text[1] | 0x20) <= 'z'));
  return tag && text.find("</") != text.npos ? &kXml : nullptr;
}

bool is_tar(std::string_view text) { return text.size() >= 262 && text.substr(257, 5) == "ustar"; }

Error refuse(const std::string& file, const Magic& magic) { return {magic.code, file + " " + magic.what, {file, {}, {}, {}}}; }

}  // namespace

std::size_t byte_order_marks(std::span<const char> start) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  const std::string_view text(start.data(), start.size());
  std::size_t size = 0;
  while (text.substr(size).starts_with(kMark)) size += kMark.size();
  return size;
}

std::size_t first_byte_of_text(std::span<const char> start) {
  return std::min(std::string_view(start.data(), start.size()).find_first_not_of(" \t\r\n", byte_order_marks(start)),
                  start.size());
}

TextEncoding encoding_by_mark(std::span<const char> start) {
  const std::string_view text(start.data(), start.size());
  if (text.starts_with("\xFF\xFE\0\0"sv)) return TextEncoding::kAuto;  // UTF-32
  return text.starts_with("\xFF\xFE")   ? TextEncoding::kUtf16le
         : text.starts_with("\xFE\xFF") ? TextEncoding::kUtf16be
                                        : TextEncoding::kAuto;
}

std::optional<Error> refuse_by_mark(const std::string& file, std::span<const char> start) {
  const std::string_view text(start.data(), start.size());
  for (const Magic& magic : kRefused) {
    if (text.starts_with(magic.bytes)) return refuse(file, magic);
  }
  if (text.starts_with("PK\x03\x04")) return refuse(file, {{}, ErrorCode::kUnknownFormat, describe_zip(text)});
  return std::nullopt;
}

std::optional<Error> refuse_as_text(const std::string& file, std::span<const char> start) {
  const std::string_view text(start.data(), start.size());
  // Only so far, so that the answer does not depend on how much of the file has come.
  const std::string_view sample = text.substr(0, buffer_sizes::kSampleBytes);
  for (const Magic& magic : kRefusedBinary) {
    if (text.starts_with(magic.bytes) && has_control_character(sample)) return refuse(file, magic);
  }
  if (const std::size_t zero = sample.find('\0'); zero != sample.npos) {
    std::string what = ": byte " + std::to_string(zero + 1) + " is zero; this is not a text file";
    if (const char* const utf16 = describe_utf16(sample)) what = std::string(" ") + utf16;
    if (is_tar(text)) what = " is a tar archive; unpack it first";
    return Error{ErrorCode::kBadEncoding, file + what, {file, {}, {}, {}}};
  }
  const std::size_t first = first_byte_of_text(start);
  if (first == text.size()) return refuse(file, {{}, ErrorCode::kEmptyInput, "is empty; a table of events is needed"});
  const Magic* const magic = find_refused_text(sample.substr(std::min(sample.size(), first)));
  return magic != nullptr ? std::optional(refuse(file, *magic)) : std::nullopt;
}

}  // namespace causal_sessions
