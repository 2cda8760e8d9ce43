#include "ingest/build/event_builder.h"

#include <algorithm>
#include <cstdlib>
#include <numeric>

#include "core/cold.h"
#include "core/utf8.h"
#include "ingest/exports.h"
#include "ingest/file_rules.h"

namespace causal_sessions {
namespace {

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

// A column that may hold the date of a time of the day.
COLD std::string find_date_column(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    for (const std::string_view date : {"date", "day", "event_date", "eventdate", "event_day", "dt", "ds"}) {
      if (same_but_for_case(name, date)) return name;
    }
  }
  return {};
}

ReadingOptions::Time without_format(ReadingOptions::Time time) {
  time.format.clear();
  return time;
}

}  // namespace

COLD EventBuilder::EventBuilder(const ReadingOptions& options, std::uint64_t most_rows)
    : options_(options), most_rows_(most_rows), time_(options.time), parser_(options.time), known_parser_(options.time),
      known_other_parser_(without_format(options.time)), cleans_(options.input.trim || !options.input.nulls.empty()) {
  events_.types = options.events.types;
  for (const std::string& type : events_.types) types_.intern(type);
  reserved_ = {"[PAD]", "[AUCTION]", "[UNK]"};
  for (const auto& [type, token] : options.events.without_item) reserved_.push_back(token);
  events_.values.resize(options.values.names().size());
  told_values_.resize(events_.values.size());
}

COLD Result<std::vector<WantedColumn>> EventBuilder::choose(const std::string& file, TableColumns columns) {
  Result<Schema> schema = find_columns(file, columns, options_);
  if (!schema.ok()) return schema.error();
  std::vector<WantedColumn> wanted;
  const auto refused = [&](std::size_t at, Role role) { return columns.refuse ? columns.refuse(at, role) : std::nullopt; };
  for (std::size_t role = 0; role < kRoles; ++role) {
    const auto& at = schema.value().column[role];
    if (!at) continue;
    if (std::optional<Error> error = refused(*at, static_cast<Role>(role))) return *std::move(error);
    wanted.push_back({*at, role == static_cast<std::size_t>(Role::kTime) ? ReadAs::kTime : ReadAs::kId});
  }
  if (const auto& at = schema.value().known_at) {
    if (std::optional<Error> error = refused(*at, Role::kKnownAt)) return *std::move(error);
  }
  for (const auto& at : schema.value().values) {
    if (!at) continue;
    if (std::optional<Error> error = refused(*at, Role::kValue)) return *std::move(error);
  }
  begin_file(file, schema.value());
  place_columns(wanted);
  return wanted;
}

// Rows under way have their cells where the columns were, so one that turns up late comes behind those.
COLD void EventBuilder::place_columns(std::vector<WantedColumn>& wanted) {
  const auto& item = schema_.column[static_cast<std::size_t>(Role::kItem)];
  if (item) wanted.pop_back();
  const auto slot_of = [&](const std::optional<std::size_t>& at) {
    const auto is_it = [&](const WantedColumn& column) { return column.position == at; };
    const auto found = std::find_if(wanted.begin(), wanted.end(), is_it);
    return found == wanted.end() ? kNoSlot : static_cast<std::size_t>(found - wanted.begin());
  };
  const auto rank = [&](std::size_t at) {
    return std::find(placed_.begin(), placed_.end(), schema_.names[at]) - placed_.begin();
  };
  std::vector<std::size_t> behind;
  const auto add = [&](const std::optional<std::size_t>& at) {
    if (at && slot_of(at) == kNoSlot && std::find(behind.begin(), behind.end(), *at) == behind.end()) behind.push_back(*at);
  };
  add(item);
  add(schema_.known_at);
  for (const auto& at : schema_.values) add(at);
  std::stable_sort(behind.begin(), behind.end(), [&](std::size_t one, std::size_t other) { return rank(one) < rank(other); });
  placed_.clear();
  for (const std::size_t at : behind) {
    wanted.push_back({at, schema_.known_at == at ? ReadAs::kTime : ReadAs::kId});
    placed_.push_back(schema_.names[at]);
  }
  item_slot_ = slot_of(item);
  known_slot_ = slot_of(schema_.known_at);
  value_slots_.clear();
  for (const auto& at : schema_.values) value_slots_.push_back(slot_of(at));
}

