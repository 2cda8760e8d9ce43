// The directory of a ZIP file: where its entries are, and how they are packed. Of hostile files it believes nothing that it has
// not compared with the file's size; names are names and lead nowhere.
//
// Needs:   wanted(), then supply() with these bytes, until nothing is wanted.
// Errors:  kBadSyntax for what is cut off or contradicts itself, kTooLarge for a directory of more than 64 MB, kUnknownFormat for
//          an archive in several parts.
// Source:  PKWARE's APPNOTE.TXT 6.3, sections 4.3.12, 4.3.14 to 16, 4.5.3.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace causal_sessions {

inline constexpr std::string_view kZipMark = "PK\x03\x04";

struct ZipEntry {
  std::string name;
  std::uint64_t offset = 0;  // of its local header
  std::uint64_t room = 0;    // bytes from there to the next entry, or to the directory
  std::uint64_t packed = 0, unpacked = 0;
  std::uint32_t crc = 0;
  std::uint16_t method = 0;
  bool encrypted = false;
};

constexpr std::uint16_t kZipStored = 0, kZipDeflated = 8;
constexpr std::size_t kZipLocalHeader = 30;

class ZipDirectory {
 public:
  ZipDirectory(std::string file, std::uint64_t size);

  struct Range {
    std::uint64_t offset = 0;
    std::size_t size = 0;
  };
  [[nodiscard]] const std::optional<Range>& wanted() const { return wanted_; }
  [[nodiscard]] Status supply(std::span<const char> bytes);
  // Once nothing is wanted; in the order of the directory.
  [[nodiscard]] std::vector<ZipEntry>& entries() { return entries_; }

 private:
  [[nodiscard]] Status read_end(std::span<const char> tail);
  [[nodiscard]] Status read_end64(std::span<const char> record);
  [[nodiscard]] Status want_directory(std::uint64_t offset, std::uint64_t size, std::uint64_t limit);
  [[nodiscard]] Status read_entries(std::span<const char> directory);
  [[nodiscard]] Status measure_room();
  [[nodiscard]] Error damaged(const char* finding) const;

  enum class Part : std::uint8_t { kEnd, kEnd64, kEntries };
  std::string file_;
  std::uint64_t size_;
  Part part_ = Part::kEnd;
  std::optional<Range> wanted_;
  std::uint64_t count_ = 0, directory_ = 0;
  std::vector<ZipEntry> entries_;
};

}  // namespace causal_sessions
