#include "formats/snappy.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "support/bytes.h"

namespace causal_sessions {
namespace {

// Letters of an alphabet of that size, a small one giving many matches.
std::string random_text(std::size_t size, unsigned letters, std::uint32_t seed) {
  std::string text(size, '\0');
  std::uint32_t state = seed;
  for (char& c : text) {
    state = state * 1664525u + 1013904223u;
    c = static_cast<char>((state >> 16) % letters);
  }
  return text;
}

std::string repeated(std::string_view part, std::size_t size) {
  std::string text;
  while (text.size() < size) text += part;
  text.resize(size);
  return text;
}

TEST(Snappy, ComesBackAsItWas) {
  SnappyCompressor snappy;
  std::vector<std::string> inputs = {"", "a", std::string(100'000, 'x'), repeated("0123456789abcdefghijklmn", 200'001)};
  for (std::size_t size = 1; size < 300; ++size) {
    inputs.push_back(random_text(size, 2, 7));
    inputs.push_back(random_text(size, 256, 7));
    // A literal and then a match of each length.
    inputs.push_back(random_text(40, 256, 3) + std::string(size, 'y') + random_text(40, 256, 4));
  }
  for (const std::size_t size : {65'535u, 65'536u, 65'537u, 131'072u, 300'000u}) {
    for (const unsigned letters : {2u, 4u, 16u, 256u}) {
      inputs.push_back(random_text(size, letters, 11));
    }
  }
  // A match from each distance, across the limit of the short form of a copy.
  for (const std::size_t distance : {4u, 60u, 2'047u, 2'048u, 2'049u, 65'000u}) {
    inputs.push_back("needle in here" + random_text(distance, 256, 5) + "needle in here, too....");
  }
  for (const std::string& input : inputs) {
    const auto compressed = snappy.compress(bytes_of(input));
    ASSERT_LE(compressed.size(), 32 + input.size() + input.size() / 6);
    ASSERT_EQ(snappy_decompressed(compressed), input) << input.size();
  }
}

TEST(Snappy, MakesRepetitionSmall) {
  SnappyCompressor snappy;
  const std::string zeros(1 << 20, '\0');
  EXPECT_LT(snappy.compress(bytes_of(zeros)).size(), zeros.size() / 20);
  const std::string noise = random_text(1 << 20, 256, 1);
  EXPECT_LT(snappy.compress(bytes_of(noise)).size(), noise.size() + 200);
}

TEST(Snappy, GivesTheSameBytesEverywhere) {
  SnappyCompressor snappy;
  std::uint64_t hash = 14695981039346656037u;
  for (const std::uint8_t byte : snappy.compress(bytes_of(random_text(300'000, 4, 42)))) {
    hash = (hash ^ byte) * 1099511628211u;
  }
  EXPECT_EQ(hash, 6449538460191449808u);
}

}  // namespace
}  // namespace causal_sessions
