// The words that a plan's keys allow, what each one means, and what a person reads for it.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "ingest/reading_options.h"
#include "session/order.h"
#include "session/sessionize.h"
#include "split/split.h"
#include "trial/rules.h"
#include "vocab/vocabulary.h"
#include "write/write_options.h"

namespace causal_sessions {

struct Choice {
  std::string_view name;
  int value;
  std::string_view label;  // empty: another word for a choice above
};

template <class Enum>
constexpr Choice choice_of(std::string_view name, Enum value, std::string_view label = {}) {
  return {name, static_cast<int>(value), label};
}

inline constexpr std::array kTextFormats = {choice_of("auto", TextFormat::kAuto, "Told from the content"),
                                            choice_of("csv", TextFormat::kCsv, "CSV"),
                                            choice_of("json", TextFormat::kJson, "JSON")};
inline constexpr std::array kSeparators = {choice_of("auto", '\0', "Told from the first rows"), choice_of(",", ',', "Comma"),
                                           choice_of(";", ';', "Semicolon"), choice_of("\t", '\t', "Tab"),
                                           choice_of("|", '|', "Bar"),
                                           // What a shell hands over of a tab that somebody types.
                                           choice_of("\\t", '\t'), choice_of("tab", '\t')};
inline constexpr std::array kCsvHeaders = {choice_of("auto", CsvHeader::kAuto, "Told from the first rows"),
                                           choice_of("yes", CsvHeader::kYes, "Names the columns"),
                                           choice_of("no", CsvHeader::kNo, "Is a row")};
inline constexpr std::array kTimeUnits = {choice_of("auto", TimeUnit::kAuto, "Told from their size"),
                                          choice_of("s", TimeUnit::kSeconds, "Seconds"),
                                          choice_of("ms", TimeUnit::kMilliseconds, "Milliseconds"),
                                          choice_of("us", TimeUnit::kMicroseconds, "Microseconds"),
                                          choice_of("ns", TimeUnit::kNanoseconds, "Nanoseconds"),
                                          choice_of("excel", TimeUnit::kExcel, "Days of a spreadsheet"),
                                          choice_of("dotnet", TimeUnit::kDotnet, ".NET ticks, 100 ns since the year 1"),
                                          choice_of("filetime", TimeUnit::kFiletime, "Windows FILETIME, 100 ns since 1601"),
                                          choice_of("webkit", TimeUnit::kWebkit, "WebKit’s microseconds since 1601")};
inline constexpr std::array kTieRules = {choice_of("numpy", TieRule::kNumpy, "As NumPy sorts"),
                                         choice_of("input", TieRule::kInput, "By row"),
                                         choice_of("priority", TieRule::kPriority, "By type")};
inline constexpr std::array kUnknownTypes = {choice_of("error", UnknownTypes::kError, "Stop and say which"),
                                             choice_of("drop", UnknownTypes::kDrop, "Leave out and count"),
                                             choice_of("add", UnknownTypes::kAdd, "Add as types of their own")};
inline constexpr std::array kBadRowChoices = {choice_of("error", BadRows::kError, "Stop and say which"),
                                              choice_of("drop", BadRows::kDrop, "Leave out and count")};
inline constexpr std::array kDuplicates = {choice_of("keep", Duplicates::kKeep, "Keep"),
                                           choice_of("drop", Duplicates::kDrop, "Drop and count")};
inline constexpr std::array kLengthOf = {choice_of("session", LengthOf::kSession, "The session"),
                                         choice_of("x", LengthOf::kX, "X alone")};
inline constexpr std::array kOutcomeFrom = {choice_of("timeZero", OutcomeFrom::kTimeZero, "At time zero"),
                                            choice_of("windowEnd", OutcomeFrom::kWindowEnd, "When the window ends")};
inline constexpr std::array kPriorOutcomes = {choice_of("count", PriorOutcome::kCount, "Counts as Y"),
                                              choice_of("ignore", PriorOutcome::kIgnore, "Does not count"),
                                              choice_of("exclude", PriorOutcome::kExclude, "Leaves the row out")};
inline constexpr std::array kCensoredChoices = {choice_of("keep", Censored::kKeep, "Keep and flag"),
                                                choice_of("drop", Censored::kDrop, "Leave out and count")};
inline constexpr auto kIndexKinds = [] {
  std::array<Choice, kRules.size()> choices{};
  for (std::size_t i = 0; i < choices.size(); ++i) choices[i] = choice_of(kRules[i].name, kRules[i].kind, kRules[i].label);
  return choices;
}();
inline constexpr std::array kWindowEnds = {choice_of("window", WindowEnds::kWindow, "After its minutes"),
                                           choice_of("nextExposure", WindowEnds::kNextExposure, "At the next exposure")};
inline constexpr std::array kGracePeriods = {choice_of("exclude", GracePeriod::kExclude, "Leaves the row out"),
                                             choice_of("align", GracePeriod::kAlign, "Time zero moves")};
inline constexpr std::array kKeepEvents = {choice_of("first", KeepEvents::kFirst, "The first"),
                                           choice_of("last", KeepEvents::kLast, "The last")};
inline constexpr std::array kChannelChoices = {choice_of("gap", Channel::kGap, "Minutes since the event before"),
                                               choice_of("hour", Channel::kHour, "Hour of the day, UTC"),
                                               choice_of("weekday", Channel::kWeekday, "Day of the week, UTC"),
                                               choice_of("toTimeZero", Channel::kToTimeZero, "Minutes until time zero")};
inline constexpr std::array kFitOn = {choice_of("all", FitOn::kAll, "All sessions"),
                                      choice_of("train", FitOn::kTrain, "Training users"),
                                      choice_of("trainX", FitOn::kTrainX, "X of training users")};
inline constexpr std::array kSplitKinds = {
    choice_of("shuffle", SplitKind::kShuffle, "Shuffled users"), choice_of("hash", SplitKind::kHash, "Hash of the user"),
    choice_of("time", SplitKind::kTime, "By time"), choice_of("folds", SplitKind::kFolds, "Folds")};
inline constexpr std::array kCsvFormulas = {choice_of("harmless", CsvFormulas::kHarmless, "Make harmless"),
                                            choice_of("keep", CsvFormulas::kKeep, "Keep as they are")};

template <class Enum>
constexpr std::string_view name_of(std::span<const Choice> choices, Enum value) {
  for (const Choice& choice : choices) {
    if (choice.value == static_cast<int>(value)) return choice.name;
  }
  return {};
}

}  // namespace causal_sessions
