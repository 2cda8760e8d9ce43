#include "report/vocabulary_json.h"

#include <string>

#include "formats/json/write.h"

namespace causal_sessions {
namespace {

// `"name": {` entries `},` with put_entry(i) writing the i-th key and value.
template <class PutEntry>
void put_object(ByteSink& sink, std::string_view name, std::size_t size, PutEntry put_entry) {
  sink.put("  ");
  put_json_string(sink, name);
  sink.put(": {");
  for (std::size_t i = 0; i < size; ++i) {
    sink.put(i == 0 ? "\n    " : ",\n    ");
    put_entry(i);
  }
  sink.put(size == 0 ? "},\n" : "\n  },\n");
}

template <class Text>
void put_both_ways(ByteSink& sink, const char* to_id, const char* to_text, std::size_t size, Text text) {
  put_object(sink, to_id, size, [&](std::size_t i) {
    put_json_string(sink, text(i));
    sink.put(": ");
    put_int(sink, i);
  });
  put_object(sink, to_text, size, [&](std::size_t i) {
    sink.put("\"");
    put_int(sink, i);
    sink.put("\": ");
    put_json_string(sink, text(i));
  });
}

}  // namespace

void write_vocabulary_json(const Vocabulary& vocabulary, ByteSink& sink) {
  sink.put("{\n");
  put_both_ways(sink, "event_to_int", "int_to_event", vocabulary.types.size(),
                [&](std::size_t i) { return std::string_view(vocabulary.types[i]); });
  put_both_ways(sink, "item_to_int", "int_to_item", vocabulary.size(),
                [&](std::size_t i) { return vocabulary.text(static_cast<std::uint32_t>(i)); });
  sink.put("  \"special_tokens\": {\n    \"pad\": \"[PAD]\",\n    \"auction\": \"[AUCTION]\",\n    \"unk\": \"[UNK]\"\n  }\n}");
}

}  // namespace causal_sessions
