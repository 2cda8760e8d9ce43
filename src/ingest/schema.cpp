#include "ingest/schema.h"

#include <algorithm>

#include "core/cold.h"
#include "core/wording.h"
#include "ingest/columns/path.h"

namespace causal_sessions {
namespace {

// Normalized.
const std::array<std::vector<std::string_view>, kRoles> kSynonyms = {{
    {"userid", "user", "clientid", "visitorid", "visitor", "customerid", "customer", "memberid", "uid", "userpseudoid",
     "anonymousid", "distinctid", "personid"},
    {"eventtimestamp", "timestamp", "eventtime", "time", "ts", "datetime", "eventdatetime", "createdat", "occurredat"},
    {"eventtype", "event", "eventname", "type", "action", "actiontype"},
    {"productid", "product", "itemid", "item", "sku", "aid", "articleid", "listingid", "contentid"},
}};

// Parts of normalized names that make a column worth a look where none is surely the one; none for the item.
const std::array<std::vector<std::string_view>, kRoles> kHints = {{
    {"user", "client", "visitor", "customer", "session", "member", "account", "device", "cookie", "person", "profile", "buyer",
     "shopper", "subscriber", "guest", "email"},
    {"time", "date", "stamp", "epoch"},
    {"event", "type", "action", "activity", "behavior", "behaviour"},
    {},
}};

bool has_synonym(std::size_t role, std::string_view key) {
  return std::find(kSynonyms[role].begin(), kSynonyms[role].end(), key) != kSynonyms[role].end();
}

bool is_synonym(std::size_t role, std::string_view name) { return has_synonym(role, normalized_name(name)); }

// In quotes, with byte order marks that can be seen.
std::string shown(std::string_view name) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  std::string text = "\"";
  for (std::size_t at = 0; at < name.size();) {
    const bool mark = name.substr(at).starts_with(kMark);
    text.append(mark ? "\\uFEFF" : name.substr(at, 1));
    at += mark ? kMark.size() : 1;
  }
  return text + "\"";
}

std::string list(std::span<const std::string> names, const std::vector<std::size_t>& chosen) {
  std::string text;
  for (const std::size_t i : chosen) text += (text.empty() ? "" : ", ") + shown(names[i]);
  return text;
}

std::string list_all(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 30;
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < names.size() && i < kShown; ++i) all.push_back(i);
  const std::string more = names.size() > kShown ? " and " + std::to_string(names.size() - kShown) + " more" : "";
  return list(names, all) + more;
}

// Whether a name is the wanted one, or the column that a path begins with.
bool answers(const std::string& wanted, const std::string& name) {
  return !wanted.empty() && (normalized_name(wanted) == normalized_name(name) || is_path_below(wanted, name));
}

// Of several, one of them.
bool answers(const ColumnName& wanted, const std::string& name) {
  return answers(wanted.name, name) ||
         std::any_of(wanted.several.begin(), wanted.several.end(), [&](const ColumnName& one) { return answers(one, name); });
}

bool has_number(const ColumnName& wanted, std::size_t number) {
  return wanted.number == number ||
         std::any_of(wanted.several.begin(), wanted.several.end(), [&](const ColumnName& one) { return one.number == number; });
}

bool answers_a_value(const ReadingOptions& options, const std::string& name) {
  const std::vector<std::string> wanted = options.values.names();
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& one) { return answers(one, name); });
}

