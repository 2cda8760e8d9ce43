#include "ingest/json_reader.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/cold.h"
#include "core/utf8.h"
#include "ingest/json_text.h"

namespace causal_sessions {
namespace {

using json = nlohmann::ordered_json;

// Hands the plain values of an object's own keys to on_value(key, text, is_null) and the keys of nested values to
// on_nested(key).
template <class OnValue, class OnNested>
class ObjectHandler final : public nlohmann::json_sax<json> {
 public:
  ObjectHandler(OnValue on_value, OnNested on_nested) : on_value_(on_value), on_nested_(on_nested) {}

  bool null() override { return value({}, true); }
  bool boolean(bool v) override { return value(v ? "true" : "false", false); }
  // Non-negative integers come as unsigned ones, but for "-0".
  bool number_integer(number_integer_t v) override { return value(v == 0 ? "-0" : std::to_string(v), false); }
  bool number_unsigned(number_unsigned_t v) override { return value(std::to_string(v), false); }
  bool number_float(number_float_t, const string_t& digits) override { return value(digits, false); }
  bool string(string_t& v) override { return value(std::move(v), false); }
  bool binary(binary_t&) override { return false; }  // not in JSON text
  bool start_object(std::size_t) override { return enter(); }
  bool end_object() override { return --depth_, true; }
  bool start_array(std::size_t) override { return enter(); }
  bool end_array() override { return --depth_, true; }
  bool key(string_t& name) override {
    if (depth_ == 1) key_ = std::move(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    error_at_ = position;
    return false;
  }
  [[nodiscard]] std::size_t error_at() const { return error_at_; }

 private:
  bool value(std::string text, bool is_null) {
    if (depth_ == 1) on_value_(key_, std::move(text), is_null);
    return true;
  }
  bool enter() {
    if (depth_ == 1) on_nested_(key_);
    ++depth_;
    return true;
  }

  OnValue on_value_;
  OnNested on_nested_;
  std::size_t depth_ = 0;
  std::string key_;
  std::size_t error_at_ = 0;
};

}  // namespace

COLD Result<JsonSample> sample_json(const std::string& file, std::span<const char> window, std::size_t most_rows,
                               std::size_t most_objects) {
  JsonSample sample;
  std::size_t at = 0;
  const auto skip_space = [&] {
    while (at < window.size() && (is_json_space(window[at]) || window[at] == ',')) ++at;
  };
  skip_space();
  if (at < window.size() && window[at] == '[') {
    sample.layout = JsonLayout::kArray;
    ++at;
    skip_space();
  }
  std::string problem = ": no whole JSON object with at least one key begins here";
  for (std::size_t objects = 0; objects < most_objects && at < window.size() && window[at] == '{'; ++objects) {
    const std::size_t end = find_json_end(window, at);
    if (end == 0) break;
    std::vector<std::string> row(sample.names.size());
    const auto cell = [&](const std::string& key) -> std::string& {
      const auto found = std::find(sample.names.begin(), sample.names.end(), key);
      const auto index = static_cast<std::size_t>(found - sample.names.begin());
      if (found == sample.names.end()) {
        sample.names.push_back(key);
        row.emplace_back();
      }
      return row[index];
    };
    ObjectHandler handler([&](const std::string& key, std::string text, bool) { cell(key) = std::move(text); },
                          [&](const std::string& key) { cell(key) = "..."; });
    if (!parse_json(window.subspan(at, end - at), handler)) {
      problem = ": the object that begins here is not JSON, at its byte " + std::to_string(handler.error_at());
      break;
    }
    if (sample.rows.size() < most_rows) sample.rows.push_back(std::move(row));
    at = end;
    skip_space();
  }
  for (auto& row : sample.rows) row.resize(sample.names.size());
  if (sample.names.empty() && sample.layout == JsonLayout::kArray && at < window.size() && window[at] == ']') {
    return Error{ErrorCode::kEmptyInput, file + " has no rows of data", {file, {}, {}, {}}};
  }
  if (sample.names.empty()) {
    std::size_t line = 1 + static_cast<std::size_t>(std::count(window.begin(), window.begin() + at, '\n'));
    return Error{ErrorCode::kBadSyntax,
                 file + ", line " + std::to_string(line) + problem,
                 {file, std::nullopt, line, {}}};
  }
  return sample;
}

COLD JsonReader::JsonReader(std::string file, JsonLayout layout, const Schema& schema, const Plan& plan,
                       EventBuilder& builder)
    : file_(std::move(file)), layout_(layout), schema_(schema), plan_(plan), builder_(builder) {}

Result<std::size_t> JsonReader::consume(std::span<const char> window, bool last) {
  const std::size_t bad = last ? find_invalid_utf8(window) : find_invalid_utf8_prefix(window);
  FlatJsonScanner scanner(window);
  std::size_t at = 0;
  for (;;) {
    for (; at < window.size() && is_json_space(window[at]); ++at) line_ += window[at] == '\n';
    if (at >= bad && bad < window.size()) break;
    if (at == window.size()) break;
    const char c = window[at];
    if (closed_) return refuse_here("text follows the end of the array");
    if (layout_ == JsonLayout::kArray && (c == '[' || c == ',' || c == ']')) {
      const bool fits = c == '[' ? !opened_ : c == ',' ? comma_needed_ : opened_ && (comma_needed_ || rows_ == 0);
      if (!fits) return refuse_here(std::string(1, '"').append(1, c).append("\" is out of place"));
      opened_ = true;
      closed_ = c == ']';
      comma_needed_ = false;
      ++at;
      continue;
    }
    if (c != '{' || comma_needed_) {
      return refuse_here(shown_json(c) + (comma_needed_ ? " stands where a comma or \"]\" is needed" : " does not begin an object"));
    }
    std::uint64_t line_breaks = 0;
    std::size_t end = scan_flat(scanner, at, line_breaks);
    const bool flat = end != 0;
    if (!flat) end = find_json_end(window, at);
    if (end == 0 || end > bad) break;
    if (flat) {
      ++rows_;
    } else if (Status status = read_object({window.data() + at, end - at}, line_breaks); !status.ok()) {
      return status.error();
    }
    if (Status status = finish_row(line_breaks); !status.ok()) return status.error();
    comma_needed_ = layout_ == JsonLayout::kArray;
    at = end;
  }
  if (Status status = flush(); !status.ok()) return status.error();
  if (bad < window.size()) return refuse(ErrorCode::kBadEncoding, "the text is not UTF-8; save the file as UTF-8", rows_ + 1);
  if (last && at < window.size()) return unfinished_record();
  if (last && plan_.columns.item.is_set() && !schema_.column[static_cast<std::size_t>(Role::kItem)]) {
    return find_columns(file_, schema_.names, plan_).error();
  }
  if (last && layout_ == JsonLayout::kArray && !closed_) {
    return refuse(ErrorCode::kBadSyntax, "the file ends before the array's \"]\"", rows_);
  }
  return at;
}

std::size_t JsonReader::scan_flat(FlatJsonScanner& scanner, std::size_t at, std::uint64_t& line_breaks) {
  const std::size_t row = batch_.size;
  for (auto& cells : batch_.cells) cells[row] = {};
  return scanner.scan(at, line_breaks, [&](std::size_t index, std::string_view key, std::string_view text, bool is_null) {
    // Objects of a file mostly have the same keys in the same order.
    if (index >= usual_.size()) usual_.resize(index + 1);
    if (usual_[index].key != key) usual_[index] = {std::string(key), role_of(std::string(key))};
    const std::size_t role = usual_[index].role;
    if (role != kRoles) batch_.cells[role][row] = is_null ? std::string_view() : text;
  });
}

COLD Status JsonReader::read_object(std::string_view text, std::uint64_t& line_breaks) {
  ++rows_;
  const std::size_t at = batch_.size;
  for (auto& cells : batch_.cells) cells[at] = {};
  line_breaks = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
  nested_role_ = kRoles;
  ObjectHandler handler(
      [&](const std::string& key, std::string value, bool is_null) {
        const std::size_t role = role_of(key);
        if (role == kRoles) return;
        batch_.cells[role][at] = is_null ? std::string_view() : batch_.texts.emplace_back(std::move(value));
        if (nested_role_ == role) nested_role_ = kRoles;
      },
      [&](const std::string& key) {
        if (const std::size_t role = role_of(key); role != kRoles) nested_role_ = role;
      });
  if (parse_json(text, handler)) return {};
  if (Status status = flush(); !status.ok()) return status;  // what an earlier row did wrong comes first
  return refuse(ErrorCode::kBadSyntax, "the object is not JSON, at its byte " + std::to_string(handler.error_at()), rows_);
}

Status JsonReader::finish_row(std::uint64_t line_breaks) {
  if (late_) return *late_;
  const std::size_t at = batch_.size;
  const std::uint64_t line = std::exchange(line_, line_ + line_breaks);
  if (nested_role_ != kRoles) {
    Status status = flush();  // keeps issues in row order
    builder_.add_bad_row(IssueReason::kNestedValue, rows_, line, schema_.name_of(static_cast<Role>(std::exchange(nested_role_, kRoles))), "");
    return status;
  }
  batch_.row[at] = rows_;
  batch_.line[at] = line;
  ++batch_.size;
  return batch_.full() ? flush() : Status();
}

std::size_t JsonReader::role_of(const std::string& key) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    for (std::size_t role = 0; role < kRoles; ++role) {
      if (schema_.column[role] && schema_.names[*schema_.column[role]] == key) return role;
    }
    if (attempt == 0) take_late_key(key);
  }
  return kRoles;
}

