// A file as the part of a partial run, whatever its sum says: it is refused in a sentence, or a run takes it to its end.
#include "run/partial.h"

#include <algorithm>
#include <cstring>

#include "support.h"
#include "target.h"

namespace causal_sessions::fuzz {
namespace {

PartialSource source_of(std::string_view bytes) {
  return {"part.arrow", bytes.size(), [bytes](std::uint64_t offset, std::span<char> room) {
            const std::string_view rest = bytes.substr(std::min<std::uint64_t>(offset, bytes.size()));
            const std::size_t size = std::min(room.size(), rest.size());
            std::memcpy(room.data(), rest.data(), size);
            return size;
          }};
}

}  // namespace

void run_partials(std::string_view input) {
  std::vector<PartialSource> twice;
  for (int i = 0; i < 2; ++i) twice.push_back(source_of(input));
  const auto doubled = PartialMerge::open(std::move(twice), CheckSum::kNo);
  const bool empty = doubled.ok() && doubled.value()->inputs() == 0;
  expect(!doubled.ok() || empty, "a part that is given twice is refused");
  std::vector<PartialSource> once;
  once.push_back(source_of(input));
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
