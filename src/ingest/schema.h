// Schema: which column is the user, the time, the event type and the item.
//
// Names match without case or punctuation against a short table of synonyms, unless the plan names them.
// The column that says when an event became known is the one that the plan names, and is none of the four then.
// Further columns that the plan names, for covariates, are found by their names alone; a file may lack them.
// Errors:  kMissingColumn (says which were found), kAmbiguousColumn (lists the candidates).
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "ingest/build/row_batch.h"
#include "ingest/reading_options.h"

namespace causal_sessions {

struct Schema {
  std::vector<std::string> names;                         // every column of the file
  std::array<std::optional<std::size_t>, kRoles> column;  // position by role; the item's may be unset
  std::vector<std::optional<std::size_t>> values =
      {};                                    // of the plan's further columns; unset where the file has none of the name
  std::optional<std::size_t> known_at = {};  // unset where the plan names none
  bool operator==(const Schema&) const = default;

  [[nodiscard]] std::string name_of(Role role) const {
    const auto& at = column[static_cast<std::size_t>(role)];
    return at ? names[*at] : kRoleNames[static_cast<std::size_t>(role)];
  }
};

// Whether a header cell could be one of the columns looked for; tells a header from a first row of data.
[[nodiscard]] bool is_known_column(std::string_view name);
[[nodiscard]] bool is_known_as(std::string_view name, Role role);

// kMayGrow: further columns may turn up, as keys do in JSON, so an item column that the plan names may still come.
// kFirst: these are the first of a file's columns, for a preview; any other may still come.
enum class Columns : std::uint8_t { kComplete, kMayGrow, kFirst };

// `chosen`: by role, those that are known already.
using ChosenColumns = std::array<std::optional<std::size_t>, kRoles>;
[[nodiscard]] Result<Schema> find_columns(const std::string& file, std::vector<std::string> names, const ReadingOptions& options,
                                          Columns columns = Columns::kComplete, const ChosenColumns& chosen = {});

// Those of the columns that are surely one of the four, whichever others are missing.
[[nodiscard]] ChosenColumns sure_columns(std::span<const std::string> names, const ReadingOptions& options,
                                         const ChosenColumns& chosen = {});

// Lower case, letters and digits only.
[[nodiscard]] std::string normalized_name(std::string_view name);

// Columns whose names make them worth a look where none is surely what is looked for.
[[nodiscard]] std::vector<std::size_t> likely_columns(std::span<const std::string> names, Role role);

// Columns that answer to a name: the exact ones, else those equal without case and punctuation.
[[nodiscard]] std::vector<std::size_t> columns_named(std::span<const std::string> names, const std::string& wanted);

// `"a", "b" and 3 more`.
[[nodiscard]] std::string listed_names(const std::vector<std::string>& names);

// What the plan has for each role.
[[nodiscard]] std::array<const ColumnName*, kRoles> planned_columns(const ReadingOptions& options);

// The columns that the plan may mean by when an event became known; parts that make one time together have a name of their own.
[[nodiscard]] std::vector<std::size_t> columns_of_known(std::span<const std::string> names, const ReadingOptions& options);
[[nodiscard]] std::string name_of_known(const ColumnName& known);

// Whether a column of this name could be needed under this plan.
[[nodiscard]] bool may_be_needed(const std::string& name, const ReadingOptions& options);

// Whether find_columns() could find something else once a column of this name has come behind those of the schema.
[[nodiscard]] bool may_change_columns(const Schema& schema, std::string_view name, const ReadingOptions& options);

// Whether find_columns() could choose a column of this name and position, whichever others there are.
[[nodiscard]] bool may_be_chosen(const std::string& name, std::size_t position, const ReadingOptions& options);

}  // namespace causal_sessions
