// UTF-8 validation (RFC 3629: no overlong forms, no surrogates, nothing past U+10FFFF).
#pragma once

#include <cstddef>
#include <span>

namespace causal_sessions {

// The position of the first byte that is not part of a whole, valid character; the size if all are.
[[nodiscard]] std::size_t find_invalid_utf8(std::span<const char> bytes);

// The same, but a character cut off by the end counts as valid: more bytes are to come.
[[nodiscard]] std::size_t find_invalid_utf8_prefix(std::span<const char> bytes);

}  // namespace causal_sessions
