// Arrow streams and files of some rows in every type, with dictionaries, views, missing values and compressed buffers.
//
// Source: Apache Arrow's format/Schema.fbs, Message.fbs, File.fbs; "Arrow Columnar Format" 1.5.
#include <algorithm>
#include <bit>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "formats/flatbuffer.h"
#include "fuzz/seeds/packed.h"
#include "fuzz/seeds/seeds.h"

namespace causal_sessions::seeds {
namespace {

using Texts = std::vector<std::string>;
constexpr std::size_t kRows = 6;
constexpr int kPointer = flatbuffer::Writer::kPointer;
constexpr std::uint8_t kNull = 1, kInt = 2, kFloat = 3, kBinary = 4, kUtf8 = 5, kBool = 6, kDecimal = 7, kDate = 8,
                       kTimestamp = 10, kFixedBytes = 15, kList = 12, kStruct = 13, kUnion = 14, kDuration = 18, kLargeUtf8 = 20,
                       kRuns = 22, kUtf8View = 24;

// What the table of a type holds: numbers of one size, and a text behind them.
struct Type {
  std::uint8_t number = kUtf8;
  int bytes = 0;  // of each of its numbers but for the flag behind an int's
  std::vector<std::int64_t> values = {};
  std::string zone = {};
};
Type integer(std::int64_t bits, bool is_signed = true) { return {kInt, 4, {bits, is_signed}}; }

struct Column {
  std::string name;
  Type type;
  std::vector<std::string> buffers;  // that of the missing values first; empty: none is missing
  std::int64_t missing = 0;
  std::vector<Column> children = {};
  std::int64_t views = -1;  // buffers of texts behind views
  // A dictionary's id and the type of the codes, which the buffers then hold; its values.
  std::optional<std::int64_t> dictionary = {};
  Type codes = integer(8);
  std::vector<Column> values = {};
};

template <class T>
std::string bytes_of(const std::vector<T>& values) {
  std::string out;
  for (const T value : values) put(out, value);
  return out;
}

template <class Offset>
std::vector<std::string> text_buffers(const Texts& texts, const std::string& valid = {}) {
  std::string offsets, bytes;
  put(offsets, Offset{0});
  for (const std::string& text : texts) {
    bytes.append(text);
    put(offsets, static_cast<Offset>(bytes.size()));
  }
  return {valid, offsets, bytes};
}

// Texts of at most twelve bytes stand in their views.
Column view_column(std::string name, const Texts& texts) {
  std::string views, bytes;
  for (const std::string& text : texts) {
    std::string view;
    put(view, static_cast<std::int32_t>(text.size()));
    if (text.size() <= 12) {
      view.append(text);
    } else {
      view.append(text, 0, 4);
      put(view, std::int32_t{0});
      put(view, static_cast<std::int32_t>(bytes.size()));
      bytes.append(text);
    }
    view.resize(16);
    views.append(view);
  }
  return {std::move(name), {kUtf8View}, {"", views, bytes}, 0, {}, 1};
}

void add_int(flatbuffer::Writer& out, std::size_t from, const Type& type) {
  flatbuffer::Writer::Table table = out.add_table(from, {{0, 4}, {1, 1}});
  table.set(0, static_cast<std::int32_t>(type.values[0]));
  table.set(1, static_cast<std::uint8_t>(type.values[1]));
}

void add_type(flatbuffer::Writer& out, std::size_t from, const Type& type) {
  if (type.number == kInt) return add_int(out, from, type);
  if (type.number == kTimestamp && !type.zone.empty()) {
    flatbuffer::Writer::Table table = out.add_table(from, {{1, kPointer}, {0, 2}});
    table.set(0, static_cast<std::int16_t>(type.values[0]));
    return out.add_text(table.at(1), type.zone);
  }
  if (type.values.empty()) return static_cast<void>(out.add_table(from, {}));
  flatbuffer::Writer::Table table = type.bytes == 2           ? out.add_table(from, {{0, 2}})
                                    : type.values.size() == 3 ? out.add_table(from, {{0, 4}, {1, 4}, {2, 4}})
                                                              : out.add_table(from, {{0, 4}, {1, 4}});
  if (type.bytes == 2) return table.set(0, static_cast<std::int16_t>(type.values[0]));
  for (std::size_t i = 0; i < type.values.size(); ++i) table.set(static_cast<int>(i), static_cast<std::int32_t>(type.values[i]));
}

void add_field(flatbuffer::Writer& out, std::size_t from, const Column& column) {
  flatbuffer::Writer::Table field =
      column.dictionary ? out.add_table(from, {{0, kPointer}, {1, 1}, {2, 1}, {3, kPointer}, {4, kPointer}, {5, kPointer}})
                        : out.add_table(from, {{0, kPointer}, {1, 1}, {2, 1}, {3, kPointer}, {5, kPointer}});
  field.set(1, std::uint8_t{1});
  field.set(2, column.type.number);
  out.add_text(field.at(0), column.name);
  add_type(out, field.at(3), column.type);
  if (column.dictionary) {
    flatbuffer::Writer::Table encoding = out.add_table(field.at(4), {{0, 8}, {1, kPointer}});
    encoding.set(0, *column.dictionary);
    add_int(out, encoding.at(1), column.codes);
  }
  std::size_t child = out.add_vector(field.at(5), column.children.size());
  for (const Column& each : column.children) {
    add_field(out, child, each);
    child += 4;
  }
}

void add_schema(flatbuffer::Writer& out, std::size_t from, const std::vector<Column>& columns) {
  flatbuffer::Writer::Table schema = out.add_table(from, {{0, 2}, {1, kPointer}});
  std::size_t pointer = out.add_vector(schema.at(1), columns.size());
  for (const Column& column : columns) {
    add_field(out, pointer, column);
    pointer += 4;
  }
}

std::size_t add_message(flatbuffer::Writer& out, std::uint8_t kind, std::size_t body) {
  flatbuffer::Writer::Table message = out.add_table(flatbuffer::Writer::kRoot, {{3, 8}, {2, kPointer}, {0, 2}, {1, 1}});
  message.set(0, std::int16_t{4});
  message.set(1, kind);
  message.set(3, static_cast<std::int64_t>(body));
  return message.at(2);
}

enum class Packing { kNone, kLz4, kZstd, kStored };

// The buffers of a batch and where they stand.
struct Body {
  std::string bytes;
  std::vector<std::int64_t> nodes, places, views;

