// Messages of Arrow's IPC formats: schema, dictionary batches, record batches; their metadata, not their bodies. And the
// footer of a file, which says where they stand.
//
// Needs:   the metadata alone, without the length before it.
// Errors:  kBadSyntax, without a place, for metadata that is damaged; kUnknownFormat for big-endian data and
//          versions before 1.0.
// Source:  Apache Arrow's format/Message.fbs, Schema.fbs and File.fbs; "Arrow Columnar Format" 1.5.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "formats/codec.h"
#include "ingest/build/column_batch.h"

namespace causal_sessions::arrow {

struct Type {
  // Binary values lie as texts do, and are texts where they are UTF-8. A time of the day is read as its text.
  enum class Kind : std::uint8_t {
    kNull,
    kInt,
    kFloat,
    kDecimal,
    kBool,
    kUtf8,
    kLargeUtf8,
    kUtf8View,
    kFixedBytes,
    kUuid,
    kDate,
    kTimestamp,
    kClock,
    kOther
  };
  Kind kind = Kind::kOther;
  std::uint16_t bits = 0;                              // of ints, floats, decimals, dates and clocks
  std::uint32_t size = 0;                              // of fixed bytes and UUIDs; the digits of a decimal,
  int scale = 0;                                       // and how many of them stand behind the point
  bool is_signed = true;                               // of ints
  TimeColumn::Unit unit = TimeColumn::Unit::kSeconds;  // of timestamps and clocks
  bool zone = false;                                   // a timestamp with one
  std::string_view name = {};                          // as messages show what is no number: "list"

  // Whether the values of both lie alike and mean the same.
  [[nodiscard]] bool operator==(const Type& other) const {
    return kind == other.kind && bits == other.bits && size == other.size && scale == other.scale &&
           is_signed == other.is_signed && unit == other.unit && zone == other.zone && name == other.name;
  }
};

// How a field holds its children, if it does: structs, lists with offsets, or of a fixed size, or with offsets and sizes. A map
// is a list.
enum class Shape : std::uint8_t { kPlain, kStruct, kList, kLargeList, kFixedList, kListView, kLargeListView };

struct Field {
  std::string name;
  Type type;                               // of the dictionary's values, if there is one
  std::optional<std::int64_t> dictionary;  // its id
  Type index;                              // of the codes into it
  std::uint16_t run_end_bits = 0;          // of a run-end encoded field, whose values are of the type; 0: of another
  // What it takes in a record batch, children included; views have further buffers.
  std::size_t nodes = 0, buffers = 0, views = 0;
  std::size_t run_buffers = 0;  // those of the runs' ends, before those of the values
  Shape shape = Shape::kPlain;
  std::vector<Field> children = {};  // of any other shape
  std::size_t own_buffers = 0;       // without theirs
  std::uint32_t list_size = 0;       // kFixedList
  std::size_t old_buffers = 0;       // more, and before all others, in messages of version 4: marks of what has none any more
};

struct Node {
  std::int64_t length, null_count;
};
struct Range {
  std::int64_t offset, length;  // in the message's body
};

struct RecordBatch {
  std::int64_t length = 0;
  std::vector<Node> nodes;
  std::vector<Range> buffers;
  std::vector<std::int64_t> view_buffers;  // by field of views
  Codec codec = Codec::kNone;              // kLz4Frame or kZstd: each buffer by itself, behind its plain size
};

struct Message {
  enum class Kind : std::uint8_t { kSchema, kDictionary, kRecords, kOther };
  Kind kind = Kind::kOther;
  std::uint64_t body_size = 0;
  bool old = false;             // of version 4, whatever the footer of its file says
  std::vector<Field> fields;    // of a schema
  RecordBatch batch;            // of records and dictionaries
  std::int64_t dictionary = 0;  // its id
  bool delta = false;           // adds to the dictionary instead of replacing it
};

// Where a message of a file stands: its bytes, the length before the metadata and the body among them.
struct Block {
  std::uint64_t offset, size;
};

// What stands at the end of a file.
struct Footer {
  std::vector<Field> fields;
  std::vector<Block> blocks;  // the dictionaries', then those of record batches
};

// `end`: where the messages end at the latest.
[[nodiscard]] Result<Footer> read_footer(std::span<const std::uint8_t> bytes, std::uint64_t end);

[[nodiscard]] Result<Message> read_message(std::span<const std::uint8_t> metadata);

}  // namespace causal_sessions::arrow
