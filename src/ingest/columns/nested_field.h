// Columns whose values are nested by their type, as those of Parquet and Arrow are: which parts of one the paths of a plan need,
// and its values as JSON text, so that a path finds in them what it finds in JSON.
//
// A map is a list of objects with "key" and "value". Texts, times, decimals and UUIDs are JSON strings; of numbers and booleans
// the text is that of a column by itself, and one that is none, NaN, is null.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "formats/byte_sink.h"
#include "ingest/build/column_batch.h"
#include "ingest/columns/path.h"

namespace causal_sessions {

struct NestedField {
  enum class Kind : std::uint8_t { kValue, kObject, kList };
  Kind kind = Kind::kValue;
  std::string name;
  std::string type = {};                   // of a value that cannot be read, as messages show it
  std::size_t source = 0;                  // the reader's own number for it
  std::uint32_t present = 0;               // of Parquet: the definition level from which on it is there, be it an empty list
  std::uint32_t repeated = 0;              // of Parquet: a list's repetition level
  bool wanted = false;                     // what is not wanted is left out
  std::vector<NestedField> children = {};  // of an object; of a list its elements, one field

  [[nodiscard]] bool readable() const { return kind != Kind::kValue || type.empty(); }
};

// Sets `wanted` as the paths below the column ask, all that can be read if there are none. Returns a value that is asked for and
// cannot be read, or nullptr.
[[nodiscard]] const NestedField* want_paths(NestedField& column, std::span<const Path> paths);

// The keys of the objects at the end of the steps.
[[nodiscard]] std::vector<std::string> keys_below(const NestedField& column, std::span<const PathStep> steps);

// The places of its values, as a plan names them: "items[0].item_id".
void list_paths(const NestedField& column, std::vector<std::string>& paths);

// JSON texts of rows, one behind the other.
class NestedTexts {
 public:
  static constexpr std::size_t kMost = 256 << 20;  // bytes; a table of events needs no more for a batch of rows

  static constexpr std::size_t kPlenty = 16 << 20;  // then rather fewer rows at a time

  NestedTexts();
  [[nodiscard]] ByteSink& sink() { return sink_; }
  void put(char c) { sink_.put(static_cast<std::uint8_t>(c)); }
  void put_null() { sink_.put(std::string_view("null")); }
  void put_key(std::string_view name, bool first);
  // A text, quoted; a number, which is null where it has no text and a text where it is infinite.
  void put_text(std::string_view text);
  void put_number(std::string_view number);
  // Row `row` of the column, which has a value there.
  void put_time(const TimeColumn& times, std::size_t row);

  // The row's value is whole; one that is null has no text.
  void end_row();
  [[nodiscard]] bool full() const { return sink_.position() - begin_ > kPlenty; }
  [[nodiscard]] bool too_long() const { return sink_.position() - begin_ > kMost; }
  // The rows' texts, until clear(). `most`: cut behind so many bytes, where they are to be shown.
  [[nodiscard]] std::span<const std::string_view> rows(std::size_t most);
  // All that has been put since clear().
  [[nodiscard]] std::string_view all();
  void clear();

  NestedTexts(const NestedTexts&) = delete;
  NestedTexts& operator=(const NestedTexts&) = delete;

 private:
  std::string text_;
  ByteSink sink_;
  std::uint64_t begin_ = 0;  // of the texts at hand in all that the sink had
  std::vector<std::uint64_t> ends_;
  std::vector<std::string> cut_;
  std::vector<std::string_view> rows_;
};

// As the end of a message that refuses the column itself: how a plan names a value in it.
[[nodiscard]] std::string path_advice(const NestedField& column);

// As people see a time of a typed column, to its last digit.
[[nodiscard]] std::string time_text(const TimeColumn& times, std::size_t row);

constexpr std::size_t kMostShownNested = 200;

}  // namespace causal_sessions
