// Arrow's messages, in pieces of any size -> the chosen columns of each record batch.
//
// The messages are a stream's, one after another behind their schema, or those of a file, one by one, wherever its
// footer says that they stand. Of a body only the buffers of the chosen columns are kept, until the batch is whole; the
// rest passes by. Dictionaries are kept for as long as the reader.
// Errors:  kBadSyntax with the byte of the file, kBadEncoding, kUnknownFormat for what is not read (big-endian data),
//          kTooLarge for buffers that are meant to swamp their reader; those of choose() and add().
// Source:  "Arrow Columnar Format" 1.5, "Serialization and Interprocess Communication".
#pragma once

#include <map>
#include <string>
#include <vector>

#include "ingest/arrow/column.h"
#include "ingest/arrow/message.h"

namespace causal_sessions::arrow {

class BatchReader {
 public:
  explicit BatchReader(std::string file) : file_(std::move(file)) {}
  virtual ~BatchReader() = default;

  // The next bytes of the stream or the block.
  [[nodiscard]] Status take(std::span<const char> bytes);
  // Nothing follows: refuses a stream that has been cut off.
  [[nodiscard]] Status finish_stream() const;

  // The schema, where no message holds it.
  [[nodiscard]] Status begin(std::vector<Field> fields);
  // The next bytes are a block, which holds one message and stands at this byte of the file.
  void begin_block(std::uint64_t at);
  // Nothing more is wanted: the block's message is whole, or stop() was called.
  [[nodiscard]] bool stopped() const { return stopped_; }
  // How many of the next bytes nobody needs; they need not be taken.
  [[nodiscard]] std::uint64_t unneeded() const;
  [[nodiscard]] Status skip(std::uint64_t size);

  // The byte behind the part of a message that is being taken; 0 behind the stream's last message.
  [[nodiscard]] std::uint64_t part_end() const { return part_ == Part::kEnd ? 0 : at_ + (wanted_ - passed_); }
  [[nodiscard]] Error refuse(const std::string& finding, ErrorCode code = ErrorCode::kBadSyntax) const;
  [[nodiscard]] Error refuse_column(const Field& field, const Error& error) const;

 protected:
  // Positions of the columns that are wanted, ascending.
  [[nodiscard]] virtual Result<std::vector<std::size_t>> choose(const std::vector<Field>& fields) = 0;
  // The wanted columns of a record batch, in that order.
  [[nodiscard]] virtual Status add(const std::vector<Column>& columns, std::uint64_t length) = 0;
  // Whether damage to this column is the file's; otherwise the column is given without a field.
  [[nodiscard]] virtual bool needs(const Field&) const { return true; }
  void stop() { stopped_ = true; }

  std::string file_;

 private:
  enum class Part : std::uint8_t { kPrefix, kLength, kMetadata, kBody, kEnd };
  // Bytes of a body that are kept as they pass.
  struct Kept {
    std::uint64_t begin, end;
    Bytes bytes;
  };
  // A column on its way: its buffers are kept_[first_kept ...].
  struct Pending {
    Column column;
    std::size_t first_kept = 0, kept = 0;
  };

  void keep(std::span<const char>& bytes);
  [[nodiscard]] Status finish_part();
  [[nodiscard]] Status begin_body();
  [[nodiscard]] Status keep_records(const RecordBatch& batch);
  [[nodiscard]] Status keep_column(const Field& field, const RecordBatch& batch, std::size_t node, std::size_t buffer,
                                   std::size_t views);
  [[nodiscard]] Status finish_body();
  [[nodiscard]] Status finish_records();
  [[nodiscard]] Status finish_dictionary();
  [[nodiscard]] Status unpack(Pending& pending);
  [[nodiscard]] Result<Bytes> unpack_buffer(Bytes packed) const;
  void expect(Part part, std::uint64_t size);

  std::vector<Field> fields_;
  std::vector<std::size_t> chosen_;
  std::map<std::int64_t, Dictionary> dictionaries_;  // those that are needed
  std::map<std::int64_t, Field> values_;             // the fields they belong to, as plain ones

  Part part_ = Part::kPrefix;
  std::uint64_t wanted_ = 4;  // bytes of the part, of which so many have passed
  std::uint64_t passed_ = 0;
  Bytes part_bytes_;          // of all parts but a body
  bool has_schema_ = false, in_block_ = false, stopped_ = false;
  std::uint64_t at_ = 0;      // byte of the file
  Message message_;
  std::vector<Kept> kept_;
  std::vector<Pending> pending_;  // the chosen columns of a record batch, or the values of a dictionary
};

}  // namespace causal_sessions::arrow
