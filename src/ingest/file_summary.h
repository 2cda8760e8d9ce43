// What was found out of a file that was read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ingest/schema.h"

namespace causal_sessions {

// Of a file that says the same thing in two places.
struct TwoPlaces {
  std::string type_beside;              // its column of the type, where input.files gives the type; empty: it has none
  std::uint64_t other_than_folder = 0;  // rows whose column has another value than the folder that is named like it
  struct Other {
    std::string column, folder, value;
    std::uint64_t row = 0;
  } other;  // the first of them
  struct Outside {
    Role role = Role::kTime;
    std::string column, inside;
  } outside;  // a column outside of input.rows, and one of the rows that may be meant; empty: there is none
};

// There may be tens of thousands of them: what it needs is little, and names of formats are those of a table.
struct FileSummary {
  std::string name;
  bool found = false;                 // below a folder or by a pattern, by its name from there on; else a path as it was given
  bool header = true;                 // of CSV
  char separator = 0;                 // of CSV; 0: it is none
  bool out_of_reach = false;          // there is no path into `nested_item`, as its layout has none
  bool utf8_too = false;              // text that was read in another encoding, though all of it is UTF-8, and not ASCII
  bool end_mark = true;               // false: it ends between two records without the mark that its format has there
  std::optional<std::uint32_t> same;  // the first file that holds just the same events
  std::string_view compression = {};  // "gzip", "zstd"; empty: none
  std::string_view format = {};       // "csv", "json", "ndjson", "arrow", "parquet"; empty: there is nothing to tell it from
  std::uint64_t bytes = 0;            // of the file as it is, compressed or not
  std::uint64_t rows = 0;
  std::uint64_t events_end = 0;  // events of this file and those before it
  std::string nested_item = {};  // the path of what could be the item, where it is nested; of several the first
  std::shared_ptr<const TwoPlaces> two_places = {};  // null: there is nothing to tell
  // One for all files whose columns are alike, as those of a folder are.
  std::shared_ptr<const Schema> columns = no_columns();

  [[nodiscard]] const Schema& schema() const { return *columns; }
  [[nodiscard]] static const std::shared_ptr<const Schema>& no_columns();
};

}  // namespace causal_sessions
