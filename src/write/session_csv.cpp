#include "write/session_csv.h"

#include <string>
#include <string_view>

#include "write/python_json.h"
#include "write/session_json_lines.h"
#include "write/session_row.h"

namespace causal_sessions {
namespace {

void put_cell(std::string_view text, CsvFormulas formulas, ByteSink& sink) {
  const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos;
  const std::string_view guard = formula && formulas == CsvFormulas::kHarmless ? "'" : "";
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    sink.put(guard);
    sink.put(text);
    return;
  }
  sink.put("\"");
  sink.put(guard);
  for (std::size_t quote; (quote = text.find('"')) != std::string_view::npos; text.remove_prefix(quote + 1)) {
    sink.put(text.substr(0, quote));
    sink.put("\"\"");
  }
  sink.put(text);
  sink.put("\"");
}

}  // namespace

void write_session_csv(const SequenceTable& table, std::span<const std::uint32_t> rows, CsvFormulas formulas,
                       ByteSink& sink) {
  const std::vector<RowColumn> further = row_columns(table);
  sink.put("index,session_id,user_id,sequence,sequence_length,treatment,outcome");
  for (const RowColumn& column : further) {
    sink.put(",");
    sink.put(column.name);
  }
  sink.put("\n");
  std::string id;
  for (const std::uint32_t row : rows) {
    put_int(sink, row);
    sink.put(",");
    put_cell(session_id(table, row, id), formulas, sink);
    sink.put(",");
    put_cell(table.users[table.user[row]], formulas, sink);
    // A sequence of numbers has no character to escape; its commas ask for the quotes.
    sink.put(",\"[");
    put_json_sequence(table, row, sink);
    sink.put("]\",");
    put_int(sink, table.length(row));
    sink.put(",");
    put_int(sink, table.treatment[row]);
    sink.put(",");
    put_int(sink, table.outcome[row]);
    for (const RowColumn& column : further) {
      sink.put(",");
      put_signed(sink, column.value(table, row));
    }
    sink.put("\n");
  }
}

}  // namespace causal_sessions
