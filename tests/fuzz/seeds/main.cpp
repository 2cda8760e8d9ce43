// Writes the binary seeds: build/fuzz/fuzz_seeds FOLDER TARGET... makes FOLDER/TARGET/NAME.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "fuzz/seeds/seeds.h"

int main(int count, char** words) {
  if (count < 3) {
    std::fprintf(stderr, "usage: fuzz_seeds FOLDER TARGET...\n");
    return 2;
  }
  for (int i = 2; i < count; ++i) {
    const std::filesystem::path folder = std::filesystem::path(words[1]) / words[i];
    std::filesystem::create_directories(folder);
    for (const causal_sessions::seeds::Seed& seed : causal_sessions::seeds::seeds_of(words[i])) {
      std::ofstream(folder / seed.name, std::ios::binary) << seed.bytes;
    }
  }
  return 0;
}
