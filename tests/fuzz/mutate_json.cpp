// Changes JSON by its values: one in the place of another, twice, left out, inside of a list or an object, or of a kind that nobody
// expects. What is around the JSON, such as a line before it, stays.
#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "formats/json/scan.h"
#include "property/streams.h"
#include "target.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace causal_sessions::fuzz {
namespace {

using streams::Dice;

struct ValuePlace {
  std::size_t begin, size;
};

// Texts, keys among them, plain values, lists and objects, whether the whole is JSON or not.
std::vector<ValuePlace> values_of(std::string_view text) {
  const std::string padded = std::string(text) + std::string(64, ' ');
  const std::span<const char> window = std::span(padded).first(text.size());
  std::vector<ValuePlace> places;
  const auto add = [&](std::size_t begin, std::size_t end) {
    if (end > begin) places.push_back({begin, end - begin});
  };
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '{' || c == '[') {
      add(at, find_json_end(window, at));
      ++at;
    } else if (c == '"') {
      const std::size_t end = find_json_text_end(window, at);
      add(at, end);
      at = std::max(end, at + 1);
    } else {
      const std::size_t begin = at;
      while (at < text.size() && std::string_view("{}[]:,\" \t\r\n").find(text[at]) == std::string_view::npos) ++at;
      add(begin, at);
      at = std::max(at, begin + 1);
    }
  }
  return places;
}

std::string changed(std::string_view text, const std::vector<ValuePlace>& places, Dice& dice) {
  constexpr std::string_view kOthers[] = {
      "null",        "true", "-0",          "1.50",        "1e3",     "1e400", "9007199254740993", "NaN",       "[]",
      "{}",          "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"[1]\"", "[[]]",  "{\"$date\":1}",    "\"[PAD]\"", "{\"\":0,\"\":1}",
      "\"\\\"\\\\\""};
  const ValuePlace& place = dice.pick(places);
  const std::string before(text.substr(0, place.begin)), value(text.substr(place.begin, place.size));
  std::string_view behind = text.substr(place.begin + place.size);
  const ValuePlace& other = dice.pick(places);
  switch (dice.below(6)) {
    case 0: return before + std::string(text.substr(other.begin, other.size)).append(behind);
    case 1: return before + std::string(dice.pick(kOthers)).append(behind);
    case 2: return before + value + "," + value + std::string(behind);
    case 3: return before + (dice.chance(50) ? "[" + value + "]" : "{\"a\":" + value + "}") + std::string(behind);
    case 4: return before + "[" + value + "," + std::string(dice.pick(kOthers)) + "]" + std::string(behind);
    default:
      if (behind.starts_with(",")) behind.remove_prefix(1);
      return before + std::string(behind);
  }
}

}  // namespace

std::size_t mutate_json(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  Dice dice(seed);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::vector<ValuePlace> places = values_of(text);
  if (places.empty() || dice.chance(50)) return LLVMFuzzerMutate(data, size, most);
  const std::string result = changed(text, places, dice);
  if (result.empty() || result.size() > most) return LLVMFuzzerMutate(data, size, most);
  std::memcpy(data, result.data(), result.size());
  return result.size();
}

}  // namespace causal_sessions::fuzz
