// Builds a JSON object key by key: a call for a key costs a third of the code of nlohmann's initializer lists.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace causal_sessions {

using Json = nlohmann::ordered_json;

class Fields {
 public:
  Fields& count(const char* key, std::uint64_t value);
  Fields& number(const char* key, std::optional<double> value);             // null where it is unset or no finite number
  Fields& share(const char* key, std::uint64_t part, std::uint64_t whole);  // null of nothing
  Fields& text(const char* key, std::string_view value);
  Fields& text_or_null(const char* key, std::string_view value);  // null where it is empty
  Fields& flag(const char* key, bool value);
  Fields& put(const char* key, Json value);
  [[nodiscard]] Json done();

 private:
  Json json_ = Json::object();
};

// As a file or a terminal has it: indented, with a line end, bytes that are not UTF-8 replaced.
[[nodiscard]] std::string document_of(const Json& json);

[[nodiscard]] std::optional<double> share_of(std::uint64_t part, std::uint64_t whole);

}  // namespace causal_sessions
