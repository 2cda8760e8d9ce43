// Sequences: sessions -> (X, T, Y), the notebook's rule.
//
// T = 1 if the session has a treatment event, Y = 1 if it has an outcome event, anywhere. X = the events before the
// first treatment event (that one alone if it comes first), or all events where there is none; then padded to
// min_events, then cut to max_events. Each session is ordered once more by the tie rule before it is cut, as the
// notebook does: with NumPy's unstable sort the second pass can move ties again.
//
// Needs:   ordered events and their sessions; the vocabulary fitted on them. The events become the tokens.
// Cost:    one pass, nothing copied; 33 bytes a session.
// Source:  the notebook's transform_session_to_sequence.
#pragma once

#include "causal/sequence_table.h"
#include "session/order.h"
#include "session/sessionize.h"
#include "vocab/vocabulary.h"

namespace causal_sessions {

struct SequenceOptions {
  std::uint8_t treatment_type = 2;
  std::uint8_t outcome_type = 3;
  std::uint32_t max_events = 500;
  bool keep_last = false;
  std::uint32_t min_events = 2;
  bool pad = true;
  std::uint8_t padding_type = 0;
  TieRule ties = TieRule::kNumpy;
};

[[nodiscard]] SequenceTable build_sequences(OrderedEvents events, const Sessions& sessions,
                                            const Vocabulary& vocabulary, const SequenceOptions& options);

}  // namespace causal_sessions
