#include "text/target_checklist.h"

#include "core/civil_time.h"
#include "core/wording.h"
#include "report/estimand.h"
#include "trial/control_name.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

struct Item {
  const char *number, *topic, *author;
};

// The statement's numbers; items 6 and 7 say of each element what the trial would do, and what the emulation does.
constexpr Item kItems[] = {
    {"1a", "Abstract: design", "Say that a target trial is emulated with observational data; the aim, and the trial in short."},
    {"1b", "Abstract: data", "Name the sources."},
    {"1c", "Abstract: content", "Main assumptions, methods, findings and conclusions."},
    {"2", "Background", "What is known, and the gap."},
    {"3", "Causal question", "Confirm it."},
    {"4", "Rationale", "Why a target trial is emulated with these data; randomized trials that informed it."},
    {"5", "Data sources", "Where the events come from, what they were logged for, places, setting; how sources were linked."},
    {"6a", "Target trial: eligibility", "Who would be eligible, where that differs."},
    {"6b", "Target trial: treatment strategies", "What users would be assigned to, in detail."},
    {"6c", "Target trial: assignment", ""},
    {"6d", "Target trial: follow-up", "What else would end it."},
    {"6e", "Target trial: outcomes", "How and when they would be measured."},
    {"6f", "Target trial: causal contrasts", "The effect measure."},
    {"6g", "Target trial: assumptions", "What would identify each contrast, and the variables this concerns."},
    {"6h", "Target trial: analysis", "Procedures, model assumptions, missing data."},
    {"7a", "Emulation: eligibility", ""},
    {"7b", "Emulation: treatment strategies", "What “no treatment” means where users may be treated later."},
    {"7c", "Emulation: assignment", "Why treatment is as good as random given the covariates."},
    {"7d", "Emulation: follow-up", ""},
    {"7e", "Emulation: outcomes", "How outcomes are logged, and what is missed."},
    {"7f", "Emulation: causal contrasts", "The effect measure."},
    {"7g(i)", "Emulation: assumptions", "Exchangeability at baseline, positivity, consistency, no interference."},
    {"7g(ii)", "Emulation: variables of the assumptions", "Common causes of treatment and outcome that the events do not have."},
    {"7h(i)", "Emulation: analysis", "The estimator, its models, how missing data are handled."},
    {"7h(ii)", "Emulation: sensitivity analyses", "Other choices of design, assumptions and models that were tried."},
    {"8", "Selection", ""},
    {"9", "Baseline data", ""},
    {"10", "Follow-up", "Its length and why it ended, by group."},
    {"11", "Missing data", "How much is missing in each variable, by group; events that were never logged."},
    {"12", "Outcomes", ""},
    {"13", "Effect estimates", "Each adjusted estimate with its interval, absolute and relative; this report has none."},
    {"14", "Additional analyses", "Results of the sensitivity analyses."},
    {"15", "Interpretation", "What the findings mean for the causal question."},
    {"16", "Limitations", "Where the emulation departs from the trial; how plausible the assumptions are without randomization."},
    {"17", "Ethics", "Approval, or why none was needed."},
    {"18", "Registration", "Whether, when and where the protocol was registered."},
    {"19", "Data sharing", "Where data, code and materials can be had."},
    {"20", "Funding", "Sources, and the part they had."},
    {"21", "Conflicts of interest", "Of all authors."},
};

}  // namespace

std::vector<ChecklistItem> target_checklist(const Run& run, std::string (*count)(std::uint64_t count)) {
  const TrialOptions& trial = run.plan.trial;
  const bool timed = rule_of(trial.kind).time_zero;
  const ControlName name(trial);
  const ArmCounts& all = run.summary.all;
  const TimeSummary& times = run.builder().times();
  const auto of_table = [&](std::string_view number) -> std::string {
    if (number == "3" || number == "7f") return estimand_sentence(trial);
    if (number == "5" && run.event_count != 0)
      return filled("{} events of {} users from {} to {}.",
                    {count(run.event_count), count(run.table.users.size()), format_utc(times.min_us), format_utc(times.max_us)});
    if (number == "8")
      return filled(name.in("{} treated and {} untreated rows; those that were not eligible stand in the flow above."),
                    {count(all.treated), count(all.sessions - all.treated)});
    if (number == "9") return "See the Love plot above.";
    if (number == "11")
      return "Input rows without a user, a time or a type were skipped or refused; where a column that covariates.columns names "
             "has no value, an indicator says so, and "
             "no other covariate is missing.";
    if (number == "12")
      return filled(name.in("{} of {} treated and {} of {} untreated rows have the outcome."),
                    {count(all.treated_outcomes), count(all.treated), count(all.outcomes - all.treated_outcomes),
                     count(all.sessions - all.treated)});
    if (number == "19") return "The plan and manifest.json let anyone with the events make the same table.";
    return {};
  };
  const auto of_trial = [&](std::string_view number) -> std::string {
    const std::string follow_up = duration_text(static_cast<double>(trial.follow_up_us()) / 1e6);
    if (number == "6a" || number == "6b" || number == "6e" || number == "6f")
      return filled("See 7{}.", {std::string(1, number[1])});
    if (number == "6c") return "Users would be assigned at random at time zero, and might know their strategy.";
    if (number == "6d") return filled("From the assignment on, for {}.", {follow_up});
    if (number == "7a") return eligibility_sentence(trial);
    if (number == "7b")
      return filled("Treated: “{}”, as the causal question says; {}.",
                    {trial.treatment, trial.compares() ? filled("the other group: {}, as the first of the two", {name.text()})
                                                       : "untreated: none in that time"});
    if (number == "7d") return time_zero_sentence(trial) + " Follow-up starts there in both groups.";
    if (number == "7e") return filled("“{}” in the follow-up.", {trial.outcome});
    if (number == "7g(ii)") return "Covariates known at time zero; see the Love plot.";
    if (number == "10")
      return filled("{} from time zero; rows that the end of the data cuts are {}.",
                    {follow_up, trial.censored == Censored::kDrop ? "dropped" : "kept and marked as censored"});
    return {};
  };
  std::vector<ChecklistItem> items;
  for (const Item& item : kItems) {
    std::string known = of_table(item.number);
    if (known.empty() && timed) known = of_trial(item.number);
    items.push_back({item.number, item.topic, std::move(known), item.author});
  }
  return items;
}

}  // namespace causal_sessions
