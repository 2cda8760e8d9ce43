#include "ingest/event_reader.h"

#include <algorithm>
#include <cstring>

#include "core/buffer_sizes.h"
#include "core/utf8.h"
#include "formats/arrow_format.h"
#include "formats/parquet_format.h"
#include "ingest/arrow/preview.h"
#include "ingest/arrow/reader.h"
#include "ingest/chunks/chunk_bytes.h"
#include "ingest/csv/csv_reader.h"
#include "ingest/file_notices.h"
#include "ingest/format.h"
#include "ingest/inspection/by_ranges.h"
#include "ingest/inspection/inspection.h"
#include "ingest/json/json_columns_reader.h"
#include "ingest/json/json_reader.h"
#include "ingest/parquet/parquet_reader.h"

namespace causal_sessions {
namespace {

// Records looked at for it, at most.
using buffer_sizes::kSampleRecords;

// Bytes unpacked of a compressed file before they are read.
using buffer_sizes::kUnpackedPiece;

// A file's layout and columns, told from its first bytes.
struct Sample {
  FileSummary summary;
  std::span<const char> bytes;  // it was taken of these, the same however a file is cut
  std::size_t skip = 0;
  CsvDialect csv;
  JsonLayout json = JsonLayout::kLines;
  bool json_columns = false;  // then only the whole file shows its columns
  Columns known = Columns::kComplete;
  std::vector<std::vector<std::string>> rows;
  std::vector<JsonNested> nested;
};

// Layout only; find_columns decides the schema. Of Arrow the format alone.
Result<Sample> sample_records(const std::string& name, std::span<const char> bytes, bool last, const ReadingOptions& options,
                              std::size_t most_rows, std::size_t most_records) {
  Sample sample;
  sample.summary.name = name;
  sample.bytes = bytes;
  const Result<DetectedFormat> detected = detect_format(name, bytes);
  if (!detected.ok()) return detected.error();
  sample.skip = detected.value().skip;
  bytes = bytes.subspan(sample.skip);
  Format format = detected.value().format;
  if (format != Format::kArrow && options.input.format != TextFormat::kAuto) {
    format = options.input.format == TextFormat::kCsv ? Format::kCsv : Format::kJson;
  }
  if (format == Format::kArrow) {
    sample.summary.format = "arrow";
    return sample;
  }
  const std::size_t bad = last ? find_invalid_utf8(bytes) : find_invalid_utf8_prefix(bytes);
  if (format == Format::kJson && begins_columns(bytes.first(bad))) {
    sample.json_columns = true;
    sample.known = Columns::kFirst;
    sample.summary.format = "json";
    return sample;
  }
  if (format == Format::kJson) {
    Result<JsonSample> json = sample_json(name, bytes.first(bad), bad < bytes.size(), most_rows, most_records);
    if (!json.ok()) return json.error();
    sample.json = json.value().layout;
    sample.known = Columns::kMayGrow;
    sample.summary.format = sample.json == JsonLayout::kArray ? "json" : "ndjson";
    sample.summary.schema.names = std::move(json.value().names);
    sample.rows = std::move(json.value().rows);
    sample.nested = std::move(json.value().nested);
    return sample;
  }
  Result<CsvDialect> csv = detect_csv(name, bytes, last, options, most_records);
  if (!csv.ok()) return csv.error();
  sample.csv = std::move(csv.value());
  sample.skip += sample.csv.skip;
  const auto& names = sample.csv.names;
  if (std::any_of(names.begin(), names.end(), [](const auto& text) { return find_invalid_utf8(text) != text.size(); })) {
    return Error{ErrorCode::kBadEncoding, name + ", line 1: the header is not UTF-8; save the file as UTF-8",
                 {name, {}, 1, {}}};
  }
  sample.summary.format = "csv";
  sample.summary.separator = std::string(1, sample.csv.marks.separator);
  sample.summary.header = sample.csv.header;
  sample.summary.schema.names = sample.csv.names;
  if (most_rows > 0) {
    const bool whole = last && bad == bytes.size();
    sample.rows = read_csv_rows(bytes.first(bad).subspan(sample.csv.skip), whole, sample.csv.marks, most_rows + 1);
    if (sample.csv.header && !sample.rows.empty()) sample.rows.erase(sample.rows.begin());
    if (sample.rows.size() > most_rows) sample.rows.pop_back();
  }
  return sample;
}

// Whether it is an Arrow file, rather than a stream.
bool is_arrow_file(std::span<const char> start) {
  return std::string_view(start.data(), start.size()).starts_with(arrow::kMark);
}

// The first bytes inside a compressed file, `most` of them, and more if they are Arrow's; `last` then says whether they are all.
// `packed` is shortened by those they were in.
Result<std::vector<char>> unpack_start(const std::string& name, std::span<const char>& packed, Codec codec, std::size_t most,
                                       bool& last) {
  Decompressor decompressor(name, codec);
  std::vector<char> bytes;
  std::size_t size = 0;
  for (;;) {
    bytes.resize(std::min(most, size + kUnpackedPiece));
    const Result<std::size_t> given = decompressor.unpack(packed, std::span(bytes).subspan(size));
    if (!given.ok()) return given.error();
    size += given.value();
    if (packed.empty() && given.value() == 0) break;
    const Result<DetectedFormat> format = detect_format(name, std::span(bytes).first(size));
    const bool arrow = is_arrow_file(bytes) || (format.ok() && format.value().format == Format::kArrow);
    if (arrow) most = kMostPreviewBytes;
    if (size == most) break;
  }
  last = last && size < most;
  if (last) {
    if (Status status = decompressor.finish(); !status.ok()) return status.error();
  }
  bytes.resize(size);
  return bytes;
}

// Whether more bytes of the file may mend it.
bool may_need_more(const Error& error) {
  return error.code == ErrorCode::kBadSyntax || error.code == ErrorCode::kEmptyInput;
}

// Bytes to look at: so many from the first that is not blank.
std::size_t sample_size(std::span<const char> bytes) {
  const std::string_view text(bytes.data(), bytes.size());
  return std::min(text.find_first_not_of(" \t\r\n", byte_order_marks(bytes)), text.size()) + kSampleBytes;
}

// Looks at the same first bytes however much has come, so that what is found does not depend on how a file was cut; if the
// first record is longer, at it alone, and at twice as many bytes each time.
Result<Sample> sample_file(const std::string& name, std::span<const char> bytes, bool last, const ReadingOptions& options,
                           std::size_t most_rows) {
  const std::size_t blank = sample_size(bytes) - kSampleBytes;
  std::size_t records = kSampleRecords;
  std::optional<Error> error;
  for (std::size_t size = kSampleBytes; blank + size < bytes.size() + !last && size <= kMaxRecordBytes; size *= 2) {
    Result<Sample> sample = sample_records(name, bytes.first(blank + size), false, options, most_rows, records);
    if (sample.ok() || !may_need_more(sample.error())) return sample;
    error = sample.error();
    records = 1;
  }
  if (error && !last) return *error;
  return sample_records(name, bytes, last, options, most_rows, records);
}

// A missing column that lies inside of another one cannot be named.
void advise(Error& error, std::span<const JsonNested> nested, const ReadingOptions& options) {
  if (nested.empty()) return;
  std::string advice = nested_advice(nested, options);
  if (advice[0] == 't') advice[0] = 'T';
  error.message.resize(std::min(error.message.size(), error.message.rfind(". Name the column in the plan")));
  error.message.append(". ").append(advice);
}

// Which of a sample's columns is what, or what stands in the way of that.
Result<Schema> find_schema(const std::string& name, const Sample& sample, std::vector<std::string> names, const ReadingOptions& options,
                           Columns known) {
  const bool csv = sample.summary.format == "csv";
  std::optional<Error> error;
  if (csv) error = refuse_unnamed_columns(name, sample.csv, options);
  if (!error) {
    Result<Schema> schema = find_columns(name, std::move(names), options, known);
    if (schema.ok() || schema.error().code != ErrorCode::kMissingColumn) return schema;
    error = schema.error();
  }
  if (csv) {
    if (const auto line = find_later_header(sample.bytes.subspan(byte_order_marks(sample.bytes)), options)) {
      error->where = {name, std::nullopt, 1, {}};
      error->message = place(error->where) + ": this is no header; the header seems to be line " + std::to_string(*line) +
                       "; remove the lines before it";
    }
  } else if (sample.json_columns && !sample.nested.empty()) {
    error->message = name + ": " + nested_advice(sample.nested, options);
  } else {
    advise(*error, sample.nested, options);
  }
  return *error;
}

}  // namespace

EventReader::EventReader(const ReadingOptions& options) : options_(options), builder_(options) {}

bool needs_ranges(std::span<const char> start) {
  const std::string_view text(start.data(), start.size());
  return text.starts_with(parquet::kMark) || is_arrow_file(start);
}

void EventReader::begin_file(std::string name, std::optional<std::uint64_t> size) {
  files_.emplace_back().name = std::move(name);
  size_ = size;
  reader_.reset();
  nested_.clear();
  compression_known_ = false;
  decompressor_.reset();
  ranged_.reset();
  gathering_ = false;
  begin_ = end_ = try_at_ = 0;
}

std::optional<ByteRange> EventReader::wanted() const { return ranged_ ? ranged_->wanted() : std::nullopt; }

std::span<char> EventReader::window(std::size_t size) {
  if (wanted()) return ranged_->room(size);
  if (!decompressor_) return room(size);
  if (packed_.size() < size) packed_.resize(size);
  return {packed_.data(), size};
}

std::span<char> EventReader::room(std::size_t size) {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < end_ + size + kWindowSlack) buffer_.resize(end_ + size + kWindowSlack);
  return {buffer_.data() + end_, size};
}

