// A cell of a CSV output: quoted where it has to be, and harmless to spreadsheets if the plan wants that.
#pragma once

#include <string_view>

#include "formats/byte_sink.h"
#include "write/write_options.h"

namespace causal_sessions {

void put_csv_cell(std::string_view text, CsvFormulas formulas, ByteSink& sink);

}  // namespace causal_sessions
