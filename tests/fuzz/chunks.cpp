// Text read in chunks by several chunk readers: whatever the chunks, what reading it in one piece gives.
#include <algorithm>

#include "support.h"
#include "support/chunks.h"
#include "target.h"

namespace causal_sessions::fuzz {
namespace {

support::Cutting random_cutting(std::size_t size, Dice& dice) {
  support::Cutting cutting;
  // The first bytes are looked at before anything is cut.
  cutting.first = std::min<std::size_t>(size, buffer_sizes::kSampleBytes + 4 + dice.below(2) * dice.below(100));
  for (std::size_t i = 1 + dice.below(6); i > 0; --i)
    cutting.cuts.push_back(cutting.first + dice.below(size - cutting.first + 1));
  std::sort(cutting.cuts.begin(), cutting.cuts.end());
  for (std::size_t i = 0; i < cutting.cuts.size(); ++i) cutting.readers.push_back(dice.chance(20) ? 0 : 1 + dice.below(3));
  cutting.ahead = dice.below(4);
  return cutting;
}

std::string run_in_parts(const Plan& plan, std::string_view text, const support::Cutting& cutting) {
  Run made(plan);
  Status status = support::PartsFeed(plan, text, cutting, made.reader()).feed();
  if (status.ok()) status = run_to_end(made);
  return told(made, status);
}

}  // namespace

void run_chunks(std::string_view input) {
  static const Plan kPlans[] = {plan_of(""), plan_of(R"({"events": {"unknown": "drop"}, "rows": {"bad": "drop"}})"),
                                plan_of(R"({"events": {"unknown": "add"}, "input": {"nulls": ["NULL"]}})")};
  if (needs_ranges(input) || detect_compression(input)) return;  // never read in chunks
  Dice dice = dice_of(input);
  for (int round = 0; round < 2; ++round) {
    const Plan& plan = dice.pick(kPlans);
    const support::Cutting cutting = random_cutting(input.size(), dice);
    expect_same("one reading and chunks", run_file(plan, input, Access::kByRanges), run_in_parts(plan, input, cutting));
  }
}

}  // namespace causal_sessions::fuzz
