#include "formats/thrift.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

namespace causal_sessions::thrift {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(ThriftWriter, WritesFieldsByTheDistanceOfTheirIds) {
  Bytes bytes;
  Writer out(bytes);
  out.begin_struct();
  out.field(1, std::int32_t{1});
  out.field(3, std::int64_t{-1});
  out.field(4, true);
  out.field(5, false);
  out.field(6, std::int8_t{16});
  out.field(30, std::string_view("ab"));
  out.end_struct();
  EXPECT_EQ(bytes, (Bytes{0x15, 2, 0x26, 1, 0x11, 0x12, 0x13, 16, 8, 60, 2, 'a', 'b', 0}));
}

TEST(ThriftWriter, NestsStructs) {
  Bytes bytes;
  Writer out(bytes);
  out.begin_struct();
  out.begin_struct(5);
  out.field(1, std::int32_t{0});
  out.end_struct();
  out.empty_struct(6);  // ids go on from the outer struct's
  out.end_struct();
  EXPECT_EQ(bytes, (Bytes{0x5C, 0x15, 0, 0, 0x1C, 0, 0}));
}

TEST(ThriftWriter, WritesLongListsWithTheirOwnSize) {
  for (const std::size_t size : {0u, 14u, 15u, 200u}) {
    Bytes bytes;
    Writer out(bytes);
    out.begin_struct();
    out.begin_list(2, kI32, size);
    for (std::size_t i = 0; i < size; ++i) out.integer(0);
    out.end_struct();
    Bytes expected = size < 15    ? Bytes{0x29, static_cast<std::uint8_t>(size << 4 | 5)}
                     : size < 128 ? Bytes{0x29, 0xF5, static_cast<std::uint8_t>(size)}
                                  : Bytes{0x29, 0xF5, 0xC8, 0x01};
    expected.resize(expected.size() + size + 1);
    EXPECT_EQ(bytes, expected) << size;
  }
}

TEST(ThriftWriter, WritesIntegersAsZigzagVarints) {
  struct Row {
    std::int64_t value;
    Bytes bytes;
  };
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  for (const Row& row : {Row{0, {0}}, Row{-1, {1}}, Row{1, {2}}, Row{63, {126}}, Row{64, {0x80, 1}}, Row{-65, {0x81, 1}},
                         Row{300, {0xD8, 4}}, Row{kMin, {255, 255, 255, 255, 255, 255, 255, 255, 255, 1}}}) {
    Bytes bytes;
    Writer(bytes).integer(row.value);
    EXPECT_EQ(bytes, row.bytes) << row.value;
  }
}

TEST(ThriftReader, TakesKnownFieldsAndSkipsOthers) {
  // 1: i32 -3; 2: a list of two structs; 4: binary "ab"; 20: true, with a long field header.
  const Bytes bytes = {0x15, 0x05, 0x19, 0x2C, 0x15, 0x02, 0x00, 0x00, 0x28, 0x02, 'a', 'b', 0x01, 0x28, 0x00};
  Reader in(bytes);
  std::int64_t number = 0;
  std::string_view text;
  bool flag = false;
  in.read_struct([&](int id, Type type) {
    if (id == 1) return in.read(type, number);
    if (id == 4) return in.read(type, text);
    if (id == 20) return in.read(type, flag);
    return false;
  });
  EXPECT_FALSE(in.failed());
  EXPECT_EQ(number, -3);
  EXPECT_EQ(text, "ab");
  EXPECT_TRUE(flag);
  EXPECT_EQ(in.position(), bytes.size());
}

// fastparquet gives an empty list no element type.
TEST(ThriftReader, TakesEmptyListsWithoutAType) {
  const Bytes bytes = {0x19, 0x00, 0x1A, 0x00, 0x1B, 0x00, 0x15, 0x05, 0x00};  // a list, a set, a map; 4: i32 -3
  for (const bool known : {true, false}) {
    Reader in(bytes);
    std::int64_t number = 0;
    int elements = 0;
    in.read_struct([&](int id, Type type) {
      if (id == 1 && known) return in.read_list(type, kStruct, [&] { ++elements; });
      return id == 4 && in.read(type, number);
    });
    EXPECT_FALSE(in.failed());
    EXPECT_EQ(elements, 0);
    EXPECT_EQ(number, -3);
  }
}

TEST(ThriftReader, SurvivesEveryCut) {
  const Bytes bytes = {0x15, 0x05, 0x19, 0x2C, 0x15, 0x02, 0x00, 0x00, 0x28, 0x02,
                       'a',  'b',  0x1B, 0x01, 0x88, 0x01, 'k',  0x01, 'v',  0x00};
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Reader in(std::span<const std::uint8_t>(bytes).first(size));
    in.read_struct([](int, Type) { return false; });
    EXPECT_TRUE(in.failed() && in.truncated()) << size;
  }
}

TEST(ThriftReader, RefusesWhatIsNoStructure) {
  const struct {
    const char* name;
    Bytes bytes;
  } kCases[] = {
      {"a list longer than the bytes", {0x19, 0xFC, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F}},
      {"a text longer than the bytes", {0x18, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F}},
      {"a number of eleven bytes", {0x16, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01}},
      {"structs in structs without end", Bytes(1000, 0x1C)},
      {"lists in lists without end", Bytes(1000, 0x19)},
      {"a list of elements without a type", {0x19, 0x10, 0x00, 0x00}},
  };
  for (const auto& row : kCases) {
    Reader in(row.bytes);
    in.read_struct([](int, Type) { return false; });
    EXPECT_TRUE(in.failed()) << row.name;
  }
}

}  // namespace
}  // namespace causal_sessions::thrift
