// Any text as a plan: it is refused, or written out it is the same plan, and a run by it makes every output, and a manifest that
// verify reads.
#include "cli/manifest.h"
#include "support.h"
#include "target.h"
#include "write/table_formats.h"

namespace causal_sessions::fuzz {
namespace {

// A small stream with everything in it that is hard about streams.
const std::string& stream() {
  static const std::string kText = [] {
    Dice dice(1);
    streams::StreamOptions options;
    options.events = 60;
    options.types = {"auction", "impression", "click", "purchase"};
    return streams::csv_text(streams::random_events(dice, options));
  }();
  return kText;
}

// Tokens of padding that a run may write, so that one input does not take seconds.
constexpr std::uint32_t kMostPadding = 1000;

void run_all(const Plan& plan) {
  Run made(plan, WithAudit::kYes);
  Status status = feed(made.reader(), "events.csv", stream(), Access::kInOrder, nullptr);
  if (status.ok()) status = run_to_end(made);
  if (!status.ok()) return;
  expect_json("a report is JSON", report_json(made));
  expect_json("an audit is JSON", audit_json(made));
  const std::vector<std::string> digests = {std::string(64, 'a')};
  const std::string written = manifest_json(made, digests, {});
  const std::optional<Manifest> manifest = read_manifest(written);
  expect(manifest && manifest->inputs.size() == 1 && manifest->inputs[0].sha256 == digests[0], "a manifest is read", written);
  const Result<Plan> again = read_plan(manifest->plan);
  expect(again.ok(), "a plan of a manifest is one", manifest->plan);
  expect_same("a plan, and that of its manifest", write_plan(plan), write_plan(again.value()));
  std::vector<std::string_view> formats;
  for (const TableFormat& format : kTableFormats) formats.push_back(format.name);
  for (const Output& output : outputs_in(formats)) {
    const std::string text = output_text(made, output);
    if (output.path.ends_with(".json")) expect_json(output.path, text);
  }
}

}  // namespace

void run_plan(std::string_view input) {
  const Result<Plan> plan = read_plan(input);
  if (!plan.ok()) return;
  const std::string written = write_plan(plan.value());
  const Result<Plan> again = read_plan(written);
  expect(again.ok(), "a plan that is written out is one", written + (again.ok() ? "" : again.error().message));
  expect_same("a plan, and what it is after writing and reading", written, write_plan(again.value()));
  if (plan.value().sequence.min_events <= kMostPadding && plan.value().write.pad_to <= kMostPadding) run_all(plan.value());
}

}  // namespace causal_sessions::fuzz
