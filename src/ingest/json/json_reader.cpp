#include "ingest/json/json_reader.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>
#include <utility>

#include "core/cold.h"
#include "core/utf8.h"
#include "ingest/columns/nested_value.h"
#include "ingest/not_utf8.h"
#include "ingest/schema.h"

namespace causal_sessions {
namespace {

constexpr const char* kUnended =
    ": the object that begins here does not end, or not within 64 MB; write the rows of a longer one a line each";

// Mostly there are none.
std::uint64_t count_line_breaks(std::span<const char> text) {
  std::uint64_t count = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  while ((at = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)))) != nullptr) {
    ++count;
    if (++at == end) break;
  }
  return count;
}

TableColumns columns_of(const std::vector<std::string>& names, Columns known) {
  return {.names = names, .known = known, .nested = true};
}

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

}  // namespace

namespace {

// Of an object that is too long, one with the first elements of its list.
COLD std::shared_ptr<const std::string> first_piece(std::span<const char> window, std::string_view rows) {
  JsonPieces pieces(rows);
  const std::size_t head = pieces.begin(window);
  if (head == 0) return nullptr;
  const JsonPieces::Taken taken = pieces.take(window.subspan(head), [](std::span<const std::string>, std::string_view) {});
  if (taken.piece.empty()) return nullptr;
  return std::make_shared<const std::string>(taken.piece.data(), taken.piece.size() + kWindowSlack);
}

}  // namespace

COLD Result<JsonSample> sample_json(const std::string& file, std::span<const char> bytes, std::size_t bad,
                                    std::size_t most_objects, TextEncoding planned, std::string_view rows) {
  JsonSample sample;
  const std::span<const char> window = bytes.first(std::min(bad, kMaxRecordBytes));
  Objects objects(window);
  sample.layout = objects.layout();
  std::unordered_set<std::string> names;
  std::string problem;
  for (std::size_t count = 0; count < most_objects; ++count) {
    std::span<const char> object = objects.here();
    if (object.empty() && count == 0 && !rows.empty() && window.size() == kMaxRecordBytes) {
      sample.piece = first_piece(window.subspan(objects.at()), rows);
      if (sample.piece) object = std::span<const char>(*sample.piece).first(sample.piece->size() - kWindowSlack);
    }
    if (object.empty()) break;
    JsonObjectReader members(object);
    while (members.next()) {
      const auto [name, added] = names.emplace(members.key());
      if (added) sample.names.push_back(*name);
      // A text may hold JSON, as the payload of a message does.
      const bool text = members.kind() == JsonKind::kText && (members.raw().starts_with('{') || members.raw().starts_with('['));
      if (members.kind() != JsonKind::kNested && !text) continue;
      const auto is_it = [&](const JsonNested& known) { return known.name == members.key(); };
      if (std::any_of(sample.nested.begin(), sample.nested.end(), is_it) && sample.item.named) continue;
      // The first of a list may be empty.
      NestedValues values;
      const JsonValue value = values.opened(members.value());
      if (value.kind != JsonKind::kNested || (text && find_json_mistake(value.raw) != 0)) continue;
      sample.item.look(members.key(), value.raw, text);
      if (std::any_of(sample.nested.begin(), sample.nested.end(), is_it)) continue;
      if (auto nested = describe_nested(members.key(), value.raw)) sample.nested.push_back(std::move(*nested));
    }
    if (members.error_at() != 0) {
      problem = ": the object that begins here is not JSON, at its byte " + std::to_string(members.error_at());
      break;
    }
    if (sample.piece) break;
    objects.pass(object.size());
  }
  if (!sample.names.empty()) return sample;
  const char c = objects.peek();
  if (sample.layout == JsonLayout::kArray && c == ']') {
    return Error{ErrorCode::kEmptyInput, file + " has no rows of data", {file, {}, {}, {}}};
  }
  Where where{
      file, std::nullopt, 1 + static_cast<std::uint64_t>(std::count(window.begin(), window.begin() + objects.at(), '\n')), {}};
  if (bad < bytes.size() && problem.empty() && (c == '{' || objects.at() == window.size())) {
    where.row = 1;
    return Error{ErrorCode::kBadEncoding,
                 place(where) + ": " + byte_not_utf8(*evidence_in(bytes, objects.at(), bad, true), bad - objects.at(), planned),
                 where};
  }
  if (problem.empty() && c == '{' && window.size() == kMaxRecordBytes) problem = kUnended;
  if (problem.empty()) problem = ": no whole JSON object with at least one key begins here";
  if (sample.layout == JsonLayout::kArray && c != '{') problem += "; if the file is CSV, set input.format to \"csv\"";
  return Error{ErrorCode::kBadSyntax, place(where) + problem, where};
}

