#include "formats/flatbuffer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace causal_sessions::flatbuffer {
namespace {

TEST(FlatbufferWriter, FieldsAreWhereTheVtableSays) {
  Writer writer;
  Writer::Table table = writer.add_table(Writer::kRoot, {{2, 8}, {0, 4}, {1, Writer::kPointer}});
  table.set(2, std::int64_t{-5});
  table.set(0, std::int32_t{7});
  writer.add_text(table.at(1), "text");
  const std::vector<std::uint8_t> bytes = writer.take();
  const auto read = [&bytes]<class T>(std::size_t at, T value) {
    std::memcpy(&value, bytes.data() + at, sizeof(value));
    return value;
  };
  const std::size_t root = read(0, std::uint32_t{});
  const std::size_t vtable = root - static_cast<std::size_t>(read(root, std::int32_t{}));
  EXPECT_EQ(read(vtable, std::uint16_t{}), 4 + 2 * 3);
  const auto field = [&](std::size_t number) { return root + read(vtable + 4 + 2 * number, std::uint16_t{}); };
  EXPECT_EQ(field(2) % 8, 0u);
  EXPECT_EQ(read(field(2), std::int64_t{}), -5);
  EXPECT_EQ(read(field(0), std::int32_t{}), 7);
  const std::size_t text = field(1) + read(field(1), std::uint32_t{});
  EXPECT_EQ(read(text, std::uint32_t{}), 4u);
  EXPECT_EQ(std::memcmp(bytes.data() + text + 4, "text", 5), 0);
}

TEST(FlatreaderReader, RefusesTextsThatAreSharedToAddUpToMoreThanItsBytes) {
  const std::vector<std::uint8_t> bytes(100, 'x');
  Reader reader(bytes);
  EXPECT_EQ(reader.text(0, 60).size(), 60u);
  EXPECT_EQ(reader.text(20, 40).size(), 40u);
  EXPECT_FALSE(reader.damaged());
  EXPECT_EQ(reader.text(0, 1).size(), 0u);
  EXPECT_TRUE(reader.damaged());
}

TEST(FlatreaderReader, RemembersAPositionOutsideOfItsBytes) {
  const std::vector<std::uint8_t> bytes = {1, 2, 3, 4};
  Reader reader(bytes);
  EXPECT_EQ(reader.read<std::uint16_t>(2), 0x0403);
  EXPECT_FALSE(reader.damaged());
  EXPECT_EQ(reader.read<std::uint32_t>(1), 0u);
  EXPECT_TRUE(reader.damaged());
  Reader far(bytes);
  EXPECT_EQ(far.read<std::uint8_t>(~std::uint64_t{0}), 0);
  EXPECT_TRUE(far.damaged());
}

TEST(Flatbuffer, WhatIsWrittenIsReadBack) {
  Writer writer;
  Writer::Table root =
      writer.add_table(Writer::kRoot, {{0, 8}, {1, Writer::kPointer}, {3, Writer::kPointer}, {4, Writer::kPointer}});
  root.set(0, std::int64_t{-5});
  writer.add_text(root.at(1), "text");
  const std::size_t first = writer.add_vector(root.at(3), 2);
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
    writer.add_table(first + 4 * i, {{0, 2}}).set(0, static_cast<std::int16_t>(10 + i));
  }
  writer.add_structs(root.at(4), {1, 2, 3, 4}, 2);
  const std::vector<std::uint8_t> bytes = writer.take();

  Reader reader(bytes);
  const Table table = Table::root(reader);
  EXPECT_EQ(table.scalar<std::int64_t>(0, 0), -5);
  EXPECT_EQ(table.text(1), "text");
  EXPECT_FALSE(table.has(2));
  EXPECT_EQ(table.scalar<std::int8_t>(2, 7), 7);
  const Vector tables = table.vector(3, 4);
  ASSERT_EQ(tables.size, 2u);
  EXPECT_EQ(table.element(tables, 1).scalar<std::int16_t>(0, 0), 11);
  const Vector structs = table.vector(4, 16);
  ASSERT_EQ(structs.size, 2u);
  EXPECT_EQ(reader.read<std::int64_t>(structs.at + 16), 3);
  EXPECT_FALSE(reader.damaged());
}

}  // namespace
}  // namespace causal_sessions::flatbuffer
