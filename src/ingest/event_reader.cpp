#include "ingest/event_reader.h"

#include <algorithm>
#include <cstring>

#include <nlohmann/json.hpp>

#include "core/utf8.h"
#include "ingest/csv_reader.h"
#include "ingest/format.h"
#include "ingest/json_reader.h"

namespace causal_sessions {
namespace {

// Bytes looked at before separator, header and keys are decided.
constexpr std::size_t kSampleBytes = 64 << 10;

// A file's layout and columns, told from its first bytes.
struct Sample {
  FileSummary summary;
  std::size_t skip = 0;
  CsvDialect csv;
  JsonLayout json = JsonLayout::kLines;
  std::vector<std::vector<std::string>> rows;
};

// Layout only; find_columns decides the schema.
Result<Sample> sample_file(const std::string& name, std::span<const char> bytes, bool last, const Plan& plan,
                           std::size_t most_rows) {
  Sample sample;
  sample.summary.name = name;
  const Result<DetectedFormat> format = detect_format(name, bytes.first(std::min(bytes.size(), kSampleBytes)));
  if (!format.ok()) return format.error();
  sample.skip = format.value().skip;
  bytes = bytes.subspan(sample.skip);
  const std::size_t bad = last ? find_invalid_utf8(bytes) : find_invalid_utf8_prefix(bytes);
  if (format.value().format == Format::kJson) {
    Result<JsonSample> json = sample_json(name, bytes.first(bad), most_rows);
    if (!json.ok()) return json.error();
    sample.json = json.value().layout;
    sample.summary.format = sample.json == JsonLayout::kArray ? "json" : "ndjson";
    sample.summary.schema.names = std::move(json.value().names);
    sample.rows = std::move(json.value().rows);
    return sample;
  }
  Result<CsvDialect> csv = detect_csv(name, bytes, last, plan);
  if (!csv.ok()) return csv.error();
  sample.csv = std::move(csv.value());
  const auto& names = sample.csv.names;
  if (std::any_of(names.begin(), names.end(), [](const auto& text) { return find_invalid_utf8(text) != text.size(); })) {
    return Error{ErrorCode::kBadEncoding, name + ", line 1: the header is not UTF-8; save the file as UTF-8",
                 {name, {}, 1, {}}};
  }
  sample.summary.format = "csv";
  sample.summary.separator = std::string(1, sample.csv.separator);
  sample.summary.header = sample.csv.header;
  sample.summary.schema.names = sample.csv.names;
  if (most_rows > 0) {
    sample.rows = read_csv_rows(bytes.first(bad), last, sample.csv.separator, most_rows + 1);
    if (sample.csv.header && !sample.rows.empty()) sample.rows.erase(sample.rows.begin());
    if (sample.rows.size() > most_rows) sample.rows.pop_back();
  }
  return sample;
}

}  // namespace

EventReader::EventReader(const Plan& plan) : plan_(plan), builder_(plan) {}

bool needs_ranges(std::span<const char> start) {
  return std::string_view(start.data(), start.size()).starts_with("PAR1");
}

void EventReader::begin_file(std::string name, std::optional<std::uint64_t> size) {
  files_.emplace_back().name = std::move(name);
  size_ = size;
  reader_.reset();
  parquet_.reset();
  gathering_ = false;
  begin_ = end_ = try_at_ = 0;
}

std::optional<parquet::Range> EventReader::wanted() const { return parquet_ ? parquet_->wanted() : std::nullopt; }

std::span<char> EventReader::window(std::size_t size) {
  if (wanted()) return parquet_->room(size);
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < end_ + size + kWindowSlack) buffer_.resize(end_ + size + kWindowSlack);
  return {buffer_.data() + end_, size};
}

Status EventReader::commit(std::size_t size) {
  if (wanted()) return parquet_->supply(size);
  files_.back().bytes += size;
  end_ += size;
  return consume(false);
}

Status EventReader::end_file() {
  if (files_.back().bytes == 0) {
    const std::string& name = files_.back().name;
    return Error{ErrorCode::kEmptyInput, name + " is empty; a table of events is needed", {name, {}, {}, {}}};
  }
  Status status = parquet_ || gathering_ ? Status() : consume(true);
  if (status.ok() && gathering_) status = read_gathered();
  if (!status.ok()) return status;
  if (wanted()) {
    return Error{ErrorCode::kBadCall, files_.back().name + ": it was ended before all of its bytes were read", {}};
  }
  if (parquet_) files_.back().schema = parquet_->schema();
  files_.back().rows = parquet_ ? parquet_->rows() : reader_->rows();
  if (files_.back().rows == 0) {
    const std::string& name = files_.back().name;
    return Error{ErrorCode::kEmptyInput, name + " has no rows of data", {name, {}, {}, {}}};
  }
  reader_.reset();
  return {};
}

