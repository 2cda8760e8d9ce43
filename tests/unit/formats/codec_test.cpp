#include "formats/codec.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "formats/lz4_frame.h"

namespace causal_sessions {
namespace {

using Bytes = std::vector<std::uint8_t>;

// The text as Python's gzip and zlib, python-zstandard and pyarrow pack it.
const std::string kText = "columns columns columns columns\n";
const Bytes kGzip = {
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4b, 0xce, 0xcf, 0x29, 0xcd, 0xcd, 0x2b,
    0x56, 0x48, 0xc6, 0x4e, 0x73, 0x01, 0x00, 0xa1, 0x3f, 0x35, 0xce, 0x20, 0x00, 0x00, 0x00};
const Bytes kZlib = {
    0x78, 0x9c, 0x4b, 0xce, 0xcf, 0x29, 0xcd, 0xcd, 0x2b, 0x56, 0x48, 0xc6, 0x4e, 0x73, 0x01, 0x00, 0xd2,
    0x12, 0x0c, 0x6f};
const Bytes kZstd = {
    0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x20, 0x7d, 0x00, 0x00, 0x48, 0x63, 0x6f, 0x6c, 0x75, 0x6d, 0x6e, 0x73,
    0x20, 0x0a, 0x01, 0x00, 0xab, 0x0b, 0x17, 0x8b, 0xb5, 0x9e, 0x17};
const Bytes kBrotli = {
    0x1b, 0x1f, 0x00, 0x00, 0x24, 0x15, 0x40, 0xe6, 0x92, 0x10, 0x45, 0xa8, 0x29, 0xc7, 0x12, 0xcf, 0x09};
const Bytes kLz4Frame = {
    0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, 0x12, 0x00, 0x00, 0x00, 0x8f, 0x63, 0x6f, 0x6c, 0x75, 0x6d,
    0x6e, 0x73, 0x20, 0x08, 0x00, 0x00, 0x50, 0x75, 0x6d, 0x6e, 0x73, 0x0a, 0x00, 0x00, 0x00, 0x00};

struct Case {
  const char* name;
  Codec codec;
  const Bytes* packed;
  bool checked;  // a checksum covers the content
};
const Case kCases[] = {
    {"gzip", Codec::kGzip, &kGzip, true},     {"zlib", Codec::kGzip, &kZlib, true},
    {"zstd", Codec::kZstd, &kZstd, true},     {"brotli", Codec::kBrotli, &kBrotli, false},
    {"LZ4 frame", Codec::kLz4Frame, &kLz4Frame, false},
};

Status unpack(Codec codec, const Bytes& packed, std::string& text) {
  return decompress(codec, packed, {reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
}

TEST(Codec, UnpacksWhatEachLibraryPacks) {
  for (const Case& c : kCases) {
    std::string text(kText.size(), '?');
    const Status status = unpack(c.codec, *c.packed, text);
    ASSERT_TRUE(status.ok()) << c.name << ": " << status.error().message;
    EXPECT_EQ(text, kText) << c.name;
  }
}

TEST(Codec, TakesMembersAndFramesOneAfterAnother) {
  for (const Case& c : kCases) {
    if (c.codec == Codec::kBrotli) continue;  // has no such thing
    Bytes twice = *c.packed;
    twice.insert(twice.end(), c.packed->begin(), c.packed->end());
    std::string text(2 * kText.size(), '?');
    ASSERT_TRUE(unpack(c.codec, twice, text).ok()) << c.name;
    EXPECT_EQ(text, kText + kText) << c.name;
  }
}

TEST(Codec, RefusesAnotherSizeThanTheOneStated) {
  for (const Case& c : kCases) {
    for (const std::size_t size : {std::size_t{0}, kText.size() - 1, kText.size() + 1, 10 * kText.size()}) {
      std::string text(size, '?');
      const Status status = unpack(c.codec, *c.packed, text);
      ASSERT_FALSE(status.ok()) << c.name << " into " << size;
      EXPECT_EQ(status.error().code, ErrorCode::kBadSyntax);
    }
  }
}

TEST(Codec, RefusesDataCutAnywhere) {
  for (const Case& c : kCases) {
    for (std::size_t size = 0; size < c.packed->size(); ++size) {
      std::string text(kText.size(), '?');
      EXPECT_FALSE(unpack(c.codec, Bytes(c.packed->begin(), c.packed->begin() + static_cast<std::ptrdiff_t>(size)), text).ok())
          << c.name << ", " << size << " bytes";
    }
  }
}

TEST(Codec, NoticesOrSurvivesEveryFlippedBit) {
  for (const Case& c : kCases) {
    for (std::size_t bit = 0; bit < 8 * c.packed->size(); ++bit) {
      Bytes broken = *c.packed;
      broken[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
      std::string text(kText.size(), '?');
      const bool ok = unpack(c.codec, broken, text).ok();
      if (c.checked && ok) {
        EXPECT_EQ(text, kText) << c.name << ", bit " << bit;
      }
    }
  }
}

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