COLD std::vector<std::string> keys_below(std::span<const char> window, const std::string& name, std::span<const PathStep> steps) {
  constexpr std::size_t kLooked = 1000;
  std::vector<std::string> keys;
  NestedValues values;
  const auto take_keys = [&](const JsonValue& found) {
    const JsonValue object = values.opened(found);
    if (object.kind != JsonKind::kNested || NestedValues::is_list(object)) return;
    JsonObjectReader reader(object.raw);
    while (reader.next()) {
      if (std::find(keys.begin(), keys.end(), reader.key()) == keys.end()) keys.emplace_back(reader.key());
    }
  };
  Objects objects(window);
  const PathStep key{PathStep::Kind::kKey, name};
  PathTree column(std::span(&key, 1));
  std::size_t looked = 0;
  const auto take = [&](const JsonValue& from, std::span<const PathStep> rest, const auto& again) -> void {
    const std::size_t list = steps_to_list(rest);
    const bool each = list != 0 && rest[list - 1].is_list();
    PathTree tree(rest.first(each ? list - 1 : list));
    const JsonValue value = values.opened(tree.find(from, values)[0].value);
    if (!each || !NestedValues::is_list(value)) {
      if (!each || rest[list - 1].kind == PathStep::Kind::kRows) take_keys(value);
      return;
    }
    values.each(value, [&](const JsonValue& element) {
      again(element, rest.subspan(list), again);
      return ++looked < kLooked;
    });
  };
  for (std::span<const char> object; looked < kLooked && !(object = objects.here()).empty(); objects.pass(object.size())) {
    take(column.find({{object.data(), object.size()}, JsonKind::kNested}, values)[0].value, steps, take);
    ++looked;
  }
  return keys;
}

COLD JsonReader::JsonReader(std::string file, JsonSample sample, std::span<const WantedColumn> wanted,
                            const ReadingOptions& options, TableSink& sink)
    : file_(std::move(file)), sample_(std::move(sample)), wanted_(wanted.begin(), wanted.end()), options_(options), sink_(sink),
      shows_(sink.shows()), most_rows_(sink.most_rows()), batch_(wanted.size()) {
  if (!shows_) return;
  // There may be a hundred thousand, which stand in the first object in this order.
  for (const std::string& name : sample_.names) usual_.push_back({name, kNoSlot});
  for (std::size_t slot = 0; slot < wanted_.size(); ++slot) usual_[wanted_[slot].position].slot = slot;
}

