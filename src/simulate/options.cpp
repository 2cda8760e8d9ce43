#include "simulate/options.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <type_traits>

namespace causal_sessions {
namespace {

struct Option {
  std::string_view name;
  double low, high;
  bool or_zero;  // 0 is allowed too
  std::string_view rule;
  double (*get)(const SimulateOptions&);
  void (*set)(SimulateOptions&, double);
  bool whole;
};

template <auto member>
constexpr Option option(std::string_view name, double low, double high, bool or_zero, std::string_view rule) {
  using T = std::remove_cvref_t<decltype(SimulateOptions{}.*member)>;
  return {name,
          low,
          high,
          or_zero,
          rule,
          [](const SimulateOptions& options) { return static_cast<double>(options.*member); },
          [](SimulateOptions& options, double value) { options.*member = static_cast<T>(value); },
          std::is_integral_v<T>};
}

using O = SimulateOptions;
constexpr std::array<Option, 17> kOptions = {
    option<&O::events>("events", 1, 1e9, false, "it must be a whole number from 1 to 1,000,000,000"),
    option<&O::users>("users", 1, 1e9, true, "it must be a whole number from 1, or 0 for a number that suits the events"),
    option<&O::items>("items", 10, 1e8, true,
                      "it must be a whole number from 10 to 100,000,000, or 0 for a number that suits the events"),
    option<&O::days>("days", 0.1, 3650, false, "it must be a number from 0.1 to 3650"),
    option<&O::effect>("effect", -10, 10, false, "it must be a number from -10 to 10"),
    option<&O::confounding>("confounding", -5, 5, false, "it must be a number from -5 to 5"),
    option<&O::pace>("pace", 0.1, 100, false, "it must be a number from 0.1 to 100"),
    option<&O::linger>("linger", 1, 5, false, "it must be a number from 1 to 5"),
    option<&O::impulse>("impulse", 0, 1, false, "it must be a probability from 0 to 1"),
    option<&O::hidden>("hidden", -5, 5, false, "it must be a number from -5 to 5"),
    option<&O::overlap>("overlap", -5, 5, false, "it must be a number from -5 to 5"),
    option<&O::carryover>("carryover", -10, 10, false, "it must be a number from -10 to 10"),
    option<&O::varying>("varying", -5, 5, false, "it must be a number from -5 to 5"),
    option<&O::coarse_clock>("coarseClock", 0, 86400, false, "it must be a number of seconds from 0 to 86,400"),
    option<&O::late_share>("lateShare", 0, 0.5, false, "it must be a number from 0 to 0.5"),
    option<&O::seed>("seed", 0, 4294967295.0, false, "it must be a whole number from 0 to 4294967295"),
    option<&O::draws>("draws", 1, 1e9, false, "it must be a whole number from 1 to 1,000,000,000"),
};

// NaN is allowed nowhere.
bool allows(const Option& option, double value) {
  if (option.or_zero && value == 0) return true;
  return value >= option.low && value <= option.high &&
         (!option.whole || value == static_cast<double>(static_cast<std::uint64_t>(value)));
}

Error refused(std::string_view name, std::string what) {
  const std::string place = std::string("simulate.").append(name);
  Error error{ErrorCode::kBadPlan, place + " " + std::move(what), {}};
  error.where.column = place;
  return error;
}

// A decimal number and nothing else: no spaces, no hexadecimal, no "inf".
bool parse(std::string_view text, double& value) {
  constexpr std::size_t kLongest = 40;
  if (text.empty() || text.size() > kLongest) return false;
  if (text.find_first_not_of("0123456789+-.eE") != std::string_view::npos) return false;
  const std::string terminated(text);
  char* end = nullptr;
  value = std::strtod(terminated.c_str(), &end);
  return end == terminated.c_str() + terminated.size();
}

std::string found(std::string_view text) {
  constexpr std::size_t kMostShown = 40;
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
  if (text.empty() || text.size() > kMostShown || !plain) return "is not a number";
  return std::string("is ").append(text);
}

Status check_users(const SimulateOptions& options) {
  if (options.users > std::max<std::uint64_t>(1, options.events / kRowsPerUser)) {
    return refused("users", "is " + std::to_string(options.users) + "; it must be at most events / " +
                                std::to_string(kRowsPerUser) + ", or 0 for about that many");
  }
  // Later years would not fit the text of the times.
  if (options.users != 0 && options.events / options.users > 100'000) {
    return refused("users", "is " + std::to_string(options.users) + "; a user has at most 100,000 events");
  }
  return {};
}

}  // namespace

Status validate(const SimulateOptions& options) {
  for (const Option& option : kOptions) {
    if (!allows(option, option.get(options))) return refused(option.name, std::string("is out of range; ").append(option.rule));
  }
  return check_users(options);
}

Status set_option(SimulateOptions& options, std::string_view name, std::string_view text) {
  const auto option = std::find_if(kOptions.begin(), kOptions.end(), [&](const Option& o) { return o.name == name; });
  if (option == kOptions.end()) {
    std::string known;
    for (const Option& o : kOptions) known.append(known.empty() ? "" : ", ").append(o.name);
    return refused(name, "is not an option; there are " + known);
  }
  double value = 0;
  if (!parse(text, value) || !allows(*option, value)) {
    return refused(name, found(text).append("; ").append(option->rule));
  }
  option->set(options, value);
  return {};
}

}  // namespace causal_sessions
