// The event builder's fourth entrance: what another builder, elsewhere, has made of whole files. In the order of the input it gives
// the ids, issues and summaries of reading them here, as texts come in the order of their first appearance in it.
//
// Nothing of a part is trusted: whoever wrote it may have been another program.
#include <algorithm>
#include <limits>
#include <utility>

#include "core/cold.h"
#include "ingest/build/event_builder.h"

namespace causal_sessions {
namespace {

Error no_part(const char* finding) { return {ErrorCode::kBadSyntax, finding, {}}; }

void intern(StringPool& pool, std::span<const std::string_view> texts, std::vector<std::uint32_t>& ids) {
  const std::size_t known = ids.size();
  ids.resize(known + texts.size());
  pool.intern(texts, ids.data() + known);
}

// Of texts that may be missing, or may not.
bool are_known(std::span<const std::uint32_t> codes, std::size_t count, bool may_miss) {
  return std::all_of(codes.begin(), codes.end(),
                     [&](std::uint32_t code) { return code < count || (may_miss && code == StringPool::kNone); });
}

// No time that is read is further from 1970; a run adds to times and takes them from each other.
bool are_times(std::span<const std::int64_t> times) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() - 100'000'000'000'000;
  return std::all_of(times.begin(), times.end(), [](std::int64_t time) { return time <= kMost && time >= -kMost; });
}

bool are_millionths(std::span<const std::int64_t> values) {
  return std::all_of(values.begin(), values.end(), [](std::int64_t value) {
    return value >= 0 && value <= std::int64_t{UINT32_MAX} && (static_cast<std::uint32_t>(value) & ~kCutBit) < 1'000'000;
  });
}

}  // namespace

BuiltEvents EventBuilder::built() const { return {events_, {&times_read_.millionths, &known_read_.millionths}, inexact_}; }

Found EventBuilder::take_found() {
  Found found;
  found.kind = {times_read_.kind, known_read_.kind};
  found.numbers = {std::exchange(times_read_.numbers, {}), std::exchange(known_read_.numbers, {})};
  found.rows = std::exchange(rows_, 0);
  found.cut = std::exchange(times_.cut, 0);
  found.zoned = std::exchange(times_.zoned, 0);
  found.skipped = std::exchange(times_.skipped, 0);
  found.repeated = std::exchange(times_.repeated, 0);
  found.issues = std::exchange(issues_, {});
  found.shapes = std::exchange(shapes_, {});
  found.first_time = std::exchange(first_time_, {});
  found.quoted = std::exchange(quoted_rows_, {});
  return found;
}

void EventBuilder::add_found(Found found) {
  for (std::size_t i = 0; i < 2; ++i) {
    TimesRead& read = i == 0 ? times_read_ : known_read_;
    if (read.kind == ParsedTime::Kind::kBad) read.kind = found.kind[i];
    read.numbers.add(found.numbers[i]);
  }
  rows_ += found.rows;
  times_.cut += found.cut;
  times_.zoned += found.zoned;
  times_.skipped += found.skipped;
  times_.repeated += found.repeated;
  issues_.add(found.issues);
  for (const TimeShape& shape : found.shapes.shapes) shapes_.add(shape);
  shapes_.others += found.shapes.others;
  if (first_time_.empty()) first_time_ = std::move(found.first_time);
  if (quoted_rows_.cells == 0) quoted_rows_.first = std::move(found.quoted.first);
  quoted_rows_.cells += found.quoted.cells;
}

COLD Status EventBuilder::add_texts(const PartTexts& texts, ChunkIds& ids) {
  intern(events_.users, texts.users, ids.users);
  intern(events_.items, texts.items, ids.items);
  ids.values.resize(events_.values.size());
  if (texts.values.size() != events_.values.size()) return no_part("it has other columns than its plan names");
  for (std::size_t v = 0; v < events_.values.size(); ++v) intern(events_.values[v].texts, texts.values[v], ids.values[v]);
  for (const std::string& token : reserved_) {
    if (events_.items.find(token) != StringPool::kNone) return no_part("an item is named like a special token");
  }
  for (const std::string& type : texts.types) {
    std::uint32_t id = types_.find(type);
    if (id == StringPool::kNone) {
      if (options_.events.unknown != UnknownTypes::kAdd || type.empty()) return no_part("it has event types that its plan lacks");
      if (types_.size() == kMostTypes) {
        return Error{ErrorCode::kTooLarge,
                     "the parts have more than " + std::to_string(kMostTypes) +
                         " event types together; name those that matter in events.types, with events.unknown \"drop\"",
                     {{}, {}, {}, "events.types"}};
      }
      id = types_.intern(type);
      events_.types.push_back(type);
    }
    ids.types.push_back(static_cast<std::uint8_t>(id));
  }
  return {};
}

Status EventBuilder::add_events(const PartEvents& events, const ChunkIds& ids) {
  if (Status status = check_room(events.size); !status.ok()) return status;
  const bool known = options_.columns.known_at.is_set();
  bool fits = are_known(events.user, ids.users.size(), false) && are_known(events.type, ids.types.size(), false) &&
              are_known(events.item, ids.items.size(), true) && are_times(events.time) && are_times(events.known) &&
              are_millionths(events.millionths[0]) && are_millionths(events.millionths[1]) &&
              events.known.size() == (known ? events.size : 0) && events.values.size() == ids.values.size();
  for (std::size_t v = 0; fits && v < events.values.size(); ++v) {
    fits = are_known(events.values[v], ids.values[v].size(), true);
  }
  if (!fits) return no_part("an event has what no event can have");
  const auto id_of = [](const std::vector<std::uint32_t>& all, std::uint32_t code) {
    return code == StringPool::kNone ? code : all[code];
  };
  const std::size_t before = events_.size(), count = events.size;
  events_.user.append(count, [&](std::size_t i) { return ids.users[events.user[i]]; });
  events_.time_us.append(events.time.data(), count);
  events_.type.append(count, [&](std::size_t i) { return ids.types[events.type[i]]; });
  events_.item.append(count, [&](std::size_t i) { return id_of(ids.items, events.item[i]); });
  for (std::size_t i = 0; i < 2; ++i) {
    TimesRead& read = i == 0 ? times_read_ : known_read_;
    const std::span<const std::int64_t> values = events.millionths[i];
    if (!values.empty()) {
      read.fill_up(before);
      read.millionths.append(count, [&](std::size_t at) { return static_cast<std::uint32_t>(values[at]); });
    } else if (read.millionths.size() != 0) {
      read.fill_up(before + count);
    }
  }
  if (known) events_.known_us.append(events.known.data(), count);
  for (std::size_t v = 0; v < events.values.size(); ++v) {
    events_.values[v].codes.append(count, [&](std::size_t i) { return id_of(ids.values[v], events.values[v][i]); });
  }
  return {};
}

COLD void EventBuilder::add_inexact(const InexactIds& inexact, const ChunkIds& ids) {
  const auto add = [](const std::set<std::uint32_t>& of_part, const std::vector<std::uint32_t>& all,
                      std::set<std::uint32_t>& to) {
    for (const std::uint32_t id : of_part) {
      if (id < all.size()) to.insert(all[id]);
    }
  };
  add(inexact.users, ids.users, inexact_.users);
  add(inexact.items, ids.items, inexact_.items);
}

}  // namespace causal_sessions
