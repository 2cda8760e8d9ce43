#include "ingest/file_rules.h"

#include <algorithm>

#include "core/cold.h"
#include "ingest/file_search.h"

namespace causal_sessions {

COLD const FileRule* find_rule(const ReadingOptions& options, std::string_view file) {
  const auto& rules = options.input.files;
  const std::string_view name = file.substr(file.find_last_of("/\\") + 1);
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const FileRule& rule) {
    return fits_pattern(rule.match, rule.match.find('/') == std::string::npos ? name : file);
  });
  return found == rules.end() ? nullptr : &*found;
}

COLD ReadingOptions::Time time_of_file(const ReadingOptions& options, std::string_view file) {
  ReadingOptions::Time time = options.time;
  const FileRule* const rule = find_rule(options, file);
  if (rule == nullptr) return time;
  if (rule->unit != TimeUnit::kAuto) time.unit = rule->unit;
  if (rule->zone) static_cast<LocalZone&>(time) = *rule->zone;
  return time;
}

}  // namespace causal_sessions
