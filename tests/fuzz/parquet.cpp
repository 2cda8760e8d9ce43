// Parquet: by ranges and gathered, in one piece and in many, the same events or the same refusal; and the preview.
#include <algorithm>
#include <cstring>
#include <vector>

#include "support.h"
#include "target.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace causal_sessions::fuzz {
namespace {

constexpr std::size_t kMark = 4, kEnd = 8;  // "PAR1"; the footer's size and "PAR1"

// Where the footer begins; nothing if the bytes have none.
std::optional<std::size_t> footer_of(std::span<const std::uint8_t> data) {
  if (data.size() < kMark + kEnd || std::memcmp(data.data(), "PAR1", kMark) != 0) return std::nullopt;
  std::uint32_t size;
  std::memcpy(&size, data.data() + data.size() - kEnd, sizeof size);
  if (size > data.size() - kMark - kEnd) return std::nullopt;
  return data.size() - kEnd - size;
}

}  // namespace

void run_parquet(std::string_view input) { check_columnar(input); }

// Footer and pages apart: a footer may change its size, as it is written anew behind the pages, while a page that changed
// its size would move all that the footer points at.
std::size_t mutate_parquet(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  Dice dice(seed);
  const std::optional<std::size_t> footer = footer_of({data, size});
  if (!footer || dice.chance(2)) return LLVMFuzzerMutate(data, size, most);
  if (dice.chance(60)) {
    mutate_within({data, size}, kMark, *footer, dice);
    return size;
  }
  const std::size_t footer_size = size - kEnd - *footer;
  if (dice.chance(50) || footer_size == 0) {
    mutate_within({data, size}, *footer, *footer + footer_size, dice);
    return size;
  }
  std::vector<std::uint8_t> bytes(data + *footer, data + *footer + footer_size);
  bytes.resize(std::min(most - *footer - kEnd, footer_size + 16));
  bytes.resize(LLVMFuzzerMutate(bytes.data(), footer_size, bytes.size()));
  const auto new_size = static_cast<std::uint32_t>(bytes.size());
  std::memcpy(data + *footer, bytes.data(), bytes.size());
  std::memcpy(data + *footer + bytes.size(), &new_size, sizeof new_size);
  std::memcpy(data + *footer + bytes.size() + sizeof new_size, "PAR1", kMark);
  return *footer + bytes.size() + kEnd;
}

}  // namespace causal_sessions::fuzz
