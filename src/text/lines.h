// Figures, tables and lines as people read them on a terminal, whichever host it belongs to.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/notice.h"
#include "core/wording.h"

namespace causal_sessions {

using Lines = std::vector<std::string>;

// A notice with the key that settles it, if it does not name it itself.
[[nodiscard]] std::string notice_text(std::string_view message, std::string_view key);

// The length that JavaScript gives a text: a character beyond 16 bits, which is wide on most terminals, counts twice.
[[nodiscard]] std::size_t display_length(std::string_view text);

// A line whose control characters cannot drive the terminal.
[[nodiscard]] std::string printable(std::string_view line);
// All of them, printable, each with its end.
[[nodiscard]] std::string joined(const Lines& lines);

// Columns of a terminal: as the environment's COLUMNS asks, else those it has, 0 if it is none; then lines are as long as they
// are, and the width is beyond all of them.
[[nodiscard]] std::size_t line_width(std::string_view columns, std::size_t terminal);
// At spaces, to the width; what follows stands a little further in than the line.
[[nodiscard]] Lines wrap(const std::string& line, std::size_t width);
// All of them, printable and wrapped, each with its end.
[[nodiscard]] std::string wrapped(const Lines& lines, std::size_t width);
// `head`: the names of the columns, with "|" between them. Columns that do not fit into the width stand below, beside the first
// one again.
[[nodiscard]] Lines table(std::string_view head, const std::vector<Lines>& rows, std::size_t width);

}  // namespace causal_sessions
