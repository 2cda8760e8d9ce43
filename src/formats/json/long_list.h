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

// Puts the indented text with the list for the mark at `key`, as if the list had been there.
void put_with_long_list(std::string_view text, std::string_view key, std::size_t size,
                        const std::function<Json(std::size_t)>& element, const std::function<void(std::string_view)>& put);
[[nodiscard]] std::string with_long_list(std::string_view text, std::string_view key, std::size_t size,
                                         const std::function<Json(std::size_t)>& element);

}  // namespace causal_sessions
