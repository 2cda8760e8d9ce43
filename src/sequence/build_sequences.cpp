#include "sequence/build_sequences.h"

#include <algorithm>
#include <span>

namespace causal_sessions {
namespace {

// From positions and pool ids to those in the vocabulary. Called for each stretch of the events: a WebAssembly engine
// goes over to better code of a function only when it is next called.
[[gnu::noinline]] void number_events(const Vocabulary& vocabulary, std::span<std::uint8_t> types,
                                     std::span<std::uint32_t> items) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::uint32_t token = vocabulary.token_of_type[types[i]];
    items[i] = token != StringPool::kNone ? token : items[i] == StringPool::kNone ? kUnknownId : vocabulary.item_id[items[i]];
    types[i] = vocabulary.event_id[types[i]];
  }
}

}  // namespace

SequenceTable build_sequences(OrderedEvents events, TrialTable trials, const Vocabulary& vocabulary,
                              std::optional<std::uint8_t> padding_type, const Workers& workers) {
  constexpr std::size_t kStretch = 1 << 16;
  workers.each((events.size() + kStretch - 1) / kStretch, [&](std::size_t stretch) {
    const std::size_t begin = stretch * kStretch, count = std::min(kStretch, events.size() - begin);
    number_events(vocabulary, std::span(events.type).subspan(begin, count), std::span(events.item).subspan(begin, count));
  });
  SequenceTable table;
  static_cast<TrialTable&>(table) = std::move(trials);
  table.event_id = std::move(events.type);
  table.item_id = std::move(events.item);
  table.time_us = std::move(events.time_us);
  table.users = std::move(events.users);
  const std::uint32_t token = padding_type ? vocabulary.token_of_type[*padding_type] : StringPool::kNone;
  table.padding_event_id = padding_type ? vocabulary.event_id[*padding_type] : kPadEventId;
  table.padding_item_id = token == StringPool::kNone ? kPadId : token;
  return table;
}

}  // namespace causal_sessions
