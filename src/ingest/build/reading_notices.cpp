#include "ingest/build/reading_notices.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "core/civil_time.h"
#include "core/cold.h"

namespace causal_sessions {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kDayUs = 86'400 * kSecondUs;

// How databases, libraries and languages write a missing value as text.
constexpr std::string_view kNullMarkers[] = {
    "\\N",  "NULL", "null",      "Null",   "None",   "none",      "NaN",     "nan", "NA",   "N/A", "n/a",
    "<NA>", "#N/A", "undefined", "(null)", "(none)", "(not set)", "nil",     "NaT", "NONE", "NAN", "Nan",
    "NIL",  "Nil",  "<null>",    "<none>", "<nil>",  "#REF!",     "#VALUE!", "-",   "--",   "?",   " "};

// Ids that stand for nobody, which as event types would be types like any other.
constexpr std::string_view kNobody[] = {
    "unknown",   "Unknown", "UNKNOWN", "anonymous", "Anonymous",       "guest", "Guest", "Infinity",
    "-Infinity", "inf",     "-inf",    "[null]",    "[object Object]", "{}",    "[]",    "00000000-0000-0000-0000-000000000000"};

// Ids of a pool that are such a marker, perhaps with a blank or apostrophes around it.
COLD std::vector<std::uint32_t> find_markers(const StringPool& pool) {
  std::vector<std::uint32_t> ids;
  const auto find = [&](std::string_view text) {
    const std::uint32_t id = pool.find(text);
    if (id != StringPool::kNone && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  };
  for (const std::span<const std::string_view> markers :
       {std::span<const std::string_view>(kNullMarkers), std::span<const std::string_view>(kNobody)}) {
    for (const std::string_view marker : markers) {
      for (const auto& [before, behind] : {std::pair("", ""), std::pair("", " "), std::pair(" ", ""), std::pair("'", "'")}) {
        find(std::string(before).append(marker).append(behind));
      }
    }
  }
  return ids;
}

COLD std::uint64_t count_events(const BlockColumn<std::uint32_t>& column, const std::vector<std::uint32_t>& ids) {
  if (ids.empty()) return 0;
  std::uint64_t count = 0;
  for (std::size_t b = 0; b < column.block_count(); ++b) {
    for (const std::uint32_t id : column.block(b)) count += std::find(ids.begin(), ids.end(), id) != ids.end();
  }
  return count;
}

// The plan names the item's column or path, and there is nothing at its end.
COLD std::optional<Notice> note_no_items(const ReadingFacts& facts) {
  const bool found = facts.events.items.size() != 0 || facts.events.size() == 0;
  if (found || !facts.options.columns.item.is_set()) return std::nullopt;
  return Notice{"noItems",
                "no event has an item; what columns.item names has no value in any row",
                {{"events", facts.events.size()}},
                "columns.item"};
}

COLD std::string list_texts(const StringPool& pool, const std::vector<std::uint32_t>& ids) {
  std::string text;
  for (const std::uint32_t id : ids) text.append(text.empty() ? "" : ", ").append(shown_cell(pool[id]));
  return text;
}

// "0" is a user like any other, unless it has far more events than one of so many.
COLD void add_user_zero(const EventTable& events, std::vector<std::uint32_t>& users) {
  const std::uint32_t zero = events.users.find("0");
  if (zero == StringPool::kNone || events.users.size() < 3) return;
  const std::uint64_t count = count_events(events.user, {zero});
  if (count * 5 >= events.size() && count * events.users.size() >= 2 * events.size()) users.push_back(zero);
}

COLD std::optional<Notice> note_markers(const EventTable& events) {
  std::vector<std::uint32_t> users = find_markers(events.users);
  add_user_zero(events, users);
  const std::vector<std::uint32_t> items = find_markers(events.items);
  const std::uint64_t by_user = count_events(events.user, users), by_item = count_events(events.item, items);
  if (by_user == 0 && by_item == 0) return std::nullopt;
  std::string text;
  if (by_user != 0) {
    text = counted(by_user, "event", "events") + " of " + std::to_string(events.size()) + (by_user == 1 ? " has" : " have") +
           " the user " + list_texts(events.users, users) +
           (users.size() == 1 ? ", which counts as one person" : ", each of which counts as one person");
  }
  if (by_item != 0) {
    text += (text.empty() ? "" : "; ") + counted(by_item, "event", "events") + (by_item == 1 ? " has" : " have") + " the item " +
            list_texts(events.items, items) +
            (items.size() == 1 ? ", which counts as an item" : ", each of which counts as an item");
  }
  text += "; that is how exports write a missing value. Name such texts in input.nulls";
  return Notice{"nullMarkers", std::move(text), {{"users", by_user}, {"items", by_item}}, "input.nulls"};
}

// The digits of a whole number that was written as a rounded one, "1e+17" or "9007199254740992.0": so a floating-point column
// shows numbers of 2^53 and more, and a spreadsheet those of twelve digits. Empty for any other text.
std::string rounded_digits(std::string_view text) {
  constexpr std::size_t kLeast = 11, kMost = 99;           // of the exponent
  constexpr std::string_view kLimit = "9007199254740992";  // 2^53
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  if (text.size() >= kLimit.size() + 2 && text.ends_with(".0")) {
    const std::string_view digits = text.substr(sign, text.size() - 2 - sign);
    const bool large = digits.size() > kLimit.size() || (digits.size() == kLimit.size() && digits >= kLimit);
    return large && digits.size() < kMost && std::all_of(digits.begin(), digits.end(), is_digit)
               ? std::string(text.substr(0, text.size() - 2))
               : "";
  }
  // -D[.D...]e+EE
  const std::size_t size = text.size();
  if (size < sign + 5 || text[size - 3] != '+' || (text[size - 4] != 'e' && text[size - 4] != 'E')) return {};
  if (!is_digit(text[size - 2]) || !is_digit(text[size - 1]) || !is_digit(text[sign])) return {};
  const auto exponent = static_cast<std::size_t>(text[size - 2] - '0') * 10 + static_cast<std::size_t>(text[size - 1] - '0');
  std::string digits(text.substr(0, sign + 1));
  const std::string_view behind = text.substr(sign + 1, size - 4 - sign - 1);
  if (!behind.empty() && behind[0] != '.') return {};
  const std::string_view fraction = behind.substr(std::min<std::size_t>(1, behind.size()));
  if (exponent < kLeast || fraction.size() > exponent || !std::all_of(fraction.begin(), fraction.end(), is_digit)) return {};
  return digits.append(fraction).append(exponent - fraction.size(), '0');
}

// A UUID or an e-mail address in small letters, where it has others: whoever wrote it so meant the same one. Empty for other ids, to
// most of which case matters.
std::string small_letters(std::string_view text) {
  const bool uuid = text.size() == 36 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
  const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  if ((!uuid && text.find('@') == text.npos) || std::none_of(text.begin(), text.end(), is_upper)) return {};
  std::string lower(text);
  for (char& c : lower) c = is_upper(c) ? static_cast<char>(c | 0x20) : c;
  return lower;
}

// What a pool's ids look like: how many another one stands for, how many have a zero byte or have lost digits.
struct PoolFacts {
  std::uint64_t two_forms = 0, by_blanks = 0;  // of these such as blanks alone tell apart
  std::string example;
  std::uint64_t zero_bytes = 0, lost_digits = 0;
  std::string lost_example;
};

PoolFacts look_at_ids(const StringPool& pool, const std::set<std::uint32_t>& inexact) {
  PoolFacts found;
  for (std::uint32_t id = 0; id < pool.size(); ++id) {
    const std::string_view text = pool[id];
    found.zero_bytes += text.find('\0') != text.npos;
    const std::string whole = rounded_digits(text);
    const bool lost = !whole.empty() || (!inexact.empty() && inexact.contains(id));
    if (lost && found.lost_digits++ == 0) found.lost_example = shown_cell(text);
    const std::string lower = small_letters(text);
    const std::string_view plain = !whole.empty() ? whole : !lower.empty() ? lower : plain_form(text);
    if (plain.empty() || pool.find(plain) == StringPool::kNone) continue;
    found.by_blanks += plain == without_blanks(text);
    if (found.two_forms++ == 0) found.example = shown_cell(plain) + " and " + shown_cell(text);
  }
  return found;
}

// A notice about so many users and items: what each kind has come to, then what is to be said of both.
COLD std::optional<Notice> note_ids(const char* code, std::uint64_t users, const std::string& of_users, std::uint64_t items,
                                    const std::string& of_items, const char* rest, std::string_view key = {}) {
  if (users == 0 && items == 0) return std::nullopt;
  std::string text = users != 0 ? of_users : std::string();
  if (items != 0) text.append(text.empty() ? "" : "; ").append(of_items);
  return Notice{code, text.append(rest), {{"users", users}, {"items", items}}, key};
}

COLD std::optional<Notice> note_two_forms(const PoolFacts& users, const PoolFacts& items) {
  return note_ids("idsInTwoForms", users.two_forms,
                  counted(users.two_forms, "user", "users") + " may be written in two ways, as in " + users.example,
                  items.two_forms,
                  counted(items.two_forms, "item", "items") + " may be written in two ways, as in " + items.example,
                  users.by_blanks + items.by_blanks == 0
                      ? "; each form counts as an id of its own. Write them alike in every file"
                      : "; each form counts as an id of its own. Set input.trim to true to take blanks off",
                  users.by_blanks + items.by_blanks == 0 ? "" : "input.trim");
}

// A log that a machine was writing when it stopped has a stretch of zeros in its middle.
COLD std::optional<Notice> note_zero_bytes(const PoolFacts& users, const PoolFacts& items) {
  return note_ids(
      "idsWithZeroBytes", users.zero_bytes,
      counted(users.zero_bytes, "user has", "users have") + " a byte in the id that is zero", items.zero_bytes,
      counted(items.zero_bytes, "item has", "items have") + " a byte in the id that is zero",
      "; a file that was damaged while it was written is the usual cause, and such an id is not the one that was meant");
}

COLD std::optional<Notice> note_lost_digits(const PoolFacts& users, const PoolFacts& items) {
  return note_ids(
      "idsLostDigits", users.lost_digits,
      counted(users.lost_digits, "user id has", "user ids have") + " lost digits, as in " + users.lost_example, items.lost_digits,
      counted(items.lost_digits, "item id has", "item ids have") + " lost digits, as in " + items.lost_example,
      "; so floating-point columns and spreadsheets write long numbers, and several ids may have become one. Export ids as text "
      "or as whole numbers");
}

// Whether the condition holds for every time; stops at the first for which it does not.
template <class Holds>
bool all_times(const BlockColumn<std::int64_t>& time_us, Holds holds) {
  for (std::size_t b = 0; b < time_us.block_count(); ++b) {
    const auto block = time_us.block(b);
    if (!std::all_of(block.begin(), block.end(), holds)) return false;
  }
  return true;
}

COLD std::optional<Notice> note_implausible(const ReadingFacts& facts) {
  const TimeSummary& times = facts.times;
  if (times.min_us >= kFirstPlausibleUs && times.max_us < kLastPlausibleUs) return std::nullopt;
  const std::uint64_t count = count_implausible(facts.events.time_us);
  std::string text = counted(count, "event lies", "events lie") + " before 1991 or after May 2033, of " +
                     std::to_string(facts.events.size()) + "; the first of all is at " + format_utc(times.min_us) +
                     ", the last at " + format_utc(times.max_us) +
                     ". A time of 0, a wrong unit or a wrong clock is the usual cause";
  return Notice{"timesOutOfRange", std::move(text), {{"events", count}}, facts.epoch_numbers ? "time.unit" : ""};
}

// A spreadsheet that shows 1.75672E+12 and saves what it shows leaves steps of some thousand seconds. Steps of whole hours
// are somebody's own choice.
COLD std::optional<Notice> note_rounded(const ReadingFacts& facts) {
  constexpr std::int64_t kStepUs = 1000 * kSecondUs, kHourUs = 3600 * kSecondUs;
  const auto& time_us = facts.events.time_us;
  if (!facts.epoch_numbers || !all_times(time_us, [](std::int64_t time) { return time % kStepUs == 0; }) ||
      all_times(time_us, [](std::int64_t time) { return time % kHourUs == 0; })) {
    return std::nullopt;
  }
  return Notice{"roundedTimes",
                "Every time is a multiple of 1,000 seconds, as a spreadsheet leaves them that saves 1.75672E+12; the digits "
                "behind are lost. "
                "Export the times again as text or whole numbers",
                {{"events", facts.events.size()}},
                "columns.time"};
}

COLD std::optional<Notice> note_zones(const ReadingFacts& facts) {
  const std::uint64_t zoned = facts.times.zoned, local = facts.events.size() - zoned;
  if (facts.epoch_numbers || zoned == 0 || local == 0) return std::nullopt;
  std::string text =
      counted(local, "event has a time", "events have times") + " without a zone, the other " + std::to_string(zoned) +
      (zoned == 1 ? " names" : " name") +
      " one; those without are read by time.zone. If that is not their zone, they stand in the wrong place among the others";
  return Notice{"timesWithAndWithoutZone", std::move(text), {{"with", zoned}, {"without", local}}, "time.zone"};
}

// Local times of which the zone has none, or two.
COLD std::optional<Notice> note_clock_changes(const ReadingFacts& facts) {
  const std::uint64_t skipped = facts.times.skipped, repeated = facts.times.repeated;
  if (skipped == 0 && repeated == 0) return std::nullopt;
  const auto& rules = facts.options.input.files;
  const bool by_file = std::any_of(rules.begin(), rules.end(), [](const FileRule& rule) { return rule.zone.has_value(); });
  const std::string zone = by_file ? "the file's zone" : facts.options.time.zone;
  std::string text;
  if (skipped != 0) {
    text = counted(skipped, "event has a time", "events have times") + " that the clock of " + zone + " jumped over, and " +
           (skipped == 1 ? "is" : "are") + " read with the offset before the jump, which moves " +
           (skipped == 1 ? "it" : "them") + " forward";
  }
  if (repeated != 0) {
    text += (text.empty() ? "" : "; ") + counted(repeated, "event has a time", "events have times") + " that the clock of " +
            zone + " showed twice, and " + (repeated == 1 ? "is" : "are") + " read as the earlier of both";
  }
  text += ". Export times with their offset, or in UTC, to settle them";
  return Notice{"clockChanges", std::move(text), {{"skipped", skipped}, {"repeated", repeated}}, "time.zone"};
}

COLD std::optional<Notice> note_whole_days(const ReadingFacts& facts) {
  const ReadingOptions::Time& zone = facts.options.time;
  const auto at_midnight = [&zone](std::int64_t time) {
    return (time + (zone.zone_table ? zone.zone_table->offset_at(time) : zone.zone_offset_us)) % kDayUs == 0;
  };
  if (facts.events.size() < 2 || !all_times(facts.events.time_us, at_midnight)) return std::nullopt;
  return Notice{
      "timesAreDays",
      "Every time is a whole day, so the order of a user's events within a day is not in the data: it is decided by time.ties, "
      "and a gap is a number of days",
      {{"events", facts.events.size()}},
      "columns.time"};
}

COLD std::optional<Notice> note_known_early(const ReadingFacts& facts) {
  if (facts.known_early == 0) return std::nullopt;
  return Notice{
      "knownBeforeEvent",
      counted(facts.known_early, "event", "events") + " of " + std::to_string(facts.events.size()) +
          (facts.known_early == 1 ? " says" : " say") + " to have become known before " +
          (facts.known_early == 1 ? "it" : "they") +
          " happened, which counts as known at once; where it is many, look at columns.knownAt and at the unit and zone of "
          "its times",
      {{"events", facts.known_early}, {"of", facts.events.size()}},
      "columns.knownAt"};
}

COLD std::optional<Notice> note_quoted_rows(const QuotedRows& quoted) {
  if (quoted.cells == 0) return std::nullopt;
  std::string text = place(quoted.first) + ": a quoted cell goes over several lines, which look like rows";
  if (quoted.cells > 1)
    text +=
        std::string(quoted.cells == 2 ? ", and so does " : ", and so do ") + counted(quoted.cells - 1, "more cell", "more cells");
  text += "; if a stray quote has glued rows together there, set input.quote to null";
  return Notice{"rowsInsideQuotes", std::move(text), {{"cells", quoted.cells}}, "input.quote"};
}

std::uint64_t events_of(const TypeCounts& types, const std::string& type) {
  for (std::size_t i = 0; i < types.types.size(); ++i) {
    if (types.types[i] == type) return types.events[i];
  }
  return 0;
}

// The data's own way to write a type that no event has; empty if there is none.
COLD std::string twin_of(const TypeCounts& types, const std::string& type) {
  for (std::size_t i = 0; i < types.types.size(); ++i) {
    if (types.events[i] != 0 && same_but_for_form(types.types[i], type)) return types.types[i];
  }
  for (const std::string& left : types.left_out) {
    if (same_but_for_form(left, type)) return left;
  }
  return {};
}

// `"view" 12, "cart" 3`: the types that events have, the most frequent first.
COLD std::string list_types(const TypeCounts& types) {
  constexpr std::size_t kShown = 8;
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < types.types.size(); ++i) {
    if (types.events[i] != 0) order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return types.events[a] > types.events[b]; });
  std::string text;
  for (std::size_t i = 0; i < std::min(order.size(), kShown); ++i) {
    text.append(text.empty() ? "" : ", ")
        .append(shown_cell(types.types[order[i]]))
        .append(" ")
        .append(std::to_string(types.events[order[i]]));
  }
  return order.size() > kShown ? text + " and " + std::to_string(order.size() - kShown) + " more" : text;
}

