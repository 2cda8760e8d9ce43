// Parquet's footer and page headers: where the columns are and what they hold.
//
// Only what reading columns needs is kept, of nested ones the tree. Sizes and offsets are checked against the file, so that no
// later step asks for bytes that are not there.
// Errors:  kBadSyntax (damaged, with the finding), kUnknownFormat (encrypted).
// Source:  apache/parquet-format, parquet.thrift, README.md, Encodings.md, LogicalTypes.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "formats/codec.h"
#include "formats/parquet_format.h"
#include "ingest/build/column_batch.h"
#include "ingest/columns/nested_field.h"

namespace causal_sessions::parquet {

// What a column's values are to us; bytes that are no text are shown, and nothing else. kClock is a time of the day, which is read
// as its text, so that it can stand behind a date. Whether it is meant in UTC goes unread: writers say so of clocks without a zone.
enum class Meaning : std::uint8_t {
  kText,
  kSigned,
  kUnsigned,
  kFloat,
  kDouble,
  kHalf,
  kDecimal,
  kBoolean,
  kUuid,
  kTimestamp,
  kDate,
  kInt96,
  kClock,
  kBytes,
  kOther
};

// Whether the values are times by their type.
constexpr bool is_time(Meaning meaning) {
  return meaning == Meaning::kTimestamp || meaning == Meaning::kDate || meaning == Meaning::kInt96;
}

// A column at the top level of the schema, or a leaf of a nested one.
struct Column {
  std::string name;
  std::string type_name;  // as messages and previews show it: "string", "timestamp[us, UTC]", "list"
  Physical physical = Physical::kByteArray;
  std::uint32_t fixed_size = 0;  // of kFixedBytes
  int scale = 0;                 // of kDecimal
  bool optional = false;
  bool nested = false;   // a group, which may be empty, or a list
  std::size_t leaf = 0;  // position among the leaves, for columns that are not nested
  Meaning meaning = Meaning::kOther;
  TimeColumn::Unit unit = TimeColumn::Unit::kMicroseconds;  // of kTimestamp and kClock
  bool local = false;                                       // of kTimestamp and kDate
  bool inner = false;                                       // a leaf of a nested one, with levels up to these
  std::uint32_t definition = 0, repetition = 0;
  std::size_t tree = 0;  // of a nested one: its place in Metadata::nested
};

struct Chunk {
  std::uint64_t offset = 0, size = 0;  // of all its pages in the file
  std::int64_t values = 0;
  Compression compression = Compression::kNone;
  std::int64_t type = -1;
  bool encrypted = false;
  bool elsewhere = false;          // in another file
  bool always_compressed = false;  // whatever the headers of its pages say
};

struct RowGroup {
  std::uint64_t rows = 0;
  std::vector<Chunk> chunks;  // by leaf
};

// A nested column: `source` of its values is their place among the leaves.
struct NestedColumn {
  NestedField field;
  std::vector<Column> leaves;
};

struct Metadata {
  std::vector<Column> columns;
  std::vector<NestedColumn> nested;
  std::vector<RowGroup> groups;
  std::size_t leaves = 0;
  std::uint64_t rows = 0;
  std::uint64_t end = 4;  // of what the footer accounts for: columns, their indexes and Bloom filters
};

// Errors besides: kTooLarge for rows that are meant to swamp their reader.
// `footer` is the file's Thrift footer, which begins at byte `footer_offset` of the file.
[[nodiscard]] Result<Metadata> read_metadata(const std::string& file, std::span<const std::uint8_t> footer,
                                             std::uint64_t footer_offset);

struct PageHeader {
  PageType type = PageType::kNone;
  std::int64_t plain_size = -1, packed_size = -1;
  std::int64_t values = -1, encoding = -1, level_encoding = 3, repetition_encoding = 3;
  std::int64_t definition_bytes = 0, repetition_bytes = 0;  // of kDataV2
  bool compressed = true;                                   // of kDataV2
  std::optional<std::int64_t> crc;                          // of the page as it stands in the file; few writers give it
  std::size_t header_size = 0;
};

enum class PageHeaderState : std::uint8_t { kWhole, kTruncated, kDamaged };
[[nodiscard]] PageHeaderState read_page_header(std::span<const std::uint8_t> bytes, PageHeader& header);

// False if there is no such codec here.
[[nodiscard]] bool codec_of(Compression compression, Codec& codec);

}  // namespace causal_sessions::parquet
