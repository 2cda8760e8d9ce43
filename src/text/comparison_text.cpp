#include "text/comparison_text.h"

#include "text/audit_text.h"
#include "text/lines.h"

namespace causal_sessions {
namespace {

std::string value_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Lines own_lines(const Comparison::Side& side) {
  Lines lines;
  for (const Finding* finding : side.own) {
    std::string severity = kSeverityNames[static_cast<std::size_t>(finding->severity)];
    severity.resize(7, ' ');
    lines.push_back(filled("  {}  {} ({}). {}", {severity, finding->title, finding->code, finding->message}));
  }
  if (lines.empty()) lines.emplace_back("  none");
  return lines;
}

Lines shared_lines(const std::vector<Comparison::Shared>& all) {
  Lines lines;
  for (const Comparison::Shared& shared : all) {
    const std::string one = kSeverityNames[static_cast<std::size_t>(shared.severity[0])],
                      other = kSeverityNames[static_cast<std::size_t>(shared.severity[1])];
    lines.push_back(filled("  {} ({})", {std::string(shared.code), one == other ? one : filled("{}, against {}", {one, other})}));
  }
  if (lines.empty()) lines.emplace_back("  none");
  return lines;
}

}  // namespace

std::string comparison_text(const Comparison& comparison, std::string_view file, std::size_t width) {
  const auto& [plan, against] = comparison.sides;
  const auto row = [&](const char* name, const auto& cell) { return Lines{name, cell(plan), cell(against)}; };
  using Side = Comparison::Side;
  Lines lines = {filled("The same events under the plan and against {}:", {std::string(file)})};
  const auto add = [&lines](const std::string& title, const Lines& section) {
    lines.insert(lines.end(), {"", title});
    lines.insert(lines.end(), section.begin(), section.end());
  };
  const Lines figures = table("|plan|against",
                              {row("rows", [](const Side& side) { return count_text(side.rows); }),
                               row("treated", [](const Side& side) { return share_text(side.treatment_rate); }),
                               row("outcome", [](const Side& side) { return share_text(side.outcome_rate); }),
                               row("unadjusted difference", [](const Side& side) { return points_text(side.naive_difference); }),
                               row("95% interval", [](const Side& side) { return points_text(side.interval95); }),
                               row("findings", [](const Side& side) { return severities_text(side.audit->findings); })},
                              width);
  lines.insert(lines.end(), figures.begin(), figures.end());
  std::vector<Lines> settings;
  for (const DifferingSetting& setting : comparison.settings)
    settings.push_back({std::string(setting.key), value_text(setting.value[0]), value_text(setting.value[1])});
  add(filled("Settings that differ ({})", {count_text(settings.size())}), table("|plan|against", settings, width));
  add("Findings of the plan alone", own_lines(plan));
  add(filled("Findings of {} alone", {std::string(file)}), own_lines(against));
  add("Findings of both", shared_lines(comparison.shared));
  return wrapped(lines, width);
}

std::string read_twice_text(std::string_view file) {
  return filled(
      "The events would have to be read a second time under {}, and what comes from a pipe or from standard input can be read "
      "once; give the events as a file",
      {std::string(file)});
}

}  // namespace causal_sessions