void add(std::vector<Notice>& notices, std::optional<Notice> notice) {
  if (notice) notices.push_back(*std::move(notice));
}

}  // namespace

bool is_null_marker(std::string_view text) {
  return std::find(std::begin(kNullMarkers), std::end(kNullMarkers), text) != std::end(kNullMarkers);
}

std::uint64_t count_implausible(const BlockColumn<std::int64_t>& time_us) {
  std::uint64_t count = 0;
  for (std::size_t b = 0; b < time_us.block_count(); ++b) {
    for (const std::int64_t time : time_us.block(b)) count += time < kFirstPlausibleUs || time >= kLastPlausibleUs;
  }
  return count;
}

std::vector<Notice> reading_notices(const ReadingFacts& facts, const Workers& workers) {
  std::vector<Notice> notices;
  add(notices, note_left_out(facts.issues, facts.rows));
  add(notices, note_quoted_rows(facts.quoted));
  if (facts.events.size() == 0) return notices;
  add(notices, note_no_items(facts));
  add(notices, note_markers(facts.events));
  PoolFacts users, items;
  workers.all({[&] { items = look_at_ids(facts.events.items, facts.inexact.items); },
               [&] { users = look_at_ids(facts.events.users, facts.inexact.users); }});
  add(notices, note_two_forms(users, items));
  add(notices, note_zero_bytes(users, items));
  add(notices, note_lost_digits(users, items));
  add(notices, note_implausible(facts));
  add(notices, note_rounded(facts));
  add(notices, note_whole_days(facts));
  add(notices, note_zones(facts));
  add(notices, note_clock_changes(facts));
  add(notices, note_known_early(facts));
  return notices;
}

