// What reading needs to know besides the bytes. Two readings with equal options give the same events.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/time_zone.h"

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

// A column by name, or by number (1 = first) where a file has no header.
struct ColumnName {
  std::string name;
  std::uint32_t number = 0;

  [[nodiscard]] bool is_set() const { return number != 0 || !name.empty(); }
  bool operator==(const ColumnName&) const = default;
};

constexpr std::size_t kMostTypes = 254;  // that a run knows: an id is a byte, and two of them are special

struct ReadingOptions {
  struct Input {
    TextFormat format = TextFormat::kAuto;  // of text; Parquet and Arrow say what they are
    char separator = 0;                     // of CSV; 0: told from the first rows
    CsvHeader header = CsvHeader::kAuto;    // whether its first row names the columns
    char quote = '"';                       // of CSV; 0: none, quotes are characters like any other
    char escape = 0;                        // of CSV: takes its meaning from a quote, a separator, a line break; 0: none
    std::vector<std::string> nulls;         // texts that stand for a missing value
    bool operator==(const Input&) const = default;
  } input;
  struct Columns {
    ColumnName user, time, type, item;  // unset: found by synonym
    bool operator==(const Columns&) const = default;
  } columns;
  struct Time {
    TimeUnit unit = TimeUnit::kAuto;
    std::string zone = "UTC";  // of text without a zone
    std::int64_t zone_offset_us = 0;
    std::shared_ptr<const TimeZone> zone_table;  // of a zone whose offset changes, in place of it
    std::vector<std::string> format;             // of text, and of digits (time_format.h); empty: told from the text
    // The zone's text is not asked for: UTC and +00:00 read alike.
    bool operator==(const Time& other) const {
      const bool same_table = zone_table && other.zone_table ? *zone_table == *other.zone_table : zone_table == other.zone_table;
      return unit == other.unit && zone_offset_us == other.zone_offset_us && same_table && format == other.format;
    }
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

  bool operator==(const ReadingOptions&) const = default;
};

}  // namespace causal_sessions
