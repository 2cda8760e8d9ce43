#include "split/split.h"

#include <algorithm>
#include <span>

#include "core/random.h"

namespace causal_sessions {
namespace {

// Streams of the salt.
constexpr std::uint64_t kPartStream = 21;
constexpr std::uint64_t kFoldStream = 22;

std::uint64_t salted(std::string_view user, std::uint32_t salt, std::uint64_t stream) {
  return StreamKey{salt}.child(stream).child(text_key(user)).value;
}

Part part_at(double position, const SplitOptions& options) {
  return position < options.train                        ? Part::kTrain
         : position < options.train + options.validation ? Part::kValidation
                                                         : Part::kTest;
}

// Users with rows, in order of their first one.
std::vector<std::uint32_t> users_of(const TrialTable& table) {
  std::vector<std::uint32_t> users;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (row == 0 || table.user[row] != table.user[row - 1]) users.push_back(table.user[row]);
  }
  return users;
}

std::vector<Part> shuffle_users(const TrialTable& table, std::size_t user_count, const SplitOptions& options) {
  std::vector<std::uint32_t> users = users_of(table);
  Mt19937Legacy random(options.seed);
  random.shuffle(std::span(users));
  const auto count = static_cast<double>(users.size());
  const auto train_end = static_cast<std::size_t>(count * options.train);
  const auto validation_end = static_cast<std::size_t>(count * (options.train + options.validation));
  std::vector<Part> part_of_user(user_count, Part::kTest);
  for (std::size_t i = 0; i < users.size(); ++i) {
    part_of_user[users[i]] = i < train_end ? Part::kTrain : i < validation_end ? Part::kValidation : Part::kTest;
  }
  return part_of_user;
}

std::vector<Part> place_users(const TrialTable& table, const SharedTexts& users, const SplitOptions& options) {
  if (options.kind == SplitKind::kShuffle) return shuffle_users(table, users.size(), options);
  std::vector<Part> part_of_user(users.size(), Part::kTrain);
  if (options.kind == SplitKind::kFolds) return part_of_user;
  for (const std::uint32_t user : users_of(table)) part_of_user[user] = part_by_hash(users[user], options);
  return part_of_user;
}

// Where validation and test begin.
std::array<std::int64_t, 2> time_cuts(std::span<const std::int64_t> times, const SplitOptions& options) {
  if (options.test_from.is_set()) return {options.validation_from.us, options.test_from.us};
  std::array<std::int64_t, 2> cuts = {INT64_MAX, INT64_MAX};
  std::vector<std::int64_t> sorted(times.begin(), times.end());
  const auto count = static_cast<double>(sorted.size());
  const std::array<double, 2> shares = {options.train, options.train + options.validation};
  for (std::size_t i = 0; i < 2; ++i) {
    const auto nth = static_cast<std::size_t>(count * shares[i]);
    if (nth >= sorted.size()) continue;
    std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(nth), sorted.end());
    cuts[i] = sorted[nth];
  }
  return cuts;
}

void split_by_time(const TrialTable& table, const SplitOptions& options, std::int64_t follow_up_us, Split& split) {
  const auto& times = table.has_time_zero() ? table.time_zero_us : table.start_us;
  const auto [validation_from, test_from] = time_cuts(times, options);
  const auto reaches = [&](std::int64_t time, std::int64_t cut) { return cut != INT64_MAX && time >= cut - follow_up_us; };
  for (std::uint32_t row = 0; row < table.rows(); ++row) {
    const std::int64_t time = times[row];
    const Part part = time < validation_from ? Part::kTrain : time < test_from ? Part::kValidation : Part::kTest;
    const bool purged =
        (part == Part::kTrain && reaches(time, validation_from)) || (part == Part::kValidation && reaches(time, test_from));
    if (purged) {
      ++split.purged;
    } else {
      split.rows[static_cast<std::size_t>(part)].push_back(row);
    }
  }
}

}  // namespace

TrainingEvents training_events(const TrialTable& table, const SharedTexts& users, const SplitOptions& options,
                               const Split& split) {
  TrainingEvents training;
  training.of_user.resize(users.size());
  const auto& train = split.rows[static_cast<std::size_t>(Part::kTrain)];
  for (const std::uint32_t row : train) training.of_user[table.user[row]] = 1;
  if (options.kind == SplitKind::kFolds) training.of_user.assign(users.size(), 1);
  if (options.kind == SplitKind::kHash) {
    for (std::uint32_t user = 0; user < users.size(); ++user) {
      training.of_user[user] = part_by_hash(users[user], options) == Part::kTrain;
    }
  }
  if (options.kind == SplitKind::kTime) {
    const auto& times = table.has_time_zero() ? table.time_zero_us : table.start_us;
    training.until_us = INT64_MIN;
    for (const std::uint32_t row : train) training.until_us = std::max(training.until_us, times[row]);
  }
  return training;
}

Part part_by_hash(std::string_view user, const SplitOptions& options) {
  return part_at(static_cast<double>(salted(user, options.seed, kPartStream) >> 11) * 0x1.0p-53, options);
}

std::uint16_t fold_by_hash(std::string_view user, std::uint32_t seed, std::uint32_t folds) {
  return static_cast<std::uint16_t>(salted(user, seed, kFoldStream) % folds);
}

Split split_rows(const TrialTable& table, const SharedTexts& users, const SplitOptions& options, std::int64_t follow_up_us) {
  Split split;
  if (options.kind == SplitKind::kTime) {
    split_by_time(table, options, follow_up_us, split);
  } else {
    const std::vector<Part> part_of_user = place_users(table, users, options);
    for (std::uint32_t row = 0; row < table.rows(); ++row) {
      split.rows[static_cast<std::size_t>(part_of_user[table.user[row]])].push_back(row);
    }
  }
  for (std::size_t part = 0; part < kParts; ++part) {
    const auto& rows = split.rows[part];
    for (std::size_t i = 0; i < rows.size(); ++i) {
      split.users[part] += i == 0 || table.user[rows[i]] != table.user[rows[i - 1]];
    }
  }
  if (options.folds == 0) return split;
  split.fold.resize(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const bool same = row != 0 && table.user[row] == table.user[row - 1];
    split.fold[row] = same ? split.fold[row - 1] : fold_by_hash(users[table.user[row]], options.seed, options.folds);
  }
  return split;
}

}  // namespace causal_sessions