Result<std::size_t> JsonReader::consume(std::span<const char> window, bool last) {
  const std::size_t bad = last ? find_invalid_utf8(window) : find_invalid_utf8_prefix(window);
  JsonScanner scanner(window);
  std::size_t at = 0;
  while (rows_ < most_rows_) {
    if (pieces_) {
      const Result<std::size_t> taken = take_pieces(window.first(bad).subspan(at));
      if (!taken.ok()) return taken;
      at += taken.value();
      if (pieces_) break;
      comma_needed_ = sample_.layout == JsonLayout::kArray && !shows_;
    }
    for (; at < window.size() && is_json_space(window[at]); ++at) line_ += window[at] == '\n';
    if (at >= bad && bad < window.size()) break;
    if (at == window.size()) break;
    const char c = window[at];
    if (shows_ && c == ',') {
      ++at;
      continue;
    }
    // The first byte of a character that the window cuts: whether it is one has to be seen first.
    if (static_cast<unsigned char>(c) >= 0x80 && !last && find_invalid_utf8(window.subspan(at)) == 0) break;
    if (closed_) return refuse_here("text follows the end of the array");
    if (sample_.layout == JsonLayout::kArray && (c == '[' || c == ',' || c == ']')) {
      const bool fits = c == '[' ? !opened_ : c == ',' ? comma_needed_ : opened_ && (comma_needed_ || rows_ == 0 || shows_);
      if (!fits) return refuse_here(std::string(1, '"').append(1, c).append("\" is out of place"));
      opened_ = true;
      closed_ = c == ']';
      comma_needed_ = false;
      ++at;
      continue;
    }
    if (c == ',' && sample_.layout == JsonLayout::kLines && rows_ > 0) {
      return refuse_here(
          "the lines end in commas; this is neither JSON lines nor an array: take the commas out, or put \"[\" "
          "before the first line and \"]\" behind the last");
    }
    if (c != '{' || comma_needed_) {
      return refuse_here(shown_json(c) +
                         (comma_needed_ ? " stands where a comma or \"]\" is needed" : " does not begin an object"));
    }
    std::uint64_t line_breaks = 0;
    std::size_t end = scan_object(scanner, at, line_breaks);
    const bool usual = end != 0;
    if (!usual) end = find_json_end(window, at);
    const bool whole = end != 0 && end <= bad;
    const bool too_long = (whole ? end : bad) - at > kMaxRecordBytes - shows_;  // shown, there is no more of it
    if (const std::size_t size = too_long ? begin_pieces(window.first(bad).subspan(at)) : 0; size != 0) {
      at += size;
      continue;
    }
    if (!whole) break;
    if (usual) {
      ++rows_;
    } else if (Status status = read_object(window.subspan(at, end - at), line_breaks); !status.ok()) {
      return status.error();
    }
    if (Status status = finish_row(line_breaks); !status.ok()) return status.error();
    comma_needed_ = sample_.layout == JsonLayout::kArray && !shows_;
    at = end;
  }
  if (Status status = flush(); !status.ok()) return status.error();
  if (rows_ >= most_rows_) return window.size();
  if (bad < window.size()) {
    const auto evidence = evidence_in(window, at, bad, last);
    if (!evidence) return at;
    return refuse(ErrorCode::kBadEncoding, byte_not_utf8(*evidence, bad - at, options_.input.encoding), rows_ + 1);
  }
  if (last && (at < window.size() || pieces_)) return unfinished_record();
  if (last && !shows_) {
    if (Status status = check_columns(); !status.ok()) return status.error();
  }
  if (last && sample_.layout == JsonLayout::kArray && !closed_) {
    return refuse(ErrorCode::kBadSyntax, "the file ends before the array's \"]\"", rows_);
  }
  return at;
}

// How much of the window is before the list; 0 if the object cannot be read in pieces.
COLD std::size_t JsonReader::begin_pieces(std::span<const char> window) {
  if (options_.input.rows.empty()) return 0;
  pieces_.emplace(options_.input.rows);
  any_piece_ = false;
  const std::size_t size = pieces_->begin(window);
  piece_breaks_ = count_line_breaks(window.first(size));
  if (size == 0) pieces_.reset();
  return size;
}

// What is taken of an object that is read in pieces. All of them are the same row, which begins on the line where the object does.
COLD Result<std::size_t> JsonReader::take_pieces(std::span<const char> window) {
  std::size_t at = 0;
  for (;;) {
    const auto on_key = [&](std::span<const std::string> around, std::string_view key) { take_key_behind(around, key); };
    const JsonPieces::Taken taken = pieces_->take(window.subspan(at), on_key);
    piece_breaks_ += count_line_breaks(window.subspan(at, taken.size));
    at += taken.size;
    if (!taken.piece.empty()) {
      std::uint64_t line_breaks = 0;
      rows_ -= std::exchange(any_piece_, true);
      if (Status status = read_object(taken.piece, line_breaks); !status.ok()) return status.error();
      if (Status status = finish_row(0); !status.ok()) return status.error();
      if (Status status = flush(); !status.ok()) return status.error();  // its bytes are those of the next piece
      if (rows_ >= most_rows_) return at;
    }
    if (late_) return *late_;
    if (!behind_.empty()) {
      return refuse(ErrorCode::kTooLarge,
                    "\"" + behind_ + "\" stands behind the list of " + options_.input.rows +
                        " in an object of more than 64 MB; write it before the list, or the rows one a line",
                    rows_);
    }
    if (taken.mistake != nullptr) return refuse_here(std::string("the list of input.rows: ") + taken.mistake);
    if (pieces_->ended()) break;
    if (taken.size == 0) return at;
  }
  rows_ += !any_piece_;
  line_ += std::exchange(piece_breaks_, 0);
  pieces_.reset();
  return at;
}

