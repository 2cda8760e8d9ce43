// manifest.json: what a run read, did and wrote, by name, size and SHA-256, so that anyone can run it again and compare.
//
// Keys:    engine, plan (complete), inputs, rows (the ledger: read, left out by reason, events, sessions by fate and by
//          part), notices, outputs, otherPlans (settings of the plans by which an effect was estimated on the same events as
//          well, so that a reader sees among how many this one was chosen). Names are without folders, but for those below one that
//          was given: a manifest says nothing of the machine it was made on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "run/run.h"

namespace causal_sessions {

struct ManifestOutput {
  std::string path, format;
  std::uint64_t bytes = 0;
  std::string sha256;
};

inline constexpr const char* kManifestPath = "manifest.json";

// `input_sha256`: of the files as they were read, by their order; "" where nobody knows it. In pieces, as there may be many files.
void write_manifest(const Run& run, const std::function<std::string(std::size_t)>& input_sha256,
                    std::span<const ManifestOutput> outputs, const std::function<void(std::string_view)>& put);

// The same of digests that are all there; those behind the last one nobody knows.
[[nodiscard]] std::string manifest_json(const Run& run, std::span<const std::string> input_sha256,
                                        std::span<const ManifestOutput> outputs);

}  // namespace causal_sessions