Status EventReader::commit(std::size_t size) {
  if (wanted()) return ranged_->supply(size);
  files_.back().bytes += size;
  if (decompressor_) return unpack(std::span(packed_).first(size));
  end_ += size;
  if (compression_known_) return consume(false);
  return end_ < kCompressionMarkBytes ? Status() : look_at_compression();
}

Status EventReader::look_at_compression() {
  compression_known_ = true;
  const std::optional<Codec> codec = detect_compression(std::span(buffer_).first(end_));
  if (!codec) return consume(false);
  files_.back().compression = codec_name(*codec);
  decompressor_ = std::make_unique<Decompressor>(files_.back().name, *codec);
  packed_.assign(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(end_));
  begin_ = end_ = 0;
  return unpack(packed_);
}

Status EventReader::unpack(std::span<const char> packed) {
  for (;;) {
    const std::span<char> free = room(kUnpackedPiece);
    const Result<std::size_t> given = decompressor_->unpack(packed, free);
    if (!given.ok()) return refuse_rest(given.error());
    end_ += given.value();
    if (Status status = consume(false); !status.ok()) return status;
    if (packed.empty() && given.value() < free.size()) return {};
  }
}

// What stands before the damage is looked at first, all of it: which of two faults is told does not depend on the pieces.
Status EventReader::refuse_rest(const Error& error) {
  try_at_ = 0;
  if (Status status = consume(false); !status.ok()) return status;
  return error;
}

