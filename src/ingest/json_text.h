// nlohmann's parser for what the scanners leave to it: texts with escapes, nested values, and whatever is no JSON.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace causal_sessions {

// Shows the parts of one JSON value to `handler`, which learns of a mistake too. Through the base class, so that the
// parser is there once for all handlers.
[[nodiscard]] bool parse_json(std::span<const char> bytes, nlohmann::json_sax<nlohmann::ordered_json>& handler);

// The whole value; discarded (is_discarded()) if the text is not one JSON value.
[[nodiscard]] nlohmann::ordered_json parse_json_value(std::string_view text);

[[nodiscard]] bool is_json(std::span<const char> bytes);

// The text that a JSON text in its quotes stands for; false: it is none.
[[nodiscard]] bool decode_json_text(std::span<const char> bytes, std::string& text);

}  // namespace causal_sessions
