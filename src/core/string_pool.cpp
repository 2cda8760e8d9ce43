#include "core/string_pool.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "core/buffer_sizes.h"
#include "core/simd.h"

namespace causal_sessions {
namespace {

constexpr std::size_t kFirstSlots = buffer_sizes::kPoolSlots;
constexpr std::size_t kBatch = buffer_sizes::kPoolBatch;
constexpr std::size_t kNoSize = ~std::size_t{0};
constexpr std::uint64_t kMix = 0x9E3779B97F4A7C15ull;  // 2^64 / golden ratio: odd, well spread bits

template <class Word>
Word load(const char* bytes) {
  Word word;
  std::memcpy(&word, bytes, sizeof(word));
  return word;
}

// One to seven bytes as a number, different for different bytes of one size.
std::uint64_t load_few(const char* at, std::size_t size) {
  if (size >= 4) return load<std::uint32_t>(at) | std::uint64_t{load<std::uint32_t>(at + size - 4)} << 32;
  const auto byte = [at](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(at[i])); };
  return byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
}

// Rotate, xor, multiply over words of eight bytes; the last word overlaps the one before it.
// 64-bit products only: wasm has no 128-bit multiply.
std::uint32_t hash_text(std::string_view text) {
  const char* at = text.data();
  const std::size_t size = text.size();
  std::uint64_t hash = size * kMix;
  const auto mix = [&hash](std::uint64_t word) { hash = (std::rotl(hash, 29) ^ word) * kMix; };
  if (size >= 8) {
    for (std::size_t i = 0; i + 8 < size; i += 8) mix(load<std::uint64_t>(at + i));
    mix(load<std::uint64_t>(at + size - 8));
  } else if (size > 0) {
    mix(load_few(at, size));
  }
  hash = (hash ^ hash >> 32) * kMix;
  return static_cast<std::uint32_t>(hash >> 32);
}

// Two texts of one size; not memcmp(), which wasm has only as a loop over bytes or small words.
bool equal(const char* a, const char* b, std::size_t size) {
  const auto equal_at = [&](std::size_t i) {
    return simd::mask(simd::equal(simd::load(a + i), simd::load(b + i))) == (1u << simd::kWidth) - 1;
  };
  if (size >= simd::kWidth) {
    for (std::size_t i = 0; i + simd::kWidth < size; i += simd::kWidth) {
      if (!equal_at(i)) return false;
    }
    return equal_at(size - simd::kWidth);
  }
  if (size < 8) return size == 0 || load_few(a, size) == load_few(b, size);
  return load<std::uint64_t>(a) == load<std::uint64_t>(b) &&
         load<std::uint64_t>(a + size - 8) == load<std::uint64_t>(b + size - 8);
}

bool equal(std::string_view a, std::string_view b) { return a.size() == b.size() && equal(a.data(), b.data(), a.size()); }

}  // namespace

StringPool::StringPool() : slots_(kFirstSlots, Slot{0, kNone}) {}

// Hash -> slot -> end -> text: each load needs the one before and may miss the cache. So a batch takes one step for all
// of its texts before the next step; then the processor has many misses under way. Prefetching is no substitute:
// wasm has none.
void StringPool::intern(std::span<const std::string_view> texts, std::uint32_t* ids) {
  std::uint32_t hashes[kBatch];
  Slot slots[kBatch];
  std::size_t begins[kBatch], sizes[kBatch];
  for (std::size_t first = 0; first < texts.size(); first += kBatch, ids += kBatch) {
    const auto batch = texts.subspan(first, std::min(kBatch, texts.size() - first));
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = 0; i < batch.size(); ++i) hashes[i] = hash_text(batch[i]);
    for (std::size_t i = 0; i < batch.size(); ++i) slots[i] = slots_[hashes[i] & mask];
    for (std::size_t i = 0; i < batch.size(); ++i) {
      Slot slot = slots[i];
      for (std::size_t at = hashes[i]; slot.hash != hashes[i] && slot.id != kNone;) slot = slots_[++at & mask];
      ids[i] = slot.hash == hashes[i] ? slot.id : kNone;
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      sizes[i] = kNoSize;
      if (ids[i] == kNone) continue;
      begins[i] = begin_of(ids[i]);
      sizes[i] = ends_[ids[i]] - begins[i];
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const std::string_view text = batch[i];
      if (text.data() == nullptr) {
        ids[i] = kNone;
      } else if (sizes[i] != text.size() || !equal(text_.data() + begins[i], text.data(), text.size())) {
        ids[i] = find_or_add(text, hashes[i]);
      }
    }
  }
}

std::uint32_t StringPool::intern(std::string_view text) { return find_or_add(text, hash_text(text)); }

std::uint32_t StringPool::find(std::string_view text) const {
  const std::uint32_t hash = hash_text(text);
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.id == kNone) return kNone;
    if (slot.hash == hash && equal((*this)[slot.id], text)) return slot.id;
  }
}

std::uint32_t StringPool::find_or_add(std::string_view text, std::uint32_t hash) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (; slots_[at].id != kNone; at = (at + 1) & mask) {
    if (slots_[at].hash == hash && equal((*this)[slots_[at].id], text)) return slots_[at].id;
  }
  const std::uint32_t id = size();
  slots_[at] = {hash, id};
  text_.insert(text_.end(), text.begin(), text.end());
  ends_.push_back(text_.size());
  if (ends_.size() * 4 > slots_.size() * 3) grow();
  return id;
}

void StringPool::grow() {
  std::vector<Slot> old = std::move(slots_);
  slots_.assign(old.size() * 2, Slot{0, kNone});
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.id == kNone) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].id != kNone) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

}  // namespace causal_sessions
