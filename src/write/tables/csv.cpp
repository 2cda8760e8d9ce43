#include "write/tables/csv.h"

#include <string>
#include <string_view>

#include "formats/json/write.h"
#include "sequence/session_row.h"
#include "write/csv_cell.h"
#include "write/tables/json_lines.h"

namespace causal_sessions {

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
    sink.put("\n");
  }
}

}  // namespace causal_sessions
