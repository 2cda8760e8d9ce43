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

inline constexpr std::array kTextFormats = {choice_of("auto", TextFormat::kAuto, "Detect from the content"),
                                            choice_of("csv", TextFormat::kCsv, "CSV"),
                                            choice_of("json", TextFormat::kJson, "JSON")};
inline constexpr std::array kSeparators = {
    choice_of("auto", '\0', "Detect from the first rows"), choice_of(",", ',', "Comma"), choice_of(";", ';', "Semicolon"),
    choice_of("\t", '\t', "Tab"), choice_of("|", '|', "Bar"), choice_of(" ", ' ', "Space"), choice_of("~", '~', "Tilde"),
    choice_of("^", '^', "Caret"), choice_of(":", ':', "Colon; of two, every second column is empty"),
    choice_of("\x01", '\x01', "Control-A, as Hive writes"),
    // What a shell hands over of a tab that somebody types.
    choice_of("\\t", '\t'), choice_of("tab", '\t'), choice_of("\\u0001", '\x01')};
constexpr Choice encoding_choice(TextEncoding encoding, std::string_view label) {
  return choice_of(encoding_name(encoding), encoding, label);
}
inline constexpr std::array kEncodings = {
    encoding_choice(TextEncoding::kAuto, "UTF-8"), encoding_choice(TextEncoding::kUtf8, "UTF-8, the same"),
    encoding_choice(TextEncoding::kUtf16le, "UTF-16, little-endian"),
    encoding_choice(TextEncoding::kUtf16be, "UTF-16, big-endian"),
    encoding_choice(TextEncoding::kWindows1252, "Windows-1252, ISO 8859-1 (Latin-1)"),
    encoding_choice(TextEncoding::kIso8859_15, "ISO 8859-15 (Latin-9)"),
    encoding_choice(TextEncoding::kIso8859_2, "ISO 8859-2 (Latin-2)"), encoding_choice(TextEncoding::kMacintosh, "Mac OS Roman"),
    encoding_choice(TextEncoding::kWindows1250, "Windows-1250 (Central Europe)"),
    encoding_choice(TextEncoding::kWindows1251, "Windows-1251 (Cyrillic)"),
    encoding_choice(TextEncoding::kKoi8R, "KOI8-R (Cyrillic)"), encoding_choice(TextEncoding::kGbk, "GBK, GB 18030 (Chinese)"),
    encoding_choice(TextEncoding::kShiftJis, "Shift JIS (Japanese)"),
    // Other names of them.
    choice_of("latin1", TextEncoding::kWindows1252), choice_of("iso-8859-1", TextEncoding::kWindows1252),
    choice_of("gb18030", TextEncoding::kGbk), choice_of("gb2312", TextEncoding::kGbk)};
inline constexpr std::array kCsvHeaders = {choice_of("auto", CsvHeader::kAuto, "Detect from the first rows"),
                                           choice_of("yes", CsvHeader::kYes, "The first row names the columns"),
                                           choice_of("no", CsvHeader::kNo, "There is none")};
inline constexpr std::array kTimeUnits = {choice_of("auto", TimeUnit::kAuto, "Detect"),
                                          choice_of("s", TimeUnit::kSeconds, "Seconds"),
                                          choice_of("ms", TimeUnit::kMilliseconds, "Milliseconds"),
                                          choice_of("us", TimeUnit::kMicroseconds, "Microseconds"),
                                          choice_of("ns", TimeUnit::kNanoseconds, "Nanoseconds"),
                                          choice_of("excel", TimeUnit::kExcel, "Spreadsheet days"),
                                          choice_of("dotnet", TimeUnit::kDotnet, ".NET ticks, 100 ns since the year 1"),
                                          choice_of("filetime", TimeUnit::kFiletime, "Windows FILETIME, 100 ns since 1601"),
                                          choice_of("webkit", TimeUnit::kWebkit, "WebKit’s microseconds since 1601")};
