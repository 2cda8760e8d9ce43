// Parquet files written as a stream: columns of numbers, texts and lists of numbers.
//
// The caller fills one page at a time, column after column, row group after row group; a page is
// compressed and handed to the sink when it is full, so memory does not grow with the file.
// Every column is optional, as pyarrow declares columns, whether or not it has nulls.
//
// Format:  data pages v1, PLAIN values, snappy; INT32, INT64, DOUBLE and BYTE_ARRAY columns; lists
//          in the three levels `list`, `element` of the specification.
// Needs:   a row group holds every column once, in order, each with the row group's rows; a row's
//          values stay below 2 GB.
// Source:  apache/parquet-format: parquet.thrift, Encodings.md, LogicalTypes.md.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "formats/byte_sink.h"
#include "formats/snappy.h"
#include "write/parquet_levels.h"

namespace causal_sessions {

namespace thrift {
class Writer;
}

enum class ParquetType : std::uint8_t { kInt16, kInt32, kInt64, kDouble, kString };

struct ParquetColumn {
  std::string name;
  ParquetType type = ParquetType::kInt64;
  int lists = 0;  // 0: a value a row; 1: a list of values; 2: a list of lists
};

struct ParquetProperty {
  std::string key, value;
};

// The smallest and largest value of a column of a row group; of integers only.
struct ParquetRange {
  std::int64_t min = std::numeric_limits<std::int64_t>::max();
  std::int64_t max = std::numeric_limits<std::int64_t>::min();
};

// A page under construction: first a row's shape, then its values.
class ParquetPage {
 public:
  explicit ParquetPage(int lists) : lists_(lists) {}

  // The shape of the next row, for a column with as many list levels.
  void add_value() { add_entries(1); }
  void add_null();
  void add_list(std::uint32_t size);
  void add_list_of_lists(std::uint32_t size, std::uint32_t inner_size);

  template <class T>
  void put(T value) {
    static_assert(std::is_arithmetic_v<T>);
    std::memcpy(extend(sizeof(value)), &value, sizeof(value));
  }
  void put(std::string_view text) {
    put(static_cast<std::uint32_t>(text.size()));
    if (!text.empty()) std::memcpy(extend(text.size()), text.data(), text.size());
  }
  // Room for values of that many bytes, for loops that store several at once.
  std::uint8_t* extend(std::size_t bytes) {
    if (bytes > capacity_ - size_) grow(bytes);
    return values_.get() + std::exchange(size_, size_ + bytes);
  }

  [[nodiscard]] bool full() const { return size_ >= kFullBytes; }

 private:
  friend class ParquetWriter;
  static constexpr std::size_t kFullBytes = 1 << 20;

  void add_entries(std::uint32_t count);
  void add_empty(std::uint8_t definition_level);
  void clear();
  COLD void grow(std::size_t bytes);
  [[nodiscard]] std::span<const std::uint8_t> values() const { return {values_.get(), size_}; }

  int lists_;
  LevelBits repetition_;
  LevelRuns definition_;
  std::unique_ptr<std::uint8_t[]> values_;
  std::size_t size_ = 0, capacity_ = 0;
  std::uint32_t entries_ = 0;
  std::uint32_t nulls_ = 0;
};

class ParquetWriter {
 public:
  // The sink must outlive the writer; the file begins at its present position.
  ParquetWriter(ByteSink& sink, std::vector<ParquetColumn> columns, std::vector<ParquetProperty> properties);

  void begin_row_group(std::size_t rows);
  // The page to fill; once it is full and a row complete, end_page() makes it empty again.
  ParquetPage& begin_column();
  void end_page();
  void end_column(const std::optional<ParquetRange>& range = std::nullopt);
  // After the last column of the last row group.
  void finish();

 private:
  struct Chunk {
    std::int64_t offset = 0, values = 0, nulls = 0, plain_bytes = 0, bytes = 0;
    std::optional<ParquetRange> range;
  };
  struct RowGroup {
    std::int64_t rows = 0;
    std::vector<Chunk> chunks;
  };

  [[nodiscard]] std::int64_t position() const;
  void put_schema(thrift::Writer& out) const;
  void put_chunk(const ParquetColumn& column, const Chunk& chunk, thrift::Writer& out) const;
  void put_row_group(const RowGroup& group, thrift::Writer& out) const;

  ByteSink& sink_;
  std::uint64_t begin_;
  std::vector<ParquetColumn> columns_;
  std::vector<ParquetProperty> properties_;
  std::vector<RowGroup> row_groups_;
  ParquetPage page_;
  SnappyCompressor snappy_;
  std::vector<std::uint8_t> payload_;
};

// A column of integers, value_of(i) for the rows i of the row group; T is int16, int32 or int64.
template <class T, class ValueOf>
void write_parquet_integers(ParquetWriter& writer, std::size_t rows, ValueOf value_of) {
  using Stored = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;
  ParquetPage& page = writer.begin_column();
  ParquetRange range;
  for (std::size_t i = 0; i < rows; ++i) {
    const auto value = static_cast<Stored>(value_of(i));
    page.add_value();
    page.put(value);
    range.min = std::min<std::int64_t>(range.min, value);
    range.max = std::max<std::int64_t>(range.max, value);
    if (page.full()) writer.end_page();
  }
  writer.end_column(range);
}

// A column of doubles or texts.
template <class ValueOf>
void write_parquet_values(ParquetWriter& writer, std::size_t rows, ValueOf value_of) {
  ParquetPage& page = writer.begin_column();
  for (std::size_t i = 0; i < rows; ++i) {
    page.add_value();
    page.put(value_of(i));
    if (page.full()) writer.end_page();
  }
  writer.end_column();
}

}  // namespace causal_sessions
