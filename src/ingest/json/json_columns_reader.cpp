#include "ingest/json/json_columns_reader.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "ingest/json/json_object.h"

namespace causal_sessions {

JsonColumnsReader::JsonColumnsReader(std::string file, const ReadingOptions& options, EventBuilder& builder)
    : file_(file),
      options_(options),
      builder_(builder),
      columns_(std::move(file), options,
               [&options](const std::string& name, std::size_t position) { return may_be_chosen(name, position, options); }) {}

Result<std::size_t> JsonColumnsReader::consume(std::span<const char> window, bool last) {
  Result<std::size_t> taken = columns_.consume(window, last);
  if (!taken.ok() || !last) return taken;
  if (Status status = find_schema(); !status.ok()) return status.error();
  if (Status status = add_rows(); !status.ok()) return status.error();
  return taken;
}

Status JsonColumnsReader::find_schema() {
  Result<Schema> schema = find_columns(file_, columns_.names(), options_);
  if (!schema.ok() && schema.error().code == ErrorCode::kMissingColumn && may_be_needed(columns_.first_key(), options_)) {
    return columns_.refuse_orient("index");
  }
  if (!schema.ok() && schema.error().code == ErrorCode::kMissingColumn && !columns_.nested().empty()) {
    return columns_.refuse_nested();
  }
  if (!schema.ok()) return schema.error();
  if (Status status = columns_.check_lengths(); !status.ok()) return status;
  schema_ = std::move(schema.value());
  rows_ = columns_.columns().front().cells;
  builder_.begin_file(file_, schema_);
  return {};
}

Status JsonColumnsReader::add_rows() {
  std::array<std::array<std::string_view, RowBatch::kCapacity>, kRoles> cells;
  std::array<CellLog*, kRoles> logs{};
  for (std::size_t role = 0; role < kRoles; ++role) {
    if (const auto& at = schema_.column[role]) logs[role] = &columns_.columns()[*at].kept;
  }
  for (std::uint64_t row = 1; row <= rows_;) {
    ColumnBatch batch;
    batch.first_row = row;
    std::size_t unusable = kRoles;  // of the next row, which ends the batch: the role of the last nested or bad cell
    CellLog::Cell why;
    std::deque<std::string> digits;
    for (; unusable == kRoles && batch.size < RowBatch::kCapacity && row <= rows_; ++row) {
      for (std::size_t role = 0; role < kRoles; ++role) {
        if (logs[role] == nullptr) continue;
        const CellLog::Cell cell = logs[role]->next();
        cells[role][batch.size] = cell.text;
        if (cell.kind == CellLog::Kind::kFraction && role != static_cast<std::size_t>(Role::kTime)) {
          if (std::string whole = whole_digits(cell.text); !whole.empty()) cells[role][batch.size] = digits.emplace_back(std::move(whole));
        }
        const bool later = unusable == kRoles || *schema_.column[role] > *schema_.column[unusable];
        if ((cell.kind == CellLog::Kind::kNested || cell.kind == CellLog::Kind::kBad) && later) {
          unusable = role;
          why = cell;
        }
      }
      batch.size += unusable == kRoles;
    }
    const auto column = [&](Role role) {
      const auto at = static_cast<std::size_t>(role);
      TextColumn texts;
      if (logs[at] != nullptr) texts.texts = std::span(cells[at]).first(batch.size);
      return texts;
    };
    batch.user = column(Role::kUser);
    batch.time = column(Role::kTime);
    batch.type = column(Role::kType);
    batch.item = column(Role::kItem);
    if (Status status = builder_.add(batch); !status.ok()) return status;
    if (unusable != kRoles) {
      const IssueReason reason = why.kind == CellLog::Kind::kNested ? IssueReason::kNestedValue : IssueReason::kBadValue;
      builder_.add_bad_row(reason, row - 1, std::nullopt, schema_.name_of(static_cast<Role>(unusable)), why.text);
    }
    for (CellLog* log : logs) {
      if (log != nullptr) log->release_read();
    }
  }
  return {};
}

bool begins_columns(std::span<const char> start) {
  std::size_t at = 0;
  const auto next = [&] {
    while (at < start.size() && is_json_space(start[at])) ++at;
    return at < start.size() ? start[at] : '\0';
  };
  if (next() != '{') return false;
  bool nested = false;
  do {
    ++at;
    if (next() != '"') return nested;
    at = find_json_text_end(start, at);
    if (at == 0 || next() != ':') return nested;
    ++at;
    const char value = next();
    if (value == '\0') return nested;
    if (value != '[' && value != '{') return false;
    nested = true;
    at = find_json_end(start, at);
    if (at == 0) return true;
  } while (next() == ',');
  if (next() != '}') return true;
  ++at;
  return next() != '{';
}

Result<JsonColumnsSample> sample_json_columns(const std::string& file, std::span<const char> window, bool last,
                                              const ReadingOptions& options, std::size_t most_rows) {
  JsonColumns columns(file, options, [](const std::string&, std::size_t) { return true; }, most_rows);
  if (const Result<std::size_t> taken = columns.consume(window, last); !taken.ok()) return taken.error();
  JsonColumnsSample sample;
  sample.names = columns.names();
  sample.complete = columns.closed();
  sample.nested = columns.nested();
  if (sample.complete) {
    if (Status status = columns.check_lengths(); !status.ok()) return status.error();
  }
  for (std::size_t at = 0; at < sample.names.size(); ++at) {
    JsonColumn& column = columns.columns()[at];
    const auto cells = static_cast<std::size_t>(std::min<std::uint64_t>(column.cells, most_rows));
    if (sample.rows.size() < cells) sample.rows.resize(cells, std::vector<std::string>(sample.names.size()));
    for (std::size_t row = 0; row < cells; ++row) {
      const CellLog::Cell cell = column.kept.next();
      sample.rows[row][at] = cell.kind == CellLog::Kind::kNested ? std::string("...") : std::string(cell.text);
    }
  }
  return sample;
}

}  // namespace causal_sessions
