// causal-sessions audit FILE...: what stands in the way of a causal reading, as the command in Node prints it.
#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/text.h"

namespace causal_sessions {
namespace {

using nlohmann::ordered_json;

std::string interval(const ordered_json& ends) {
  return ends.is_null() ? "n/a" : decimal(ends[0]) + " .. " + decimal(ends[1]);
}

bool is_interval(const ordered_json& value) {
  return value.is_array() && value.size() == 2 && value[0].is_number() && value[1].is_number();
}

// Figures in a line; {rows, share} as one, and so are the two ends of an interval.
void add_figures(const ordered_json& figures, const std::string& prefix, Lines& texts) {
  for (const auto& [key, value] : figures.items()) {
    const std::string name = prefix + key;
    if (value.is_object() && value.contains("rows") && value.contains("share")) {
      if (value["rows"] != 0) texts.push_back(name + " " + count(value["rows"]) + " (" + share(value["share"]) + ")");
    } else if (is_interval(value)) {
      texts.push_back(name + " " + interval(value));
    } else if (value.is_structured()) {
      add_figures(value, name + " ", texts);
    } else if (!value.is_number()) {
      texts.push_back(name + " " + text_of(value));
    } else {
      std::string lower = key;
      for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
      const bool is_share = lower.find("share") != lower.npos || lower.find("percent") != lower.npos;
      const double number = value.get<double>();
      texts.push_back(name + " " + (is_share ? share(value) : number == std::floor(number) ? count(value) : decimal(value)));
    }
  }
}

std::string severities(const ordered_json& findings) {
  const auto of = [&](const char* severity) {
    const auto is = [severity](const ordered_json& finding) { return finding["severity"] == severity; };
    return count(std::count_if(findings.begin(), findings.end(), is));
  };
  return of("error") + " errors, " + of("warning") + " warnings, " + of("note") + " notes";
}

Lines finding_lines(const ordered_json& findings, bool is_notebook) {
  Lines lines;
  bool any_error = false;
  for (const ordered_json& finding : findings) {
    Lines figures;
    add_figures(finding["figures"], "", figures);
    std::string severity = finding["severity"].get<std::string>();
    any_error |= severity == "error";
    severity.resize(7, ' ');
    const std::string below(11, ' ');
    lines.push_back("  " + severity + "  " + finding["code"].get<std::string>());
    lines.push_back(below + finding["consequence"].get<std::string>());
    std::string line = below;
    for (std::size_t i = 0; i < figures.size(); ++i) line.append(i == 0 ? "" : ", ").append(figures[i]);
    lines.push_back(std::move(line));
    const ordered_json& repair = finding["repair"];
    if (repair.is_null()) continue;
    const ordered_json& value = repair["value"];
    lines.push_back(below + "Repair: --set " + repair["key"].get<std::string>() + "=" +
                    (value.is_string() ? value.get<std::string>() : value.dump()));
  }
  if (is_notebook && any_error) lines.emplace_back("  Every repair at once: --profile causal");
  if (lines.empty()) lines.emplace_back("  none");
  return lines;
}

Lines attrition_lines(const ordered_json& attrition) {
  std::vector<Lines> rows;
  const auto add = [&](const std::string& name, const std::string& removed, const ordered_json& step) {
    rows.push_back({name, removed, count(step["rows"]), count(step["sessions"]), count(step["users"]), share(step["treatmentRate"]),
                    share(step["controlOutcomeRate"]), share(step["treatedOutcomeRate"])});
  };
  add("start", "", attrition["start"]);
  bool any_looks = false;
  for (const ordered_json& step : attrition["filters"]) {
    const bool looks = step["looksPastTimeZero"].get<bool>();
    any_looks |= looks;
    add(step["filter"].get<std::string>() + (looks ? " *" : ""), count(step["removed"]), step["after"]);
  }
  Lines lines = table({"", "removed", "rows", "sessions", "users", "treated", "control Y", "treated Y"}, rows);
  if (any_looks) lines.emplace_back("  * looks past time zero");
  lines.insert(lines.begin(), "  " + count(attrition["read"]) + " rows read, " + count(attrition["leftOut"]) + " left out, " +
                                  count(attrition["duplicatesDropped"]) + " duplicates dropped");
  return lines;
}

Lines leakage_lines(const ordered_json& leakage) {
  std::vector<Lines> rows;
  const auto add = [&](const std::string& name, const ordered_json& arms) {
    Lines cells = {name};
    for (const char* cell : {"controlNoOutcome", "controlOutcome", "treatedNoOutcome", "treatedOutcome"}) {
      cells.push_back(count(arms[cell]["rows"]) + " (" + share(arms[cell]["share"]) + ")");
    }
    rows.push_back(std::move(cells));
  };
  add("outcome that counts, in X", leakage["outcomeInX"]);
  add("any outcome in X", leakage["outcomeInHistory"]);
  add("treatment that counts, in X", leakage["treatmentInX"]);
  add("any treatment in X", leakage["treatmentInHistory"]);
  add("padding", leakage["padding"]["rows"]);
  Lines lines = table({"rows with", "control, Y=0", "control, Y=1", "treated, Y=0", "treated, Y=1"}, rows);
  const ordered_json& auc = leakage["aucOfTreatment"];
  lines.push_back("  AUC of T from length " + decimal(auc["length"]) + ", span " + decimal(auc["span"]) + ", last event " +
                  decimal(auc["lastEvent"]) + ", padding " + decimal(auc["padding"]));
  const ordered_json& token = leakage["aucOfOutcomeFromToken"];
  lines.push_back("  AUC of Y from an outcome token: control " + decimal(token["control"]) + ", treated " + decimal(token["treated"]));
  const ordered_json& before = leakage["outcomeBeforeTreatment"];
  lines.push_back("  Treated rows with an outcome: " + count(before["rows"]) + "; the first precedes the treatment in " +
                  share(before["firstShare"]) + ", all do in " + share(before["allShare"]));
  if (const ordered_json& immortal = leakage["immortalTime"]; immortal.is_object()) {
    lines.push_back("  Immortal time: " + count(immortal["leftOut"]) + " rows left out, " + count(immortal["untreatedWindowOutcomes"]) +
                    " untreated outcomes in the window; difference " + decimal(immortal["naiveDifference"]) +
                    ", whichever arms they belong to " + interval(immortal["interval"]));
  }
  return lines;
}

Lines balance_lines(const ordered_json& balance) {
  std::vector<Lines> rows;
  std::size_t nothing = 0;
  for (const ordered_json& row : balance) {
    if (row["control"] == 0.0 && row["treated"] == 0.0) {
      ++nothing;
      continue;
    }
    rows.push_back({row["covariate"], decimal(row["control"]), decimal(row["treated"]), decimal(row["smd"]), decimal(row["weightedSmd"])});
  }
  Lines lines = table({"", "control", "treated", "raw", "weighted"}, rows);
  if (nothing != 0) lines.push_back("  " + count(nothing) + " more are 0 in both arms");
  return lines;
}

Lines overlap_lines(const ordered_json& overlap) {
  if (overlap.is_null()) return {"  n/a: the training part lacks an arm"};
  const ordered_json &control = overlap["control"], &treated = overlap["treated"];
  return {"  Propensity of " + count(overlap["fittedRows"]) + " training rows: AUC " + decimal(overlap["auc"]) + ", outside 0.01 .. 0.99 " +
              share(overlap["outside1Percent"]) + ", outside 0.05 .. 0.95 " + share(overlap["outside5Percent"]),
          "  Effective sample size: control " + decimal(control["effectiveSampleSize"]) + " of " + count(control["rows"]) + ", treated " +
              decimal(treated["effectiveSampleSize"]) + " of " + count(treated["rows"])};
}

Lines tie_lines(const ordered_json& ties) {
  std::vector<Lines> rows;
  for (const ordered_json& row : ties["under"]) {
    rows.push_back({row["rule"], count(row["changed"]), count(row["treatment"]), count(row["outcome"]), count(row["cut"]), count(row["order"])});
  }
  return table({"", "changed", "T", "Y", "cut of X", "order of X"}, rows);
}

Lines gap_lines(const ordered_json& gaps) {
  std::vector<Lines> rows;
  for (const ordered_json& row : gaps["curve"]) {
    rows.push_back({decimal(row["gapHours"]), count(row["sessions"]), share(row["treatmentRate"]), share(row["outcomeRate"]),
                    decimal(row["naiveDifference"])});
  }
  return table({"hours", "sessions", "treated", "outcome", "difference"}, rows);
}

Lines vocabulary_lines(const ordered_json& parts) {
  std::vector<Lines> rows;
  for (const auto& [part, row] : parts.items()) {
    rows.push_back({part, count(row["tokens"]), count(row["known"]), count(row["unknown"]), share(row["unknownShare"])});
  }
  return table({"", "tokens", "known", "[UNK]", "share"}, rows);
}

Lines split_lines(const ordered_json& parts) {
  std::vector<Lines> rows;
  for (const auto& [part, row] : parts.items()) {
    rows.push_back({part, count(row["users"]), count(row["control"]), count(row["treated"]), decimal(row["naiveDifference"]),
                    interval(row["interval95"]), text_of(row["firstTimeZero"]), text_of(row["lastTimeZero"])});
  }
  return table({"", "users", "control", "treated", "difference", "95 % interval", "first time zero", "last time zero"}, rows);
}

std::string split_figures(const ordered_json& split) {
  std::string text = count(split["usersInSeveralParts"]) + " users in several parts, " + count(split["purged"]) + " rows purged";
  const ordered_json& events = split["all"]["outcomeEvents"];
  return events.is_null() ? text : text + ", " + count(events) + " distinct outcome events";
}

Lines window_lines(const ordered_json& window) {
  constexpr std::pair<const char*, const char*> kFigures[] = {
      {"windowHoldsExposure", "windows hold a later exposure"},
      {"treatedAfterLaterExposure", "treatments follow one"},
      {"treatedAtExposureInstant", "treatments have the instant of their exposure"},
      {"controlsAfterTreatment", "controls follow a treatment of their user within a horizon"}};
  std::string told;
  for (const auto& [key, words] : kFigures) {
    if (!window[key].is_null()) told += (told.empty() ? "  " : ", ") + count(window[key]) + " " + words;
  }
  Lines lines = {"  " + count(window["sessions"]) + " sessions: " + count(window["beginWithinGapOfFirstEvent"]) +
              " begin within a gap of the first event, " + count(window["openAtLastEvent"]) + " are open at the last",
          "  " + count(window["rows"]) + " rows: " + count(window["censoredRows"]) + " are cut by the end of the data, " +
              count(window["censoredLeftOut"]) + " were left out for it",
          "  Data of " + decimal(window["dataHours"]) + " hours, follow-up of " + decimal(window["followUpHours"])};
  if (!told.empty()) lines.push_back(std::move(told));
  return lines;
}

Lines ledger_lines(const ordered_json& steps) {
  std::vector<Lines> rows;
  for (const ordered_json& row : steps) {
    rows.push_back({row["step"], count(row["control"]), count(row["treated"]), decimal(row["naiveDifference"]), decimal(row["lengthSmd"]),
                    decimal(row["aucLength"]), decimal(row["aucPadding"]), share(row["outcomeInX"])});
  }
  return table({"", "control", "treated", "difference", "length SMD", "AUC length", "AUC padding", "Y in X"}, rows);
}

void print(const std::string& line) {
  for (const std::string& part : wrap(printable(line))) std::printf("%s\n", part.c_str());
}

void print_section(const std::string& title, const Lines& lines) {
  print("");
  print(title);
  for (const std::string& line : lines) print(line);
}

void print_audit(const ordered_json& audit) {
  const ordered_json &events = audit["events"], &ties = audit["ties"], &words = audit["vocabulary"], &split = audit["split"];
  print("Profile " + audit["profile"].get<std::string>() + ", index.kind " + audit["indexKind"].get<std::string>() + ": " +
        count(events["events"]) + " events of " + count(events["users"]) + " users, " + count(audit["attrition"]["end"]["rows"]) + " rows");
  Lines noticed;
  for (const ordered_json& notice : audit["notices"]) noticed.push_back("  " + notice_text(notice));
  if (!noticed.empty()) print_section("Notices (" + count(noticed.size()) + ")", noticed);
  print_section("Findings (" + severities(audit["findings"]) + ")", finding_lines(audit["findings"], audit["profile"] == "notebook"));
  print_section("Attrition", attrition_lines(audit["attrition"]));
  print_section("Leakage", leakage_lines(audit["leakage"]));
  print_section("Balance (means by arm, standardized differences raw and weighted)", balance_lines(audit["balance"]));
  print_section("Overlap", overlap_lines(audit["overlap"]));
  print_section("Ties (" + count(ties["tiedEvents"]) + " events, " + share(ties["tiedShare"]) + "; sessions of " + count(ties["sessions"]) +
                    " changed by another rule)", tie_lines(ties));
  print_section("Gaps (sessions as the gap that ends them grows)", gap_lines(audit["gaps"]));
  print_section("Vocabulary (" + count(words["items"]) + " items, " + count(words["neverInTrainX"]) + " never in X of train, " +
                    count(words["belowMinCount"]) + " below minCount)", vocabulary_lines(words["parts"]));
  print_section("Split (" + split_figures(split) + ")", split_lines(split["parts"]));
  print_section("Window", window_lines(audit["window"]));
  print_section("Ledger (from the notebook's table to index.kind " + audit["ledger"]["indexKind"].get<std::string>() + ")",
                ledger_lines(audit["ledger"]["steps"]));
}

}  // namespace

std::optional<Failure> run_audit(const Arguments& arguments) {
  if (arguments.files.empty()) return wrong_use("audit needs at least one FILE");
  unsigned threads;
  if (auto failure = read_threads(arguments, threads)) return failure;
  Plan plan;
  if (auto failure = gather_plan(arguments, plan)) return failure;
  Pipeline pipeline(plan, Audit::kYes);
  Watch watch(arguments.has("--json") || arguments.has("--quiet"));
  if (auto failure = run_pipeline(pipeline, arguments.files, threads, watch)) return failure;
  watch.clear();
  if (arguments.options.contains("--json")) {
    std::fputs(pipeline.audit_json().c_str(), stdout);
  } else {
    print_audit(ordered_json::parse(pipeline.audit_json(), nullptr, false));
  }
  return std::nullopt;
}

}  // namespace causal_sessions
