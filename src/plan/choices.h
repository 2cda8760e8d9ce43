// The words that a plan's keys allow, and what each one means.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "plan/plan.h"

namespace causal_sessions {

struct Choice {
  std::string_view name;
  int value;
};

template <class Enum>
constexpr Choice choice_of(std::string_view name, Enum value) {
  return {name, static_cast<int>(value)};
}

inline constexpr std::array kTextFormats = {choice_of("auto", TextFormat::kAuto), choice_of("csv", TextFormat::kCsv),
                                            choice_of("json", TextFormat::kJson)};
inline constexpr std::array kSeparators = {choice_of("auto", '\0'), choice_of(",", ','), choice_of(";", ';'),
                                           choice_of("\t", '\t'), choice_of("|", '|'),
                                           // What a shell hands over of a tab that somebody types.
                                           choice_of("\\t", '\t'), choice_of("tab", '\t')};
inline constexpr std::array kCsvHeaders = {choice_of("auto", CsvHeader::kAuto), choice_of("yes", CsvHeader::kYes),
                                           choice_of("no", CsvHeader::kNo)};
inline constexpr std::array kTimeUnits = {
    choice_of("auto", TimeUnit::kAuto), choice_of("s", TimeUnit::kSeconds), choice_of("ms", TimeUnit::kMilliseconds),
    choice_of("us", TimeUnit::kMicroseconds), choice_of("ns", TimeUnit::kNanoseconds)};
inline constexpr std::array kTieRules = {choice_of("numpy", TieRule::kNumpy), choice_of("input", TieRule::kInput),
                                         choice_of("priority", TieRule::kPriority)};
inline constexpr std::array kUnknownTypes = {choice_of("error", UnknownTypes::kError),
                                             choice_of("drop", UnknownTypes::kDrop), choice_of("add", UnknownTypes::kAdd)};
inline constexpr std::array kBadRows = {choice_of("error", BadRows::kError), choice_of("drop", BadRows::kDrop)};
inline constexpr std::array kDuplicates = {choice_of("keep", Duplicates::kKeep), choice_of("drop", Duplicates::kDrop)};
inline constexpr std::array kLengthOf = {choice_of("session", LengthOf::kSession), choice_of("x", LengthOf::kX)};
inline constexpr std::array kOutcomeFrom = {choice_of("timeZero", OutcomeFrom::kTimeZero),
                                            choice_of("windowEnd", OutcomeFrom::kWindowEnd)};
inline constexpr std::array kPriorOutcomes = {choice_of("count", PriorOutcome::kCount),
                                              choice_of("ignore", PriorOutcome::kIgnore),
                                              choice_of("exclude", PriorOutcome::kExclude)};
inline constexpr std::array kCensored = {choice_of("keep", Censored::kKeep), choice_of("drop", Censored::kDrop)};
inline constexpr std::array kIndexKinds = {
    choice_of("session", IndexKind::kSession), choice_of("exposure", IndexKind::kExposure),
    choice_of("landmark", IndexKind::kLandmark), choice_of("matched", IndexKind::kMatched)};
inline constexpr std::array kWindowEnds = {choice_of("window", WindowEnds::kWindow),
                                           choice_of("nextExposure", WindowEnds::kNextExposure)};
inline constexpr std::array kGracePeriods = {choice_of("exclude", GracePeriod::kExclude),
                                             choice_of("align", GracePeriod::kAlign)};
inline constexpr std::array kKeepEvents = {choice_of("first", KeepEvents::kFirst), choice_of("last", KeepEvents::kLast)};
inline constexpr std::array kChannels = {choice_of("gap", Channel::kGap), choice_of("hour", Channel::kHour),
                                         choice_of("weekday", Channel::kWeekday),
                                         choice_of("toTimeZero", Channel::kToTimeZero)};
inline constexpr std::array kFitOn = {choice_of("all", FitOn::kAll), choice_of("train", FitOn::kTrain),
                                      choice_of("trainX", FitOn::kTrainX)};
inline constexpr std::array kSplitKinds = {choice_of("shuffle", SplitKind::kShuffle), choice_of("hash", SplitKind::kHash),
                                           choice_of("time", SplitKind::kTime), choice_of("folds", SplitKind::kFolds)};
inline constexpr std::array kCsvFormulas = {choice_of("harmless", CsvFormulas::kHarmless),
                                            choice_of("keep", CsvFormulas::kKeep)};

template <class Enum>
constexpr std::string_view name_of(std::span<const Choice> choices, Enum value) {
  for (const Choice& choice : choices) {
    if (choice.value == static_cast<int>(value)) return choice.name;
  }
  return {};
}

}  // namespace causal_sessions
