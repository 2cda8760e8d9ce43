#include "ingest/json_text.h"

#include <utility>
#include <vector>

namespace causal_sessions {
namespace {

using json = nlohmann::ordered_json;

// Keeps the last text that is no key.
class LastText final : public nlohmann::json_sax<json> {
 public:
  explicit LastText(std::string& text) : text_(text) {}

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t& v) override { return text_ = std::move(v), true; }
  bool binary(binary_t&) override { return false; }  // not in JSON text
  bool start_object(std::size_t) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool key(string_t&) override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  std::string& text_;
};

// Builds the value: open_ holds the objects and arrays around the next one, key_ the name it gets in an object.
class ValueBuilder final : public nlohmann::json_sax<json> {
 public:
  explicit ValueBuilder(json& whole) : whole_(whole) {}

  bool null() override { return put(nullptr), true; }
  bool boolean(bool v) override { return put(v), true; }
  bool number_integer(number_integer_t v) override { return put(v), true; }
  bool number_unsigned(number_unsigned_t v) override { return put(v), true; }
  bool number_float(number_float_t v, const string_t&) override { return put(v), true; }
  bool string(string_t& v) override { return put(std::move(v)), true; }
  bool binary(binary_t&) override { return false; }  // not in JSON text
  bool start_object(std::size_t) override { return open_.push_back(put(json::object())), true; }
  bool end_object() override { return open_.pop_back(), true; }
  bool start_array(std::size_t) override { return open_.push_back(put(json::array())), true; }
  bool end_array() override { return open_.pop_back(), true; }
  bool key(string_t& v) override { return key_ = std::move(v), true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  json* put(json value) {
    if (open_.empty()) return &(whole_ = std::move(value));
    json& around = *open_.back();
    if (around.is_object()) return &(around[key_] = std::move(value));
    around.push_back(std::move(value));
    return &around.back();
  }

  json& whole_;
  std::vector<json*> open_;
  std::string key_;
};

}  // namespace

json parse_json_value(std::string_view text) {
  json whole;
  ValueBuilder handler(whole);
  if (!parse_json(text, handler)) return json::value_t::discarded;
  return whole;
}

bool parse_json(std::span<const char> bytes, nlohmann::json_sax<json>& handler) {
  return json::sax_parse(bytes.data(), bytes.data() + bytes.size(), &handler);
}

bool is_json(std::span<const char> bytes) {
  std::string text;
  return decode_json_text(bytes, text);
}

bool decode_json_text(std::span<const char> bytes, std::string& text) {
  LastText handler(text);
  return parse_json(bytes, handler);
}

}  // namespace causal_sessions
