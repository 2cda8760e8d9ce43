// JSON values as nlohmann builds them, for plans. Events are read by scan.h and ingest/json/json_object.h.
#pragma once

#include <string_view>

#include <nlohmann/json.hpp>

namespace causal_sessions {

// Levels of a value, and keys of one object in it.
constexpr std::size_t kMostJsonLevels = 64, kMostJsonKeys = 1000;

// The whole value; discarded (is_discarded()) if the text is not one JSON value, or has more of either.
[[nodiscard]] nlohmann::ordered_json parse_json_value(std::string_view text);

[[nodiscard]] bool is_json(std::string_view text);

}  // namespace causal_sessions