TypeCounts count_types(const EventTable& events, const IssueSummary& issues) {
  std::array<std::uint64_t, 256> counts{};
  for (std::size_t b = 0; b < events.type.block_count(); ++b) {
    for (const std::uint8_t type : events.type.block(b)) ++counts[type];
  }
  TypeCounts types;
  types.types = events.types;
  types.events.assign(counts.begin(), counts.begin() + static_cast<std::ptrdiff_t>(events.types.size()));
  for (const auto& [type, entry] : issues.unknown_types) types.left_out.push_back(type);
  return types;
}

COLD Status check_event_types(std::span<const PlannedType> named, const TypeCounts& types) {
  for (const PlannedType& planned : named) {
    if (!planned.needed || events_of(types, planned.type) != 0) continue;
    const bool known = std::find(types.types.begin(), types.types.end(), planned.type) != types.types.end();
    const std::string twin = twin_of(types, planned.type);
    if (known && twin.empty()) continue;
    std::string text = std::string(planned.key) + " is " + shown_cell(planned.type) + ", but no row has that event type";
    if (!twin.empty()) {
      text += "; the data has " + shown_cell(twin) +
              (same_but_for_case(twin, planned.type) ? ", in other letters" : ", in another form") + ". Set " + planned.key +
              " to " + shown_cell(twin);
    } else text += "; the data has " + list_types(types);
    return Error{ErrorCode::kBadPlan, std::move(text), {{}, {}, {}, planned.key}};
  }
  return {};
}

