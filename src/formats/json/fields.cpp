#include "formats/json/fields.h"

#include <cmath>

namespace causal_sessions {

std::optional<double> share_of(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  return static_cast<double>(part) / static_cast<double>(whole);
}

Fields& Fields::put(const char* key, Json value) {
  json_.emplace(key, std::move(value));
  return *this;
}

Fields& Fields::count(const char* key, std::uint64_t value) { return put(key, value); }

Fields& Fields::number(const char* key, std::optional<double> value) {
  return put(key, value && std::isfinite(*value) ? Json(*value) : Json());
}

Fields& Fields::share(const char* key, std::uint64_t part, std::uint64_t whole) { return number(key, share_of(part, whole)); }

Fields& Fields::text(const char* key, std::string_view value) { return put(key, std::string(value)); }

Fields& Fields::text_or_null(const char* key, std::string_view value) {
  return value.empty() ? put(key, Json()) : text(key, value);
}

Json Fields::done() { return std::move(json_); }

Fields& Fields::flag(const char* key, bool value) { return put(key, value); }

std::string document_of(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

}  // namespace causal_sessions
