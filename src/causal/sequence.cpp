#include "causal/sequence.h"

#include <algorithm>
#include <span>

namespace causal_sessions {
namespace {

[[gnu::noinline]] void append_row(SequenceTable& table, const OrderedEvents& events, const Sessions& sessions, std::size_t s,
                const SequenceOptions& options) {
  const std::uint32_t begin = sessions.begin[s], end = sessions.end[s];
  const auto first = events.type.begin() + begin, last = events.type.begin() + end;
  const auto treatment = std::find(first, last, options.treatment_type);
  const bool treated = treatment != last;
  std::uint32_t count = static_cast<std::uint32_t>(treatment - first);
  if (count == 0) count = 1;  // the treatment comes first: the notebook keeps that event alone

  std::uint32_t padding = options.pad && count < options.min_events ? options.min_events - count : 0;
  std::uint32_t skipped = 0;
  if (count > options.max_events) {
    if (options.keep_last) skipped = count - options.max_events;
    count = options.max_events;
  }
  padding = std::min(padding, options.max_events - count);

  table.user.push_back(sessions.user[s]);
  table.number.push_back(sessions.number[s]);
  table.begin.push_back(begin + skipped);
  table.count.push_back(count);
  table.padding.push_back(padding);
  table.start_us.push_back(events.time_us[begin]);
  table.treatment.push_back(treated);
  table.outcome.push_back(std::find(first, last, options.outcome_type) != last);
}

// From the items' ids in their pool to those in the vocabulary. Called for each stretch of the events: a WebAssembly
// engine goes over to better code of a function only when it is next called.
[[gnu::noinline]] void number_items(const Vocabulary& vocabulary, std::span<const std::uint8_t> types,
                                    std::span<std::uint32_t> items) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::uint32_t token = vocabulary.token_of_type[types[i]];
    items[i] = token != StringPool::kNone      ? token
               : items[i] == StringPool::kNone ? kUnknownId
                                               : vocabulary.item_id[items[i]];
  }
}

}  // namespace

SequenceTable build_sequences(OrderedEvents events, const Sessions& sessions, const Vocabulary& vocabulary,
                              const SequenceOptions& options) {
  SequenceTable table;
  const std::size_t rows = sessions.size();
  for (auto* column : {&table.user, &table.number, &table.begin, &table.count, &table.padding}) column->reserve(rows);
  table.start_us.reserve(rows);
  table.treatment.reserve(rows);
  table.outcome.reserve(rows);
  SegmentSorter sorter(options.ties);
  for (std::size_t s = 0; s < rows; ++s) {
    sorter.sort(events, sessions.begin[s], sessions.end[s]);
    append_row(table, events, sessions, s, options);
  }
  constexpr std::size_t kStretch = 1 << 16;
  for (std::size_t i = 0; i < events.size(); i += kStretch) {
    const std::size_t count = std::min(kStretch, events.size() - i);
    number_items(vocabulary, std::span(events.type).subspan(i, count), std::span(events.item).subspan(i, count));
  }
  table.event_id = std::move(events.type);
  table.item_id = std::move(events.item);
  table.time_us = std::move(events.time_us);
  table.users = std::move(events.users);
  const std::uint32_t token = options.pad ? vocabulary.token_of_type[options.padding_type] : kPadId;
  table.padding_event_id = options.padding_type;
  table.padding_item_id = token == StringPool::kNone ? kPadId : token;
  return table;
}

}  // namespace causal_sessions