// The part of a path by which Hive and Spark tell the value of a column that all of a file's rows have:
// "event_type=click" in "shop/event_type=click/part-0.parquet". Empty if there is none for the role.
std::string_view hive_part(std::string_view path, std::size_t role) {
  for (std::size_t equal = path.find('='); equal != path.npos; equal = path.find('=', equal + 1)) {
    const auto is_name = [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    const std::size_t folder = path.find_first_of("/\\", equal);
    const std::size_t end = folder != path.npos ? folder : std::min(path.find('.', equal), path.size());
    std::size_t begin = equal;
    while (begin > 0 && is_name(path[begin - 1])) --begin;
    if (is_synonym(role, path.substr(begin, equal - begin))) return path.substr(begin, end - begin);
  }
  return {};
}

std::string key_of(std::size_t role) { return "columns." + std::string(kRoleNames[role]); }

// `"user_id"`; of several `"user_id", "cookie"`.
std::string words_of(const ColumnName& wanted) {
  if (wanted.several.empty()) return shown(wanted.number != 0 ? std::to_string(wanted.number) : wanted.name);
  std::string words;
  for (const ColumnName& one : wanted.several) words.append(words.empty() ? "" : ", ").append(words_of(one));
  return words;
}

// `roles`: those that are missing, the one of the finding first.
COLD Error missing(const std::string& file, const std::vector<std::string>& names, std::span<const std::size_t> roles,
                   const std::string& finding) {
  const std::size_t role = roles[0];
  const std::string key = key_of(role);
  if (names.empty()) return {ErrorCode::kMissingColumn, file + " has no columns", {file, {}, {}, key}};
  std::string text = file + ": " + finding + " the file has " + list_all(names);
  if (finding.back() != ';') text[file.size() + finding.size() + 3] = 'T';  // a sentence by itself
  if (const std::string_view part = hive_part(file, role); !part.empty()) {
    text.append(". Its name says \"").append(part).append("\": set ").append(key).append(" to {\"value\": \"");
    text.append(part.substr(part.find('=') + 1)).append("\"}, or put the file into a folder of that name");
  }
  std::string keys = key;
  for (const std::size_t other : roles.subspan(1)) keys.append(other == roles.back() ? " and " : ", ").append(key_of(other));
  return {ErrorCode::kMissingColumn,
          text + ". Name the column" + (roles.size() > 1 ? "s" : "") + " in the plan: " + keys,
          {file, {}, {}, key}};
}

COLD Error ambiguous(const std::string& file, const std::vector<std::string>& names, std::size_t role,
                     const std::vector<std::size_t>& found) {
  const std::string key = key_of(role);
  std::string numbers;
  for (const std::size_t i : found) numbers += (numbers.empty() ? "" : i == found.back() ? " or " : ", ") + std::to_string(i + 1);
  const bool equal = std::all_of(found.begin(), found.end(), [&](std::size_t i) { return names[i] == names[found[0]]; });
  return {ErrorCode::kAmbiguousColumn,
          file + ": more than one column could be the " + kRoleNames[role] + ": " + list(names, found) + ". Name the right one" +
              (equal ? " by number, " + numbers + "," : std::string()) + " in the plan: " + key +
              (equal || role == static_cast<std::size_t>(Role::kTime)
                   ? std::string()
                   : ", or all of them as a list, of which the first that has a value counts"),
          {file, {}, {}, key}};
}

// `set columns.time to ["year", "month", "day"] and time.format to "%Y %m %d"`, where a column is the year, one the month and so
// on; empty otherwise.
COLD std::string time_in_parts(std::span<const std::string> names) {
  constexpr std::pair<std::string_view, const char*> kParts[] = {{"year", "%Y"}, {"month", "%m"},  {"day", "%d"},
                                                                 {"hour", "%H"}, {"minute", "%M"}, {"second", "%S"}};
  std::string columns, format;
  std::size_t found = 0;
  for (const auto& [part, letters] : kParts) {
    const std::vector<std::size_t> at = columns_named(names, std::string(part));
    if (at.size() != 1) break;
    columns.append(found == 0 ? "\"" : ", \"").append(names[at[0]]).append("\"");
    format.append(found == 0 ? "" : " ").append(letters);
    ++found;
  }
  return found < 3 ? std::string() : "set columns.time to [" + columns + "] and time.format to \"" + format + "\"";
}

// Those that could be a role's by the plan, or by their names.
std::vector<std::size_t> columns_of(std::size_t role, std::span<const std::string> names, const ColumnName& wanted,
                                    const ChosenColumns& chosen, const std::vector<std::size_t>& known) {
  if (chosen[role]) return {*chosen[role]};
  if (wanted.number != 0)
    return wanted.number <= names.size() ? std::vector<std::size_t>{wanted.number - 1} : std::vector<std::size_t>();
  if (!wanted.name.empty()) return columns_named(names, wanted.name);
  std::vector<std::size_t> found;
  for (std::size_t i = 0; wanted.several.empty() && i < names.size(); ++i) {
    if (is_synonym(role, names[i]) && std::find(known.begin(), known.end(), i) == known.end()) found.push_back(i);
  }
  return found;
}

}  // namespace

