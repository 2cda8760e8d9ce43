// What a preview shows of a Parquet file, read by ranges: the first rows of every column, as text.
//
// The columns that a run needs are read together, as a run reads them, so that what it would refuse is the problem here
// too. Damage to another column is no problem: its cells stay empty, as those of types without a text do.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ingest/inspection/inspection.h"
#include "ingest/parquet/parquet_reader.h"
#include "ingest/reading_options.h"

namespace causal_sessions::parquet {

class Inspection final : public RangedInspection {
 public:
  Inspection(const std::string& name, std::uint64_t size, ReadingOptions options, std::size_t most_rows);

  [[nodiscard]] std::optional<ByteRange> wanted() const override;
  [[nodiscard]] std::span<char> room(std::size_t size) override;
  void supply(std::size_t size) override;
  [[nodiscard]] Preview preview() const override;

 private:
  struct Stage {
    std::vector<std::size_t> columns;
    bool needed;
  };

  void name_columns();
  void read_rows();
  [[nodiscard]] Status read_stage();
  void show(std::size_t rows);

  ReadingOptions options_;
  std::size_t most_rows_;
  FooterReader footer_;
  Preview preview_;
  bool failed_ = false;               // nothing more can be read
  std::vector<Stage> stages_;         // the columns that are needed, then each other one
  std::size_t stage_ = 0;             // the one being read
  std::optional<GroupReader> group_;  // its columns
  std::size_t shown_ = 0;             // their rows so far
};

}  // namespace causal_sessions::parquet
