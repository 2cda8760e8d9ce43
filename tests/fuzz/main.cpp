// libFuzzer's entry points. The target is named by the environment, since libFuzzer starts this program again for some of
// its tasks: FUZZ_TARGET=events build/fuzz/fuzz CORPUS
#include <cstdio>
#include <cstdlib>

#include "target.h"

namespace {

const causal_sessions::fuzz::Target* target = nullptr;

}  // namespace

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  const char* const name = std::getenv("FUZZ_TARGET");
  for (const auto& each : causal_sessions::fuzz::kTargets) {
    if (name != nullptr && each.name == name) target = &each;
  }
  if (target == nullptr) {
    std::fprintf(stderr, "FUZZ_TARGET has to name a target of tests/fuzz/target.h.\n");
    std::exit(2);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  target->run({reinterpret_cast<const char*>(data), size});
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  return target->mutate != nullptr ? target->mutate(data, size, most, seed) : LLVMFuzzerMutate(data, size, most);
}
