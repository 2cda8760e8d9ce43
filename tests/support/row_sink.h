// What takes the rows of a text reader in a test: it chooses no columns by itself, as the reader is told which.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/table_sink.h"

namespace causal_sessions::support {

class RowSink : public TableSink {
 public:
  Result<std::vector<WantedColumn>> choose(const std::string&, TableColumns) override { return std::vector<WantedColumn>(); }
  bool may_choose(const std::string&, std::size_t) const override { return false; }
  bool may_change(std::string_view) const override { return false; }
  std::uint64_t most_rows() const override { return UINT64_MAX; }
  bool shows() const override { return false; }
  Status add(const ColumnBatch&) override { return {}; }
  using TableSink::add;
};

}  // namespace causal_sessions::support
