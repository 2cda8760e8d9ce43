// What a preview shows of a Parquet file, read by ranges.
#pragma once

#include <optional>
#include <string>

#include "ingest/inspection.h"
#include "ingest/parquet/parquet_reader.h"
#include "plan/plan.h"

namespace causal_sessions::parquet {

class Inspection final : public RangedInspection {
 public:
  Inspection(std::string name, std::uint64_t size, Plan plan, std::size_t most_rows);

  [[nodiscard]] std::optional<ByteRange> wanted() const override;
  [[nodiscard]] std::span<char> room(std::size_t size) override { return reader_.room(size); }
  void supply(std::size_t size) override;
  [[nodiscard]] Preview preview() const override;

 private:
  std::string name_;
  Plan plan_;
  PreviewReader reader_;
  std::optional<Error> problem_;
};

}  // namespace causal_sessions::parquet
