// What is said of text that is not UTF-8: which encoding it may have, and the key that names it.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "formats/text_encoding.h"

namespace causal_sessions {

// `what` is not UTF-8, as `evidence` shows, which holds it and does not depend on how the file was cut. `planned`: the
// encoding that the plan names; of that the transcoder leaves a byte that is never UTF-8 where it could read none.
[[nodiscard]] std::string not_utf8(const std::string& what, std::span<const char> evidence, TextEncoding planned);

// The same of byte `at` of the evidence.
[[nodiscard]] std::string byte_not_utf8(std::span<const char> evidence, std::size_t at, TextEncoding planned);

// Evidence that does not end with a line goes on for so many bytes behind the bad one, unless the file ends before.
inline constexpr std::size_t kEvidenceBytes = 1024;
// Of a window that holds such a byte `at` so many bytes from its begin: that evidence, from the record at `begin` on; nothing while
// the window ends too early.
[[nodiscard]] std::optional<std::span<const char>> evidence_in(std::span<const char> window, std::size_t begin, std::size_t at,
                                                               bool last);

// The encoding that text beyond UTF-8 most likely has: by which bytes stand together, and which characters are frequent.
[[nodiscard]] TextEncoding guess_encoding(std::span<const char> text);

}  // namespace causal_sessions