  void add(const Column& column, std::size_t rows, Packing packing) {
    nodes.push_back(static_cast<std::int64_t>(rows));
    nodes.push_back(column.missing);
    for (const std::string& buffer : column.buffers) {
      const std::string packed = buffer.empty() ? buffer : pack(buffer, packing);
      places.push_back(static_cast<std::int64_t>(bytes.size()));
      places.push_back(static_cast<std::int64_t>(packed.size()));
      bytes.append(packed).resize((bytes.size() + 7) / 8 * 8);
    }
    if (column.views >= 0) views.push_back(column.views);
    for (const Column& child : column.children) add(child, rows, packing);
  }

  static std::string pack(const std::string& buffer, Packing packing) {
    if (packing == Packing::kNone) return buffer;
    std::string out;
    put(out, packing == Packing::kStored ? std::int64_t{-1} : static_cast<std::int64_t>(buffer.size()));
    return out + (packing == Packing::kStored ? buffer
                  : packing == Packing::kLz4  ? stored_lz4_frame(buffer)
                                              : stored_zstd(buffer));
  }
};

void add_batch(flatbuffer::Writer& out, std::size_t from, const Body& body, std::size_t rows, Packing packing) {
  const bool packed = packing != Packing::kNone, viewed = !body.views.empty();
  flatbuffer::Writer::Table batch =
      packed && viewed ? out.add_table(from, {{0, 8}, {1, kPointer}, {2, kPointer}, {3, kPointer}, {4, kPointer}})
      : packed         ? out.add_table(from, {{0, 8}, {1, kPointer}, {2, kPointer}, {3, kPointer}})
      : viewed         ? out.add_table(from, {{0, 8}, {1, kPointer}, {2, kPointer}, {4, kPointer}})
                       : out.add_table(from, {{0, 8}, {1, kPointer}, {2, kPointer}});
  batch.set(0, static_cast<std::int64_t>(rows));
  out.add_structs(batch.at(1), body.nodes, 2);
  out.add_structs(batch.at(2), body.places, 2);
  if (packed) {
    flatbuffer::Writer::Table compression = out.add_table(batch.at(3), {{0, 1}, {1, 1}});
    compression.set(0, static_cast<std::int8_t>(packing == Packing::kLz4 ? 0 : 1));
    compression.set(1, std::int8_t{0});
  }
  if (viewed) out.add_structs(batch.at(4), body.views, 1);
}

// A file's bytes so far, and where its messages stand.
struct File {
  struct Place {
    std::int64_t offset, metadata, body;
  };
  std::string bytes;
  std::vector<Place> dictionaries, records;

