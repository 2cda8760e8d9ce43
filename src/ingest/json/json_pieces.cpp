#include "ingest/json/json_pieces.h"

#include "core/cold.h"
#include "ingest/columns/path.h"
#include "ingest/file_reader.h"
#include "ingest/json/json_object.h"

namespace causal_sessions {
namespace {

constexpr std::size_t kMostHead = 1 << 20;  // it is written anew for each piece
constexpr std::size_t kPieceBytes = 4 << 20;

// Past the value at `at`; 0 if it does not end.
std::size_t value_end(std::span<const char> window, std::size_t at) {
  const char c = window[at];
  if (c == '{' || c == '[') return find_json_end(window, at);
  if (c == '"') return find_json_text_end(window, at);
  constexpr std::string_view kEnds = ",]} \t\n\r";
  while (at < window.size() && kEnds.find(window[at]) == kEnds.npos) ++at;
  return at < window.size() ? at : 0;
}

std::size_t skip_space(std::span<const char> window, std::size_t at) {
  while (at < window.size() && is_json_space(window[at])) ++at;
  return at;
}

}  // namespace

COLD JsonPieces::JsonPieces(std::string_view rows) {
  const std::optional<Path> path = read_path(rows);
  if (!path) return;
  for (const PathStep& step : *path) {
    if (step.is_list()) break;
    if (step.kind != PathStep::Kind::kKey) {
      path_.clear();
      return;
    }
    path_.push_back(step.key);
  }
}

COLD std::size_t JsonPieces::begin(std::span<const char> window) {
  std::size_t at = 0;
  for (const std::string& key : path_) {
    if (window[at] != '{') return 0;
    JsonObjectReader members(window.subspan(at));
    while (members.next_open() && members.key() != key && members.next_value()) {
    }
    if (members.error_at() != 0 || members.rest().empty() || members.key() != key) return 0;
    at = static_cast<std::size_t>(members.rest().data() - window.data());
    if (at >= kMostHead) return 0;
  }
  if (path_.empty() || window[at] != '[') return 0;
  head_.assign(window.data(), at + 1);
  left_ = path_.size();
  begun_ = in_list_ = true;
  return at + 1;
}

COLD JsonPieces::Taken JsonPieces::take(std::span<const char> window, const OnKey& on_key) {
  return in_list_ ? take_elements(window) : take_rest(window, on_key);
}

JsonPieces::Taken JsonPieces::take_elements(std::span<const char> window) {
  Taken taken;
  piece_ = head_;
  bool any = false;
  while (piece_.size() < kPieceBytes) {
    const std::size_t at = skip_space(window, taken.size);
    if (at == window.size()) {
      taken.size = at;
      break;
    }
    const char c = window[at];
    if (c == ']' && !comma_taken_) {
      taken.size = at + 1;
      in_list_ = false;
      comma_needed_ = true;
      break;
    }
    if ((c == ',') != comma_needed_ || c == ']') {
      taken.mistake = "a comma of the list is missing, or has no element";
      break;
    }
    if (c == ',') {
      taken.size = at + 1;
      comma_needed_ = false;
      comma_taken_ = true;
      continue;
    }
    const std::size_t end = value_end(window, at);
    if (end == 0) break;
    if (any) piece_ += ',';
    piece_.append(window.data() + at, end - at);
    any = comma_needed_ = true;
    comma_taken_ = false;
    taken.size = end;
  }
  if (!any) return taken;
  piece_.append("]").append(path_.size(), '}');
  const std::size_t size = piece_.size();
  piece_.append(kWindowSlack, '\0');
  taken.piece = std::span<const char>(piece_).first(size);
  return taken;
}

JsonPieces::Taken JsonPieces::take_rest(std::span<const char> window, const OnKey& on_key) {
  Taken taken;
  while (left_ > 0) {
    std::size_t at = skip_space(window, taken.size);
    if (at == window.size()) {
      taken.size = at;
      break;
    }
    if (window[at] == '}') {
      --left_;
      taken.size = at + 1;
      continue;
    }
    if (window[at] != ',') {
      taken.mistake = "a comma or \"}\" is needed";
      break;
    }
    // A member, whole.
    const std::size_t begin = skip_space(window, at + 1);
    if (begin == window.size()) break;
    if (window[begin] != '"') {
      taken.mistake = "a key in quotes is needed";
      break;
    }
    const std::size_t key_end = find_json_text_end(window, begin);
    const std::size_t colon = key_end == 0 ? window.size() : skip_space(window, key_end);
    if (colon == window.size()) break;
    at = skip_space(window, colon + 1);
    if (window[colon] != ':') {
      taken.mistake = "a colon is needed";
      break;
    }
    const std::size_t end = at == window.size() ? 0 : value_end(window, at);
    if (end == 0) break;
    if (find_json_mistake(window.subspan(begin, key_end - begin)) != 0 || find_json_mistake(window.subspan(at, end - at)) != 0) {
      taken.mistake = "what stands behind the list is not JSON";
      break;
    }
    std::string_view half;
    on_key(std::span(path_).first(left_ - 1), decode_json_escapes({window.data() + begin + 1, key_end - begin - 2}, half));
    taken.size = end;
  }
  return taken;
}

}  // namespace causal_sessions
