#include "ingest/columns/folder_values.h"

#include <utility>

namespace causal_sessions {
namespace {

// %2F and the like, as Hive writes what a folder cannot be named.
std::string without_escapes(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto hex = [&](std::size_t at) {
      const char c = at < text.size() ? text[at] : '\0';
      return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
    };
    if (text[i] == '%' && hex(i + 1) >= 0 && hex(i + 2) >= 0) {
      plain += static_cast<char>(hex(i + 1) * 16 + hex(i + 2));
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

}  // namespace

std::vector<FolderValue> folder_values(std::string_view path) {
  std::vector<FolderValue> values;
  for (std::size_t end; (end = path.find_first_of("/\\")) != path.npos; path.remove_prefix(end + 1)) {
    const std::string_view folder = path.substr(0, end);
    const std::size_t equal = folder.find('=');
    if (equal == 0 || equal == folder.npos) continue;
    std::string value = without_escapes(folder.substr(equal + 1));
    if (value == "__HIVE_DEFAULT_PARTITION__") value.clear();
    values.push_back({without_escapes(folder.substr(0, equal)), std::move(value)});
  }
  return values;
}

}  // namespace causal_sessions
