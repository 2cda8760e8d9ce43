#include "formats/thrift_compact.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <vector>

namespace causal_sessions {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(ThriftCompact, WritesFieldsByTheDistanceOfTheirIds) {
  Bytes bytes;
  ThriftCompactWriter out(bytes);
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

TEST(ThriftCompact, NestsStructs) {
  Bytes bytes;
  ThriftCompactWriter out(bytes);
  out.begin_struct();
  out.begin_struct(5);
  out.field(1, std::int32_t{0});
  out.end_struct();
  out.empty_struct(6);  // ids go on from the outer struct's
  out.end_struct();
  EXPECT_EQ(bytes, (Bytes{0x5C, 0x15, 0, 0, 0x1C, 0, 0}));
}

TEST(ThriftCompact, WritesLongListsWithTheirOwnSize) {
  for (const std::size_t size : {0u, 14u, 15u, 200u}) {
    Bytes bytes;
    ThriftCompactWriter out(bytes);
    out.begin_struct();
    out.begin_list(2, ThriftCompactWriter::kI32, size);
    for (std::size_t i = 0; i < size; ++i) out.integer(0);
    out.end_struct();
    Bytes expected = size < 15    ? Bytes{0x29, static_cast<std::uint8_t>(size << 4 | 5)}
                     : size < 128 ? Bytes{0x29, 0xF5, static_cast<std::uint8_t>(size)}
                                  : Bytes{0x29, 0xF5, 0xC8, 0x01};
    expected.resize(expected.size() + size + 1);
    EXPECT_EQ(bytes, expected) << size;
  }
}

TEST(ThriftCompact, WritesIntegersAsZigzagVarints) {
  struct Row {
    std::int64_t value;
    Bytes bytes;
  };
  constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
  for (const Row& row : {Row{0, {0}}, Row{-1, {1}}, Row{1, {2}}, Row{63, {126}}, Row{64, {0x80, 1}},
                         Row{-65, {0x81, 1}}, Row{300, {0xD8, 4}},
                         Row{kMin, {255, 255, 255, 255, 255, 255, 255, 255, 255, 1}}}) {
    Bytes bytes;
    ThriftCompactWriter(bytes).integer(row.value);
    EXPECT_EQ(bytes, row.bytes) << row.value;
  }
}

}  // namespace
}  // namespace causal_sessions
