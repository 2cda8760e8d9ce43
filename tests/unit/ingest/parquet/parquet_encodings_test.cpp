#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "ingest/parquet/bit_decoders.h"
#include "ingest/parquet/value_reader.h"

namespace causal_sessions::parquet {
namespace {

using Bytes = std::vector<std::uint8_t>;

// The bytes with the slack that decoders may read.
struct Padded {
  explicit Padded(Bytes bytes) : size(bytes.size()), data(std::move(bytes)) { data.resize(size + kSlack); }
  [[nodiscard]] std::span<const std::uint8_t> span() const { return {data.data(), size}; }
  std::size_t size;
  Bytes data;
};

Bytes join(std::initializer_list<Bytes> parts) {
  Bytes all;
  for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

TEST(HybridDecoder, ReadsRunsAndPackedGroups) {
  // Encodings.md's example of 0..7 in three bits, and a run of five fours.
  const Padded bytes({0x03, 0x88, 0xC6, 0xFA, 0x0A, 0x04});
  HybridDecoder in(bytes.span(), 3);
  std::vector<std::uint32_t> values(13);
  ASSERT_TRUE(in.read(values.data(), 3));
  ASSERT_TRUE(in.read(values.data() + 3, 10));
  EXPECT_EQ(values, (std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 7, 4, 4, 4, 4, 4}));
  EXPECT_FALSE(in.read(values.data(), 1));
}

TEST(HybridDecoder, EndsWithItsBytes) {
  std::vector<std::uint32_t> values(64);
  EXPECT_FALSE(HybridDecoder(Padded({}).span(), 1).read(values.data(), 1));
  EXPECT_FALSE(HybridDecoder(Padded({0x00, 0x00, 0x00, 0x00}).span(), 1).read(values.data(), 1));  // empty runs
  EXPECT_FALSE(HybridDecoder(Padded({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 1}).span(), 7).read(values.data(), 9));
}

TEST(HybridDecoder, RefusesARunWiderThanItsBits) {
  // Two runs of two: 1, and 2, which takes two bits.
  const Padded bytes({0x04, 0x01, 0x04, 0x02});
  std::vector<std::uint32_t> values(4);
  EXPECT_TRUE(HybridDecoder(bytes.span(), 1).read(values.data(), 2));
  EXPECT_FALSE(HybridDecoder(bytes.span(), 1).read(values.data(), 3));
  EXPECT_TRUE(HybridDecoder(bytes.span(), 2).read(values.data(), 4));
  EXPECT_FALSE(HybridDecoder(Padded({0x04, 0x01, 0x80}).span(), 15).read(values.data(), 1));
  EXPECT_TRUE(HybridDecoder(Padded({0x04, 0xFF, 0xFF, 0xFF, 0xFF}).span(), 32).read(values.data(), 1));
}

TEST(HybridDecoder, CountsOnesAheadOfReadingThem) {
  // A run of three ones, then 16 packed: 0 1 0 1 1 0 1 0, all ones.
  const Padded bytes({0x06, 0x01, 0x05, 0x5A, 0xFF});
  const HybridDecoder levels(bytes.span(), 1);
  for (std::size_t count = 0; count <= 19; ++count) {
    HybridDecoder reading(bytes.span(), 1);
    std::vector<std::uint32_t> values(count);
    ASSERT_TRUE(reading.read(values.data(), count));
    std::uint64_t ones = 0;
    for (const std::uint32_t value : values) ones += value;
    EXPECT_EQ(levels.count_ones(count), ones) << count;
  }
  EXPECT_EQ(levels.count_ones(20), std::nullopt);
  EXPECT_EQ(HybridDecoder(Padded({0x06, 0x02}).span(), 1).count_ones(1), std::nullopt);
}

TEST(DeltaDecoder, ReadsTheExamplesOfTheFormat) {
  // Encodings.md: 7, 5, 3, 1, 2, 3, 4, 5 has the deltas -2, -2, -2, 1, 1, 1, 1; here in blocks of 128 with 4 miniblocks.
  // min delta -2, two bits: 0 0 0 3 3 3 3.
  const Padded bytes(join({{0x80, 0x01, 0x04, 0x08, 0x0E, 0x03, 0x02, 0x00, 0x00, 0x00}, {0xC0, 0x3F}, Bytes(6, 0)}));
  DeltaDecoder in;
  ASSERT_TRUE(in.open(bytes.span()));
  std::vector<std::int64_t> values(8);
  ASSERT_TRUE(in.read(values.data(), 2));
  ASSERT_TRUE(in.read(values.data() + 2, 6));
  EXPECT_EQ(values, (std::vector<std::int64_t>{7, 5, 3, 1, 2, 3, 4, 5}));
  EXPECT_FALSE(in.read(values.data(), 1));
}

TEST(DeltaDecoder, RefusesBrokenHeaders) {
  const struct {
    const char* name;
    Bytes bytes;
  } kCases[] = {{"nothing", {}},
                {"no miniblocks", {0x80, 0x01, 0x00, 0x08, 0x0E}},
                {"a block that does not divide", {0x81, 0x01, 0x04, 0x08, 0x0E}},
                {"a block of gigabytes", {0x80, 0x80, 0x80, 0x80, 0x08, 0x04, 0x08, 0x0E}}};
  for (const auto& row : kCases) {
    DeltaDecoder in;
    EXPECT_FALSE(in.open(Padded(row.bytes).span())) << row.name;
  }
  DeltaDecoder in;
  const Padded wide({0x80, 0x01, 0x04, 0x08, 0x0E, 0x03, 65, 0, 0, 0, 1, 2, 3});
  ASSERT_TRUE(in.open(wide.span()));
  std::int64_t values[8];
  EXPECT_FALSE(in.read(values, 8));
}

Column column_of(Physical physical, Meaning meaning, std::uint32_t fixed_size = 0) {
  Column column;
  column.physical = physical;
  column.meaning = meaning;
  column.fixed_size = fixed_size;
  return column;
}

TEST(ValueReader, ReadsTexts) {
  const Bytes lengths = {0x80, 0x01, 0x04, 0x03, 0x04, 0x01, 0x02, 0x00, 0x00, 0x00, 0x08, 0, 0, 0, 0, 0, 0, 0};  // 2 1 2
  const Bytes prefixes = {0x80, 0x01, 0x04, 0x03, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x02, 0, 0, 0};             // 0 0 1
  const struct {
    const char* name;
    Encoding encoding;
    Bytes bytes;
    std::vector<std::string_view> expected;
  } kCases[] = {
      {"plain", Encoding::kPlain, {2, 0, 0, 0, 'a', 'b', 0, 0, 0, 0, 1, 0, 0, 0, 'c'}, {"ab", "", "c"}},
      {"delta lengths", Encoding::kDeltaLengthByteArray, join({lengths, {'a', 'b', 'c', 'd', 'e'}}), {"ab", "c", "de"}},
      {"delta", Encoding::kDeltaByteArray, join({prefixes, lengths, {'a', 'b', 'c', 'd', 'e'}}), {"ab", "c", "cde"}},
  };
  for (const auto& row : kCases) {
    for (std::size_t cut = 0; cut <= row.bytes.size(); ++cut) {
      const Padded bytes(Bytes(row.bytes.begin(), row.bytes.begin() + static_cast<std::ptrdiff_t>(cut)));
      ValueReader in;
      TextArena arena;
      std::string_view texts[3];
      const char* problem =
          in.open(column_of(Physical::kByteArray, Meaning::kText), static_cast<int>(row.encoding), 3, bytes.span());
      if (!problem) problem = in.read_bytes(texts, 3, arena);
      if (cut < row.bytes.size()) {
        EXPECT_NE(problem, nullptr) << row.name << " cut at " << cut;
      } else {
        ASSERT_EQ(problem, nullptr) << row.name << ": " << problem;
        for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(texts[i], row.expected[i]) << row.name;
      }
    }
  }
}

TEST(ValueReader, ReadsNumbers) {
  const struct {
    const char* name;
    Physical physical;
    Meaning meaning;
    Encoding encoding;
    Bytes bytes;
    std::vector<std::int64_t> expected;
  } kCases[] = {
      {"int32", Physical::kInt32, Meaning::kSigned, Encoding::kPlain, {1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF}, {1, -1}},
      {"uint32", Physical::kInt32, Meaning::kUnsigned, Encoding::kPlain, {1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF}, {1, 4294967295}},
      {"int32, split",
       Physical::kInt32,
       Meaning::kSigned,
       Encoding::kByteStreamSplit,
       {1, 0xFE, 0, 0xFF, 0, 0xFF, 0, 0xFF},
       {1, -2}},
      {"int64", Physical::kInt64, Meaning::kSigned, Encoding::kPlain, {1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0}, {1, 256}},
      {"booleans", Physical::kBoolean, Meaning::kBoolean, Encoding::kPlain, {0x02}, {0, 1}},
      {"booleans in runs", Physical::kBoolean, Meaning::kBoolean, Encoding::kRle, {2, 0, 0, 0, 0x04, 0x01}, {1, 1}},
  };
  for (const auto& row : kCases) {
    for (const std::size_t cut : {row.bytes.size() - 1, row.bytes.size()}) {
      const Padded bytes(Bytes(row.bytes.begin(), row.bytes.begin() + static_cast<std::ptrdiff_t>(cut)));
      ValueReader in;
      std::vector<std::int64_t> values(2);
      const char* problem = in.open(column_of(row.physical, row.meaning), static_cast<int>(row.encoding), 2, bytes.span());
      if (!problem) problem = in.read_numbers(values.data(), 2);
      if (cut < row.bytes.size()) {
        EXPECT_NE(problem, nullptr) << row.name;
      } else {
        ASSERT_EQ(problem, nullptr) << row.name << ": " << problem;
        EXPECT_EQ(values, row.expected) << row.name;
      }
    }
  }
}

TEST(ValueReader, BoundsWhatPrefixesAddUpTo) {
  // One text of 100,000 bytes, then the same again and again: ten bytes a text, or gigabytes.
  const Bytes prefixes = {0x80, 0x01, 0x01, 0xD0, 0x0F, 0x00};  // 2000 values; no block follows
  ValueReader in;
  EXPECT_NE(in.open(column_of(Physical::kByteArray, Meaning::kText), static_cast<int>(Encoding::kDeltaByteArray), 2000,
                    Padded(prefixes).span()),
            nullptr);
  TextArena arena;
  EXPECT_EQ(arena.take(TextArena::kMost + 1), nullptr);
  EXPECT_NE(arena.take(1000), nullptr);
  EXPECT_EQ(arena.take(TextArena::kMost), nullptr);
}

TEST(ValueReader, RefusesAPageThatCannotHoldItsValues) {
  const Bytes thousands = {0x80, 0x01, 0x01, 0xD0, 0x0F, 0x00, 0x00, 0x00};  // 2000 deltas of no bits
  const struct {
    const char* name;
    Column column;
    Encoding encoding;
    std::uint64_t count;
    Bytes bytes;
  } kCases[] = {
      {"integers", column_of(Physical::kInt64, Meaning::kSigned), Encoding::kPlain, 2, Bytes(15)},
      {"booleans", column_of(Physical::kBoolean, Meaning::kBoolean), Encoding::kPlain, 9, Bytes(1)},
      {"texts", column_of(Physical::kByteArray, Meaning::kText), Encoding::kPlain, 3, Bytes(11)},
      {"UUIDs", column_of(Physical::kFixedBytes, Meaning::kUuid, 16), Encoding::kPlain, 2, Bytes(31)},
      {"split bytes too few", column_of(Physical::kDouble, Meaning::kDouble), Encoding::kByteStreamSplit, 2, Bytes(8)},
      {"split bytes too many", column_of(Physical::kDouble, Meaning::kDouble), Encoding::kByteStreamSplit, 2, Bytes(24)},
      {"split bytes not of whole values", column_of(Physical::kDouble, Meaning::kDouble), Encoding::kByteStreamSplit, 2,
       Bytes(17)},
      {"more deltas than rows", column_of(Physical::kInt64, Meaning::kSigned), Encoding::kDeltaBinaryPacked, 3, thousands},
      {"more lengths than rows", column_of(Physical::kByteArray, Meaning::kText), Encoding::kDeltaLengthByteArray, 3, thousands},
      {"more prefixes than rows", column_of(Physical::kByteArray, Meaning::kText), Encoding::kDeltaByteArray, 3, thousands},
  };
  for (const auto& row : kCases) {
    ValueReader in;
    EXPECT_NE(in.open(row.column, static_cast<int>(row.encoding), row.count, Padded(row.bytes).span()), nullptr) << row.name;
  }
}

TEST(ValueReader, APageWithoutValuesNeedsNoBytes) {
  for (const Encoding encoding :
       {Encoding::kPlain, Encoding::kRleDictionary, Encoding::kDeltaLengthByteArray, Encoding::kDeltaByteArray}) {
    ValueReader in;
    TextArena arena;
    ASSERT_EQ(in.open(column_of(Physical::kByteArray, Meaning::kText), static_cast<int>(encoding), 0, {}), nullptr);
    EXPECT_EQ(in.coded() ? in.read_codes(nullptr, 0) : in.read_bytes(nullptr, 0, arena), nullptr);
  }
  for (const Encoding encoding : {Encoding::kPlain, Encoding::kDeltaBinaryPacked, Encoding::kByteStreamSplit}) {
    ValueReader in;
    ASSERT_EQ(in.open(column_of(Physical::kInt64, Meaning::kSigned), static_cast<int>(encoding), 0, {}), nullptr);
    EXPECT_EQ(in.read_numbers(nullptr, 0), nullptr);  // as the times of a dictionary without values
  }
}

// Prefix and suffix can make any size of what has one by its type; a UUID of 32 bytes would be written as 68 letters.
TEST(ValueReader, RefusesPrefixesThatMakeAUuidOfAnotherSize) {
  const auto deltas = [](std::uint8_t value) { return Bytes{0x80, 0x01, 0x01, 0x01, static_cast<std::uint8_t>(2 * value)}; };
  for (const std::uint8_t size : {0, 15, 16, 17, 32}) {
    ValueReader in;
    TextArena arena;
    std::string_view text;
    const Padded bytes(join({deltas(0), deltas(size), Bytes(size, 'u')}));
    ASSERT_EQ(in.open(column_of(Physical::kFixedBytes, Meaning::kUuid, 16), static_cast<int>(Encoding::kDeltaByteArray), 1,
                      bytes.span()),
              nullptr);
    EXPECT_EQ(in.read_bytes(&text, 1, arena) == nullptr, size == 16) << int{size};
  }
}

}  // namespace
}  // namespace causal_sessions::parquet
