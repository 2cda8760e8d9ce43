// What `verify` reads of a manifest (report/manifest_json.h), which somebody else may have written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace causal_sessions {

struct ManifestFile {
  std::string name, format, sha256;  // of an output its path; "" where it is not said
  std::uint64_t bytes = 0;
};

struct Manifest {
  std::string engine_version;
  std::string plan;  // as JSON
  nlohmann::ordered_json rows;
  std::vector<ManifestFile> inputs, outputs;
};

// Nothing if it is not what manifest_json() writes.
[[nodiscard]] std::optional<Manifest> read_manifest(std::string_view text);

}  // namespace causal_sessions
