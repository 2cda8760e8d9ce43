#include "ingest/seam_search.h"

#include <algorithm>

#include "core/cold.h"

namespace causal_sessions {

SeamSearch::SeamSearch(std::uint64_t end) {
  const std::uint64_t size = std::min(end, kMost);
  wanted_ = {end - size, static_cast<std::size_t>(size)};
}

void SeamSearch::add(std::span<const char> bytes) {
  bytes_.append(bytes.data(), bytes.size());
  wanted_ = {wanted_.offset + bytes.size(), wanted_.size - bytes.size()};
}

COLD Status SeamSearch::check(const std::string& file, const std::string& format, std::string_view end_mark,
                              std::string_view start_mark) const {
  const std::size_t at = bytes_.rfind(std::string(end_mark).append(start_mark));
  if (at == std::string::npos) return {};
  const std::uint64_t start = wanted_.offset - (bytes_.size() - at) + end_mark.size();
  return Error{ErrorCode::kBadSyntax, file + ": these are several " + format + " files in one; the last begins at byte " +
                                          std::to_string(start) + ". Give each as a file of its own", {file, {}, {}, {}}};
}

}  // namespace causal_sessions
