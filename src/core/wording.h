// Figures and sentences as people read them, wherever they stand.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace causal_sessions {

// So many decimals, four at most; a number half-way between two is rounded away from zero.
[[nodiscard]] std::string fixed(double value, int digits);

// A whole number with thousands separators.
[[nodiscard]] std::string count_text(std::uint64_t value);
// Unset is "n/a", and so is what is no finite number.
[[nodiscard]] std::string share_text(std::optional<double> value);
[[nodiscard]] std::string decimal_text(std::optional<double> value);
// A difference of shares in percentage points, with its sign: "+24.3 pp"; and its interval: "+22.0 to +26.5 pp".
[[nodiscard]] std::string points_text(std::optional<double> difference);
[[nodiscard]] std::string points_text(const std::optional<std::array<double, 2>>& ends);
[[nodiscard]] std::string interval_text(const std::optional<std::array<double, 2>>& ends);
// In the unit that suits it: "12.5 s", "5 min", "26 h", "3.1 days".
[[nodiscard]] std::string duration_text(double seconds);

// The pattern with each {} filled in by the next text. One call costs a fraction of the code that texts and + would.
[[nodiscard]] std::string filled(std::string_view pattern, std::initializer_list<std::string> texts);

// A text of the input where a reader could be deceived by it: line ends and other control characters, and those that turn the
// direction of writing, as \u202e.
[[nodiscard]] std::string visible(std::string_view text);

}  // namespace causal_sessions
