// A document with a list so long that the JSON of all its elements is not to be held at once, such as one of ten thousand files.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "formats/json/fields.h"

namespace causal_sessions {

// Stands in the document where the list is to come.
[[nodiscard]] Json long_list_mark();

// The indented text with the list for the mark at `key`, as if the list had been there.
[[nodiscard]] std::string with_long_list(const std::string& text, std::string_view key, std::size_t size,
                                         const std::function<Json(std::size_t)>& element);

}  // namespace causal_sessions
