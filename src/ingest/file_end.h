// The end of a file of an indexed format, by ranges: the footer, its length in four bytes and a mark.
//
// Where the footer does not account for the bytes before it, the file may be several, one behind the other: the footer knows
// the last one alone and places it where the first one stands, so that the bytes of one would be read by the index of another.
// That is looked for, and refused.
//
// Needs:   wanted(), then room() filled and supply(), until nothing is wanted; then, if it has_footer(), accounts_for(), and on.
// Errors:  kBadSyntax for a file that is cut off, or that is several, with the byte at which the last of them begins.
// Cost:    at most kMostSeam bytes beside the footer, of files whose footer does not account for all that stands before it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "ingest/file_reader.h"

namespace causal_sessions {

class FileEnd {
 public:
  struct Layout {
    const char* format;
    std::string_view start_mark, end_mark;
    std::uint64_t most_padding;  // that writers leave before the footer
    // An end mark of files that are not read, and why.
    std::string_view refused_mark = {};
    const char* refusal = nullptr;
  };

  FileEnd(std::string file, std::uint64_t size, const Layout& layout);

  [[nodiscard]] std::optional<ByteRange> wanted() const { return wanted_; }
  [[nodiscard]] std::span<char> room(std::size_t size);
  [[nodiscard]] Status supply(std::size_t size);

  // The footer is there, until accounts_for() tells where what it accounts for ends.
  [[nodiscard]] bool has_footer() const { return has_footer_; }
  [[nodiscard]] std::span<const std::uint8_t> footer() const;
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  void accounts_for(std::uint64_t end);

  // That the file is not whole, and why.
  [[nodiscard]] Error not_whole(const std::string& why) const;

 private:
  [[nodiscard]] Status read_tail();
  [[nodiscard]] Status search_seam(std::size_t size);

  static constexpr std::uint64_t kMostSeam = 64 << 10;

  std::string file_;
  std::uint64_t size_;
  const Layout& layout_;
  std::optional<ByteRange> wanted_;
  std::vector<char> bytes_;   // of the file's end
  std::string seam_bytes_;    // before the footer, while a seam is searched
  std::uint64_t offset_ = 0;  // of the footer
  bool has_footer_ = false;
};

}  // namespace causal_sessions
