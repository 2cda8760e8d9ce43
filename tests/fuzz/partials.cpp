// A file as the part of a partial run, whatever its sum says: it is refused in a sentence, or a run takes it to its end.
#include "run/partial.h"

#include <string>
#include <utility>
#include <vector>

#include "support.h"
#include "target.h"

namespace causal_sessions::fuzz {
void run_partials(std::string_view input) {
  std::vector<PartialSource> twice;
  for (int i = 0; i < 2; ++i) twice.push_back(source_of_bytes("part.arrow", std::string(input)));
  const auto doubled = PartialMerge::open(std::move(twice), CheckSum::kNo);
  const bool empty = doubled.ok() && doubled.value()->inputs() == 0;
  expect(!doubled.ok() || empty, "a part that is given twice is refused");
  std::vector<PartialSource> once;
  once.push_back(source_of_bytes("part.arrow", std::string(input)));
  const auto merge = PartialMerge::open(std::move(once), CheckSum::kNo);
  if (!merge.ok()) return expect(!merge.error().message.empty(), "a refusal has a sentence");
  const Result<std::string> plan = merge.value()->plan();
  expect(plan.ok(), "one part has one plan");
  Run run(plan_of(plan.value()), WithAudit::kYes);
  Status status = merge.value()->read_into(run, [] { return true; });
  if (status.ok()) status = run_to_end(run);
  told(run, status);
}

}  // namespace causal_sessions::fuzz
