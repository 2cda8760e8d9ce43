#include "core/time_zone.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "core/cold.h"
#include "core/host_zone.h"

namespace causal_sessions {
namespace {

constexpr std::int64_t kSecondUs = 1'000'000;
constexpr std::int64_t kDay = 86'400;                                // seconds, as all here
constexpr std::int64_t kFirst = 631'152'000, kLast = 2'145'916'800;  // 1990-01-01, 2038-01-01
constexpr std::int64_t kStep =
    10 * kDay;  // no clock was changed and changed back in half of it: tests/interop/test_time_zones.py

// Names that one host has and another has not: JavaScript also takes abbreviations and names that were given up, a folder of
// zones has some for its own use.
COLD bool is_common(std::string_view name) {
  constexpr std::string_view kShort = "CET EET MET WET EST MST HST GMT UTC UCT PRC ROC ROK";
  constexpr std::string_view kOwn[] = {"posix/",    "right/",     "systemv/", "us/pacific-new",
                                       "localtime", "posixrules", "factory",  "etc/unknown"};
  std::string lower, upper;
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter && !(c >= '0' && c <= '9') && c != '/' && c != '_' && c != '+' && c != '-') return false;
    lower += letter ? static_cast<char>(c | 0x20) : c;
    upper += letter ? static_cast<char>(c & ~0x20) : c;
  }
  if (name.size() < 2 || name.size() > 60 || name.front() < 'A' || name.back() == '/' || name.find("//") != name.npos)
    return false;
  if (name.size() == 3 && kShort.find(upper) == kShort.npos) return false;
  return std::none_of(std::begin(kOwn), std::end(kOwn), [&](std::string_view own) { return lower.starts_with(own); });
}

}  // namespace

COLD TimeZone::TimeZone(OffsetAt ask) {
  std::int64_t at = kFirst, offset = ask(at);
  intervals_.push_back({INT64_MIN, offset * kSecondUs, INT64_MAX});
  while (at < kLast) {
    const std::int64_t end = std::min(at + kStep, kLast);
    const std::int64_t offset_at_end = ask(end);
    while (offset != offset_at_end) {  // the first second with another one; in a step there may be several
      std::int64_t before = at, after = end;
      while (after - before > 1) {
        const std::int64_t middle = before + (after - before) / 2;
        (ask(middle) == offset ? before : after) = middle;
      }
      intervals_.back().local_end_us = (after + offset) * kSecondUs;
      at = after;
      offset = ask(at);
      intervals_.push_back({at * kSecondUs, offset * kSecondUs, INT64_MAX});
    }
    at = end;
  }
}

COLD std::shared_ptr<const TimeZone> TimeZone::load(const std::string& name) {
  // A plan is read again and again while somebody edits it.
  static thread_local std::string last_name;
  static thread_local std::shared_ptr<const TimeZone> last;
  if (last && name == last_name) return last;
  if (!is_common(name) || !open_host_zone(name)) return nullptr;
  last = std::make_shared<const TimeZone>(host_zone_offset);
  close_host_zone();
  last_name = name;
  return last;
}

std::pair<std::int64_t, ClockChange> TimeZone::to_utc(std::int64_t local_us, std::size_t& near) const {
  const auto holds = [&](std::size_t i) {
    return local_us < intervals_[i].local_end_us && (i == 0 || local_us >= intervals_[i - 1].local_end_us);
  };
  if (near >= intervals_.size() || !holds(near)) {
    const auto found = std::partition_point(intervals_.begin(), intervals_.end(),
                                            [&](const Interval& interval) { return interval.local_end_us <= local_us; });
    near = static_cast<std::size_t>(found - intervals_.begin());
    if (near == intervals_.size()) --near;
  }
  const Interval& interval = intervals_[near];
  const std::int64_t utc_us = local_us - interval.offset_us;
  if (near != 0 && utc_us < interval.begin_us) return {local_us - intervals_[near - 1].offset_us, ClockChange::kSkipped};
  const bool again = near + 1 < intervals_.size() && local_us - intervals_[near + 1].offset_us >= intervals_[near + 1].begin_us;
  return {utc_us, again ? ClockChange::kRepeated : ClockChange::kNone};
}

std::int64_t TimeZone::offset_at(std::int64_t utc_us) const {
  const auto found = std::partition_point(intervals_.begin() + 1, intervals_.end(),
                                          [&](const Interval& interval) { return interval.begin_us <= utc_us; });
  return (found - 1)->offset_us;
}

}  // namespace causal_sessions
