// What is not read, by its first bytes: so that it is refused by name.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "core/result.h"
#include "formats/text_encoding.h"

namespace causal_sessions {

// UTF-16 and UTF-32 with a mark, archives, databases, images, compression inside of compressed data.
[[nodiscard]] std::optional<Error> refuse_by_mark(const std::string& file, std::span<const char> start);

// The encoding whose byte order mark a file begins with, of UTF-16; else kAuto.
[[nodiscard]] TextEncoding encoding_by_mark(std::span<const char> start);

// What is no text, none with a table, or empty. Formats that are read have been told before.
[[nodiscard]] std::optional<Error> refuse_as_text(const std::string& file, std::span<const char> start);

// Bytes of the byte order marks at the front of a file: tools that put files together leave more than one.
[[nodiscard]] std::size_t byte_order_marks(std::span<const char> start);

// The first byte of a text behind byte order marks that is no space or line break; its size if there is none.
[[nodiscard]] std::size_t first_byte_of_text(std::span<const char> start);

}  // namespace causal_sessions
