#include "trial/covariates.h"

#include <algorithm>
#include <numeric>

#include "core/elapsed.h"
#include "core/minutes.h"
#include "core/portable_math.h"

namespace causal_sessions {
namespace {

constexpr double kDayUs = 24 * 3.6e9;

using Scale = CovariateScale;
using Group = CovariateGroup;

double minutes_between(std::int64_t from_us, std::int64_t to_us) { return minutes_from_us(elapsed_us(from_us, to_us)); }

struct Wave {
  double sine, cosine;

  [[nodiscard]] static constexpr Wave at(double turns) { return {portable_sine(turns), portable_sine(turns + 0.25)}; }
  // At twice the angle.
  [[nodiscard]] Wave twice() const { return {2 * sine * cosine, cosine * cosine - sine * sine}; }
};

constexpr double kDaysAWeek = 7;
constexpr std::array<Wave, 7> kWeekdays = {Wave::at(0),
                                           Wave::at(1 / kDaysAWeek),
                                           Wave::at(2 / kDaysAWeek),
                                           Wave::at(3 / kDaysAWeek),
                                           Wave::at(4 / kDaysAWeek),
                                           Wave::at(5 / kDaysAWeek),
                                           Wave::at(6 / kDaysAWeek)};

// What a covariate is told by: the history of a row, walked to its end.
struct Moment {
  const HistoryWalk& walk;
  Wave day;
  bool any;                   // an event in the history
  std::int64_t time_zero_us;  // without one, the last event of X
  LocalClock::Reading clock;  // at time zero, or at the session's start
  std::int64_t first_day;     // of the data
  std::uint32_t number;       // of the session
  const ItemPopularity* popularity;

  using Kind = HistoryWalk::Kind;
  static constexpr Kind kExposure = Kind::kExposure, kTreatment = Kind::kTreatment, kOutcome = Kind::kOutcome;

