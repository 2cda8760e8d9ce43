// The few vector operations the readers need, one source for wasm SIMD, SSE2, NEON and plain C++.
//
// Bytes compare as unsigned. Blocks are 64 bytes; a mask has bit i set where byte i of the block matches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

namespace causal_sessions::simd {

constexpr std::size_t kWidth = 16;
constexpr std::size_t kBlock = 64;

#if defined(__wasm_simd128__)

using Vector = v128_t;
inline Vector load(const char* at) { return wasm_v128_load(at); }
inline Vector splat(char c) { return wasm_i8x16_splat(c); }
inline Vector equal(Vector a, Vector b) { return wasm_i8x16_eq(a, b); }
inline Vector either(Vector a, Vector b) { return wasm_v128_or(a, b); }
inline Vector at_most(Vector a, Vector b) { return wasm_u8x16_le(a, b); }
inline std::uint32_t mask(Vector v) { return static_cast<std::uint32_t>(wasm_i8x16_bitmask(v)); }

#elif defined(__SSE2__)

using Vector = __m128i;
inline Vector load(const char* at) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at)); }
inline Vector splat(char c) { return _mm_set1_epi8(c); }
inline Vector equal(Vector a, Vector b) { return _mm_cmpeq_epi8(a, b); }
inline Vector either(Vector a, Vector b) { return _mm_or_si128(a, b); }
inline Vector at_most(Vector a, Vector b) { return _mm_cmpeq_epi8(_mm_min_epu8(a, b), a); }
inline std::uint32_t mask(Vector v) { return static_cast<std::uint32_t>(_mm_movemask_epi8(v)); }

#elif defined(__ARM_NEON) && defined(__aarch64__)

using Vector = uint8x16_t;
inline Vector load(const char* at) { return vld1q_u8(reinterpret_cast<const std::uint8_t*>(at)); }
inline Vector splat(char c) { return vdupq_n_u8(static_cast<std::uint8_t>(c)); }
inline Vector equal(Vector a, Vector b) { return vceqq_u8(a, b); }
inline Vector either(Vector a, Vector b) { return vorrq_u8(a, b); }
inline Vector at_most(Vector a, Vector b) { return vcleq_u8(a, b); }
inline std::uint32_t mask(Vector v) {
  // Each byte keeps the bit of its position; pairwise sums gather eight bytes into one.
  const Vector top = vreinterpretq_u8_s8(vshrq_n_s8(vreinterpretq_s8_u8(v), 7));
  const Vector bits = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
  const Vector kept = vandq_u8(top, bits);
  return static_cast<std::uint32_t>(vaddv_u8(vget_low_u8(kept))) | static_cast<std::uint32_t>(vaddv_u8(vget_high_u8(kept))) << 8;
}

#else

struct Vector {
  unsigned char lane[kWidth];
};
inline Vector load(const char* at) {
  Vector v;
  std::memcpy(v.lane, at, kWidth);
  return v;
}
inline Vector splat(char c) {
  Vector v;
  std::memset(v.lane, c, kWidth);
  return v;
}
inline Vector equal(Vector a, Vector b) {
  for (std::size_t i = 0; i < kWidth; ++i) a.lane[i] = a.lane[i] == b.lane[i] ? 0xFF : 0;
  return a;
}
inline Vector either(Vector a, Vector b) {
  for (std::size_t i = 0; i < kWidth; ++i) a.lane[i] |= b.lane[i];
  return a;
}
inline Vector at_most(Vector a, Vector b) {
  for (std::size_t i = 0; i < kWidth; ++i) a.lane[i] = a.lane[i] <= b.lane[i] ? 0xFF : 0;
  return a;
}
inline std::uint32_t mask(Vector v) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < kWidth; ++i) bits |= static_cast<std::uint32_t>(v.lane[i] >> 7) << i;
  return bits;
}

#endif

// Whether none of the kWidth bytes has its top bit set.
inline bool is_ascii(const char* at) { return mask(load(at)) == 0; }

// Bytes of a block that equal any of the four. `seen` gathers the bits of all bytes looked at.
inline std::uint64_t match4(const char* at, Vector a, Vector b, Vector c, Vector d, Vector& seen) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kBlock / kWidth; ++i) {
    const Vector v = load(at + i * kWidth);
    const Vector hit = either(either(equal(v, a), equal(v, b)), either(equal(v, c), equal(v, d)));
    bits |= static_cast<std::uint64_t>(mask(hit)) << (i * kWidth);
    seen = either(seen, v);
  }
  return bits;
}

// Bytes of a block that end or interrupt a JSON string: quotes, backslashes, control characters.
inline std::uint64_t match_json_stops(const char* at) {
  const Vector quote = splat('"'), backslash = splat('\\'), control = splat('\x1F');
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kBlock / kWidth; ++i) {
    const Vector v = load(at + i * kWidth);
    const Vector hit = either(either(equal(v, quote), equal(v, backslash)), at_most(v, control));
    bits |= static_cast<std::uint64_t>(mask(hit)) << (i * kWidth);
  }
  return bits;
}

// What the bytes of a block are to JSON, strings not told apart yet. Each only where one is, so that text without them costs
// no more: controls and escapes.
struct JsonMasks {
  std::uint64_t quotes = 0, opening = 0, closing = 0, colons = 0, commas = 0, blanks = 0;  // brackets; blanks are spaces alone
  bool controls = false, backslashes = false;                                              // whether there are any
};

inline JsonMasks match_json(const char* at) {
  JsonMasks masks;
  Vector controls = splat(0), backslashes = splat(0);
  for (std::size_t i = 0; i < kBlock / kWidth; ++i) {
    const Vector v = load(at + i * kWidth);
    const Vector bracket = either(v, splat(0x20));  // "[" is "{" then, and "]" is "}"
    const auto put = [&](std::uint64_t& bits, Vector hit) { bits |= static_cast<std::uint64_t>(mask(hit)) << (i * kWidth); };
    put(masks.quotes, equal(v, splat('"')));
    put(masks.opening, equal(bracket, splat('{')));
    put(masks.closing, equal(bracket, splat('}')));
    put(masks.colons, equal(v, splat(':')));
    put(masks.commas, equal(v, splat(',')));
    put(masks.blanks, equal(v, splat(' ')));
    controls = either(controls, at_most(v, splat('\x1F')));
    backslashes = either(backslashes, equal(v, splat('\\')));
  }
  masks.controls = mask(controls) != 0;
  masks.backslashes = mask(backslashes) != 0;
  return masks;
}

// Bytes of a block that are the character; that are the character or one before it.
inline std::uint64_t match(const char* at, char c) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kBlock / kWidth; ++i) {
    bits |= static_cast<std::uint64_t>(mask(equal(load(at + i * kWidth), splat(c)))) << (i * kWidth);
  }
  return bits;
}
inline std::uint64_t match_at_most(const char* at, char c) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kBlock / kWidth; ++i) {
    bits |= static_cast<std::uint64_t>(mask(at_most(load(at + i * kWidth), splat(c)))) << (i * kWidth);
  }
  return bits;
}

// Bit i is the parity of the bits 0 to i.
inline std::uint64_t parities(std::uint64_t bits) {
  for (unsigned shift = 1; shift < 64; shift *= 2) bits ^= bits << shift;
  return bits;
}

}  // namespace causal_sessions::simd
