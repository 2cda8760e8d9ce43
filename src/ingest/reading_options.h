// What reading needs to know besides the bytes. Two readings with equal options give the same events.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time_zone.h"
#include "formats/text_encoding.h"

namespace causal_sessions {

enum class TextFormat { kAuto, kCsv, kJson };
enum class CsvHeader { kAuto, kYes, kNo };
enum class TimeUnit { kAuto, kSeconds, kMilliseconds, kMicroseconds, kNanoseconds, kExcel, kDotnet, kFiletime, kWebkit };
enum class UnknownTypes {
  kError,  // rows with an unknown event type refuse the run
  kDrop,   // they are left out and counted
  kAdd,    // unknown event types are appended to `types`
};
// Rows without user, time or type, with a time that cannot be read, with too few or too many cells.
enum class BadRows { kError, kDrop };

// What a role's values are read from: a column by name, or by number (1 = first) where a file has no header; a path into nested
// values (columns/path.h); a constant; or several of those, of which the first that has a value counts. Of the time several are
// its parts, such as date and clock.
struct ColumnName {
  std::string name;
  std::uint32_t number = 0;
  std::optional<std::string> constant;
  std::vector<ColumnName> several;

  [[nodiscard]] bool is_set() const { return number != 0 || !name.empty() || constant || !several.empty(); }
  bool operator==(const ColumnName&) const = default;
};

// Where local times are: an offset, or the table of a zone whose offset changes in place of it.
struct LocalZone {
  std::string zone = "UTC";
  std::int64_t zone_offset_us = 0;
  std::shared_ptr<const TimeZone> zone_table;
  // The zone's text is not asked for: UTC and +00:00 read alike.
  bool operator==(const LocalZone& other) const {
    const bool same_table = zone_table && other.zone_table ? *zone_table == *other.zone_table : zone_table == other.zone_table;
    return zone_offset_us == other.zone_offset_us && same_table;
  }
};

// What files whose name or path fits the pattern have of their own (* and ? stand for any characters): the type of all events,
// the unit of times as numbers, the zone of local ones.
struct FileRule {
  std::string match;
  std::optional<std::string> type = {};
  TimeUnit unit = TimeUnit::kAuto;
  std::optional<LocalZone> zone = {};
  bool operator==(const FileRule&) const = default;
};

constexpr std::size_t kMostTypes = 254;  // that a run knows: an id is a byte, and two of them are special

struct ReadingOptions {
  struct Input {
    TextFormat format = TextFormat::kAuto;        // of text; Parquet and Arrow say what they are
    char separator = 0;                           // of CSV; 0: told from the first rows
    CsvHeader header = CsvHeader::kAuto;          // whether its first row names the columns
    char quote = '"';                             // of CSV; 0: none, quotes are characters like any other
    char escape = 0;                              // of CSV: takes its meaning from a quote, a separator, a line break; 0: none
    char comment = 0;                             // of CSV: a line that begins with it is passed over; 0: none
    std::uint32_t skip_lines = 0;                 // of CSV: lines at the front of a file that are passed over
    TextEncoding encoding = TextEncoding::kAuto;  // of text without a byte order mark
    bool trim = false;                            // blanks around users, times, types and items are taken off
    std::vector<std::string> nulls;               // texts that stand for a missing value
    std::string rows;                             // the path of the rows, where they are nested; empty: they are not
    std::vector<FileRule> files;                  // the first that fits counts
    bool operator==(const Input&) const = default;
  } input;
  struct Columns {
    ColumnName user, time, type, item;  // unset: found by synonym
    ColumnName known_at;                // when an event became known; unset: at its time
    bool operator==(const Columns&) const = default;
  } columns;
  struct Time : LocalZone {  // of text without a zone
    TimeUnit unit = TimeUnit::kAuto;
    std::vector<std::string> format;  // of text, and of digits (time_format.h); empty: told from the text
    bool operator==(const Time&) const = default;
  } time;
  struct Events {
    std::vector<std::string> types = {"auction", "impression", "click", "purchase"};
    std::vector<std::pair<std::string, std::string>> without_item = {{"auction", "[AUCTION]"}};  // type, token
    UnknownTypes unknown = UnknownTypes::kError;
    // Reading asks for the tokens alone, which no item may be named like, and not for their types.
    bool operator==(const Events& other) const {
      const auto same_token = [](const auto& one, const auto& two) { return one.second == two.second; };
      return types == other.types && unknown == other.unknown &&
             std::equal(without_item.begin(), without_item.end(), other.without_item.begin(), other.without_item.end(),
                        same_token);
    }
  } events;
  BadRows bad_rows = BadRows::kError;
  // Columns, or paths, whose values events bring along for their rows' time zero.
  struct Values {
    std::vector<std::string> covariates;
    std::string propensity;  // that holds the probability of treatment, where it is known; empty: it is not
    std::string outcome;     // what an outcome is worth; empty: it is not asked
    std::string group;       // what tells the treatment of a group from that of others; empty: all is one

    struct Other {
      const std::string* name;
      std::string_view key;  // of the plan
    };
    // Those beside the covariates that are named.
    [[nodiscard]] std::vector<Other> others() const {
      std::vector<Other> named;
      for (const Other& other :
           {Other{&propensity, "treatment.propensity"}, Other{&outcome, "outcome.value"}, Other{&group, "treatment.group"}}) {
        if (!other.name->empty()) named.push_back(other);
      }
      return named;
    }
    // All of them, in the order in which events bring their values along: those that become covariates, then the others.
    [[nodiscard]] std::vector<std::string> names() const {
      std::vector<std::string> all = covariates;
      for (const Other& other : others()) all.push_back(*other.name);
      return all;
    }
    // The key that names the one at a place, and the place of one that a key names.
    [[nodiscard]] std::string key_of(std::size_t place) const {
      return std::string(place < covariates.size() ? "covariates.columns" : others()[place - covariates.size()].key);
    }
    [[nodiscard]] std::size_t place_of(std::string_view key) const {
      std::size_t place = covariates.size();
      while (key_of(place) != key) ++place;
      return place;
    }
    bool operator==(const Values&) const = default;
  } values;
  std::string preset;  // the plan's name of what has been set for a known export; exports.h

  bool operator==(const ReadingOptions&) const = default;
};

}  // namespace causal_sessions
