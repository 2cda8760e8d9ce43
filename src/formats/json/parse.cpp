#include "formats/json/parse.h"

#include <utility>
#include <vector>

namespace causal_sessions {
namespace {

using json = nlohmann::ordered_json;

// Through the base class, so that the parser is there once for all handlers. It takes a zero byte for the end of the text, whatever
// stands behind it.
bool parse(std::string_view text, nlohmann::json_sax<json>& handler) {
  return text.find('\0') == text.npos && json::sax_parse(text.begin(), text.end(), &handler);
}

class Acceptor final : public nlohmann::json_sax<json> {
 public:
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return false; }  // not in JSON text
  bool start_object(std::size_t) override { return true; }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { return true; }
  bool end_array() override { return true; }
  bool key(string_t&) override { return true; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }
};

// Builds the value: open_ holds the objects and arrays around the next one, key_ the name it gets in an object.
// Deeper or wider ones than any plan needs are refused, since they are written with recursion, and looked up key by key.
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
  bool start_object(std::size_t) override { return open(json::object()); }
  bool end_object() override { return open_.pop_back(), true; }
  bool start_array(std::size_t) override { return open(json::array()); }
  bool end_array() override { return open_.pop_back(), true; }
  bool key(string_t& v) override { return key_ = std::move(v), open_.back()->size() < kMostJsonKeys; }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  bool open(json value) {
    if (open_.size() == kMostJsonLevels) return false;
    open_.push_back(put(std::move(value)));
    return true;
  }

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
  if (!parse(text, handler)) return json::value_t::discarded;
  return whole;
}

bool is_json(std::string_view text) {
  Acceptor handler;
  return parse(text, handler);
}

}  // namespace causal_sessions