bool EventBuilder::may_choose(const std::string& name, std::size_t position) const {
  return may_be_chosen(name, position, options_);
}

bool EventBuilder::may_change(std::string_view name) const { return may_change_columns(schema_, name, options_); }

COLD void EventBuilder::begin_file(const std::string& file, const Schema& schema) {
  file_ = file;
  schema_ = schema;
  constexpr auto kItem = static_cast<std::size_t>(Role::kItem);
  item_slot_ = schema.column[kItem] ? kItem : kNoSlot;
  value_slots_.assign(events_.values.size(), kNoSlot);
  if (options_.input.files.empty()) return;
  ReadingOptions::Time time = time_of_file(options_, file);
  if (time == time_ && time.zone == time_.zone) return;
  time_ = std::move(time);
  parser_ = known_parser_ = TimestampParser(time_);
  known_other_parser_ = TimestampParser(without_format(time_));
  begin_unit();
}

COLD void EventBuilder::begin_unit() {
  if ((units_.empty() ? options_.time.unit : units_.back().unit) == time_.unit) return;
  if (units_.empty()) units_.push_back({0, options_.time.unit});
  units_.push_back({events_.size(), time_.unit});
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
  if (!events_.values.empty())
    append_values(checked, [&](std::size_t slot, std::uint32_t row) { return batch.cells[slot][row]; });
  return {};
}

Status EventBuilder::check_room(std::size_t more) const {
  if (events_.size() + more < StringPool::kNone) return {};
  return Error{ErrorCode::kTooLarge, file_ + ": more than 4,294,967,294 events; split the input by user", {}};
}

void EventBuilder::check(const RowBatch& batch, Checked& checked, CheckedTexts& texts) {
  rows_ += batch.size;
  const auto cells = [&](Role role) { return batch.cells[static_cast<std::size_t>(role)].data(); };
  // A batch has room for an item in any case; where there is none another column may have its place.
  const std::vector<std::string_view> no_items(item_slot_ == kNoSlot ? batch.size : 0);
  const std::string_view *users = cells(Role::kUser), *times = cells(Role::kTime), *types = cells(Role::kType),
                         *items = item_slot_ == kNoSlot ? no_items.data() : batch.cells[item_slot_].data();
  for (std::size_t i = 0; i < batch.size; ++i) {
    const RowPlace place{batch.row[i], batch.line[i]};
    const std::string_view user = value_of(users[i]);
    if (user.empty()) {
      add_issue(IssueReason::kMissingUser, place, schema_.name_of(Role::kUser), "");
      continue;
    }
    ParsedTime time;
    if (!read_time(value_of(times[i]), time)) {
      refuse_time(batch, i, place);
      continue;
    }
    const std::uint8_t type = type_id(value_of(types[i]), place);
    if (type == kNoType) continue;
    ParsedTime known;
    if (known_slot_ != kNoSlot && !check_known(batch, i, place, known)) continue;
    const std::string_view item = value_of(items[i]);
    const std::size_t at = keep(checked, i, time, times[i], type, place.row);
    texts.user[at] = user;
    texts.item[at] = item.empty() ? std::string_view() : item;
    if (known_slot_ != kNoSlot) keep_known(checked, known);
  }
}

COLD bool EventBuilder::check_known(const RowBatch& batch, std::size_t i, const RowPlace& at, ParsedTime& known) {
  const std::string_view text = value_of(batch.cells[known_slot_][i]);
  known = read_known(text);
  return check_known(known, text, at);
}

