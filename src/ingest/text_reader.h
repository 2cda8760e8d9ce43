// What the readers of text formats have in common: they are shown a window of bytes and take whole records off it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/result.h"
#include "ingest/schema.h"

namespace causal_sessions {

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

  // The columns as they are known so far.
  [[nodiscard]] virtual const Schema& schema() const = 0;

  // Data rows seen so far.
  [[nodiscard]] virtual std::uint64_t rows() const = 0;

  // Whether the format has a mark at the end, and these data end without it, though between two records.
  [[nodiscard]] virtual bool lacks_end_mark() const { return false; }

  // Of readers whose file may be read in chunks: the line of the next record, and so many rows and lines read elsewhere.
  [[nodiscard]] virtual std::uint64_t line() const { return 1; }
  virtual void pass(std::uint64_t /*rows*/, std::uint64_t /*lines*/) {}
};

}  // namespace causal_sessions
