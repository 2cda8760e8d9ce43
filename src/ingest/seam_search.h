// Whether a file of an indexed format is several, one behind the other. The footer at its end knows the last one alone and
// places it where the first one stands, so that the bytes of one are read by the index of another.
//
// Needs:   wanted(), then add(), until no byte is wanted; then check().
// Errors:  kBadSyntax with the byte at which the last of them begins.
// Cost:    at most kMost bytes, of files whose footer does not account for all that stands before it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "ingest/file_reader.h"

namespace causal_sessions {

class SeamSearch {
 public:
  // The bytes that end at `end`, so many as no writer leaves for padding.
  explicit SeamSearch(std::uint64_t end);

  [[nodiscard]] ByteRange wanted() const { return wanted_; }
  void add(std::span<const char> bytes);

  // `format` ends with `end_mark`, and begins with `start_mark`.
  [[nodiscard]] Status check(const std::string& file, const std::string& format, std::string_view end_mark,
                             std::string_view start_mark) const;

 private:
  static constexpr std::uint64_t kMost = 64 << 10;

  ByteRange wanted_;
  std::string bytes_;
};

}  // namespace causal_sessions
