// Archive: a ZIP file, by ranges -> the event files in it, one after the other.
//
// Which entries are taken, and in which order, is as for the files of a folder (file_search.h); each is named by the archive and
// its own name. An entry is unpacked piece by piece; one that is stored may be read by ranges in turn.
//
// Needs:   wanted(), then room() filled and supply() with all of these bytes, until nothing is wanted.
// Errors:  those of the directory and of the sink; kUnknownFormat for an entry with a password or another method; kBadSyntax for
//          one that is damaged, or not what the directory says: its name, its size, its checksum; kTooLarge where all entries
//          together are meant to swamp their reader. The checksum of an entry of more than a megabyte that is read by ranges is
//          not compared.
// Source:  PKWARE's APPNOTE.TXT 6.3, sections 4.3.7, 4.4.4, 4.4.5.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "formats/decompressor.h"
#include "formats/zip_directory.h"
#include "ingest/file_reader.h"

namespace causal_sessions {

// Who takes the entries.
class ArchiveSink {
 public:
  virtual ~ArchiveSink() = default;

  // `size`: of the entry, where any range of it can be had.
  virtual void begin_entry(std::string name, std::optional<std::uint64_t> size) = 0;
  [[nodiscard]] virtual std::span<char> entry_window(std::size_t size) = 0;
  [[nodiscard]] virtual Status commit_entry(std::size_t size) = 0;
  // The range of the entry that has to come next, where it has a size.
  [[nodiscard]] virtual std::optional<ByteRange> wanted_of_entry() const = 0;
  [[nodiscard]] virtual Status end_entry() = 0;
  // Nothing more is needed.
  [[nodiscard]] virtual bool has_enough() const { return false; }
};

class Archive {
 public:
  Archive(std::string name, std::uint64_t size, ArchiveSink& sink);

  [[nodiscard]] std::optional<ByteRange> wanted() const { return wanted_; }
  [[nodiscard]] std::span<char> room(std::size_t size);
  [[nodiscard]] Status supply(std::size_t size);

  // Once the directory has been read: entries that are taken, and names that are not.
  [[nodiscard]] std::size_t files() const { return order_.size(); }
  [[nodiscard]] std::uint64_t passed_over() const { return passed_over_; }

 private:
  [[nodiscard]] Status choose();
  [[nodiscard]] Status begin_next();
  [[nodiscard]] Status read_header(std::span<const char>& bytes);
  [[nodiscard]] Status take(std::span<const char> packed);
  [[nodiscard]] Status give(std::span<const char> bytes);
  [[nodiscard]] Status go_on();
  [[nodiscard]] Error refuse_password() const;
  [[nodiscard]] Error refuse_checksum() const;
  [[nodiscard]] Error refuse(ErrorCode code, const std::string& finding) const;

  std::string name_;
  ArchiveSink& sink_;
  ZipDirectory directory_;
  std::optional<ByteRange> wanted_;
  std::vector<char> piece_;
  std::vector<std::size_t> order_;  // of the entries
  std::uint64_t passed_over_ = 0;
  std::uint64_t deflated_ = 0, inflated_ = 0;  // bytes of deflated entries: of those before, and of these with that at hand

  // The entry at hand.
  std::size_t next_ = 0;  // behind it
  ZipEntry entry_;
  std::optional<Decompressor> inflater_;
  bool header_read_ = false, by_ranges_ = false;
  std::uint64_t begin_ = 0, taken_ = 0, given_ = 0;  // of its packed bytes; bytes so far
  std::uint32_t crc_ = 0;
};

}  // namespace causal_sessions
