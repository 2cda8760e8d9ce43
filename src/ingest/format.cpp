#include "ingest/format.h"

#include <algorithm>
#include <string_view>

namespace causal_sessions {
namespace {

struct Magic {
  std::string_view bytes;
  ErrorCode code;
  const char* what;
};

using namespace std::string_view_literals;

// Longer marks first where one begins with another.
constexpr Magic kRefused[] = {
    {"\xFF\xFE\x00\x00"sv, ErrorCode::kBadEncoding, "is UTF-32 text; save it as UTF-8"},
    {"\x00\x00\xFE\xFF"sv, ErrorCode::kBadEncoding, "is UTF-32 text; save it as UTF-8"},
    {"\xFF\xFE"sv, ErrorCode::kBadEncoding, "is UTF-16 text; save it as UTF-8"},
    {"\xFE\xFF"sv, ErrorCode::kBadEncoding, "is UTF-16 text; save it as UTF-8"},
    {"PAR1"sv, ErrorCode::kUnknownFormat, "is a Parquet file, which is not read; export it as CSV or JSON lines"},
    {"ARROW1"sv, ErrorCode::kUnknownFormat, "is an Arrow file, which is not read; export it as CSV or JSON lines"},
    {"\x1F\x8B"sv, ErrorCode::kUnknownFormat, "is compressed with gzip; unpack it first"},
    {"\x28\xB5\x2F\xFD"sv, ErrorCode::kUnknownFormat, "is compressed with zstd; unpack it first"},
    {"BZh"sv, ErrorCode::kUnknownFormat, "is compressed with bzip2; unpack it first"},
    {"\xFD" "7zXZ"sv, ErrorCode::kUnknownFormat, "is compressed with xz; unpack it first"},
    {"PK\x03\x04"sv, ErrorCode::kUnknownFormat, "is a zip archive or an .xlsx workbook; unpack it, or export it as CSV"},
    {"%PDF"sv, ErrorCode::kUnknownFormat, "is a PDF; CSV or JSON is needed"},
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

Result<DetectedFormat> detect_format(const std::string& file, std::span<const char> start) {
  const std::string_view text(start.data(), start.size());
  for (const Magic& magic : kRefused) {
    if (text.starts_with(magic.bytes)) return Error{magic.code, file + " " + magic.what, {file, {}, {}, {}}};
  }
  // Only so far, so that the answer does not depend on how much of the file has come.
  const std::string_view sample = text.substr(0, kSampleBytes);
  if (const std::size_t zero = sample.find('\0'); zero != sample.npos) {
    const auto zeros = static_cast<std::size_t>(std::count(sample.begin(), sample.end(), '\0'));
    const bool utf16 = zeros * 3 > sample.size();  // every other byte of Latin text
    return Error{ErrorCode::kBadEncoding,
                 file + (utf16 ? " is UTF-16 text; save it as UTF-8"
                               : ": byte " + std::to_string(zero + 1) + " is zero; this is not a text file"),
                 {file, {}, {}, {}}};
  }
  DetectedFormat detected;
  if (text.starts_with("\xEF\xBB\xBF")) detected.skip = 3;
  const auto first = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(detected.skip), text.end(), is_space);
  if (first == text.end()) {
    return Error{ErrorCode::kEmptyInput, file + " is empty; a table of events is needed", {file, {}, {}, {}}};
  }
  if (*first == '{' || *first == '[') detected.format = Format::kJson;
  return detected;
}

}  // namespace causal_sessions