// The plan's words on times hold for this column too, but for a format that does not fit it.
COLD ParsedTime EventBuilder::read_known(std::string_view text) {
  if (text.empty()) return {};
  const ParsedTime known = known_parser_.parse(text);
  return known.kind == ParsedTime::Kind::kBad && !time_.format.empty() ? known_other_parser_.parse(text) : known;
}

COLD bool EventBuilder::check_known(const ParsedTime& known, std::string_view text, const RowPlace& at) {
  if (!known_read_.fits(known)) {
    add_issue(text.empty() ? IssueReason::kMissingTime : IssueReason::kBadTime, at, name_of_known(), text);
    return false;
  }
  if (known.kind == ParsedTime::Kind::kNumber && time_.unit == TimeUnit::kAuto)
    known_read_.numbers.note(known.value, text, file_, at.row);
  return true;
}

COLD void EventBuilder::keep_known(Checked& checked, const ParsedTime& known) {
  checked.known.push_back(known.value);
  checked.known_millionths.push_back(known.kind == ParsedTime::Kind::kNumber ? known.millionths : 0);
}

bool EventBuilder::read_time(std::string_view text, ParsedTime& time) {
  if (text.empty()) return false;
  time = parser_.parse(text);
  if (times_read_.kind == ParsedTime::Kind::kBad) begin_times(time, text);
  return time.kind != ParsedTime::Kind::kBad && time.kind == times_read_.kind;
}

COLD void EventBuilder::begin_times(const ParsedTime& time, std::string_view text) {
  times_read_.kind = time.kind;
  if (time.kind != ParsedTime::Kind::kBad) first_time_ = text.substr(0, 100);
}

COLD void EventBuilder::refuse_time(std::string_view text, const RowPlace& at) {
  if (!text.empty() && options_.time.format.empty()) shapes_.note(text);
  add_issue(text.empty() ? IssueReason::kMissingTime : IssueReason::kBadTime, at, schema_.name_of(Role::kTime), text);
}

COLD void EventBuilder::refuse_time(const RowBatch& batch, std::size_t i, const RowPlace& at) {
  if (is_other_header(batch, i)) return add_issue(IssueReason::kOtherHeader, at, {}, {});
  refuse_time(value_of(batch.cells[static_cast<std::size_t>(Role::kTime)][i]), at);
}

