#include "ingest/file_search.h"

#include <algorithm>
#include <utility>

#include "core/cold.h"

namespace causal_sessions {
namespace {

bool is_hidden(std::string_view name) {
  return !name.empty() && (name[0] == '.' || name[0] == '_') && name != "." && name != "..";
}

bool has_wildcard(std::string_view part) {
  if (part.find_first_of("*?") != part.npos) return true;
  const std::size_t open = part.find('[');
  return open != part.npos && part.find(']', open + 2) != part.npos;
}

// Bytes of the character that a text begins with.
std::size_t character(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (text[size] & 0xC0) == 0x80) ++size;
  return size;
}

// Whether a character is in the brackets that `part` begins with, which are then passed; nothing if they are not closed.
std::optional<bool> in_brackets(std::string_view& part, std::string_view c) {
  std::size_t at = 1;
  const bool others = at < part.size() && (part[at] == '!' || part[at] == '^');
  at += others;
  const std::size_t end = part.find(']', at + 1);  // the first one may be meant itself
  if (end == part.npos) return std::nullopt;
  bool in = false;
  for (std::string_view set = part.substr(at, end - at); !set.empty();) {
    const std::string_view low = set.substr(0, character(set));
    set.remove_prefix(low.size());
    std::string_view high = low;
    if (set.size() > 1 && set[0] == '-') {
      high = set.substr(1, character(set.substr(1)));
      set.remove_prefix(1 + high.size());
    }
    in = in || (low <= c && c <= high);  // the order of UTF-8 is that of the characters
  }
  part.remove_prefix(end + 1);
  return in != others;
}

// A name against a part of a pattern. After a failure the last "*" takes one character more.
bool matches(std::string_view part, std::string_view name, bool hidden_too) {
  if (!hidden_too && is_hidden(name) && part[0] != name[0]) return false;
  std::optional<std::pair<std::string_view, std::string_view>> star;  // behind it, and what it has not taken
  for (;;) {
    if (!part.empty() && part[0] == '*') {
      part.remove_prefix(1);
      star = {part, name};
      continue;
    }
    if (part.empty() && name.empty()) return true;
    bool same = false;
    if (!part.empty() && !name.empty()) {
      const std::string_view c = name.substr(0, character(name));
      std::optional<bool> bracketed;
      if (part[0] == '[') bracketed = in_brackets(part, c);
      if (bracketed) {
        same = *bracketed;
      } else if (part[0] == '?') {
        same = true;
        part.remove_prefix(1);
      } else {
        same = part.starts_with(c);
        part.remove_prefix(std::min(part.size(), c.size()));
      }
      name.remove_prefix(c.size());
    }
    if (same) continue;
    if (!star || star->second.empty()) return false;
    star->second.remove_prefix(character(star->second));
    part = star->first;
    name = star->second;
  }
}

bool is_any_depth(std::string_view part) { return part == "**"; }

// Without the parts that say nothing.
std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (!part.empty() && part != ".") parts.emplace_back(part);
    at = end + 1;
  }
  return parts;
}

}  // namespace

bool fits_pattern(std::string_view pattern, std::string_view name) { return matches(pattern, name, true); }

COLD bool is_pattern(std::string_view word) { return has_wildcard(word); }

COLD FileSearch::FileSearch(std::string word, bool pattern) : word_(std::move(word)), pattern_(pattern) {
  std::vector<std::string> fixed = parts_of(word_);
  if (pattern_) {
    const auto first = std::find_if(fixed.begin(), fixed.end(), has_wildcard);
    parts_.assign(first, fixed.end());
    fixed.erase(first, fixed.end());
  }
  if (word_.starts_with('/')) root_ = "/";
  for (const std::string& part : fixed) root_.append(part).append("/");
  if (!fixed.empty() && fixed.back() != "..") prefix_ = fixed.back() + "/";
  std::string places(parts_.size(), '\0');
  if (!places.empty()) places[0] = 1;
  folders_.push_back({"", std::move(places)});
}

