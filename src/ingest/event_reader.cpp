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

// Records looked at for it, at most.
constexpr std::size_t kSampleRecords = 1000;

// A file's layout and columns, told from its first bytes.
struct Sample {
  FileSummary summary;
  std::size_t skip = 0;
  CsvDialect csv;
  JsonLayout json = JsonLayout::kLines;
  std::vector<std::vector<std::string>> rows;
};

// Layout only; find_columns decides the schema.
Result<Sample> sample_records(const std::string& name, std::span<const char> bytes, bool last, const Plan& plan,
                              std::size_t most_rows, std::size_t most_records) {
  Sample sample;
  sample.summary.name = name;
  const Result<DetectedFormat> format = detect_format(name, bytes);
  if (!format.ok()) return format.error();
  sample.skip = format.value().skip;
  bytes = bytes.subspan(sample.skip);
  const std::size_t bad = last ? find_invalid_utf8(bytes) : find_invalid_utf8_prefix(bytes);
  if (format.value().format == Format::kJson) {
    Result<JsonSample> json = sample_json(name, bytes.first(bad), most_rows, most_records);
    if (!json.ok()) return json.error();
    sample.json = json.value().layout;
    sample.summary.format = sample.json == JsonLayout::kArray ? "json" : "ndjson";
    sample.summary.schema.names = std::move(json.value().names);
    sample.rows = std::move(json.value().rows);
    return sample;
  }
  Result<CsvDialect> csv = detect_csv(name, bytes, last, plan, most_records);
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

// Bytes to look at: so many from the first that is not blank.
std::size_t sample_size(std::span<const char> bytes) {
  const std::string_view text(bytes.data(), bytes.size());
  const std::size_t mark = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  return std::min(text.find_first_not_of(" \t\r\n", mark), text.size()) + kSampleBytes;
}

// Looks at the same first bytes however much has come, so that what is found does not depend on how a file was cut;
// at the first record alone if that is longer.
Result<Sample> sample_file(const std::string& name, std::span<const char> bytes, bool last, const Plan& plan,
                           std::size_t most_rows) {
  if (bytes.size() > sample_size(bytes)) {
    Result<Sample> sample = sample_records(name, bytes.first(sample_size(bytes)), false, plan, most_rows, kSampleRecords);
    const bool undecided = !sample.ok() && (sample.error().code == ErrorCode::kBadSyntax ||
                                            sample.error().code == ErrorCode::kEmptyInput);
    if (!undecided) return sample;
    return sample_records(name, bytes, last, plan, most_rows, 1);
  }
  return sample_records(name, bytes, last, plan, most_rows, kSampleRecords);
}

}  // namespace

EventReader::EventReader(const Plan& plan) : plan_(plan), builder_(plan) {}

void EventReader::begin_file(std::string name) {
  files_.emplace_back().name = std::move(name);
  reader_.reset();
  begin_ = end_ = try_at_ = 0;
}

std::span<char> EventReader::window(std::size_t size) {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < end_ + size + kWindowSlack) buffer_.resize(end_ + size + kWindowSlack);
  return {buffer_.data() + end_, size};
}

Status EventReader::commit(std::size_t size) {
  files_.back().bytes += size;
  end_ += size;
  return consume(false);
}

Status EventReader::end_file() {
  if (files_.back().bytes == 0) {
    const std::string& name = files_.back().name;
    return Error{ErrorCode::kEmptyInput, name + " is empty; a table of events is needed", {name, {}, {}, {}}};
  }
  if (Status status = consume(true); !status.ok()) return status;
  files_.back().rows = reader_->rows();
  files_.back().schema = reader_->schema();
  if (files_.back().rows == 0) {
    const std::string& name = files_.back().name;
    return Error{ErrorCode::kEmptyInput, name + " has no rows of data", {name, {}, {}, {}}};
  }
  reader_.reset();
  return {};
}

Status EventReader::consume(bool last) {
  if (!last && end_ - begin_ < try_at_) return {};
  if (!reader_) {
    const std::span<const char> start = std::span(buffer_).subspan(begin_, end_ - begin_);
    if (!last && start.size() < kMaxRecordBytes && start.size() < sample_size(start)) {
      try_at_ = start.size() + kSampleBytes / 2;  // blank bytes are not passed over again for every one that comes
      return {};
    }
    Status status = open(last);
    const std::size_t seen = end_ - begin_;
    const bool undecided = !status.ok() && (status.error().code == ErrorCode::kBadSyntax ||
                                            status.error().code == ErrorCode::kEmptyInput);
    if (undecided && !last && seen < kMaxRecordBytes) {
      try_at_ = seen * 2;  // the first record, or the blank before it, may just be longer than the sample
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
  const bool json = sample.value().summary.format != "csv";
  Result<Schema> schema = find_columns(name, std::move(sample.value().summary.schema.names), plan_,
                                       json ? Columns::kMayGrow : Columns::kComplete);
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
    reader_ = std::make_unique<JsonReader>(name, sample.value().json, schema.value(), plan_, builder_);
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
