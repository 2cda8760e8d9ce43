// One section of a plan while it is read: hands out its keys, then refuses what nobody asked for.
//
// The first error stays; later reads change nothing that matters. A key that is not there leaves its target alone.
// Errors:  kBadPlan; where.column is the key, as in "session.gapHours".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/result.h"
#include "plan/choices.h"

namespace causal_sessions {

class Section {
 public:
  using Json = nlohmann::ordered_json;

  Section(const Json& parent, const char* key, std::optional<Error>& error);
  Section(const Json& whole, std::optional<Error>& error);
  ~Section();
  Section(const Section&) = delete;
  Section& operator=(const Section&) = delete;

  // Null where the key is not there.
  const Json* find(const char* key);

  void number(const char* key, double& target, double low, double high, const char* rule);
  void whole(const char* key, std::uint32_t& target, std::uint32_t low, std::uint32_t high);
  void flag(const char* key, bool& target);
  void text(const char* key, std::string& target);
  // An event type: a text, or a whole number, which is its digits.
  void type(const char* key, std::string& target);
  [[nodiscard]] static std::optional<std::string> type_name(const Json& value);
  // One printable ASCII character that is no separator, or null for none (then 0).
  void character(const char* key, char& target);
  void column(const char* key, ColumnName& target);
  template <class Enum>
  void choice(const char* key, Enum& target, std::span<const Choice> choices) {
    if (const std::optional<int> value = chosen(key, find(key), choices)) target = static_cast<Enum>(*value);
  }
  // What one of the words means; refuses anything else.
  std::optional<int> chosen(const std::string& key, const Json* value, std::span<const Choice> choices);

  void refuse(const std::string& key, const Json& value, const std::string& rule);

 private:
  [[nodiscard]] std::string full(const std::string& key) const;

  const Json* object_ = nullptr;
  std::string path_;
  std::optional<Error>& error_;
  std::vector<std::string> known_;
};

// "a, b, c".
[[nodiscard]] std::string join(std::span<const std::string> words);

// A value as a message shows it: short, and valid text whatever the bytes were.
[[nodiscard]] std::string shown(const Section::Json& value);

}  // namespace causal_sessions
