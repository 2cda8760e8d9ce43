// Figures, tables and lines as people read them; the same letters as the command in Node prints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace causal_sessions {

using Lines = std::vector<std::string>;

// So many decimals; a number half-way between two is rounded away from zero, as JavaScript's toFixed() does.
[[nodiscard]] std::string fixed(double value, int digits);

// A whole number with thousands separators.
[[nodiscard]] std::string count(const nlohmann::ordered_json& value);
// Null is "n/a".
[[nodiscard]] std::string share(const nlohmann::ordered_json& value);
[[nodiscard]] std::string decimal(const nlohmann::ordered_json& value);
[[nodiscard]] std::string text_of(const nlohmann::ordered_json& value);

// The length that JavaScript gives a text, so that columns are as wide in both commands.
[[nodiscard]] std::size_t display_length(std::string_view text);

// A line whose control characters cannot drive the terminal.
[[nodiscard]] std::string printable(const std::string& line);

// At spaces, to the width of the terminal; what follows stands a little further in than the line.
[[nodiscard]] Lines wrap(const std::string& line);

// Columns that do not fit into a line of the terminal stand below, beside the first one again.
[[nodiscard]] Lines table(Lines head, const std::vector<Lines>& rows);

}  // namespace causal_sessions
