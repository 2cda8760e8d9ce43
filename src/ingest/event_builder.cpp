#include "ingest/event_builder.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "core/cold.h"

namespace causal_sessions {
namespace {

constexpr std::array<const char*, kIssueReasons> kIssueWords = {
    "no user", "no time", "no event type", "a time that cannot be read", "an unknown event type",
    "a wrong number of cells", "an object or list for a value"};
constexpr std::array<const char*, 4> kUnitNames = {"s", "ms", "us", "ns"};

// A cell as a message shows it: at most 60 bytes, cut between characters.
COLD std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 60;
  if (text.size() <= kMost) return '"' + std::string(text) + '"';
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return '"' + std::string(text.substr(0, end)) + "...\"";
}

// The unit whose years 1973 to 5138 hold the number; seconds also hold everything nearer to 1970.
std::size_t unit_of(std::int64_t value) {
  const std::int64_t size = value < 0 ? -value : value;
  return size < 100'000'000'000 ? 0 : size < 100'000'000'000'000 ? 1 : size < 100'000'000'000'000'000 ? 2 : 3;
}

COLD std::string rule_of(const RowIssue& issue) {
  switch (issue.reason) {
    case IssueReason::kMissingUser: return "the user is missing";
    case IssueReason::kMissingTime: return "the time is missing";
    case IssueReason::kMissingType: return "the event type is missing";
    case IssueReason::kBadTime:
      return shown(issue.text) + " is not a time like the others (ISO 8601 such as 2025-09-05 00:11:14.887526, "
                                 "or an epoch number; one kind in a column)";
    case IssueReason::kUnknownType: return shown(issue.text) + " is not one of events.types";
    case IssueReason::kWrongCellCount: return issue.text;
    case IssueReason::kNestedValue: return "an object or list stands where a plain value is needed";
  }
  return {};
}

// Called for each block, so that WebAssembly's compiled-again code is used from the second one on.
[[gnu::noinline]] void widen(TimeSummary& times, std::span<const std::int64_t> time_us) {
  std::int64_t min_us = times.min_us, max_us = times.max_us;
  for (const std::int64_t time : time_us) {
    min_us = std::min(min_us, time);
    max_us = std::max(max_us, time);
  }
  times.min_us = min_us;
  times.max_us = max_us;
}

COLD std::string counted(std::uint64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace

COLD std::string place(const Where& where) {
  std::string text = where.file;
  const auto add = [&text](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (where.row) {
    add("row " + std::to_string(*where.row) +
        (where.line ? " (line " + std::to_string(*where.line) + ")" : std::string()));
  } else if (where.line) {
    add("line " + std::to_string(*where.line));
  }
  if (!where.column.empty()) add("column \"" + where.column + "\"");
  return text;
}

COLD Status check_event_types(const Plan& plan, const std::vector<std::string>& types) {
  struct Needed {
    const char* key;
    const std::string& type;
    bool needed = true;
  };
  for (const Needed& entry : {Needed{"treatment.type", plan.treatment_type}, Needed{"outcome.type", plan.outcome.type},
                              Needed{"index.type", plan.index.type, plan.index.kind == IndexKind::kExposure}}) {
    if (!entry.needed || std::find(types.begin(), types.end(), entry.type) != types.end()) continue;
    return Error{ErrorCode::kBadPlan,
                 std::string(entry.key).append(" is \"").append(entry.type).append("\", but no row has that event type"),
                 {{}, {}, {}, entry.key}};
  }
  return {};
}

std::uint64_t IssueSummary::total() const { return std::accumulate(rows.begin(), rows.end(), std::uint64_t{0}); }

COLD EventBuilder::EventBuilder(const Plan& plan) : plan_(plan), parser_(plan.time.zone_offset_us) {
  events_.types = plan.events.types;
  for (const std::string& type : events_.types) types_.intern(type);
  reserved_ = {"[PAD]", "[AUCTION]", "[UNK]"};
  for (const auto& [type, token] : plan.events.without_item) reserved_.push_back(token);
}

COLD void EventBuilder::begin_file(const std::string& file, const Schema& schema) {
  file_ = file;
  schema_ = schema;
}

Status EventBuilder::add(const RowBatch& batch) {
  Checked checked;
  CheckedTexts& texts = checked_texts_;
  check(batch, checked, texts);
  if (Status status = check_room(checked.size); !status.ok()) return status;
  const std::uint32_t items_before = events_.items.size();
  events_.users.intern(std::span(texts.user.data(), checked.size), checked.user_id.data());
  events_.items.intern(std::span(texts.item.data(), checked.size), checked.item_id.data());
  if (events_.items.size() != items_before) {
    if (const auto at = find_reserved(checked)) {
      const std::size_t i = checked.source[*at];
      return reserved_item(checked.item_id[*at], {batch.row[i], batch.line[i]});
    }
  }
  append(checked);
  return {};
}

Status EventBuilder::check_room(std::size_t more) const {
  if (events_.size() + more < StringPool::kNone) return {};
  return Error{ErrorCode::kTooLarge, file_ + ": more than 4,294,967,294 events; split the input by user", {}};
}

void EventBuilder::check(const RowBatch& batch, Checked& checked, CheckedTexts& texts) {
  rows_ += batch.size;
  const auto& [users, times, types, items] = batch.cells;
  for (std::size_t i = 0; i < batch.size; ++i) {
    const RowPlace place{batch.row[i], batch.line[i]};
    if (users[i].empty()) {
      add_issue(IssueReason::kMissingUser, place, schema_.name_of(Role::kUser), "");
      continue;
    }
    ParsedTime time;
    if (!check_time(times[i], place, time)) continue;
    const std::uint8_t type = type_id(types[i], place);
    if (type == kNoType) continue;
    const std::size_t at = checked.size++;
    texts.user[at] = users[i];
    texts.item[at] = items[i].empty() ? std::string_view() : items[i];
    checked.time[at] = time.value;
    const bool number = time.kind == ParsedTime::Kind::kNumber;
    checked.millionths[at] = time.millionths | (number && time.cut ? kCutBit : 0);
    checked.type[at] = type;
    checked.source[at] = static_cast<std::uint32_t>(i);
    times_.cut += !number && time.cut;
    if (number) note_number(time.value, times[i], place);
  }
}

bool EventBuilder::check_kind(const ParsedTime& time) {
  if (time_kind_ == ParsedTime::Kind::kBad) time_kind_ = time.kind;
  return time.kind != ParsedTime::Kind::kBad && time.kind == time_kind_;
}

bool EventBuilder::check_time(std::string_view text, const RowPlace& at, ParsedTime& time) {
  if (text.empty()) {
    add_issue(IssueReason::kMissingTime, at, schema_.name_of(Role::kTime), "");
    return false;
  }
  time = parser_.parse(text);
  if (check_kind(time)) return true;
  add_issue(IssueReason::kBadTime, at, schema_.name_of(Role::kTime), text);
  return false;
}

std::uint8_t EventBuilder::type_id(std::string_view text, const RowPlace& at) {
  if (text.empty()) {
    add_issue(IssueReason::kMissingType, at, schema_.name_of(Role::kType), "");
    return kNoType;
  }
  std::uint32_t id = types_.find(text);
  if (id != StringPool::kNone) return static_cast<std::uint8_t>(id);
  if (plan_.events.unknown == UnknownTypes::kAdd && types_.size() < kNoType) {
    id = types_.intern(text);
    events_.types.emplace_back(text);
    return static_cast<std::uint8_t>(id);
  }
  add_issue(IssueReason::kUnknownType, at, schema_.name_of(Role::kType), text);
  auto& known = issues_.unknown_types;
  if (known.size() < IssueSummary::kMaxUnknown || known.contains(std::string(text))) {
    IssueSummary::UnknownType& entry = known[std::string(text)];
    if (entry.rows++ == 0) entry.first_row = at.row;
  }
  return kNoType;
}

void EventBuilder::note_number(std::int64_t value, std::string_view text, const RowPlace& at) {
  if (value == 0) return;  // zero is 1970 in every unit
  UnitExample& example = units_[unit_of(value)];
  if (example.rows++ != 0) return;
  example.row = at.row;
  example.file = file_;
  example.text = text.empty() ? std::to_string(value) : std::string(text);
}

void EventBuilder::append(const Checked& checked) {
  const auto has_fraction = [&] {
    return std::any_of(checked.millionths.begin(), checked.millionths.begin() + checked.size,
                       [](std::uint32_t value) { return value != 0; });
  };
  const bool fractions = millionths_.size() != 0 ||
                         (time_kind_ == ParsedTime::Kind::kNumber && has_fraction());
  if (fractions) {
    while (millionths_.size() < events_.size()) millionths_.push_back(0);
    millionths_.append(checked.millionths.data(), checked.size);
  }
  events_.user.append(checked.user_id.data(), checked.size);
  events_.time_us.append(checked.time.data(), checked.size);
  events_.type.append(checked.type.data(), checked.size);
  events_.item.append(checked.item_id.data(), checked.size);
}

COLD void EventBuilder::add_bad_row(IssueReason reason, std::uint64_t row, std::optional<std::uint64_t> line,
                               std::string column, std::string_view text) {
  ++rows_;
  add_issue(reason, {row, line}, std::move(column), text);
}

COLD void EventBuilder::add_issue(IssueReason reason, const RowPlace& at, std::string column, std::string_view text) {
  if (issues_.rows[static_cast<std::size_t>(reason)]++ >= IssueSummary::kKept) return;
  issues_.first.push_back({reason, file_, at.row, at.line, std::move(column), std::string(text.substr(0, 1000))});
}

COLD std::optional<std::size_t> EventBuilder::find_reserved(const Checked& checked) const {
  for (const std::string& token : reserved_) {
    const std::uint32_t id = events_.items.find(token);
    if (id == StringPool::kNone) continue;
    const auto end = checked.item_id.begin() + checked.size;
    const auto at = std::find(checked.item_id.begin(), end, id);
    if (at != end) return static_cast<std::size_t>(at - checked.item_id.begin());
  }
  return std::nullopt;
}

COLD Error EventBuilder::reserved_item(std::uint32_t item_id, const RowPlace& at) const {
  Error error{ErrorCode::kReservedId, {}, {file_, at.row, at.line, schema_.name_of(Role::kItem)}};
  error.message = place(error.where) + ": the item id \"" + std::string(events_.items[item_id]) +
                  "\" is a special token of the vocabulary; rename that item";
  return error;
}

COLD Status EventBuilder::refuse_issues() const {
  const bool only_unknown = issues_.total() == issues_.rows[static_cast<std::size_t>(IssueReason::kUnknownType)];
  if (issues_.total() == 0 || plan_.events.unknown == UnknownTypes::kDrop) return {};
  const RowIssue& first = issues_.first.front();
  Error error{ErrorCode::kBadRows, {}, {first.file, first.row, first.line, first.column}};
  error.message = place(error.where) + ": " + rule_of(first);
  error.message += ". " + counted(issues_.total(), "row", "rows") + " of " + std::to_string(rows_) + " cannot be used:";
  bool first_reason = true;
  for (std::size_t reason = 0; reason < kIssueReasons; ++reason) {
    if (issues_.rows[reason] == 0) continue;
    const bool unknown = reason == static_cast<std::size_t>(IssueReason::kUnknownType);
    error.message.append(first_reason ? " " : ", ").append(std::to_string(issues_.rows[reason]));
    error.message.append(" with ").append(kIssueWords[reason]);
    first_reason = false;
    if (!unknown) continue;
    std::size_t shown_types = 0;
    for (const auto& [type, entry] : issues_.unknown_types) {
      if (shown_types++ == 10) break;
      error.message += (shown_types == 1 ? " (" : ", ") + shown(type) + " " + std::to_string(entry.rows);
    }
    error.message += issues_.unknown_types.size() > 10 ? ", ...)" : ")";
  }
  error.message += only_unknown ? ". Add the types to events.types, or set events.unknown to \"add\" or \"drop\""
                                : ". Set events.unknown to \"drop\" to leave such rows out and count them";
  return error;
}

Status EventBuilder::resolve_numbers() {
  if (time_kind_ != ParsedTime::Kind::kNumber) return {};
  std::size_t unit = 0;
  if (plan_.time.unit != TimeUnit::kAuto) {
    unit = static_cast<std::size_t>(plan_.time.unit) - 1;
  } else {
    std::vector<std::size_t> seen;
    for (std::size_t i = 0; i < units_.size(); ++i) {
      if (units_[i].rows != 0) seen.push_back(i);
    }
    if (seen.size() > 1) {
      const UnitExample& a = units_[seen[0]];
      const UnitExample& b = units_[seen[1]];
      Error error{ErrorCode::kMixedTimeUnits, {}, {b.file, b.row, std::nullopt, schema_.name_of(Role::kTime)}};
      error.message = place(error.where) + ": \"" + b.text + "\" looks like an epoch time in " + kUnitNames[seen[1]] +
                      ", but \"" + a.text + "\" in row " + std::to_string(a.row) + " like one in " +
                      kUnitNames[seen[0]] + "; a column has one unit. If that is so, name it in the plan: time.unit";
      return error;
    }
    if (!seen.empty()) unit = seen[0];
  }
  times_.unit = kUnitNames[unit];
  for (std::size_t i = 0; i < events_.size(); ++i) {
    std::int64_t& time = events_.time_us[i];
    const std::uint32_t millionths = millionths_.size() != 0 ? millionths_[i] : 0;
    const std::int64_t fraction = millionths & ~kCutBit;
    bool cut = (millionths & kCutBit) != 0;
    constexpr std::int64_t kMost[] = {9'000'000'000'000, 9'000'000'000'000'000, INT64_MAX, INT64_MAX};
    if (time > kMost[unit] || time < -kMost[unit]) {  // past the range of microseconds
      return Error{ErrorCode::kMixedTimeUnits, file_ + ": the time " + std::to_string(time) +
                   " is no epoch time in " + kUnitNames[unit] + "; check time.unit in the plan", {}};
    }
    if (unit == 0) {
      time = time * 1'000'000 + fraction;
    } else if (unit == 1) {
      time = time * 1000 + fraction / 1000;
      cut |= fraction % 1000 != 0;
    } else {
      const std::int64_t divisor = unit == 2 ? 1 : 1000;
      std::int64_t whole = time / divisor;
      if (whole * divisor > time) --whole;  // towards the past, also before 1970
      cut |= fraction != 0 || whole * divisor != time;
      time = whole;
    }
    times_.cut += cut;
  }
  return {};
}

COLD Result<EventTable> EventBuilder::finish() {
  if (Status status = refuse_issues(); !status.ok()) return status.error();
  if (Status status = resolve_numbers(); !status.ok()) return status.error();
  if (Status status = check_event_types(plan_, events_.types); !status.ok()) return status.error();
  if (events_.size() > 0) times_.min_us = times_.max_us = events_.time_us[0];
  for (std::size_t b = 0; b < events_.time_us.block_count(); ++b) widen(times_, events_.time_us.block(b));
  return std::move(events_);
}

}  // namespace causal_sessions
