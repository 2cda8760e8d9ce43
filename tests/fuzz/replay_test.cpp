// The first inputs of the fuzz targets without a fuzzer: the kept and the made ones, and what the targets' own mutators make of them,
// in any compiler and as WebAssembly. A broken promise ends the program with what it was.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "fuzz/seeds/seeds.h"
#include "property/streams.h"
#include "support/run.h"
#include "target.h"

// In the place of libFuzzer's: another byte somewhere.
extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most) {
  static causal_sessions::streams::Dice dice(1);
  if (size < most && dice.chance(20)) ++size;
  if (size != 0) data[dice.below(size)] = static_cast<std::uint8_t>(dice.below(256));
  return size;
}

namespace causal_sessions {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> inputs_of(std::string_view target) {
  std::vector<std::string> inputs = {""};
  for (seeds::Seed& seed : seeds::seeds_of(target)) inputs.push_back(std::move(seed.bytes));
  fs::path folder = fs::path(TEST_CASES_DIR).parent_path() / "fuzz" / "corpus" / target;
  // A target may take another one's inputs; Emscripten does not list what is behind a link.
  if (fs::is_symlink(folder)) folder = folder.parent_path() / fs::read_symlink(folder);
  if (!fs::is_directory(folder)) return inputs;
  for (const fs::directory_entry& file : fs::directory_iterator(folder)) inputs.push_back(support::read_file(file.path()));
  return inputs;
}

class FirstInputs : public testing::TestWithParam<fuzz::Target> {};

TEST_P(FirstInputs, BreakNoPromise) {
  constexpr std::size_t kMutations = 4, kRoom = 64;
  const fuzz::Target& target = GetParam();
  const std::vector<std::string> inputs = inputs_of(target.name);
  EXPECT_GT(inputs.size(), 1u) << "a target begins with some input";
  for (const std::string& input : inputs) {
    target.run(input);
    for (unsigned seed = 0; target.mutate != nullptr && seed < kMutations; ++seed) {
      std::vector<std::uint8_t> bytes(input.begin(), input.end());
      bytes.resize(input.size() + kRoom);
      const std::size_t size = target.mutate(bytes.data(), input.size(), bytes.size(), seed);
      ASSERT_LE(size, bytes.size()) << "a mutator keeps within its room";
      bytes.resize(size);
      bytes.shrink_to_fit();  // for the address sanitizer
      target.run({reinterpret_cast<const char*>(bytes.data()), size});
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Fuzz, FirstInputs, testing::ValuesIn(fuzz::kTargets),
                         [](const auto& target) { return std::string(target.param.name); });

}  // namespace
}  // namespace causal_sessions