Status EventReader::end_file() {
  Status status = read_to_end();
  files_.back().events_end = builder_.size();
  reader_.reset();
  if (status.ok() || status.error().code != ErrorCode::kEmptyInput) return status;
  if (empty_files_.count++ == 0) {
    empty_files_.first = files_.back().name;
    empty_error_ = status.error();
  }
  return {};
}

Status EventReader::read_to_end() {
  const std::string name = files_.back().name;
  if (files_.back().bytes > 0 && !compression_known_) {
    if (Status status = look_at_compression(); !status.ok()) return status;
  }
  if (decompressor_) {
    if (Status status = decompressor_->finish(); !status.ok()) return refuse_rest(status.error());
  }
  if (files_.back().bytes == 0 || (decompressor_ && decompressor_->unpacked_bytes() == 0)) {
    return Error{ErrorCode::kEmptyInput, name + " is empty; a table of events is needed", {name, {}, {}, {}}};
  }
  Status status = ranged_ || gathering_ ? Status() : consume(true);
  if (status.ok() && gathering_) status = read_gathered();
  if (!status.ok()) return status;
  if (wanted()) {
    return Error{ErrorCode::kBadCall, files_.back().name + ": it was ended before all of its bytes were read", {}};
  }
  files_.back().schema = ranged_ ? ranged_->schema() : reader_->schema();
  files_.back().rows = ranged_ ? ranged_->rows() : reader_->rows();
  files_.back().end_mark = ranged_ || !reader_->lacks_end_mark();
  if (files_.back().rows == 0) return no_rows(name);
  return {};
}

std::optional<std::vector<char>> EventReader::chunk_task() {
  if (!reader_ || decompressor_) return std::nullopt;
  const FileSummary& file = files_.back();
  const Schema& schema = reader_->schema();
  const bool item_may_come = options_.columns.item.is_set() && !schema.column[static_cast<std::size_t>(Role::kItem)];
  if ((file.format != "csv" && file.format != "ndjson") || item_may_come) return std::nullopt;
  files_.back().bytes -= end_ - begin_;
  begin_ = end_ = try_at_ = 0;
  ChunkWriter task;
  task.put(file.format == "csv");
  task.put(file.separator.empty() ? '\0' : file.separator[0]);
  task.put<std::uint64_t>(schema.names.size());
  for (const std::string& name : schema.names) task.put(std::string_view(name));
  for (const auto& column : schema.column) {
    task.put(column.has_value());
    if (column) task.put<std::uint64_t>(*column);
  }
  builder_.write_start(task);
  return task.take();
}

