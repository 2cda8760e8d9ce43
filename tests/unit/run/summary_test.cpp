#include "run/summary.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace causal_sessions {
namespace {

struct Row {
  std::uint8_t treatment, outcome;
  std::uint32_t length;
  Part part;
};

Summary summary_of(const std::vector<Row>& rows) {
  SequenceTable table;
  Split split;
  for (const Row& row : rows) {
    split.rows[static_cast<std::size_t>(row.part)].push_back(static_cast<std::uint32_t>(table.rows()));
    table.user.push_back(0);
    table.treatment.push_back(row.treatment);
    table.outcome.push_back(row.outcome);
    table.count.push_back(row.length - row.length / 2);
    table.padding.push_back(row.length / 2);
  }
  return summarize(table, split);
}

TEST(Summary, CountsByPart) {
  const Summary summary = summary_of({{1, 1, 2, Part::kTrain},
                                      {1, 0, 2, Part::kTrain},
                                      {0, 0, 2, Part::kTrain},
                                      {0, 1, 2, Part::kTrain},
                                      {1, 1, 2, Part::kValidation},
                                      {0, 0, 2, Part::kTest}});
  EXPECT_EQ(summary.all.sessions, 6u);
  EXPECT_EQ(summary.all.treated, 3u);
  EXPECT_EQ(summary.all.outcomes, 3u);
  EXPECT_EQ(summary.all.treated_outcomes, 2u);
  EXPECT_EQ(summary.all.treatment_rate(), 0.5);
  EXPECT_EQ(summary.all.treated_outcome_rate(), 2.0 / 3.0);
  EXPECT_EQ(summary.all.control_outcome_rate(), 1.0 / 3.0);
  EXPECT_EQ(summary.all.naive_lift(), 2.0 / 3.0 - 1.0 / 3.0);
  EXPECT_EQ(summary.parts[0].sessions, 4u);
  EXPECT_EQ(summary.parts[0].naive_lift(), 0.0);
  EXPECT_EQ(summary.parts[1].outcome_rate(), 1.0);
}

TEST(Summary, ARateOfNothingIsUnset) {
  const Summary summary = summary_of({{1, 1, 2, Part::kTrain}, {0, 0, 2, Part::kTest}});
  const ArmCounts &train = summary.parts[0], &validation = summary.parts[1], &test = summary.parts[2];
  EXPECT_EQ(train.treated_outcome_rate(), 1.0);
  EXPECT_FALSE(train.control_outcome_rate().has_value());
  EXPECT_FALSE(train.naive_lift().has_value()) << "no session without treatment";
  EXPECT_FALSE(test.naive_lift().has_value()) << "no session with treatment";
  EXPECT_FALSE(validation.treatment_rate().has_value());
  EXPECT_FALSE(validation.outcome_rate().has_value());
  EXPECT_EQ(summary.all.naive_lift(), 1.0);
}

// pandas.Series(lengths).describe() and quantile(0.95).
TEST(Summary, MeasuresLengthsAsPandas) {
  struct Case {
    const char* name;
    std::vector<std::uint32_t> lengths;
    LengthStatistics expected;  // mean, median, p95, min, max
  };
  for (const Case& row : {
           Case{"one", {7}, {7.0, 7.0, 7.0, 7, 7}},
           Case{"two", {2, 5}, {3.5, 3.5, 4.85, 2, 5}},
           Case{"three", {9, 2, 4}, {5.0, 4.0, 8.5, 2, 9}},
           Case{"unsorted with ties", {5, 1, 5, 2, 2, 8, 1, 1, 30, 500}, {55.5, 3.5, 288.4999999999995, 1, 500}},
           Case{"twenty-one: no interpolation",
                {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20},
                {10.0, 10.0, 19.0, 0, 20}},
           Case{"interpolation below the half", {1, 2, 3, 4, 5, 6, 7, 100}, {16.0, 4.5, 67.44999999999996, 1, 100}},
           Case{"thirty",
                {2, 9, 16, 23, 30, 6, 13, 20, 27, 3, 10, 17, 24, 31, 7, 14, 21, 28, 4, 11, 18, 25, 32, 8, 15, 22, 29, 5, 12, 19},
                {16.7, 16.5, 30.549999999999997, 2, 32}},
       }) {
    std::vector<Row> rows;
    for (const std::uint32_t length : row.lengths) rows.push_back({0, 0, length, Part::kTest});
    const Summary summary = summary_of(rows);
    ASSERT_TRUE(summary.lengths.has_value()) << row.name;
    EXPECT_EQ(summary.lengths->mean, row.expected.mean) << row.name;
    EXPECT_EQ(summary.lengths->median, row.expected.median) << row.name;
    EXPECT_EQ(summary.lengths->p95, row.expected.p95) << row.name;
    EXPECT_EQ(summary.lengths->min, row.expected.min) << row.name;
    EXPECT_EQ(summary.lengths->max, row.expected.max) << row.name;
  }
  EXPECT_FALSE(summary_of({}).lengths.has_value());
}

TEST(Summary, SamplesAreOfTheTrainingPart) {
  using Rows = std::vector<std::uint32_t>;
  EXPECT_EQ(summary_of({{1, 1, 2, Part::kTest},
                        {0, 0, 2, Part::kTrain},
                        {1, 0, 2, Part::kTrain},
                        {0, 1, 2, Part::kTrain},
                        {1, 1, 2, Part::kTrain}})
                .samples,
            (Rows{3, 2, 3}))
      << "the first outcome, the first treated without one, the first untreated with one";
  EXPECT_EQ(summary_of({{1, 0, 2, Part::kTrain}}).samples, (Rows{0}));
  EXPECT_EQ(summary_of({{1, 0, 2, Part::kTest}}).samples, Rows{});
}

}  // namespace
}  // namespace causal_sessions
