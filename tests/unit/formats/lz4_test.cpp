#include "formats/lz4.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace causal_sessions {
namespace {

using Bytes = std::vector<std::uint8_t>;

// LZ4 blocks by hand: a token of literal count and match length less four, literals, distance.
struct BlockCase {
  const char* name;
  Bytes block;
  std::string_view text;  // empty: damaged
};
const BlockCase kBlocks[] = {
    {"literals alone", {0x30, 'a', 'b', 'c'}, "abc"},
    {"a match that repeats itself", {0x11, 'a', 1, 0, 0x10, '.'}, "aaaaaa."},
    {"a match of four", {0x40, 'a', 'b', 'c', 'd', 4, 0, 0x10, '.'}, "abcdabcd."},
    {"a distance of zero", {0x11, 'a', 0, 0, 0x10, '.'}, {}},
    {"a distance before the begin", {0x11, 'a', 2, 0, 0x10, '.'}, {}},
    {"literals past the end", {0x40, 'a'}, {}},
    {"a length that does not end", {0xF0, 255, 255}, {}},
    {"a distance cut off", {0x11, 'a', 1}, {}},
    {"no literals at the end", {0x11, 'a', 1, 0}, {}},
    {"more than there is room for", {0x1F, 'a', 1, 0, 255, 255, 0, 0x10, '.'}, {}},
};

TEST(Lz4Block, ReadsSequencesAndRefusesDamage) {
  for (const BlockCase& c : kBlocks) {
    std::string out(40, '?');
    const auto end = read_lz4_block(c.block, {reinterpret_cast<std::uint8_t*>(out.data()), out.size()}, 0);
    ASSERT_EQ(end.has_value(), !c.text.empty()) << c.name;
    if (end) {
      EXPECT_EQ(out.substr(0, *end), c.text) << c.name;
    }
  }
}

TEST(Lz4Block, ReachesBackIntoEarlierBlocks) {
  std::string out = "abcd????.....";
  const Bytes block = {0x00, 4, 0, 0x10, '.'};
  const auto end = read_lz4_block(block, {reinterpret_cast<std::uint8_t*>(out.data()), out.size()}, 4);
  ASSERT_TRUE(end.has_value());
  EXPECT_EQ(out.substr(0, *end), "abcdabcd.");
}

}  // namespace
}  // namespace causal_sessions