bool EventReader::absorb(std::size_t reader, std::uint64_t offset, std::span<const char> chunk) {
  if (chunk.empty() || !reader_) return false;
  ChunkParser parser(chunk);
  const auto begin = parser.get<std::uint64_t>();
  const auto size = parser.get<std::uint64_t>();
  const auto rows = parser.get<std::uint64_t>();
  const auto lines = parser.get<std::uint64_t>();
  if (chunk_ids_.size() <= reader) chunk_ids_.resize(reader + 1);
  ChunkIds& ids = chunk_ids_[reader];
  const bool in_place = begin_ == end_ && offset + begin == files_.back().bytes;
  if (!in_place || !builder_.absorb(parser, ids, reader_->rows(), reader_->line() - 1)) {
    ids.lost = true;
    return false;
  }
  files_.back().bytes += size;
  reader_->pass(rows, lines);
  return true;
}

// The bytes seen so far are asked for again, as part of the ranges.
Status EventReader::begin_ranges() {
  FileSummary& file = files_.back();
  const bool parquet = !is_arrow_file(std::span(buffer_).subspan(begin_, end_ - begin_));
  if (decompressor_ && parquet) {
    return Error{ErrorCode::kUnknownFormat,
                 file.name + " is a Parquet file inside " + file.compression + "; unpack it first, it is compressed in itself",
                 {file.name, {}, {}, {}}};
  }
  file.format = parquet ? "parquet" : "arrow";
  gathering_ = !size_ || decompressor_;
  if (gathering_) return {};
  file.bytes = *size_;
  begin_ = end_ = 0;
  ranged_ = make_ranged_reader(*size_);
  return {};
}

std::unique_ptr<RangedReader> EventReader::make_ranged_reader(std::uint64_t size) {
  const FileSummary& file = files_.back();
  if (file.format == "arrow") return std::make_unique<arrow::FileReader>(file.name, size, options_, builder_);
  return std::make_unique<parquet::ParquetReader>(file.name, size, options_, builder_);
}

Status EventReader::read_gathered() {
  const std::span<const char> bytes(buffer_.data() + begin_, end_ - begin_);
  ranged_ = make_ranged_reader(bytes.size());
  while (const auto range = ranged_->wanted()) {
    const std::span<char> room = ranged_->room(range->size);
    std::memcpy(room.data(), bytes.data() + range->offset, range->size);
    if (Status status = ranged_->supply(range->size); !status.ok()) return status;
  }
  return {};
}

Status EventReader::consume(bool last) {
  if (gathering_) return {};
  if (!reader_ && needs_ranges(std::span(buffer_).subspan(begin_, end_ - begin_))) return begin_ranges();
  if (!last && end_ - begin_ < try_at_) return {};
  if (!reader_) {
    const std::span<const char> start = std::span(buffer_).subspan(begin_, end_ - begin_);
    const std::size_t sample = sample_size(start);
    const bool blank = sample == start.size() + kSampleBytes;
    if (!last && start.size() < kMaxRecordBytes && start.size() < sample) {
      try_at_ = blank ? start.size() * 2 : sample;  // blank bytes are not passed over again for every one that comes
      return {};
    }
    Status status = open(last);
    if (!last && blank && !status.ok()) {
      const std::string& name = files_.back().name;
      return Error{ErrorCode::kTooLarge, name + " begins with " + std::to_string(start.size() >> 20) + " MB of blank lines; leave them out", {name, {}, {}, {}}};
    }
    const std::size_t seen = end_ - begin_;
    if (!status.ok() && may_need_more(status.error()) && !last && seen < kMaxRecordBytes) {
      try_at_ = seen * 2;  // the first record, or the blank before it, may just be longer than the sample
      return {};
    }
    if (!status.ok()) return status;
  }
  const Result<std::size_t> taken = reader_->consume(std::span(buffer_).subspan(begin_, end_ - begin_), last);
  if (!taken.ok()) {
    Error error = taken.error();
    if (error.code == ErrorCode::kMissingColumn) advise(error, nested_, options_);
    return error;
  }
  begin_ += taken.value();
  const std::size_t left = end_ - begin_;
  if (left > kMaxRecordBytes) return reader_->unfinished_record();
  // A record longer than the pieces it comes in is looked at each time it has doubled, not each time it has grown.
  try_at_ = taken.value() == 0 ? left * 2 : 0;
  return {};
}

