// manifest.json: what a run read, did and wrote, by name, size and SHA-256, so that anyone can run it again and compare.
//
// Keys:    engine, plan (complete), inputs, rows (the ledger: read, left out by reason, events, sessions by fate and by
//          part), notices, outputs, otherPlans (settings of the plans by which an effect was estimated on the same events as well, so
//          that a reader sees among how many this one was chosen). Names are without folders, but for those below one that was given: a manifest says nothing of the
//          machine it was made on.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "run/run.h"

namespace causal_sessions {

struct ManifestOutput {
  std::string path, format;
  std::uint64_t bytes = 0;
  std::string sha256;
};

inline constexpr const char* kManifestPath = "manifest.json";

// `input_sha256`: of the files as they were read, in order; "" where nobody knows it.
[[nodiscard]] std::string manifest_json(const Run& run, std::span<const std::string> input_sha256,
                                        std::span<const ManifestOutput> outputs);

}  // namespace causal_sessions
