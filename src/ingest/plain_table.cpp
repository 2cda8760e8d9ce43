#include "ingest/plain_table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/number_text.h"
#include "core/utf8.h"
#include "ingest/build/row_issues.h"
#include "ingest/schema.h"

namespace causal_sessions {
namespace {

constexpr double kNotANumber = std::numeric_limits<double>::quiet_NaN();

void remember(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

}  // namespace

PlainTable::PlainTable(ReadingOptions options, std::function<PlainKind(std::string_view name)> kind_of)
    : options_(std::move(options)), kind_of_(std::move(kind_of)) {}

void PlainTable::begin_file(std::string name, std::optional<std::uint64_t> size) {
  std::vector<char> buffer = reading_ ? reading_->take_buffer() : std::vector<char>();
  file_ = {};
  file_.name = std::move(name);
  reading_ = std::make_unique<FileReading>(file_, size, options_, static_cast<TableSink&>(*this), std::move(buffer));
}

Status PlainTable::commit(std::size_t size) {
  Status status = reading_->commit(size);
  if (!status.ok() || !reading_->is_archive()) return status;
  return Error{
      ErrorCode::kUnknownFormat, file_.name + " is a zip archive, which is no table; unpack it first", {file_.name, {}, {}, {}}};
}

Status PlainTable::end_file() {
  if (Status status = reading_->end(); !status.ok()) return status;
  if (refusal_) return *refusal_;
  return file_.rows == 0 ? no_rows(file_.name) : Status();
}

const PlainColumn* PlainTable::find(std::string_view name) const {
  const auto found = std::find_if(columns_.begin(), columns_.end(), [name](const auto& column) { return column.name == name; });
  return found == columns_.end() ? nullptr : &*found;
}

Result<std::vector<WantedColumn>> PlainTable::choose(const std::string& file, TableColumns columns) {
  std::vector<WantedColumn> wanted;
  place_.clear();
  for (std::size_t i = 0; i < columns.names.size(); ++i) {
    const std::string& name = columns.names[i];
    remember(names_, name);
    const PlainKind kind = kind_of_(name);
    if (kind == PlainKind::kUnread) continue;
    if (std::count(columns.names.begin(), columns.names.end(), name) > 1) {
      return Error{ErrorCode::kAmbiguousColumn,
                   file + " has several columns named \"" + name + "\"; give each one a name of its own",
                   {file, {}, {}, name}};
    }
    if (columns.has_text && !columns.has_text(i)) {
      remember(without_text_, name);
      continue;
    }
    std::size_t at = 0;
    while (at < columns_.size() && columns_[at].name != name) ++at;
    if (at == columns_.size()) {
      PlainColumn& column = columns_.emplace_back();
      column.name = name;
      column.kind = kind;
      for (std::uint64_t row = 0; row < rows_; ++row) put(column, {}, row + 1, {});
    }
    wanted.push_back({i, kind == PlainKind::kId ? ReadAs::kId : ReadAs::kShown});
    place_.push_back(at);
  }
  return wanted;
}

bool PlainTable::is_missing(std::string_view text) const {
  return text.empty() || same_but_for_case(text, "nan") ||
         std::find(options_.input.nulls.begin(), options_.input.nulls.end(), text) != options_.input.nulls.end();
}

void PlainTable::refuse(const PlainColumn& column, std::string_view text, std::uint64_t row, std::optional<std::uint64_t> line,
                        const char* rule) {
  if (refusal_) return;
  const Where where{file_.name, row, line, column.name};
  refusal_ =
      Error{ErrorCode::kBadRows, place(where) + ": " + (text.empty() ? "the value is missing" : shown_cell(text)) + rule, where};
}

void PlainTable::put(PlainColumn& column, std::string_view text, std::uint64_t row, std::optional<std::uint64_t> line) {
  const bool missing = is_missing(text);
  const std::optional<double> number = missing || column.kind == PlainKind::kId ? std::nullopt : read_cell_number(text);
  if (missing) text = {};
  switch (column.kind) {
    case PlainKind::kUnread: return;
    case PlainKind::kFlag:
      if (!number || (*number != 0 && *number != 1)) {
        refuse(column, text, row, line,
               missing ? "; treatment and outcome are 0 or 1 in each row, so leave such rows out or say what they are"
                       : " is neither 0 nor 1; make a column that is 1 where it happened and 0 where it did not");
      }
      break;
    case PlainKind::kShare:
      if (!number || !(*number > 0) || !(*number < 1)) {
        refuse(column, text, row, line,
               "; the probability of treatment is a number above 0 and below 1 in each row, so leave such rows out");
      }
      break;
    case PlainKind::kId:
      if (missing) refuse(column, text, row, line, "; each row needs its user, by whom errors are clustered");
      break;
    case PlainKind::kValue: break;
  }
  if (missing) ++column.missing_rows;
  else if (number) ++column.number_rows;
  else ++column.text_rows;
  if (!missing && !number && column.kind == PlainKind::kValue && !column.first_text)
    column.first_text = {shown_cell(text), place({file_.name, row, line, column.name})};
  if (column.kind != PlainKind::kId) column.numbers.push_back(number.value_or(kNotANumber));
  if (column.kind != PlainKind::kId && (column.kind != PlainKind::kValue || column.too_many_texts())) return;
  column.codes.push_back(missing ? StringPool::kNone : column.texts.intern(text));
  if (column.kind == PlainKind::kValue && column.too_many_texts()) column.codes = {};
}

// Columns that the file lacks are missing in its rows.
Status PlainTable::end_batch(std::size_t rows) {
  std::vector<bool> there(columns_.size());
  for (const std::size_t at : place_) there[at] = true;
  for (std::size_t at = 0; at < columns_.size(); ++at) {
    if (there[at]) continue;
    for (std::size_t i = 0; i < rows; ++i) put(columns_[at], {}, file_.rows + i + 1, {});
  }
  rows_ += rows;
  if (rows_ >= StringPool::kNone) return Error{ErrorCode::kTooLarge, file_.name + ": more than 4,294,967,294 rows", {}};
  if (refusal_) return *refusal_;
  return {};
}

Status PlainTable::add(const RowBatch& batch) {
  for (std::size_t slot = 0; slot < place_.size(); ++slot) {
    for (std::size_t i = 0; i < batch.size; ++i) put(columns_[place_[slot]], batch.cells[slot][i], batch.row[i], batch.line[i]);
  }
  return end_batch(batch.size);
}

Status PlainTable::add(const ColumnBatch& batch) {
  for (std::size_t slot = 0; slot < place_.size(); ++slot) {
    const auto* const texts = std::get_if<TextColumn>(&batch.columns[slot]);
    for (std::size_t i = 0; i < batch.size; ++i) {
      const std::uint64_t row = batch.rows.empty() ? batch.first_row + i : batch.rows[i];
      PlainColumn& column = columns_[place_[slot]];
      if (texts != nullptr) {
        put(column, texts->text(i), row, {});
        continue;
      }
      const auto& times = std::get<TimeColumn>(batch.columns[slot]);
      put(column, times.state(i) == TimeColumn::kMissing ? std::string() : times.text(i), row, {});
    }
  }
  return end_batch(batch.size);
}

void PlainTable::add_bad_row(IssueReason reason, std::uint64_t row, std::optional<std::uint64_t> line, std::string column,
                             std::string_view text) {
  if (refusal_) return;
  const Where where{file_.name, row, line, std::move(column)};
  refusal_ = Error{ErrorCode::kBadRows,
                   place(where) + ": " +
                       (reason == IssueReason::kNestedValue
                            ? "an object or list stands where a table needs a plain value; leave the column out"
                            : std::string(text)),
                   where};
}

}  // namespace causal_sessions