ChosenColumns sure_columns(std::span<const std::string> names, const ReadingOptions& options, const ChosenColumns& chosen) {
  const std::array<const ColumnName*, kRoles> planned = planned_columns(options);
  const std::vector<std::size_t> known = columns_of_known(names, options);
  ChosenColumns sure;
  for (std::size_t role = 0; role < kRoles; ++role) {
    const std::vector<std::size_t> found = columns_of(role, names, *planned[role], chosen, known);
    if (found.size() == 1 && std::find(sure.begin(), sure.begin() + role, found[0]) == sure.begin() + role) sure[role] = found[0];
  }
  return sure;
}

std::string normalized_name(std::string_view name) {
  std::string key;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      key += static_cast<char>(c - 'A' + 'a');
    } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80) {
      key += c;
    }
  }
  return key;
}

COLD std::vector<std::size_t> likely_columns(std::span<const std::string> names, Role role) {
  constexpr std::size_t kShown = 5;
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < names.size() && found.size() < kShown; ++i) {
    if (is_known_column(names[i])) continue;  // as another role
    const std::string key = normalized_name(names[i]);
    const auto& hints = kHints[static_cast<std::size_t>(role)];
    if (std::any_of(hints.begin(), hints.end(), [&](std::string_view hint) { return key.find(hint) != key.npos; }))
      found.push_back(i);
  }
  return found;
}

std::string listed_names(const std::vector<std::string>& names) { return list_all(names); }

bool is_known_column(std::string_view name) {
  const std::string key = normalized_name(name);
  for (std::size_t role = 0; role < kRoles; ++role) {
    if (has_synonym(role, key)) return true;
  }
  return false;
}

std::vector<std::size_t> columns_named(std::span<const std::string> names, const std::string& wanted) {
  std::vector<std::size_t> exact, loose;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == wanted) exact.push_back(i);
    if (normalized_name(names[i]) == normalized_name(wanted)) loose.push_back(i);
  }
  return exact.empty() ? loose : exact;
}

std::array<const ColumnName*, kRoles> planned_columns(const ReadingOptions& options) {
  return {&options.columns.user, &options.columns.time, &options.columns.type, &options.columns.item};
}

std::string name_of_known(const ColumnName& known) {
  if (known.several.empty()) return known.number != 0 ? std::to_string(known.number) : known.name;
  std::string name;
  for (const ColumnName& part : known.several) name.append(name.empty() ? "" : ", ").append(name_of_known(part));
  return name;
}

std::vector<std::size_t> columns_of_known(std::span<const std::string> names, const ReadingOptions& options) {
  const ColumnName& known = options.columns.known_at;
  const std::uint32_t number = known.several.size() == 1 ? known.several[0].number : known.number;
  if (!known.is_set() || number > names.size()) return {};
  return number != 0 ? std::vector<std::size_t>{number - 1} : columns_named(names, name_of_known(known));
}

bool is_known_as(std::string_view name, Role role) { return is_synonym(static_cast<std::size_t>(role), name); }

bool may_change_columns(const Schema& schema, std::string_view name, const ReadingOptions& options) {
  const std::array<const ColumnName*, kRoles> planned = planned_columns(options);
  const std::string key = normalized_name(name);
  for (std::size_t role = 0; role < kRoles; ++role) {
    const ColumnName& wanted = *planned[role];
    if (wanted.number != 0) continue;
    const auto& at = schema.column[role];
    const bool exact = at && schema.names[*at] == wanted.name;  // then names that are only like it do not count
    if (wanted.is_set() ? !exact && answers(wanted, std::string(name)) : has_synonym(role, key)) return true;
  }
  const ColumnName& known = options.columns.known_at;
  if (schema.known_at && schema.names[*schema.known_at] != known.name && answers(known, std::string(name))) return true;
  const std::vector<std::string> values = options.values.names();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto& at = schema.values[i];
    if (!(at && schema.names[*at] == values[i]) && answers(values[i], std::string(name))) return true;
  }
  return false;
}

