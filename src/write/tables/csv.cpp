// CSV of one split: a session a line, its sequence as JSON text in one cell.
//
// Columns: index, session_id, user_id, sequence, sequence_length, treatment, outcome; those of the JSON lines.
// Formulas: a spreadsheet runs a cell that begins with = + - @, a tab or a carriage return as a formula, and user ids
//          are whatever somebody sent. kHarmless puts ' in front of such a cell; kKeep leaves every id as it was.
// Format:  UTF-8 without a byte order mark, LF; cells with , " CR or LF are quoted, "" inside.
// Cost:    about 25 bytes and 60 ns a token.
// Source:  RFC 4180, but for the line ends; OWASP, "CSV Injection".
#include <string>
#include <string_view>

#include "formats/json/write.h"
#include "sequence/session_row.h"
#include "write/csv_cell.h"
#include "write/json_sequence.h"
#include "write/table_formats.h"

namespace causal_sessions {

void write_csv(const SequenceTable& table, TableRows rows, const WriteOptions& options, ByteSink& sink) {
  const CsvFormulas formulas = options.csv_formulas;
  const std::vector<RowColumn> further = row_columns(table);
  const std::vector<NumberColumn> numbers = number_columns(table);
  sink.put("index,session_id,user_id,sequence,sequence_length,treatment,outcome");
  for (const RowColumn& column : further) {
    sink.put(",");
    sink.put(column.name);
  }
  for (const NumberColumn& column : numbers) {
    sink.put(",");
    sink.put(column.name);
  }
  sink.put("\n");
  std::string id;
  for (const std::uint32_t row : rows) {
    put_int(sink, row);
    sink.put(",");
    put_csv_cell(session_id(table, row, id), formulas, sink);
    sink.put(",");
    put_csv_cell(table.users[table.user[row]], formulas, sink);
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
    for (const NumberColumn& column : numbers) {
      sink.put(",");
      put_float(sink, column.value(table, row));
    }
    sink.put("\n");
  }
}

}  // namespace causal_sessions
