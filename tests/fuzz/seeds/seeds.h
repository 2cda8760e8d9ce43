// Binary seeds: small whole files, made when they are needed, as the repository holds no binaries.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace causal_sessions::seeds {

struct Seed {
  std::string name, bytes;
};

// Of a target; none of most.
std::vector<Seed> seeds_of(std::string_view target);

std::vector<Seed> parquet_seeds();
std::vector<Seed> arrow_seeds();
std::vector<Seed> partial_seeds();
std::vector<Seed> codec_seeds();  // as the target "codecs" takes them, behind the letter of the codec
std::vector<Seed> compressed_seeds(const std::string& arrow_file);  // files of events
std::vector<Seed> zip_seeds(const std::string& parquet_file, const std::string& arrow_file);
std::vector<Seed> peer_seeds();  // as the target "peers" takes them, behind its letter

}  // namespace causal_sessions::seeds