bool may_be_needed(const std::string& name, const ReadingOptions& options) {
  const auto planned = planned_columns(options);
  return is_known_column(name) || answers_a_value(options, name) || answers(options.columns.known_at, name) ||
         std::any_of(planned.begin(), planned.end(), [&](const ColumnName* wanted) { return answers(*wanted, name); });
}

bool may_be_chosen(const std::string& name, std::size_t position, const ReadingOptions& options) {
  const std::array<const ColumnName*, kRoles> planned = planned_columns(options);
  for (std::size_t role = 0; role < kRoles; ++role) {
    const ColumnName& wanted = *planned[role];
    const bool fits = wanted.number != 0 ? wanted.number == position + 1
                      : wanted.is_set()  ? answers(wanted, name)
                                         : is_synonym(role, name);
    if (fits) return true;
  }
  const ColumnName& known = options.columns.known_at;
  return answers_a_value(options, name) || answers(known, name) || has_number(known, position + 1);
}

namespace {

COLD Error taken_already(const std::string& file, const std::string& column, const std::string& as, const std::string& key) {
  return {ErrorCode::kAmbiguousColumn,
          filled("{}: the column {} is {} and can be nothing else; take it out of {}", {file, shown(column), as, key}),
          {file, {}, {}, key}};
}

// Every file has to say when its events became known, as it says their times.
COLD std::optional<Error> find_known(const std::string& file, const std::vector<std::string>& names,
                                     const ReadingOptions& options, Columns columns, Schema& schema) {
  const ColumnName& known = options.columns.known_at;
  if (!known.is_set()) return {};
  const std::string key = "columns.knownAt";
  const std::vector<std::size_t> found = columns_of_known(names, options);
  if (found.empty() && columns == Columns::kFirst) return {};
  if (found.size() != 1) {
    return Error{found.empty() ? ErrorCode::kMissingColumn : ErrorCode::kAmbiguousColumn,
                 filled("{}: {} {} for when an event became known; the file has {}. Name it in the plan: {}",
                        {file, found.empty() ? "there is no column" : "more than one column is named",
                         shown(name_of_known(known)), listed_names(names), key}),
                 {file, {}, {}, key}};
  }
  for (std::size_t role = 0; role < kRoles; ++role) {
    if (schema.column[role] == found[0]) return taken_already(file, names[found[0]], "the " + std::string(kRoleNames[role]), key);
  }
  schema.known_at = found[0];
  return {};
}

// The plan's further columns; which files must have them is asked once all have been read.
COLD std::optional<Error> find_values(const std::string& file, std::span<const std::string> names, const ReadingOptions& options,
                                      Schema& schema) {
  for (const std::string& wanted : options.values.names()) {
    const std::string key = options.values.key_of(schema.values.size());
    const std::vector<std::size_t> found = columns_named(names, wanted);
    if (found.size() > 1) {
      const bool equal = std::all_of(found.begin(), found.end(), [&](std::size_t i) { return names[i] == names[found[0]]; });
      const std::string finding = equal ? filled("is named {}; rename all but one of them, or name another", {shown(wanted)})
                                        : filled("could be {}: {}. Name the right one", {shown(wanted), list(names, found)});
      return Error{ErrorCode::kAmbiguousColumn,
                   filled("{}: more than one column {} in the plan: {}", {file, finding, key}),
                   {file, {}, {}, key}};
    }
    const auto same = found.empty() ? schema.values.end() : std::find(schema.values.begin(), schema.values.end(), found[0]);
    if (same != schema.values.end() && schema.values.size() < options.values.covariates.size()) {
      const std::string& other = options.values.covariates[static_cast<std::size_t>(same - schema.values.begin())];
      return Error{ErrorCode::kAmbiguousColumn,
                   filled("{}: {} and {} are the same column, {}; leave one of them out of {}",
                          {file, shown(other), shown(wanted), shown(names[found[0]]), key}),
                   {file, {}, {}, key}};
    }
    for (const Role role : {Role::kUser, Role::kTime}) {
      if (found.empty() || schema.column[static_cast<std::size_t>(role)] != found[0]) continue;
      return taken_already(file, names[found[0]], "the " + std::string(kRoleNames[static_cast<std::size_t>(role)]), key);
    }
    if (!found.empty() && schema.known_at == found[0])
      return taken_already(file, names[found[0]], "when an event became known", key);
    schema.values.push_back(found.empty() ? std::nullopt : std::optional(found[0]));
  }
  return {};
}

}  // namespace

