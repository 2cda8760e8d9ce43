// Example events by the options of simulate.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "simulate/simulate.h"

namespace causal_sessions::support {

inline std::string simulated(const std::vector<std::pair<std::string, std::string>>& words) {
  SimulateOptions options;
  for (const auto& [name, text] : words) EXPECT_TRUE(set_option(options, name, text).ok());
  std::string text;
  Simulator simulator(options, WithTruth::kNo);
  ByteSink sink([&text](std::span<const std::uint8_t> bytes) { text.append(bytes.begin(), bytes.end()); });
  while (simulator.next(sink)) {
  }
  sink.flush();
  return text;
}

}  // namespace causal_sessions::support
