// data/processing_metadata.json, byte for byte as Python's json.dump(indent=2) writes the notebook's dictionary;
// a rate of an empty part is null where Python would write NaN, which is not JSON.
#pragma once

#include "formats/byte_sink.h"
#include "plan/plan.h"
#include "report/summary.h"
#include "split/split.h"
#include "vocab/vocabulary.h"

namespace causal_sessions {

void write_metadata_json(const Plan& plan, const Vocabulary& vocabulary, const Split& split, const Summary& summary,
                         ByteSink& sink);

}  // namespace causal_sessions
