#include "ingest/json/json_columns_reader.h"

#include <algorithm>
#include <array>
#include <deque>
#include <utility>

#include "core/cold.h"
#include "ingest/json/json_object.h"

namespace causal_sessions {

JsonColumnsReader::JsonColumnsReader(std::string file, std::vector<JsonNested> inside, const ReadingOptions& options,
                                     TableSink& sink)
    : file_(file), inside_(std::move(inside)), options_(options), sink_(sink),
      columns_(
          std::move(file), options,
          [&sink](const std::string& name, std::size_t position) { return sink.may_choose(name, position); },
          sink.shows() ? sink.most_rows() : UINT64_MAX) {}

Result<std::size_t> JsonColumnsReader::consume(std::span<const char> window, bool last) {
  Result<std::size_t> taken = columns_.consume(window, last);
  if (!taken.ok() || !(last || sink_.shows())) return taken;
  if (Status status = sink_.shows() ? show_rows() : choose(); !status.ok()) return status.error();
  if (sink_.shows()) return taken;
  if (Status status = add_rows(); !status.ok()) return status.error();
  return taken;
}

void JsonColumnsReader::explain(Error& missing) const {
  if (!columns_.nested().empty()) {
    missing = columns_.refuse_nested();
  } else if (std::any_of(inside_.begin(), inside_.end(), [](const JsonNested& one) { return one.roles > 1; })) {
    advise_nested(missing, inside_, options_);
  }
}

Status JsonColumnsReader::choose() {
  Result<std::vector<WantedColumn>> wanted = sink_.choose(file_, {columns_.names()});
  if (!wanted.ok()) {
    Error error = wanted.error();
    const bool missing = error.code == ErrorCode::kMissingColumn;
    if (missing && may_be_needed(columns_.first_key(), options_)) return columns_.refuse_orient("index");
    if (missing) explain(error);
    return error;
  }
  if (Status status = columns_.check_lengths(); !status.ok()) return status;
  wanted_ = std::move(wanted.value());
  rows_ = columns_.columns().front().cells;
  return {};
}

Status JsonColumnsReader::add_rows() {
  std::vector<std::array<std::string_view, RowBatch::kCapacity>> cells(wanted_.size());
  std::vector<CellLog*> logs;
  for (const WantedColumn& wanted : wanted_) logs.push_back(&columns_.columns()[wanted.position].kept);
  constexpr std::size_t kNone = SIZE_MAX;
  for (std::uint64_t row = 1; row <= rows_;) {
    ColumnBatch batch;
    batch.first_row = row;
    std::size_t unusable = kNone;  // of the next row, which ends the batch: the column of the last nested or bad cell
    CellLog::Cell why;
    std::deque<std::string> digits;
    for (; unusable == kNone && batch.size < RowBatch::kCapacity && row <= rows_; ++row) {
      for (std::size_t slot = 0; slot < wanted_.size(); ++slot) {
        const CellLog::Cell cell = logs[slot]->next();
        cells[slot][batch.size] = cell.text;
        if (cell.kind == CellLog::Kind::kFraction && wanted_[slot].as == ReadAs::kId) {
          if (std::string whole = whole_digits(cell.text); !whole.empty())
            cells[slot][batch.size] = digits.emplace_back(std::move(whole));
        }
        const bool later = unusable == kNone || wanted_[slot].position > unusable;
        if ((cell.kind == CellLog::Kind::kNested || cell.kind == CellLog::Kind::kBad) && later) {
          unusable = wanted_[slot].position;
          why = cell;
        }
      }
      batch.size += unusable == kNone;
    }
    for (const auto& column : cells) batch.columns.emplace_back(TextColumn{std::span(column).first(batch.size), {}, nullptr, 0});
    if (Status status = sink_.add(batch); !status.ok()) return status;
    if (unusable != kNone) {
      const IssueReason reason = why.kind == CellLog::Kind::kNested ? IssueReason::kNestedValue : IssueReason::kBadValue;
      sink_.add_bad_row(reason, row - 1, std::nullopt, columns_.columns()[unusable].name, why.text);
    }
    for (CellLog* log : logs) log->release_read();
  }
  return {};
}

// As far as each column goes.
COLD Status JsonColumnsReader::show_rows() {
  if (columns_.closed()) {
    if (Status status = columns_.check_lengths(); !status.ok()) return status;
  }
  Result<std::vector<WantedColumn>> wanted =
      sink_.choose(file_, {columns_.names(), columns_.closed() ? Columns::kComplete : Columns::kFirst});
  if (!wanted.ok()) return wanted.error();
  ColumnBatch batch;
  const auto shown = [&](const WantedColumn& column) {
    return static_cast<std::size_t>(std::min(columns_.columns()[column.position].cells, sink_.most_rows()));
  };
  for (const WantedColumn& column : wanted.value()) batch.size = std::max(batch.size, shown(column));
  std::vector<std::vector<std::string_view>> cells;
  for (const WantedColumn& column : wanted.value()) {
    std::vector<std::string_view>& texts = cells.emplace_back(batch.size);
    for (std::size_t row = 0; row < shown(column); ++row) {
      const CellLog::Cell cell = columns_.columns()[column.position].kept.next();
      texts[row] = cell.kind == CellLog::Kind::kNested ? std::string_view("...") : cell.text;
    }
    batch.columns.emplace_back(TextColumn{texts, {}, nullptr, 0});
  }
  return sink_.add(batch);
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

}  // namespace causal_sessions
