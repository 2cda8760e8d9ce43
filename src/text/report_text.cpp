#include "text/report_text.h"

#include <algorithm>

#include "core/civil_time.h"
#include "report/report_json.h"
#include "text/lines.h"
#include "trial/control_name.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

std::string listed(const Lines& texts) {
  std::string line;
  for (const std::string& text : texts) line += (line.empty() ? "" : ", ") + text;
  return line;
}

void add_issues(const IssueSummary& issues, Lines& out) {
  if (issues.total() == 0) return;
  Lines reasons;
  for (std::size_t reason = 0; reason < kIssueReasons; ++reason) {
    if (issues.rows[reason] != 0) reasons.push_back(filled("{} {}", {kIssueNames[reason], count_text(issues.rows[reason])}));
  }
  out.push_back(filled("{} rows skipped: {}", {count_text(issues.total()), listed(reasons)}));
  for (const RowIssue& issue : issues.first) {
    const std::string found =
        issue.text.empty() ? "" : " " + Json(issue.text).dump(-1, ' ', false, Json::error_handler_t::replace);
    const std::string line = issue.line ? filled(" (line {})", {count_text(*issue.line)}) : "";
    out.push_back(
        filled("  row {}{}: {}{}", {count_text(issue.row), line, kIssueNames[static_cast<std::size_t>(issue.reason)], found}));
  }
}

constexpr std::size_t kShownFiles = 20;  // of more, half as many at either end

void add_input(const Run& run, Lines& out) {
  const std::vector<FileSummary>& files = run.reader().files();
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (files.size() > kShownFiles && i == kShownFiles / 2) {
      i = files.size() - kShownFiles / 2;
      out.push_back(filled("... {} more files", {count_text(files.size() - kShownFiles)}));
    }
    const FileSummary& file = files[i];
    Lines columns;
    for (std::size_t role = 0; role < kRoles; ++role) {
      const auto& at = file.schema().column[role];
      columns.push_back(filled("{} = {}", {std::string(kRoleNames[role]), at ? file.schema().names[*at] : "none"}));
    }
    out.push_back(filled("{}: {}, {} rows ({})", {file.name, std::string(file.format), count_text(file.rows), listed(columns)}));
  }
  const std::uint64_t empty = run.reader().empty_files().count, passed_over = run.reader().passed_over();
  if (files.size() > 1) out.push_back(filled("{} files, {} of them without rows", {count_text(files.size()), count_text(empty)}));
  if (passed_over != 0) out.push_back(filled("Hidden names skipped: {}", {count_text(passed_over)}));
  const TimeSummary& times = run.builder().times();
  const auto time = [&run](std::int64_t us) { return run.event_count == 0 ? "n/a" : format_utc(us); };
  out.push_back(filled("{} events of {} users, {} to {}", {count_text(run.event_count), count_text(run.table.users.size()),
                                                           time(times.min_us), time(times.max_us)}));
  add_issues(run.builder().issues(), out);
}

void add_splits(const Run& run, Lines& out) {
  std::vector<Lines> rows = {{"", rule_of(run.plan.trial.kind).time_zero ? "rows" : "sessions", "users", "treated", "outcome",
                              ControlName(run.plan.trial).in("untreated Y"), "treated Y", "difference"}};
  for (std::size_t part = 0; part < kParts; ++part) {
    const ArmCounts& arms = run.summary.parts[part];
    rows.push_back({kPartNames[part], count_text(arms.sessions), count_text(run.split.users[part]),
                    share_text(arms.treatment_rate()), share_text(arms.outcome_rate()), share_text(arms.control_outcome_rate()),
                    share_text(arms.treated_outcome_rate()), points_text(arms.naive_lift())});
  }
  std::vector<std::size_t> widths(rows[0].size());
  for (const Lines& cells : rows) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], cells[i].size());
  }
  for (const Lines& cells : rows) {
    std::string line = cells[0] + std::string(widths[0] - cells[0].size(), ' ');
    for (std::size_t i = 1; i < cells.size(); ++i) line += "  " + std::string(widths[i] - cells[i].size(), ' ') + cells[i];
    out.push_back(line);
  }
  out.emplace_back("The difference is not a causal effect: users who chose the treatment may have differed beforehand.");
}

