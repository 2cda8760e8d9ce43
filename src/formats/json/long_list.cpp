#include "formats/json/long_list.h"

#include <algorithm>
#include <cassert>

namespace causal_sessions {
namespace {

constexpr char kMark[] = "\x01";

// The element's lines, each `indent` blanks to the right.
void append_indented(std::string& text, const std::string& element, std::size_t indent) {
  for (std::size_t begin = 0; begin <= element.size();) {
    const std::size_t end = std::min(element.find('\n', begin), element.size());
    text.append(begin == 0 ? "" : "\n").append(indent, ' ').append(element, begin, end - begin);
    begin = end + 1;
  }
}

}  // namespace

Json long_list_mark() { return kMark; }

std::string with_long_list(const std::string& text, std::string_view key, std::size_t size,
                           const std::function<Json(std::size_t)>& element) {
  // No text of the document has a quote that is not escaped, so only the key itself is found.
  const std::string member = "\"" + std::string(key) + "\": ", mark = "\"\\u0001\"";
  const std::size_t at = text.find(member + mark);
  assert(at != text.npos);
  const std::size_t line = text.rfind('\n', at) + 1, indent = at - line;
  std::string out(text, 0, at + member.size());
  out += '[';
  for (std::size_t i = 0; i < size; ++i) {
    const std::string one = element(i).dump(2, ' ', false, Json::error_handler_t::replace);
    if (i == 0) out.reserve(text.size() + size * (one.size() + one.size() / 4 + 2 * indent));
    out += i == 0 ? "\n" : ",\n";
    append_indented(out, one, indent + 2);
  }
  if (size != 0) out.append("\n").append(indent, ' ');
  out += ']';
  out.append(text, at + member.size() + mark.size());
  return out;  // append() gives a reference, of which this would be a copy
}

}  // namespace causal_sessions
