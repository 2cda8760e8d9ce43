// Any bytes as a file to look at, whole and cut off: previews are JSON, and see no problem where a run has none.
#include "ingest/inspection/inspect.h"
#include "support.h"
#include "target.h"

namespace causal_sessions::fuzz {

void run_preview(std::string_view input) {
  check_preview(input);
  Dice dice = dice_of(input);
  const std::string_view start = input.substr(0, dice.below(input.size() + 1));
  check_preview(start);
  static const Plan kPlan = plan_of(R"({"input": {"header": "no"}, "columns": {"user": 1, "time": 2, "type": 3}})");
  for (const Plan& plan : {Plan(), kPlan}) {
    expect_json("a preview of a file's start is JSON",
                inspect_json("file", start, false, plan.reading, dice.below(20), input.size()));
  }
}

}  // namespace causal_sessions::fuzz
