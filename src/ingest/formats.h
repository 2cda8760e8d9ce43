// The input formats, told from a file's first bytes and never from its name. Each has a folder, and a row in formats.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "ingest/file_reader.h"
#include "ingest/sniffed.h"

namespace causal_sessions {

struct InputFormat {
  std::string_view name;
  std::string_view mark;  // its first bytes; empty: it has none
  bool packs = false;     // its bytes may be compressed inside, so the codecs may be needed
  // Of a format that is read by ranges:
  std::unique_ptr<RangedReader> (*open)(const std::string& file, std::uint64_t size, TableSink& sink, Extent extent) = nullptr;
  const char* refused_in_compressed = nullptr;  // what it is called where it is not read inside of compressed data
  // Of one that is read in order: whether a file that begins so is one, a text from its first byte that is not blank; the
  // plan's name of the format; and what its first bytes tell.
  bool (*begins)(std::string_view start) = nullptr;
  TextFormat text = TextFormat::kAuto;
  Result<Sniffed> (*sniff)(const FileStart& start) = nullptr;

  [[nodiscard]] bool is_text() const { return text != TextFormat::kAuto; }
};

struct DetectedFormat {
  const InputFormat* format = nullptr;
  std::size_t skip = 0;  // bytes of byte order marks
};

// The format of a file that is read by ranges; null if one that begins so is not.
[[nodiscard]] const InputFormat* find_ranged_format(std::span<const char> start);
// Whether it is an archive of files; archive.h.
[[nodiscard]] bool is_archive_start(std::span<const char> start);
// Whether a file that begins with these bytes is read by ranges.
[[nodiscard]] inline bool needs_ranges(std::span<const char> start) {
  return is_archive_start(start) || find_ranged_format(start) != nullptr;
}

// The format of any other; compression has been taken off before. Refuses by name what is not read. `text`: what the plan says.
[[nodiscard]] Result<DetectedFormat> detect_format(const std::string& file, std::span<const char> start,
                                                   TextFormat text = TextFormat::kAuto);

// The encoding of a file that begins so, compression taken off: a byte order mark says it, else the plan. Parquet and Arrow, and
// what is refused by name, are no text: kAuto. So many first bytes are enough; with fewer they are all of the file.
constexpr std::size_t kEncodingMarkBytes = 8;
[[nodiscard]] TextEncoding encoding_of(std::span<const char> start, TextEncoding planned);
// That the host does not know an encoding.
[[nodiscard]] Error no_decoder(const std::string& file, TextEncoding encoding);

// Whether a file that begins so may need the codecs' libraries: compressed files, and formats that compress inside.
// With fewer bytes than a mark has, whether they may become one.
[[nodiscard]] bool may_need_codecs(std::span<const char> start);

// Looks at the same first bytes however much has come, so that what is found does not depend on how a file was cut; if the
// first record is longer, at it alone, and at twice as many bytes each time. `bytes` have to live while the result is used.
[[nodiscard]] Result<Sniffed> sniff_file(const std::string& name, std::span<const char> bytes, bool last,
                                         const ReadingOptions& options);
// Bytes that are looked at: so many from the first that is not blank.
[[nodiscard]] std::size_t sample_size(std::span<const char> bytes);
// Whether more bytes of the file may mend it.
[[nodiscard]] bool may_need_more(const Error& error);

// A sink's choice of the columns that were sniffed, or all there is to say of those it misses.
[[nodiscard]] Result<std::vector<WantedColumn>> choose_columns(const std::string& name, const Sniffed& sniffed, TableSink& sink);

}  // namespace causal_sessions
