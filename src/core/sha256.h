// SHA-256, in pieces: what the manifest names inputs and outputs by.
//
// Cost:    natively with the processor's SHA instructions where it has them, 2 GB/s and more; otherwise, and as wasm,
//          about 0.3 GB/s. The digest is the same.
// Source:  FIPS 180-4, sections 4.1.2, 5.1.1, 5.3.3 and 6.2.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace causal_sessions {

class Sha256 {
 public:
  void update(std::span<const std::uint8_t> bytes);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  using State = std::array<std::uint32_t, 8>;
  // The digest of what came so far; more may follow. As 64 lower-case hexadecimal digits it is what others call it by.
  [[nodiscard]] State digest() const;
  [[nodiscard]] static std::string hex(const State& digest);
  [[nodiscard]] std::string hex() const { return hex(digest()); }

  static constexpr std::size_t kBlock = 64;

 private:
  State state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, kBlock> rest_{};  // the bytes that do not fill a block yet
  std::uint64_t size_ = 0;
};

// The two ways to take whole blocks in, for tests; the fast one is false where the processor has none.
void sha256_blocks_portable(Sha256::State& state, const std::uint8_t* bytes, std::size_t blocks);
[[nodiscard]] bool sha256_blocks_fast(Sha256::State& state, const std::uint8_t* bytes, std::size_t blocks);

}  // namespace causal_sessions