void add_samples(const Run& run, Lines& out) {
  const std::vector<std::uint32_t>& samples = run.summary.samples;
  for (auto sample = samples.begin(); sample != samples.end(); ++sample) {
    const std::uint32_t row = *sample;
    if (std::find(samples.begin(), sample, row) != sample) continue;  // one row can be an example of two kinds
    const std::uint32_t length = run.table.length(row);
    out.push_back(filled("Session {}: T = {}, Y = {}, {} tokens", {sample_id(run, row), count_text(run.table.treatment[row]),
                                                                   count_text(run.table.outcome[row]), count_text(length)}));
    std::size_t shown = 0;
    for (const SampleToken& token : sample_tokens(run, row)) {
      out.push_back(filled("  {}. {} (item {}, {} min)",
                           {count_text(++shown), token.type, std::to_string(token.item_id), fixed(token.minutes, 1)}));
    }
    if (length > shown) out.push_back(filled("  ... {} more", {count_text(length - shown)}));
    out.emplace_back();
  }
}

}  // namespace

std::string report_text(const Run& run, std::string_view folder, std::span<const ManifestOutput> written) {
  const TrialOptions& trial = run.plan.trial;
  Lines out;
  add_input(run, out);
  out.push_back(filled("{} sessions, {} kept, {} too short", {count_text(run.sessions.created), count_text(run.sessions.size()),
                                                              count_text(run.sessions.created - run.sessions.size())}));
  if (rule_of(trial.kind).time_zero) {
    out.push_back(filled("{} rows with a time zero ({})", {count_text(run.table.rows()), std::string(rule_of(trial.kind).name)}));
  }
  out.push_back(filled("Vocabulary: {} event types, {} items",
                       {count_text(run.vocabulary.types.size()), count_text(run.vocabulary.size())}));
  out.push_back(filled("Treated ({}): {}; outcome ({}): {}", {trial.treatment, share_text(run.summary.all.treatment_rate()),
                                                              trial.outcome, share_text(run.summary.all.outcome_rate())}));
  if (const std::optional<LengthStatistics>& lengths = run.summary.lengths) {
    out.push_back(filled("Sequence length: mean {}, median {}, min {}, max {}, 95th percentile {}",
                         {fixed(lengths->mean, 1), fixed(lengths->median, 1), std::to_string(lengths->min),
                          std::to_string(lengths->max), fixed(lengths->p95, 1)}));
  }
  out.emplace_back();
  add_splits(run, out);
  out.emplace_back();
  add_samples(run, out);
  for (const ManifestOutput& file : written) {
    out.push_back(filled("{}/{}  {} bytes", {std::string(folder), file.path, count_text(file.bytes)}));
  }
  return joined(out);
}

std::string notices_text(std::span<const Notice> notices) {
  Lines lines;
  for (const Notice& notice : notices) lines.push_back("causal-sessions: notice: " + notice_text(notice.message, notice.key));
  return joined(lines);
}

namespace {

std::string counted(std::uint64_t count, const char* noun) {
  return filled("{} {}{}", {count_text(count), noun, count == 1 ? "" : "s"});
}

}  // namespace

std::string verified_text(std::uint64_t inputs, std::uint64_t outputs) {
  return filled("Verified: {} and {} are identical.\n", {counted(inputs, "input"), counted(outputs, "output")});
}

std::string simulation_text(std::string_view path, std::uint64_t events, std::uint64_t bytes, std::string_view truth_path,
                            std::optional<double> effect) {
  Lines lines = {filled("{}: {} events, {} bytes", {std::string(path), count_text(events), count_text(bytes)})};
  if (effect)
    lines.push_back(filled("{}: the effect of a click is {}, by Monte Carlo", {std::string(truth_path), fixed(*effect, 4)}));
  return joined(lines);
}

std::string partial_text(const PartialFacts& facts) {
  return filled("{}: {} events of {}, {} bytes\n",
                {facts.path, count_text(facts.events), counted(facts.inputs, "input"), count_text(facts.bytes)});
}

std::string unusable_text(const PartialFacts& facts) {
  if (facts.unusable == 0) return {};
  return filled(
      "causal-sessions: notice: {} of {} cannot be used; merge says which, and refuses them or leaves them out, as the plan "
      "has it\n",
      {count_text(facts.unusable), counted(facts.rows, "row")});
}

}  // namespace causal_sessions
