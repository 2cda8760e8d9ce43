// What is said of text that is not UTF-8: which encoding it may have, and the key that names it.
#pragma once

#include <span>
#include <string>

#include "formats/text_encoding.h"

namespace causal_sessions {

// `what` is not UTF-8, as `evidence` shows, which holds it and does not depend on how the file was cut. `planned`: the
// encoding that the plan names; of that the transcoder leaves a byte that is never UTF-8 where it could read none.
[[nodiscard]] std::string not_utf8(const std::string& what, std::span<const char> evidence, TextEncoding planned);

// The same of text of which nothing is shown.
[[nodiscard]] std::string text_not_utf8(TextEncoding planned);

// The encoding that text beyond UTF-8 most likely has: by which bytes stand together, and which characters are frequent.
[[nodiscard]] TextEncoding guess_encoding(std::span<const char> text);

}  // namespace causal_sessions
