// Builds the audit's JSON, key by key; one value type, so that each topic costs few bytes of code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace causal_sessions {

using Json = nlohmann::ordered_json;

class Fields {
 public:
  Fields& count(const char* key, std::uint64_t value);
  Fields& number(const char* key, std::optional<double> value);  // null where it is unset or no finite number
  Fields& share(const char* key, std::uint64_t part, std::uint64_t whole);  // null of nothing
  Fields& text(const char* key, std::string value);
  Fields& flag(const char* key, bool value);
  Fields& put(const char* key, Json value);
  [[nodiscard]] Json done() { return std::move(json_); }

 private:
  Json json_ = Json::object();
};

[[nodiscard]] std::optional<double> share_of(std::uint64_t part, std::uint64_t whole);

}  // namespace causal_sessions
