// Sequences: trials and the vocabulary -> the (X, T, Y) table. The ordered events become the tokens.
//
// Threads: stretches of the events.
// Cost:    one pass, nothing copied.
#pragma once

#include <optional>

#include "core/workers.h"
#include "sequence/sequence_table.h"
#include "session/order.h"
#include "trial/trial_table.h"
#include "vocab/vocabulary.h"

namespace causal_sessions {

// `padding_type`: the event type of padding tokens, none for [PAD].
[[nodiscard]] SequenceTable build_sequences(OrderedEvents events, TrialTable trials, const Vocabulary& vocabulary,
                                            std::optional<std::uint8_t> padding_type, const Workers& workers = Workers());

}  // namespace causal_sessions