COLD void JsonReader::take_late_key(const std::string& key) {
  const auto& names = schema_.names;
  if (late_ || !may_be_needed(key, plan_) || std::find(names.begin(), names.end(), key) != names.end()) return;
  std::vector<std::string> grown = names;
  grown.push_back(key);
  Result<Schema> schema = find_columns(file_, std::move(grown), plan_, Columns::kMayGrow);
  if (!schema.ok()) {
    late_ = schema.error();
    return;
  }
  schema_ = std::move(schema.value());
  builder_.begin_file(file_, schema_);
}

Status JsonReader::flush() {
  Status status = batch_.size == 0 ? Status() : builder_.add(batch_);
  batch_.clear();
  return status;
}

COLD Error JsonReader::unfinished_record() const {
  return refuse(ErrorCode::kBadSyntax, "the object that begins here does not end", rows_ + 1);
}

COLD Error JsonReader::refuse_here(const std::string& finding) {
  if (Status status = flush(); !status.ok()) return status.error();  // what an earlier row did wrong comes first
  return refuse(ErrorCode::kBadSyntax, finding, rows_ + 1);
}

COLD Error JsonReader::refuse(ErrorCode code, const std::string& finding, std::uint64_t row) const {
  const Where where{file_, row, line_, {}};
  return {code, place(where) + ": " + finding, where};
}

}  // namespace causal_sessions
