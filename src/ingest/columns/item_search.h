// Item search: where the item may be in a file of typed columns none of which is the item, told from its first rows: inside of a
// nested column, or of texts that hold JSON.
//
// Files with the same columns as one before are not looked at again.
// Needs:   the file's columns chosen by the event builder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/build/event_builder.h"
#include "ingest/json/json_nested.h"
#include "ingest/table_sink.h"

namespace causal_sessions {

class ItemSearch final : public TableSink {
 public:
  // Both have to outlive it.
  ItemSearch(const ReadingOptions& options, const EventBuilder& builder) : options_(options), builder_(builder) {}

  // Whether this file's columns are chosen, and it is to be looked at.
  [[nodiscard]] bool wants(const std::string& file) const;
  // Of a stream: whether nothing more is needed of it.
  [[nodiscard]] bool is_over() const { return over_; }
  // The path of what may be the item of a file whose columns are these; empty: nothing is known of one.
  [[nodiscard]] const std::string& path(const std::vector<std::string>& names) const;

  [[nodiscard]] Result<std::vector<WantedColumn>> choose(const std::string& file, TableColumns columns) override;
  [[nodiscard]] bool may_choose(const std::string&, std::size_t) const override { return true; }
  [[nodiscard]] bool may_change(std::string_view) const override { return false; }
  [[nodiscard]] std::uint64_t most_rows() const override;
  [[nodiscard]] bool shows() const override { return true; }
  [[nodiscard]] Status add(const RowBatch&) override { return {}; }
  [[nodiscard]] Status add(const ColumnBatch& batch) override;
  void add_bad_row(IssueReason, std::uint64_t, std::optional<std::uint64_t>, std::string, std::string_view) override {}

 private:
  struct Searched {
    std::vector<std::string> names;
    ItemPlace item;
  };
  const ReadingOptions& options_;
  const EventBuilder& builder_;
  std::vector<Searched> searched_;
  std::vector<WantedColumn> wanted_;
  std::vector<std::string> names_;  // of these
  std::vector<bool> nested_;        // of these, by their type
  bool over_ = false;
};

}  // namespace causal_sessions
