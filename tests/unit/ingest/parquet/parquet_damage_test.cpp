// Parquet files that claim more than they hold, each refused with one sentence that a preview tells too; and unusual ones
// that are read all the same.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/crc32.h"
#include "ingest/event_reader.h"
#include "ingest/inspection/inspect.h"
#include "parquet_file.h"
#include "plan/plan.h"
#include "support/events.h"

namespace causal_sessions {
namespace {

TestColumn users() {
  TestColumn column{.name = "user_id", .converted = 0};
  for (const char* text : {"b", "a", "b"}) put_text(column.page, text);
  return column;
}

TestColumn times() {
  TestColumn column{.name = "ts", .physical = 2, .converted = 10};
  for (const std::int64_t us : {1'000'000, 2'000'000, 3'000'000}) put_number(column.page, us);
  return column;
}

TestColumn types() {
  TestColumn column{.name = "event", .converted = 0};
  for (const char* text : {"impression", "click", "purchase"}) put_text(column.page, text);
  return column;
}

// A column of all other types, "item" or "note".
template <class T>
TestColumn numbers(const char* name, int physical, const std::vector<T>& values) {
  TestColumn column{.name = name, .physical = physical};
  for (const T value : values) put_number(column.page, value);
  return column;
}

TestColumn texts(const char* name, std::initializer_list<std::string_view> values) {
  TestColumn column{.name = name, .converted = 0};
  for (const std::string_view text : values) put_text(column.page, text);
  return column;
}

TestColumn levels(TestColumn column, const Bytes& bytes) {
  column.repetition = 1;
  Bytes page;
  put_number(page, static_cast<std::uint32_t>(bytes.size()));
  page.insert(page.end(), bytes.begin(), bytes.end());
  page.insert(page.end(), column.page.begin(), column.page.end());
  column.page = page;
  return column;
}

struct Outcome {
  std::string error;                 // of a run; empty: it was read
  std::vector<std::string> events;   // "user time item"
  std::vector<std::string> notices;  // their codes
  nlohmann::json preview;
};

Outcome read_bytes(const Bytes& file, const std::string& plan_text = "{}") {
  Result<Plan> plan = read_plan(plan_text);
  EXPECT_TRUE(plan.ok());
  Outcome outcome;
  const std::string_view start(reinterpret_cast<const char*>(file.data()), 4);
  const auto inspection = inspect_by_ranges("e.parquet", start, file.size(), plan.value().reading, 10);
  while (const auto range = inspection->wanted()) {
    std::memcpy(inspection->room(range->size).data(), file.data() + range->offset, range->size);
    inspection->supply(range->size);
  }
  outcome.preview = nlohmann::json::parse(inspection->json());
  EventReader reader(plan.value().reading);
  reader.begin_file("e.parquet", file.size());
  std::memcpy(reader.window(file.size()).data(), file.data(), file.size());
  Status status = reader.commit(file.size());
  while (status.ok() && reader.wanted()) {
    const auto range = *reader.wanted();
    std::memcpy(reader.window(range.size).data(), file.data() + range.offset, range.size);
    status = reader.commit(range.size);
  }
  if (status.ok()) status = reader.end_file();
  if (!status.ok()) {
    outcome.error = status.error().message;
    EXPECT_EQ(outcome.preview["problem"].is_null() ? "no problem" : outcome.preview["problem"]["message"], outcome.error);
    return outcome;
  }
  const Result<EventTable> events = reader.finish();
  if (!events.ok()) outcome.error = events.error().message;
  const bool empty = !events.ok() && events.error().code == ErrorCode::kEmptyInput;
  EXPECT_EQ(outcome.preview["problem"].is_null() ? "" : outcome.preview["problem"]["message"], empty ? outcome.error : "");
  if (!events.ok()) return outcome;
  outcome.events = support::event_lines(events.value());
  for (const Notice& notice : reader.builder().notices()) outcome.notices.emplace_back(notice.code);
  return outcome;
}

Outcome read(const TestFile& made, const std::string& plan_text = "{}") { return read_bytes(make_file(made), plan_text); }

std::vector<std::string> cells(const Outcome& outcome, std::size_t column) {
  std::vector<std::string> all;
  for (const auto& row : outcome.preview["rows"]) all.push_back(row[column]);
  return all;
}

std::vector<std::string> items(const Outcome& outcome) {
  std::vector<std::string> all;
  for (const std::string& event : outcome.events) all.push_back(event.substr(event.rfind(' ') + 1));
  return all;
}

using Texts = std::vector<std::string>;

// A run of levels keeps its whole byte; a level of 2 was present, but not counted, so that cells came from before the
// column's first.
TEST(ParquetDamage, LevelsAboveTheColumnsReachForNothing) {
  const std::string refusal = "the Parquet data are damaged: the levels of a page end early, or are above the column's";
  for (const Bytes& bytes : {Bytes{0x06, 0x02}, Bytes{0x06, 0x03}, Bytes{0x06, 0xFF}, Bytes{0x04, 0x01, 0x02, 0x02}}) {
    EXPECT_EQ(read({{levels(users(), bytes), times(), types()}, 3}).error, "e.parquet, column \"user_id\": " + refusal);
    EXPECT_EQ(read({{users(), levels(times(), bytes), types()}, 3}).error, "e.parquet, column \"ts\": " + refusal);
    EXPECT_EQ(read({{users(), times(), types(), levels(texts("item", {"x", "y", "z"}), bytes)}, 3}).error,
              "e.parquet, column \"item\": " + refusal);
    TestColumn coded = texts("item", {});
    put_text(coded.dictionary, "x");
    coded.dictionary_values = 1;
    coded.page = {0, 0x06};
    coded.encoding = 8;
    EXPECT_EQ(read({{users(), times(), types(), levels(coded, bytes)}, 3}).error, "e.parquet, column \"item\": " + refusal);
  }
}

TEST(ParquetDamage, LevelsThatEndEarly) {
  for (const Bytes& bytes : {Bytes{}, Bytes{0x04, 0x01}, Bytes{0x00, 0x00}, Bytes{0x03}}) {
    EXPECT_NE(read({{levels(users(), bytes), times(), types()}, 3}).error.find("the levels of a page end early"),
              std::string::npos);
  }
  TestColumn page = users();
  page.repetition = 1;
  page.page = {9, 0, 0, 0, 0x06, 0x01};
  EXPECT_NE(read({{page, times(), types()}, 3}).error.find("the levels of a page are longer than the page"), std::string::npos);
}

TEST(ParquetDamage, MissingValuesAreThoseOfTheLevels) {
  const TestColumn item = levels(texts("item", {"x", "y"}), {0x03, 0x05});
  const Outcome outcome = read({{users(), times(), types(), item}, 3});
  EXPECT_EQ(items(outcome), (Texts{"x", "-", "y"}));
  EXPECT_EQ(cells(outcome, 3), (Texts{"x", "", "y"}));
}

TEST(ParquetDamage, Dictionaries) {
  TestColumn item = texts("item", {});
  put_text(item.dictionary, "x");
  item.dictionary_values = 1;
  item.page = {1, 0x06, 0x00};
  item.encoding = 8;
  const auto error = [](const TestColumn& column) { return read({{users(), times(), types(), column}, 3}).error; };
  EXPECT_EQ(error(item), "");
  const std::string start = "e.parquet, column \"item\": the Parquet data are damaged: ";
  const auto with = [&](auto change) {
    TestColumn changed = item;
    change(changed);
    return error(changed);
  };
  EXPECT_EQ(with([](TestColumn& c) { c.dictionary_pages = 0; }), start + "a page has codes, but there is no dictionary");
  EXPECT_EQ(with([](TestColumn& c) { c.dictionary_pages = 2; }), start + "it has two dictionaries");
  EXPECT_EQ(with([](TestColumn& c) { c.dictionary_values = 2; }), start + "its dictionary is shorter than it claims");
  EXPECT_EQ(with([](TestColumn& c) { c.dictionary_values = -1; }), start + "its dictionary is shorter than it claims");
  EXPECT_EQ(with([](TestColumn& c) { c.dictionary_values = 1 << 30; }), start + "its dictionary is shorter than it claims");
  EXPECT_EQ(with([](TestColumn& c) { c.dictionary = {}, c.dictionary_values = 0, c.dictionary_pages = 1; }),
            start + "a code lies outside of the dictionary");
  EXPECT_EQ(with([](TestColumn& c) { c.page = {1, 0x06, 0x01}; }), start + "a code lies outside of the dictionary");
  EXPECT_EQ(with([](TestColumn& c) { c.page = {1, 0x06, 0x02}; }),
            start + "the codes of a page end early, or have more bits than it says");
  EXPECT_EQ(with([](TestColumn& c) { c.page = {1, 0x04, 0x00}; }),
            start + "the codes of a page end early, or have more bits than it says");
  EXPECT_EQ(with([](TestColumn& c) { c.page = {33, 0x06, 0, 0, 0, 0, 0}; }), start + "a code has more than 32 bits");
}

// All of them are missing. The times' values are copied at once, to nowhere.
TEST(ParquetDamage, ADictionaryWithoutValues) {
  for (TestColumn column : {TestColumn{.name = "note", .physical = 2, .converted = 10}, TestColumn{.name = "note", .physical = 3},
                            TestColumn{.name = "note", .physical = 1}, TestColumn{.name = "note", .converted = 0}}) {
    column.dictionary_pages = 1;
    column.encoding = 8;
    const Outcome outcome = read({{users(), times(), types(), levels(column, {0x06, 0x00})}, 3});
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(cells(outcome, 3), (Texts{"", "", ""}));
  }
}

Bytes int96(std::int32_t day, std::uint64_t nanoseconds) {
  Bytes bytes;
  put_number(bytes, nanoseconds);
  put_number(bytes, day);
  return bytes;
}

// Julian day 2440588 is 1970-01-01. The product of days and microseconds wraps beyond 106.7 million days, and half of
// what comes of it looked like a time of these years.
TEST(ParquetDamage, Int96DaysThatWrapAreBadTimes) {
  const auto read_time = [](std::int32_t day, std::uint64_t nanoseconds) {
    TestColumn time{.name = "ts", .physical = 3};
    for (int row = 0; row < 3; ++row) {
      const Bytes bytes = int96(row == 1 ? day : 2'440'588, row == 1 ? nanoseconds : 0);
      time.page.insert(time.page.end(), bytes.begin(), bytes.end());
    }
    return read({{users(), time, types()}, 3});
  };
  EXPECT_EQ(read_time(2'440'589, 1'000).events, (Texts{"b 0 -", "a 86400000001 -", "b 0 -"}));
  EXPECT_EQ(read_time(2'440'587, 86'399'999'999'999).events[1], "a -1 -");
  const std::uint64_t day_ns = 86'400'000'000'000;
  for (const auto& [day, nanoseconds] : std::initializer_list<std::pair<std::int32_t, std::uint64_t>>{
           {-105'862'232, 0}, {213'521'000, 0}, {INT32_MIN, 0}, {INT32_MAX, 0}, {2'440'588, day_ns}, {2'440'588, UINT64_MAX}}) {
    const Outcome outcome = read_time(day, nanoseconds);
    EXPECT_NE(outcome.error.find("row 2, column \"ts\": \"Julian day " + std::to_string(day) + "\""), std::string::npos)
        << outcome.error;
  }
}

TEST(ParquetDamage, UnsignedTimesBeyondTheSignedOnesAreBadTimes) {
  TestColumn time = numbers<std::uint64_t>("ts", 2, {1'700'000'000, UINT64_MAX - 999, 1'700'000'000});
  time.converted = 14;  // UINT_64; read as signed, the second is just before 1970
  EXPECT_NE(read({{users(), time, types()}, 3}).error.find("row 2, column \"ts\": \"18446744073709550616\""), std::string::npos);
}

TEST(ParquetDamage, PagesAreThoseOfTheirChecksums) {
  TestColumn user = users();
  user.crc = crc32(user.page);
  EXPECT_EQ(read({{user, times(), types()}, 3}).events.size(), 3u);
  user.page.back() = 'c';  // a bit of a text, which nothing else can tell from another text
  EXPECT_EQ(read({{user, times(), types()}, 3}).error,
            "e.parquet, column \"user_id\": the Parquet data are damaged: a page does not fit its checksum");
}

// The footer is the last file's, and its places are counted from that file's start: the first file's users were read.
TEST(ParquetDamage, FilesOneBehindTheOtherAreRefused) {
  const Bytes short_one = make_file({{users(), times(), types()}, 3});
  const Bytes long_one = make_file({{users(), times(), types(), texts("item", {"x", "y", "z"})}, 3});
  const Bytes no_rows = make_file({{TestColumn{.name = "user_id", .converted = 0, .empty_group = true}}, 0});
  EXPECT_EQ(read_bytes(long_one).error, "");
  for (const Bytes& first : {short_one, long_one}) {
    for (const Bytes& last : {short_one, long_one, no_rows}) {
      Bytes file = first;
      file.insert(file.end(), last.begin(), last.end());
      EXPECT_EQ(read_bytes(file).error, "e.parquet: these are several Parquet files in one; the last begins at byte " +
                                            std::to_string(first.size()) + ". Give each as a file of its own");
    }
  }
}

// Indexes and Bloom filters may stand behind the columns, and what a footer of today does not know.
TEST(ParquetValues, BytesBehindTheColumnsAreNoOtherFile) {
  TestFile made{{users(), times(), types()}, 3};
  for (const std::size_t size : {1, 11, 12, 1000, 100'000}) {
    made.behind = Bytes(size, 'P');
    EXPECT_EQ(read(made).error, "") << size;
  }
}

// Dask and Spark write a _metadata file beside those that it tells of.
TEST(ParquetDamage, MetadataOfOtherFilesIsNamed) {
  TestFile made{{users(), times(), types()}, 3};
  made.path = "part0.parquet";
  EXPECT_EQ(read(made).error, "e.parquet holds only the metadata of other files; leave it out");
}

// Seven digits: an epoch second of these years is rounded to the next 128.
TEST(ParquetDamage, TimesOfSevenDigitsAreRefused) {
  const TestColumn time = numbers<float>("ts", 4, {1'757'055'600.0F, 1'757'055'660.0F, 1'757'055'720.0F});
  EXPECT_EQ(
      read({{users(), time, types()}, 3}).error,
      "e.parquet, column \"ts\": its type, float, cannot be the time: it has at most seven digits, and the epoch seconds of "
      "these years have ten. Write the times as timestamps, whole numbers or 64-bit floats, or name another column in the plan: "
      "columns.time");
  EXPECT_EQ(read({{users(), numbers<double>("ts", 5, {1'757'055'600.0, 1'757'055'660.0, 1'757'055'720.0}), types()}, 3}).error,
            "");
}

// As in a CSV, where the text "-1" is.
TEST(ParquetValues, ANumberThatStandsForAMissingTime) {
  const TestFile made{{users(), numbers<std::int64_t>("ts", 2, {-1, 1'757'055'600, 1'757'055'601}), types()}, 3};
  EXPECT_NE(read(made, R"({"input": {"nulls": ["-1"]}})").error.find("row 1, column \"ts\": the time is missing"),
            std::string::npos);
  EXPECT_EQ(read(made, R"({"input": {"nulls": ["-1"]}, "rows": {"bad": "drop"}})").events,
            (Texts{"a 1757055600000000 -", "b 1757055601000000 -"}));
}

// Of 16,777,217 and its like a float of 32 bits keeps a neighbour.
TEST(ParquetValues, IdsOfShortFloatsAreNoticedWhereTheyMayBeSeveral) {
  const auto is_noticed = [](float most) {
    const std::vector<std::string> codes = read({{numbers<float>("user_id", 4, {most, 7, 2.5F}), times(), types()}, 3}).notices;
    return std::find(codes.begin(), codes.end(), "idsLostDigits") != codes.end();
  };
  EXPECT_TRUE(is_noticed(16'777'216));
  EXPECT_FALSE(is_noticed(16'777'215));
  EXPECT_TRUE(is_noticed(-123'456'789));
}

// "7" and "7.0" are one id, by whatever route it comes.
TEST(ParquetValues, WholeFloatsAreWrittenAsIntegers) {
  const auto item = [](const TestColumn& column) { return items(read({{users(), times(), types(), column}, 3})); };
  EXPECT_EQ(item(numbers<double>("item", 5, {7.0, -0.0, 7.5})), (Texts{"7", "0", "7.5"}));
  EXPECT_EQ(item(numbers<float>("item", 4, {7.0F, -3.0F, 0.5F})), (Texts{"7", "-3", "0.5"}));
  EXPECT_EQ(item(numbers<float>("item", 4, {3.1F, -0.3F, 16777216.0F})), (Texts{"3.1", "-0.3", "16777216"}));
  EXPECT_EQ(item(numbers<float>("item", 4, {1e17F, 3.4028235e38F, 1e-45F})), (Texts{"1e+17", "3.4028235e+38", "1e-45"}));
  EXPECT_EQ(item(numbers<double>("item", 5, {9'007'199'254'740'991.0, 9'007'199'254'740'992.0, 1e16})),
            (Texts{"9007199254740991", "9007199254740992.0", "1e+16"}));
  EXPECT_EQ(item(numbers<double>("item", 5, {-9'007'199'254'740'991.0, HUGE_VAL, std::nan("")})),
            (Texts{"-9007199254740991", "Infinity", "-"}));
  TestColumn coded = numbers<double>("item", 5, {});
  put_number(coded.dictionary, 7.0);
  coded.dictionary_values = 1;
  coded.encoding = 8;
  coded.page = {0, 0x06};
  EXPECT_EQ(item(coded), (Texts{"7", "7", "7"}));
}

// A warehouse has no other numbers than NUMBER(38, 0); 7, 7.0 and 7.00 are one id.
TEST(ParquetValues, DecimalsOfEveryPhysicalType) {
  const auto item = [](const TestColumn& column) { return items(read({{users(), times(), types(), column}, 3})); };
  const auto decimal = [](TestColumn column, int precision, int scale) {
    column.converted = 5;
    column.precision = precision;
    column.scale = scale;
    return column;
  };
  const TestColumn narrow = numbers<std::int32_t>("item", 1, {700, -725, 0});
  EXPECT_EQ(item(decimal(narrow, 9, 2)), (Texts{"7", "-7.25", "0"}));
  EXPECT_EQ(item(decimal(narrow, 9, 0)), (Texts{"700", "-725", "0"}));
  const TestColumn wide = numbers<std::int64_t>("item", 2, {INT64_MIN, 1, 1'000'000'000'000'000'000});
  EXPECT_EQ(item(decimal(wide, 18, 18)), (Texts{"-9.223372036854775808", "0.000000000000000001", "1"}));
  TestColumn fixed{.name = "item", .physical = 7, .fixed_size = 3};
  fixed.page = {0x00, 0x02, 0xBC, 0xFF, 0xFD, 0x2B, 0x80, 0, 0};  // the first byte is the most significant
  EXPECT_EQ(item(decimal(fixed, 6, 2)), (Texts{"7", "-7.25", "-83886.08"}));
  // Any number of bytes, more than are needed, and none.
  TestColumn bytes = texts("item", {std::string_view("\x02\xBC", 2), std::string_view(), std::string(40, '\xFF') + "\xFD\x2B"});
  EXPECT_EQ(item(decimal(bytes, 38, 2)), (Texts{"7", "0", "-7.25"}));
  bytes = texts("item", {"\x7F", std::string("\x01") + std::string(32, '\0'), "\x7F"});
  EXPECT_NE(read({{users(), times(), types(), decimal(bytes, 76, 0)}, 3}).error.find("a decimal has more than 76 digits"),
            std::string::npos);
  TestColumn coded = decimal(numbers<std::int64_t>("item", 2, {}), 18, 1);
  put_number(coded.dictionary, std::int64_t{70});
  coded.dictionary_values = 1;
  coded.encoding = 8;
  coded.page = {0, 0x06};
  EXPECT_EQ(item(coded), (Texts{"7", "7", "7"}));
  TestColumn newer = narrow;
  newer.logical = 5;
  newer.precision = 9;
  newer.scale = 2;
  EXPECT_EQ(item(newer), (Texts{"7", "-7.25", "0"}));
  EXPECT_EQ(read({{users(), times(), types(), newer}, 3}).preview["columnTypes"][3], "decimal(9, 2)");
  newer.scale = 77;
  EXPECT_NE(read({{users(), times(), types(), newer}, 3}).error.find("its type, decimal, cannot be the item"), std::string::npos);
}

TEST(ParquetValues, ADecimalIsAnEpochWithItsFraction) {
  const auto at = [](const std::vector<std::int64_t>& values, int scale) {
    TestColumn time = numbers<std::int64_t>("ts", 2, values);
    time.converted = 5;
    time.precision = 18;
    time.scale = scale;
    return read({{users(), time, types()}, 3});
  };
  EXPECT_EQ(at({1'757'055'600'123'456, 1'757'055'601'000'000, 1'757'055'602'500'000}, 6).events,
            (Texts{"b 1757055600123456 -", "a 1757055601000000 -", "b 1757055602500000 -"}));
  // Digits behind the sixth are cut.
  EXPECT_EQ(at({175'705'560'012'345'678, 175'705'560'100'000'000, 175'705'560'250'000'000}, 8).events,
            (Texts{"b 1757055600123456 -", "a 1757055601000000 -", "b 1757055602500000 -"}));
  EXPECT_EQ(at({1'757'055'600'123, 1'757'055'601'000, 1'757'055'602'500}, 0).events,
            (Texts{"b 1757055600123000 -", "a 1757055601000000 -", "b 1757055602500000 -"}));
  EXPECT_NE(at({2'025'090'100, 2'025'090'200, 2'025'090'300}, 2).error.find("\"20250901\" reads as a calendar date"),
            std::string::npos);
}

TEST(ParquetValues, HalfPrecision) {
  TestColumn item{.name = "item", .physical = 7, .page = {0x00, 0x3E, 0x00, 0xC0, 0x00, 0x7E}, .fixed_size = 2, .logical = 15};
  EXPECT_EQ(items(read({{users(), times(), types(), item}, 3})), (Texts{"1.5", "-2", "-"}));
  item.name = "ts";
  EXPECT_NE(read({{users(), item, types()}, 3}).error.find("its type, float16, cannot be the time: it has at most seven digits"),
            std::string::npos);
}

TEST(ParquetValues, BytesOfOneSizeAreTextsWhereTheyAreUtf8) {
  TestColumn item{.name = "item", .physical = 7, .page = {'a', 'b', 'c', 'd', 'e', 'f'}, .fixed_size = 2};
  EXPECT_EQ(items(read({{users(), times(), types(), item}, 3})), (Texts{"ab", "cd", "ef"}));
  item.page[2] = 0xFF;
  EXPECT_NE(read({{users(), times(), types(), item}, 3}).error.find("column \"item\": its texts are not UTF-8"),
            std::string::npos);
}

TEST(ParquetValues, BooleansAreWrittenAsInJson) {
  TestColumn item{.name = "item", .physical = 0, .page = {0x05}};
  EXPECT_EQ(items(read({{users(), times(), types(), item}, 3})), (Texts{"true", "false", "true"}));
}

// A flat column needs no repetition levels; Athena's writer has a run of zeros.
TEST(ParquetValues, RepetitionLevelsOfAFlatColumnArePassedOver) {
  TestColumn item = texts("item", {"x", "y"});
  item.repetition = 1;
  item.v2 = true;
  item.repetition_bytes = 2;
  item.definition_bytes = 2;
  item.page.insert(item.page.begin(), {0x06, 0x00, 0x03, 0x05});
  const auto error = [&](int repetition, int definition) {
    TestColumn changed = item;
    changed.repetition_bytes = repetition;
    changed.definition_bytes = definition;
    return read({{users(), times(), types(), changed}, 3}).error;
  };
  EXPECT_EQ(items(read({{users(), times(), types(), item}, 3})), (Texts{"x", "-", "y"}));
  const std::string refusal =
      "e.parquet, column \"item\": the Parquet data are damaged: the levels of a page are longer than the page";
  for (const auto& [repetition, definition] : std::initializer_list<std::pair<int, int>>{
           {-1, 2}, {2, -1}, {15, 2}, {2, 13}, {INT32_MAX, INT32_MAX}, {INT32_MIN, INT32_MIN}}) {
    EXPECT_EQ(error(repetition, definition), refusal) << repetition << ' ' << definition;
  }
}

// parquet-cpp of Arrow before 3.0 says of compressed pages that they are not.
TEST(ParquetValues, PagesOfOldArrowAreCompressedWhateverTheySay) {
  TestColumn item{.name = "item", .converted = 0};
  Bytes plain;
  for (const char* text : {"x", "y", "z"}) put_text(plain, text);
  item.page = {static_cast<std::uint8_t>(plain.size()), static_cast<std::uint8_t>((plain.size() - 1) << 2)};  // Snappy, a literal
  item.page.insert(item.page.end(), plain.begin(), plain.end());
  item.codec = 1;
  item.v2 = true;
  item.plain_size = static_cast<int>(plain.size());
  const auto outcome = [&](const char* writer) { return read({{users(), times(), types(), item}, 3, writer}); };
  EXPECT_EQ(items(outcome("parquet-cpp version 1.5.1-SNAPSHOT")), (Texts{"x", "y", "z"}));
  EXPECT_NE(outcome("parquet-cpp-arrow version 3.0.0").error.find("a page has another size than its header says"),
            std::string::npos);
}

TEST(ParquetValues, AnEmptyGroupIsAColumnWithoutPages) {
  const TestColumn group{.name = "nothing", .repetition = 1, .empty_group = true};
  const Outcome outcome = read({{users(), group, times(), types(), texts("item", {"x", "y", "z"})}, 3});
  EXPECT_EQ(items(outcome), (Texts{"x", "y", "z"}));
  EXPECT_EQ(cells(outcome, 1), (Texts{"", "", ""}));
  EXPECT_EQ(outcome.preview["columnTypes"][1], "struct");
}

TEST(ParquetValues, AFileWithoutColumnsSaysSo) {
  EXPECT_EQ(read({{}, 3}).error, "e.parquet has no columns; a table of events is needed");
  EXPECT_EQ(read({{TestColumn{.name = "nothing", .empty_group = true}}, 3}).error.find("has no columns"), std::string::npos);
}

// One kilobyte of equal rows would cost gigabytes.
TEST(ParquetDamage, MoreRowsThanAnyEventsHave) {
  const auto error = [](std::int64_t rows) {
    TestColumn user = texts("user_id", {});
    put_text(user.dictionary, "a");
    user.dictionary_values = 1;
    user.encoding = 8;
    for (auto at = static_cast<std::uint64_t>(rows) << 1; at != 0 || user.page.empty(); at >>= 7) {
      if (user.page.empty()) user.page.push_back(0);
      user.page.push_back(static_cast<std::uint8_t>((at & 0x7F) | (at >> 7 != 0 ? 0x80 : 0)));
    }
    TestColumn time = user, type = user;
    time.name = "ts";
    type.name = "event";
    return read({{user, time, type}, rows}).error;
  };
  EXPECT_NE(error(1'500'000).find(" claims 1500000 rows in "), std::string::npos);
  EXPECT_NE(error(INT64_MAX).find(" claims 9223372036854775807 rows in "), std::string::npos);
  EXPECT_EQ(error(1'000'000).find(" claims "), std::string::npos);
}

// A picture beside the events: nobody needs it, and the preview shows its first bytes.
TEST(ParquetPreview, ABinaryColumnNobodyNeedsIsShownAsBytes) {
  using namespace std::string_view_literals;
  const TestColumn raw = texts("raw", {"\x89PNG\r\n"sv, "plain", "\xFF\xFE 0123456789abcdef"sv});
  const Outcome outcome = read({{raw, users(), times(), types(), texts("item", {"x", "y", "z"})}, 3});
  EXPECT_EQ(items(outcome), (Texts{"x", "y", "z"}));
  EXPECT_EQ(cells(outcome, 0), (Texts{"\\x89504e470d0a", "plain", "\\xfffe2030313233343536373839616263…"}));
  EXPECT_EQ(cells(outcome, 4), (Texts{"x", "y", "z"}));
  TestColumn fixed{.name = "raw", .physical = 7, .page = {0xFE, 2, 0xFF, 4, 'o', 'k'}, .fixed_size = 2};
  EXPECT_EQ(cells(read({{fixed, users(), times(), types()}, 3}), 0), (Texts{"\\xfe02", "\\xff04", "ok"}));
}

TEST(ParquetPreview, TextThatIsNotUtf8IsTheSameProblemForAll) {
  const TestColumn item = texts("item", {"x", "\xFF", "z"});
  const std::string refusal = "e.parquet, column \"item\": its texts are not UTF-8";
  EXPECT_EQ(read({{users(), times(), types(), item}, 3}).error, refusal);
  EXPECT_EQ(read({{users(), times(), types(), item}, 3}, R"({"columns": {"item": "user_id", "user": "item"}})").error, refusal);
  TestColumn note = item;
  note.name = "note";
  EXPECT_EQ(read({{users(), times(), types(), note}, 3}).error, "");
}

TEST(ParquetPreview, DamageToAColumnNobodyNeedsIsNoProblem) {
  TestColumn note = texts("note", {"x", "y", "z"});
  note.page.resize(note.page.size() - 1);
  TestColumn last = texts("last", {"p", "q", "r"});
  const Outcome outcome = read({{note, users(), times(), types(), last}, 3});
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(cells(outcome, 0), (Texts{"", "", ""}));
  EXPECT_EQ(cells(outcome, 1), (Texts{"b", "a", "b"}));
  EXPECT_EQ(cells(outcome, 4), (Texts{"p", "q", "r"}));
}

// A list of texts, with the levels of repetition and of definition before them.
TestColumn list(const Bytes& repetitions, const Bytes& definitions, std::initializer_list<std::string_view> values,
                std::int64_t count, bool v2 = false) {
  TestColumn column = texts("item", values);
  column.repetition = 2;
  column.values = count;
  column.v2 = v2;
  column.repetition_bytes = static_cast<int>(repetitions.size());
  column.definition_bytes = static_cast<int>(definitions.size());
  Bytes page;
  for (const Bytes* levels : {&repetitions, &definitions}) {
    if (!v2) put_number(page, static_cast<std::uint32_t>(levels->size()));
    page.insert(page.end(), levels->begin(), levels->end());
  }
  page.insert(page.end(), column.page.begin(), column.page.end());
  column.page = page;
  return column;
}

const Bytes kTwoNoneTwo = {0x03, 0x12}, kFourThere = {0x03, 0x1B};  // 0 1 0 0 1, and 1 1 0 1 1

TEST(ParquetNested, ListsMakeRowsByPath) {
  for (const bool v2 : {false, true}) {
    const TestFile file{{users(), times(), types(), list(kTwoNoneTwo, kFourThere, {"x", "y", "z", "w"}, 5, v2)}, 3};
    EXPECT_EQ(read(file, R"({"columns": {"item": "item[]"}})").events,
              (Texts{"b 1000000 x", "b 1000000 y", "a 2000000 -", "b 3000000 z", "b 3000000 w"}));
    EXPECT_EQ(read(file, R"({"columns": {"item": "item[1]"}})").events, (Texts{"b 1000000 y", "a 2000000 -", "b 3000000 w"}));
    const Outcome refused = read(file);
    EXPECT_NE(refused.error.find("A path names a value in it, such as \"item[0]\""), std::string::npos) << refused.error;
    EXPECT_EQ(cells(refused, 3), (Texts{R"(["x","y"])", "[]", R"(["z","w"])"}));
    EXPECT_EQ(refused.preview["paths"], nlohmann::json({"item[0]"}));
  }
}

TEST(ParquetNested, LevelsReachForNothing) {
  const std::string ended = "the levels of a page end early, or are above the column's";
  struct Row {
    Bytes repetitions, definitions;
    std::int64_t count;
    std::string finding;
  };
  for (const Row& row : std::vector<Row>{
           {{0x03, 0x13}, kFourThere, 5, "its first value goes on with a list that has not begun"},
           {{0x03, 0x1E}, kFourThere, 5, "its rows end early"},
           {{0x03, 0x00}, kFourThere, 5, "its pages hold more rows than the group"},
           {{}, kFourThere, 5, ended},
           {kTwoNoneTwo, {0x04, 0x01}, 5, ended},
           {kTwoNoneTwo, {0x0A, 0x02}, 5, ended},
           {{0x0A, 0x02}, kFourThere, 5, ended},
           {kTwoNoneTwo, {0x0A, 0x01}, 5, "a page ends before its values do"},
           {kTwoNoneTwo, kFourThere, 2, "it has 2 values in a group of 3 rows"},
           {kTwoNoneTwo, kFourThere, 9, ended},
       }) {
    for (const bool v2 : {false, true}) {
      const TestColumn damaged = list(row.repetitions, row.definitions, {"x", "y", "z", "w"}, row.count, v2);
      EXPECT_EQ(read({{users(), times(), types(), damaged}, 3}, R"({"columns": {"item": "item[]"}})").error,
                "e.parquet, column \"item\": the Parquet data are damaged: " + row.finding);
    }
  }
  EXPECT_NE(read({{users(), times(), types(), list(kTwoNoneTwo, kFourThere, {}, std::int64_t{1} << 40)}, 3},
                 R"({"columns": {"item": "item[]"}})")
                .error.find("it claims 1099511627776 values"),
            std::string::npos);
}

// A look at a file takes nothing of its rows for granted that a run refuses.
TEST(ParquetPreview, SaysOfRowsWhatARunSays) {
  const Outcome days = read({{users(), numbers<std::int32_t>("ts", 1, {20250905, 20250906, 20250907}), types()}, 3});
  EXPECT_NE(days.error.find("\"20250905\" reads as a calendar date"), std::string::npos) << days.error;
  EXPECT_EQ(days.preview["note"], days.error);
  const Outcome bad =
      read({{users(), texts("ts", {"2025-09-05 07:00:00", "09/05/2025 7:00 PM", "2025-09-05 07:00:00"}), types()}, 3});
  EXPECT_NE(bad.error.find("row 2, column \"ts\""), std::string::npos) << bad.error;
  EXPECT_EQ(bad.preview["note"], bad.error);
  const Outcome nobody = read({{levels(texts("user_id", {"b", "a"}), {0x03, 0x05}), times(), types()}, 3});
  EXPECT_NE(nobody.error.find("row 2, column \"user_id\": the user is missing"), std::string::npos) << nobody.error;
  EXPECT_EQ(nobody.preview["note"], nobody.error);
  EXPECT_TRUE(read({{users(), times(), types()}, 3}).preview.value("note", nlohmann::json()).is_null());
  TestFile none{{users(), times(), types()}, 0};
  for (TestColumn& column : none.columns) column.page.clear();
  EXPECT_EQ(read(none).preview["problem"]["message"], "e.parquet has no rows of data");
}

// A run names the columns before it reads any; then it reads them in the order of their roles, a batch at a time.
TEST(ParquetPreview, TheFirstProblemIsTheRuns) {
  TestColumn user = users();
  user.page.resize(3);
  TestColumn type = types();
  type.page.resize(3);
  EXPECT_NE(read({{user, times()}, 3}).error.find("no column looks like the type"), std::string::npos);
  EXPECT_NE(read({{type, times(), user}, 3}).error.find("column \"user_id\""), std::string::npos);
  TestColumn clock = times();
  clock.converted = 7;  // milliseconds, which have 32 bits
  EXPECT_EQ(
      read({{user, clock, types()}, 3}).error,
      "e.parquet, column \"ts\": its type, time of day, cannot be the time; a timestamp, a date, an epoch number or text is "
      "needed. Cast the column before it is written, or name another in the plan: columns.time");
}

}  // namespace
}  // namespace causal_sessions
