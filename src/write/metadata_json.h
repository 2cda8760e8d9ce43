// data/processing_metadata.json, byte for byte as Python's json.dump(indent=2) writes the notebook's dictionary;
// a rate of an empty part is null where Python would write NaN, which is not JSON.
#pragma once

#include "audit/summary.h"
#include "plan/plan.h"
#include "split/split.h"
#include "vocab/vocabulary.h"
#include "write/byte_sink.h"

namespace causal_sessions {

void write_metadata_json(const Plan& plan, const Vocabulary& vocabulary, const Split& split, const Summary& summary,
                         ByteSink& sink);

}  // namespace causal_sessions
