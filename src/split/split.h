// Split: users -> train, validation, test; all sessions of a user fall into one part.
//
// Users with kept sessions, in order of their first one, are shuffled and cut at the shares.
// Cost:    linear in users and sessions.
// Source:  the notebook's user_level_split; NumPy's legacy shuffle, see core/random.h; the cuts truncate.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "session/sessionize.h"

namespace causal_sessions {

enum class Part : std::uint8_t { kTrain, kValidation, kTest };
constexpr std::size_t kParts = 3;
constexpr std::array<const char*, kParts> kPartNames = {"train", "validation", "test"};

struct SplitOptions {
  std::uint32_t seed = 42;
  double train = 0.7, validation = 0.15;  // shares of users; the test part is the rest
};

struct Split {
  std::array<std::vector<std::uint32_t>, kParts> rows;  // positions of sessions, ascending
  std::array<std::uint32_t, kParts> users{};
};

[[nodiscard]] Split split_users(const Sessions& sessions, std::uint32_t user_count, const SplitOptions& options);

}  // namespace causal_sessions