// A column behind the list came too late for the rows in it.
COLD void JsonReader::take_key_behind(std::span<const std::string> around, std::string_view key) {
  if (!behind_.empty()) return;
  if (around.empty() && slot_of(key) != kNoSlot) behind_ = key;
  const auto names_it = [&](const ColumnName& column) {
    const std::optional<Path> path = read_path(column.name);
    if (!path || path->size() <= around.size()) return false;
    for (std::size_t i = 0; i < around.size(); ++i) {
      if ((*path)[i].key != around[i]) return false;
    }
    return (*path)[around.size()].key == key;
  };
  const auto look = [&](const ColumnName& column) {
    if (names_it(column) || std::any_of(column.several.begin(), column.several.end(), names_it)) behind_ = key;
  };
  for (const ColumnName* const column : planned_columns(options_)) look(*column);
  look(options_.columns.known_at);
  for (const std::string& name : options_.values.names()) {
    if (names_it({.name = name, .number = 0, .constant = {}, .several = {}})) behind_ = key;
  }
}

std::size_t JsonReader::scan_object(JsonScanner& scanner, std::size_t at, std::uint64_t& line_breaks) {
  const std::size_t row = batch_.size;
  for (auto& cells : batch_.cells) cells[row] = {};
  unusable_.slot = kNoSlot;
  const auto on_value = [&](std::size_t index, std::string_view key, std::string_view raw, JsonKind kind) {
    const std::size_t slot = slot_at(index, key);
    if (slot == kNoSlot) return;
    if (kind == JsonKind::kNull) raw = {};
    if (kind == JsonKind::kFraction && wanted_[slot].as == ReadAs::kId) raw = id_text(raw);
    batch_.cells[slot][row] = raw;
  };
  // What cannot be used may be followed by another value of the same key, which the full way is for.
  const auto on_other = [&](std::size_t index, std::string_view key, std::string_view raw, JsonKind kind) {
    const std::size_t slot = slot_at(index, key);
    if (slot != kNoSlot) take_value({raw, kind, kind == JsonKind::kText}, slot);
    return unusable_.slot == kNoSlot;
  };
  return scanner.scan(at, line_breaks, on_value, on_other);
}

// Of a number with a point or an exponent.
std::string_view JsonReader::id_text(std::string_view number) {
  std::string digits = whole_digits(number);
  return digits.empty() ? number : batch_.texts.emplace_back(std::move(digits));
}

Status JsonReader::read_object(std::span<const char> text, std::uint64_t& line_breaks) {
  ++rows_;
  for (auto& cells : batch_.cells) cells[batch_.size] = {};
  line_breaks = count_line_breaks(text);
  unusable_.slot = kNoSlot;
  JsonObjectReader object(text);
  for (std::size_t index = 0; object.next(); ++index) {
    const std::size_t slot = slot_at(index, object.key());
    if (slot == kNoSlot) continue;
    take_value(object.value(), slot);
  }
  if (object.error_at() == 0) return {};
  if (Status status = flush(); !status.ok()) return status;  // what an earlier row did wrong comes first
  if (pieces_) return refuse(ErrorCode::kBadSyntax, "an element of the list of input.rows is not JSON", rows_);
  return refuse(ErrorCode::kBadSyntax, "the object is not JSON, at its byte " + std::to_string(object.error_at()), rows_);
}

void JsonReader::take_value(const JsonValue& value, std::size_t slot) {
  if (wanted_[slot].as == ReadAs::kNested) take_nested(value, batch_.cells[slot][batch_.size]);
  else if (shows_) show_member(value, batch_.cells[slot][batch_.size]);
  else take_member(value, slot);
}

COLD void JsonReader::show_member(const JsonValue& value, std::string_view& cell) {
  std::string_view half;
  cell = {};
  if (value.kind == JsonKind::kNested) {
    const JsonCell inside = json_cell(value, false, batch_.texts);
    cell = inside.issue ? "..." : inside.text;
  } else if (value.kind != JsonKind::kNull) {
    cell = batch_.texts.emplace_back(value.text(half));
  }
}

