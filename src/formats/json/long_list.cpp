#include "formats/json/long_list.h"

#include <algorithm>
#include <cassert>

namespace causal_sessions {
namespace {

constexpr char kMark[] = "\x01";

// The element's lines, each `indent` blanks to the right.
std::string indented(const std::string& element, std::size_t indent) {
  std::string text;
  for (std::size_t begin = 0; begin <= element.size();) {
    const std::size_t end = std::min(element.find('\n', begin), element.size());
    text.append(begin == 0 ? "" : "\n").append(indent, ' ').append(element, begin, end - begin);
    begin = end + 1;
  }
  return text;
}

}  // namespace

Json long_list_mark() { return kMark; }

void put_with_long_list(std::string_view text, std::string_view key, std::size_t size,
                        const std::function<Json(std::size_t)>& element, const std::function<void(std::string_view)>& put) {
  // No text of the document has a quote that is not escaped, so only the key itself is found.
  const std::string member = "\"" + std::string(key) + "\": ", mark = "\"\\u0001\"";
  const std::size_t at = text.find(member + mark);
  assert(at != text.npos);
  const std::size_t indent = at - (text.rfind('\n', at) + 1);
  put(text.substr(0, at + member.size()));
  put("[");
  for (std::size_t i = 0; i < size; ++i) {
    put(i == 0 ? "\n" : ",\n");
    put(indented(element(i).dump(2, ' ', false, Json::error_handler_t::replace), indent + 2));
  }
  if (size != 0) put("\n" + std::string(indent, ' '));
  put("]");
  put(text.substr(at + member.size() + mark.size()));
}

std::string with_long_list(std::string_view text, std::string_view key, std::size_t size,
                           const std::function<Json(std::size_t)>& element) {
  std::string out;
  // About, by the first of them: while a text that has no room grows, it is there twice.
  if (size != 0)
    out.reserve(text.size() + size * (element(0).dump(2, ' ', false, Json::error_handler_t::replace).size() * 3 / 2));
  put_with_long_list(text, key, size, element, [&](std::string_view piece) { out += piece; });
  return out;
}

}  // namespace causal_sessions
