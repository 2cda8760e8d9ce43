#include "ingest/json/json_columns.h"

#include <algorithm>
#include <utility>

#include "core/cold.h"
#include "core/utf8.h"
#include "ingest/build/event_builder.h"
#include "ingest/json/json_object.h"
#include "ingest/not_utf8.h"

namespace causal_sessions {
namespace {

// Of the number or word that begins at `at`, to the window's end if it does not end before.
std::size_t word_size(std::span<const char> window, std::size_t at) {
  const std::size_t begin = at;
  constexpr std::string_view kEnds = ",:\"[]{} \t\n\r";
  while (at < window.size() && kEnds.find(window[at]) == kEnds.npos) ++at;
  return at - begin;
}

std::string in_quotes(const std::string& name) { return std::string(1, '"').append(name).append("\""); }

}  // namespace

Result<std::size_t> JsonColumns::consume(std::span<const char> window, bool last) {
  const std::size_t whole = find_invalid_utf8(window);
  const std::span<const char> rest = window.subspan(whole);
  const bool invalid = !rest.empty() && (last || find_invalid_utf8_prefix(rest) != rest.size());
  JsonScanner scanner(window.first(whole));
  std::size_t at = scanner.skip_space(0, line_);
  while (at < whole && take(scanner, at)) at = scanner.skip_space(at, line_);
  if (error_) return *error_;
  if (invalid) {
    const auto evidence = evidence_in(window, at, whole, last);
    if (!evidence) return at;
    return refuse(ErrorCode::kBadEncoding, byte_not_utf8(*evidence, whole - at, options_.input.encoding));
  }
  if (last && at < window.size()) return refuse(ErrorCode::kBadSyntax, "the file ends inside the value that begins here");
  if (last && !closed()) {
    const char* end = expect_ == Expect::kNameColon || expect_ == Expect::kColumn ? "the cells of its last column"
                      : !in_column_                                               ? "the object's \"}\""
                      : columns_.back().indexed                                   ? "the column's \"}\""
                                                                                  : "the column's \"]\"";
    return refuse(ErrorCode::kBadSyntax, std::string("the file ends before ").append(end));
  }
  if (last) index_ = CellLog();
  return at;
}

bool JsonColumns::take(JsonScanner& scanner, std::size_t& at) {
  const char c = scanner.peek(at);
  switch (expect_) {
    case Expect::kObject: return take_bracket(c, '{', Expect::kFirstName, " does not begin an object", at);
    case Expect::kFirstName:
      if (c == '}') return take_bracket(c, '}', Expect::kNothing, "", at);
      [[fallthrough]];
    case Expect::kName:
      return c == '"' ? take_name(scanner, at) : fail(shown_json(c) + " stands where the name of a column is needed");
    case Expect::kNameColon: return take_bracket(c, ':', Expect::kColumn, " stands where a colon is needed", at);
    case Expect::kColumn: return take_column(c, at);
    case Expect::kFirstKey:
    case Expect::kFirstCell:
      if (c == (columns_.back().indexed ? '}' : ']')) {
        if (!misfit_.empty()) return fail_as_columns(misfit_);
        in_column_ = false;
        return take_bracket(c, c, Expect::kColumnEnd, "", at);
      }
      return expect_ == Expect::kFirstKey ? take_key(scanner, at) : take_cell(scanner, at);
    case Expect::kKey: return take_key(scanner, at);
    case Expect::kKeyColon: return take_bracket(c, ':', Expect::kCell, " stands where a colon is needed", at);
    case Expect::kCell: return take_cell(scanner, at);
    case Expect::kCellEnd: {
      const bool indexed = columns_.back().indexed;
      if (c == ',') return take_bracket(c, ',', indexed ? Expect::kKey : Expect::kCell, "", at);
      in_column_ = c != (indexed ? '}' : ']');
      return take_bracket(c, indexed ? '}' : ']', Expect::kColumnEnd,
                          indexed ? " stands where a comma or \"}\" is needed" : " stands where a comma or \"]\" is needed", at);
    }
    case Expect::kColumnEnd:
      if (c == ',') return take_bracket(c, ',', Expect::kName, "", at);
      return take_bracket(c, '}', Expect::kNothing, " stands where a comma or \"}\" is needed", at);
    case Expect::kNothing: break;
  }
  return fail("text follows the end of the object");
}

bool JsonColumns::take_bracket(char c, char needed, Expect next, const char* finding, std::size_t& at) {
  if (c != needed) return fail(shown_json(c) + finding);
  expect_ = next;
  ++at;
  return true;
}

bool JsonColumns::take_name(JsonScanner& scanner, std::size_t& at) {
  std::string_view text;
  std::string half;
  if (!take_text(scanner, at, text, half)) return false;
  std::string name(text);
  if (!names_.insert(name).second) return fail("the column " + in_quotes(name) + " is there twice");
  if (name == "data") {
    if (const auto orient = pandas_orient()) {
      error_ = refuse_orient(*orient);
      return false;
    }
  }
  JsonColumn& column = columns_.emplace_back();
  column.wanted = wanted_(name, columns_.size() - 1);
  column.name = std::move(name);
  expect_ = Expect::kNameColon;
  return true;
}

// {"columns":[..],"index":[..],"data":[..]} and {"schema":{..},"data":[..]}, told once "data" comes.
std::optional<std::string> JsonColumns::pandas_orient() const {
  const auto all_of = [&](std::initializer_list<std::string_view> known) {
    return std::all_of(columns_.begin(), columns_.end(), [&](const JsonColumn& column) {
      return std::find(known.begin(), known.end(), column.name) != known.end();
    });
  };
  if (names_.contains("columns") && all_of({"columns", "index"})) return "split";
  if (names_.contains("schema") && all_of({"schema"})) return "table";
  return std::nullopt;
}

bool JsonColumns::take_column(char bracket, std::size_t& at) {
  JsonColumn& column = columns_.back();
  if (bracket != '[' && bracket != '{') {
    return fail_as_columns("the column " + in_quotes(column.name) +
                           " is no list; an object of columns has a list of cells for each");
  }
  column.indexed = bracket == '{';
  if (column.indexed != columns_.front().indexed) {
    misfit_ = "the column " + in_quotes(column.name) + (column.indexed ? " is an object, but " : " is a list, but ") +
              in_quotes(columns_.front().name) + (column.indexed ? " is a list" : " is an object");
    if (column.indexed) return fail_as_columns(misfit_);
  }
  if (column.indexed && column.wanted && index_of_ == 0) index_of_ = columns_.size();
  index_.rewind();
  in_column_ = true;
  expect_ = column.indexed ? Expect::kFirstKey : Expect::kFirstCell;
  ++at;
  return true;
}

bool JsonColumns::take_key(JsonScanner& scanner, std::size_t& at) {
  if (scanner.peek(at) != '"') return fail(shown_json(scanner.peek(at)) + " stands where a key of the index is needed");
  std::string_view text;
  std::string half;
  if (!take_text(scanner, at, text, half)) return false;
  const JsonColumn& column = columns_.back();
  if (columns_.size() == 1 && column.cells == 0) first_key_ = text;
  expect_ = Expect::kKeyColon;
  if (!column.wanted || column.cells >= most_cells_) return true;
  if (index_of_ == columns_.size()) {
    index_.add(CellLog::Kind::kText, text);
    return true;
  }
  const JsonColumn& first = columns_[index_of_ - 1];
  if (column.cells >= first.cells) return true;  // check_lengths() will say so
  const std::string other(index_.next().text);
  if (text == other) return true;
  return fail("the index is " + in_quotes(std::string(text)) + ", but " + in_quotes(other) + " in the column " +
              in_quotes(first.name) + "; write the table with orient=\"records\"");
}

bool JsonColumns::take_cell(JsonScanner& scanner, std::size_t& at) {
  const std::span<const char> window = scanner.window();
  const char c = scanner.peek(at);
  std::string_view text;
  if (!misfit_.empty() && c != '{') return fail_as_columns(misfit_);
  if (c == '"') {
    std::string half;
    if (!take_text(scanner, at, text, half)) return false;
    if (half.empty()) {
      if (looks_for_item() && (text.starts_with('{') || text.starts_with('['))) item_.look_into(columns_.back().name, text, true);
      add_cell(CellLog::Kind::kText, text);
    } else {
      add_cell(CellLog::Kind::kBad, half_pair_words(half));
    }
    return true;
  }
  if (c == '[' || c == '{') {
    const std::size_t end = find_json_end(window, at);
    if (end == 0) return false;
    const std::span<const char> nested = window.subspan(at, end - at);
    if (find_json_mistake(nested) != 0) return fail("the value that begins here is not JSON");
    if (const JsonColumn& column = columns_.back(); column.cells == 0 && !column.indexed && c == '{') {
      nested_.push_back({.name = column.name, .list = true, .roles = count_roles(nested), .rows = column.name});
    }
    if (!misfit_.empty()) return fail_as_columns(misfit_);
    if (looks_for_item()) item_.look_into(columns_.back().name, {nested.data(), nested.size()}, false);
    line_ += static_cast<std::uint64_t>(std::count(nested.begin(), nested.end(), '\n'));
    at = end;
    add_cell(CellLog::Kind::kNested, {});
    return true;
  }
  if (c == ',' || c == ':' || c == ']' || c == '}') return fail(shown_json(c) + " stands where a value is needed");
  std::size_t end = at;
  JsonKind kind;
  if (!scanner.take_plain(end, text, kind)) {
    const std::size_t size = word_size(window, at);
    if (size == window.size() - at) return false;
    text = {window.data() + at, size};
    if (text != "NaN" && text != "Infinity" && text != "-Infinity") return fail("the value that begins here is not JSON");
    end = at + size;
    kind = text == "NaN" ? JsonKind::kNull : JsonKind::kInfinity;
  }
  if (end == window.size()) return false;  // further digits may follow
  at = end;
  if (kind == JsonKind::kNull) {
    add_cell(CellLog::Kind::kMissing, {});
  } else if (kind == JsonKind::kInfinity) {
    add_cell(CellLog::Kind::kBad, infinity_words(text));
  } else {
    add_cell(kind == JsonKind::kFraction ? CellLog::Kind::kFraction : CellLog::Kind::kText, text);
  }
  return true;
}

bool JsonColumns::take_text(JsonScanner& scanner, std::size_t& at, std::string_view& text, std::string& half) {
  if (scanner.take_string(at, text)) return true;
  const std::span<const char> window = scanner.window();
  const std::size_t end = find_json_text_end(window, at);
  if (end == 0) return false;
  if (find_json_mistake(window.subspan(at, end - at)) != 0) return fail("the text that begins here is not JSON");
  std::string_view half_escape;
  decoded_ = decode_json_escapes({window.data() + at + 1, end - at - 2}, half_escape);
  half = half_escape;
  text = decoded_;
  at = end;
  return true;
}

void JsonColumns::add_cell(CellLog::Kind kind, std::string_view text) {
  JsonColumn& column = columns_.back();
  if (column.wanted && column.cells < most_cells_) column.kept.add(kind, text);
  ++column.cells;
  expect_ = Expect::kCellEnd;
}

std::vector<std::string> JsonColumns::names() const {
  std::vector<std::string> names;
  for (const JsonColumn& column : columns_) names.push_back(column.name);
  return names;
}

Status JsonColumns::check_lengths() const {
  constexpr std::size_t kShown = 20;
  const auto fits = [&](const JsonColumn& column) { return column.cells == columns_.front().cells; };
  if (std::all_of(columns_.begin(), columns_.end(), fits)) return {};
  std::string text = file_ + ": the columns are not of one length:";
  for (std::size_t i = 0; i < columns_.size() && i < kShown; ++i) {
    text += (i == 0 ? " " : ", ") + in_quotes(columns_[i].name) + " has " + std::to_string(columns_[i].cells);
  }
  text += " cells";
  if (columns_.size() > kShown) text += ", and there are " + std::to_string(columns_.size() - kShown) + " further ones";
  return Error{ErrorCode::kBadSyntax, std::move(text), {file_, {}, {}, {}}};
}

Error JsonColumns::refuse_orient(std::string_view orient) const {
  std::string message = file_ + " is a table that pandas wrote with orient=\"";
  message.append(orient).append("\"; write it with orient=\"records\", or with lines=True too");
  return {ErrorCode::kUnknownFormat, std::move(message), {file_, {}, {}, {}}};
}

Error JsonColumns::unfinished_cell() const { return refuse(ErrorCode::kBadSyntax, "the value that begins here does not end"); }

bool JsonColumns::fail_as_columns(const std::string& finding) {
  in_column_ = false;
  if (nested_.empty()) return fail(finding);
  error_ = refuse_nested();
  return false;
}

Error JsonColumns::refuse_nested() const {
  return {ErrorCode::kMissingColumn, file_ + ": " + nested_advice(nested_, options_), {file_, {}, {}, {}}};
}

bool JsonColumns::fail(const std::string& finding) {
  error_ = refuse(ErrorCode::kBadSyntax, finding);
  return false;
}

Error JsonColumns::refuse(ErrorCode code, const std::string& finding) const {
  Where where{file_, std::nullopt, line_, {}};
  if (in_column_) {
    where.column = columns_.back().name;
    where.row = columns_.back().cells + (expect_ == Expect::kCellEnd ? 0 : 1);
  }
  return {code, place(where) + ": " + finding, where};
}

}  // namespace causal_sessions
