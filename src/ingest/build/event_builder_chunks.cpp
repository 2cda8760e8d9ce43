// The event builder's third entrance: chunks of a file, checked and numbered by other builders. Absorbed in the order of
// the file they give the ids, issues and summaries that reading it in one go gives: a chunk brings the texts new to its
// builder in the order in which they came, so the first chunk that has a text also says where it first stands.
#include <algorithm>

#include "core/buffer_sizes.h"
#include "core/cold.h"
#include "ingest/build/event_builder.h"
#include "ingest/chunks/chunk_bytes.h"

namespace causal_sessions {

// What the chunk has of everything, and whether it fits.
struct EventBuilder::ChunkHead {
  FoundCounts found;
  std::uint64_t events = 0;
  std::array<bool, 2> millionths = {};  // whether the times, and when events became known, have them
  std::uint32_t first_user = 0, users = 0, first_item = 0, items = 0, first_type = 0, types = 0;
  std::uint32_t issues = 0, unknown_types = 0, shapes = 0;
  std::array<std::uint64_t, kIssueReasons> issue_rows{};
};

namespace {

// In file order, of each pool the texts that are new: their sizes, then the texts.
void put_texts(ChunkWriter& chunk, const StringPool& pool, std::uint32_t first) {
  for (std::uint32_t id = first; id < pool.size(); ++id) chunk.put(static_cast<std::uint32_t>(pool[id].size()));
  for (std::uint32_t id = first; id < pool.size(); ++id) chunk.put_all(std::span<const char>(pool[id]));
}

void absorb_texts(ChunkParser& chunk, StringPool& pool, std::size_t count, std::vector<std::uint32_t>& ids) {
  constexpr std::size_t kBatch = buffer_sizes::kChunkTextBatch;
  const std::string_view sizes = chunk.get_bytes(count * sizeof(std::uint32_t));
  std::array<std::string_view, kBatch> texts;
  const std::size_t known = ids.size();
  ids.resize(known + count);
  for (std::size_t first = 0; first < count; first += kBatch) {
    const std::size_t size = std::min(kBatch, count - first);
    for (std::size_t i = 0; i < size; ++i) texts[i] = chunk.get_bytes(chunk_value<std::uint32_t>(sizes, first + i));
    pool.intern(std::span(texts).first(size), ids.data() + known + first);
  }
}

void put_numbers(ChunkWriter& chunk, const EpochNumbers& numbers) {
  chunk.put(numbers.calendar);
  chunk.put(numbers.all_forms);
  chunk.put(numbers.first_forms);
  const auto put = [&chunk](const EpochNumbers::Example& example) {
    chunk.put(example.rows);
    chunk.put(example.row);
    chunk.put(std::string_view(example.text));
  };
  put(numbers.any);
  for (const EpochNumbers::Example& example : numbers.units) put(example);
}

EpochNumbers get_numbers(ChunkParser& chunk, const std::string& file, std::uint64_t rows) {
  EpochNumbers numbers;
  numbers.calendar = chunk.get<bool>();
  numbers.all_forms = chunk.get<std::uint16_t>();
  numbers.first_forms = chunk.get<std::uint16_t>();
  const auto get = [&](EpochNumbers::Example& example) {
    example.rows = chunk.get<std::uint64_t>();
    example.row = rows + chunk.get<std::uint64_t>();
    example.text = chunk.get_text();
    if (example.rows != 0) example.file = file;
  };
  get(numbers.any);
  for (EpochNumbers::Example& example : numbers.units) get(example);
  return numbers;
}

void put_ids(ChunkWriter& chunk, const std::set<std::uint32_t>& ids) {
  chunk.put<std::uint64_t>(ids.size());
  for (const std::uint32_t id : ids) chunk.put(id);
}

void get_ids(ChunkParser& chunk, std::set<std::uint32_t>& ids) {
  for (auto count = chunk.get<std::uint64_t>(); count > 0; --count) ids.insert(chunk.get<std::uint32_t>());
}

template <class T>
void put_column(ChunkWriter& chunk, BlockColumn<T>& column) {
  for (std::size_t b = 0; b < column.block_count(); ++b) chunk.put_all(column.block(b));
  column.clear();
}

}  // namespace

void EventBuilder::write_start(ChunkWriter& task) const {
  task.put(times_read_.kind);
  task.put(known_read_.kind);
  task.put<std::uint64_t>(events_.types.size());
  for (const std::string& type : events_.types) task.put(std::string_view(type));
}

void EventBuilder::begin_chunks(ChunkParser& task) {
  times_read_.kind = task.get<ParsedTime::Kind>();
  known_read_.kind = task.get<ParsedTime::Kind>();
  events_.types.clear();
  for (auto count = task.get<std::uint64_t>(); count > 0; --count) {
    events_.types.emplace_back(task.get_text());
    types_.intern(events_.types.back());
  }
  told_types_ = types_.size();
}

void EventBuilder::write_chunk(ChunkWriter& chunk) {
  const Found found = take_found();
  ChunkHead head;
  head.found = found;
  head.events = events_.size();
  head.millionths = {times_read_.millionths.size() != 0, known_read_.millionths.size() != 0};
  const auto tell = [](const StringPool& pool, std::uint32_t& told, std::uint32_t& first, std::uint32_t& count) {
    first = told;
    count = pool.size() - told;
    told = pool.size();
  };
  tell(events_.users, told_users_, head.first_user, head.users);
  tell(events_.items, told_items_, head.first_item, head.items);
  tell(types_, told_types_, head.first_type, head.types);
  head.issues = static_cast<std::uint32_t>(found.issues.first.size());
  head.unknown_types = static_cast<std::uint32_t>(found.issues.unknown_types.size());
  head.issue_rows = found.issues.rows;
  head.shapes = static_cast<std::uint32_t>(found.shapes.shapes.size());
  chunk.put(head);
  put_texts(chunk, events_.users, head.first_user);
  put_texts(chunk, events_.items, head.first_item);
  for (std::uint32_t id = head.first_type; id < types_.size(); ++id) chunk.put(types_[id]);
  put_column(chunk, events_.user);
  put_column(chunk, events_.time_us);
  put_column(chunk, events_.type);
  put_column(chunk, events_.item);
  put_column(chunk, times_read_.millionths);
  put_column(chunk, known_read_.millionths);
  put_column(chunk, events_.known_us);
  for (const EpochNumbers& numbers : found.numbers) put_numbers(chunk, numbers);
  chunk.put(found.quoted.cells);
  chunk.put(found.quoted.first.row.value_or(0));
  chunk.put(found.quoted.first.line.value_or(0));
  for (const RowIssue& issue : found.issues.first) {
    chunk.put(issue.reason);
    chunk.put(issue.row);
    chunk.put(issue.line.value_or(0));
    chunk.put(std::string_view(issue.column));
    chunk.put(std::string_view(issue.text));
  }
  for (const auto& [type, entry] : found.issues.unknown_types) {
    chunk.put(std::string_view(type));
    chunk.put(entry);
  }
  for (const TimeShape& shape : found.shapes.shapes) {
    chunk.put(std::string_view(shape.format));
    chunk.put(shape.rows);
    chunk.put(shape.fits);
  }
  chunk.put(found.shapes.others);
  chunk.put(std::string_view(found.first_time));
  const InexactIds inexact = std::exchange(inexact_, {});
  put_ids(chunk, inexact.users);
  put_ids(chunk, inexact.items);
  write_values(chunk);
}

COLD void EventBuilder::write_values(ChunkWriter& chunk) {
  for (std::size_t v = 0; v < events_.values.size(); ++v) {
    EventValues& values = events_.values[v];
    const std::uint32_t first = std::exchange(told_values_[v], values.texts.size());
    chunk.put(values.texts.size() - first);
    put_texts(chunk, values.texts, first);
    put_column(chunk, values.codes);
  }
}

COLD void EventBuilder::absorb_values(ChunkParser& chunk, std::size_t events, ChunkIds& ids) {
  ids.values.resize(events_.values.size());
  for (std::size_t v = 0; v < events_.values.size(); ++v) {
    EventValues& values = events_.values[v];
    absorb_texts(chunk, values.texts, chunk.get<std::uint32_t>(), ids.values[v]);
    const std::string_view codes = chunk.get_bytes(events * sizeof(std::uint32_t));
    values.codes.append(events, [&](std::size_t i) {
      const auto code = chunk_value<std::uint32_t>(codes, i);
      return code == StringPool::kNone ? code : ids.values[v][code];
    });
  }
}

bool EventBuilder::fits(const ChunkHead& chunk, const ChunkIds& ids) const {
  const bool known = !ids.lost && chunk.first_user == ids.users.size() && chunk.first_item == ids.items.size() &&
                     chunk.first_type == ids.types.size();
  constexpr ParsedTime::Kind kNone = ParsedTime::Kind::kBad;
  const auto is_alike = [](ParsedTime::Kind one, ParsedTime::Kind other) {
    return one == other || one == kNone || other == kNone;
  };
  const bool same_kind = is_alike(chunk.found.kind[0], times_read_.kind) && is_alike(chunk.found.kind[1], known_read_.kind);
  // Which types are known, and which of the unknown ones are told, then depends on what came before.
  const bool adds = options_.events.unknown == UnknownTypes::kAdd;
  const bool room_for_types = types_.size() + chunk.types <= kMostTypes &&
                              !(adds && chunk.issue_rows[static_cast<std::size_t>(IssueReason::kUnknownType)] != 0) &&
                              issues_.unknown_types.size() + chunk.unknown_types <= IssueSummary::kMaxUnknown;
  const bool all_shapes = chunk.shapes < TimeShapes::kMost;  // else some may have gone unnamed
  return known && same_kind && room_for_types && all_shapes && check_room(chunk.events).ok();
}

bool EventBuilder::absorb(ChunkParser& chunk, ChunkIds& ids, std::uint64_t rows, std::uint64_t lines) {
  const auto head = chunk.get<ChunkHead>();
  if (head.first_user == 0 && head.first_item == 0) {  // its builder has just begun, with types from here
    ids = {};
    for (std::uint32_t type = 0; type < head.first_type; ++type) ids.types.push_back(static_cast<std::uint8_t>(type));
  }
  if (!fits(head, ids)) return false;
  absorb_texts(chunk, events_.users, head.users, ids.users);
  absorb_texts(chunk, events_.items, head.items, ids.items);
  for (std::uint32_t i = 0; i < head.types; ++i) {
    const std::uint32_t before = types_.size();
    const std::string_view text = chunk.get_text();
    ids.types.push_back(static_cast<std::uint8_t>(types_.intern(text)));
    if (types_.size() != before) events_.types.emplace_back(text);
  }
  absorb_columns(chunk, head, ids);
  add_found(found_in(chunk, head, rows, lines));
  InexactIds inexact;
  get_ids(chunk, inexact.users);
  get_ids(chunk, inexact.items);
  add_inexact(inexact, ids);
  absorb_values(chunk, head.events, ids);
  return true;
}

void EventBuilder::absorb_columns(ChunkParser& chunk, const ChunkHead& head, const ChunkIds& ids) {
  const std::size_t count = head.events, before = events_.size();
  const std::string_view user = chunk.get_bytes(count * sizeof(std::uint32_t));
  events_.user.append(count, [&](std::size_t i) { return ids.users[chunk_value<std::uint32_t>(user, i)]; });
  const std::string_view time = chunk.get_bytes(count * sizeof(std::int64_t));
  events_.time_us.append(count, [&](std::size_t i) { return chunk_value<std::int64_t>(time, i); });
  const std::string_view type = chunk.get_bytes(count);
  events_.type.append(count, [&](std::size_t i) { return ids.types[static_cast<std::uint8_t>(type[i])]; });
  const std::string_view item = chunk.get_bytes(count * sizeof(std::uint32_t));
  const std::uint32_t no_item = StringPool::kNone;
  const std::uint32_t* const items = ids.items.empty() ? &no_item : ids.items.data();
  events_.item.append(count, [&](std::size_t i) {
    const auto id = chunk_value<std::uint32_t>(item, i);
    const std::uint32_t mask = id == no_item ? no_item : 0;  // no branch, which would often be foretold wrong
    return items[id & ~mask] | mask;
  });
  for (std::size_t i = 0; i < 2; ++i) {
    TimesRead& read = i == 0 ? times_read_ : known_read_;
    if (head.millionths[i]) {
      read.fill_up(before);
      const std::string_view millionths = chunk.get_bytes(count * sizeof(std::uint32_t));
      read.millionths.append(count, [&](std::size_t at) { return chunk_value<std::uint32_t>(millionths, at); });
    } else if (read.millionths.size() != 0) {
      read.fill_up(before + count);
    }
  }
  if (!options_.columns.known_at.is_set()) return;
  const std::string_view known = chunk.get_bytes(count * sizeof(std::int64_t));
  events_.known_us.append(count, [&](std::size_t i) { return chunk_value<std::int64_t>(known, i); });
}

// With the places that its rows have in the file.
Found EventBuilder::found_in(ChunkParser& chunk, const ChunkHead& head, std::uint64_t rows, std::uint64_t lines) const {
  Found found{head.found, {}, {}, {}, {}, {}};
  for (EpochNumbers& numbers : found.numbers) numbers = get_numbers(chunk, file_, rows);
  found.quoted.cells = chunk.get<std::uint64_t>();
  const auto quoted_row = rows + chunk.get<std::uint64_t>();
  const auto quoted_line = lines + chunk.get<std::uint64_t>();
  if (found.quoted.cells != 0) found.quoted.first = {file_, quoted_row, quoted_line, {}};
  found.issues.rows = head.issue_rows;
  for (std::uint32_t i = 0; i < head.issues; ++i) {
    const auto reason = chunk.get<IssueReason>();
    const auto row = rows + chunk.get<std::uint64_t>();
    const auto line_in_chunk = chunk.get<std::uint64_t>();  // 0: the row has none
    const auto line = line_in_chunk == 0 ? std::nullopt : std::optional(lines + line_in_chunk);
    std::string column(chunk.get_text());
    found.issues.first.push_back({reason, file_, row, line, std::move(column), std::string(chunk.get_text())});
  }
  for (std::uint32_t i = 0; i < head.unknown_types; ++i) {
    IssueSummary::UnknownType& entry = found.issues.unknown_types[std::string(chunk.get_text())];
    entry = chunk.get<IssueSummary::UnknownType>();
    entry.first_row += rows;
  }
  for (std::uint32_t i = 0; i < head.shapes; ++i) {
    TimeShape& shape = found.shapes.shapes.emplace_back(TimeShape{std::string(chunk.get_text())});
    shape.rows = chunk.get<std::uint64_t>();
    shape.fits = chunk.get<std::array<std::uint64_t, TimeShape::kOrders>>();
  }
  found.shapes.others = chunk.get<std::uint64_t>();
  found.first_time = chunk.get_text();
  return found;
}

}  // namespace causal_sessions