std::uint8_t EventBuilder::type_id(std::string_view text, const RowPlace& at) {
  if (text.empty()) {
    add_issue(IssueReason::kMissingType, at, schema_.name_of(Role::kType), "");
    return kNoType;
  }
  std::uint32_t id = types_.find(text);
  if (id != StringPool::kNone) return static_cast<std::uint8_t>(id);
  if (options_.events.unknown == UnknownTypes::kAdd && types_.size() < kMostTypes) {
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

void EventBuilder::TimesRead::append(std::size_t before, const std::uint32_t* values, std::size_t count) {
  const auto has_fraction = [&] { return std::any_of(values, values + count, [](std::uint32_t value) { return value != 0; }); };
  if (millionths.size() == 0 && (kind != ParsedTime::Kind::kNumber || !has_fraction())) return;
  fill_up(before);
  millionths.append(values, count);
}

void EventBuilder::append(const Checked& checked) {
  times_read_.append(events_.size(), checked.millionths.data(), checked.size);
  if (known_slot_ != kNoSlot) {
    known_read_.append(events_.size(), checked.known_millionths.data(), checked.size);
    events_.known_us.append(checked.known.data(), checked.size);
  }
  events_.user.append(checked.user_id.data(), checked.size);
  events_.time_us.append(checked.time.data(), checked.size);
  events_.type.append(checked.type.data(), checked.size);
  events_.item.append(checked.item_id.data(), checked.size);
}

COLD void EventBuilder::append_values(const Checked& checked,
                                      const std::function<std::string_view(std::size_t, std::uint32_t)>& text_at) {
  std::vector<std::string_view> texts(checked.size);
  std::vector<std::uint32_t> codes(checked.size);
  for (std::size_t v = 0; v < events_.values.size(); ++v) {
    for (std::size_t i = 0; i < checked.size; ++i) {
      const std::string_view text =
          value_slots_[v] == kNoSlot ? std::string_view() : value_of(text_at(value_slots_[v], checked.source[i]));
      texts[i] = text.empty() || same_but_for_case(text, "nan") ? std::string_view() : text;
    }
    events_.values[v].texts.intern(texts, codes.data());
    events_.values[v].codes.append(codes.data(), codes.size());
  }
}

// Whether a row whose time is none holds names of columns, but not each where the first header has it. Rows below it would
// be read by the wrong columns. Case, blanks and a byte order mark, which a second file brings along, make no other name.
COLD bool EventBuilder::is_other_header(const RowBatch& batch, std::size_t i) const {
  const auto cell = [&](std::size_t slot) { return slot == kNoSlot ? std::string_view() : batch.cells[slot][i]; };
  const auto is_name = [&](Role role) {
    const std::string_view text = cell(static_cast<std::size_t>(role));
    const auto is_alike = [&](const std::string& name) { return same_but_for_form(text, name); };
    return is_known_column(text) || std::any_of(schema_.names.begin(), schema_.names.end(), is_alike);
  };
  if (!is_name(Role::kTime) || !(is_name(Role::kUser) || is_name(Role::kType))) return false;
  for (std::size_t role = 0; role < kRoles; ++role) {
    const std::size_t slot = role == static_cast<std::size_t>(Role::kItem) ? item_slot_ : role;
    if (schema_.column[role] && !same_but_for_form(cell(slot), schema_.names[*schema_.column[role]])) return true;
  }
  return false;
}

COLD void EventBuilder::add_bad_row(IssueReason reason, std::uint64_t row, std::optional<std::uint64_t> line, std::string column,
                                    std::string_view text) {
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

COLD void EventBuilder::note_quoted_rows(std::uint64_t row, std::uint64_t line) {
  if (quoted_rows_.cells++ != 0) return;
  quoted_rows_.first = {file_, std::nullopt, line, {}};
  if (row != 0) quoted_rows_.first.row = row;  // else it is the header
}

bool EventBuilder::is_null(std::string_view text) const {
  return std::find(options_.input.nulls.begin(), options_.input.nulls.end(), text) != options_.input.nulls.end();
}

std::string_view EventBuilder::cleaned(std::string_view text) const {
  if (options_.input.trim) text = without_blanks(text);
  return is_null(text) ? std::string_view() : text;
}

COLD IssueContext EventBuilder::issue_context() const {
  IssueContext context;
  context.rows = rows_;
  context.events = events_.size();
  context.any_time = times_read_.kind != ParsedTime::Kind::kBad;
  context.date_column = find_date_column(schema_.names);
  context.types = events_.types;
  context.preset = export_advice(tell_export(schema_.names, options_));
  context.quoted_lines = quoted_rows_.cells != 0;
  context.first_time = first_time_;
  context.known_column = name_of_known();
  context.shapes = shapes_;
  return context;
}

// The unit of each run of files; of those whose unit is to be told, all have the same.
Status EventBuilder::resolve_numbers(TimesRead& read, BlockColumn<std::int64_t>& times_us, const std::string& column,
                                     TimeSummary& told) {
  if (read.kind != ParsedTime::Kind::kNumber) return {};
  if (Status status = read.numbers.check_calendar(column); !status.ok()) return status;
  const bool one_unit = units_.empty();
  std::vector<UnitChange> units = units_;
  if (one_unit) units.push_back({0, options_.time.unit});
  told.unit.clear();
  BlockColumn<std::int64_t> of_told;  // the times of those, where others are beside them
  std::size_t told_unit = kUnits;
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::size_t begin = units[i].first_event, end = i + 1 < units.size() ? units[i + 1].first_event : times_us.size();
    if (begin == end && !one_unit) continue;
    const bool is_told = units[i].unit == TimeUnit::kAuto;
    const Result<std::size_t> unit = is_told ? read.numbers.unit(column) : Result<std::size_t>(position_of(units[i].unit));
    if (!unit.ok()) return unit.error();
    const std::string name = kUnitNames[unit.value()];
    if (told.unit.empty()) told.unit = name;
    else if ((", " + told.unit + ",").find(", " + name + ",") == std::string::npos) told.unit += ", " + name;
    if (Status status = resolve_numbers(read, times_us, unit.value(), begin, end, told); !status.ok()) return status;
    if (!is_told) continue;
    told_unit = unit.value();
    if (!one_unit) of_told.append(end - begin, [&](std::size_t at) { return times_us[begin + at]; });
  }
  const BlockColumn<std::int64_t>& times = one_unit ? times_us : of_told;
  if (told_unit != kUnits && times.size() != 0 && count_implausible(times) == times.size()) {
    return read.numbers.implausible(told_unit, times, column, find_date_column(schema_.names));
  }
  return {};
}

Status EventBuilder::resolve_numbers(const TimesRead& read, BlockColumn<std::int64_t>& times_us, std::size_t unit,
                                     std::size_t begin, std::size_t end, TimeSummary& told) {
  for (std::size_t i = begin; i < end; ++i) {
    std::int64_t& time = times_us[i];
    const std::uint32_t millionths = read.millionths.size() != 0 ? read.millionths[i] : 0;
    const UnitTime found = time_of_number(unit, time, millionths & ~kCutBit);
    if (!found.fits) {
      return Error{ErrorCode::kMixedTimeUnits,
                   file_ + ": the time " + std::to_string(time) + " is no epoch time in " + kUnitNames[unit] +
                       "; check time.unit in the plan",
                   {}};
    }
    const bool cut = (millionths & kCutBit) != 0 || found.cut;
    time = found.us;
    told.cut += cut;
  }
  return {};
}

// Nobody knows of an event before it happens: one that says so is known at its time.
COLD Status EventBuilder::resolve_known() {
  TimeSummary untold;
  if (Status status = resolve_numbers(known_read_, events_.known_us, name_of_known(), untold); !status.ok()) return status;
  for (std::size_t i = 0; i < events_.known_us.size(); ++i) {
    if (events_.known_us[i] >= events_.time_us[i]) continue;
    ++known_early_;
    events_.known_us[i] = events_.time_us[i];
  }
  return {};
}

COLD std::vector<TypeRows> EventBuilder::seen_types() const {
  const TypeCounts counts = count_types(events_, issues_);
  std::vector<TypeRows> seen;
  for (std::size_t i = 0; i < counts.types.size(); ++i) {
    if (counts.events[i] != 0) seen.push_back({counts.types[i], counts.events[i]});
  }
  for (const auto& [type, entry] : issues_.unknown_types) seen.push_back({type, entry.rows});
  return seen;
}

COLD Result<EventTable> EventBuilder::finish(const Workers& workers) {
  if (Status status = refuse_issues(issues_, issue_context(), options_); !status.ok()) return status.error();
  if (Status status = resolve_numbers(times_read_, events_.time_us, schema_.name_of(Role::kTime), times_); !status.ok())
    return status.error();
  if (Status status = resolve_known(); !status.ok()) return status.error();
  workers.all({[&] { type_counts_ = count_types(events_, issues_); },
               [&] {
                 if (events_.size() > 0) times_.min_us = times_.max_us = events_.time_us[0];
                 for (std::size_t b = 0; b < events_.time_us.block_count(); ++b) widen(times_, events_.time_us.block(b));
               }});
  const bool numbers = times_read_.kind == ParsedTime::Kind::kNumber;
  notices_ = reading_notices({events_, issues_, rows_, times_, numbers, options_, quoted_rows_, inexact_, known_early_}, workers);
  return std::move(events_);
}

}  // namespace causal_sessions
