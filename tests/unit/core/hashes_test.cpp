#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "core/crc32.h"
#include "core/sha256.h"

namespace causal_sessions {
namespace {

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// NIST's examples for SHA-256 (one block, two blocks) and the short messages of its CAVP vectors.
TEST(Sha256, NistVectors) {
  struct Row {
    std::string message;
    const char* digest;
  };
  const Row rows[] = {
      {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
       "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
       "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"},
      {"\xbd", "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b"},
      {std::string(55, '\0'), "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7"},
      {std::string(56, '\0'), "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb"},
      {std::string(64, '\0'), "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"},
      {std::string(1'000'000, 'a'), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"}};
  for (const Row& row : rows) {
    Sha256 hash;
    hash.update(bytes_of(row.message));
    EXPECT_EQ(hash.hex(), row.digest) << row.message.size() << " bytes";
  }
}

TEST(Sha256, CutAnywhereGivesTheSame) {
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>(i * 7);
  Sha256 whole;
  whole.update(bytes_of(text));
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Sha256 hash;
    hash.update(bytes_of(text).first(cut));
    (void)hash.hex();  // looking does not change what follows
    hash.update(bytes_of(text).subspan(cut));
    ASSERT_EQ(hash.hex(), whole.hex()) << cut;
    ASSERT_EQ(hash.size(), text.size());
  }
}

TEST(Sha256, TheFastWayIsThePortableWay) {
  std::vector<std::uint8_t> bytes(64 * 9);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * i >> 3);
  Sha256::State fast = {1, 2, 3, 4, 5, 6, 7, 0xFFFFFFFF}, portable = fast;
  if (!sha256_blocks_fast(fast, bytes.data(), 9)) GTEST_SKIP() << "this processor has no SHA instructions";
  sha256_blocks_portable(portable, bytes.data(), 9);
  EXPECT_EQ(fast, portable);
}

TEST(Crc32, KnownValuesAndPieces) {
  EXPECT_EQ(crc32({}), 0u);
  EXPECT_EQ(crc32(bytes_of("123456789")), 0xCBF43926u);  // the "check" value of the catalogues
  const std::string_view text = "The quick brown fox jumps over the lazy dog";
  EXPECT_EQ(crc32(bytes_of(text)), 0x414FA339u);
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    EXPECT_EQ(crc32(bytes_of(text.substr(cut)), crc32(bytes_of(text.substr(0, cut)))), 0x414FA339u) << cut;
  }
}

}  // namespace
}  // namespace causal_sessions
