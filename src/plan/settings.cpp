#include "plan/settings.h"

#include <algorithm>
#include <cmath>

#include "formats/json/fields.h"
#include "formats/json/parse.h"

namespace causal_sessions {
namespace {

Error wrong(std::string message) { return Error{ErrorCode::kBadCall, std::move(message), {}}; }

// A text of too many levels or keys is refused in the plan's words; one that is no JSON is discarded.
Result<Json> parse(const std::string& text) {
  Json json = parse_json_value(text);
  if (json.is_discarded() && is_json(text)) return read_plan("{\"profile\":" + text + "}").error();
  return json;
}

Result<Json> value_of(const std::string& text) {
  constexpr double kMostWhole = 9007199254740991;  // 2^53 - 1
  Result<Json> parsed = parse(text);
  if (!parsed.ok()) return parsed;
  const Json& value = parsed.value();
  if (value.is_discarded() || text.starts_with("\xEF\xBB\xBF")) return Json(text);
  if (!value.is_number() || value.get<double>() != std::floor(value.get<double>())) return parsed;
  const auto number = value.get<double>();
  return std::abs(number) > kMostWhole ? Json(text) : Json(static_cast<std::int64_t>(number));
}

Status set(Json& plan, const std::string& setting) {
  const std::size_t equals = std::min(setting.find('='), setting.size());
  std::string keys = setting.substr(0, equals);
  const bool empty_key = keys.empty() || keys.front() == '.' || keys.back() == '.' || keys.find("..") != keys.npos;
  if (equals == setting.size() || empty_key)
    return wrong("--set " + setting + ": KEY=VALUE is needed, as in session.gapHours=12");
  if (static_cast<std::size_t>(std::count(keys.begin(), keys.end(), '.')) > kMostJsonLevels)
    return wrong("--set: the key has more than 64 names");
  Result<Json> value = value_of(setting.substr(equals + 1));
  if (!value.ok()) return value.error();
  Json* section = &plan;
  for (std::size_t dot; (dot = keys.find('.')) != std::string::npos; keys.erase(0, dot + 1)) {
    section = &(*section)[keys.substr(0, dot)];
    if (!section->is_object()) *section = Json::object();
  }
  (*section)[keys] = std::move(value.value());
  return {};
}

}  // namespace

Result<std::string> plan_of_words(const PlanWords& words) {
  Json plan = Json::object();
  if (words.text) {
    Result<Json> parsed = parse(*words.text);
    if (!parsed.ok()) return parsed.error();
    if (parsed.value().is_discarded()) return wrong("the plan " + words.file + " is not JSON");
    plan = std::move(parsed.value());
    if (!plan.is_object()) return read_plan(plan.dump(-1, ' ', false, Json::error_handler_t::replace)).error();
  }
  if (words.profile) plan["profile"] = *words.profile;
  for (const std::string& setting : words.settings) {
    if (Status status = set(plan, setting); !status.ok()) return status.error();
  }
  return plan.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<Plan> plan_to_compare(const std::string& text, const std::string& file, const Plan& plan) {
  const Result<std::string> gathered = plan_of_words({text, file, std::nullopt, {}});
  if (!gathered.ok()) return gathered.error();
  Result<Plan> other = read_plan(gathered.value());
  if (!other.ok()) {
    Error error = other.error();
    error.message = "the plan " + file + ": " + error.message;
    return error;
  }
  if (write_plan(other.value()) == write_plan(plan)) return wrong("the plan " + file + " is the same plan: no setting differs");
  return other;
}

}  // namespace causal_sessions