inline constexpr std::array kTieRules = {choice_of("numpy", TieRule::kNumpy, "Notebook order (NumPy)"),
                                         choice_of("input", TieRule::kInput, "File order"),
                                         choice_of("priority", TieRule::kPriority, "Event-type order")};
inline constexpr std::array kUnknownTypes = {choice_of("error", UnknownTypes::kError, "Stop with an error"),
                                             choice_of("drop", UnknownTypes::kDrop, "Skip and report"),
                                             choice_of("add", UnknownTypes::kAdd, "Add to the list")};
inline constexpr std::array kBadRowChoices = {choice_of("error", BadRows::kError, "Stop with an error"),
                                              choice_of("drop", BadRows::kDrop, "Skip and report")};
inline constexpr std::array kDuplicates = {choice_of("keep", Duplicates::kKeep, "Keep"),
                                           choice_of("drop", Duplicates::kDrop, "Remove and report")};
inline constexpr std::array kLengthOf = {choice_of("session", LengthOf::kSession, "The whole session"),
                                         choice_of("x", LengthOf::kX, "The history before time zero (X)")};
inline constexpr std::array kOutcomeFrom = {choice_of("timeZero", OutcomeFrom::kTimeZero, "At time zero"),
                                            choice_of("windowEnd", OutcomeFrom::kWindowEnd, "At the window’s end")};
inline constexpr std::array kOutcomeScopes = {choice_of("user", OutcomeScope::kUser, "All of the user’s"),
                                              choice_of("session", OutcomeScope::kSession, "Those of the same session")};
inline constexpr std::array kPriorOutcomes = {choice_of("count", PriorOutcome::kCount, "Count it"),
                                              choice_of("ignore", PriorOutcome::kIgnore, "Ignore it"),
                                              choice_of("exclude", PriorOutcome::kExclude, "Drop the row")};
inline constexpr std::array kCensoredChoices = {choice_of("keep", Censored::kKeep, "Keep and flag"),
                                                choice_of("drop", Censored::kDrop, "Drop and report")};
inline constexpr auto kIndexKinds = [] {
  std::array<Choice, kRules.size()> choices{};
  for (std::size_t i = 0; i < choices.size(); ++i) choices[i] = choice_of(kRules[i].name, kRules[i].kind, kRules[i].label);
  return choices;
}();
inline constexpr std::array kWindowEnds = {choice_of("window", WindowEnds::kWindow, "After its full time"),
                                           choice_of("nextExposure", WindowEnds::kNextExposure, "At the next exposure")};
inline constexpr std::array kGracePeriods = {choice_of("exclude", GracePeriod::kExclude, "Drop the row"),
                                             choice_of("align", GracePeriod::kAlign, "Move time zero"),
                                             choice_of("keep", GracePeriod::kKeep, "Keep the row, as assigned")};
inline constexpr std::array kKeepEvents = {choice_of("first", KeepEvents::kFirst, "The first events"),
                                           choice_of("last", KeepEvents::kLast, "The most recent events")};
inline constexpr std::array kChannelChoices = {choice_of("gap", Channel::kGap, "Minutes since the previous event"),
                                               choice_of("hour", Channel::kHour, "Hour of the day, UTC"),
                                               choice_of("weekday", Channel::kWeekday, "Day of the week, UTC"),
                                               choice_of("toTimeZero", Channel::kToTimeZero, "Minutes until time zero")};
inline constexpr std::array kFitOn = {choice_of("all", FitOn::kAll, "All sessions"),
                                      choice_of("train", FitOn::kTrain, "Training users"),
                                      choice_of("trainX", FitOn::kTrainX, "Training histories (X)")};
inline constexpr std::array kSplitKinds = {
    choice_of("shuffle", SplitKind::kShuffle, "Shuffle users"), choice_of("hash", SplitKind::kHash, "Hash users"),
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
