// The data dictionary: README.md beside a run's files, for whoever opens them later.
//
// It says what the table is, its rows by part, each file with its columns, types, units and meaning, what is missing, how each
// format is loaded, and how models are started. It depends on the run alone, not on which formats were asked for: the manifest
// lists the files that were written.
//
// Format:  Markdown, UTF-8. Names of the input are escaped.
#pragma once

#include "formats/byte_sink.h"
#include "run/run.h"

namespace causal_sessions {

// Of a finished run.
void write_dictionary(const Run& run, ByteSink& sink);

}  // namespace causal_sessions
