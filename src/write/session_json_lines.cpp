#include "write/session_json_lines.h"

#include <string>

#include "write/python_json.h"
#include "write/session_row.h"

namespace causal_sessions {

void put_json_sequence(const SequenceTable& table, std::uint32_t row, ByteSink& sink) {
  bool first = true;
  for_each_token(table, row, [&](std::uint32_t event_id, std::uint32_t item_id, double minutes) {
    char token[3 * (kMaxNumberText + 2) + 2];
    char* out = token;
    if (!first) {
      *out++ = ',';
      *out++ = ' ';
    }
    first = false;
    *out++ = '[';
    out = write_int(event_id, out);
    *out++ = ',';
    *out++ = ' ';
    out = write_int(item_id, out);
    *out++ = ',';
    *out++ = ' ';
    out = write_float(minutes, out);
    *out++ = ']';
    sink.put(std::string_view(token, static_cast<std::size_t>(out - token)));
  });
}

void write_session_json_lines(const SequenceTable& table, std::span<const std::uint32_t> rows,
                              ByteSink& sink) {
  std::string id;
  for (const std::uint32_t row : rows) {
    sink.put("{\"index\": ");
    put_int(sink, row);
    sink.put(", \"session_id\": ");
    put_json_string(sink, session_id(table, row, id), JsonText::kUtf8);
    sink.put(", \"user_id\": ");
    put_json_string(sink, table.users[table.user[row]], JsonText::kUtf8);
    sink.put(", \"sequence\": [");
    put_json_sequence(table, row, sink);
    sink.put("], \"sequence_length\": ");
    put_int(sink, table.length(row));
    sink.put(", \"treatment\": ");
    put_int(sink, table.treatment[row]);
    sink.put(", \"outcome\": ");
    put_int(sink, table.outcome[row]);
    sink.put("}\n");
  }
}

}  // namespace causal_sessions
