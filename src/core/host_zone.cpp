#include "core/host_zone.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <optional>

#include <dirent.h>
#include <strings.h>

namespace causal_sessions {
namespace {

// The environment's TZ from before a zone was opened.
std::optional<std::string> zone_before;

// The path of a zone below a folder: its names in any case, as JavaScript takes them.
std::optional<std::string> find_below(const std::string& folder, const std::string& name) {
  const std::size_t end = std::min(name.find('/'), name.size());
  const std::string part = name.substr(0, end);
  std::optional<std::string> found;
  if (DIR* const listing = opendir(folder.c_str())) {
    while (const dirent* const entry = readdir(listing)) {
      if (strcasecmp(entry->d_name, part.c_str()) != 0) continue;
      found = folder + "/" + entry->d_name;
      if (part == entry->d_name) break;
    }
    closedir(listing);
  }
  return found && end < name.size() ? find_below(*found, name.substr(end + 1)) : found;
}

bool is_zone_file(const std::string& path) {
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return false;
  char mark[4] = {};
  const bool zone = std::fread(mark, 1, sizeof(mark), file) == sizeof(mark) && std::memcmp(mark, "TZif", sizeof(mark)) == 0;
  std::fclose(file);
  return zone;
}

}  // namespace

bool open_host_zone(const std::string& name) {
  const char* const folder = std::getenv("TZDIR");
  const std::optional<std::string> path = find_below(folder != nullptr ? folder : "/usr/share/zoneinfo", name);
  if (!path || !is_zone_file(*path)) return false;
  const char* const before = std::getenv("TZ");
  zone_before = before != nullptr ? std::optional<std::string>(before) : std::nullopt;
  setenv("TZ", (":" + *path).c_str(), 1);
  tzset();
  return true;
}

std::int64_t host_zone_offset(std::int64_t utc_seconds) {
  const auto time = static_cast<std::time_t>(utc_seconds);
  std::tm local{};
  return localtime_r(&time, &local) != nullptr ? local.tm_gmtoff : 0;
}

void close_host_zone() {
  if (zone_before) setenv("TZ", zone_before->c_str(), 1);
  else unsetenv("TZ");
  tzset();
}

}  // namespace causal_sessions
