#include "split/split.h"

#include <span>

#include "core/random.h"

namespace causal_sessions {

Split split_users(const Sessions& sessions, std::uint32_t user_count, const SplitOptions& options) {
  std::vector<std::uint32_t> users;
  for (std::size_t row = 0; row < sessions.size(); ++row) {
    if (row == 0 || sessions.user[row] != sessions.user[row - 1]) users.push_back(sessions.user[row]);
  }
  Mt19937Legacy random(options.seed);
  random.shuffle(std::span(users));

  const auto count = static_cast<double>(users.size());
  const auto train_end = static_cast<std::size_t>(count * options.train);
  const auto validation_end = static_cast<std::size_t>(count * (options.train + options.validation));
  Split split;
  std::vector<Part> part_of_user(user_count, Part::kTest);
  for (std::size_t i = 0; i < users.size(); ++i) {
    const Part part = i < train_end ? Part::kTrain : i < validation_end ? Part::kValidation : Part::kTest;
    part_of_user[users[i]] = part;
    ++split.users[static_cast<std::size_t>(part)];
  }
  for (std::uint32_t row = 0; row < sessions.size(); ++row) {
    split.rows[static_cast<std::size_t>(part_of_user[sessions.user[row]])].push_back(row);
  }
  return split;
}

}  // namespace causal_sessions
