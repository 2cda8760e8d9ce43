#include "text/report_html.h"

#include <algorithm>

#include "audit/audit.h"
#include "core/wording.h"
#include "plan/choices.h"
#include "report/estimand.h"
#include "text/audit_text.h"
#include "text/lines.h"
#include "text/report_charts.h"
#include "text/target_checklist.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

constexpr std::uint64_t kLeast = 5;

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Causal sessions: report</title>
<style>
:root { color-scheme: light dark; --ink: light-dark(#1b2126, #e7eaec); --paper: light-dark(#fff, #14181d); --line: light-dark(#cfd3d5, #46505a);
  --treatment: light-dark(#a5500d, #eb9a4d); --control: light-dark(#526577, #9db0c2); --outcome: light-dark(#0a7564, #4fc3ae); }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line); }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 12px; }
svg { width: 100%; height: auto; } svg text { font-size: 12px; fill: var(--ink); } line { stroke: var(--ink); } .grid { stroke: var(--line); }
.limit { stroke: var(--treatment); stroke-dasharray: 4 3; } .interval { stroke-width: 2; } .dot, .outcome { fill: var(--outcome); }
.ring { fill: none; stroke: var(--control); stroke-width: 2; } .treated { fill: var(--treatment); } .control { fill: var(--control); }
.author { font-style: italic; }
@media print { :root { color-scheme: light; } body { margin: 0; max-width: none; font-size: 11px; } h2, tr, svg { break-inside: avoid; } h2 { break-after: avoid; } }
</style>
)";

std::string suppressed(std::uint64_t count) { return count > 0 && count < kLeast ? "<5" : count_text(count); }

class HtmlReport {
 public:
  HtmlReport(const Run& run, const HtmlReportOptions& options)
      : run_(run), audit_(*run.audit), options_(options), count_(options.exact_counts ? count_text : suppressed) {}

  std::string write() {
    html_ = kHead;
    element("h1", "Causal sessions: report");
    add_verdict();
    heading("Causal question");
    for (const std::string& sentence : {estimand_sentence(trial()), time_zero_sentence(trial()), eligibility_sentence(trial())})
      if (!sentence.empty()) element("p", sentence);
    add_flow();
    add_charts();
    add_findings();
    add_checklist();
    heading("Plan");
    add_plan();
    add_origin();
    return std::move(html_);
  }

 private:
  [[nodiscard]] const TrialOptions& trial() const { return run_.plan.trial; }
  [[nodiscard]] std::string count(std::uint64_t value) const { return count_(value); }
  // Of counts that are shown as they are; else it would tell them.
  [[nodiscard]] bool shown(std::uint64_t part, std::uint64_t whole) const {
    const auto small = [](std::uint64_t value) { return value > 0 && value < kLeast; };
    return options_.exact_counts || (!small(part) && !small(whole) && !small(whole - part));
  }
  [[nodiscard]] std::string rate(std::uint64_t part, std::uint64_t whole) const {
    return shown(part, whole) ? share_text(share_of(part, whole)) : "few";
  }
  [[nodiscard]] bool shown(const Arms& arms) const {
    return shown(arms.outcomes[0], arms.rows[0]) && shown(arms.outcomes[1], arms.rows[1]);
  }

  void element(const char* name, std::string_view text) { html_ += filled("<{}>{}</{}>\n", {name, escaped(text), name}); }
  void heading(std::string_view text) { element("h2", text); }
  // Cells but the first are numbers where they are to be.
  void row(const Lines& cells, bool head = false, bool numbers = true) {
    const char* name = head ? "th" : "td";
    html_ += "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i)
      html_ += filled("<{}{}>{}</{}>", {name, i > 0 && numbers ? " class=n" : "", escaped(cells[i]), name});
    html_ += "</tr>\n";
  }
  void chart(std::string_view title, const std::string& svg) {
    if (svg.empty()) return;
    element("h3", title);
    html_ += svg + "\n";
  }

  void add_verdict() {
    const ArmCounts& all = run_.summary.all;
    const auto errors = std::count_if(audit_.findings.begin(), audit_.findings.end(),
                                      [](const Finding& finding) { return finding.severity == Severity::kError; });
    heading("Verdict");
    element("p", filled("{} ({}).", {errors != 0 ? "Not suitable for a causal interpretation as it is"
                                                 : "No finding rules out a causal interpretation",
                                     severities_text(audit_.findings)}));
    html_ += "<table>\n";
    row({"rows", count(all.sessions)});
    row({"treated", rate(all.treated, all.sessions)});
    row({"with the outcome", rate(all.outcomes, all.sessions)});
    const auto& [arms, interval] = audit_.split.all;
    row({"unadjusted difference, 95% interval",
         shown(arms) ? filled("{}, {}", {points_text(arms.difference()), points_text(interval)}) : "few"});
    html_ += "</table>\n";
    element("p", "The unadjusted difference is not a causal effect: the groups may have differed beforehand.");
  }

  void add_flow() {
    heading("Flow");
    html_ += "<table>\n";
    row({"step", "removed", "rows", "users", "treated", audit_.control.in("outcome: untreated"), "outcome: treated"}, true);
    const auto add = [&](const std::string& name, const std::string& removed, const Attrition::Left& left) {
      row({name, removed, count(left.rows), count(left.users), rate(left.arm[1], left.rows), rate(left.outcomes[0], left.arm[0]),
           rate(left.outcomes[1], left.arm[1])});
    };
    add("possible rows", "", audit_.attrition.start);
    for (const AttritionAudit::Step& step : audit_.attrition.steps)
      add(kFilterNames[static_cast<std::size_t>(step.filter)] + std::string(step.looks_past ? " *" : ""), count(step.removed),
          step.after);
    html_ += "</table>\n";
    element(
        "p",
        filled(
            "Of {} input rows, {} were skipped and {} removed as duplicates. A step with * uses what happened after time zero.",
            {count(audit_.attrition.read), count(audit_.attrition.left_out->total()), count(audit_.attrition.duplicates)}));
  }

  void add_charts() {
    const std::uint64_t least = options_.exact_counts ? 1 : kLeast;
    heading("Charts");
    std::vector<DifferenceLine> lines;
    const auto line = [&](const char* name, const ArmsWithInterval& of) {
      const bool told = shown(of.arms);
      lines.push_back({name, told ? of.arms.difference() : std::nullopt, told ? of.interval95 : std::nullopt});
    };
    line("all", audit_.split.all);
    for (std::size_t part = 0; part < kParts; ++part) line(kPartNames[part], audit_.split.parts[part]);
    chart("Unadjusted difference in percentage points, with 95% intervals", differences_svg(lines, audit_.control));
    chart("Balance: standardized differences, before weighting (ring) and after (dot)", balance_svg(audit_.balance));
    if (audit_.overlap) chart("Overlap: rows by propensity", overlap_svg(*audit_.overlap, audit_.control, least));
    const DelaysAudit& delays = audit_.delays;
    if (delays.treatment) chart("Delays to the treatment; the line is the window", waits_svg(*delays.treatment, least));
    if (delays.outcome) chart("Delays to the outcome; the line is the follow-up", waits_svg(*delays.outcome, least));
  }

  void add_findings() {
    heading("Findings");
    if (audit_.findings.empty()) element("p", "None.");
    html_ += "<table>\n";
    for (const Finding& finding : audit_.findings) {
      const auto& repair = finding.repair;
      row({kSeverityNames[static_cast<std::size_t>(finding.severity)], finding.title, finding.message + " " + finding.consequence,
           repair ? filled("{} = {}", {repair->key, repair->value.dump(-1, ' ', false, Json::error_handler_t::replace)}) : ""},
          false, false);
    }
    html_ += "</table>\n";
    heading("Notices");
    if (audit_.notices.empty()) element("p", "None.");
    for (const Notice& notice : audit_.notices) element("p", told(notice));
  }

  // Its small counts too.
  [[nodiscard]] std::string told(const Notice& notice) const {
    std::string text = notice_text(notice.message, notice.key);
    for (const auto& [name, value] : notice.counts) {
      const std::string number = std::to_string(value);
      if (count(value) == count_text(value)) continue;
      const auto digit = [&](std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
      for (std::size_t at = 0; (at = text.find(number, at)) != text.npos; ++at)
        if (!(at > 0 && digit(at - 1)) && !digit(at + 1)) text.replace(at, 1, "<5");
    }
    return text;
  }

  void add_checklist() {
    heading("TARGET checklist");
    element("p",
            "What this run knows of the 21 items (Cashin, Hansford, Hernán et al., JAMA 2025, doi:10.1001/jama.2025.13350; in "
            "other words "
            "here), and what is left to its author, in italics.");
    html_ += "<table>\n";
    for (const ChecklistItem& item : target_checklist(run_, count_)) {
      html_ += filled("<tr><td>{}<td>{}<td>{} <span class=author>{}</span></tr>\n",
                      {item.number, escaped(item.topic), escaped(item.known), escaped(item.author)});
    }
    html_ += "</table>\n";
  }

  // Its line ends are its own, not the input's.
  void add_plan() {
    std::string lines = write_plan(run_.plan);
    html_ += "<pre>";
    for (std::size_t end; (end = lines.find('\n')) != lines.npos; lines.erase(0, end + 1))
      html_ += escaped(std::string_view(lines).substr(0, end)) + "\n";
    html_ += escaped(lines) + "</pre>\n";
  }

  void add_origin() {
    heading("Origin");
    element("p",
            filled("Made by causal-sessions {}, profile {}, index.kind {}. {}",
                   {CAUSAL_SESSIONS_VERSION, run_.plan.profile, std::string(rule_of(trial().kind).name),
                    options_.manifest_sha256.empty() ? "It has no manifest."
                                                     : filled("SHA-256 of its manifest.json: {}.", {options_.manifest_sha256})}));
    element("p", options_.exact_counts
                     ? "Counts are exact, also small ones, which may identify single users."
                     : "Counts below 5 are shown as <5, their rates as few, and their bars are left out; a sum may "
                       "still reveal some of them.");
  }

  const Run& run_;
  const Audit& audit_;
  const HtmlReportOptions& options_;
  std::string (*count_)(std::uint64_t);
  std::string html_;
};

}  // namespace

std::string report_html(const Run& run, const HtmlReportOptions& options) { return HtmlReport(run, options).write(); }

}  // namespace causal_sessions
