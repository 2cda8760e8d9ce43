#include "ingest/json_text.h"

#include <utility>

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

}  // namespace

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
