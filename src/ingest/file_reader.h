// What the readers of a format have in common. The bytes of a text, or of a stream, come in order: the reader is shown a window
// of them and takes whole records off it. Those of a format with an index come by the ranges that the reader wants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"

namespace causal_sessions {

class TableSink;

// Bytes that may be read, though not used, past the end of every window, so that block loads need no tail case.
constexpr std::size_t kWindowSlack = 64;

// A record longer than this is taken for an unclosed quote or bracket.
constexpr std::size_t kMaxRecordBytes = 64u << 20;

class TextReader {
 public:
  virtual ~TextReader() = default;

  // Takes as many whole records as the window holds; returns the bytes taken. `last`: nothing follows.
  // What is left is shown again, with more behind it.
  [[nodiscard]] virtual Result<std::size_t> consume(std::span<const char> window, bool last) = 0;

  // Why the record that begins the window cannot be complete after kMaxRecordBytes.
  [[nodiscard]] virtual Error unfinished_record() const = 0;

  // Data rows seen so far.
  [[nodiscard]] virtual std::uint64_t rows() const = 0;

  // Whether the format has a mark at the end, and these data end without it, though between two records.
  [[nodiscard]] virtual bool lacks_end_mark() const { return false; }

  // Of readers that find the columns themselves: whether further ones may come; what more there is to say of one that is
  // missing; and the byte up to which a file would have to be read for its next rows, 0 if there are none.
  [[nodiscard]] virtual bool more_columns() const { return false; }
  virtual void explain(Error& /*missing*/) const {}
  [[nodiscard]] virtual std::uint64_t part_end() const { return 0; }
  // Where the item may be inside of a value, in a layout that no path goes into.
  [[nodiscard]] virtual std::string item_out_of_reach() const { return {}; }

  // Of readers whose file may be read in chunks: the columns as they are known so far, the line of the next record, and so
  // many rows and lines read elsewhere.
  [[nodiscard]] virtual const std::vector<std::string>* names() const { return nullptr; }
  [[nodiscard]] virtual std::uint64_t line() const { return 1; }
  virtual void pass(std::uint64_t /*rows*/, std::uint64_t /*lines*/) {}
};

// A range of a file's bytes.
struct ByteRange {
  std::uint64_t offset = 0;
  std::size_t size = 0;
};

// Whether a sink has been told the columns.
enum class Told : bool { kNo, kYes };

// Needs:   wanted(), then room() filled and supply(), until nothing is wanted.
class RangedReader {
 public:
  virtual ~RangedReader() = default;

  // The bytes that are needed next; nothing once all rows have been read, or none can be.
  [[nodiscard]] virtual std::optional<ByteRange> wanted() const = 0;
  // Room for the first `size` of the wanted bytes.
  [[nodiscard]] virtual std::span<char> room(std::size_t size) = 0;
  // So many bytes have been put there; none: the file has ended.
  [[nodiscard]] virtual Status supply(std::size_t size) = 0;

  // Data rows seen so far.
  [[nodiscard]] virtual std::uint64_t rows() const = 0;
  // Rows that the file states, once it has been asked.
  [[nodiscard]] virtual std::optional<std::uint64_t> stated_rows() const { return std::nullopt; }
  // Whether rows lie beyond the bytes that a preview looks at.
  [[nodiscard]] virtual bool exhausted() const { return false; }

  // Of a file whose rows lie in groups, which others may read: how many there are, once that is known and before bytes of the first
  // are there; else 0. read_group() gives a reader of one, which begins by begin(): into the sink that has been told the columns, or,
  // on any thread, into one that has not. pass_group() says that the next one has been read so, with so many rows.
  [[nodiscard]] virtual std::size_t groups() const { return 0; }
  [[nodiscard]] virtual std::unique_ptr<RangedReader> read_group(std::size_t /*group*/, TableSink& /*sink*/,
                                                                 Told /*told*/) const {
    return nullptr;
  }
  [[nodiscard]] virtual Status begin() { return {}; }
  virtual void pass_group(std::uint64_t /*rows*/) {}
};

// All of a group, by `read_at(offset, room)`, which says how many bytes there were.
template <class ReadAt>
[[nodiscard]] Status read_group(RangedReader& reader, const ReadAt& read_at) {
  if (Status status = reader.begin(); !status.ok()) return status;
  while (const auto range = reader.wanted()) {
    const std::size_t size = read_at(range->offset, reader.room(range->size));
    if (Status status = reader.supply(size); !status.ok()) return status;
  }
  return {};
}

// How far a file is read by ranges. kPreview: its first piece of rows, of at most kMostPreviewBytes.
enum class Extent : std::uint8_t { kAll, kPreview };

}  // namespace causal_sessions