COLD std::string FileSearch::path_of(const std::string& below) const {
  std::string path = root_ + below;
  if (path.empty()) return ".";
  if (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

COLD std::optional<std::string> FileSearch::folder() {
  if (folders_.empty()) {
    if (links_.empty()) return std::nullopt;
    if (!std::exchange(linked_, true)) std::sort(seen_.begin(), seen_.end());
    const auto first =
        std::min_element(links_.begin(), links_.end(), [](const Folder& a, const Folder& b) { return a.below < b.below; });
    folders_.push_back(std::move(*first));
    links_.erase(first);
  }
  at_ = std::move(folders_.back());
  folders_.pop_back();
  return path_of(at_.below);
}

// No folder comes twice but by way of a link.
COLD bool FileSearch::begin(std::string identity) {
  if (!identity.ends_with('/')) identity.push_back('/');
  if (origin_.empty()) origin_ = identity;
  const auto place = linked_ ? std::lower_bound(seen_.begin(), seen_.end(), identity) : seen_.end();
  const bool seen = place != seen_.end() && *place == identity;
  if (seen || (linked_ && origin_.starts_with(identity))) return false;
  seen_.insert(place, std::move(identity));
  return true;
}

// Whether an entry of the folder at hand is all that the pattern asks for. `next`: what may come behind it.
COLD bool FileSearch::step(std::string_view name, EntryKind kind, bool hidden_too, std::string& next) const {
  const bool plain = hidden_too || !is_hidden(name);
  next.assign(parts_.size(), '\0');
  std::string open = at_.places;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    if (open[i] == 0) continue;
    const bool last = i + 1 == parts_.size();
    if (!is_any_depth(parts_[i])) {
      if (!matches(parts_[i], name, hidden_too)) continue;
      if (last) return true;
      next[i + 1] = 1;
    } else if (last) {
      if (plain) return true;
    } else {
      open[i + 1] = 1;
      if (kind != EntryKind::kFile && plain) next[i] = 1;
    }
  }
  return false;
}

COLD void FileSearch::add(const std::string& name, EntryKind kind) {
  std::string next;
  const auto leads_on = [&] { return kind != EntryKind::kFile && next.find('\1') != next.npos; };
  const bool all = at_.places.empty();
  const bool whole = all ? !is_hidden(name) : step(name, kind, false, next);
  if (kind == EntryKind::kOther ? whole : !whole && !leads_on()) {
    const bool hidden = is_hidden(name) && (all || step(name, kind, true, next) || leads_on());
    passed_over_ += hidden || kind == EntryKind::kOther;
  } else if (kind == EntryKind::kFile) {
    files_.push_back(at_.below + name);
  } else if (kind != EntryKind::kOther) {
    if (whole) next.clear();
    (kind == EntryKind::kFolder ? folders_ : links_).push_back({at_.below + name + "/", std::move(next)});
  }
}

COLD Result<std::vector<FoundFile>> FileSearch::found() {
  if (files_.empty()) {
    std::string message = word_ + (pattern_ ? " matches no file" : " has no file to read");
    if (passed_over_ != 0) {
      message += "; names that begin with . or _ are passed over, " + std::to_string(passed_over_) + " of them";
      if (pattern_) message += ", unless they are asked for";
    }
    return Error{ErrorCode::kEmptyInput, std::move(message), {word_, {}, {}, {}}};
  }
  std::sort(files_.begin(), files_.end());
  std::vector<FoundFile> found;
  found.reserve(files_.size());
  for (const std::string& below : files_) found.push_back({root_ + below, root_.size() - prefix_.size()});
  return found;
}

COLD std::vector<std::string> places_of(std::string_view name) {
  const std::vector<std::string> parts = parts_of(name);
  const bool leads_out = name.starts_with('/') || name.find_first_of("\\:") != name.npos ||
                         std::find(parts.begin(), parts.end(), "..") != parts.end();
  if (leads_out || parts.size() < 2) return {std::string(name.substr(name.find_last_of("/\\") + 1))};
  return {std::string(name), std::string(name.substr(name.find('/') + 1))};
}

COLD ChosenFiles choose_files(std::span<const std::string> paths) {
  ChosenFiles chosen;
  std::vector<std::string_view> hidden;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const std::string_view path = paths[i];
    std::size_t end = path.find('/');
    bool taken = true;
    while (taken && end != path.npos) {
      const std::size_t begin = end + 1;
      end = path.find('/', begin);
      taken = !is_hidden(path.substr(begin, end - begin));
    }
    if (taken) chosen.taken.push_back(i);
    else hidden.push_back(path.substr(0, end));
  }
  std::sort(hidden.begin(), hidden.end());
  chosen.passed_over = static_cast<std::uint64_t>(std::unique(hidden.begin(), hidden.end()) - hidden.begin());
  std::sort(chosen.taken.begin(), chosen.taken.end(), [&](std::size_t a, std::size_t b) { return paths[a] < paths[b]; });
  return chosen;
}

}  // namespace causal_sessions