Result<Schema> find_columns(const std::string& file, std::vector<std::string> names, const ReadingOptions& options,
                            Columns columns, const ChosenColumns& chosen) {
  const std::array<const ColumnName*, kRoles> planned = planned_columns(options);
  if (names.empty() && columns == Columns::kComplete) {
    return Error{ErrorCode::kMissingColumn, file + " has no columns; a table of events is needed", {file, {}, {}, {}}};
  }
  const std::vector<std::size_t> known = columns_of_known(names, options);
  Schema schema;
  for (std::size_t role = 0; role < kRoles; ++role) {
    const ColumnName& wanted = *planned[role];
    const std::vector<std::size_t> found = columns_of(role, names, wanted, chosen, known);
    const std::string role_name = kRoleNames[role];
    const bool optional = role == static_cast<std::size_t>(Role::kItem);
    const bool may_come = columns == Columns::kFirst || (columns == Columns::kMayGrow && optional);
    if (found.empty() && wanted.is_set() && !may_come) {
      if (wanted.name.find('[') != std::string::npos && !read_path(wanted.name)) {
        return missing(file, names, std::array{role},
                       shown(wanted.name) + " is neither a column nor a path, such as items[0].id, for the " + role_name + ";");
      }
      const std::string asked = wanted.number != 0 ? "number " + std::to_string(wanted.number) : words_of(wanted);
      return missing(file, names, std::array{role}, "there is no column " + asked + " for the " + role_name + ";");
    }
    if (found.empty() && !optional && !may_come && !columns_of(role, names, wanted, chosen, {}).empty()) {
      const std::string key = key_of(role);
      return Error{
          ErrorCode::kMissingColumn,
          filled("{}: only the column {} looks like the {}, and columns.knownAt names it; name another one in the plan: {}, or "
                 "columns.knownAt",
                 {file, shown(names[known[0]]), role_name, key}),
          {file, {}, {}, key}};
    }
    if (found.empty() && !optional && !may_come) {
      if (const std::string parts = time_in_parts(names); role == static_cast<std::size_t>(Role::kTime) && !parts.empty())
        return Error{ErrorCode::kMissingColumn,
                     file + ": no column is the time, but its parts are there: " + parts,
                     {file, {}, {}, key_of(role)}};
      const std::vector<std::size_t> likely = likely_columns(names, static_cast<Role>(role));
      if (!likely.empty()) {
        return missing(file, names, std::array{role}, "no column is surely the " + role_name + ": " + list(names, likely) + "?");
      }
      std::vector<std::size_t> roles = {role};
      std::string finding = "no column looks like the " + role_name;
      for (std::size_t other = role + 1; other < kRoles; ++other) {
        if (other == static_cast<std::size_t>(Role::kItem) || planned[other]->is_set()) continue;
        if (!columns_of(other, names, *planned[other], chosen, known).empty()) continue;
        finding.append(roles.size() == 1 ? ", and none like the " : " or the ").append(kRoleNames[other]);
        roles.push_back(other);
      }
      return missing(file, names, roles, finding + ";");
    }
    if (found.size() > 1) return ambiguous(file, names, role, found);
    for (std::size_t earlier = 0; earlier < role && !found.empty(); ++earlier) {
      if (schema.column[earlier] != found[0] || chosen[role]) continue;
      const std::string key = key_of(role);
      return Error{ErrorCode::kAmbiguousColumn,
                   file + ": the column \"" + names[found[0]] + "\" would be both the " + kRoleNames[earlier] + " and the " +
                       role_name + ". Name another one in the plan: " + key,
                   {file, {}, {}, key}};
    }
    if (!found.empty()) schema.column[role] = found[0];
  }
  if (std::optional<Error> error = find_known(file, names, options, columns, schema)) return *std::move(error);
  if (std::optional<Error> error = find_values(file, names, options, schema)) return *std::move(error);
  schema.names = std::move(names);
  return schema;
}

}  // namespace causal_sessions
