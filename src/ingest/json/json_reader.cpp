#include "ingest/json/json_reader.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "core/cold.h"
#include "core/utf8.h"

namespace causal_sessions {
namespace {

// The whole objects at the front of a file, one after the other.
class Objects {
 public:
  explicit Objects(std::span<const char> window) : window_(window) {
    skip_space();
    if (peek() != '[') return;
    layout_ = JsonLayout::kArray;
    ++at_;
    skip_space();
  }

  // The object at at(); empty: there is none, or it does not end.
  [[nodiscard]] std::span<const char> here() const {
    const std::size_t end = peek() == '{' ? find_json_end(window_, at_) : 0;
    return window_.subspan(at_, end == 0 ? 0 : end - at_);
  }
  void pass(std::size_t size) {
    at_ += size;
    skip_space();
  }
  [[nodiscard]] char peek() const { return at_ < window_.size() ? window_[at_] : '\0'; }
  [[nodiscard]] JsonLayout layout() const { return layout_; }
  [[nodiscard]] std::size_t at() const { return at_; }

 private:
  void skip_space() {
    while (at_ < window_.size() && (is_json_space(window_[at_]) || window_[at_] == ',')) ++at_;
  }

  std::span<const char> window_;
  JsonLayout layout_ = JsonLayout::kLines;
  std::size_t at_ = 0;
};

// As a preview shows it.
std::string shown_member(const JsonObjectReader& object) {
  std::string_view half;
  if (object.kind() == JsonKind::kNested) return "...";
  return object.kind() == JsonKind::kNull ? std::string() : object.text(half);
}

}  // namespace

COLD Result<JsonSample> sample_json(const std::string& file, std::span<const char> window, bool bad_byte,
                                    std::size_t most_rows, std::size_t most_objects) {
  JsonSample sample;
  Objects objects(window);
  sample.layout = objects.layout();
  std::unordered_map<std::string, std::size_t> positions;
  std::string problem;
  std::vector<std::vector<std::pair<std::size_t, std::string>>> rows;  // position and text of each cell that is there
  for (std::size_t count = 0; count < most_objects; ++count) {
    const std::span<const char> object = objects.here();
    if (object.empty()) break;
    const bool shown = rows.size() < most_rows;
    if (shown) rows.emplace_back();
    JsonObjectReader members(object);
    while (members.next()) {
      const auto [at, added] = positions.try_emplace(std::string(members.key()), sample.names.size());
      if (added) sample.names.push_back(at->first);
      if (added && members.kind() == JsonKind::kNested) {
        if (auto nested = describe_nested(members.key(), members.raw())) sample.nested.push_back(std::move(*nested));
      }
      if (shown) rows.back().emplace_back(at->second, shown_member(members));
    }
    if (members.error_at() != 0) {
      problem = ": the object that begins here is not JSON, at its byte " + std::to_string(members.error_at());
      if (shown) rows.pop_back();
      break;
    }
    objects.pass(object.size());
  }
  if (!sample.names.empty()) {
    constexpr std::size_t kFewRows = 10;
    rows.resize(std::min(rows.size(), std::max(kFewRows, window.size() / sample.names.size())));
    for (auto& row : rows) {
      std::vector<std::string>& cells = sample.rows.emplace_back(sample.names.size());
      for (auto& [position, text] : row) cells[position] = std::move(text);
    }
    return sample;
  }
  const char c = objects.peek();
  if (sample.layout == JsonLayout::kArray && c == ']') {
    return Error{ErrorCode::kEmptyInput, file + " has no rows of data", {file, {}, {}, {}}};
  }
  Where where{file, std::nullopt, 1 + static_cast<std::uint64_t>(std::count(window.begin(), window.begin() + objects.at(), '\n')), {}};
  if (bad_byte && problem.empty() && (c == '{' || objects.at() == window.size())) {
    where.row = 1;
    return Error{ErrorCode::kBadEncoding, place(where) + ": the text is not UTF-8; save the file as UTF-8", where};
  }
  if (problem.empty()) problem = ": no whole JSON object with at least one key begins here";
  if (sample.layout == JsonLayout::kArray && c != '{') problem += "; if the file is CSV, set input.format to \"csv\"";
  return Error{ErrorCode::kBadSyntax, place(where) + problem, where};
}

COLD std::vector<std::vector<std::string>> read_json_cells(std::span<const char> window, std::span<const std::string> names) {
  std::vector<std::vector<std::string>> rows;
  for (Objects objects(window);;) {
    const std::span<const char> object = objects.here();
    if (object.empty()) return rows;
    std::vector<std::string> row(names.size());
    JsonObjectReader members(object);
    while (members.next()) {
      const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), members.key()) - names.begin());
      if (at < names.size()) row[at] = shown_member(members);
    }
    if (members.error_at() != 0) return rows;
    rows.push_back(std::move(row));
    objects.pass(object.size());
  }
}