// Of an object or a list the paths of the values in it are told, of as many rows as are kept.
COLD void JsonReader::take_unusable(const JsonValue& value, std::size_t slot, IssueReason reason, std::string words) {
  if (reason == IssueReason::kNestedValue && nested_rows_ < IssueSummary::kKept) {
    constexpr std::size_t kShown = 5;
    const std::optional<JsonNested> nested = describe_nested(sample_.names[wanted_[slot].position], value.raw);
    const std::size_t count = nested ? nested->paths.size() : 0;
    for (std::size_t i = 0; i < std::min(count, kShown); ++i) words += (i == 0 ? "\"" : ", \"") + nested->paths[i] + '"';
    if (count > kShown) words += ", ...";
  }
  unusable_ = {slot, reason, std::move(words)};
}

// As JSON that a path goes into, with room behind it for whoever does.
void JsonReader::take_nested(const JsonValue& value, std::string_view& cell) {
  cell = {};
  if (value.kind == JsonKind::kNull || value.kind == JsonKind::kNaN) return;
  if (!value.escapes) {
    cell = value.raw;
    return;
  }
  std::string_view half;
  std::string& text = batch_.texts.emplace_back(value.text(half));
  const std::size_t size = text.size();
  text.append(kWindowSlack, '\0');
  cell = std::string_view(text).substr(0, size);
}

void JsonReader::take_member(const JsonValue& value, std::size_t slot) {
  if (unusable_.slot == slot) unusable_.slot = kNoSlot;
  JsonCell cell = json_cell(value, wanted_[slot].as == ReadAs::kId, batch_.texts);
  batch_.cells[slot][batch_.size] = cell.text;
  if (cell.issue) take_unusable(value, slot, *cell.issue, std::move(cell.words));
}

Status JsonReader::finish_row(std::uint64_t line_breaks) {
  if (late_) return *late_;
  const std::uint64_t line = std::exchange(line_, line_ + line_breaks);
  if (unusable_.slot != kNoSlot) {
    Status status = flush();  // keeps issues in row order
    const std::size_t slot = std::exchange(unusable_.slot, kNoSlot);
    nested_rows_ += unusable_.reason == IssueReason::kNestedValue;
    sink_.add_bad_row(unusable_.reason, rows_, line, sample_.names[wanted_[slot].position], unusable_.text);
    return status;
  }
  batch_.place_row(rows_, line);
  return batch_.full() ? flush() : Status();
}

// Objects of a file mostly have the same keys in the same order.
std::size_t JsonReader::slot_at(std::size_t index, std::string_view key) {
  if (index < usual_.size() && usual_[index].key == key) return usual_[index].slot;
  const std::size_t slot = slot_of(key);
  if (index >= usual_.size()) usual_.resize(index + 1);
  usual_[index] = {std::string(key), slot};
  return slot;
}

std::size_t JsonReader::slot_of(std::string_view key) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    for (std::size_t slot = 0; slot < wanted_.size(); ++slot) {
      if (sample_.names[wanted_[slot].position] == key) return slot;
    }
    if (attempt == 0) take_late_key(key);
  }
  return kNoSlot;
}

COLD void JsonReader::take_late_key(std::string_view key) {
  std::vector<std::string>& names = sample_.names;
  if (late_ || !sink_.may_change(key) || std::find(names.begin(), names.end(), key) != names.end()) return;
  names.emplace_back(key);
  Result<std::vector<WantedColumn>> wanted = sink_.choose(file_, columns_of(names, Columns::kMayGrow));
  if (!wanted.ok()) {
    late_ = wanted.error();
    return;
  }
  wanted_ = std::move(wanted.value());  // those that there were come first, so rows of this batch stay as they are
  if (wanted_.size() > batch_.cells.size()) batch_.cells.resize(wanted_.size(), std::vector<std::string_view>(batch_.capacity));
  usual_.clear();
}

// Once there can be no others.
COLD Status JsonReader::check_columns() {
  const Result<std::vector<WantedColumn>> wanted = sink_.choose(file_, columns_of(sample_.names, Columns::kComplete));
  if (wanted.ok()) return {};
  Error error = wanted.error();
  if (error.code == ErrorCode::kMissingColumn) advise_nested(error, sample_.nested, options_);
  return error;
}

Status JsonReader::flush() {
  Status status = batch_.size == 0 ? Status() : sink_.add(batch_);
  batch_.clear();
  return status;
}

COLD Error JsonReader::unfinished_record() const {
  if (pieces_) {
    return refuse(ErrorCode::kBadSyntax, "the list of input.rows does not end, or an element of it not within 64 MB", rows_);
  }
  return refuse(ErrorCode::kBadSyntax, kUnended + 2, rows_ + 1);
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
