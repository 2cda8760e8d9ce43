#include "write/csv_cell.h"

namespace causal_sessions {

void put_csv_cell(std::string_view text, CsvFormulas formulas, ByteSink& sink) {
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

}  // namespace causal_sessions
