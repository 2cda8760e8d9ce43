#include "write/tables/json_lines.h"

#include <string>

#include "formats/json/write.h"
#include "sequence/session_row.h"

namespace causal_sessions {

void put_json_sequence(const SequenceTable& table, std::uint32_t row, ByteSink& sink) {
  bool first = true;
  for_each_token(table, row, [&](const Token& token) {
    char text[(3 + kMostChannels) * (kMaxNumberText + 2) + 2];
    char* out = text;
    const auto separate = [&out] {
      *out++ = ',';
      *out++ = ' ';
    };
    if (!first) separate();
    first = false;
    *out++ = '[';
    out = write_int(token.event_id, out);
    separate();
    out = write_int(token.item_id, out);
    separate();
    out = write_float(token.minutes, out);
    for (const Channel channel : table.channels) {
      separate();
      out = write_float(channel_value(table, row, token, channel), out);
    }
    *out++ = ']';
    sink.put(std::string_view(text, static_cast<std::size_t>(out - text)));
  });
}

void write_session_json_lines(const SequenceTable& table, std::span<const std::uint32_t> rows,
                              ByteSink& sink) {
  const std::vector<RowColumn> further = row_columns(table);
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
    for (const RowColumn& column : further) {
      sink.put(", \"");
      sink.put(column.name);
      sink.put("\": ");
      put_signed(sink, column.value(table, row));
    }
    sink.put("}\n");
  }
}

}  // namespace causal_sessions
