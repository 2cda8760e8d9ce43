// The event builder's other entrance: columns instead of rows of text.
#include <algorithm>
#include <charconv>
#include <limits>

#include "core/civil_time.h"
#include "ingest/build/event_builder.h"

namespace causal_sessions {
namespace {

constexpr std::uint32_t kNone = StringPool::kNone;

bool is_missing(const TextColumn& column, std::size_t i) {
  if (column.codes.empty()) return column.texts.empty() || column.texts[i].empty();
  const std::uint32_t code = column.codes[i];
  // A value that has an id was not empty.
  return code == kNone || ((*column.pool_ids)[code] == kNone && column.texts[code].empty());
}

// Ids of the texts at these rows; new ones in row order.
void intern_rows(StringPool& pool, const TextColumn& column, std::span<const std::uint32_t> rows, std::uint32_t* ids) {
  std::array<std::string_view, RowBatch::kCapacity> texts;
  if (column.codes.empty()) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string_view text = column.text(rows[i]);
      texts[i] = text.empty() ? std::string_view() : text;
    }
    pool.intern(std::span(texts).first(rows.size()), ids);
    return;
  }
  std::vector<std::uint32_t>& known = *column.pool_ids;
  std::array<std::uint32_t, RowBatch::kCapacity> new_codes, new_ids;
  std::size_t count = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::uint32_t code = column.codes[rows[i]];
    ids[i] = code == kNone ? kNone : known[code];
    if (ids[i] != kNone || code == kNone || column.texts[code].empty()) continue;
    texts[count] = column.texts[code];
    new_codes[count++] = code;
  }
  if (count == 0) return;
  pool.intern(std::span(texts).first(count), new_ids.data());
  for (std::size_t i = 0; i < count; ++i) known[new_codes[i]] = new_ids[i];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::uint32_t code = column.codes[rows[i]];
    if (code != kNone) ids[i] = known[code];
  }
}

// A value of a typed column as microseconds; kBad outside of their range.
ParsedTime to_microseconds(std::int64_t value, TimeColumn::Unit unit) {
  ParsedTime time{ParsedTime::Kind::kDate};
  const std::int64_t scale = unit == TimeColumn::Unit::kSeconds ? 1'000'000 : unit == TimeColumn::Unit::kMilliseconds ? 1000 : 1;
  // Room is left for the zone's offset.
  const std::int64_t most = (std::numeric_limits<std::int64_t>::max() - 100'000'000'000'000) / scale;
  if (value > most || value < -most) return {};
  time.value = value * scale;
  if (unit == TimeColumn::Unit::kNanoseconds) {
    time.value = value / 1000;
    if (time.value * 1000 > value) --time.value;  // towards the past, also before 1970
    time.cut = time.value * 1000 != value;
  }
  return time;
}

// Notes the ids for which several numbers stand.
void note_inexact(const TextColumn& column, std::span<const std::uint32_t> rows, const std::uint32_t* ids,
                  std::set<std::uint32_t>& inexact) {
  if (column.exact_below == 0) return;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string_view text = column.text(rows[i]);
    const std::string_view digits = text.substr(std::min<std::size_t>(text.starts_with('-'), text.size()));
    std::uint64_t value = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (!digits.empty() && problem == std::errc() && end == digits.data() + digits.size() && value >= column.exact_below)
      inexact.insert(ids[i]);
  }
}

}  // namespace

Status EventBuilder::add(const ColumnBatch& batch) {
  const auto texts_at = [&](std::size_t at) {
    const auto* column = at < batch.columns.size() ? std::get_if<TextColumn>(&batch.columns[at]) : nullptr;
    return column != nullptr ? *column : TextColumn();
  };
  const auto texts = [&](Role role) { return texts_at(static_cast<std::size_t>(role)); };
  EventColumns columns{batch.size,           batch.first_row,
                       texts(Role::kUser),   texts(Role::kType),
                       texts_at(item_slot_), batch.columns[static_cast<std::size_t>(Role::kTime)],
                       batch.rows,           &batch};
  return cleans_ ? add_cleaned(columns) : add_all(columns);
}

// Without blanks around texts; with empty texts, and missing numbers, where the plan's texts for a missing value stand.
Status EventBuilder::add_cleaned(EventColumns batch) {
  std::array<std::vector<std::string_view>, kRoles> texts;
  const auto blank = [&](TextColumn& column, std::vector<std::string_view>& kept) {
    kept.assign(column.texts.begin(), column.texts.end());
    for (std::string_view& text : kept) text = value_of(text);
    column.texts = kept;
  };
  blank(batch.user, texts[0]);
  blank(batch.type, texts[1]);
  blank(batch.item, texts[2]);
  if (auto* times = std::get_if<TextColumn>(&batch.time)) blank(*times, texts[3]);
  std::vector<std::uint8_t> states;
  if (auto* times = std::get_if<TimeColumn>(&batch.time); times != nullptr && times->unit == TimeColumn::Unit::kEpoch) {
    for (std::size_t i = 0; i < batch.size; ++i) {
      states.push_back(is_null(times->shown(i)) ? std::uint8_t{TimeColumn::kMissing} : times->state(i));
    }
    times->states = states;
  }
  return add_all(batch);
}