COLD JsonReader::JsonReader(std::string file, JsonLayout layout, const Schema& schema, const ReadingOptions& options,
                       EventBuilder& builder)
    : file_(std::move(file)), layout_(layout), schema_(schema), options_(options), builder_(builder) {}

Result<std::size_t> JsonReader::consume(std::span<const char> window, bool last) {
  const std::size_t bad = last ? find_invalid_utf8(window) : find_invalid_utf8_prefix(window);
  FlatJsonScanner scanner(window);
  std::size_t at = 0;
  for (;;) {
    for (; at < window.size() && is_json_space(window[at]); ++at) line_ += window[at] == '\n';
    if (at >= bad && bad < window.size()) break;
    if (at == window.size()) break;
    const char c = window[at];
    // The first byte of a character that the window cuts: whether it is one has to be seen first.
    if (static_cast<unsigned char>(c) >= 0x80 && !last && find_invalid_utf8(window.subspan(at)) == 0) break;
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
    if (c == ',' && layout_ == JsonLayout::kLines && rows_ > 0) {
      return refuse_here("the lines end in commas; this is neither JSON lines nor an array: take the commas out, or put \"[\" "
                         "before the first line and \"]\" behind the last");
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
    } else if (Status status = read_object(window.subspan(at, end - at), line_breaks); !status.ok()) {
      return status.error();
    }
    if (Status status = finish_row(line_breaks); !status.ok()) return status.error();
    comma_needed_ = layout_ == JsonLayout::kArray;
    at = end;
  }
  if (Status status = flush(); !status.ok()) return status.error();
  if (bad < window.size()) return refuse(ErrorCode::kBadEncoding, "the text is not UTF-8; save the file as UTF-8", rows_ + 1);
  if (last && at < window.size()) return unfinished_record();
  if (last && options_.columns.item.is_set() && !schema_.column[static_cast<std::size_t>(Role::kItem)]) {
    return find_columns(file_, schema_.names, options_).error();
  }
  if (last && layout_ == JsonLayout::kArray && !closed_) {
    return refuse(ErrorCode::kBadSyntax, "the file ends before the array's \"]\"", rows_);
  }
  return at;
}

std::size_t JsonReader::scan_flat(FlatJsonScanner& scanner, std::size_t at, std::uint64_t& line_breaks) {
  const std::size_t row = batch_.size;
  for (auto& cells : batch_.cells) cells[row] = {};
  return scanner.scan(at, line_breaks, [&](std::size_t index, std::string_view key, std::string_view text, JsonKind kind) {
    const std::size_t role = role_at(index, key);
    if (role == kRoles) return;
    if (kind == JsonKind::kNull) text = {};
    if (kind == JsonKind::kFraction && role != static_cast<std::size_t>(Role::kTime)) text = id_text(text);
    batch_.cells[role][row] = text;
  });
}

