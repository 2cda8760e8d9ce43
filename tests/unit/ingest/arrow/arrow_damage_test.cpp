// Arrow streams whose schema or batches claim what is not there, each refused with one sentence that a preview tells too;
// and columns of unusual types, which are read.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "formats/flatbuffer.h"
#include "ingest/event_reader.h"
#include "ingest/formats.h"
#include "ingest/inspection/inspect.h"
#include "plan/plan.h"
#include "support/events.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using Bytes = std::vector<std::uint8_t>;

template <class T>
Bytes numbers(const std::vector<T>& values) {
  Bytes bytes(values.size() * sizeof(T));
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

// Numbers of the union Type in Schema.fbs.
enum : std::uint8_t {
  kInt = 2,
  kFloat = 3,
  kBinary = 4,
  kUtf8 = 5,
  kBool = 6,
  kDecimal = 7,
  kDate = 8,
  kTimestamp = 10,
  kList = 12,
  kStruct = 13,
  kUnion = 14,
  kFixed = 15,
  kDuration = 18,
  kLargeBinary = 19,
  kRuns = 22,
  kBinaryView = 23
};

struct Type {
  std::uint8_t number;
  std::vector<std::int32_t> fields = {};  // of its table, in order; none: an empty one
  bool has_table = true;
};

struct Values {
  std::vector<Bytes> buffers;  // the first marks what is missing
  std::int64_t length = 3, nulls = 0;
};

struct TestColumn {
  std::string name;
  Type type;
  Values values;  // or codes
  std::optional<std::int64_t> dictionary = {};
  Values dictionary_values = {};
  std::string extension = {};
  std::vector<std::int64_t> view_buffers = {};
  std::vector<TestColumn> children = {};  // of a column of runs: their ends, which have 32 bits, and their values; of a list
};

Values texts(const std::vector<std::string>& all) {
  Values values;
  std::vector<std::int32_t> offsets = {0};
  std::string bytes;
  for (const std::string& text : all) {
    bytes += text;
    offsets.push_back(static_cast<std::int32_t>(bytes.size()));
  }
  values.buffers = {{}, numbers(offsets), Bytes(bytes.begin(), bytes.end())};
  values.length = static_cast<std::int64_t>(all.size());
  return values;
}

void add_type(flatbuffer::Writer& buffer, std::size_t from, const Type& type) {
  // 16-bit and 8-bit fields are little-endian too, so that their upper bytes stand behind them, unused.
  if (type.fields.empty()) {
    buffer.add_table(from, {});
    return;
  }
  flatbuffer::Writer::Table table = type.fields.size() == 1   ? buffer.add_table(from, {{0, 4}})
                                    : type.fields.size() == 2 ? buffer.add_table(from, {{0, 4}, {1, 4}})
                                                              : buffer.add_table(from, {{0, 4}, {1, 4}, {2, 4}});
  for (std::size_t i = 0; i < type.fields.size(); ++i) table.set(static_cast<int>(i), type.fields[i]);
}

void add_message(std::string& stream, const Bytes& metadata, const std::string& body) {
  const auto put = [&](std::uint32_t word) { stream.append(reinterpret_cast<const char*>(&word), 4); };
  put(0xFFFFFFFF);
  const std::size_t padding = (8 - metadata.size() % 8) % 8;
  put(static_cast<std::uint32_t>(metadata.size() + padding));
  stream.append(metadata.begin(), metadata.end()).append(padding, '\0').append(body);
}

std::size_t begin_message(flatbuffer::Writer& buffer, std::uint8_t type, std::int64_t body, std::int16_t version) {
  flatbuffer::Writer::Table message = buffer.add_table(flatbuffer::Writer::kRoot, {{3, 8}, {2, 4}, {0, 2}, {1, 1}});
  message.set(0, version);
  message.set(1, type);
  message.set(3, body);
  return message.at(2);
}

void add_fields(flatbuffer::Writer& out, std::size_t from, const std::vector<TestColumn>& columns) {
  std::size_t at = out.add_vector(from, columns.size());
  for (const TestColumn& column : columns) {
    const bool coded = column.dictionary.has_value(), has_table = column.type.has_table, extended = !column.extension.empty();
    const bool nested = !column.children.empty();
    flatbuffer::Writer::Table field = coded       ? out.add_table(at, {{0, 4}, {2, 1}, {3, 4}, {4, 4}})
                                      : nested    ? out.add_table(at, {{0, 4}, {2, 1}, {3, 4}, {5, 4}})
                                      : extended  ? out.add_table(at, {{0, 4}, {2, 1}, {3, 4}, {6, 4}})
                                      : has_table ? out.add_table(at, {{0, 4}, {2, 1}, {3, 4}})
                                                  : out.add_table(at, {{0, 4}, {2, 1}});
    field.set(2, column.type.number);
    out.add_text(field.at(0), column.name);
    if (has_table) add_type(out, field.at(3), column.type);
    if (coded) {
      flatbuffer::Writer::Table encoding = out.add_table(field.at(4), {{0, 8}, {1, 4}});
      encoding.set(0, *column.dictionary);
      add_type(out, encoding.at(1), {kInt, {8, 1}});
    }
    if (nested) add_fields(out, field.at(5), column.children);
    if (extended) {
      const std::size_t entries = out.add_vector(field.at(6), 1);
      flatbuffer::Writer::Table entry = out.add_table(entries, {{0, 4}, {1, 4}});
      out.add_text(entry.at(0), "ARROW:extension:name");
      out.add_text(entry.at(1), column.extension);
    }
    at += 4;
  }
}

Bytes schema_message(const std::vector<TestColumn>& columns, std::int16_t version) {
  flatbuffer::Writer out;
  flatbuffer::Writer::Table schema = out.add_table(begin_message(out, 1, 0, version), {{0, 2}, {1, 4}});
  add_fields(out, schema.at(1), columns);
  return out.take();
}

void add_batch(std::string& stream, const std::vector<const Values*>& columns, std::optional<std::int64_t> dictionary,
               const std::vector<std::int64_t>& view_buffers, std::int16_t version) {
  std::vector<std::int64_t> nodes, places;
  std::string body;
  for (const Values* values : columns) {
    nodes.insert(nodes.end(), {values->length, values->nulls});
    for (const Bytes& bytes : values->buffers) {
      places.insert(places.end(), {static_cast<std::int64_t>(body.size()), static_cast<std::int64_t>(bytes.size())});
      body.append(bytes.begin(), bytes.end()).append((8 - bytes.size() % 8) % 8, '\0');
    }
  }
  flatbuffer::Writer out;
  std::size_t at = begin_message(out, dictionary ? 2 : 3, static_cast<std::int64_t>(body.size()), version);
  if (dictionary) {
    flatbuffer::Writer::Table outer = out.add_table(at, {{0, 8}, {1, 4}});
    outer.set(0, *dictionary);
    at = outer.at(1);
  }
  flatbuffer::Writer::Table batch = out.add_table(at, {{0, 8}, {1, 4}, {2, 4}, {4, 4}});
  batch.set(0, columns[0]->length);
  out.add_structs(batch.at(1), nodes, 2);
  out.add_structs(batch.at(2), places, 2);
  out.add_structs(batch.at(4), view_buffers, 1);
  add_message(stream, out.take(), body);
}

constexpr std::int16_t kV4 = 3, kV5 = 4;

std::string make_stream(const std::vector<TestColumn>& columns, std::int16_t version = kV5, bool end_mark = true) {
  std::string stream;
  add_message(stream, schema_message(columns, version), {});
  std::vector<const Values*> values;
  std::vector<std::int64_t> view_buffers;
  const auto add = [&](const TestColumn& column) {
    values.push_back(&column.values);
    view_buffers.insert(view_buffers.end(), column.view_buffers.begin(), column.view_buffers.end());
    if (!column.dictionary_values.buffers.empty()) add_batch(stream, {&column.dictionary_values}, column.dictionary, {}, version);
  };
  for (const TestColumn& column : columns) {
    add(column);
    for (const TestColumn& child : column.children) add(child);
  }
  add_batch(stream, values, {}, view_buffers, version);
  return end_mark ? stream.append("\xFF\xFF\xFF\xFF\0\0\0\0", 8) : stream;
}

struct Outcome {
  std::string error;                // of a run; empty: it was read
  std::vector<std::string> events;  // "user time item"
  nlohmann::json preview;
};

Outcome read_stream(const std::string& stream, const std::string& plan_text = "{}") {
  const Plan plan = read_plan(plan_text).value();
  Outcome outcome;
  outcome.preview = nlohmann::json::parse(inspect_json("f", stream, true, plan.reading, 10));
  EventReader reader(plan.reading);
  reader.begin_file("f");
  std::memcpy(reader.window(stream.size()).data(), stream.data(), stream.size());
  Status status = reader.commit(stream.size());
  if (status.ok()) status = reader.end_file();
  if (!status.ok()) {
    outcome.error = status.error().message;
    EXPECT_EQ(outcome.preview["problem"].is_null() ? "no problem" : outcome.preview["problem"]["message"], outcome.error);
    return outcome;
  }
  EXPECT_TRUE(outcome.preview["problem"].is_null()) << outcome.preview["problem"];
  const Result<EventTable> events = reader.finish();
  if (!events.ok()) {
    outcome.error = events.error().message;
    return outcome;
  }
  outcome.events = support::event_lines(events.value());
  return outcome;
}

const TestColumn kUsers = {"user_id", {kUtf8}, texts({"b", "a", "b"})};
const TestColumn kTimes = {"ts", {kTimestamp, {0}}, {{{}, numbers<std::int64_t>({1, 2, 3})}}};
const TestColumn kTypes = {"event", {kUtf8}, texts({"impression", "click", "purchase"})};

Outcome read(const TestColumn& column, std::int16_t version = kV5) {
  return read_stream(make_stream({kUsers, kTimes, kTypes, column}, version));
}

using Texts = std::vector<std::string>;

Texts items(const Outcome& outcome) {
  EXPECT_EQ(outcome.error, "");
  Texts all;
  for (const std::string& event : outcome.events) all.push_back(event.substr(event.rfind(' ') + 1));
  return all;
}

Texts cells(const Outcome& outcome, std::size_t column) {
  Texts all;
  for (const auto& row : outcome.preview["rows"]) all.push_back(row[column]);
  return all;
}

// Without its table nothing says how wide the values are; they were read as 64 bits, far beyond their buffer.
TEST(ArrowDamage, ATypeWithoutItsTableIsRefused) {
  const Values bytes = {{{}, Bytes(3)}};
  for (const std::uint8_t number : {kInt, kFloat, kBool, kDate, kTimestamp, kDecimal, kFixed}) {
    for (const char* name : {"item", "note"}) {
      EXPECT_NE(read({name, {number, {}, false}, bytes}).error.find("the metadata of a message are damaged"), std::string::npos)
          << int{number};
    }
  }
  EXPECT_NE(read({"item", {kUtf8, {}, false}, texts({"x", "y", "z"})}).error.find("the metadata of a message are damaged"),
            std::string::npos);
  EXPECT_NE(read({"item", {0}, bytes}).error.find("the metadata of a message are damaged"), std::string::npos);
}

TEST(ArrowDamage, WidthsThatNoTypeHas) {
  const Values bytes = {{{}, Bytes(3)}};
  for (const std::int32_t bits : {0, 1, 7, 24, 264, 320, 65'600, -8}) {  // 264 is 8 in a byte
    EXPECT_NE(read({"item", {kInt, {bits, 1}}, bytes}).error.find("the metadata of a message are damaged"), std::string::npos)
        << bits;
  }
  for (const Type& type : {Type{kFloat, {3}}, Type{kFloat, {-1}}, Type{kDate, {2}}, Type{kTimestamp, {4}}, Type{kFixed, {-1}}}) {
    EXPECT_NE(read({"item", type, bytes}).error.find("the metadata of a message are damaged"), std::string::npos);
  }
}

TEST(ArrowDamage, BuffersShorterThanTheRows) {
  const auto error = [](const Type& type, const Values& values) { return read({"item", type, values}).error; };
  for (const auto& [type, bytes] : std::vector<std::pair<Type, std::size_t>>{{{kInt, {8, 1}}, 3},
                                                                             {{kInt, {16, 1}}, 6},
                                                                             {{kInt, {32, 0}}, 12},
                                                                             {{kInt, {64, 1}}, 24},
                                                                             {{kInt, {128, 1}}, 48},
                                                                             {{kFloat, {0}}, 6},
                                                                             {{kFloat, {1}}, 12},
                                                                             {{kFloat, {2}}, 24},
                                                                             {{kBool}, 1}}) {
    EXPECT_EQ(error(type, {{{}, Bytes(bytes)}}), "");
    EXPECT_NE(error(type, {{{}, Bytes(bytes - 1)}}).find("column \"item\": its values are cut off"), std::string::npos)
        << int{type.number};
    EXPECT_NE(error(type, {{{}, Bytes(bytes)}, 3, 1}).find("the marks of missing values are not there"), std::string::npos);
  }
  Values wide{{Bytes(1), Bytes(72)}, 9, 1};
  EXPECT_NE(
      read_stream(
          make_stream({{"user_id", {kInt, {64, 1}}, wide}, {"ts", {kInt, {64, 1}}, wide}, {"event", {kInt, {64, 1}}, wide}}))
          .error.find("the marks of its missing values are cut off"),
      std::string::npos);
  Values broken = texts({"x", "y", "z"});
  broken.buffers[1] = numbers<std::int32_t>({0, 1, 2});
  EXPECT_NE(error({kUtf8}, broken).find("the offsets of its texts are cut off"), std::string::npos);
  for (const std::vector<std::int32_t>& offsets :
       {std::vector<std::int32_t>{0, 2, 1, 3}, {-1, 1, 2, 3}, {0, 1, 2, 4}, {0, INT32_MAX, INT32_MAX, INT32_MAX}}) {
    broken.buffers[1] = numbers(offsets);
    EXPECT_NE(error({kUtf8}, broken).find("the offsets of its texts are damaged"), std::string::npos);
  }
}

TEST(ArrowDamage, LengthsThatNoBatchHas) {
  for (const std::int64_t length : {std::int64_t{-1}, std::int64_t{2}, std::int64_t{4}, INT64_MAX}) {
    Values values = texts({"x", "y", "z"});
    values.length = length;
    EXPECT_NE(read({"item", {kUtf8}, values}).error.find("a record batch does not fit its schema"), std::string::npos) << length;
  }
  // Every column has no bytes, so that nothing else bounds them.
  Values claimed = texts({});
  claimed.length = 4'000'000;
  TestColumn user = kUsers, time = kTimes, type = kTypes;
  for (TestColumn* column : {&user, &time, &type}) column->values.length = claimed.length;
  EXPECT_NE(read_stream(make_stream({user, time, type})).error.find("the Arrow data claim 4000000 rows in "), std::string::npos);
}

// Text has three buffers and a number two: the values of one were read as those of the other.
TEST(ArrowDamage, OneDictionaryOfTwoTypesIsRefused) {
  const TestColumn type = {"event", {kUtf8}, {{{}, Bytes{0, 1, 2}}}, 0, texts({"impression", "click", "purchase"})};
  const TestColumn number = {"item", {kInt, {64, 1}}, {{{}, Bytes{0, 1, 1}}}, 0};
  for (const auto& columns : {std::vector<TestColumn>{kUsers, kTimes, type, number}, {kUsers, kTimes, number, type}}) {
    EXPECT_NE(read_stream(make_stream(columns)).error.find("whose values are of another type"), std::string::npos);
  }
  TestColumn shared = {"item", {kUtf8}, {{{}, Bytes{2, 1, 0}}}, 0};
  EXPECT_EQ(items(read_stream(make_stream({kUsers, kTimes, type, shared}))), (Texts{"purchase", "click", "impression"}));
}

// A preview shows the column and said that the file could not be read, while a run passed over it.
TEST(ArrowDamage, ADictionaryThatNobodyNeedsStopsNoPreview) {
  Values values = texts({"x", "y", "z"});
  values.buffers.pop_back();
  const Outcome outcome = read({"note", {kUtf8}, {{{}, Bytes{0, 1, 2}}}, 5, values});
  EXPECT_EQ(items(outcome), (Texts{"-", "-", "-"}));
  EXPECT_EQ(cells(outcome, 3), (Texts{"", "", ""}));
}

TEST(ArrowDamage, Codes) {
  const auto read_codes = [](const Bytes& codes, const Values& dictionary) {
    return read({"item", {kUtf8}, {{{}, codes}}, 5, dictionary});
  };
  EXPECT_EQ(items(read_codes({0, 1, 0}, texts({"x", "y"}))), (Texts{"x", "y", "x"}));
  EXPECT_NE(read_codes({0, 1, 2}, texts({"x", "y"})).error.find("a code is not in its dictionary"), std::string::npos);
  EXPECT_NE(read_codes({0, 1, 0xFF}, texts({"x", "y"})).error.find("a code is not in its dictionary"), std::string::npos);
  EXPECT_NE(read_codes({0, 1}, texts({"x", "y"})).error.find("its codes are cut off"), std::string::npos);
  EXPECT_NE(read_codes({0, 0, 0}, texts({})).error.find("a code is not in its dictionary"), std::string::npos);
  EXPECT_NE(read_codes({0, 0, 0}, {}).error.find("its dictionary is missing"), std::string::npos);
}

TEST(ArrowValues, WholeFloatsAreWrittenAsIntegers) {
  const auto item = [](std::int32_t precision, const Bytes& values) {
    return items(read({"item", {kFloat, {precision}}, {{{}, values}}}));
  };
  EXPECT_EQ(item(2, numbers<double>({7.0, -0.0, 7.5})), (Texts{"7", "0", "7.5"}));
  EXPECT_EQ(item(2, numbers<double>({9'007'199'254'740'991.0, 9'007'199'254'740'992.0, std::nan("")})),
            (Texts{"9007199254740991", "9007199254740992.0", "-"}));
  EXPECT_EQ(item(1, numbers<float>({7.0F, -3.0F, 0.5F})), (Texts{"7", "-3", "0.5"}));
  EXPECT_EQ(item(1, numbers<float>({3.1F, -0.3F, 16777216.0F})), (Texts{"3.1", "-0.3", "16777216"}));
  // Half precision: 1.5, -2, the largest; the smallest above 0, none, not a number.
  EXPECT_EQ(item(0, numbers<std::uint16_t>({0x3E00, 0xC000, 0x7BFF})), (Texts{"1.5", "-2", "65504"}));
  EXPECT_EQ(item(0, numbers<std::uint16_t>({0x0001, 0x8000, 0x7E00})), (Texts{"5.960464477539063e-08", "0", "-"}));
  EXPECT_EQ(item(0, numbers<std::uint16_t>({0x7C00, 0xFC00, 0x0400})), (Texts{"Infinity", "-Infinity", "6.103515625e-05"}));
  const TestColumn coded = {"item", {kFloat, {2}}, {{{}, Bytes{1, 0, 1}}}, 9, {{{}, numbers<double>({7.0, 0.5})}, 2}};
  EXPECT_EQ(items(read(coded)), (Texts{"0.5", "7", "0.5"}));
}

// Seven digits: an epoch second of these years is rounded to the next 128.
TEST(ArrowDamage, TimesOfSevenDigitsAreRefused) {
  const auto refusal = [](std::int32_t precision, const Bytes& values) {
    return read_stream(make_stream({kUsers, {"ts", {kFloat, {precision}}, {{{}, values}}}, kTypes})).error;
  };
  EXPECT_NE(refusal(1, numbers<float>({1'757'055'600.0F, 1'757'055'660.0F, 1'757'055'720.0F}))
                .find("column \"ts\": its type, float, cannot be the time: it has at most seven digits"),
            std::string::npos);
  EXPECT_NE(refusal(0, numbers<std::uint16_t>({0x3E00, 0x3E00, 0x3E00})).find("float16, cannot be the time"), std::string::npos);
  EXPECT_EQ(refusal(2, numbers<double>({1'757'055'600.0, 1'757'055'660.0, 1'757'055'720.0})), "");
}

TEST(ArrowDamage, UnsignedTimesBeyondTheSignedOnesAreShownAsTheyAre) {
  const TestColumn time = {"ts", {kInt, {64, 0}}, {{{}, numbers<std::uint64_t>({1'757'055'600, UINT64_MAX, 1'757'055'601})}}};
  const std::string error = read_stream(make_stream({kUsers, time, kTypes})).error;
  EXPECT_NE(error.find("row 2, column \"ts\": \"18446744073709551615\""), std::string::npos) << error;
}

TEST(ArrowValues, BinaryIdsAreTexts) {
  EXPECT_EQ(items(read({"item", {kBinary}, texts({"x", "", "z"})})), (Texts{"x", "-", "z"}));
  Values large = texts({"x", "y", "z"});
  large.buffers[1] = numbers<std::int64_t>({0, 1, 2, 3});
  EXPECT_EQ(items(read({"item", {kLargeBinary}, large})), (Texts{"x", "y", "z"}));
  Bytes views(48);
  for (std::size_t i = 0; i < 3; ++i) views[16 * i] = 1, views[16 * i + 4] = static_cast<std::uint8_t>('x' + i);
  EXPECT_EQ(items(read({"item", {kBinaryView}, {{{}, views}}, {}, {}, {}, {0}})), (Texts{"x", "y", "z"}));
  EXPECT_NE(read({"item", {kBinary}, texts({"x", "\xFF", "z"})}).error.find("column \"item\": value 2 of the batch is not UTF-8"),
            std::string::npos);
}

TEST(ArrowValues, UuidsAreWrittenAsInParquet) {
  Bytes bytes(48);
  for (std::size_t i = 0; i < 48; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  TestColumn column = {"item", {kFixed, {16}}, {{{}, bytes}}, {}, {}, "arrow.uuid"};
  EXPECT_EQ(items(read(column))[1], "10111213-1415-1617-1819-1a1b1c1d1e1f");
  column.values.buffers[1].resize(47);
  EXPECT_NE(read(column).error.find("its values are cut off"), std::string::npos);
  column.extension = "other";
  column.values.buffers[1].resize(48);
  column.values.buffers[1][20] = 0xFF;  // bytes of another meaning are texts where they are UTF-8
  EXPECT_NE(read(column).error.find("column \"item\": value 2 of the batch is not UTF-8"), std::string::npos);
  EXPECT_EQ(items(read({"item", {kFixed, {2}}, {{{}, Bytes{'a', 'b', 'c', 'd', 'e', 'f'}}}})), (Texts{"ab", "cd", "ef"}));
}

// As in Parquet: 7, 7.0 and 7.00 are one id.
TEST(ArrowValues, DecimalsOfEveryWidth) {
  const auto item = [](std::int32_t scale, std::int32_t bits, const Bytes& values) {
    return items(read({"item", {kDecimal, {9, scale, bits}}, {{{}, values}}}));
  };
  EXPECT_EQ(item(2, 32, numbers<std::int32_t>({700, -725, 0})), (Texts{"7", "-7.25", "0"}));
  EXPECT_EQ(item(0, 64, numbers<std::int64_t>({INT64_MIN, 7, INT64_MAX})),
            (Texts{"-9223372036854775808", "7", "9223372036854775807"}));
  EXPECT_EQ(item(2, 128, numbers<std::int64_t>({700, 0, -725, -1, 0, 1})), (Texts{"7", "-7.25", "184467440737095516.16"}));
  EXPECT_EQ(item(-2, 256, numbers<std::int64_t>({7, 0, 0, 0, -7, -1, -1, -1, 0, 0, 0, 0})), (Texts{"700", "-700", "0"}));
  // Before Arrow 2.0 nothing said how wide they are.
  EXPECT_EQ(items(read({"item", {kDecimal, {9, 2}}, {{{}, numbers<std::int64_t>({700, 0, -725, -1, 0, 0})}}})),
            (Texts{"7", "-7.25", "0"}));
  const Values values = {{
                             {},
                             numbers<std::int32_t>({700, 5}),
                         },
                         2};
  EXPECT_EQ(items(read({"item", {kDecimal, {9, 2, 32}}, {{{}, Bytes{1, 0, 1}}}, 5, values})), (Texts{"0.05", "7", "0.05"}));
  EXPECT_EQ(read({"item", {kDecimal, {9, 2, 32}}, {{{}, Bytes(12)}}}).preview["columnTypes"][3], "decimal(9, 2)");
  EXPECT_NE(read({"item", {kDecimal, {9, 2, 128}}, {{{}, Bytes(47)}}}).error.find("its values are cut off"), std::string::npos);
  for (const std::int32_t bits : {0, 8, 16, 512, 65'568, -128}) {
    EXPECT_NE(read({"item", {kDecimal, {9, 2, bits}}, {{{}, Bytes(48)}}}).error.find("the metadata of a message are damaged"),
              std::string::npos);
  }
  EXPECT_NE(read({"item", {kDecimal, {9, 77, 128}}, {{{}, Bytes(48)}}}).error.find("its type, decimal, cannot be the item"),
            std::string::npos);
  const TestColumn time = {"ts", {kDecimal, {18, 8, 64}}, {{{}, numbers<std::int64_t>({175'705'560'012'345'678, 0, 0})}}};
  EXPECT_EQ(read_stream(make_stream({kUsers, time, kTypes})).events[0], "b 1757055600123456 -");
}

TEST(ArrowValues, ADurationIsTheNumberThatItIsInParquet) {
  const TestColumn column = {"item", {kDuration, {2}}, {{{}, numbers<std::int64_t>({7, -1, 0})}}};
  EXPECT_EQ(items(read(column)), (Texts{"7", "-1", "0"}));
  EXPECT_EQ(read(column).preview["columnTypes"][3], "duration");
}

TestColumn runs(const std::string& name, const std::vector<std::int32_t>& ends, TestColumn values) {
  const auto count = static_cast<std::int64_t>(ends.size());
  return {name, {kRuns}, {}, {}, {}, {}, {}, {{"run_ends", {kInt, {32, 1}}, {{{}, numbers(ends)}, count}}, std::move(values)}};
}

TEST(ArrowValues, RunsOfEveryKindOfValue) {
  const TestColumn words = {"values", {kUtf8}, texts({"x", "y"})};
  EXPECT_EQ(items(read(runs("item", {2, 3}, words))), (Texts{"x", "x", "y"}));
  EXPECT_EQ(items(read(runs("item", {1, 9}, words))), (Texts{"x", "y", "y"}));  // the last may be longer than the batch
  EXPECT_EQ(items(read(runs("item", {3, 9}, words))), (Texts{"x", "x", "x"}));
  const TestColumn some = {"values", {kInt, {64, 1}}, {{Bytes{0x02}, numbers<std::int64_t>({7, -7})}, 2, 1}};
  EXPECT_EQ(items(read(runs("item", {2, 3}, some))), (Texts{"-", "-", "-7"}));
  EXPECT_EQ(items(read(runs("item", {2, 3}, {"values", {kBool}, {{{}, Bytes{0x02}}, 2}}))), (Texts{"false", "false", "true"}));
  const TestColumn codes = {"values", {kUtf8}, {{{}, Bytes{1, 0}}, 2}, 4, texts({"x", "y"})};
  const Outcome coded = read(runs("item", {2, 3}, codes));
  EXPECT_EQ(items(coded), (Texts{"y", "y", "x"}));
  EXPECT_EQ(coded.preview["columnTypes"][3], "runs of dictionary of string");
  EXPECT_EQ(cells(coded, 3), (Texts{"y", "y", "x"}));
  const auto at = [](const TestColumn& time) { return read_stream(make_stream({kUsers, time, kTypes})).events; };
  EXPECT_EQ(at(runs("ts", {1, 3}, {"values", {kTimestamp, {1}}, {{{}, numbers<std::int64_t>({5, 7})}, 2}})),
            (Texts{"b 5000 -", "a 7000 -", "b 7000 -"}));
  EXPECT_EQ(at(runs("ts", {1, 3}, {"values", {kInt, {64, 1}}, {{{}, numbers<std::int64_t>({1'757'055'600, 1'757'055'601})}, 2}})),
            (Texts{"b 1757055600000000 -", "a 1757055601000000 -", "b 1757055601000000 -"}));
}

TEST(ArrowDamage, Runs) {
  const TestColumn words = {"values", {kUtf8}, texts({"x", "y"})};
  const auto error = [&](const std::vector<std::int32_t>& ends) { return read(runs("item", ends, words)).error; };
  EXPECT_NE(error({1, 2}).find("column \"item\": its runs end before its rows do"), std::string::npos);
  for (const std::vector<std::int32_t>& ends : {std::vector<std::int32_t>{0, 3}, {3, 3}, {3, 2}, {-1, 3}}) {
    EXPECT_NE(error(ends).find("column \"item\": the ends of its runs are damaged"), std::string::npos);
  }
  EXPECT_NE(error({1, 2, 3}).find("a record batch does not fit its schema"), std::string::npos);  // a run without its value
  EXPECT_NE(error({}).find("its runs end before its rows do"), std::string::npos);
  TestColumn cut = runs("item", {1, 3}, words);
  cut.children[0].values.buffers[1].resize(7);
  EXPECT_NE(read(cut).error.find("the ends of its runs are cut off"), std::string::npos);
  EXPECT_EQ(cells(read_stream(make_stream({kUsers, kTimes, kTypes, runs("note", {1, 2}, words)})), 3), (Texts{"", "", ""}));
  for (const Type& type : {Type{kInt, {8, 1}}, Type{kInt, {32, 0}}, Type{kUtf8}}) {
    TestColumn other = runs("item", {1, 3}, words);
    other.children[0].type = type;
    EXPECT_NE(read(other).error.find("the metadata of a message are damaged"), std::string::npos);
  }
  TestColumn lone = runs("item", {1, 3}, words);
  lone.children.pop_back();
  EXPECT_NE(read(lone).error.find("the metadata of a message are damaged"), std::string::npos);
  EXPECT_NE(read(runs("item", {1, 3}, runs("values", {1, 2}, words))).error.find("its type, run-end encoded, cannot be the item"),
            std::string::npos);
}

TEST(ArrowValues, ADictionaryOfTimes) {
  const Values codes = {{Bytes{0x07}, Bytes{1, 0, 1}}, 3, 0};
  const auto events = [&](const TestColumn& time) {
    const Outcome outcome = read_stream(make_stream({kUsers, time, kTypes}));
    EXPECT_EQ(outcome.error, "");
    return outcome.events;
  };
  const Values two = {{{}, numbers<std::int64_t>({5, -1})}, 2};
  EXPECT_EQ(events({"ts", {kTimestamp, {1}}, codes, 0, two}), (Texts{"b -1000 -", "a 5000 -", "b -1000 -"}));
  EXPECT_EQ(events({"ts", {kDate, {0}}, codes, 0, {{{}, numbers<std::int32_t>({1, 2})}, 2}}),
            (Texts{"b 172800000000 -", "a 86400000000 -", "b 172800000000 -"}));
  const TestColumn missing = {"ts", {kTimestamp, {1}}, codes, 0, {{{Bytes{0x02}}, numbers<std::int64_t>({5, 7})}, 2, 1}};
  EXPECT_NE(read_stream(make_stream({kUsers, missing, kTypes})).error.find("row 2, column \"ts\""), std::string::npos);
  EXPECT_EQ(cells(read_stream(make_stream({kUsers, {"ts", {kTimestamp, {1}}, codes, 0, two}, kTypes})), 1)[1],
            "1970-01-01T00:00:00.005000");
}

// Until version 4 unions and runs had marks of missing values too.
TEST(ArrowValues, AUnionBesideTheEventsIsPassedOver) {
  const Values v4 = {{{}, Bytes(3)}}, v5 = {{Bytes(3)}};
  EXPECT_EQ(read({"note", {kUnion, {0}}, v4}, kV4).error, "");
  EXPECT_EQ(read({"note", {kUnion, {0}}, v5}, kV5).error, "");
  EXPECT_NE(read({"note", {kUnion, {0}}, v5}, kV4).error.find("a record batch does not fit its schema"), std::string::npos);
}

TEST(ArrowValues, RunsOfVersion4) {
  TestColumn column = runs("item", {2, 3}, {"values", {kUtf8}, texts({"x", "y"})});
  EXPECT_NE(read(column, kV4).error.find("a record batch does not fit its schema"), std::string::npos);
  column.values.buffers = {{}};
  EXPECT_EQ(items(read(column, kV4)), (Texts{"x", "x", "y"}));
}

// Before Arrow 0.15 the length of a message stood alone before it, and four zeros at the end.
TEST(ArrowValues, TheFramingOfOldStreams) {
  const auto old = [](std::string stream) {
    for (std::size_t at = 0; (at = stream.find("\xFF\xFF\xFF\xFF", at)) != std::string::npos;) stream.erase(at, 4);
    return stream;
  };
  const std::vector<TestColumn> columns = {kUsers, kTimes, kTypes, {"item", {kUtf8}, texts({"x", "y", "z"})}};
  const std::string stream = old(make_stream(columns, kV4));
  EXPECT_NE(stream.substr(0, 4), "\xFF\xFF\xFF\xFF");
  const Outcome outcome = read_stream(stream);
  EXPECT_EQ(items(outcome), (Texts{"x", "y", "z"}));
  EXPECT_EQ(outcome.preview["format"], "arrow");
  EXPECT_EQ(read_stream(old(make_stream(columns, kV4, false))).error, "");
  for (std::size_t size = stream.size() - 200; size < stream.size() - 4; ++size) {
    EXPECT_NE(read_stream(stream.substr(0, size)).error.find("the file has been cut off"), std::string::npos) << size;
  }
  EXPECT_TRUE(may_need_codecs(std::span(stream).first(16)));
  // Numbers that begin as such a stream may are no schema.
  const std::string other = std::string("\x64\0\0\0\x10\0\0\0", 8) + std::string(200, '\1');
  EXPECT_NE(read_stream(other).error.find("byte 2 is zero; this is not a text file"), std::string::npos);
}

TEST(ArrowValues, AStreamWithoutAnEndMarkEndsBetweenMessages) {
  const std::string stream = make_stream({kUsers, kTimes, kTypes}, kV5, false);
  EXPECT_EQ(read_stream(stream).events.size(), 3u);
  for (std::size_t size = stream.size() - 100; size < stream.size(); ++size) {
    EXPECT_NE(read_stream(stream.substr(0, size)).error.find("the file has been cut off"), std::string::npos) << size;
  }
}

// A transfer that broke between two messages leaves nothing to tell it by.
TEST(ArrowDamage, AStreamWithoutAnEndMarkIsNoticed) {
  const auto notices = [](const std::vector<support::Input>& inputs) {
    const support::Outcome outcome = support::run(Plan(), inputs);
    EXPECT_TRUE(outcome.ok()) << outcome.message();
    const nlohmann::json report = nlohmann::json::parse(outcome.report);
    nlohmann::json by_code = nlohmann::json::object();
    for (const auto& notice : report["notices"]) by_code[notice["code"].get<std::string>()] = notice;
    return by_code;
  };
  const std::string whole = make_stream({kUsers, kTimes, kTypes}), cut = make_stream({kUsers, kTimes, kTypes}, kV5, false);
  EXPECT_FALSE(notices({{whole, {}, "a.arrows"}}).contains("noEndMark"));
  const nlohmann::json one = notices({{whole, {}, "a.arrows"}, {cut, {100}, "b.arrows"}})["noEndMark"];
  EXPECT_EQ(one["message"], "b.arrows has no end mark; it may have been cut off, after 3 rows");
  EXPECT_EQ(one["counts"], nlohmann::json::parse(R"({"files": 1, "rows": 3})"));
  EXPECT_EQ(notices({{cut, {}, "b.arrows"}, {cut, {}, "c.arrows"}})["noEndMark"]["message"],
            "b.arrows has no end mark; it may have been cut off, after 3 rows, and so may 1 other file");
}

// A look at a file takes nothing of its rows for granted that a run refuses.
TEST(ArrowPreview, SaysOfRowsWhatARunSays) {
  const auto preview = [](const TestColumn& user, const TestColumn& time) {
    return read_stream(make_stream({user, time, kTypes}));
  };
  const TestColumn days = {"ts", {kInt, {32, 1}}, {{{}, numbers<std::int32_t>({20250905, 20250906, 20250907})}}};
  const Outcome calendar = preview(kUsers, days);
  EXPECT_NE(calendar.error.find("\"20250905\" reads as a calendar date"), std::string::npos) << calendar.error;
  EXPECT_EQ(calendar.preview["note"], calendar.error);
  const Outcome bad = preview(kUsers, {"ts", {kUtf8}, texts({"2025-09-05 07:00:00", "x", "2025-09-05 07:00:00"})});
  EXPECT_NE(bad.error.find("row 2, column \"ts\""), std::string::npos) << bad.error;
  EXPECT_EQ(bad.preview["note"], bad.error);
  const Outcome nobody = preview({"user_id", {kUtf8}, texts({"", "", ""})}, kTimes);
  EXPECT_NE(nobody.error.find("the user is missing"), std::string::npos) << nobody.error;
  EXPECT_EQ(nobody.preview["note"], nobody.error);
  EXPECT_FALSE(preview(kUsers, kTimes).preview.contains("note"));
  const std::string stream = make_stream({kUsers, {"ts", {kUtf8}, texts({"2025-09-05 07:00:00", "x", "y"})}, kTypes}, kV5, false);
  const auto sample = nlohmann::json::parse(inspect_json("f", stream, false, ReadingOptions(), 1));
  EXPECT_TRUE(sample["note"].get<std::string>().starts_with("In the bytes that were looked at: f, row 2")) << sample;
}

TEST(ArrowPreview, ABinaryColumnNobodyNeedsIsShownAsBytes) {
  const Outcome outcome = read({"raw", {kBinary}, texts({"\x89PNG", "plain", "\xFF"})});
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(cells(outcome, 3), (Texts{"\\x89504e47", "plain", "\\xff"}));
  EXPECT_EQ(cells(outcome, 0), (Texts{"b", "a", "b"}));
  const Outcome coded = read({"raw", {kBinary}, {{{}, Bytes{1, 0, 1}}}, 3, texts({"x", "\xFE"})});
  EXPECT_EQ(coded.error, "");
  EXPECT_EQ(cells(coded, 3), (Texts{"\\xfe", "x", "\\xfe"}));
  EXPECT_EQ(cells(read({"raw", {kFixed, {2}}, {{{}, Bytes{0xFF, 1, 0xFE, 3, 'o', 'k'}}}}), 3),
            (Texts{"\\xff01", "\\xfe03", "ok"}));
}

TEST(ArrowPreview, DamageToAColumnNobodyNeedsIsNoProblem) {
  Values broken = texts({"x", "y", "z"});
  broken.length = 7;
  for (const Values& values : {broken, Values{{{}, numbers<std::int32_t>({0, 9, 9, 9}), {}}}, Values{{{}, {}, {}}, 3, 2}}) {
    const Outcome outcome = read_stream(make_stream({kUsers, kTimes, {"note", {kUtf8}, values}, kTypes}));
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(cells(outcome, 2), (Texts{"", "", ""}));
    EXPECT_EQ(cells(outcome, 3), (Texts{"impression", "click", "purchase"}));
  }
}

// What a missing value's place holds is nobody's, be it no text.
TEST(ArrowValues, TextUnderAMissingValueIsNotLookedAt) {
  Values values = texts({"x", "\xFF", "z"});
  values.buffers[0] = {0x05};
  values.nulls = 1;
  EXPECT_EQ(items(read({"item", {kUtf8}, values})), (Texts{"x", "-", "z"}));
}

TestColumn list(const std::vector<std::int32_t>& offsets, Bytes marks, TestColumn elements) {
  const std::int64_t nulls = marks.empty() ? 0 : 1;
  return {"item", {kList}, {{std::move(marks), numbers(offsets)}, 3, nulls}, {}, {}, {}, {}, {std::move(elements)}};
}

Outcome read_items(const TestColumn& column) {
  return read_stream(make_stream({kUsers, kTimes, kTypes, column}), R"({"columns": {"item": "item[]"}})");
}

TEST(ArrowNested, ListsMakeRowsByPath) {
  const TestColumn elements = {"e", {kUtf8}, texts({"x", "y", "z", "w"})};
  const Outcome whole = read_items(list({0, 2, 2, 4}, {}, elements));
  EXPECT_EQ(whole.error, "");
  EXPECT_EQ(whole.events, (Texts{"b 1000000 x", "b 1000000 y", "a 2000000 -", "b 3000000 z", "b 3000000 w"}));
  // What stands where a list is missing is nobody's.
  EXPECT_EQ(read_items(list({1, 2, 3, 3}, {0x01}, elements)).events, (Texts{"b 1000000 y", "a 2000000 -", "b 3000000 -"}));
  const Outcome refused = read_stream(make_stream({kUsers, kTimes, kTypes, list({0, 2, 2, 4}, {}, elements)}));
  EXPECT_NE(refused.error.find("A path names a value in it, such as \"item[0]\""), std::string::npos) << refused.error;
  EXPECT_EQ(refused.preview["rows"][0][3], R"(["x","y"])");
}

TEST(ArrowNested, OffsetsReachForNothing) {
  const TestColumn elements = {"e", {kUtf8}, texts({"x", "y", "z", "w"})};
  for (const std::vector<std::int32_t>& offsets :
       {std::vector<std::int32_t>{0, 2, 2, 5}, {-1, 2, 2, 4}, {0, 2, 1, 4}, {0, 2, 2, INT32_MIN}}) {
    const Outcome outcome = read_items(list(offsets, {}, elements));
    EXPECT_NE(outcome.error.find("column \"item\": the offsets of its lists are damaged"), std::string::npos) << outcome.error;
  }
  EXPECT_NE(read_items(list({0, 2, 2}, {}, elements)).error.find("the offsets of its lists are cut off"), std::string::npos);
  TestColumn text = elements;
  text.values.buffers[2][3] = 0xFF;
  EXPECT_NE(read_items(list({0, 2, 2, 4}, {}, text)).error.find("is not UTF-8"), std::string::npos);
}

}  // namespace
}  // namespace causal_sessions
