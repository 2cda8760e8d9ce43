#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <numeric>
#include <vector>

#include "core/block_column.h"
#include "core/result.h"
#include "core/simd.h"

namespace causal_sessions {
namespace {

TEST(BlockColumn, KeepsValuesAcrossBlocks) {
  constexpr std::size_t kSize = BlockColumn<std::uint32_t>::kBlockSize;
  BlockColumn<std::uint32_t> column;
  EXPECT_EQ(column.block_count(), 0u);
  for (std::uint32_t i = 0; i < 2 * kSize + 1; ++i) column.push_back(i * 3);
  EXPECT_EQ(column.size(), 2 * kSize + 1);
  ASSERT_EQ(column.block_count(), 3u);
  EXPECT_EQ(column.block(0).size(), kSize);
  EXPECT_EQ(column.block(2).size(), 1u);
  EXPECT_EQ(column[kSize - 1], (kSize - 1) * 3);
  EXPECT_EQ(column[kSize], kSize * 3);
  EXPECT_EQ(column.block(2)[0], 2 * kSize * 3);
  column[kSize] = 7;
  EXPECT_EQ(column.block(1)[0], 7u);
}

TEST(BlockColumn, AppendsAcrossBlocks) {
  constexpr std::size_t kSize = BlockColumn<std::uint32_t>::kBlockSize;
  std::vector<std::uint32_t> values(2 * kSize + 3);
  std::iota(values.begin(), values.end(), 5u);
  BlockColumn<std::uint32_t> column;
  column.append(values.data(), 0);
  EXPECT_EQ(column.block_count(), 0u);
  column.push_back(4);
  column.append(values.data(), kSize - 1);  // to the end of the first block
  EXPECT_EQ(column.block_count(), 1u);
  column.append(values.data() + kSize - 1, kSize + 4);
  ASSERT_EQ(column.size(), values.size() + 1);
  ASSERT_EQ(column.block_count(), 3u);
  for (std::uint32_t i = 0; i < column.size(); ++i) ASSERT_EQ(column[i], i + 4);
}

TEST(Result, HoldsAValueOrAnError) {
  const Result<int> value = 3;
  const Result<int> error = Error{ErrorCode::kBadSyntax, "why", {"a.csv", 2, 3, "time"}};
  EXPECT_TRUE(value.ok());
  EXPECT_EQ(value.value(), 3);
  ASSERT_FALSE(error.ok());
  EXPECT_EQ(error.error().where.row, 2u);
  EXPECT_TRUE(Status().ok());
  EXPECT_FALSE(Status(error.error()).ok());
}

TEST(Result, EveryCodeHasANameOfItsOwn) {
  std::string names;
  for (int code = 0; code <= static_cast<int>(ErrorCode::kBadCall); ++code) {
    const auto name = std::string(code_name(static_cast<ErrorCode>(code)));
    EXPECT_NE(name, "unknown") << code;
    EXPECT_EQ(names.find(" " + name + " "), names.npos) << name;
    names += " " + name + " ";
  }
}

TEST(Simd, MatchesEveryByteOfABlock) {
  std::array<char, simd::kBlock> block{};
  for (std::size_t at = 0; at < block.size(); ++at) {
    for (const char c : {',', '"', '\n', '\r'}) {
      block.fill('\xAC');  // a comma with its top bit set
      block[at] = c;
      simd::Vector seen = simd::splat(0);
      EXPECT_EQ(simd::match4(block.data(), simd::splat(','), simd::splat('"'), simd::splat('\n'), simd::splat('\r'), seen),
                std::uint64_t{1} << at);
      EXPECT_NE(simd::mask(seen), 0u);
    }
  }
  block.fill('a');
  EXPECT_TRUE(simd::is_ascii(block.data()));
  for (std::size_t at = 0; at < simd::kWidth; ++at) {
    block.fill('a');
    block[at] = '\x80';
    EXPECT_FALSE(simd::is_ascii(block.data())) << at;
  }
}

}  // namespace
}  // namespace causal_sessions
