// data/processing_metadata.json, byte for byte as Python's json.dump(indent=2) writes the notebook's dictionary;
// a rate of an empty part is null where Python would write NaN, which is not JSON.
#pragma once

#include "formats/byte_sink.h"
#include "run/run.h"

namespace causal_sessions {

void write_metadata_json(const Run& run, ByteSink& sink);

}  // namespace causal_sessions
