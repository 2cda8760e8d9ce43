#include "ingest/columns/item_search.h"

#include <algorithm>

#include "core/cold.h"
#include "core/string_pool.h"
#include "ingest/columns/path.h"

namespace causal_sessions {
namespace {

constexpr std::uint64_t kLookedAt = 20;  // rows
constexpr std::size_t kMostKinds = 16;   // of files, by their columns

bool is_item(const std::string& text) {
  const std::optional<Path> path = read_path(text);
  return path && path->back().kind == PathStep::Kind::kKey && is_known_as(path->back().key, Role::kItem);
}

}  // namespace

COLD bool ItemSearch::wants(const std::string& file) const {
  const Schema& schema = builder_.schema();
  if (builder_.file() != file || schema.column[static_cast<std::size_t>(Role::kItem)] || options_.columns.item.is_set())
    return false;
  const auto is_same = [&](const Searched& one) { return one.names == schema.names; };
  return searched_.size() < kMostKinds && std::none_of(searched_.begin(), searched_.end(), is_same);
}

COLD const std::string& ItemSearch::path(const std::vector<std::string>& names) const {
  static const std::string none;
  const auto is_same = [&](const Searched& one) { return one.names == names; };
  const auto found = std::find_if(searched_.begin(), searched_.end(), is_same);
  return found == searched_.end() ? none : found->item.path;
}

COLD std::uint64_t ItemSearch::most_rows() const { return kLookedAt; }

COLD Result<std::vector<WantedColumn>> ItemSearch::choose(const std::string& file, TableColumns columns) {
  wanted_.clear();
  names_.clear();
  nested_.clear();
  over_ = !wants(file);
  if (over_) return wanted_;
  const Schema& schema = builder_.schema();
  searched_.push_back({schema.names, {}});
  const auto found = std::find_if(columns.paths.begin(), columns.paths.end(), is_item);
  over_ = found != columns.paths.end();
  if (over_) {
    searched_.back().item = {*found, true};
    return wanted_;
  }
  for (std::size_t i = 0; i < columns.names.size(); ++i) {
    const bool is_used = std::any_of(schema.column.begin(), schema.column.end(), [&](const auto& at) { return at == i; });
    if (is_used || !columns.has_text(i)) continue;
    wanted_.push_back({i, ReadAs::kNested, false});
    nested_.push_back(std::any_of(columns.paths.begin(), columns.paths.end(),
                                  [&](const std::string& path) { return is_path_below(path, columns.names[i]); }));
    names_.push_back(std::move(columns.names[i]));
  }
  return wanted_;
}

COLD Status ItemSearch::add(const ColumnBatch& batch) {
  over_ = true;
  for (std::size_t i = 0; i < batch.columns.size(); ++i) {
    const auto* const texts = std::get_if<TextColumn>(&batch.columns[i]);
    if (texts == nullptr || texts->absent()) continue;
    const std::size_t column = batch.first_column + i;
    for (std::size_t row = 0; row < std::min<std::size_t>(batch.size, kLookedAt); ++row) {
      const std::uint64_t at = texts->codes.empty() ? row : texts->codes[row];
      if (!texts->codes.empty() && at == StringPool::kNone) continue;
      searched_.back().item.look_into(names_[column], texts->texts[at], !nested_[column]);
    }
  }
  return {};
}

}  // namespace causal_sessions
