#include "audit/finding_words.h"

#include <cmath>
#include <optional>

#include "core/wording.h"

namespace causal_sessions {
namespace {

constexpr FindingWords kWords[] = {
    {"noExposures", "There are no exposures", "None of {events|event} has the type “{type}”, which marks an exposure.",
     "Without an exposure there is no time zero, so there are no training rows."},
    {"landmarkAfterSessions", "Time zero comes after every session", "After {minutes|minute} all {sessions|session} are over.",
     "No session has a training row."},
    {"noRows", "There are no training rows", "No row is left of {candidates|possible row} and {events|event}.",
     "There is nothing to learn from."},
    {"horizonLongerThanData", "The follow-up is longer than the data",
     "The follow-up lasts {followUpHours h}, and the data cover {dataHours h}.", "No row’s outcome was observed to the end."},
    {"allCensored", "No follow-up is complete", "The data end before the follow-up does, in {rows|row} of {rows}.",
     "A missing outcome may only mean “not yet”."},
    {"noOutcomes", "No row has the outcome",
     "None of {rows|row} has the outcome “{type}”; the data have {events|event} of that type.",
     "There is nothing that the treatment could have changed."},
    {"emptyArm", "One group is empty", "There are {control|untreated row} and {treated|treated row}[ in the {part} set].",
     "With one group alone there is nothing to compare."},
    {"outcomeInX", "The outcome leaks into the history",
     "X contains the outcome in {rows|row} ({share%}): {control.rows} untreated and {treated.rows} treated[, which is "
     "{controlOutcome.share%} of the untreated rows with an outcome].",
     "The history (X) contains the outcome event, so a model can read the answer instead of predicting it."},
    {"treatmentInX", "The treatment leaks into the history",
     "X contains the treatment in {rows|row} ({share%}): {control.rows} untreated and {treated.rows} treated.",
     "A model can tell the groups apart from X alone."},
    {"paddingInOneArm", "Padding reveals the treatment",
     "Padded are {treated.rows|treated row} ({treated.share%}) and {control.rows|untreated row} ({control.share%}).",
     "A model can tell the groups apart by events that never happened."},
    {"outcomeBeforeTreatment", "The outcome happened before the treatment",
     "Of {rows|treated row} with an outcome, the first outcome came before the treatment in {first} ({firstShare%}), and all of "
     "them did in {all} ({allShare%}).",
     "What happened before the treatment cannot be its effect."},
    {"immortalTime", "Some outcomes fall inside the treatment window",
     "[Left out: {leftOut|row} with the outcome before the treatment. ]Kept: {untreatedWindowOutcomes|untreated row} with an "
     "outcome inside the window. However they are counted, the difference of {naiveDifference pp} lies between {interval.0 pp} "
     "and {interval.1 pp}.",
     "Who counts as treated depends on when the outcome came. Confounding is not part of this range."},
    {"lengthTellsTreatment", "The length of the history gives the treatment away",
     "The length of X predicts the treatment with an AUC of {auc}; 0.5 would mean that it does not.",
     "The treatment itself ends X, so adjusting for its length adjusts for the treatment."},
    {"spanTellsTreatment", "The duration of the history gives the treatment away",
     "The time that X covers predicts the treatment with an AUC of {auc}; 0.5 would mean that it does not.",
     "The treatment itself ends X."},
    {"lastEventTellsTreatment", "The last event gives the treatment away",
     "The last event of X predicts the treatment with an AUC of {auc}; 0.5 would mean that it does not.",
     "X ends at the treatment in one group only."},
    {"paddingTellsTreatment", "The amount of padding gives the treatment away",
     "The number of padding tokens predicts the treatment with an AUC of {auc}; 0.5 would mean that it does not.",
     "A model can tell the groups apart by events that never happened."},
    {"tiesChangeSessions", "The order of simultaneous events decides rows",
     "With another order of events at the same time, “{rule}”, {changed} of {sessions|session} would change.",
     "The data do not say which of these events came first."},
    {"tiesDecidedByRule", "A rule orders simultaneous events",
     "With another order of events at the same time, “{rule}”, {changed} of {sessions|session} would change.",
     "Events at the same time are ordered by type. With a time zero only events at the time of an exposure depend on it."},
    {"duplicates", "Some events are logged twice", "The data have exact duplicates: {events|event}.",
     "They count twice in X and in every length."},
    {"rowsLeftOut", "Some input rows were skipped", "Not used: {rows|row}.",
     "If there is a reason why they are unreadable, the remaining rows are a selection."},
    {"gapDecidesSign", "The result depends on the session gap",
     "The difference goes from {lowest pp} at a gap of {lowestGapHours h} to {highest pp} at {highestGapHours h}.",
     "Its sign changes with the gap, so it says more about that choice than about the treatment."},
    {"filterLooksPastTimeZero", "A rule uses what happened after time zero",
     "The rule of {filter:} removed {removed} of {of|row} by what happened after time zero.",
     "This selects rows by the treatment or the outcome."},
    {"armDecidedInWindow", "The treatment is decided after time zero",
     "In {treated} of {of|row} the treatment came within {windowMinutes|minute} after time zero.",
     "Whatever keeps a session going makes a treatment more likely, and perhaps the outcome; it is not in X, so it cannot be "
     "adjusted for."},
    {"donorsInOtherParts", "Draws cross the split", "What was drawn for {controls|untreated row} came from users of every set.",
     "The training rows depend on validation and test data."},
    {"imbalance", "The groups differ before time zero",
     "Beyond 0.1 standard deviations: {covariates|covariate}, the largest “{covariate}” ({largest}).",
     "The unadjusted difference is not an effect; adjust for the covariates."},
    {"imbalanceAfterWeighting", "The groups still differ after weighting",
     "Beyond 0.1 standard deviations, and beyond chance: {covariates|covariate}, the largest “{covariate}” ({largest}).",
     "A propensity that is linear in the covariates is not enough."},
    {"poorOverlap", "Many rows have no counterpart in the other group",
     "Of all rows, {outside1Percent%} have a propensity below 1% or above 99% (AUC {auc}).",
     "For these rows the effect would be extrapolated."},
    {"neverInTrainX", "The vocabulary has items that training never sees",
     "Never in X of the training set: {ids|id} of the vocabulary ({share%}).",
     "Their embeddings stay untrained, and the vocabulary reveals validation and test data."},
    {"unknownItems", "Many items are unknown", "In the {part} set {unknownShare%} of the items are [UNK].",
     "X says little about them."},
    {"usersInSeveralParts", "Some users are in several sets", "In more than one set: {users|user}.",
     "A model can recognize these users, so results on validation and test are too good."},
    {"censoredRows", "Some follow-up is incomplete", "The data end before the follow-up of {rows|row} ({share%}) does.",
     "For these rows Y = 0 may only mean “not yet”."},
    {"windowsOverlap", "Treatment windows overlap",
     "In {windowHoldsExposure} of {rows|row} the window contains the user’s next exposure[, in {treatedAfterLaterExposure} of "
     "them before the treatment].",
     "One treatment can count for several rows, and T says who stayed and saw more."},
    {"coarseClock", "Exposures and treatments have the same time",
     "In {treated} of {of|treated row} the treatment has the time of its exposure.",
     "Only the order rule says that the treatment came second; the clock may be too coarse."},
    {"earlierTreatment", "Some untreated rows follow an earlier treatment",
     "In {controls} of {of|untreated row} the user was treated within one follow-up before time zero.",
     "The effect of that treatment counts for the untreated group."},
    {"arrivedAfterTimeZero", "Some events came in after the time zero that would use them",
     "In {rows} of {of|row} ({share%}) the user had done what became known only after time zero; {events|event} came in so late.",
     "Nobody could know of them at time zero, so the histories of these rows are without them."},
    {"lengthRule", "The minimum length drops eligible rows", "It removed {removed} of {of|eligible row}.",
     "Most of them are the first exposures of their sessions."},
    {"sessionsAtDataStart", "Some sessions may have started before the data",
     "They begin within one gap of the first event: {sessions} of {of|session}.", "Their history is incomplete."},
};

// The rules that may look past time zero, as they are called in a sentence.
constexpr std::pair<std::string_view, std::string_view> kFilterWords[] = {
    {"shortSession", "minimum events per session"},      {"shortX", "minimum events in X"},
    {"priorOutcome", "an outcome before time zero"},     {"outcomeBeforeTreatment", "an outcome before the treatment"},
    {"outcomeInWindow", "an outcome inside the window"},
};

const Json* figure(const Json& figures, std::string_view name) {
  const Json* at = &figures;
  while (!name.empty()) {
    const std::string part(name.substr(0, name.find('.')));
    name.remove_prefix(part.size() == name.size() ? name.size() : part.size() + 1);
    if (at->is_array()) {
      const std::size_t place = static_cast<std::size_t>(part[0] - '0');
      if (place >= at->size()) return nullptr;
      at = &(*at)[place];
    } else if (at->is_object() && at->contains(part)) {
      at = &(*at)[part];
    } else {
      return nullptr;
    }
  }
  return at;
}

bool is_nothing(const Json* value) {
  return value == nullptr || value->is_null() || (value->is_number() && value->get<double>() == 0);
}

// At most so many decimals, without zeros at the end.
std::string trimmed(double value, int digits) {
  std::string text = fixed(value, digits);
  if (text.find('.') == text.npos) return text;
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

std::string number_text(double value) {
  const bool whole = value == std::floor(value) && value >= 0 && value < 1e15;
  return whole ? count_text(static_cast<std::uint64_t>(value)) : trimmed(value, std::abs(value) < 0.01 ? 4 : 2);
}

std::string counted(const std::string& number, std::string_view noun) {
  return number + " " + std::string(noun) + (number == "1" ? "" : "s");
}

std::string points(double difference) {
  const std::string text = fixed(std::abs(difference) * 100, 1);
  return (text == "0.0" ? "" : difference < 0 ? "−" : "+") + text + " points";
}

struct Unit {
  double least, hours;
  const char* name;
};
constexpr Unit kUnits[] = {{48, 24, "day"}, {1, 1, "hour"}, {1.0 / 60, 1.0 / 60, "minute"}, {0, 1.0 / 3600, "second"}};

std::string hours_text(double hours) {
  const Unit* unit = kUnits;
  while (hours < unit->least) ++unit;
  return counted(trimmed(hours / unit->hours, 1), unit->name);
}

// `hole`: what stands between the braces.
std::string written(std::string_view hole, const Json& figures, bool& nothing) {
  const std::size_t end = hole.find_first_of("|%: ");
  const std::string_view style = end == hole.npos ? "" : hole.substr(end);
  const Json* value = figure(figures, hole.substr(0, end));
  nothing |= is_nothing(value);
  if (value == nullptr || value->is_null()) return "n/a";
  if (style == ":") {
    for (const auto& [name, words] : kFilterWords) {
      if (*value == name) return std::string(words);
    }
  }
  if (!value->is_number()) return value->is_string() ? value->get<std::string>() : value->dump();
  const double number = value->get<double>();
  if (style == "%") return fixed(number * 100, 1) + "%";
  if (style == " pp") return points(number);
  if (style == " h") return hours_text(number);
  return style.empty() ? number_text(number) : counted(number_text(number), style.substr(1));
}

}  // namespace

const FindingWords& finding_words(std::string_view code) {
  const FindingWords* words = kWords;
  while (code != words->code) ++words;
  return *words;
}

std::string filled_with(std::string_view pattern, const Json& figures) {
  std::string text;
  std::optional<std::size_t> part;  // where a part in brackets begins
  bool nothing = false;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '[' && !pattern.substr(at).starts_with("[UNK]")) {
      part = text.size();
      nothing = false;
    } else if (c == ']' && part) {
      if (nothing) text.resize(*part);
      part.reset();
    } else if (c == '{') {
      const std::size_t end = pattern.find('}', at);
      text += written(pattern.substr(at + 1, end - at - 1), figures, nothing);
      at = end;
    } else {
      text += c;
    }
  }
  return text;
}

}  // namespace causal_sessions