// The bytes seen so far are asked for again, as part of the ranges.
Status EventReader::begin_parquet() {
  FileSummary& file = files_.back();
  file.format = "parquet";
  gathering_ = !size_;
  if (gathering_) return {};
  file.bytes = *size_;
  begin_ = end_ = 0;
  parquet_ = std::make_unique<parquet::ParquetReader>(file.name, *size_, plan_, builder_);
  return {};
}

Status EventReader::read_gathered() {
  const std::span<const char> bytes(buffer_.data() + begin_, end_ - begin_);
  parquet_ = std::make_unique<parquet::ParquetReader>(files_.back().name, bytes.size(), plan_, builder_);
  while (const auto range = parquet_->wanted()) {
    const std::span<char> room = parquet_->room(range->size);
    std::memcpy(room.data(), bytes.data() + range->offset, range->size);
    if (Status status = parquet_->supply(range->size); !status.ok()) return status;
  }
  return {};
}

Status EventReader::consume(bool last) {
  if (gathering_) return {};
  if (!reader_ && needs_ranges(std::span(buffer_).subspan(begin_, end_ - begin_))) return begin_parquet();
  if (!last && end_ - begin_ < try_at_) return {};
  if (!reader_) {
    if (!last && end_ - begin_ < kSampleBytes) return {};
    Status status = open(last);
    const std::size_t seen = end_ - begin_;
    if (!status.ok() && !last && status.error().code == ErrorCode::kBadSyntax && seen < kMaxRecordBytes) {
      try_at_ = seen * 2;  // the first record may just be longer than the sample
      return {};
    }
    if (!status.ok()) return status;
  }
  const Result<std::size_t> taken = reader_->consume(std::span(buffer_).subspan(begin_, end_ - begin_), last);
  if (!taken.ok()) return taken.error();
  begin_ += taken.value();
  const std::size_t left = end_ - begin_;
  if (left > kMaxRecordBytes) return reader_->unfinished_record();
  // A record longer than the pieces it comes in is looked at each time it has doubled, not each time it has grown.
  try_at_ = taken.value() == 0 ? left * 2 : 0;
  return {};
}

Status EventReader::open(bool last) {
  const std::string name = files_.back().name;
  Result<Sample> sample = sample_file(name, std::span(buffer_).subspan(begin_, end_ - begin_), last, plan_, 0);
  if (!sample.ok()) return sample.error();
  Result<Schema> schema = find_columns(name, std::move(sample.value().summary.schema.names), plan_);
  if (!schema.ok()) return schema.error();
  const std::uint64_t bytes = files_.back().bytes;
  files_.back() = std::move(sample.value().summary);
  files_.back().bytes = bytes;
  files_.back().schema = schema.value();
  begin_ += sample.value().skip;
  builder_.begin_file(name, schema.value());
  if (files_.back().format == "csv") {
    reader_ = std::make_unique<CsvReader>(name, sample.value().csv, schema.value(), builder_);
  } else {
    reader_ = std::make_unique<JsonReader>(name, sample.value().json, schema.value(), builder_);
  }
  return {};
}

Result<EventTable> EventReader::finish() {
  if (files_.empty()) return Error{ErrorCode::kEmptyInput, "there is no input file", {}};
  std::vector<char>().swap(buffer_);
  return builder_.finish();
}

std::string inspect_json(const std::string& name, std::span<const char> bytes, bool last, const Plan& plan,
                         std::size_t most_rows) {
  using nlohmann::ordered_json;
  ordered_json out;
  out["name"] = name;
  out["problem"] = nullptr;
  const auto problem = [&out](const Error& error) {
    out["problem"] = {{"code", code_name(error.code)}, {"message", error.message}};
  };
  std::vector<char> padded(bytes.begin(), bytes.end());
  padded.resize(bytes.size() + kWindowSlack);
  const Result<Sample> sample = sample_file(name, std::span(padded).first(bytes.size()), last, plan, most_rows);
  if (!sample.ok()) {
    problem(sample.error());
    return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  }
  const FileSummary& summary = sample.value().summary;
  out["format"] = summary.format;
  if (summary.format == "csv") {
    out["separator"] = summary.separator;
    out["header"] = summary.header;
  }
  out["columnNames"] = summary.schema.names;
  const Result<Schema> schema = find_columns(name, summary.schema.names, plan);
  if (!schema.ok()) problem(schema.error());
  for (std::size_t role = 0; role < kRoles; ++role) {
    const bool found = schema.ok() && schema.value().column[role];
    out["columns"][kRoleNames[role]] =
        found ? ordered_json(summary.schema.names[*schema.value().column[role]]) : ordered_json(nullptr);
  }
  out["rows"] = sample.value().rows;
  return out.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace causal_sessions
