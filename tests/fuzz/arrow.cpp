// Arrow files and streams: by ranges and gathered, in one piece and in many, the same events or the same refusal; and the
// preview.
#include <cstring>
#include <vector>

#include "support.h"
#include "target.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace causal_sessions::fuzz {
namespace {

struct Stretch {
  std::size_t begin, end;
};

// The metadata of messages, each behind four bytes of ones and its length.
std::vector<Stretch> metadata_of(std::span<const std::uint8_t> data) {
  std::vector<Stretch> found;
  for (std::size_t at = 0; at + 8 < data.size(); at += 4) {
    std::uint32_t word[2];
    std::memcpy(word, data.data() + at, sizeof word);
    if (word[0] != 0xFFFFFFFF || word[1] == 0 || word[1] > data.size() - at - 8) continue;
    found.push_back({at + 8, at + 8 + word[1]});
    at = (at + 4 + word[1]) / 4 * 4;
  }
  return found;
}

// A file's footer, before its length and the mark.
std::optional<Stretch> footer_of(std::span<const std::uint8_t> data) {
  constexpr std::size_t kEnd = 10;
  if (data.size() < 8 + kEnd || std::memcmp(data.data(), "ARROW1", 6) != 0) return std::nullopt;
  std::uint32_t size;
  std::memcpy(&size, data.data() + data.size() - kEnd, sizeof size);
  if (size == 0 || size > data.size() - 8 - kEnd) return std::nullopt;
  return Stretch{data.size() - kEnd - size, data.size() - kEnd};
}

}  // namespace

void run_arrow(std::string_view input) { check_columnar(input); }

// Metadata, bodies and the footer apart, none of which changes its size: offsets go across all of them.
std::size_t mutate_arrow(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  Dice dice(seed);
  const std::vector<Stretch> metadata = metadata_of({data, size});
  const std::optional<Stretch> footer = footer_of({data, size});
  if (metadata.empty() || dice.chance(2)) return LLVMFuzzerMutate(data, size, most);
  const std::size_t message = dice.below(metadata.size());
  Stretch where = metadata[message];
  if (footer && dice.chance(30)) {
    where = *footer;
  } else if (dice.chance(40)) {
    where = {where.end, message + 1 < metadata.size() ? metadata[message + 1].begin : size};
  }
  mutate_within({data, size}, where.begin, where.end, dice);
  return size;
}

}  // namespace causal_sessions::fuzz
