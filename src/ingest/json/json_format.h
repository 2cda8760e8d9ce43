// JSON as input formats: an array of objects or an object of columns, and JSON lines.
#pragma once

#include "ingest/sniffed.h"

namespace causal_sessions {

[[nodiscard]] Result<Sniffed> sniff_json(const FileStart& start);

}  // namespace causal_sessions
