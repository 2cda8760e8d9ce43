#include "report/metadata_json.h"

#include <cmath>

#include "formats/json/write.h"

namespace causal_sessions {
namespace {

void put_key(ByteSink& sink, int depth, std::string_view name, bool first = false) {
  sink.put(first ? "\n" : ",\n");
  for (int i = 0; i < depth; ++i) sink.put("  ");
  put_json_string(sink, name);
  sink.put(": ");
}

void put_rate(ByteSink& sink, std::optional<double> rate) {
  if (rate) {
    put_float(sink, *rate);
  } else {
    sink.put("null");
  }
}

}  // namespace

void write_metadata_json(const Run& run, ByteSink& sink) {
  sink.put("{");
  put_key(sink, 1, "session_gap_hours", true);
  const double hours = run.plan.session.max_gap.given;
  if (hours == std::floor(hours)) {  // the notebook's 24 is an int
    put_int(sink, static_cast<std::uint64_t>(hours));
  } else {
    put_float(sink, hours);
  }
  put_key(sink, 1, "min_session_length");
  put_int(sink, run.plan.session.min_events);
  put_key(sink, 1, "max_session_length");
  put_int(sink, run.plan.sequence.max_events);
  put_key(sink, 1, "vocab_size");
  sink.put("{");
  put_key(sink, 2, "events", true);
  put_int(sink, run.vocabulary.types.size());
  put_key(sink, 2, "items");
  put_int(sink, run.vocabulary.size());
  sink.put("\n  }");
  put_key(sink, 1, "data_splits");
  sink.put("{");
  for (std::size_t part = 0; part < kParts; ++part) {
    const ArmCounts& counts = run.summary.parts[part];
    put_key(sink, 2, kPartNames[part], part == 0);
    sink.put("{");
    put_key(sink, 3, "sessions", true);
    put_int(sink, counts.sessions);
    put_key(sink, 3, "users");
    put_int(sink, run.split.users[part]);
    put_key(sink, 3, "treatment_rate");
    put_rate(sink, counts.treatment_rate());
    put_key(sink, 3, "outcome_rate");
    put_rate(sink, counts.outcome_rate());
    sink.put("\n    }");
  }
  sink.put("\n  }\n}");
}

}  // namespace causal_sessions
