// The formats a split can be written in, declared once for the core, the command, the package and the page.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/result.h"
#include "formats/byte_sink.h"
#include "plan/plan.h"
#include "sequence/sequence_table.h"

namespace causal_sessions {

struct TableFormat {
  using Rows = std::span<const std::uint32_t>;

  std::string_view name;         // in plans, options and manifests
  std::string_view label;        // as a form shows it
  std::string_view suffix;       // of the file behind "train_sessions"
  std::string_view description;  // one line: for whom, and what
  void (*write)(const SequenceTable& table, Rows rows, const Plan& plan, ByteSink& sink);
  Status (*check)(const SequenceTable& table, Rows rows, const Plan& plan) = nullptr;  // why it cannot be written
  bool needs_time_zero = false;

  [[nodiscard]] std::string_view extension() const { return suffix.substr(suffix.rfind('.') + 1); }
};

// The notebook's two first.
[[nodiscard]] std::span<const TableFormat> table_formats();
// Null if there is none of this name.
[[nodiscard]] const TableFormat* find_table_format(std::string_view name);

}  // namespace causal_sessions
