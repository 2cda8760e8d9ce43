// models/vocab.json: both directions of both vocabularies, byte for byte as Python's json.dump(indent=2) writes the
// notebook's dictionary.
#pragma once

#include "formats/byte_sink.h"
#include "vocab/vocabulary.h"

namespace causal_sessions {

void write_vocabulary_json(const Vocabulary& vocabulary, ByteSink& sink);

}  // namespace causal_sessions
