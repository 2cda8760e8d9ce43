#include "ingest/formats.h"

#include <algorithm>
#include <utility>

#include "core/buffer_sizes.h"
#include "core/cold.h"
#include "formats/arrow_format.h"
#include "formats/decompressor.h"
#include "formats/parquet_format.h"
#include "formats/zip_directory.h"
#include "ingest/arrow/file.h"
#include "ingest/arrow/stream.h"
#include "ingest/csv/csv_format.h"
#include "ingest/json/json_format.h"
#include "ingest/parquet/reader.h"
#include "ingest/refused_formats.h"

namespace causal_sessions {
namespace {

template <class Reader>
std::unique_ptr<RangedReader> open(const std::string& file, std::uint64_t size, TableSink& sink, Extent extent) {
  return std::make_unique<Reader>(file, size, sink, extent);
}

// A message's mark, then its length, which is a multiple of eight.
bool begins_arrow_stream(std::string_view text) { return text.size() >= 8 && (text[4] & 7) == 0 && (text[7] & 0xF0) == 0; }
bool begins_json(std::string_view text) { return text[0] == '{' || text[0] == '['; }
bool begins_csv(std::string_view) { return true; }

// Of texts the first one that a file begins as.
constexpr InputFormat kFormats[] = {
    {"parquet", parquet::kMark, true, open<parquet::Reader>, "a Parquet file"},
    {"arrow", arrow::kMark, true, open<arrow::FileReader>},
    {.name = "arrow", .mark = "\xFF\xFF\xFF\xFF", .packs = true, .begins = begins_arrow_stream, .sniff = arrow::sniff_stream},
    {.name = "arrow", .mark = {}, .packs = true, .begins = arrow::begins_old_stream, .sniff = arrow::sniff_stream},
    {.name = "json", .mark = {}, .begins = begins_json, .text = TextFormat::kJson, .sniff = sniff_json},
    {.name = "csv", .mark = {}, .begins = begins_csv, .text = TextFormat::kCsv, .sniff = sniff_csv},
};

Result<Sniffed> sniff(const std::string& name, std::span<const char> bytes, bool last, const ReadingOptions& options,
                      std::size_t most_records) {
  const Result<DetectedFormat> detected = detect_format(name, bytes, options.input.format);
  if (!detected.ok()) return detected.error();
  const std::size_t skip = detected.value().skip;
  Result<Sniffed> sniffed = detected.value().format->sniff({name, bytes.subspan(skip), last, options, most_records});
  if (sniffed.ok()) sniffed.value().skip += skip;
  return sniffed;
}

}  // namespace

const InputFormat* find_ranged_format(std::span<const char> start) {
  const std::string_view text(start.data(), start.size());
  const auto* const found = std::find_if(std::begin(kFormats), std::end(kFormats), [&](const InputFormat& format) {
    return format.open != nullptr && text.starts_with(format.mark);
  });
  return found == std::end(kFormats) ? nullptr : found;
}

bool is_archive_start(std::span<const char> start) { return std::string_view(start.data(), start.size()).starts_with(kZipMark); }

Result<DetectedFormat> detect_format(const std::string& file, std::span<const char> start, TextFormat text) {
  const auto find = [](auto fits) { return std::find_if(std::begin(kFormats), std::end(kFormats), fits); };
  const std::string_view bytes(start.data(), start.size());
  const auto* format = find(
      [&](const InputFormat& row) { return !row.is_text() && row.sniff && bytes.starts_with(row.mark) && row.begins(bytes); });
  if (format != std::end(kFormats)) return DetectedFormat{format, 0};
  if (std::optional<Error> error = refuse_by_mark(file, start)) return *std::move(error);
  if (std::optional<Error> error = refuse_as_text(file, start)) return *std::move(error);
  const std::string_view rest = bytes.substr(first_byte_of_text(start));
  format = find(
      [&](const InputFormat& row) { return row.is_text() && (text == TextFormat::kAuto ? row.begins(rest) : row.text == text); });
  return DetectedFormat{format, byte_order_marks(start)};
}

COLD TextEncoding encoding_of(std::span<const char> start, TextEncoding planned) {
  if (is_utf8(planned)) return planned;
  if (find_ranged_format(start) != nullptr || byte_order_marks(start) != 0) return TextEncoding::kAuto;
  const std::string_view text(start.data(), start.size());
  const bool marked = std::any_of(std::begin(kFormats), std::end(kFormats), [&](const InputFormat& format) {
    return format.packs && !format.mark.empty() && text.starts_with(format.mark) && format.begins(text);
  });
  if (marked) return TextEncoding::kAuto;
  if (const std::optional<Error> error = refuse_by_mark({}, start)) {
    return error->code == ErrorCode::kBadEncoding ? encoding_by_mark(start) : TextEncoding::kAuto;
  }
  return planned;
}

COLD Error no_decoder(const std::string& file, TextEncoding encoding) {
  return {ErrorCode::kBadEncoding,
          file + ": text in " + std::string(encoding_name(encoding)) +
              " cannot be read on this machine, which has no tables of it; save the file as UTF-8",
          {file, {}, {}, {}}};
}

bool may_need_codecs(std::span<const char> start) {
  const std::string_view text(start.data(), start.size());
  return detect_compression(start).has_value() || text.substr(0, kZipMark.size()) == kZipMark.substr(0, text.size()) ||
         std::any_of(std::begin(kFormats), std::end(kFormats), [&](const InputFormat& format) {
           return format.packs &&
                  (format.mark.empty() ? arrow::may_begin_old_stream(text)
                                       : text.substr(0, format.mark.size()) == format.mark.substr(0, text.size()));
         });
}

bool may_need_more(const Error& error) { return error.code == ErrorCode::kBadSyntax || error.code == ErrorCode::kEmptyInput; }

std::size_t sample_size(std::span<const char> bytes) { return first_byte_of_text(bytes) + kSampleBytes; }

Result<Sniffed> sniff_file(const std::string& name, std::span<const char> bytes, bool last, const ReadingOptions& options) {
  const std::size_t blank = first_byte_of_text(bytes);
  std::size_t records = buffer_sizes::kSampleRecords;
  std::optional<Error> error;
  for (std::size_t size = kSampleBytes; blank + size < bytes.size() + !last && size <= kMaxRecordBytes; size *= 2) {
    Result<Sniffed> sniffed = sniff(name, bytes.first(blank + size), false, options, records);
    if (sniffed.ok() || !may_need_more(sniffed.error())) return sniffed;
    error = sniffed.error();
    records = 1;
  }
  if (error && !last) return *error;
  return sniff(name, bytes, last, options, records);
}

Result<std::vector<WantedColumn>> choose_columns(const std::string& name, const Sniffed& sniffed, TableSink& sink) {
  std::optional<Error> error = sniffed.refusal;
  if (!error) {
    Result<std::vector<WantedColumn>> wanted = sink.choose(name, sniffed.columns);
    if (wanted.ok() || wanted.error().code != ErrorCode::kMissingColumn) return wanted;
    error = wanted.error();
  }
  if (sniffed.explain) sniffed.explain(*error);
  return *error;
}

}  // namespace causal_sessions
