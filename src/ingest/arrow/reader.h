// Arrow IPC, stream or file: columns of record batches -> the event builder.
//
// Both are read from front to back: a file is a stream between marks, and its index at the end is not needed. Of a body
// only the buffers of the needed columns are kept, until the batch is whole; the rest passes by. A file or stream that
// lacks its end mark has been cut off.
// Errors:  kBadSyntax with the byte of the file, kBadEncoding, kUnknownFormat for what is not read (big-endian data,
//          types an event cannot have), kTooLarge for buffers that are meant to swamp their reader.
// Source:  "Arrow Columnar Format" 1.5, "Serialization and Interprocess Communication".
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ingest/arrow/column.h"
#include "ingest/arrow/message.h"
#include "ingest/event_builder.h"
#include "ingest/text_reader.h"

namespace causal_sessions::arrow {

// The names of the columns, from the message at the front. kBadSyntax if it is not whole.
[[nodiscard]] Result<std::vector<std::string>> read_names(const std::string& file, std::span<const char> start);

class Reader final : public TextReader {
 public:
  Reader(std::string file, const Schema& schema, EventBuilder& builder);

  [[nodiscard]] Result<std::size_t> consume(std::span<const char> window, bool last) override;
  [[nodiscard]] Error unfinished_record() const override;
  [[nodiscard]] const Schema& schema() const override { return schema_; }
  [[nodiscard]] std::uint64_t rows() const override { return rows_; }

 private:
  enum class Part : std::uint8_t { kFileMark, kPrefix, kLength, kMetadata, kBody, kEnd };
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

  void take(std::span<const char>& window);
  [[nodiscard]] Status finish_part();
  [[nodiscard]] Status begin_body();
  [[nodiscard]] Status take_fields(std::vector<Field> fields);
  [[nodiscard]] Status keep_records(const RecordBatch& batch);
  [[nodiscard]] Status keep_column(const Field& field, const RecordBatch& batch, std::size_t node, std::size_t buffer,
                                   std::size_t views, Pending& pending);
  [[nodiscard]] Status finish_body();
  [[nodiscard]] Status unpack(Pending& pending);
  [[nodiscard]] Result<Bytes> unpack_buffer(Bytes packed) const;
  [[nodiscard]] Status add_records();
  [[nodiscard]] Status finish_file() const;
  void expect(Part part, std::uint64_t size);
  [[nodiscard]] Error refuse(const std::string& finding, ErrorCode code = ErrorCode::kBadSyntax) const;
  [[nodiscard]] Error refuse_column(const Field& field, const Error& error) const;

  std::string file_;
  Schema schema_;
  EventBuilder& builder_;
  std::vector<Field> fields_;
  std::map<std::int64_t, Dictionary> dictionaries_;  // those that are needed
  std::map<std::int64_t, Field> values_;             // the fields they belong to, as plain ones

  Part part_ = Part::kPrefix;
  std::uint64_t wanted_ = 0;  // bytes of the part, of which so many have passed
  std::uint64_t passed_ = 0;
  Bytes part_bytes_;          // of all parts but a body
  bool is_file_ = false, started_ = false, has_schema_ = false;
  std::uint64_t at_ = 0;      // byte of the file
  Message message_;
  std::vector<Kept> kept_;
  std::array<Pending, kRoles> pending_;
  std::array<Slice, kRoles> slices_;
  std::uint64_t rows_ = 0;
};

}  // namespace causal_sessions::arrow
