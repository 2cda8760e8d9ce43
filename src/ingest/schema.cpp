#include "ingest/schema.h"

#include <algorithm>

namespace causal_sessions {
namespace {

// Normalized: lower case, letters and digits only.
const std::array<std::vector<std::string_view>, kRoles> kSynonyms = {{
    {"userid", "user", "clientid", "client", "visitorid", "visitor", "customerid", "customer", "memberid",
     "uid", "userpseudoid", "anonymousid", "distinctid", "personid"},
    {"eventtimestamp", "timestamp", "eventtime", "time", "ts", "datetime", "eventdatetime", "createdat",
     "occurredat"},
    {"eventtype", "event", "eventname", "type", "action", "actiontype"},
    {"productid", "product", "itemid", "item", "sku", "aid", "articleid", "listingid", "contentid"},
}};

std::string normalize(std::string_view name) {
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

bool is_synonym(std::size_t role, std::string_view name) {
  const std::string key = normalize(name);
  return std::find(kSynonyms[role].begin(), kSynonyms[role].end(), key) != kSynonyms[role].end();
}

std::string list(const std::vector<std::string>& names, const std::vector<std::size_t>& chosen) {
  std::string text;
  for (const std::size_t i : chosen) {
    text += (text.empty() ? "\"" : ", \"") + names[i] + "\"";
  }
  return text;
}

std::string list_all(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 30;
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < names.size() && i < kShown; ++i) all.push_back(i);
  const std::string more = names.size() > kShown ? " and " + std::to_string(names.size() - kShown) + " more" : "";
  return list(names, all) + more;
}

// Columns that answer to a name: the exact ones, else those equal without case and punctuation.
std::vector<std::size_t> matches(const std::vector<std::string>& names, const std::string& wanted) {
  std::vector<std::size_t> exact, loose;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == wanted) exact.push_back(i);
    if (normalize(names[i]) == normalize(wanted)) loose.push_back(i);
  }
  return exact.empty() ? loose : exact;
}

Error missing(const std::string& file, const std::vector<std::string>& names, std::size_t role,
              const std::string& finding) {
  const std::string key = "columns." + std::string(kRoleNames[role]);
  Error error{ErrorCode::kMissingColumn,
              file + ": " + finding + "; the file has " + list_all(names) + ". Name the column in the plan: " + key,
              {}};
  error.where.file = file;
  error.where.column = key;
  return error;
}

}  // namespace

bool is_known_column(std::string_view name) {
  for (std::size_t role = 0; role < kRoles; ++role) {
    if (is_synonym(role, name)) return true;
  }
  return false;
}

bool may_be_needed(const std::string& name, const Plan& plan) {
  const auto names_it = [&](const ColumnName& wanted) {
    return !wanted.name.empty() && normalize(wanted.name) == normalize(name);
  };
  return is_known_column(name) || names_it(plan.columns.user) || names_it(plan.columns.time) ||
         names_it(plan.columns.type) || names_it(plan.columns.item);
}

bool may_be_chosen(const std::string& name, std::size_t position, const Plan& plan) {
  const std::array<const ColumnName*, kRoles> planned = {&plan.columns.user, &plan.columns.time, &plan.columns.type,
                                                         &plan.columns.item};
  for (std::size_t role = 0; role < kRoles; ++role) {
    const ColumnName& wanted = *planned[role];
    const bool fits = wanted.number != 0      ? wanted.number == position + 1
                      : wanted.name.empty()   ? is_synonym(role, name)
                                              : normalize(wanted.name) == normalize(name);
    if (fits) return true;
  }
  return false;
}

Result<Schema> find_columns(const std::string& file, std::vector<std::string> names, const Plan& plan,
                            Columns columns) {
  const std::array<const ColumnName*, kRoles> planned = {&plan.columns.user, &plan.columns.time,
                                                         &plan.columns.type, &plan.columns.item};
  Schema schema;
  for (std::size_t role = 0; role < kRoles; ++role) {
    const ColumnName& wanted = *planned[role];
    std::vector<std::size_t> found;
    if (wanted.number != 0) {
      if (wanted.number <= names.size()) found.push_back(wanted.number - 1);
    } else if (!wanted.name.empty()) {
      found = matches(names, wanted.name);
    } else {
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (is_synonym(role, names[i])) found.push_back(i);
      }
    }
    const std::string role_name = kRoleNames[role];
    const bool optional = role == static_cast<std::size_t>(Role::kItem);
    const bool may_come = columns == Columns::kFirst || (columns == Columns::kMayGrow && optional);
    if (found.empty() && wanted.is_set() && !may_come) {
      const std::string asked =
          wanted.number != 0 ? "number " + std::to_string(wanted.number) : "\"" + wanted.name + "\"";
      return missing(file, names, role, "there is no column " + asked + " for the " + role_name);
    }
    if (found.empty() && !optional && !may_come) {
      return missing(file, names, role, "no column looks like the " + role_name);
    }
    if (found.size() > 1) {
      Error error{ErrorCode::kAmbiguousColumn,
                  file + ": more than one column could be the " + role_name + ": " + list(names, found) +
                      ". Name the right one in the plan: columns." + role_name,
                  {}};
      error.where.file = file;
      error.where.column = "columns." + role_name;
      return error;
    }
    for (std::size_t earlier = 0; earlier < role && !found.empty(); ++earlier) {
      if (schema.column[earlier] != found[0]) continue;
      const std::string key = "columns." + role_name;
      return Error{ErrorCode::kAmbiguousColumn,
                   file + ": the column \"" + names[found[0]] + "\" would be both the " + kRoleNames[earlier] +
                       " and the " + role_name + ". Name another one in the plan: " + key,
                   {file, {}, {}, key}};
    }
    if (!found.empty()) schema.column[role] = found[0];
  }
  schema.names = std::move(names);
  return schema;
}

}  // namespace causal_sessions