Status EventReader::open(bool last) {
  const std::string name = files_.back().name;
  Result<Sample> sample = sample_file(name, std::span(buffer_).subspan(begin_, end_ - begin_), last, options_, 0);
  if (!sample.ok()) return sample.error();
  if (sample.value().summary.format == "arrow") {  // its first message has the columns
    files_.back().format = "arrow";
    reader_ = std::make_unique<arrow::StreamReader>(name, options_, builder_);
    return {};
  }
  Result<Schema> schema = find_schema(name, sample.value(), std::move(sample.value().summary.schema.names), options_,
                                      sample.value().known);
  if (!schema.ok()) return schema.error();
  FileSummary& summary = sample.value().summary;
  summary.bytes = files_.back().bytes;
  summary.compression = files_.back().compression;
  files_.back() = std::move(summary);
  files_.back().schema = schema.value();
  begin_ += sample.value().skip;
  nested_ = std::move(sample.value().nested);
  builder_.begin_file(name, schema.value());
  if (files_.back().format == "csv") {
    reader_ = std::make_unique<CsvReader>(name, sample.value().csv, schema.value(), builder_);
  } else if (sample.value().json_columns) {
    reader_ = std::make_unique<JsonColumnsReader>(name, options_, builder_);
  } else {
    reader_ = std::make_unique<JsonReader>(name, sample.value().json, schema.value(), options_, builder_);
  }
  return {};
}

Result<EventTable> EventReader::finish() {
  if (files_.empty()) return Error{ErrorCode::kEmptyInput, "there is no input file", {}};
  if (empty_files_.count == files_.size()) return *empty_error_;
  std::vector<char>().swap(buffer_);
  std::vector<char>().swap(packed_);
  decompressor_.reset();
  Result<EventTable> events = builder_.finish();
  if (events.ok()) find_same_files(files_, events.value());
  return events;
}