// Of a number with a point or an exponent.
std::string_view JsonReader::id_text(std::string_view number) {
  std::string digits = whole_digits(number);
  return digits.empty() ? number : batch_.texts.emplace_back(std::move(digits));
}

Status JsonReader::read_object(std::span<const char> text, std::uint64_t& line_breaks) {
  ++rows_;
  for (auto& cells : batch_.cells) cells[batch_.size] = {};
  line_breaks = static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
  unusable_.role = kRoles;
  JsonObjectReader object(text);
  for (std::size_t index = 0; object.next(); ++index) {
    if (const std::size_t role = role_at(index, object.key()); role != kRoles) take_member(object, role);
  }
  if (object.error_at() == 0) return {};
  if (Status status = flush(); !status.ok()) return status;  // what an earlier row did wrong comes first
  return refuse(ErrorCode::kBadSyntax, "the object is not JSON, at its byte " + std::to_string(object.error_at()), rows_);
}

void JsonReader::take_member(const JsonObjectReader& object, std::size_t role) {
  std::string_view& cell = batch_.cells[role][batch_.size];
  const JsonKind kind = object.kind();
  if (unusable_.role == role) unusable_.role = kRoles;
  cell = {};
  if (kind == JsonKind::kNull || kind == JsonKind::kNaN) return;
  if (kind == JsonKind::kNested) {
    unusable_ = {role, IssueReason::kNestedValue, {}};
  } else if (kind == JsonKind::kInfinity) {
    unusable_ = {role, IssueReason::kBadValue, infinity_words(object.raw())};
  } else if (kind == JsonKind::kText) {
    std::string_view half;
    cell = object.has_escapes() ? std::string_view(batch_.texts.emplace_back(object.text(half))) : object.raw();
    if (!half.empty()) unusable_ = {role, IssueReason::kBadValue, half_pair_words(half)};
  } else {
    const bool id = kind == JsonKind::kFraction && role != static_cast<std::size_t>(Role::kTime);
    cell = id ? id_text(object.raw()) : object.raw();
  }
}

Status JsonReader::finish_row(std::uint64_t line_breaks) {
  if (late_) return *late_;
  const std::size_t at = batch_.size;
  const std::uint64_t line = std::exchange(line_, line_ + line_breaks);
  if (unusable_.role != kRoles) {
    Status status = flush();  // keeps issues in row order
    const auto role = static_cast<Role>(std::exchange(unusable_.role, kRoles));
    builder_.add_bad_row(unusable_.reason, rows_, line, schema_.name_of(role), unusable_.text);
    return status;
  }
  batch_.row[at] = rows_;
  batch_.line[at] = line;
  ++batch_.size;
  return batch_.full() ? flush() : Status();
}

// Objects of a file mostly have the same keys in the same order.
std::size_t JsonReader::role_at(std::size_t index, std::string_view key) {
  if (index < usual_.size() && usual_[index].key == key) return usual_[index].role;
  const std::size_t role = role_of(key);
  if (index >= usual_.size()) usual_.resize(index + 1);
  usual_[index] = {std::string(key), role};
  return role;
}

std::size_t JsonReader::role_of(std::string_view key) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    for (std::size_t role = 0; role < kRoles; ++role) {
      if (schema_.column[role] && schema_.names[*schema_.column[role]] == key) return role;
    }
    if (attempt == 0) take_late_key(key);
  }
  return kRoles;
}

COLD void JsonReader::take_late_key(std::string_view key) {
  const auto& names = schema_.names;
  if (late_ || !may_change_columns(schema_, key, options_) || std::find(names.begin(), names.end(), key) != names.end()) return;
  std::vector<std::string> grown = names;
  grown.emplace_back(key);
  Result<Schema> schema = find_columns(file_, std::move(grown), options_, Columns::kMayGrow);
  if (!schema.ok()) {
    late_ = schema.error();
    return;
  }
  schema_ = std::move(schema.value());
  usual_.clear();
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