Status EventBuilder::add_all(const EventColumns& batch) {
  for (std::size_t first = 0; first < batch.size; first += RowBatch::kCapacity) {
    Checked checked;
    check(batch, first, std::min(batch.size, first + RowBatch::kCapacity), checked);
    if (Status status = check_room(checked.size); !status.ok()) return status;
    const std::uint32_t items_before = events_.items.size();
    const std::span<const std::uint32_t> rows(checked.source.data(), checked.size);
    intern_rows(events_.users, batch.user, rows, checked.user_id.data());
    intern_rows(events_.items, batch.item, rows, checked.item_id.data());
    note_inexact(batch.user, rows, checked.user_id.data(), inexact_.users);
    note_inexact(batch.item, rows, checked.item_id.data(), inexact_.items);
    if (events_.items.size() != items_before) {
      if (const auto at = find_reserved(checked)) {
        return reserved_item(checked.item_id[*at], {batch.row(checked.source[*at]), std::nullopt});
      }
    }
    append(checked);
    if (events_.values.empty()) continue;
    append_values(checked, [&](std::size_t slot, std::uint32_t row) {
      const auto* const column = std::get_if<TextColumn>(&batch.whole->columns[slot]);
      return column != nullptr ? column->text(row) : std::string_view();
    });
  }
  return {};
}

void EventBuilder::check(const EventColumns& batch, std::size_t first, std::size_t end, Checked& checked) {
  rows_ += end - first;
  const auto* times = std::get_if<TimeColumn>(&batch.time);
  const auto* time_texts = std::get_if<TextColumn>(&batch.time);
  for (std::size_t i = first; i < end; ++i) {
    const RowPlace place{batch.row(i), std::nullopt};
    if (is_missing(batch.user, i)) {
      add_issue(IssueReason::kMissingUser, place, schema_.name_of(Role::kUser), "");
      continue;
    }
    ParsedTime time;
    const std::string_view time_text = times ? std::string_view() : time_texts->text(i);
    if (times ? !check_time(*times, i, place, time) : !read_time(time_text, time)) {
      if (!times) refuse_time(time_text, place);
      continue;
    }
    const std::uint8_t type = type_id(batch.type, i, place);
    if (type == kNoType) continue;
    ParsedTime known;
    if (known_slot_ != kNoSlot && !check_known(batch, i, place, known)) continue;
    keep(checked, i, time, time_text, type, place.row);
    if (known_slot_ != kNoSlot) keep_known(checked, known);
  }
}

COLD bool EventBuilder::check_known(const EventColumns& batch, std::size_t i, const RowPlace& at, ParsedTime& known) {
  const auto& column = batch.whole->columns[known_slot_];
  const auto* const times = std::get_if<TimeColumn>(&column);
  if (times == nullptr) {
    const std::string_view text = value_of(std::get<TextColumn>(column).text(i));
    known = read_known(text);
    return check_known(known, text, at);
  }
  const bool missing = times->state(i) == TimeColumn::kMissing;
  const std::string shown = missing ? std::string() : times->text(i);
  if (missing || is_null(shown)) return check_known({}, {}, at);
  known = time_of(*times, i);
  return check_known(known, shown, at);
}

ParsedTime EventBuilder::time_of(const TimeColumn& times, std::size_t i) {
  const std::uint8_t state = times.state(i);
  if (state > TimeColumn::kDigitsCut) return {};
  if (times.unit == TimeColumn::Unit::kEpoch) return parser_.parse(times.values[i]);
  ParsedTime time = to_microseconds(times.values[i], times.unit);
  time.cut |= state == TimeColumn::kDigitsCut;
  time.zoned = !times.local;
  if (times.local) parser_.to_utc(time);
  return time;
}

bool EventBuilder::check_time(const TimeColumn& times, std::size_t i, const RowPlace& at, ParsedTime& time) {
  const std::uint8_t state = times.state(i);
  if (state == TimeColumn::kMissing) {
    add_issue(IssueReason::kMissingTime, at, schema_.name_of(Role::kTime), "");
    return false;
  }
  time = time_of(times, i);
  if (times_read_.fits(time)) return true;
  const bool is_date = time.kind == ParsedTime::Kind::kDate;
  add_issue(IssueReason::kBadTime, at, schema_.name_of(Role::kTime), is_date ? format_utc(time.value) : times.shown(i));
  return false;
}

std::uint8_t EventBuilder::type_id(const TextColumn& types, std::size_t i, const RowPlace& at) {
  if (types.codes.empty() || types.codes[i] == kNone) return type_id(types.text(i), at);
  const std::uint32_t code = types.codes[i];
  std::uint32_t& known = (*types.pool_ids)[code];
  if (known != kNone) return static_cast<std::uint8_t>(known);
  const std::uint8_t id = type_id(types.texts[code], at);
  if (id != kNoType) known = id;  // an unknown type is counted each time
  return id;
}

}  // namespace causal_sessions
