// JSON lines: a session a line, as Python's json.dumps(row, ensure_ascii=False) writes it.
//
// Keys:  index, session_id, user_id, sequence (a list of [event id, item id, minutes]),
//        sequence_length, treatment, outcome.
// Cost:  about 35 bytes and 80 ns a token.
#include <string>

#include "formats/json/write.h"
#include "sequence/session_row.h"
#include "write/json_sequence.h"
#include "write/table_formats.h"

namespace causal_sessions {

void write_json_lines(const SequenceTable& table, TableRows rows, const WriteOptions&, ByteSink& sink) {
  const std::vector<RowColumn> further = row_columns(table);
  const std::vector<NumberColumn> numbers = number_columns(table);
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
    const auto put_key = [&sink](std::string_view name) {
      sink.put(", \"");
      sink.put(name);
      sink.put("\": ");
    };
    for (const RowColumn& column : further) {
      put_key(column.name);
      put_signed(sink, column.value(table, row));
    }
    for (const NumberColumn& column : numbers) {
      put_key(column.name);
      put_float(sink, column.value(table, row));
    }
    sink.put("}\n");
  }
}

}  // namespace causal_sessions