COLD std::vector<Notice> type_notices(std::span<const PlannedType> named, const TypeCounts& types) {
  std::vector<Notice> notices;
  for (const PlannedType& planned : named) {
    if (!planned.needed || events_of(types, planned.type) != 0) continue;
    notices.push_back({planned.code,
                       "No event has the type " + shown_cell(planned.type) + " of " + planned.key + ", so " +
                           planned.consequence + "; the data has " + list_types(types),
                       {},
                       planned.key});
  }
  for (std::size_t i = 0; i < types.types.size(); ++i) {
    if (types.events[i] != 0 && is_null_marker(types.types[i])) {
      notices.push_back(
          {"nullMarkers",
           counted(types.events[i], "event has", "events have") + " the type " + shown_cell(types.types[i]) +
               ", which counts as a type; that is how exports write a missing value. Name such texts in input.nulls",
           {{"events", types.events[i]}},
           "input.nulls"});
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (types.events[i] == 0 || types.events[j] == 0 || !same_but_for_form(types.types[i], types.types[j])) continue;
      const bool by_blanks = without_blanks(types.types[i]) == without_blanks(types.types[j]);
      const bool by_case = same_but_for_case(types.types[i], types.types[j]);
      notices.push_back(
          {by_case ? "typesDifferByCase" : "typesInTwoForms",
           "The event types " + shown_cell(types.types[j]) + " and " + shown_cell(types.types[i]) + " differ in their " +
               (by_case     ? "case"
                : by_blanks ? "blanks"
                            : "form") +
               " alone, and count as two. " + (by_blanks ? "Set input.trim to true to take blanks off" : "Write them alike"),
           {{"events", types.events[j]}, {"others", types.events[i]}},
           by_blanks ? "input.trim" : "events.types"});
      if (notices.size() > 20) return notices;
    }
  }
  return notices;
}

}  // namespace causal_sessions
