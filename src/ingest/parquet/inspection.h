// What a preview shows of a Parquet file, read by ranges: columns, their types, which one is what, and the first rows.
//
// Needs:   wanted(), then room() filled and supply(), until nothing is wanted; then json().
#pragma once

#include <optional>
#include <string>

#include "ingest/parquet/parquet_reader.h"
#include "plan/plan.h"

namespace causal_sessions::parquet {

class Inspection {
 public:
  Inspection(std::string name, std::uint64_t size, Plan plan, std::size_t most_rows);

  [[nodiscard]] std::optional<Range> wanted() const;
  [[nodiscard]] std::span<char> room(std::size_t size) { return reader_.room(size); }
  // What is wrong with the file becomes the preview's problem.
  void supply(std::size_t size);

  // The same JSON as inspect_json() of text formats, and `columnTypes`.
  [[nodiscard]] std::string json() const;

 private:
  std::string name_;
  Plan plan_;
  PreviewReader reader_;
  std::optional<Error> problem_;
};

}  // namespace causal_sessions::parquet