namespace {

// Of an Arrow file inside of compressed data: its index stands at the end.
Preview inspect_gathered(const std::string& name, std::span<const char> bytes, bool last, const ReadingOptions& options,
                         std::size_t most_rows) {
  if (!last) {
    Preview preview;
    preview.name = name;
    preview.needs_bytes = bytes.size() + 1;
    lack_bytes(preview, bytes.size());
    return preview;
  }
  const auto inspection = inspect_by_ranges(name, bytes, bytes.size(), options, most_rows);
  while (const auto range = inspection->wanted()) {
    std::memcpy(inspection->room(range->size).data(), bytes.data() + range->offset, range->size);
    inspection->supply(range->size);
  }
  return inspection->preview();
}

// What a run needs, told from all whole rows of a text's first bytes.
std::optional<Estimate> estimate_file(std::span<const char> bytes, bool last, const Sample& sample, const Schema& schema,
                                      double unpacked_size) {
  RowsSeen seen{{}, static_cast<double>(bytes.size()), unpacked_size, last};
  bytes = bytes.subspan(sample.skip);
  if (sample.summary.format != "csv") {
    // Of an object's cells, of which there may be many, those that count.
    Schema ids;
    for (const Role role : {Role::kUser, Role::kItem}) {
      const auto& column = schema.column[static_cast<std::size_t>(role)];
      if (!column) continue;
      ids.column[static_cast<std::size_t>(role)] = ids.names.size();
      ids.names.push_back(schema.names[*column]);
    }
    const auto rows = read_json_cells(bytes.first(last ? bytes.size() : find_invalid_utf8_prefix(bytes)), ids.names);
    seen.rows = rows;
    return estimate_text(seen, ids);
  }
  auto rows = read_csv_rows(bytes, last, sample.csv.marks, SIZE_MAX);
  if (sample.csv.header && !rows.empty()) rows.erase(rows.begin());
  seen.rows = rows;
  return estimate_text(seen, schema);
}

// What a run says of a text's first bytes: a problem, or rows that it would not use.
void try_reading(Preview& preview, std::span<const char> bytes, bool last, const ReadingOptions& options) {
  EventReader reader(options);
  reader.begin_file(preview.name);
  std::memcpy(reader.window(bytes.size()).data(), bytes.data(), bytes.size());
  Status status = reader.commit(bytes.size());
  if (status.ok() && last) status = reader.end_file();
  if (!status.ok()) {
    preview.problem = status.error();
    return;
  }
  note_rows(preview, reader.finish(), last);
}

// `bytes` may be read kWindowSlack beyond their end. `unpacked_size`: of the whole file; 0: not known.
Preview inspect_plain(const std::string& name, std::span<const char> bytes, bool last, const ReadingOptions& options,
                      std::size_t most_rows, double unpacked_size) {
  if (is_arrow_file(bytes)) return inspect_gathered(name, bytes, last, options, most_rows);
  Preview preview;
  preview.name = name;
  Result<Sample> sample = sample_file(name, bytes, last, options, most_rows);
  if (!sample.ok()) {
    preview.problem = sample.error();
    if (!last && may_need_more(sample.error())) preview.needs_bytes = kMostPreviewBytes;
    return preview;
  }
  FileSummary& summary = sample.value().summary;
  if (summary.format == "arrow") return arrow::inspect_stream(name, bytes, last, options, most_rows);
  Columns known = Columns::kComplete;
  if (sample.value().json_columns) {
    // Each column begins where the one before ends, so all the bytes are looked at.
    Result<JsonColumnsSample> json = sample_json_columns(name, bytes.subspan(sample.value().skip), last, options, most_rows);
    if (!json.ok()) {
      preview.problem = json.error();
      return preview;
    }
    summary.schema.names = std::move(json.value().names);
    sample.value().rows = std::move(json.value().rows);
    sample.value().nested = std::move(json.value().nested);
    preview.more_columns = !json.value().complete;
    if (preview.more_columns) known = Columns::kFirst;
    if (preview.more_columns && !last) preview.needs_bytes = kMostPreviewBytes;
  }
  preview.format = summary.format;
  preview.separator = summary.separator;
  preview.header = summary.header;
  preview.names = std::move(summary.schema.names);
  preview.rows = std::move(sample.value().rows);
  Result<Schema> schema = find_schema(name, sample.value(), preview.names, options, known);
  if (schema.ok()) preview.schema = std::move(schema.value());
  if (!schema.ok()) preview.problem = schema.error();
  const bool json_columns = sample.value().json_columns;  // only the whole file shows what its rows are
  if (!preview.schema || (json_columns && !last)) return preview;
  try_reading(preview, bytes, last, options);
  if (unpacked_size > 0 && !json_columns && !preview.problem) {
    preview.estimate = estimate_file(bytes, last, sample.value(), *preview.schema, unpacked_size);
  }
  return preview;
}

}  // namespace

std::string inspect_json(const std::string& name, std::span<const char> bytes, bool last, const ReadingOptions& options,
                         std::size_t most_rows, std::optional<std::uint64_t> file_size) {
  const std::optional<Codec> codec = detect_compression(bytes);
  Preview preview;
  // Inside of a compressed file the first record may be longer than what is unpacked at first.
  for (std::size_t most = kPreviewBytes;; most = kMostPreviewBytes) {
    preview = {};
    std::vector<char> padded;
    padded.reserve(bytes.size() + kWindowSlack);
    padded.assign(bytes.begin(), bytes.end());
    bool whole = last;
    auto unpacked_size = static_cast<double>(file_size.value_or(0));
    if (codec) {
      std::span<const char> rest = bytes;
      Result<std::vector<char>> unpacked = unpack_start(name, rest, *codec, most, whole);
      if (unpacked.ok()) {
        unpacked_size *= static_cast<double>(unpacked.value().size()) / static_cast<double>(bytes.size() - rest.size());
        padded = std::move(unpacked.value());
      } else {
        preview.problem = unpacked.error();
      }
    }
    const std::size_t size = padded.size();
    padded.resize(size + kWindowSlack);
    if (!preview.problem) preview = inspect_plain(name, std::span(padded).first(size), whole, options, most_rows, unpacked_size);
    const bool more = preview.problem && preview.needs_bytes != 0 && size == most && most < kMostPreviewBytes;
    if (!codec || !more) break;
  }
  preview.name = name;
  if (codec) preview.compression = codec_name(*codec);
  // How far the compressed bytes go cannot be told, and of text only the first bytes are unpacked.
  if (codec && preview.needs_bytes != 0) preview.needs_bytes = last || preview.more_columns ? 0 : bytes.size() + 1;
  return preview_json(preview);
}

}  // namespace causal_sessions
