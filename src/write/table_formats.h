// The formats a split can be written in, declared once for the core, the command, the package and the page.
#pragma once

#include <span>
#include <string_view>

#include "write/tables/writers.h"

namespace causal_sessions {

struct TableFormat {
  std::string_view name;         // in plans, options and manifests
  std::string_view label;        // as a form shows it
  std::string_view suffix;       // of the file behind "train_sessions"
  std::string_view description;  // one line: for whom, and what
  TableWriter* write;
  TableCheck* check = nullptr;  // null: it can always be written
  bool needs_time_zero = false;

  [[nodiscard]] std::string_view extension() const { return suffix.substr(suffix.rfind('.') + 1); }
};

// The notebook's two first.
[[nodiscard]] std::span<const TableFormat> table_formats();
// Null if there is none of this name.
[[nodiscard]] const TableFormat* find_table_format(std::string_view name);

}  // namespace causal_sessions
