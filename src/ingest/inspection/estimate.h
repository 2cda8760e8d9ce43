// What a run over a file will need, from the file's size and its first rows.
//
// Rows:    exact where the file states them or was seen whole; else the file's size by the mean size of the first rows.
// Memory:  the engine's heap at its highest. Columns take 17 bytes an event as they are read, and 13 more while they are
//          put in order (ingest/event_table.h, session/order.h): `least_bytes` counts these alone, for half of the rows
//          where their number is a guess, so it stays below what a run takes unless the first rows are not half as
//          long as the others. `bytes` adds the sessions and the texts of users and items. How many different ones
//          there are cannot be known from a beginning; they are taken to go on growing with the power of the rows that
//          the sample's second half shows (Heaps' law), whose true exponent falls with size: a guess from above.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ingest/schema.h"

namespace causal_sessions {

struct Estimate {
  double rows = 0;
  double bytes = 0;
  double least_bytes = 0;
};

struct RowsSeen {
  std::span<const std::vector<std::string>> rows;  // the first of the file, cells as in the schema
  double sample_bytes = 0;                         // they took so many
  double file_bytes = 0;                           // of the whole file, unpacked
  bool whole = false;                              // there are no others
};

[[nodiscard]] std::optional<Estimate> estimate_text(const RowsSeen& seen, const Schema& schema);
// The file states its rows; those seen, if any, show how the ids grow.
[[nodiscard]] Estimate estimate_stated(std::uint64_t file_rows, std::span<const std::vector<std::string>> seen,
                                       const Schema& schema);

}  // namespace causal_sessions
