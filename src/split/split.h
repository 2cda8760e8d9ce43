// Split: users -> train, validation, test; all rows of a user fall into one part, but by time.
//
// kShuffle  users with rows, in order of their first one, are shuffled and cut at the shares.
// kHash     a salted hash of the user decides; a user stays where it is when the data grow.
// kTime     rows by time zero (a session's start where there is none): train before validation_from, test from
//           test_from on; without dates, at the shares of the rows. Rows whose follow-up reaches into the next part are
//           purged: in no part. A user may have rows in several parts.
// kFolds    all rows are in the training part; their folds are for cross-fitting.
// Folds are made by hash of the user, with any kind.
//
// Units:   microseconds.
// Cost:    linear in users and rows; by shares of time, a selection among the rows' times.
// Source:  the notebook's user_level_split; NumPy's legacy shuffle, see core/random.h; the cuts truncate.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/date.h"
#include "core/shared_texts.h"
#include "trial/item_popularity.h"
#include "trial/trial_table.h"

namespace causal_sessions {

constexpr std::size_t kParts = 3;
constexpr std::array<const char*, kParts> kPartNames = {"train", "validation", "test"};

enum class SplitKind { kShuffle, kHash, kTime, kFolds };

struct SplitOptions {
  SplitKind kind = SplitKind::kShuffle;
  std::uint32_t seed = 42;                             // of the shuffle; the salt of a hash
  double train = 0.7, validation = 0.15, test = 0.15;  // shares of users (by time: of rows), sum 1; test is the rest
  std::uint32_t folds = 0;                             // of users; 0: none
  Date validation_from, test_from;                     // kTime; unset: at the shares
};

struct Split {
  std::array<std::vector<std::uint32_t>, kParts> rows;  // positions of rows, ascending
  std::array<std::uint32_t, kParts> users{};
  std::vector<std::uint16_t> fold;  // of each row; empty without folds
  std::uint64_t purged = 0;         // rows in no part
};

// `follow_up_us`: of a row after its time, for kTime.
[[nodiscard]] Split split_rows(const TrialTable& table, const SharedTexts& users, const SplitOptions& options,
                               std::int64_t follow_up_us);

// Whose events, until when, teach what is fitted on the training part but not on its rows: those of the users who are in it,
// by time those up to its last row. What makes a row of a user's events has no say where the kind does without rows.
[[nodiscard]] TrainingEvents training_events(const TrialTable& table, const SharedTexts& users, const SplitOptions& options,
                                             const Split& split);

// The part of a user by kHash.
[[nodiscard]] Part part_by_hash(std::string_view user, const SplitOptions& options);

// The fold of a user among so many, which other streams of the same salt do not tell.
[[nodiscard]] std::uint16_t fold_by_hash(std::string_view user, std::uint32_t seed, std::uint32_t folds);

}  // namespace causal_sessions
