// One column of a row group, page by page: bytes of its chunk -> texts or times by row.
//
// Bytes are written into the reader's own buffer in pieces; a page is unpacked once all of it is there. A dictionary is
// turned into texts once and handed on with codes, so that a distinct value is formatted and numbered once.
// Errors:  kBadSyntax, kBadEncoding, kUnknownFormat, kTooLarge; each names the file and the column.
// Memory:  a piece, an unpacked page and a dictionary.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/buffer_sizes.h"
#include "core/result.h"
#include "ingest/build/column_batch.h"
#include "ingest/file_reader.h"
#include "ingest/parquet/metadata.h"
#include "ingest/parquet/value_reader.h"

namespace causal_sessions::parquet {

// Bytes without the cost of zeroing them, with slack behind.
class Buffer {
 public:
  // Keeps the first `keep` bytes.
  void reserve(std::size_t size, std::size_t keep = 0);
  [[nodiscard]] std::uint8_t* data() { return data_.get(); }

 private:
  std::unique_ptr<std::uint8_t[]> data_;
  std::size_t capacity_ = 0;
};

// What a column is read as: texts, which have to be UTF-8; times; or texts to be shown, which may be any bytes.
enum class ColumnAs : std::uint8_t { kTexts, kTimes, kAnyBytes };

class ColumnReader {
 public:
  static constexpr std::size_t kMostRows = buffer_sizes::kParquetBatchRows;

  ColumnReader(std::string file, Column column, ColumnAs as);

  [[nodiscard]] Status begin_chunk(const Chunk& chunk, std::uint64_t rows, std::uint64_t file_end);

  // Rows that can be read of the page at hand.
  [[nodiscard]] std::uint64_t rows_ready() const { return page_rows_; }
  // Unpacks the next page; false: the bytes of wanted() are needed first.
  [[nodiscard]] Result<bool> load_page();
  [[nodiscard]] ByteRange wanted() const { return {buffer_offset_ + end_, wanted_}; }
  [[nodiscard]] std::uint8_t* room(std::size_t size);
  void filled(std::size_t size) { end_ += size; }

  // The next rows, at most rows_ready() and kMostRows; the columns are good until the next call.
  [[nodiscard]] Status read(std::size_t rows);
  [[nodiscard]] bool is_time() const { return as_ == ColumnAs::kTimes; }
  [[nodiscard]] TextColumn texts();
  [[nodiscard]] TimeColumn times() const;

  // Of a leaf of a nested column its rows are the values in all of the lists; these are the levels of those that were read.
  [[nodiscard]] std::span<const std::uint32_t> definitions() const { return std::span(definitions_).first(rows_); }
  [[nodiscard]] std::span<const std::uint32_t> repetitions() const { return std::span(repetitions_).first(rows_); }
  // Of such a leaf, whether all of the chunk has been read.
  [[nodiscard]] bool chunk_ended() const { return rows_left_ == 0 && page_rows_ == 0; }
  [[nodiscard]] Error damaged(const std::string& why) const;
  [[nodiscard]] Error refuse(ErrorCode code, const std::string& why) const;

  [[nodiscard]] const Column& column() const { return column_; }

 private:
  Status load_dictionary(const PageHeader& header, std::span<const std::uint8_t> body);
  Status load_data(const PageHeader& header, std::span<const std::uint8_t> body);
  Status unpack(std::span<const std::uint8_t> packed, std::size_t plain_size, Buffer& to, const std::uint8_t*& bytes);
  Status take_levels(std::int64_t encoding, const std::string& what, std::span<const std::uint8_t>& plain,
                     std::span<const std::uint8_t>& levels) const;
  Status read_levels(std::size_t rows, std::size_t& present);
  Status open_levels(const PageHeader& header, std::span<const std::uint8_t> v2_levels, std::span<const std::uint8_t>& plain,
                     std::uint64_t& present);
  Status read_inner_levels(std::size_t rows, std::size_t& present);
  Status read_coded(std::size_t rows, std::size_t present);
  Status read_plain(std::size_t rows, std::size_t present);
  // The next values, without the missing ones, as texts or as times.
  const char* read_texts(ValueReader& values, std::string_view* out, std::size_t count, TextArena& arena);
  const char* write_numbers(std::string_view* values, std::size_t count, TextArena& arena) const;
  const char* read_times(ValueReader& values, std::int64_t* out, std::uint8_t* states, std::size_t count);
  std::string file_;
  Column column_;
  ColumnAs as_;

  // Bytes of the chunk, not yet used: [begin_, end_) of buffer_, whose first is byte buffer_offset_ of the file.
  Buffer buffer_;
  std::size_t begin_ = 0, end_ = 0, wanted_ = 0;
  std::uint64_t buffer_offset_ = 0, chunk_end_ = 0;
  Codec codec_ = Codec::kNone;
  bool always_compressed_ = false;

  std::uint64_t rows_left_ = 0;  // of the chunk, in pages not yet loaded
  std::uint64_t page_rows_ = 0;  // of the page, not yet read
  Buffer page_;
  ValueReader values_;
  HybridDecoder levels_;
  bool has_levels_ = false;
  HybridDecoder repetitions_ahead_;  // of a leaf of a nested column
  std::vector<std::uint32_t> definitions_, repetitions_;

  bool has_dictionary_ = false;
  Buffer dictionary_;
  TextArena dictionary_arena_;
  std::vector<std::string_view> dictionary_texts_;
  std::vector<std::int64_t> dictionary_times_;
  std::vector<std::uint8_t> dictionary_states_;
  std::vector<std::uint32_t> pool_ids_;

  // The batch.
  std::size_t rows_ = 0;
  bool coded_ = false;
  std::vector<std::uint32_t> present_, codes_;
  std::vector<std::string_view> texts_;
  std::vector<std::int64_t> numbers_;
  std::vector<std::uint8_t> states_;
  TextArena arena_;
};

}  // namespace causal_sessions::parquet
