// What an inspection says, without the facts of its columns, which have tests of their own.
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace causal_sessions::support {

inline std::string without_sample(const std::string& inspection) {
  nlohmann::ordered_json found = nlohmann::ordered_json::parse(inspection);
  found.erase("sample");
  return found.dump();
}

}  // namespace causal_sessions::support
