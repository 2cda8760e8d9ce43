#include <algorithm>

#include "formats/json/parse.h"
#include "ingest/exports.h"
#include "plan/keys.h"

namespace causal_sessions {
namespace {

// Cut between characters where it is long.
std::string shown(const Json& value) {
  std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  constexpr std::size_t kMost = 57;
  if (text.size() <= kMost + 3) return text;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end) + "...";
}

// Nothing where it is not there.
const Json* find(const Json& object, std::string_view key) {
  const auto found = object.find(std::string(key));
  return found == object.end() ? nullptr : &*found;
}

// Refuses what nobody asks for.
std::optional<Error> check_names(const Json& object, const std::string& section) {
  const std::vector<std::string> known = names_in(section);
  for (const auto& [name, value] : object.items()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    return unknown_key(section.empty() || name.empty() ? section + name : section + "." + name, section);
  }
  return {};
}

std::optional<Error> read_section(const Json& whole, const std::string& section, Plan& plan) {
  const Json* object = find(whole, section);
  if (object == nullptr) return {};
  if (!object->is_object()) return refused_key(section, *object, "it must be an object");
  for (const Key& key : plan_keys()) {
    if (key.section() != section) continue;
    const Json* value = find(*object, key.name());
    if (value == nullptr) continue;
    if (const std::optional<Refusal> refused = key.read(key, *value, plan)) {
      return refused_key(std::string(key.path) + refused->below, refused->value, refused->rule);
    }
  }
  return check_names(*object, section);
}

}  // namespace

Error refused_key(std::string_view path, const Json& value, const std::string& rule) {
  Error error{ErrorCode::kBadPlan, std::string(path) + " is " + shown(value) + "; " + rule, {}};
  error.where.column = path;
  return error;
}

namespace {

// A preset with what the plan has on top of it.
void put_under(Json& plan, const Json& preset) {
  for (const auto& [section, values] : preset.items()) {
    Json& named = plan[section];
    if (named.is_null()) named = Json::object();
    if (!named.is_object()) continue;  // which is refused
    for (const auto& [name, value] : values.items()) {
      if (!named.contains(name)) named[name] = value;
    }
  }
}

}  // namespace

Result<Plan> read_plan(std::string_view json_text) {
  if (json_text.find_first_not_of(" \t\r\n") == std::string_view::npos) return Plan();
  Json whole = parse_json_value(json_text);
  if (whole.is_discarded()) {
    const bool too_large = is_json(json_text);
    return Error{
        ErrorCode::kBadPlan,
        too_large ? "the plan has more than 64 levels, or more than 1,000 keys in one object" : "the plan is not valid JSON",
        {}};
  }
  if (!whole.is_object()) return Error{ErrorCode::kBadPlan, "the plan is " + shown(whole) + "; it must be a JSON object", {}};
  Plan plan;
  if (const Json* profile = find(whole, "profile")) {
    std::optional<Plan> defaults = default_plan(profile->is_string() ? profile->get<std::string>() : std::string());
    if (!defaults) return refused_key("profile", *profile, rule_of(*find_key("profile")));
    plan = *std::move(defaults);
  }
  if (const Json* preset = find(whole, "preset"); preset != nullptr && !preset->is_null()) {
    const KnownExport* const known = find_export(preset->is_string() ? preset->get<std::string>() : std::string());
    if (known == nullptr) return refused_key("preset", *preset, rule_of(*find_key("preset")));
    plan.reading.preset = known->name;
    put_under(whole, parse_json_value(known->plan));
  }
  if (std::optional<Error> error = check_names(whole, {})) return *error;
  for (const std::string& section : names_in({})) {
    if (section == "profile" || section == "preset") continue;
    if (std::optional<Error> error = read_section(whole, section, plan)) return *error;
  }
  const auto is_named = [&](std::string_view path) {
    const auto dot = path.find('.');
    const Json* section = find(whole, path.substr(0, dot));
    return section != nullptr && section->contains(std::string(path.substr(dot + 1)));
  };
  if (Status status = settle_plan(plan, is_named); !status.ok()) return status.error();
  return plan;
}

Json plan_json(const Plan& plan) {
  Json whole = Json::object();
  for (const Key& key : plan_keys()) {
    Json& owner = key.section().empty() ? whole : whole[std::string(key.section())];
    owner[std::string(key.name())] = key.write(plan);
  }
  return whole;
}

std::string write_plan(const Plan& plan) { return plan_json(plan).dump(2, ' ', false, Json::error_handler_t::replace); }

}  // namespace causal_sessions
