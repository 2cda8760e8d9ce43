// Arrow's messages, in pieces of any size -> the columns of each record batch that a table sink wants, until it has enough.
//
// The messages are a stream's, one after another behind their schema, or those of a file, one by one, wherever its
// footer says that they stand. Of a body only the buffers of the wanted columns are kept, until the batch is whole; the
// rest passes by. Dictionaries are kept for as long as the reader.
// Errors:  kBadSyntax with the byte of the file, kBadEncoding, kUnknownFormat for what is not read (big-endian data,
//          types that an event cannot have), kTooLarge for buffers that are meant to swamp their reader; those of the sink.
// Source:  "Arrow Columnar Format" 1.5, "Serialization and Interprocess Communication".
#pragma once

#include <array>
#include <map>
#include <string>
#include <vector>

#include "ingest/arrow/column.h"
#include "ingest/arrow/message.h"
#include "ingest/table_sink.h"

namespace causal_sessions::arrow {

class BatchReader {
 public:
  BatchReader(std::string file, TableSink& sink) : file_(std::move(file)), sink_(sink) {}

  // The next bytes of the stream or the block.
  [[nodiscard]] Status take(std::span<const char> bytes);
  // Nothing follows: refuses a stream that has been cut off.
  [[nodiscard]] Status finish_stream() const;
  // Whether the stream's mark at the end has come.
  [[nodiscard]] bool ended() const { return piece_ == Piece::kEnd; }

  // The schema, where no message holds it.
  [[nodiscard]] Status begin(std::vector<Field> fields);
  // The next bytes are a block, which holds one message and stands at this byte of the file.
  void begin_block(std::uint64_t at);
  // Rows that the sink has been given; it may want no more.
  [[nodiscard]] std::uint64_t rows() const { return given_rows_; }
  [[nodiscard]] bool full() const { return given_rows_ >= sink_.most_rows(); }
  // Nothing more is wanted: the block's message is whole, or the sink is full.
  [[nodiscard]] bool stopped() const { return stopped_; }
  // How many of the next bytes nobody needs; they need not be taken.
  [[nodiscard]] std::uint64_t unneeded() const;
  [[nodiscard]] Status skip(std::uint64_t size);

  // The byte behind the piece of a message that is being taken; 0 behind the stream's last message.
  [[nodiscard]] std::uint64_t part_end() const { return piece_ == Piece::kEnd ? 0 : at_ + (piece_size_ - passed_); }
  [[nodiscard]] Error refuse(const std::string& finding, ErrorCode code = ErrorCode::kBadSyntax) const;

 private:
  enum class Piece : std::uint8_t { kPrefix, kLength, kMetadata, kBody, kEnd };
  // Bytes of a body that are kept as they pass.
  struct Kept {
    std::uint64_t begin, end;
    Bytes bytes;
  };
  // A column on its way: its buffers are kept_[first_kept ...].
  struct Pending {
    Column column;
    std::size_t first_kept = 0, kept = 0;
    bool needed = true;
    bool inner = false;               // stands in a nested one, whose values are not those of rows
    std::vector<Pending> parts = {};  // of a nested one
  };
  // The next field of a record batch.
  struct BatchPlace {
    std::size_t node = 0, buffer = 0, view = 0;
  };
  // A field that a dictionary belongs to, as a plain one.
  struct Values {
    Field field;
    bool needed = false;
  };

  // Positions of the columns that are wanted, ascending; and whether one has to be sound, with its texts in UTF-8: any other
  // is left out where it is damaged.
  [[nodiscard]] Result<std::vector<std::size_t>> choose();
  [[nodiscard]] bool needs(std::size_t column) const;
  [[nodiscard]] Status add(const std::vector<Column>& columns, std::uint64_t length);
  [[nodiscard]] Result<std::size_t> put_nested(const std::vector<Column>& columns, std::uint64_t first, std::size_t count);
  void keep_values(const Field& field, const NestedField* nested, bool needed);
  [[nodiscard]] Status check_dictionaries(const std::vector<Field>& fields, std::map<std::int64_t, const Field*>& first) const;
  [[nodiscard]] Error refuse_column(const Field& field, const Error& error) const;
  void keep(std::span<const char>& bytes);
  [[nodiscard]] Status finish_part();
  [[nodiscard]] Status begin_body();
  [[nodiscard]] Status check_rows(std::uint64_t rows, std::uint64_t bytes) const;
  [[nodiscard]] Status keep_records(const RecordBatch& batch);
  [[nodiscard]] Status keep_nested(Pending& pending, const NestedField& nested, const RecordBatch& batch, BatchPlace& place);
  [[nodiscard]] Status pass_field(const Field& field, const RecordBatch& batch, BatchPlace& place) const;
  [[nodiscard]] Status keep_dictionary(const Values& values);
  [[nodiscard]] Status keep_column(Pending& pending, const RecordBatch& batch, std::size_t node, std::size_t buffer,
                                   std::size_t views);
  [[nodiscard]] Status finish_body();
  [[nodiscard]] Status finish_records();
  [[nodiscard]] Status finish_dictionary();
  [[nodiscard]] Status unpack(Pending& pending);
  [[nodiscard]] Result<Bytes> unpack_buffer(Bytes packed) const;
  void expect(Piece piece, std::uint64_t size);

  std::string file_;
  TableSink& sink_;
  std::vector<WantedColumn> wanted_;
  std::vector<std::size_t> place_;                   // of each of them among chosen_
  std::vector<NestedField> nested_;                  // by column
  std::vector<std::unique_ptr<NestedTexts>> texts_;  // of each of them that is nested
  std::vector<Slice> slices_;                        // and the rows of it that are handed on
  std::uint64_t given_rows_ = 0;

  std::vector<Field> fields_;
  std::vector<std::size_t> chosen_;
  std::map<std::int64_t, Dictionary> dictionaries_;  // those that are needed
  std::map<std::int64_t, Values> values_;
  std::uint64_t rows_ = 0;  // of all record batches so far

  Piece piece_ = Piece::kPrefix;
  std::uint64_t piece_size_ = 4;  // bytes, of which so many have passed
  std::uint64_t passed_ = 0;
  Bytes piece_bytes_;  // of all pieces but a body
  bool has_schema_ = false, in_block_ = false, stopped_ = false;
  std::uint64_t at_ = 0;  // byte of the file
  Message message_;
  std::vector<Kept> kept_;
  std::array<std::uint64_t, 2> kept_bytes_{};  // of columns that are not needed, and of those that are: overlapping
                                               // buffers could make a small message endless
  std::vector<Pending> pending_;               // the chosen columns of a record batch, or the values of a dictionary
};

}  // namespace causal_sessions::arrow
