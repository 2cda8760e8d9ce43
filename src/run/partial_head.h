// What a partial run tells of itself beside its events: the JSON in the metadata of its schema. The one table of its fields, by which
// it is both written and read.
//
// Errors:  kBadSyntax for a text that no partial run has; kBadPlan and kBadCall for what does not go together here.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "ingest/build/event_builder.h"
#include "ingest/event_reader.h"
#include "plan/plan.h"

namespace causal_sessions {

// Of all inputs, those whose places leave the same rest: every run is given all of them and takes its share.
struct InputShare {
  std::uint32_t number = 0, of = 0;  // from 1 on; 0 of 0: these inputs are all that the run is given
  [[nodiscard]] bool is_one() const { return of != 0; }
  [[nodiscard]] bool takes(std::size_t place) const { return !is_one() || place % of == number - 1; }
};

struct PartialInput {
  std::string name, sha256;
  bool found = false, archive = false;
  std::uint64_t bytes = 0;
  std::uint64_t place = 0;  // among all inputs, of a share
  std::vector<FileSummary> files;
  Found of;
  // Texts of the part that are known behind it.
  std::uint32_t users = 0, items = 0, types = 0;
  std::vector<std::uint32_t> values = {};
};

struct PartialHead {
  std::uint64_t format = 1;  // of this table
  std::string engine;
  InputShare share;
  std::uint64_t all = 0;      // inputs, of a share
  std::uint64_t all_sum = 0;  // of their names
  std::string plan;           // as JSON
  std::uint64_t passed_over = 0;
  std::string first_empty;  // what is wrong with the first file without rows
  std::vector<std::string> types;
  std::array<bool, 2> fractions = {};  // whether the times, and when events became known, have a column of millionths
  InexactIds inexact;
  std::vector<PartialInput> inputs;

  [[nodiscard]] std::uint64_t events() const;
  // Of the times, and of when events became known.
  [[nodiscard]] ParsedTime::Kind kind(std::size_t of) const;
};

[[nodiscard]] std::string write_partial_head(const PartialHead& head);
// Checked, and with a plan that can be read; `plan` is set to it.
[[nodiscard]] Result<PartialHead> read_partial_head(std::string_view text, Plan& plan);

}  // namespace causal_sessions
