// Which binary seeds each target begins with.
#include <iterator>

#include "fuzz/seeds/seeds.h"

namespace causal_sessions::seeds {

std::vector<Seed> seeds_of(std::string_view target) {
  if (target == "parquet") return parquet_seeds();
  if (target == "arrow") return arrow_seeds();
  if (target == "partials") return partial_seeds();
  if (target == "codecs") return codec_seeds();
  if (target == "peers") return peer_seeds();
  const bool files = target == "events" || target == "preview";
  if (!files && target != "zip") return {};
  const std::vector<Seed> parquet = parquet_seeds(), arrow = arrow_seeds();
  std::vector<Seed> seeds = zip_seeds(parquet[0].bytes, arrow[0].bytes);
  if (!files) return seeds;
  std::vector<Seed> compressed = compressed_seeds(arrow[1].bytes);
  std::move(compressed.begin(), compressed.end(), std::back_inserter(seeds));
  seeds.push_back({"parquet", parquet[0].bytes});
  seeds.push_back({"arrow", arrow[0].bytes});
  return seeds;
}

}  // namespace causal_sessions::seeds
