#include "split/split.h"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace causal_sessions {
namespace {

using Rows = std::vector<std::uint32_t>;

// One row a user, or as many as `counts` says.
TrialTable rows_of(const std::vector<std::uint32_t>& counts) {
  TrialTable sessions;
  for (std::uint32_t user = 0; user < counts.size(); ++user) {
    for (std::uint32_t number = 1; number <= counts[user]; ++number) {
      sessions.user.push_back(user);
      sessions.number.push_back(number);
    }
  }
  return sessions;
}

// Users are named by their number.
Split split_users(const TrialTable& table, std::uint32_t user_count, const SplitOptions& options, std::int64_t follow_up_us = 0) {
  StringPool users;
  for (std::uint32_t user = 0; user < user_count; ++user) users.intern(std::to_string(user));
  return split_rows(table, users, options, follow_up_us);
}

SplitOptions shuffled(std::uint32_t seed, double train, double validation) {
  SplitOptions options;
  options.seed = seed;
  options.train = train;
  options.validation = validation;
  return options;
}

// numpy.random.seed(s); users = numpy.arange(20); numpy.random.shuffle(users); cuts at int(20 * 0.7) and
// int(20 * (0.7 + 0.15)).
TEST(Split, UsersAsNumpyShufflesThem) {
  struct Row {
    std::uint32_t seed;
    Rows train, validation, test;
  };
  for (const Row& row : {
           Row{42u, {0, 1, 2, 3, 5, 8, 9, 11, 13, 15, 16, 17, 18, 19}, {4, 7, 12}, {6, 10, 14}},
           Row{0u, {1, 2, 4, 5, 6, 7, 8, 9, 10, 13, 14, 17, 18, 19}, {3, 11, 16}, {0, 12, 15}},
           Row{4294967295u, {1, 5, 6, 8, 9, 10, 11, 13, 14, 15, 16, 17, 18, 19}, {0, 4, 7}, {2, 3, 12}},
       }) {
    const Split split = split_users(rows_of(Rows(20, 1)), 20, shuffled(row.seed, 0.7, 0.15));
    EXPECT_EQ(split.rows[0], row.train) << row.seed;
    EXPECT_EQ(split.rows[1], row.validation) << row.seed;
    EXPECT_EQ(split.rows[2], row.test) << row.seed;
  }
}

TEST(Split, CutsAreTruncatedDoubles) {
  struct Row {
    const char* name;
    std::uint32_t users;
    double train, validation;
    std::array<std::uint32_t, kParts> expected;
  };
  for (const Row& row : {
           Row{"none", 0, 0.7, 0.15, {0, 0, 0}},
           Row{"one user", 1, 0.7, 0.15, {0, 0, 1}},
           Row{"two", 2, 0.7, 0.15, {1, 0, 1}},
           Row{"seven", 7, 0.7, 0.15, {4, 1, 2}},
           Row{"int(10 * 0.7) is 7", 10, 0.7, 0.15, {7, 1, 2}},
           Row{"int(100 * 0.29) is 28", 100, 0.29, 0.29, {28, 29, 43}},
           Row{"int(20 * (0.7 + 0.15)) is 17", 20, 0.7, 0.15, {14, 3, 3}},
           Row{"0.1 + 0.2 is above 0.3", 10, 0.1, 0.2, {1, 2, 7}},
           Row{"all train", 9, 1, 0, {9, 0, 0}},
           Row{"all validation", 9, 0, 1, {0, 9, 0}},
           Row{"all test", 9, 0, 0, {0, 0, 9}},
           Row{"halves", 9, 0.5, 0.5, {4, 5, 0}},
       }) {
    const Split split = split_users(rows_of(Rows(row.users, 1)), row.users, shuffled(42, row.train, row.validation));
    EXPECT_EQ(split.users, row.expected) << row.name;
  }
}

TEST(Split, AUsersSessionsStayTogetherAndInOrder) {
  Rows counts;
  for (std::uint32_t user = 0; user < 50; ++user) counts.push_back(user % 4);  // some without a kept session
  const TrialTable sessions = rows_of(counts);
  const Split split = split_users(sessions, 50, shuffled(7, 0.5, 0.3));
  std::vector<int> part_of_user(50, -1);
  std::size_t rows = 0;
  std::array<std::uint32_t, kParts> users{};
  for (std::size_t part = 0; part < kParts; ++part) {
    for (std::size_t i = 0; i < split.rows[part].size(); ++i, ++rows) {
      const std::uint32_t row = split.rows[part][i];
      EXPECT_TRUE(i == 0 || split.rows[part][i - 1] < row) << "position " << i;
      int& known = part_of_user[sessions.user[row]];
      if (known == -1) ++users[part];
      EXPECT_TRUE(known == -1 || known == static_cast<int>(part)) << "user in two parts";
      known = static_cast<int>(part);
    }
  }
  EXPECT_EQ(rows, sessions.rows());
  EXPECT_EQ(split.users, users);
  EXPECT_EQ(std::accumulate(users.begin(), users.end(), 0u), 37u) << "users without sessions are in no part";
}

// Users without a kept session take no draw: the others fall as if those were not there.
TEST(Split, UsersWithoutSessionsDoNotShiftTheOthers) {
  Rows with, without;
  for (int i = 0; i < 30; ++i) {
    with.push_back(1);
    without.insert(without.end(), {0, 1, 0});
  }
  const Split a = split_users(rows_of(with), 30, {});
  const Split b = split_users(rows_of(without), 90, {});
  EXPECT_EQ(a.rows, b.rows);
}

// Rows of one user each, with a time zero.
TrialTable rows_at(const std::vector<std::int64_t>& times) {
  TrialTable table = rows_of(Rows(times.size(), 1));
  table.with_time_zero = true;
  table.time_zero_us = times;
  return table;
}

TEST(SplitByTime, NoFollowUpReachesALaterPart) {
  SplitOptions options;
  options.kind = SplitKind::kTime;
  options.validation_from = {"from 100 on", 100};
  options.test_from = {"from 200 on", 200};
  // A follow-up that ends at the first instant of the next part may see an outcome at that instant.
  const Split split = split_users(rows_at({0, 89, 90, 99, 100, 150, 189, 190, 199, 200, 500}), 11, options, 10);
  EXPECT_EQ(split.rows[0], (Rows{0, 1}));
  EXPECT_EQ(split.rows[1], (Rows{4, 5, 6}));
  EXPECT_EQ(split.rows[2], (Rows{9, 10}));
  EXPECT_EQ(split.purged, 4u);
}

TEST(SplitByTime, SharesAreOfRows) {
  SplitOptions options;
  options.kind = SplitKind::kTime;
  options.train = 0.5;
  options.validation = 0.25;
  const Split split = split_users(rows_at({70, 10, 60, 20, 50, 30, 40, 0}), 8, options);
  EXPECT_EQ(split.rows[0], (Rows{1, 3, 5, 7}));
  EXPECT_EQ(split.rows[1], (Rows{4, 6}));
  EXPECT_EQ(split.rows[2], (Rows{0, 2}));
  EXPECT_EQ(split.purged, 0u);
}

// Where no part follows, no follow-up reaches one, and nothing is purged.
TEST(SplitByTime, NothingIsPurgedBeforeAPartThatHasNoRows) {
  SplitOptions options;
  options.kind = SplitKind::kTime;
  options.train = 1;
  options.validation = 0;
  const Split split = split_users(rows_at({30, 10, 20}), 3, options, 1000);
  EXPECT_EQ(split.rows[0], (Rows{0, 1, 2}));
  EXPECT_EQ(split.purged, 0u);
}

TEST(SplitByTime, RowsWithoutATimeZeroGoByTheirStart) {
  SplitOptions options;
  options.kind = SplitKind::kTime;
  options.validation_from = {"from 100 on", 100};
  options.test_from = {"from 200 on", 200};
  TrialTable table = rows_of(Rows(3, 1));
  table.start_us = {150, 50, 250};
  const Split split = split_users(table, 3, options);
  EXPECT_EQ(split.rows[0], (Rows{1}));
  EXPECT_EQ(split.rows[1], (Rows{0}));
  EXPECT_EQ(split.rows[2], (Rows{2}));
}

TEST(SplitByTime, TrainingIsOverWithItsLastRow) {
  SplitOptions options;
  options.kind = SplitKind::kTime;
  options.validation_from = {"from 100 on", 100};
  options.test_from = {"from 200 on", 200};
  const auto until_us = [&](const TrialTable& table) {
    StringPool users;
    for (const char* user : {"0", "1", "2"}) users.intern(user);
    return training_events(table, users, options, split_rows(table, users, options, 0)).until_us;
  };
  TrialTable table = rows_of(Rows(3, 1));
  table.start_us = {150, 50, 70};
  EXPECT_EQ(until_us(table), 70);
  table.with_time_zero = true;
  table.time_zero_us = {150, 90, 80};
  EXPECT_EQ(until_us(table), 90);
}

TEST(SplitByFolds, AllRowsAreOneTableAndAUserIsInOneFold) {
  SplitOptions options;
  options.kind = SplitKind::kFolds;
  options.folds = 4;
  const Split split = split_users(rows_of(Rows(400, 3)), 400, options);
  ASSERT_EQ(split.rows[0].size(), 1200u);
  EXPECT_TRUE(split.rows[1].empty() && split.rows[2].empty());
  std::vector<std::uint32_t> users(4);
  for (std::size_t row = 0; row < 1200; row += 3) {
    EXPECT_TRUE(split.fold[row] == split.fold[row + 1] && split.fold[row] == split.fold[row + 2]);
    ASSERT_LT(split.fold[row], 4u);
    ++users[split.fold[row]];
  }
  for (const std::uint32_t count : users) EXPECT_NEAR(count, 100, 40);
}

TEST(SplitByHash, DependsOnTheUserAndTheSaltAlone) {
  SplitOptions options;
  options.kind = SplitKind::kHash;
  options.train = 0.6;
  options.validation = 0.2;
  const Split all = split_users(rows_of(Rows(1000, 1)), 1000, options);
  EXPECT_NEAR(static_cast<double>(all.rows[0].size()), 600, 60);
  EXPECT_NEAR(static_cast<double>(all.rows[1].size()), 200, 50);
  const Split some = split_users(rows_of(Rows(300, 1)), 300, options);
  for (std::size_t part = 0; part < kParts; ++part) {
    Rows first = all.rows[part];
    std::erase_if(first, [](std::uint32_t row) { return row >= 300; });
    EXPECT_EQ(some.rows[part], first);
  }
  options.seed = 43;
  EXPECT_NE(split_users(rows_of(Rows(1000, 1)), 1000, options).rows[0], all.rows[0]);
}

}  // namespace
}  // namespace causal_sessions
