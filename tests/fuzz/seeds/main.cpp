// Writes the binary seeds: build/fuzz/fuzz_seeds FOLDER makes FOLDER/TARGET/NAME.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "seeds/packed.h"
#include "seeds/seeds.h"

namespace {

using causal_sessions::seeds::Seed;

void write(const std::filesystem::path& folder, const Seed& seed) {
  std::filesystem::create_directories(folder);
  std::ofstream(folder / seed.name, std::ios::binary) << seed.bytes;
}

}  // namespace

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: fuzz_seeds FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder = words[1];
  const std::vector<Seed> parquet = causal_sessions::seeds::parquet_seeds(), arrow = causal_sessions::seeds::arrow_seeds();
  for (const Seed& seed : parquet) write(folder / "parquet", seed);
  for (const Seed& seed : arrow) write(folder / "arrow", seed);
  for (const Seed& seed : causal_sessions::seeds::codec_seeds()) write(folder / "codecs", seed);
  for (const Seed& seed : causal_sessions::seeds::compressed_seeds(arrow[1].bytes)) {
    for (const char* target : {"events", "preview"}) write(folder / target, seed);
  }
  for (const Seed& seed : causal_sessions::seeds::zip_seeds(parquet[0].bytes, arrow[0].bytes)) {
    for (const char* target : {"events", "preview"}) write(folder / target, seed);
  }
  for (const char* target : {"events", "preview"}) {
    write(folder / target, {"parquet", parquet[0].bytes});
    write(folder / target, {"arrow", arrow[0].bytes});
  }
  return 0;
}
