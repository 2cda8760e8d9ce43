// What the readers of indexed formats have in common: they say which bytes of a file they want next.
//
// Needs:   wanted(), then room() filled and supply(), until nothing is wanted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "core/result.h"
#include "ingest/schema.h"

namespace causal_sessions {

// A range of a file's bytes.
struct ByteRange {
  std::uint64_t offset = 0;
  std::size_t size = 0;
};

class RangedReader {
 public:
  virtual ~RangedReader() = default;

  // The bytes that are needed next; nothing once all rows have been read.
  [[nodiscard]] virtual std::optional<ByteRange> wanted() const = 0;
  // Room for the first `size` of the wanted bytes.
  [[nodiscard]] virtual std::span<char> room(std::size_t size) = 0;
  // So many bytes have been put there; none: the file has ended.
  [[nodiscard]] virtual Status supply(std::size_t size) = 0;

  // Once nothing is wanted any more.
  [[nodiscard]] virtual const Schema& schema() const = 0;
  [[nodiscard]] virtual std::uint64_t rows() const = 0;
};

}  // namespace causal_sessions
