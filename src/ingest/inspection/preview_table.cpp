#include "ingest/inspection/preview_table.h"

#include <algorithm>
#include <utility>

#include "core/string_pool.h"
#include "core/utf8.h"

namespace causal_sessions {
namespace {

using Rows = std::span<std::vector<std::string>>;

// Bytes that are no text as PostgreSQL shows them, the first of them: \x89504e47…
std::string cell_text(std::string_view bytes) {
  if (find_invalid_utf8(bytes) == bytes.size()) return std::string(bytes);
  constexpr std::size_t kShownBytes = 16;
  constexpr char kHex[] = "0123456789abcdef";
  std::string text = "\\x";
  for (const char c : bytes.substr(0, kShownBytes)) {
    text += kHex[static_cast<unsigned char>(c) >> 4];
    text += kHex[static_cast<unsigned char>(c) & 15];
  }
  return bytes.size() > kShownBytes ? text + "…" : text;
}

void show_texts(const TextColumn& texts, Rows rows, std::size_t place) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool missing = !texts.codes.empty() && texts.codes[i] == StringPool::kNone;
    if (!missing) rows[i][place] = cell_text(texts.texts[texts.codes.empty() ? i : texts.codes[i]]);
  }
}

void show_times(const TimeColumn& times, Rows rows, std::size_t place) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (times.state(i) != TimeColumn::kMissing) rows[i][place] = times.text(i);
  }
}

}  // namespace

Result<std::vector<WantedColumn>> PreviewTable::choose(const std::string& file, TableColumns columns) {
  Result<Schema> schema = find_columns(file, columns, options_);
  preview_.known = columns.looks_like(options_);
  preview_.sure = sure_columns(columns.names, options_, columns.chosen);
  preview_.names = std::move(columns.names);
  preview_.types = std::move(columns.types);
  preview_.paths = std::move(columns.paths);
  if (schema.ok()) preview_.schema = std::move(schema.value());
  else preview_.problem = schema.error();
  wanted_.clear();
  place_.clear();
  width_ = 0;
  for (std::size_t role = 0; role < kRoles && preview_.schema && !preview_.problem; ++role) {
    const auto& at = preview_.schema->column[role];
    if (!at) continue;
    wanted_.push_back({*at, ReadAs::kShown});
    if (columns.refuse) preview_.problem = columns.refuse(*at, static_cast<Role>(role));
  }
  if (preview_.problem) wanted_.clear();
  if (shown_ == Shown::kIds) {
    choose_ids();
    return wanted_;
  }
  std::vector<bool> needed(preview_.names.size());
  for (const WantedColumn& column : wanted_) needed[column.position] = true;
  preview_.untold.assign(needed.size(), false);
  for (std::size_t i = 0; i < needed.size(); ++i) {
    if (needed[i]) continue;
    if (!columns.has_text || columns.has_text(i)) wanted_.push_back({i, ReadAs::kShown, false});
    else preview_.untold[i] = true;
  }
  width_ = preview_.names.size();
  for (const WantedColumn& column : wanted_) place_.push_back(column.position);
  return wanted_;
}

void PreviewTable::choose_ids() {
  wanted_.clear();
  for (const Role role : {Role::kUser, Role::kItem}) {
    auto& at = preview_.schema->column[static_cast<std::size_t>(role)];
    if (!at) continue;
    wanted_.push_back({*at, ReadAs::kShown});
    at = width_;
    place_.push_back(width_++);
  }
}

Status PreviewTable::add(const RowBatch& batch) {
  for (std::size_t i = 0; i < batch.size; ++i) {
    std::vector<std::string>& row = preview_.rows.emplace_back(width_);
    for (std::size_t slot = 0; slot < wanted_.size(); ++slot) row[place_[slot]] = batch.cells[slot][i];
  }
  return {};
}

Status PreviewTable::add(const ColumnBatch& batch) {
  const std::uint64_t first = batch.first_row - 1;
  expect_rows(first + batch.size);
  if (first >= preview_.rows.size()) return {};
  const Rows rows = Rows(preview_.rows).subspan(first, std::min<std::size_t>(batch.size, preview_.rows.size() - first));
  for (std::size_t i = 0; i < batch.columns.size(); ++i) {
    const std::size_t place = place_[batch.first_column + i];
    const auto* const texts = std::get_if<TextColumn>(&batch.columns[i]);
    if (texts == nullptr) show_times(std::get<TimeColumn>(batch.columns[i]), rows, place);
    else if (!texts->absent()) show_texts(*texts, rows, place);
  }
  return {};
}

void PreviewTable::show_row(std::span<const std::string_view> cells) {
  std::vector<std::string>& row = preview_.rows.emplace_back();
  if (shown_ == Shown::kAll) {
    row.assign(cells.begin(), cells.end());
    return;
  }
  for (const WantedColumn& column : wanted_)
    row.emplace_back(column.position < cells.size() ? cells[column.position] : std::string_view());
}

void PreviewTable::expect_rows(std::uint64_t rows) {
  const auto count = static_cast<std::size_t>(std::min(rows, most_rows_));
  if (preview_.rows.size() < count) preview_.rows.resize(count, std::vector<std::string>(width_));
}

}  // namespace causal_sessions
