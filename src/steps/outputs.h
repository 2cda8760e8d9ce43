// The files that a run can write: which there are, and how each is written. The only list of them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "formats/byte_sink.h"
#include "run/run.h"

namespace causal_sessions {

struct Output {
  std::string path;    // below the output folder, with "/"
  std::string format;  // of kTableFormats, or "vocabulary", "metadata", "dictionary", "audit"
  std::optional<Part> part;
};

// The data dictionary, which a host that writes no manifest leaves out too, so that the notebook's files stand alone.
inline constexpr std::string_view kDictionaryFormat = "dictionary";

// The three parts in each format, the vocabulary, the metadata and the data dictionary, and the audit if the formats name it; in the order of
// kTableFormats, whatever the order and number of times they are asked for.
[[nodiscard]] std::vector<Output> outputs_in(std::span<const std::string_view> formats);
// Of every format.
[[nodiscard]] std::vector<Output> all_outputs();
// The one of all formats at this path.
[[nodiscard]] std::optional<Output> find_output(std::string_view path);
// Why an output of a finished run cannot be written, before anything is: a padded table beyond all memory, an audit that was
// not made.
[[nodiscard]] Status check_output(const Run& run, const Output& output);
// Of an output that check_output() allows.
void write_output(const Run& run, const Output& output, ByteSink& sink);

}  // namespace causal_sessions
