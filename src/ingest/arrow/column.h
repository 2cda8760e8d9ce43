// Columns of an Arrow record batch -> texts and times for the event builder.
//
// A column is checked whole when its buffers are there: sizes, offsets, codes; and whether its texts are UTF-8, if an event
// needs them. Reading a slice of it then needs no more checks. Numbers are texts of their digits, floats as Python writes
// them but whole ones without ".0" (NaN is missing), decimals without zeros at their end, booleans true and false. A column
// of runs, run-end encoded, is read as codes into the values of its runs, so that nothing of it is as long as its rows.
// Errors:  what is wrong, without a place: kBadSyntax for buffers that do not fit, kBadEncoding.
// Source:  "Arrow Columnar Format" 1.5.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/arrow/message.h"
#include "ingest/build/row_batch.h"
#include "ingest/columns/nested_field.h"

namespace causal_sessions::arrow {

using Bytes = std::vector<std::uint8_t>;

// The values of a dictionary, as texts or as times, and what keeps them alive.
struct Dictionary {
  std::uint64_t size = 0;
  std::vector<std::string_view> texts;
  std::array<std::vector<std::uint32_t>, kRoles> pool_ids;
  std::vector<std::int64_t> times;
  std::vector<std::uint8_t> states;
  std::deque<Bytes> bytes;
};

struct Column {
  const Field* field = nullptr;
  std::uint64_t length = 0;    // values: a row each, or a run each
  bool nulls = false;          // the first buffer says which values are missing
  std::vector<Bytes> buffers;  // plain
  Dictionary* dictionary = nullptr;
  const NestedField* nested = nullptr;  // of one that is, or stands in one that is; then only those children that are wanted
  std::vector<Column> children = {};
  Bytes run_ends = {};                               // of a run-end encoded one: the row behind each run
  std::unique_ptr<Dictionary> run_values = nullptr;  // its values, once hold_runs() has put them there
};

// Room for a slice of a column, used again and again.
struct Slice {
  std::vector<std::string_view> texts;
  std::vector<std::uint32_t> codes;
  std::vector<std::int64_t> values;
  std::vector<std::uint8_t> states;
  std::vector<char> digits;
};

// As the preview of a Parquet file names it: "dictionary of timestamp[us, UTC]".
[[nodiscard]] std::string type_name(const Field& field);
// The column with what is in it.
[[nodiscard]] NestedField nested_field(const Field& field);
// What keeps the column from being used in this role; see cannot_be().
[[nodiscard]] std::optional<std::string> unusable(const Field& field, Role role);
// Whether the column's times are values rather than texts.
[[nodiscard]] bool has_times(const Field& field);

[[nodiscard]] Status check_column(const Column& column, std::uint64_t rows);
// The others need a column that passed check_column.
// Whether texts are UTF-8; those of a dictionary are checked with its values.
[[nodiscard]] Status check_texts(const Column& column);
// A value of a column that is nested, whole, with its children.
void put_value(const Column& column, std::uint64_t i, Slice& slice, NestedTexts& out);
[[nodiscard]] TextColumn read_texts(const Column& column, Role role, std::uint64_t first, std::size_t count, Slice& slice);
[[nodiscard]] TimeColumn read_times(const Column& column, std::uint64_t first, std::size_t count, Slice& slice);
// The values of a column of runs become a dictionary's, unless they are codes into one.
void hold_runs(Column& column);
// The column's values become the dictionary's next ones.
void add_values(Column& column, Dictionary& dictionary);

}  // namespace causal_sessions::arrow
