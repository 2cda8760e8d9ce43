#include "ingest/columns/derived_columns.h"

#include <algorithm>
#include <utility>

#include "core/cold.h"
#include "ingest/columns/folder_values.h"
#include "ingest/file_rules.h"
#include "ingest/schema.h"

namespace causal_sessions {
namespace {

bool is_path(const std::string& name) { return name.find_first_of(".[") != name.npos; }

bool has_path(const ColumnName& column) { return column.constant || !column.several.empty() || is_path(column.name); }

}  // namespace

COLD DerivedColumns::DerivedColumns(const ReadingOptions& options, std::string file, TableSink& sink)
    : options_(options), file_(std::move(file)), sink_(sink), unit_(time_of_file(options, file_).unit) {}

COLD bool DerivedColumns::needed(const ReadingOptions& options, const std::string& file) {
  const auto planned = planned_columns(options);
  const std::vector<std::string> values = options.values.names();
  return !options.input.rows.empty() || find_rule(options, file) != nullptr || !folder_values(file).empty() ||
         std::any_of(planned.begin(), planned.end(), [](const ColumnName* column) { return has_path(*column); }) ||
         has_path(options.columns.known_at) || std::any_of(values.begin(), values.end(), is_path);
}

COLD std::optional<std::size_t> DerivedColumns::find_name(std::string_view name) const {
  const auto found = std::find(names_.begin(), names_.end(), name);
  if (found == names_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - names_.begin());
}

COLD std::size_t DerivedColumns::derive(Derived derived) {
  names_.push_back(derived.name);
  derived_.push_back(std::move(derived));
  return names_.size() - 1;
}

// The keys of the rows become columns; of those around them that are named alike the rows' own count.
COLD Status DerivedColumns::derive_rows(const TableColumns& columns) {
  rows_base_.reset();
  if (options_.input.rows.empty()) return {};
  const std::optional<PathText> read = read_path_text(options_.input.rows);
  for (std::size_t steps = read ? read->path.size() : 0; steps > 0 && !rows_base_; --steps) {
    rows_base_ = find_name(std::string_view(options_.input.rows).substr(0, read->ends[steps - 1]));
    if (rows_base_) rows_path_.assign(read->path.begin() + static_cast<std::ptrdiff_t>(steps), read->path.end());
  }
  if (!rows_base_) {
    return Error{ErrorCode::kMissingColumn,
                 file_ + ": there is nothing named \"" + options_.input.rows + "\" for input.rows; it has " +
                     listed_names(names_) + ". Name the rows' place in the plan: input.rows",
                 {file_, {}, {}, "input.rows"}};
  }
  const bool list = !rows_path_.empty() && rows_path_.back().kind == PathStep::Kind::kEach;
  if (list) rows_path_.pop_back();
  rows_path_.push_back({PathStep::Kind::kRows});
  // Told at the file's beginning alone.
  if (columns.below) rows_keys_ = columns.below(*rows_base_, rows_path_);
  for (const std::string& key : rows_keys_) {
    if (const auto outer = find_name(key); outer && *outer < own_) names_[*outer] += " (outside of " + options_.input.rows + ")";
    Path path = rows_path_;
    path.push_back({PathStep::Kind::kKey, key});
    (void)derive({.kind = Derived::Kind::kPath, .name = key, .base = *rows_base_, .path = std::move(path)});
  }
  return {};
}

// A column of the file's own says more than its folder, which has what is missing there.
COLD void DerivedColumns::derive_folders() {
  folders_.clear();
  for (FolderValue& folder : folder_values(file_)) {
    if (const auto own = find_name(folder.name)) {
      if (*own < own_ && !shows()) folders_.push_back({*own, std::move(folder.value)});
      continue;
    }
    (void)derive({.kind = Derived::Kind::kConstant, .name = std::move(folder.name), .text = std::move(folder.value)});
  }
}

COLD std::optional<std::size_t> DerivedColumns::derive_path(const std::string& text) {
  const std::optional<PathText> read = read_path_text(text);
  if (!read) return std::nullopt;
  const auto rest = [&](std::size_t steps) { return read->path.begin() + static_cast<std::ptrdiff_t>(steps); };
  for (std::size_t steps = read->path.size() - 1; steps > 0; --steps) {
    const auto at = find_name(std::string_view(text).substr(0, read->ends[steps - 1]));
    if (!at) continue;
    const bool own = *at < own_;
    if (!own && derived_[*at - own_].kind != Derived::Kind::kPath) continue;
    Path path = own ? Path() : derived_[*at - own_].path;
    path.insert(path.end(), rest(steps), read->path.end());
    return derive(
        {.kind = Derived::Kind::kPath, .name = text, .base = own ? *at : derived_[*at - own_].base, .path = std::move(path)});
  }
  if (!rows_base_) return std::nullopt;
  Path path = rows_path_;
  path.insert(path.end(), rest(0), read->path.end());
  return derive({.kind = Derived::Kind::kPath, .name = text, .base = *rows_base_, .path = std::move(path)});
}

// Those that the file has not are passed over, but for the parts of a time.
COLD std::optional<std::size_t> DerivedColumns::derive_several(const ColumnName& wanted, bool joined) {
  Derived derived{.kind = joined ? Derived::Kind::kJoined : Derived::Kind::kFirst, .name = {}};
  for (const ColumnName& one : wanted.several) {
    std::optional<std::size_t> at;
    if (one.number != 0) {
      if (one.number <= own_) at = one.number - 1;
    } else {
      at = derive_name(one.name);
    }
    if (!at && joined) return std::nullopt;
    if (!at) continue;
    derived.name.append(derived.name.empty() ? "" : ", ").append(names_[*at]);
    derived.parts.push_back(*at);
  }
  if (derived.parts.size() == 1) return derived.parts[0];
  return derived.parts.empty() ? std::nullopt : std::optional(derive(std::move(derived)));
}

// Nothing: the sink is to find it.
COLD std::optional<std::size_t> DerivedColumns::derive_role(std::size_t role) {
  const ColumnName& wanted = *planned_columns(options_)[role];
  const auto constant = [&](const std::string& text) {
    return derive({.kind = Derived::Kind::kConstant, .name = "\"" + text + "\" of the plan", .text = text});
  };
  if (role == static_cast<std::size_t>(Role::kType) && type_of_file_) return constant(*type_of_file_);
  if (wanted.constant) return constant(*wanted.constant);
  if (!wanted.several.empty()) return derive_several(wanted, role == static_cast<std::size_t>(Role::kTime));
  if (wanted.name.empty()) return std::nullopt;
  const std::optional<std::size_t> at = derive_name(wanted.name);
  return at && *at < own_ ? std::nullopt : at;  // the sink also says where two columns answer to the name
}

// The sink finds it by its name.
COLD void DerivedColumns::derive_known() {
  const ColumnName& known = options_.columns.known_at;
  if (known.several.empty()) {
    if (!known.name.empty()) (void)derive_name(known.name);
  } else if (const auto at = derive_several(known, true); at && *at >= own_) {
    names_[*at] = name_of_known(known);
  }
}

// Whether the file has a type beside the one that input.files gives it. A column that the plan names as well is refused: which of
// both is meant, nothing tells. A constant is for the files that no rule fits.
COLD Status DerivedColumns::check_type_of_file() {
  const FileRule* const rule = find_rule(options_, file_);
  type_of_file_ = rule != nullptr ? rule->type : std::nullopt;
  found_.type_beside.clear();
  const ColumnName& planned = options_.columns.type;
  if (!type_of_file_ || planned.constant) return {};
  const auto column_of = [&](const ColumnName& wanted) -> std::optional<std::size_t> {
    if (wanted.number != 0) return wanted.number <= own_ ? std::optional<std::size_t>(wanted.number - 1) : std::nullopt;
    return wanted.name.empty() ? std::nullopt : derive_name(wanted.name);
  };
  std::optional<std::size_t> named = column_of(planned);
  for (const ColumnName& one : planned.several) {
    if (!named && !one.constant) named = column_of(one);
  }
  if (named) {
    return Error{ErrorCode::kBadPlan,
                 file_ + ": columns.type names its column \"" + names_[*named] +
                     "\", and input.files gives all of its events the type \"" + *type_of_file_ +
                     "\"; leave \"type\" out of the rule \"" + rule->match +
                     "\" to have the column's, or columns.type to have the rule's",
                 {file_, {}, {}, "input.files"}};
  }
  if (planned.is_set()) return {};
  const auto end =
      std::find_if(names_.begin(), names_.end(), [](const std::string& name) { return is_known_as(name, Role::kType); });
  if (end != names_.end()) found_.type_beside = *end;
  return {};
}

// A column of just this name, or a path, or a column whose name is like it.
COLD std::optional<std::size_t> DerivedColumns::derive_name(const std::string& name) {
  if (const auto at = find_name(name)) return at;
  const std::vector<std::size_t> alike = columns_named(names_, name);
  const bool path = is_path(name);
  if (!path && !alike.empty()) return alike[0];
  if (const auto at = derive_path(name)) return at;
  return alike.empty() ? std::nullopt : std::optional(alike[0]);
}

// A time or type that the plan does not name, and that stands outside of the rows though they have what may be their own.
COLD void DerivedColumns::look_outside_of_rows(std::span<const WantedColumn> chosen) {
  found_.outside = {};
  if (!rows_base_ || shows()) return;
  for (const Role role : {Role::kTime, Role::kType}) {
    if (planned_columns(options_)[static_cast<std::size_t>(role)]->is_set()) continue;
    const auto is_role = [&](const WantedColumn& one) { return one.position < own_ && is_known_as(names_[one.position], role); };
    const auto outer = std::find_if(chosen.begin(), chosen.end(), is_role);
    if (outer == chosen.end()) continue;
    const std::vector<std::size_t> likely = likely_columns(rows_keys_, role);
    if (likely.empty()) continue;
    found_.outside = {role, names_[outer->position], rows_keys_[likely[0]]};
    return;
  }
}

COLD Result<std::vector<WantedColumn>> DerivedColumns::choose(const std::string& file, TableColumns columns) {
  own_ = columns.names.size();
  own_names_ = names_ = columns.names;
  derived_.clear();
  for (WantedColumn& column : wanted_) column.paths.clear();  // they stay, in their order, where a column has turned up late
  sources_.clear();
  values_.clear();
  walks_.clear();
  lists_.clear();
  if (Status status = derive_rows(columns); !status.ok()) {
    if (shows()) (void)sink_.choose(file, std::move(columns));  // what there is, for whoever looks for the rows
    return status.error();
  }
  derive_folders();
  if (Status status = check_type_of_file(); !status.ok()) return status.error();
  for (std::size_t role = 0; role < kRoles; ++role) columns.chosen[role] = derive_role(role);
  derive_known();
  for (const std::string& name : options_.values.names()) (void)derive_name(name);
  columns.names = names_;
  const bool may_grow = columns.known == Columns::kMayGrow;
  refuse_path_ = std::move(columns.refuse_path);
  if (!refuse_path_ && columns.refuse) {
    refuse_path_ = [refuse = columns.refuse](std::size_t column, const Path&) { return refuse(column, Role::kItem); };
  }
  slack_ = columns.nested;
  if (!columns.types.empty()) columns.types.resize(names_.size(), "derived");
  if (columns.refuse) {
    columns.refuse = [own = own_, refuse = columns.refuse](std::size_t column, Role role) {
      return column < own ? refuse(column, role) : std::nullopt;
    };
  }
  if (columns.has_text) {
    columns.has_text = [own = own_, has_text = columns.has_text](std::size_t column) { return column < own && has_text(column); };
  }
  Result<std::vector<WantedColumn>> chosen = sink_.choose(file, std::move(columns));
  if (!chosen.ok()) return chosen;
  look_outside_of_rows(chosen.value());
  for (const WantedColumn& column : chosen.value()) {
    Result<Source> source = source_of(column.position, column);
    if (!source.ok()) return source.error();
    sources_.push_back(std::move(source.value()));
  }
  // Rows are made of elements also where no column is of one.
  if (rows_base_ && lists_.empty()) {
    const std::size_t at = want(*rows_base_, ReadAs::kNested, true);
    wanted_[at].paths.push_back(rows_path_);
    Path path(rows_path_.begin(), rows_path_.end() - 1);
    lists_.push_back({at, path, PathStep::Kind::kRows, PathTree(path)});
  }
  chosen_.clear();
  for (const WantedColumn& column : chosen.value()) chosen_.push_back(names_[column.position]);
  if (may_grow) watch_keys();
  needed_ = static_cast<std::size_t>(
      std::count_if(chosen.value().begin(), chosen.value().end(), [](const WantedColumn& column) { return column.needed; }));
  columns_.resize(wanted_.size());
  roots_.resize(wanted_.size());
  cells_.resize(values_.size());
  out_.emplace(sources_.size());
  return wanted_;
}

// Of the rows' keys those are known that the file's beginning has shown.
COLD void DerivedColumns::watch_keys() {
  watch_.reset();
  if (!rows_base_ || shows()) return;
  watch_.emplace();
  for (const std::string& key : rows_keys_) watch_->know(key);
  const auto goes = [](const Walk& walk) { return walk.list == 1; };
  if (std::none_of(walks_.begin(), walks_.end(), goes)) walks_.push_back({lists_[0].column, 1, {}, {}});
}

// Chooses anew where a key of the rows that the file's beginning had not is one that an event needs. Rows that are under way keep
// what they have.
COLD Status DerivedColumns::take_late_keys() {
  std::vector<std::string> keys = watch_->take_new();
  std::erase_if(keys, [&](const std::string& key) { return !sink_.may_change(key); });
  if (keys.empty()) return {};
  if (Status status = flush(); !status.ok()) return status;
  rows_keys_.insert(rows_keys_.end(), keys.begin(), keys.end());
  const std::vector<std::string> chosen = chosen_;
  const std::size_t wanted = wanted_.size();
  const Result<std::vector<WantedColumn>> again =
      choose(file_, {.names = std::vector<std::string>(own_names_), .known = Columns::kMayGrow, .nested = slack_});
  if (!again.ok()) return again.error();
  // Those before must mean what they meant.
  if (wanted_.size() == wanted && chosen_.size() >= chosen.size() && std::equal(chosen.begin(), chosen.end(), chosen_.begin()))
    return {};
  return Error{ErrorCode::kAmbiguousColumn,
               file_ + ", row " + std::to_string(row_) + ": \"" + keys[0] + "\" is first found here, in the rows of " +
                   options_.input.rows +
                   ", and what an event needs was taken from elsewhere before; name its columns in the plan",
               {file_, row_, std::nullopt, keys[0]}};
}

bool DerivedColumns::may_choose(const std::string& name, std::size_t position) const {
  return sink_.may_choose(name, position) || options_.input.rows.starts_with(name);
}

// The place among those that the reader brings. One that is gone into is brought as it is.
COLD std::size_t DerivedColumns::want(std::size_t position, ReadAs as, bool needed) {
  const auto found =
      std::find_if(wanted_.begin(), wanted_.end(), [&](const WantedColumn& column) { return column.position == position; });
  if (found == wanted_.end()) {
    wanted_.push_back({position, as, needed});
    return wanted_.size() - 1;
  }
  if (as == ReadAs::kNested) found->as = as;
  return static_cast<std::size_t>(found - wanted_.begin());
}

COLD Result<DerivedColumns::Source> DerivedColumns::source_of(std::size_t position, const WantedColumn& column) {
  if (position < own_) {
    Source own{Source::Kind::kColumn, want(position, column.as, column.needed)};
    const auto folder = std::find_if(folders_.begin(), folders_.end(), [&](const Folder& one) { return one.column == position; });
    // A folder that is a date is less than a time.
    if (folder == folders_.end() || column.as == ReadAs::kTime) return own;
    return Source{.kind = Source::Kind::kFolder, .text = folder->value, .parts = {std::move(own)}};
  }
  const Derived& derived = derived_[position - own_];
  if (derived.kind == Derived::Kind::kConstant) return Source{.kind = Source::Kind::kConstant, .text = derived.text};
  if (derived.kind == Derived::Kind::kPath) return path_source(derived, column);
  const bool joined = derived.kind == Derived::Kind::kJoined;
  Source source{joined ? Source::Kind::kJoined : Source::Kind::kFirst};
  for (const std::size_t part : derived.parts) {
    Result<Source> made = source_of(part, {part, joined ? ReadAs::kShown : column.as, column.needed});
    if (!made.ok()) return made;
    source.parts.push_back(std::move(made.value()));
  }
  return source;
}

// Lists on the way are those of the values before, so that all elements of a row come side by side.
COLD Result<DerivedColumns::Source> DerivedColumns::path_source(const Derived& derived, const WantedColumn& column) {
  // Text that holds JSON can be gone into; of formats whose values have types not every other one can.
  if (refuse_path_ && column.needed) {
    if (std::optional<Error> error = refuse_path_(derived.base, derived.path)) return *std::move(error);
  }
  const std::size_t at = want(derived.base, ReadAs::kNested, column.needed);
  wanted_[at].paths.push_back(derived.path);
  std::span<const PathStep> rest = derived.path;
  std::size_t list = 0;
  for (std::size_t steps; (steps = steps_to_list(rest)) != 0 && rest[steps - 1].is_list(); rest = rest.subspan(steps), ++list) {
    const Path path(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(steps - 1));
    const PathStep::Kind kind = rest[steps - 1].kind;
    if (list == lists_.size()) lists_.push_back({at, path, kind, PathTree(path)});
    if (lists_[list].column == at && lists_[list].path == path && lists_[list].kind == kind) continue;
    return Error{ErrorCode::kBadPlan,
                 file_ + ": \"" + derived.name +
                     "\" goes through another list than a column before it; only one list can make "
                     "rows. Take [0] for the first element of the other",
                 {file_, {}, {}, derived.name}};
  }
  const auto same = [&](const Walk& walk) { return walk.column == at && walk.list == list; };
  const auto walk = std::find_if(walks_.begin(), walks_.end(), same);
  Walk& found = walk != walks_.end() ? *walk : walks_.emplace_back(Walk{at, list, {}, {}});
  found.paths.add(rest);
  found.values.push_back(values_.size());
  values_.push_back({list, column.as == ReadAs::kId, derived.name});
  return Source{Source::Kind::kValue, values_.size() - 1};
}

}  // namespace causal_sessions
