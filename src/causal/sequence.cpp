#include "causal/sequence.h"

namespace causal_sessions {

SequenceTable build_sequences(OrderedEvents events, TrialTable trials, const Vocabulary& vocabulary,
                              std::optional<std::uint8_t> padding_type) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    const std::uint32_t token = vocabulary.token_of_type[events.type[i]];
    const std::uint32_t item = events.item[i];
    events.item[i] = token != StringPool::kNone ? token
                     : item == StringPool::kNone ? kUnknownId
                                                 : vocabulary.item_id[item];
    events.type[i] = vocabulary.event_id[events.type[i]];
  }
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
