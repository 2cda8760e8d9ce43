// Format: told from a file's first bytes.
#pragma once

#include <span>
#include <string>

#include "core/buffer_sizes.h"
#include "core/result.h"

namespace causal_sessions {

// Bytes looked at before format, separator, header and keys are decided.
using buffer_sizes::kSampleBytes;

enum class Format { kCsv, kJson, kArrow };

struct DetectedFormat {
  Format format = Format::kCsv;
  std::size_t skip = 0;  // bytes of byte order marks
};

// Bytes of the byte order marks at the front of a file: tools that put files together leave more than one.
[[nodiscard]] std::size_t byte_order_marks(std::span<const char> start);

// Refuses by name what is not read: UTF-16 and UTF-32, archives, encrypted Parquet, spreadsheets, web pages. Compression has been
// taken off before, and the files that are read by ranges are told before: needs_ranges(). kArrow is a stream.
[[nodiscard]] Result<DetectedFormat> detect_format(const std::string& file, std::span<const char> start);

// Whether a file that begins so may need the codecs' libraries: compressed files, and formats that compress inside.
// With fewer bytes than a mark has, whether they may become one.
[[nodiscard]] bool may_need_codecs(std::span<const char> start);

}  // namespace causal_sessions
