#include "text/estimate_text.h"

#include "core/civil_time.h"
#include "text/lines.h"

namespace causal_sessions {
namespace {

Lines row_of(const char* name, const Effect& effect) {
  return {name, points_text(effect.effect), points_text(effect.interval95),
          filled("{} pp", {fixed(100 * effect.standard_error, 2)})};
}

Lines answer_lines(const EffectEstimate& estimate, const EffectEstimate::Figures& figures, std::size_t width) {
  std::vector<Lines> rows = {row_of("Adjusted difference", figures.overlap)};
  rows.push_back(
      {"Unadjusted difference", points_text(estimate.naive.arms.difference()), points_text(estimate.naive.interval95), ""});
  return table("|estimate|95% interval|standard error", rows, width);
}

Lines other_lines(const EffectEstimate::Figures& figures, const ControlName& control, std::size_t width) {
  std::vector<Lines> rows = {row_of("of the treated (ATT)", figures.treated)};
  if (figures.all) rows.push_back(row_of("of all rows (ATE)", *figures.all));
  rows.push_back(row_of("each user counted once", figures.by_user));
  Lines lines = table("|estimate|95% interval|standard error", rows, width);
  if (!figures.all) {
    lines.push_back(filled("  Of all rows: not shown, as {} of the propensities lie outside of 0.01 .. 0.99.",
                           {share_text(figures.clipped_share)}));
  }
  std::string risks =
      filled(control.in("  Outcome rate: treated {}, untreated {}"), {share_text(figures.risk[1]), share_text(figures.risk[0])});
  if (figures.ratio)
    risks = filled("{}; ratio {} {}", {risks, decimal_text(figures.ratio->effect), interval_text(figures.ratio->interval95)});
  lines.push_back(risks + ".");
  return lines;
}

Lines value_lines(const EffectEstimate::Value& value, const ControlName& control, std::size_t width) {
  const auto row = [](const char* name, const Effect& effect) -> Lines {
    return {name, decimal_text(effect.effect), interval_text(effect.interval95), decimal_text(effect.standard_error)};
  };
  Lines lines =
      table("|estimate|95% interval|standard error",
            std::vector<Lines>{row("Adjusted difference", value.overlap), row("Unadjusted difference", value.naive)}, width);
  lines.push_back(
      filled(control.in("  Mean a row: treated {}, untreated {}."), {decimal_text(value.mean[1]), decimal_text(value.mean[0])}));
  if (value.cap) {
    lines.push_back(filled("  No row counts as more than {}, which {} of all rows would.",
                           {decimal_text(value.cap), count_text(value.capped)}));
  }
  return lines;
}

Lines week_lines(const EffectEstimate::Figures& figures, std::size_t width) {
  std::vector<Lines> rows;
  for (const EffectEstimate::Week& week : figures.weeks) {
    rows.push_back({format_utc(week.monday_us).substr(0, 10), count_text(week.rows), points_text(week.effect.effect),
                    points_text(week.effect.interval95)});
  }
  return table("from|rows|estimate|95% interval", rows, width);
}

Lines overturn_lines(const EffectEstimate::Figures& figures, std::size_t width) {
  Lines lines;
  if (figures.e_value) {
    lines.push_back(
        filled("  E-value {}, of the interval's nearer end {}: something unrecorded would have to go with treatment and "
               "outcome both by a risk ratio of so much, beyond the covariates, to explain it away.",
               {decimal_text(figures.e_value->estimate), decimal_text(figures.e_value->limit)}));
  }
  if (figures.robustness) {
    lines.push_back(filled("  Robustness value {}, of the nearer end {}: or explain so much of what is left of both.",
                           {share_text(figures.robustness->estimate), share_text(figures.robustness->limit)}));
  }
  if (figures.without.empty()) return lines;
  lines.emplace_back("  As a yardstick, how the adjusted difference moves without what is recorded of:");
  std::vector<Lines> rows;
  for (const EffectEstimate::WithoutGroup& group : figures.without) {
    rows.push_back({group.group, points_text(group.change)});
  }
  for (std::string& line : table("|change", rows, width)) lines.push_back(std::move(line));
  return lines;
}

Lines control_lines(const NegativeControls& controls, std::size_t width) {
  std::vector<Lines> rows;
  Lines lines;
  for (const NegativeControl& control : controls.controls) {
    if (!control.effect) lines.push_back(filled("  {}: not told. {}", {control.name, control.too_little}));
    else rows.push_back({control.name, points_text(control.effect->effect), points_text(control.effect->interval95)});
  }
  if (!rows.empty()) {
    const Lines told = table("|difference|95% interval", rows, width);
    lines.insert(lines.begin(), told.begin(), told.end());
  }
  if (!controls.meaning.empty()) lines.push_back("  " + controls.meaning);
  if (const auto& made = controls.calibration) {
    lines.push_back(
        filled("  Calibrated by {} controls, whose log ratios are off by {} with a deviation of {} beyond chance: ratio of "
               "outcome rates {} {}.",
               {count_text(made->controls), decimal_text(made->null.mean), decimal_text(made->null.deviation),
                decimal_text(made->ratio.effect), interval_text(made->ratio.interval95)}));
  } else {
    lines.push_back("  " + controls.not_calibrated);
  }
  return lines;
}

Lines balance_lines(const EffectEstimate::Figures& figures, const ControlName& control, std::size_t width) {
  std::vector<Lines> rows;
  for (const FeatureBalance& row : figures.balance) {
    rows.push_back({row.feature, decimal_text(row.smd), decimal_text(row.weighted_smd)});
  }
  Lines lines = table("|raw|weighted", rows, width);
  lines.push_back(filled(control.in("  Effective rows: treated {}, untreated {}"),
                         {decimal_text(figures.effective_rows[1]), decimal_text(figures.effective_rows[0])}));
  return lines;
}

// What a table is adjusted for; its notices are told beside it.
std::string covariates_line(const EffectEstimate::Table& table) {
  std::string list;
  for (const std::string& covariate : table.covariates) list += (list.empty() ? "" : ", ") + covariate;
  return list.empty() ? "  There are no covariates, so nothing is adjusted for." : filled("  Adjusted for: {}.", {list});
}

std::string assignment_line(const EffectEstimate::SampleRatio& ratio) {
  return filled(
      "  What assigned the treatment is known, so no model of it was fitted: {} of the rows are treated, where {} were "
      "expected (p = {}).",
      {share_text(ratio.observed), share_text(ratio.expected), decimal_text(ratio.p_value)});
}

std::string size_line(const EffectEstimate& estimate) {
  const std::string left_out = estimate.censored_left_out == 0
                                   ? ""
                                   : filled(", {} dropped, as the data end too early", {count_text(estimate.censored_left_out)});
  return filled("  {} rows of {} users ({} of them treated), worth {} users{}; {} folds.",
                {count_text(estimate.rows), count_text(estimate.users), count_text(estimate.users_treated),
                 count_text(static_cast<std::uint64_t>(estimate.effective_users)), left_out, count_text(estimate.folds)});
}

}  // namespace

std::string overlap_sentence() { return "Rows count by how open their treatment was (overlap weights)."; }

std::string caution_sentence() {
  return "It is adjusted for what is recorded, and causal only if nothing else drives both treatment and outcome.";
}

std::string no_estimate_text(const EffectEstimate& estimate) {
  return estimate.refusals.empty() ? "" : "no effect is estimated: " + estimate.refusals.front().message;
}

std::string estimate_text(const EffectEstimate& estimate, std::size_t width) {
  Lines lines = {estimate.estimand};
  const auto add = [&lines](const std::string& title, const Lines& section) {
    lines.insert(lines.end(), {"", title});
    lines.insert(lines.end(), section.begin(), section.end());
  };
  if (!estimate.figures) {
    Lines reasons;
    for (const EstimateRefusal& refusal : estimate.refusals)
      reasons.push_back(filled("  {} ({})", {refusal.message, std::string(refusal.code)}));
    add("No effect is estimated", reasons);
    return wrapped(lines, width);
  }
  const EffectEstimate::Figures& figures = *estimate.figures;
  lines.front() += " " + overlap_sentence();
  lines.emplace_back("");
  for (std::string& line : answer_lines(estimate, figures, width)) lines.push_back(std::move(line));
  lines.push_back("  " + caution_sentence());
  if (estimate.other_plans != 0)
    lines.push_back(filled("  Other plans tried on these events: {}. An interval does not count how a plan was chosen.",
                           {count_text(estimate.other_plans)}));
  for (const auto& [code, title] : estimate.warnings) {
    lines.push_back(filled("  The audit puts it in doubt: {} ({}).", {title, code}));
  }
  if (figures.negative_controls.excluding() != 0) lines.push_back("  " + figures.negative_controls.meaning);
  lines.push_back(size_line(estimate));
  if (estimate.sample_ratio) lines.push_back(assignment_line(*estimate.sample_ratio));
  if (estimate.table) lines.push_back(covariates_line(*estimate.table));
  if (figures.value)
    add(filled("Value of the outcomes (sum of {} a row)", {visible(figures.value->column)}),
        value_lines(*figures.value, estimate.control, width));
  add("What could overturn it", overturn_lines(figures, width));
  add("Negative controls (outcomes that the treatment cannot have caused)", control_lines(figures.negative_controls, width));
  add("Other averages", other_lines(figures, estimate.control, width));
  if (!figures.weeks.empty()) add("By calendar week", week_lines(figures, width));
  add("Balance (differences of the features in standard deviations)", balance_lines(figures, estimate.control, width));
  return wrapped(lines, width);
}

}  // namespace causal_sessions
