// Any text as a manifest: it is none, or what verify reads of it has names for all files, and a plan that is refused or one.
#include "cli/manifest.h"
#include "support.h"
#include "target.h"

namespace causal_sessions::fuzz {

void run_manifests(std::string_view input) {
  const std::optional<Manifest> manifest = read_manifest(input);
  if (!manifest) return;
  for (const std::vector<ManifestFile>* files : {&manifest->inputs, &manifest->outputs}) {
    for (const ManifestFile& file : *files) expect(!file.name.empty(), "a file of a manifest has a name", input);
  }
  for (const ManifestFile& output : manifest->outputs) {
    const std::optional<Output> found = find_output(output.name);
    if (found) expect_same("an output, and what it is asked for by", found->path, output.name);
  }
  expect_json("the rows of a manifest are JSON",
              manifest->rows.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  expect_json("the plan of a manifest is JSON", manifest->plan);
  const Result<Plan> plan = read_plan(manifest->plan);
  if (!plan.ok()) return;
  const Result<Plan> again = read_plan(write_plan(plan.value()));
  expect(again.ok(), "a plan that is written out is one", manifest->plan);
}

}  // namespace causal_sessions::fuzz
