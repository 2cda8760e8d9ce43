#include "ingest/columns/path.h"

#include <algorithm>

#include "core/cold.h"

namespace causal_sessions {
namespace {

// `"..."` at the front of what stands in brackets; a backslash takes its meaning from what follows.
std::optional<std::string> quoted_key(std::string_view text) {
  if (text.size() < 2 || text.front() != '"' || text.back() != '"') return std::nullopt;
  std::string key;
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' && i + 2 < text.size()) ++i;
    key += text[i];
  }
  return key;
}

// What stands between two brackets.
std::optional<PathStep> bracket_step(std::string_view inside) {
  if (inside.empty()) return PathStep{PathStep::Kind::kEach};
  if (const std::optional<std::string> key = quoted_key(inside)) return PathStep{PathStep::Kind::kKey, *key};
  if (std::all_of(inside.begin(), inside.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    if (inside.size() > 6) return std::nullopt;
    PathStep step{PathStep::Kind::kIndex};
    for (const char c : inside) step.index = step.index * 10 + static_cast<std::uint32_t>(c - '0');
    return step;
  }
  const std::size_t equal = inside.find('=');
  if (equal == 0 || equal == inside.npos) return std::nullopt;
  const std::string_view value = inside.substr(equal + 1);
  return PathStep{PathStep::Kind::kWhere, std::string(inside.substr(0, equal)), quoted_key(value).value_or(std::string(value))};
}

// Past the bracket that ends what begins at `at`; npos if none does. Quotes hide brackets.
std::size_t bracket_end(std::string_view text, std::size_t at) {
  bool quoted = false;
  for (++at; at < text.size(); ++at) {
    if (quoted && text[at] == '\\') ++at;
    else if (text[at] == '"') quoted = !quoted;
    else if (text[at] == ']' && !quoted) return at + 1;
  }
  return text.npos;
}

}  // namespace

COLD std::optional<PathText> read_path_text(std::string_view text) {
  PathText read;
  for (std::size_t at = 0; at < text.size() || read.path.empty();) {
    if (read.path.size() == kMostSteps) return std::nullopt;
    if (!read.path.empty() && text[at] == '[') {
      const std::size_t end = bracket_end(text, at);
      if (end == text.npos) return std::nullopt;
      std::optional<PathStep> step = bracket_step(text.substr(at + 1, end - at - 2));
      if (!step) return std::nullopt;
      read.path.push_back(std::move(*step));
      at = end;
    } else {
      if (!read.path.empty() && text[at++] != '.') return std::nullopt;
      const std::size_t end = std::min(text.find_first_of(".[", at), text.size());
      if (end == at) return std::nullopt;
      read.path.push_back({PathStep::Kind::kKey, std::string(text.substr(at, end - at))});
      at = end;
    }
    read.ends.push_back(at);
  }
  return read;
}

COLD std::optional<Path> read_path(std::string_view text) {
  std::optional<PathText> read = read_path_text(text);
  if (!read) return std::nullopt;
  return std::move(read->path);
}

COLD std::string key_step(std::string_view key) {
  if (!key.empty() && key.find_first_of(".[]\"") == key.npos) return std::string(".").append(key);
  std::string text = "[\"";
  for (const char c : key) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"]";
}

std::size_t steps_to_list(std::span<const PathStep> steps) {
  const auto list = std::find_if(steps.begin(), steps.end(), [](const PathStep& step) { return step.is_list(); });
  return static_cast<std::size_t>(list - steps.begin()) + (list == steps.end() ? 0 : 1);
}

}  // namespace causal_sessions
