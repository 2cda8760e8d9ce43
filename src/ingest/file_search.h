// File search: a folder, or a pattern of names, -> the event files that it stands for, in their order.
//
// The host lists folders and knows nothing else; what is taken, named and left is decided here, for all hosts alike.
// - Of a folder: all files below it. Names that begin with "." or "_", which writers give to what is no data (_SUCCESS,
//   _temporary, _delta_log, .part.crc), are passed over and counted, a folder as one.
// - Of a pattern: what a shell would make of it. "*" is any text within a part of the path, "?" one character, "[a-z]" one of
//   these and "[!a-z]" one of the others; a part "**" is any number of folders. Hidden names have to be asked for by their first
//   character. All files below a folder that matches are taken.
// - A folder is read once: links to folders come last, and lead nowhere if their folder, or one that the search began in, has
//   been read.
// - The order is that of the paths as bytes of UTF-8, with "/" between their parts.
// - A file is named from the last fixed folder on: "events/event_type=click/part-0.parquet".
//
// Needs:   while folder() names one: begin(), and add() of each of its entries. Then found().
// Cost:    a path and a name a file; a pattern's parts a folder.
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

// Whether a word has what a pattern has; a file that is named so is itself.
[[nodiscard]] bool is_pattern(std::string_view word);

// Whether a name is of a pattern without parts, in which a "*" takes slashes too and a first "." or "_" hides nothing.
[[nodiscard]] bool fits_pattern(std::string_view pattern, std::string_view name);

enum class EntryKind : std::uint8_t { kFile, kFolder, kFolderLink, kOther };

// It is named from some place in its path on.
struct FoundFile {
  std::string path;
  std::size_t name_at = 0;
  [[nodiscard]] std::string name() const { return path.substr(name_at); }
};

class FileSearch {
 public:
  // `word`: a folder, unless it is a pattern.
  FileSearch(std::string word, bool pattern);

  // The folder to be listed next.
  [[nodiscard]] std::optional<std::string> folder();
  // `identity`: the folder's own path, whatever links lead to it. False: it need not be listed.
  [[nodiscard]] bool begin(std::string identity);
  void add(const std::string& name, EntryKind kind);

  // All have been listed. kEmptyInput where there is no file.
  [[nodiscard]] Result<std::vector<FoundFile>> found();
  [[nodiscard]] std::uint64_t passed_over() const { return passed_over_; }

 private:
  struct Folder {
    std::string below;   // the root, with "/" behind it
    std::string places;  // by part of the pattern: whether the next name may be it; empty: everything is taken
  };
  [[nodiscard]] bool step(std::string_view name, EntryKind kind, bool hidden_too, std::string& next) const;
  [[nodiscard]] std::string path_of(const std::string& below) const;

  std::string word_;
  bool pattern_;
  std::string root_, prefix_;       // before the path below: where it is, and its end by which it is named
  std::vector<std::string> parts_;  // of the pattern
  std::vector<Folder> folders_, links_;
  Folder at_;
  std::string origin_;             // the root's identity
  std::vector<std::string> seen_;  // identities of all
  bool linked_ = false;            // a link has been followed; from there on `seen_` is sorted
  std::vector<std::string> files_;
  std::uint64_t passed_over_ = 0;
};

// The same of files that a host lists with all folders below one at once, as a browser does: which of these paths are taken, in
// their order. The first part of each is the folder that was given.
struct ChosenFiles {
  std::vector<std::size_t> taken;
  std::uint64_t passed_over = 0;
};
[[nodiscard]] ChosenFiles choose_files(std::span<const std::string> paths);

// Where a file of this name may be below a folder, the likeliest first: by its parts, then without the first of them, as the
// folder itself may be given. Of a name that could lead out of it, the last part.
[[nodiscard]] std::vector<std::string> places_of(std::string_view name);

}  // namespace causal_sessions