  [[nodiscard]] double exposures_within(std::int64_t minutes) const {
    const std::int64_t us = minutes * 60'000'000;
    return walk.exposures_after(time_zero_us < INT64_MIN + us ? INT64_MIN : time_zero_us - us);
  }
  [[nodiscard]] const Wave& weekday() const { return kWeekdays[static_cast<std::size_t>(clock.weekday())]; }
  [[nodiscard]] double earlier(Kind kind) const { return walk.earlier(kind).count; }
  [[nodiscard]] double none(Kind kind) const { return walk.earlier(kind).count == 0; }
  [[nodiscard]] double minutes_since(Kind kind) const {
    return walk.earlier(kind).count == 0 ? 0 : minutes_between(walk.earlier(kind).last_us, time_zero_us);
  }
  // Users who are new have no rate to speak of, so the first day counts as a whole one.
  [[nodiscard]] double per_day(Kind kind) const {
    const std::int64_t known_us = elapsed_us(walk.user_first_us(), walk.first_us());
    return earlier(kind) / std::max(1.0, static_cast<double>(known_us) / kDayUs);
  }
  [[nodiscard]] double mean_popularity() const {
    if (walk.index_items().empty()) return 0;
    double sum = 0;
    for (const std::uint32_t item : walk.index_items()) sum += popularity->before(item, walk.index_us());
    return sum / static_cast<double>(walk.index_items().size());
  }
};

enum class Rows : std::uint8_t { kAll, kWithTimeZero, kWithoutTimeZero };

struct Column {
  CovariateTraits traits;
  Rows rows;
  double (*of)(const Moment& at);
};

using M = const Moment&;

// All but those of event types, in their order.
constexpr Column kColumns[] = {
    // Of the sum of others there is no need.
    {{"events", "events", "Events of the history."},
     Rows::kWithoutTimeZero,
     [](M at) -> double { return at.walk.events_in_session(); }},
    {{"span_minutes", "minutes", "From the first event of the history to its last."},
     Rows::kAll,
     [](M at) { return at.any ? minutes_between(at.walk.first_us(), at.walk.last_us()) : 0; }},
    {{"distinct_items", "items", "Different items in the history, those of types without an item not counted."},
     Rows::kAll,
     [](M at) -> double { return at.walk.distinct_items(); }},
    {{"minutes_since_last_event", "minutes", "From the last event at an earlier instant to time zero; 0 without one."},
     Rows::kAll,
     [](M at) { return at.any ? minutes_between(at.walk.last_us_before(at.time_zero_us), at.time_zero_us) : 0; }},

    {{"exposures_5_minutes", "events", "Exposures of the user in the last 5 minutes, up to time zero.", Scale::kAmount,
      Group::kExposure},
     Rows::kWithTimeZero,
     [](M at) { return at.exposures_within(5); }},
    {{"exposures_60_minutes", "events", "Exposures of the user in the last 60 minutes, up to time zero.", Scale::kAmount,
      Group::kExposure},
     Rows::kWithTimeZero,
     [](M at) { return at.exposures_within(60); }},
    {{"items_shown", "items", "Different items of the exposure: of the last instant with exposures up to time zero.",
      Scale::kAmount, Group::kExposure},
     Rows::kWithTimeZero,
     [](M at) { return static_cast<double>(at.walk.index_items().size()); }},
    {{"shown_before", "0 or 1", "1: the user was shown one of these items before.", Scale::kPlain, Group::kExposure},
     Rows::kWithTimeZero,
     [](M at) -> double { return at.walk.shown_before(); }},
    {{"treated_before", "0 or 1", "1: the user has an earlier treatment event with one of these items.", Scale::kPlain,
      Group::kExposure},
     Rows::kWithTimeZero,
     [](M at) -> double { return at.walk.treated_before(); }},
    {{"popularity", "events", "Exposures of training users with the item, before this exposure; the mean of several items.",
      Scale::kAmount, Group::kExposure},
     Rows::kWithTimeZero,
     [](M at) { return at.mean_popularity(); }},

    {{"earlier_sessions", "sessions", "Earlier sessions of the user, short ones too.", Scale::kAmount, Group::kUser},
     Rows::kAll,
     [](M at) -> double { return at.number - 1; }},
    {{kEarlierExposures, "events", "Exposures of the user before the session.", Scale::kAmount, Group::kUser},
     Rows::kWithTimeZero,
     [](M at) { return at.earlier(at.kExposure); }},
    {{"earlier_treatments", "events", "Treatment events of the user before the session.", Scale::kAmount, Group::kUser},
     Rows::kWithTimeZero,
     [](M at) { return at.earlier(at.kTreatment); }},
    {{kEarlierOutcomes, "events", "Outcome events of the user before the session.", Scale::kAmount, Group::kUser, true},
     Rows::kWithTimeZero,
     [](M at) { return at.earlier(at.kOutcome); }},
    {{"earlier_exposures_per_day", "a day",
      "Those exposures by the days from the user's first event to the session, one at least.", Scale::kAmount, Group::kUser},
     Rows::kWithTimeZero,
     [](M at) { return at.per_day(at.kExposure); }},
    {{"earlier_treatments_per_day", "a day", "Those treatment events by the same days.", Scale::kAmount, Group::kUser},
     Rows::kWithTimeZero,
     [](M at) { return at.per_day(at.kTreatment); }},
    {{"earlier_outcomes_per_day", "a day", "Those outcome events by the same days.", Scale::kAmount, Group::kUser, true},
     Rows::kWithTimeZero,
     [](M at) { return at.per_day(at.kOutcome); }},
    {{"minutes_since_earlier_exposure", "minutes", "From the last of those exposures to time zero; 0 without one.",
      Scale::kAmount, Group::kUser},
     Rows::kWithTimeZero,
     [](M at) { return at.minutes_since(at.kExposure); }},
    {{"minutes_since_earlier_treatment", "minutes", "From the last of those treatment events to time zero; 0 without one.",
      Scale::kAmount, Group::kUser},
     Rows::kWithTimeZero,
     [](M at) { return at.minutes_since(at.kTreatment); }},
    {{"minutes_since_earlier_outcome", "minutes", "From the last of those outcome events to time zero; 0 without one.",
      Scale::kAmount, Group::kUser, true},
     Rows::kWithTimeZero,
     [](M at) { return at.minutes_since(at.kOutcome); }},
    {{"never_exposed", "0 or 1", "1: the user has no exposure before the session.", Scale::kPlain, Group::kUser},
     Rows::kWithTimeZero,
     [](M at) { return at.none(at.kExposure); }},
    {{"never_treated", "0 or 1", "1: the user has no treatment event before the session.", Scale::kPlain, Group::kUser},
     Rows::kWithTimeZero,
     [](M at) { return at.none(at.kTreatment); }},
    {{"never_outcome", "0 or 1", "1: the user has no outcome event before the session.", Scale::kPlain, Group::kUser, true},
     Rows::kWithTimeZero,
     [](M at) { return at.none(at.kOutcome); }},

    {{"hour_sin", "−1 to 1", "Sine of the local time of day at time zero, one turn a day.", Scale::kPlain, Group::kClock},
     Rows::kAll,
     [](M at) { return at.day.sine; }},
    {{"hour_cos", "−1 to 1", "Its cosine: 1 at midnight, −1 at noon.", Scale::kPlain, Group::kClock},
     Rows::kAll,
     [](M at) { return at.day.cosine; }},
    {{"half_day_sin", "−1 to 1", "The sine with two turns a day.", Scale::kPlain, Group::kClock},
     Rows::kAll,
     [](M at) { return at.day.twice().sine; }},
    {{"half_day_cos", "−1 to 1", "The cosine with two turns a day.", Scale::kPlain, Group::kClock},
     Rows::kAll,
     [](M at) { return at.day.twice().cosine; }},
    {{"weekday_sin", "−1 to 1", "Sine of the local weekday, one turn a week from Monday.", Scale::kPlain, Group::kClock},
     Rows::kAll,
     [](M at) { return at.weekday().sine; }},
    {{"weekday_cos", "−1 to 1", "Its cosine: 1 on Mondays.", Scale::kPlain, Group::kClock},
     Rows::kAll,
     [](M at) { return at.weekday().cosine; }},
    {{"day", "days", "From the local day of the first event of the data to that of time zero.", Scale::kPlain, Group::kClock},
     Rows::kAll,
     [](M at) { return static_cast<double>(at.clock.day - at.first_day); }}};

constexpr std::string_view kOfType = "events_", kOfOtherTypes = "events_other";
constexpr CovariateTraits kTypeTraits = {"", "events", "Events of the history, of this type."};
constexpr CovariateTraits kOtherTraits = {kOfOtherTypes, "events", "Events of the history, of the types that have no column."};

constexpr CovariateTraits kValueTraits = {"", "value",
                                          "What the input's column of this name says at time zero; 0 where it is missing.",
                                          Scale::kPlain, Group::kColumns};
constexpr CovariateTraits kCategoryTraits = {
    "", "0 or 1",
    "1: the input's column has this text at time zero. The most frequent text has no covariate: the others are compared with it.",
    Scale::kPlain, Group::kColumns};
constexpr CovariateTraits kOtherValueTraits = {"", "0 or 1",
                                               "1: the input's column has a text at time zero that is no category of its own.",
                                               Scale::kPlain, Group::kColumns};
constexpr CovariateTraits kMissingTraits = {"", "0 or 1", "1: the input's column has no value at time zero.", Scale::kPlain,
                                            Group::kColumns};

const CovariateTraits& traits_of_column(std::string_view name) {
  if (name.find('=') != name.npos) return kCategoryTraits;
  if (name.ends_with(kMissingValue)) return kMissingTraits;
  return name.ends_with(kOtherValues) ? kOtherValueTraits : kValueTraits;
}

bool is_of(const Column& column, bool timed) {
  return column.rows == Rows::kAll || (column.rows == Rows::kWithTimeZero) == timed;
}

HistoryWalk walk_over(const CovariateSources& sources) {
  const std::vector<std::string>& types = sources.events.types;
  std::vector<std::uint8_t> column_of_type, has_item;
  for (std::size_t type = 0; type < types.size(); ++type) {
    column_of_type.push_back(static_cast<std::uint8_t>(std::min(type, Covariates::kMostTypes)));
    const auto is_type = [&](const auto& entry) { return entry.first == types[type]; };
    has_item.push_back(std::none_of(sources.without_item.begin(), sources.without_item.end(), is_type));
  }
  const TrialSetup& setup = sources.setup;
  return {sources.events,
          std::move(column_of_type),
          std::move(has_item),
          {setup.exposure_type, setup.treatment_type, setup.outcome_type}};
}

}  // namespace

const CovariateTraits& covariate_traits(std::string_view name) {
  if (name == kOfOtherTypes) return kOtherTraits;
  if (name.starts_with(kOfColumn)) return traits_of_column(name);
  for (const Column& column : kColumns) {
    if (column.traits.name == name) return column.traits;
  }
  return kTypeTraits;
}

Covariates::Covariates(const CovariateSources& sources, const TrialTable& table)
    : sources_(sources), table_(table), walk_(walk_over(sources)), known_(sources.events, sources.setup),
      first_day_(sources.clock.at(sources.first_event_us).day) {
  const std::vector<std::string>& types = sources.events.types;
  for (std::size_t type = 0; type < std::min(types.size(), kMostTypes); ++type) {
    names_.push_back(std::string(kOfType).append(types[type]));
  }
  if (types.size() > kMostTypes) names_.emplace_back(kOfOtherTypes);
  for (const Column& column : kColumns) {
    if (is_of(column, table.has_time_zero())) names_.emplace_back(column.traits.name);
  }
  values_.resize(names_.size());
}

void Covariates::walk_to(std::size_t r) {
  if (known_.told()) {
    known_.enter(table_.history[r], table_.history_end[r], table_.time_zero_us[r]);
    walk_.go(sources_.events.user_begin[table_.user[r]], table_.history_end[r], known_);
    late_rows_ += walk_.unknown() != 0;
  } else if (table_.has_time_zero()) {
    walk_.go(sources_.events.user_begin[table_.user[r]], table_.history[r], table_.history_end[r]);
  } else {
    walk_.go(table_.begin[r], table_.begin[r], table_.begin[r] + table_.count[r]);
  }
}

std::span<const double> Covariates::row(std::size_t r) {
  walk_to(r);
  const bool timed = table_.has_time_zero(), any = walk_.events_in_session() != 0;
  const std::int64_t last_us = any ? walk_.last_us() : table_.start_us[r];
  const LocalClock::Reading clock = sources_.clock.at(timed ? table_.time_zero_us[r] : table_.start_us[r]);
  const Moment at{walk_,
                  Wave::at(static_cast<double>(clock.day_us) / kDayUs),
                  any,
                  timed ? table_.time_zero_us[r] : last_us,
                  clock,
                  first_day_,
                  known_.told() ? walk_.session_number() : table_.number[r],
                  sources_.popularity};
  double* value = values_.data();
  for (const std::uint32_t count : walk_.by_column()) *value++ = count;
  for (const Column& column : kColumns) {
    if (is_of(column, timed)) *value++ = column.of(at);
  }
  return values_;
}

void CovariateTable::leave_out_constants() {
  const std::size_t columns = names.size(), rows = columns == 0 ? 0 : values.size() / columns;
  if (rows < 2) return;
  // Most vary within a few rows, so there is little left to look at.
  std::vector<std::size_t> constant(columns);
  std::iota(constant.begin(), constant.end(), std::size_t{0});
  for (std::size_t r = 1; r < rows && !constant.empty(); ++r) {
    const double* row = values.data() + r * columns;
    std::erase_if(constant, [&](std::size_t j) { return row[j] != values[j]; });
  }
  if (constant.empty()) return;
  std::vector<std::string> kept_names;
  std::vector<std::size_t> kept;
  for (std::size_t j = 0; j < columns; ++j) {
    if (!std::binary_search(constant.begin(), constant.end(), j)) {
      kept.push_back(j);
      kept_names.push_back(std::move(names[j]));
    } else {
      left_out.emplace_back(std::move(names[j]), values[j]);
    }
  }
  names = std::move(kept_names);
  std::size_t to = 0;
  for (std::size_t r = 0; r < rows; ++r) {
    for (const std::size_t j : kept) values[to++] = values[r * columns + j];
  }
  values.resize(to);
}

}  // namespace causal_sessions
