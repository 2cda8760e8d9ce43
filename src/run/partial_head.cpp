#include "run/partial_head.h"

#include <algorithm>
#include <concepts>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>

#include "formats/codec.h"
#include "formats/json/fields.h"
#include "formats/json/parse.h"

namespace causal_sessions {
namespace {

// --- the fields of each struct: a name and a member ----------------------------------------------

template <class T>
struct Table;

template <>
struct Table<InputShare> {
  static void each(auto&& field) {
    field("number", &InputShare::number);
    field("of", &InputShare::of);
  }
};
template <>
struct Table<Where> {
  static void each(auto&& field) {
    field("file", &Where::file);
    field("row", &Where::row);
    field("line", &Where::line);
    field("column", &Where::column);
  }
};
template <>
struct Table<RowIssue> {
  static void each(auto&& field) {
    field("reason", &RowIssue::reason);
    field("file", &RowIssue::file);
    field("row", &RowIssue::row);
    field("line", &RowIssue::line);
    field("column", &RowIssue::column);
    field("text", &RowIssue::text);
  }
};
template <>
struct Table<IssueSummary::UnknownType> {
  static void each(auto&& field) {
    field("rows", &IssueSummary::UnknownType::rows);
    field("firstRow", &IssueSummary::UnknownType::first_row);
  }
};
template <>
struct Table<IssueSummary> {
  static void each(auto&& field) {
    field("rows", &IssueSummary::rows);
    field("first", &IssueSummary::first);
    field("unknownTypes", &IssueSummary::unknown_types);
  }
};
template <>
struct Table<EpochNumbers::Example> {
  static void each(auto&& field) {
    field("rows", &EpochNumbers::Example::rows);
    field("row", &EpochNumbers::Example::row);
    field("file", &EpochNumbers::Example::file);
    field("text", &EpochNumbers::Example::text);
  }
};
template <>
struct Table<EpochNumbers> {
  static void each(auto&& field) {
    field("any", &EpochNumbers::any);
    field("units", &EpochNumbers::units);
    field("calendar", &EpochNumbers::calendar);
    field("allForms", &EpochNumbers::all_forms);
    field("firstForms", &EpochNumbers::first_forms);
  }
};
template <>
struct Table<TimeShape> {
  static void each(auto&& field) {
    field("format", &TimeShape::format);
    field("rows", &TimeShape::rows);
    field("fits", &TimeShape::fits);
  }
};
template <>
struct Table<TimeShapes> {
  static void each(auto&& field) {
    field("shapes", &TimeShapes::shapes);
    field("others", &TimeShapes::others);
  }
};
template <>
struct Table<QuotedRows> {
  static void each(auto&& field) {
    field("cells", &QuotedRows::cells);
    field("first", &QuotedRows::first);
  }
};
template <>
struct Table<InexactIds> {
  static void each(auto&& field) {
    field("users", &InexactIds::users);
    field("items", &InexactIds::items);
  }
};
template <>
struct Table<Found> {
  static void each(auto&& field) {
    field("kind", &Found::kind);
    field("numbers", &Found::numbers);
    field("rows", &Found::rows);
    field("cut", &Found::cut);
    field("zoned", &Found::zoned);
    field("skipped", &Found::skipped);
    field("repeated", &Found::repeated);
    field("issues", &Found::issues);
    field("shapes", &Found::shapes);
    field("firstTime", &Found::first_time);
    field("quoted", &Found::quoted);
  }
};
template <>
struct Table<Schema> {
  static void each(auto&& field) {
    field("names", &Schema::names);
    field("columns", &Schema::column);
    field("values", &Schema::values);
    field("knownAt", &Schema::known_at);
  }
};
template <>
struct Table<TwoPlaces::Other> {
  static void each(auto&& field) {
    field("column", &TwoPlaces::Other::column);
    field("folder", &TwoPlaces::Other::folder);
    field("value", &TwoPlaces::Other::value);
    field("row", &TwoPlaces::Other::row);
  }
};
template <>
struct Table<TwoPlaces::Outside> {
  static void each(auto&& field) {
    field("role", &TwoPlaces::Outside::role);
    field("column", &TwoPlaces::Outside::column);
    field("inside", &TwoPlaces::Outside::inside);
  }
};
template <>
struct Table<TwoPlaces> {
  static void each(auto&& field) {
    field("typeBeside", &TwoPlaces::type_beside);
    field("otherThanFolder", &TwoPlaces::other_than_folder);
    field("other", &TwoPlaces::other);
    field("outside", &TwoPlaces::outside);
  }
};
template <>
struct Table<FileSummary> {
  static void each(auto&& field) {
    field("name", &FileSummary::name);
    field("found", &FileSummary::found);
    field("header", &FileSummary::header);
    field("separator", &FileSummary::separator);
    field("outOfReach", &FileSummary::out_of_reach);
    field("utf8Too", &FileSummary::utf8_too);
    field("endMark", &FileSummary::end_mark);
    field("compression", &FileSummary::compression);
    field("format", &FileSummary::format);
    field("bytes", &FileSummary::bytes);
    field("rows", &FileSummary::rows);
    field("eventsEnd", &FileSummary::events_end);
    field("nestedItem", &FileSummary::nested_item);
    field("twoPlaces", &FileSummary::two_places);
    field("columns", &FileSummary::columns);
  }
};
template <>
struct Table<PartialInput> {
  static void each(auto&& field) {
    field("name", &PartialInput::name);
    field("sha256", &PartialInput::sha256);
    field("found", &PartialInput::found);
    field("archive", &PartialInput::archive);
    field("bytes", &PartialInput::bytes);
    field("place", &PartialInput::place);
    field("files", &PartialInput::files);
    field("of", &PartialInput::of);
    field("users", &PartialInput::users);
    field("items", &PartialInput::items);
    field("types", &PartialInput::types);
    field("values", &PartialInput::values);
  }
};
template <>
struct Table<PartialHead> {
  static void each(auto&& field) {
    field("format", &PartialHead::format);
    field("engine", &PartialHead::engine);
    field("share", &PartialHead::share);
    field("all", &PartialHead::all);
    field("allSum", &PartialHead::all_sum);
    field("plan", &PartialHead::plan);
    field("passedOver", &PartialHead::passed_over);
    field("firstEmpty", &PartialHead::first_empty);
    field("types", &PartialHead::types);
    field("fractions", &PartialHead::fractions);
    field("inexact", &PartialHead::inexact);
    field("inputs", &PartialHead::inputs);
  }
};

// The last value of each enumeration.
template <class E>
constexpr E kLast{};
template <>
constexpr IssueReason kLast<IssueReason> = IssueReason::kOtherHeader;
template <>
constexpr ParsedTime::Kind kLast<ParsedTime::Kind> = ParsedTime::Kind::kNumber;
template <>
constexpr Role kLast<Role> = Role::kItem;

// --- values as JSON, and back --------------------------------------------------------------------

template <class T>
concept Struct = requires { Table<T>::each([](auto&&...) {}); };
template <class T>
concept Number = std::integral<T> && !std::same_as<T, bool>;
template <class T>
concept Enum = std::is_enum_v<T>;

// Declared before any of them is defined, as they call each other.
Json put(bool value) { return value; }
Json put(const std::string& value) { return value; }
Json put(std::string_view value) { return std::string(value); }
template <Number T>
Json put(T value) {
  return static_cast<std::uint64_t>(static_cast<std::make_unsigned_t<T>>(value));
}
template <Enum T>
Json put(T value) {
  return static_cast<std::uint64_t>(value);
}
template <class T>
Json put(const std::vector<T>& values);
template <class T, std::size_t n>
Json put(const std::array<T, n>& values);
template <class T>
Json put(const std::optional<T>& value);
template <class T>
Json put(const std::set<T>& values);
template <class T>
Json put(const std::map<std::string, T>& values);
template <class T>
Json put(const std::shared_ptr<const T>& value);
template <Struct T>
Json put(const T& value);

template <class List>
Json put_list(const List& values) {
  Json list = Json::array();
  for (const auto& value : values) list.push_back(put(value));
  return list;
}
template <class T>
Json put(const std::vector<T>& values) {
  return put_list(values);
}
template <class T, std::size_t n>
Json put(const std::array<T, n>& values) {
  return put_list(values);
}
template <class T>
Json put(const std::set<T>& values) {
  return put_list(values);
}
template <class T>
Json put(const std::optional<T>& value) {
  return value ? put(*value) : Json();
}
// Pairs in a list, as keys of an object are looked up one by one.
template <class T>
Json put(const std::map<std::string, T>& values) {
  Json list = Json::array();
  for (const auto& [name, value] : values) list.push_back(Json::array({name, put(value)}));
  return list;
}
template <class T>
Json put(const std::shared_ptr<const T>& value) {
  return value ? put(*value) : Json();
}
// What has its default is left out.
template <Struct T>
Json put(const T& value) {
  [[maybe_unused]] static const T usual{};
  Fields fields;
  Table<T>::each([&](const char* name, auto member) {
    Json json = put(value.*member);
    if (json != put(usual.*member)) fields.put(name, std::move(json));
  });
  return fields.done();
}

bool get(const Json& json, bool& value) {
  if (!json.is_boolean()) return false;
  value = json.get<bool>();
  return true;
}
bool get(const Json& json, std::string& value) {
  if (!json.is_string()) return false;
  value = json.get<std::string>();
  return true;
}
// Names of formats are those of a table.
bool get(const Json& json, std::string_view& value) {
  static constexpr std::string_view kNames[] = {"", "csv", "json", "ndjson", "arrow", "parquet"};
  if (!json.is_string()) return false;
  const std::string text = json.get<std::string>();
  for (const std::string_view name : kNames) {
    if (name == text) return value = name, true;
  }
  for (int codec = 0; codec <= static_cast<int>(Codec::kDeflate); ++codec) {
    const std::string_view name = codec_name(static_cast<Codec>(codec));
    if (name == text) return value = name, true;
  }
  return false;
}
template <Number T>
bool get(const Json& json, T& value) {
  using Unsigned = std::make_unsigned_t<T>;
  if (!json.is_number_unsigned()) return false;
  const auto number = json.get<std::uint64_t>();
  value = static_cast<T>(static_cast<Unsigned>(number));
  return number == static_cast<Unsigned>(number);
}
template <Enum T>
bool get(const Json& json, T& value) {
  if (!json.is_number_unsigned() || json.get<std::uint64_t>() > static_cast<std::uint64_t>(kLast<T>)) return false;
  value = static_cast<T>(json.get<std::uint64_t>());
  return true;
}
template <class T>
bool get(const Json& json, std::vector<T>& values);
template <class T, std::size_t n>
bool get(const Json& json, std::array<T, n>& values);
template <class T>
bool get(const Json& json, std::optional<T>& value);
template <class T>
bool get(const Json& json, std::set<T>& values);
template <class T>
bool get(const Json& json, std::map<std::string, T>& values);
template <class T>
bool get(const Json& json, std::shared_ptr<const T>& value);
template <Struct T>
bool get(const Json& json, T& value);

template <class T>
bool get(const Json& json, std::vector<T>& values) {
  if (!json.is_array()) return false;
  values.clear();
  values.reserve(json.size());
  return std::all_of(json.begin(), json.end(), [&](const Json& one) {
    T value{};
    const bool is_one = get(one, value);
    values.push_back(std::move(value));
    return is_one;
  });
}
template <class T, std::size_t n>
bool get(const Json& json, std::array<T, n>& values) {
  if (!json.is_array() || json.size() != n) return false;
  for (std::size_t i = 0; i < n; ++i) {
    if (!get(json[i], values[i])) return false;
  }
  return true;
}
template <class T>
bool get(const Json& json, std::optional<T>& value) {
  value.reset();
  return json.is_null() || get(json, value.emplace());
}
template <class T>
bool get(const Json& json, std::set<T>& values) {
  std::vector<T> list;
  if (!get(json, list)) return false;
  values = {list.begin(), list.end()};
  return true;
}
template <class T>
bool get(const Json& json, std::map<std::string, T>& values) {
  if (!json.is_array()) return false;
  return std::all_of(json.begin(), json.end(), [&](const Json& pair) {
    return pair.is_array() && pair.size() == 2 && pair[0].is_string() && get(pair[1], values[pair[0].get<std::string>()]);
  });
}
template <class T>
bool get(const Json& json, std::shared_ptr<const T>& value) {
  if (json.is_null()) return true;
  T read;
  if (!get(json, read)) return false;
  value = std::make_shared<const T>(std::move(read));
  return true;
}
template <Struct T>
bool get(const Json& json, T& value) {
  if (!json.is_object()) return false;
  bool fits = true;
  std::size_t known = 0;
  Table<T>::each([&](const char* name, auto member) {
    const auto found = json.find(name);
    if (found == json.end() || !fits) return;
    ++known;
    fits = get(*found, value.*member);
  });
  return fits && known == json.size();
}

// --- what no run can have found -----------------------------------------------------------------

bool is_sound(const Schema& schema, std::size_t values) {
  const auto is_column = [&](const std::optional<std::size_t>& at) { return !at || *at < schema.names.size(); };
  return schema.values.size() == values && is_column(schema.known_at) &&
         std::all_of(schema.column.begin(), schema.column.end(), is_column) &&
         std::all_of(schema.values.begin(), schema.values.end(), is_column);
}

// A refusal shows the first ones of each reason, and counts all.
bool is_sound(const IssueSummary& issues, std::uint64_t rows) {
  std::array<std::uint64_t, kIssueReasons> kept{};
  for (const RowIssue& issue : issues.first) ++kept[static_cast<std::size_t>(issue.reason)];
  std::uint64_t left = rows;
  for (std::size_t reason = 0; reason < kIssueReasons; ++reason) {
    if (issues.rows[reason] > left || kept[reason] != std::min<std::uint64_t>(issues.rows[reason], IssueSummary::kKept))
      return false;
    left -= issues.rows[reason];
  }
  return issues.unknown_types.size() <= IssueSummary::kMaxUnknown;
}

bool is_sound(const TimeShapes& shapes) {
  constexpr std::size_t kLongest = 200;  // no shape that is found is as long
  return shapes.shapes.size() <= TimeShapes::kMost &&
         std::all_of(shapes.shapes.begin(), shapes.shapes.end(),
                     [](const TimeShape& shape) { return !shape.format.empty() && shape.format.size() <= kLongest; });
}

bool is_sound(const PartialInput& input, const PartialInput& before, const PartialHead& head, const ReadingOptions& options) {
  constexpr std::uint64_t kMostRows = std::uint64_t{1} << 48;
  const std::size_t values = options.values.names().size();
  std::uint64_t events = before.files.empty() ? 0 : before.files.back().events_end;
  const std::uint64_t events_before = events;
  for (const FileSummary& file : input.files) {
    const bool unknown_columns = file.rows == 0 && file.schema().names.empty();
    if (file.events_end < events || file.rows > kMostRows || (!unknown_columns && !is_sound(file.schema(), values))) return false;
    events = file.events_end;
  }
  const Found& of = input.of;
  const auto has_kind = [&](std::size_t i) { return of.kind[i] != ParsedTime::Kind::kBad; };
  const bool known = options.columns.known_at.is_set();
  const bool kinds = (events == events_before || (has_kind(0) && (!known || has_kind(1)))) && (known || !has_kind(1));
  const auto grows = [](std::uint32_t from, std::uint32_t to) { return from <= to && to != StringPool::kNone; };
  bool texts = grows(before.users, input.users) && grows(before.items, input.items) && grows(before.types, input.types) &&
               input.types <= head.types.size() && input.values.size() == values;
  for (std::size_t v = 0; texts && v < values; ++v) texts = grows(before.values.empty() ? 0 : before.values[v], input.values[v]);
  const bool hex = input.sha256.empty() ||
                   (input.sha256.size() == 64 && input.sha256.find_first_not_of("0123456789abcdef") == std::string::npos);
  return !input.name.empty() && hex && (input.archive || input.files.size() == 1) && of.rows <= kMostRows && kinds && texts &&
         is_sound(of.issues, of.rows) && is_sound(of.shapes) && input.place >= before.place;
}

Error damaged(const char* finding) { return {ErrorCode::kBadSyntax, finding, {}}; }

}  // namespace

std::uint64_t PartialHead::events() const {
  std::uint64_t events = 0;
  for (const PartialInput& input : inputs) {
    if (!input.files.empty()) events = input.files.back().events_end;
  }
  return events;
}

ParsedTime::Kind PartialHead::kind(std::size_t of) const {
  for (const PartialInput& input : inputs) {
    if (input.of.kind[of] != ParsedTime::Kind::kBad) return input.of.kind[of];
  }
  return ParsedTime::Kind::kBad;
}

std::string write_partial_head(const PartialHead& head) { return put(head).dump(-1, ' ', false, Json::error_handler_t::replace); }

Result<PartialHead> read_partial_head(std::string_view text, Plan& plan) {
  const Json json = parse_json_value(text);
  PartialHead head;
  if (!json.is_object()) return damaged("what it says of itself is no JSON");
  const auto format = json.find("format"), engine = json.find("engine");
  const std::string version = engine != json.end() && engine->is_string() ? engine->get<std::string>() : "another one";
  if (format != json.end() || version != CAUSAL_SESSIONS_VERSION) {
    return Error{ErrorCode::kBadCall,
                 "it was made by version " + version +
                     " of causal-sessions, and this is " CAUSAL_SESSIONS_VERSION "; make and merge all parts by one version",
                 {}};
  }
  if (!get(json, head)) return damaged("what it says of itself is not what a partial run says");
  Result<Plan> read = read_plan(head.plan);
  if (!read.ok()) return read.error();
  plan = std::move(read.value());
  if (head.types.size() > kMostTypes || head.share.number > head.share.of || (head.share.number == 0) != (head.share.of == 0)) {
    return damaged("what it says of itself is not what a partial run says");
  }
  PartialInput before;
  const PartialInput* last = &before;
  for (const PartialInput& input : head.inputs) {
    const bool own = head.share.is_one() ? input.place < head.all && head.share.takes(input.place) : input.place == 0;
    if (!own || !is_sound(input, *last, head, plan.reading)) return damaged("what it says of its inputs cannot be");
    last = &input;
  }
  return head;
}

}  // namespace causal_sessions
