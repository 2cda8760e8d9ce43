// Partial runs of inputs that are texts, and the merge of their bytes.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/sha256.h"
#include "run/partial.h"
#include "support/run.h"

namespace causal_sessions::support {

inline std::string sha256_of(std::string_view text) {
  Sha256 hash;
  hash.update({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  return hash.hex();
}

// A part's bytes, or why one of its inputs was refused.
inline Result<std::string> partial_of(const Plan& plan, const std::vector<Input>& inputs, const InputShare& share = {}) {
  Run run(plan);
  PartialRun part(run);
  std::vector<std::string> names, sums;
  for (const Input& input : inputs) {
    const std::size_t place = names.size();
    names.push_back(input.name);
    if (!share.takes(place)) continue;
    if (Status status = feed(run.reader(), input); !status.ok()) return status.error();
    sums.push_back(sha256_of(input.text));
    part.end_input(share.is_one() ? place : 0);
  }
  std::string bytes;
  ByteSink sink(
      [&](std::span<const std::uint8_t> more) { bytes.append(reinterpret_cast<const char*>(more.data()), more.size()); });
  part.write(share, names, [&](std::size_t i) { return sums[i]; }, sink);
  return bytes;
}

inline std::string name_of_part(std::size_t i) { return "part-" + std::to_string(i) + ".arrow"; }

// Everything that the run of the merged parts writes, or its refusal.
inline std::string merged(const Plan& plan, const std::vector<std::string>& parts, WithAudit audit) {
  std::vector<PartialSource> sources;
  for (const std::string& bytes : parts) sources.push_back(source_of_bytes(name_of_part(sources.size()), bytes));
  const Result<std::unique_ptr<PartialMerge>> merge = PartialMerge::open(std::move(sources));
  if (!merge.ok()) return merge.error().message;
  Run run(plan, audit);
  Status status = merge.value()->read_into(run, [] { return true; });
  if (status.ok()) status = run_to_end(run);
  std::vector<std::string> sums;
  for (std::size_t i = 0; i < run.reader().inputs(); ++i) sums.push_back(merge.value()->sha256(i));
  return everything(run, status, sums);
}

}  // namespace causal_sessions::support
