#include "text/target_checklist.h"

#include "core/civil_time.h"
#include "core/wording.h"
#include "report/estimand.h"
#include "trial/rules.h"

namespace causal_sessions {
namespace {

struct Item {
  const char *number, *topic, *author;
};

constexpr Item kItems[] = {
    {"1", "Abstract", "Name the study as the emulation of a target trial; its aim, data, methods, findings and conclusions."},
    {"2", "Background", "What is known, and the gap."},
    {"3", "Causal question", "Confirm it."},
    {"4", "Rationale", "Why a target trial is emulated with these data; trials that it follows."},
    {"5", "Data sources", "Where the events come from, what they were logged for, places and setting."},
    {"6", "Protocol of the target trial",
     "Eligibility, treatment strategies, assignment, follow-up, outcomes, contrasts, assumptions and analysis of the trial that "
     "would "
     "be run."},
    {"7a", "Emulation: eligibility", ""},
    {"7b", "Emulation: treatment strategies", "What “no treatment” means where users may be treated later."},
    {"7c", "Emulation: assignment", "Why treatment is as good as random given the covariates."},
    {"7d", "Emulation: follow-up", ""},
    {"7e", "Emulation: outcomes", "How purchases and the like are logged, and what is missed."},
    {"7f", "Emulation: causal contrasts", "The effect measure."},
    {"7g", "Emulation: assumptions", "Exchangeability, positivity, consistency, no interference; unmeasured causes of both."},
    {"7h", "Emulation: analysis", "The estimator, its models, missing data, sensitivity analyses."},
    {"8", "Selection", ""},
    {"9", "Baseline data", ""},
    {"10", "Follow-up", ""},
    {"11", "Missing data", "Events that were never logged."},
    {"12", "Outcomes", ""},
    {"13", "Effect estimates", "The adjusted estimate with its interval, absolute and relative; this report has none."},
    {"14", "Additional analyses", "Results of the sensitivity analyses."},
    {"15", "Interpretation", "What it means for the question."},
    {"16", "Limitations", "Where the emulation departs from the trial, and how plausible the assumptions are."},
    {"17", "Ethics", "Approval, or why none was needed."},
    {"18", "Registration", "Whether, when and where the protocol was registered."},
    {"19", "Data sharing", "Where data and code can be had."},
    {"20", "Funding", "Sources, and the part they had."},
    {"21", "Conflicts of interest", "Of all authors."},
};

}  // namespace

std::vector<ChecklistItem> target_checklist(const Run& run, std::string (*count)(std::uint64_t count)) {
  const TrialOptions& trial = run.plan.trial;
  const bool timed = rule_of(trial.kind).time_zero;
  const ArmCounts& all = run.summary.all;
  const TimeSummary& times = run.builder().times();
  const auto known = [&](std::string_view number) -> std::string {
    if (number == "3" || number == "7f") return estimand_sentence(trial);
    if (number == "5" && run.event_count != 0)
      return filled("{} events of {} users from {} to {}.",
                    {count(run.event_count), count(run.table.users.size()), format_utc(times.min_us), format_utc(times.max_us)});
    if (number == "8" || number == "9") return number == "8" ? "See the flow above." : "See the Love plot above.";
    if (number == "10" && timed)
      return filled("{} from time zero; rows that the end of the data cuts are {}.",
                    {duration_text(static_cast<double>(trial.follow_up_us()) / 1e6),
                     trial.censored == Censored::kDrop ? "left out" : "kept and marked as censored"});
    if (number == "11") return "Rows of the input without a user, a time or a type are counted in the flow.";
    if (number == "12")
      return filled("{} of {} treated rows and {} of {} others have the outcome.",
                    {count(all.treated_outcomes), count(all.treated), count(all.outcomes - all.treated_outcomes),
                     count(all.sessions - all.treated)});
    if (number == "19") return "The plan and manifest.json let anyone with the events make the same table.";
    if (!timed) return {};
    if (number == "7a") return eligibility_sentence(trial);
    if (number == "7b") return filled("Treated: “{}”, as the estimand says; untreated: none in that time.", {trial.treatment});
    if (number == "7d") return time_zero_sentence(trial) + " Follow-up begins there in both arms.";
    if (number == "7e") return filled("“{}” in the follow-up.", {trial.outcome});
    return {};
  };
  std::vector<ChecklistItem> items;
  for (const Item& item : kItems) items.push_back({item.number, item.topic, known(item.number), item.author});
  return items;
}

}  // namespace causal_sessions