  Place add(flatbuffer::Writer metadata, const std::string& body) {
    std::vector<std::uint8_t> message = metadata.take();
    message.resize((message.size() + 7) / 8 * 8);
    const Place place{static_cast<std::int64_t>(bytes.size()), static_cast<std::int64_t>(8 + message.size()),
                      static_cast<std::int64_t>(body.size())};
    put(bytes, std::uint32_t{0xFFFFFFFF});
    put(bytes, static_cast<std::uint32_t>(message.size()));
    bytes.append(message.begin(), message.end()).append(body);
    return place;
  }
};

void add_dictionary(File& file, const Column& column, bool delta, Packing packing) {
  Body body;
  const std::size_t bytes = column.values[0].buffers[1].size();
  const std::size_t rows = column.type.number == kTimestamp ? bytes / 8 : bytes / 4 - 1;
  body.add(column.values[0], rows, packing);
  flatbuffer::Writer out;
  const std::size_t header = add_message(out, 2, body.bytes.size());
  flatbuffer::Writer::Table table = out.add_table(header, {{0, 8}, {1, kPointer}, {2, 1}});
  table.set(0, *column.dictionary);
  table.set(2, static_cast<std::uint8_t>(delta));
  add_batch(out, table.at(1), body, rows, packing);
  file.dictionaries.push_back(file.add(std::move(out), body.bytes));
}

std::string file_of(const std::vector<Column>& columns, bool as_file, Packing packing = Packing::kNone, int batches = 1,
                    bool delta = false) {
  File file;
  if (as_file) file.bytes = std::string("ARROW1\0\0", 8);
  flatbuffer::Writer schema;
  add_schema(schema, add_message(schema, 1, 0), columns);
  file.add(std::move(schema), "");
  for (const Column& column : columns) {
    if (!column.dictionary) continue;
    add_dictionary(file, column, false, packing);
    if (delta) add_dictionary(file, column, true, packing);
  }
  for (int i = 0; i < batches; ++i) {
    Body body;
    for (const Column& column : columns) body.add(column, kRows, packing);
    flatbuffer::Writer out;
    add_batch(out, add_message(out, 3, body.bytes.size()), body, kRows, packing);
    file.records.push_back(file.add(std::move(out), body.bytes));
  }
  put(file.bytes, std::uint32_t{0xFFFFFFFF});
  put(file.bytes, std::uint32_t{0});
  if (!as_file) return file.bytes;
  flatbuffer::Writer footer;
  flatbuffer::Writer::Table root =
      footer.add_table(flatbuffer::Writer::kRoot, {{1, kPointer}, {2, kPointer}, {3, kPointer}, {0, 2}});
  root.set(0, std::int16_t{4});
  add_schema(footer, root.at(1), columns);
  for (const int slot : {2, 3}) {
    std::vector<std::int64_t> places;
    for (const File::Place& place : slot == 2 ? file.dictionaries : file.records) {
      places.insert(places.end(), {place.offset, place.metadata, place.body});
    }
    footer.add_structs(root.at(slot), places, 3);
  }
  const std::vector<std::uint8_t> end = footer.take();
  file.bytes.append(end.begin(), end.end());
  put(file.bytes, static_cast<std::uint32_t>(end.size()));
  return file.bytes + "ARROW1";
}

const Texts kUsers = {"u", "v", "u", "a user of more bytes", "v", "u"};
const Texts kTypes = {"impression", "click", "purchase", "impression", "impression", "click"};
const std::vector<std::int64_t> kTimes = {1757030400, 1757030401, 1757030402, 1757030400, 1757030490, 1757030500};
const std::string kHalfMissing(1, 0x15);  // every second row is there

Column texts(std::string name, const Texts& values) { return {std::move(name), {kUtf8}, text_buffers<std::int32_t>(values)}; }
Column numbers(std::string name, Type type, std::string values) {
  return {std::move(name), std::move(type), {"", std::move(values)}};
}

Column coded(std::string name, std::int64_t id, const std::vector<std::int8_t>& codes, const Texts& values) {
  Column column{std::move(name), {kUtf8}, {"", bytes_of(codes)}};
  column.dictionary = id;
  column.values = {texts("", values)};
  return column;
}

std::vector<Column> events_of(std::optional<Column> user = {}, std::optional<Column> time = {}) {
  return {user.value_or(texts("user_id", kUsers)),
          time.value_or(numbers("event_time", {kTimestamp, 2, {0}, "UTC"}, bytes_of(kTimes))), texts("event_type", kTypes),
          coded("item_id", 0, {0, 1, 0, 2, 1, 0}, {"i1", "i2", "i3"})};
}

}  // namespace

std::vector<Seed> arrow_seeds() {
  std::vector<Seed> seeds;
  const auto add = [&seeds](const std::string& name, const std::vector<Column>& columns, bool as_file = false,
                            Packing packing = Packing::kNone) { seeds.push_back({name, file_of(columns, as_file, packing)}); };
  const auto add_user = [&](const std::string& name, Column user) { add("user-" + name, events_of(std::move(user))); };
  const auto add_time = [&](const std::string& name, Column time) { add("time-" + name, events_of({}, std::move(time))); };
  add("stream", events_of());
  add("file", events_of(), true);
  add("stream-lz4", events_of(), false, Packing::kLz4);
  add("file-zstd", events_of(), true, Packing::kZstd);
  add("stream-stored", events_of(), false, Packing::kStored);
  seeds.push_back({"file-of-batches", file_of(events_of(), true, Packing::kNone, 5)});
  seeds.push_back({"stream-of-batches-delta", file_of(events_of(), false, Packing::kNone, 3, true)});

  Column missing = texts("user_id", kUsers);
  missing.buffers[0] = kHalfMissing;
  missing.missing = 3;
  add_user("missing", missing);
  add_user("large", {"user_id", {kLargeUtf8}, text_buffers<std::int64_t>(kUsers)});
  add_user("views", view_column("user_id", kUsers));
  add("user-views-file", events_of(view_column("user_id", kUsers)), true, Packing::kLz4);
  add_user("int8", numbers("user_id", integer(8), bytes_of(std::vector<std::int8_t>{1, -2, 1, 3, -2, 1})));
  add_user("uint16", numbers("user_id", integer(16, false), bytes_of(std::vector<std::int16_t>{1, -2, 1, 3, -2, 1})));
  add_user("int32", numbers("user_id", integer(32), bytes_of(std::vector<std::int32_t>{1, -2, 1, 3, -2, 1})));
  add_user("uint64", numbers("user_id", integer(64, false), bytes_of(std::vector<std::int64_t>{1, -2, 1, 3, -2, 1})));
  add_user("float", numbers("user_id", {kFloat, 2, {1}}, bytes_of(std::vector<float>{1, 2.5, 1, -4e30f, 2.5, 1})));
  add_user("double", numbers("user_id", {kFloat, 2, {2}}, bytes_of(std::vector<double>{1, 2.5, 1, -4e300, 2.5, 1})));
  add_user("half", numbers("user_id", {kFloat, 2, {0}}, std::string(12, '<')));
  add_user("bool", numbers("user_id", {kBool}, std::string(1, 0x2D)));
  add_user("decimal", numbers("user_id", {kDecimal, 4, {10, 2}}, std::string(96, '\1')));
  add_user("decimal32", numbers("user_id", {kDecimal, 4, {9, 2, 32}}, std::string(24, '\1')));
  add_user("decimal256", numbers("user_id", {kDecimal, 4, {76, 9, 256}}, std::string(96, '\1') + std::string(96, '\xFE')));
  add_user("duration", numbers("user_id", {kDuration, 2, {2}}, bytes_of(kTimes)));
  const Column ends = numbers("run_ends", integer(32), bytes_of(std::vector<std::int32_t>{1, 2, 3, 4, 5, 6}));
  add_user("runs", {"user_id", {kRuns}, {}, 0, {ends, texts("values", kUsers)}});
  add_time("runs", {"event_time", {kRuns}, {}, 0, {ends, numbers("values", {kTimestamp, 2, {0}, "UTC"}, bytes_of(kTimes))}});
  add_time("decimal", numbers("event_time", {kDecimal, 4, {18, 8, 64}},
                              bytes_of(std::vector<std::int64_t>{175703040012345678, 175703040112345678, 0, -1, 5, 6})));
  std::string old = file_of(events_of(), false);
  for (std::size_t at = 0; (at = old.find("\xFF\xFF\xFF\xFF", at)) != std::string::npos;) old.erase(at, 4);
  seeds.push_back({"stream-before-0.15", old});
  add_user("null", {"user_id", {kNull}, {}, static_cast<std::int64_t>(kRows)});
  add_user("coded", coded("user_id", 7, {0, 1, 0, 2, 1, 0}, {"u", "v", "w"}));
  Column numbers_coded = coded("user_id", 7, {0, 1, 0, 2, 1, 0}, {});
  numbers_coded.type = integer(32);
  numbers_coded.values = {numbers("", integer(32), bytes_of(std::vector<std::int32_t>{5, -6, 7, 8}))};
  add_user("coded-numbers", numbers_coded);
  Column wide_codes = coded("user_id", 7, {}, {"u", "v", "w"});
  wide_codes.codes = integer(16, false);
  wide_codes.buffers[1] = bytes_of(std::vector<std::int16_t>{0, 1, 0, 2, 1, 0});
  wide_codes.buffers[0] = kHalfMissing;
  wide_codes.missing = 3;
  add_user("coded-missing", wide_codes);

  add_user("fixed-bytes", numbers("user_id", {kFixedBytes, 4, {16}}, std::string(96, 'a')));
  add_user("fixed-bytes-of-one", numbers("user_id", {kFixedBytes, 4, {1}}, "uvuwvu"));
  Column coded_times = coded("event_time", 9, {0, 1, 2, 0, 3, 1}, {});
  coded_times.type = {kTimestamp, 2, {0}, "UTC"};
  coded_times.values = {numbers("", coded_times.type, bytes_of(kTimes))};
  add_time("coded", coded_times);
  add_time("uint64-large", numbers("event_time", integer(64, false),
                                   bytes_of(std::vector<std::int64_t>{1757030400, -1, -2, 5, 1757030409, 1757030410})));
  add_time("seconds-local", numbers("event_time", {kTimestamp, 2, {0}}, bytes_of(kTimes)));
  for (const std::int64_t unit : {1, 2, 3})
    add_time("unit-" + std::to_string(unit), numbers("event_time", {kTimestamp, 2, {unit}, "UTC"}, bytes_of(kTimes)));
  add_time("date32",
           numbers("event_time", {kDate, 2, {0}}, bytes_of(std::vector<std::int32_t>{20336, 20337, 20336, 20336, 20337, 0})));
  add_time("date64", numbers("event_time", {kDate, 2, {1}}, bytes_of(kTimes)));
  add_time("int64", numbers("event_time", integer(64), bytes_of(kTimes)));
  add_time("uint64", numbers("event_time", integer(64, false), bytes_of(kTimes)));
  add_time("double",
           numbers("event_time", {kFloat, 2, {2}}, bytes_of(std::vector<double>{1757030400.25, 1757030401, 0, -1, 1e300, 5})));
  add_time("text", texts("event_time",
                         {"2025-09-05", "2025-09-05 00:00:01", "2025-09-05T00:00:02Z", "soon", "", "2025-09-05 00:00:03.5"}));
  Column half_times = numbers("event_time", {kTimestamp, 2, {0}, "UTC"}, bytes_of(kTimes));
  half_times.buffers[0] = kHalfMissing;
  half_times.missing = 3;
  add_time("missing", half_times);

  // Columns that are passed over.
  Column list{"tags", {kList}, {"", bytes_of(std::vector<std::int32_t>{0, 1, 2, 3, 4, 5, 6})}, 0, {texts("item", kUsers)}};
  Column group{"group",
               {kStruct},
               {""},
               0,
               {numbers("a", integer(32), bytes_of(std::vector<std::int32_t>(kRows))), view_column("b", kUsers)}};
  Column both{
      "union", {kUnion, 2, {1}}, {std::string(kRows, '\0'), bytes_of(std::vector<std::int32_t>(kRows))}, 0, {texts("a", kUsers)}};
  Column binary{"bytes", {kBinary}, text_buffers<std::int32_t>(kUsers)};
  std::vector<Column> all = {list, group, both, binary};
  for (const Column& column : events_of()) all.push_back(column);
  add("nested", all);
  add("nested-file", all, true);
  return seeds;
}

}  // namespace causal_sessions::seeds
