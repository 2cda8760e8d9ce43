#include "formats/codec.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "formats/lz4.h"
#include "formats/snappy.h"

namespace causal_sessions {
namespace {

using Bytes = std::vector<std::uint8_t>;

// The text as Python's gzip and zlib, python-zstandard and pyarrow pack it.
const std::string kText = "columns columns columns columns\n";
const Bytes kGzip = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x4b, 0xce, 0xcf, 0x29, 0xcd, 0xcd,
                     0x2b, 0x56, 0x48, 0xc6, 0x4e, 0x73, 0x01, 0x00, 0xa1, 0x3f, 0x35, 0xce, 0x20, 0x00, 0x00, 0x00};
const Bytes kZlib = {0x78, 0x9c, 0x4b, 0xce, 0xcf, 0x29, 0xcd, 0xcd, 0x2b, 0x56,
                     0x48, 0xc6, 0x4e, 0x73, 0x01, 0x00, 0xd2, 0x12, 0x0c, 0x6f};
const Bytes kZstd = {0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x20, 0x7d, 0x00, 0x00, 0x48, 0x63, 0x6f, 0x6c, 0x75,
                     0x6d, 0x6e, 0x73, 0x20, 0x0a, 0x01, 0x00, 0xab, 0x0b, 0x17, 0x8b, 0xb5, 0x9e, 0x17};
const Bytes kBrotli = {0x1b, 0x1f, 0x00, 0x00, 0x24, 0x15, 0x40, 0xe6, 0x92, 0x10, 0x45, 0xa8, 0x29, 0xc7, 0x12, 0xcf, 0x09};
const Bytes kLz4Frame = {0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82, 0x12, 0x00, 0x00, 0x00, 0x8f, 0x63, 0x6f, 0x6c, 0x75, 0x6d,
                         0x6e, 0x73, 0x20, 0x08, 0x00, 0x00, 0x50, 0x75, 0x6d, 0x6e, 0x73, 0x0a, 0x00, 0x00, 0x00, 0x00};

struct Case {
  const char* name;
  Codec codec;
  const Bytes* packed;
  bool checked;  // a checksum covers the content
};
const Case kCases[] = {
    {"gzip", Codec::kGzip, &kGzip, true},
    {"zlib", Codec::kGzip, &kZlib, true},
    {"zstd", Codec::kZstd, &kZstd, true},
    {"brotli", Codec::kBrotli, &kBrotli, false},
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

TEST(CodecBlocks, UnpackAndRefuse) {
  using Unpack = Status (*)(std::span<const std::uint8_t>, std::span<std::uint8_t>);
  const struct {
    const char* name;
    Unpack unpack;
    Bytes packed;
  } kBlocks[] = {
      // "ab" and ten more of it.
      {"snappy", decompress_snappy, {0x16, 0x04, 'a', 'b', 0x4E, 0x02, 0x00}},
      {"lz4", decompress_lz4, {0x2F, 'a', 'b', 0x02, 0x00, 0x01}},
      {"hadoop", decompress_lz4_hadoop, {0, 0, 0, 22, 0, 0, 0, 6, 0x2F, 'a', 'b', 0x02, 0x00, 0x01}},
      {"hadoop without its frame", decompress_lz4_hadoop, {0x2F, 'a', 'b', 0x02, 0x00, 0x01}},
  };
  for (const auto& row : kBlocks) {
    Bytes plain(22);
    ASSERT_TRUE(row.unpack(row.packed, plain).ok()) << row.name;
    EXPECT_EQ(std::string(plain.begin(), plain.end()), "ababababababababababab") << row.name;
    for (std::size_t size = 0; size < row.packed.size(); ++size) {
      const auto cut = std::span<const std::uint8_t>(row.packed).first(size);
      EXPECT_FALSE(row.unpack(cut, plain).ok()) << row.name << " cut at " << size;
    }
    for (const std::size_t size : {0, 1, 21, 23}) {
      Bytes other(size);
      EXPECT_FALSE(row.unpack(row.packed, other).ok()) << row.name << " into " << size;
    }
    for (std::size_t bit = 0; bit < row.packed.size() * 8; ++bit) {
      Bytes broken = row.packed;
      broken[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
      (void)row.unpack(broken, plain);  // the sanitizers watch
    }
  }
}

}  // namespace
}  // namespace causal_sessions
