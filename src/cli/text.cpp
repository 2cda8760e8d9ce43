#include "cli/text.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace causal_sessions {
namespace {

// Of the terminal, or as COLUMNS says; elsewhere lines are as long as they are.
std::size_t line_width() {
  constexpr std::size_t kLeast = 40;
  if (const char* columns = std::getenv("COLUMNS")) {
    std::size_t asked = 0;
    const char* end = columns + std::strlen(columns);
    if (const auto read = std::from_chars(columns, end, asked); read.ec == std::errc() && read.ptr == end && asked > 0) {
      return std::max(asked, kLeast);
    }
  }
  winsize size{};
  const bool terminal = isatty(STDOUT_FILENO) != 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return terminal ? std::max<std::size_t>(size.ws_col, kLeast) : std::string::npos;
}

}  // namespace

using nlohmann::ordered_json;

std::string fixed(double value, int digits) {
  constexpr int kBeyond = 25;  // no number of a report is so near to half-way without being there
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", digits + kBeyond, value);
  const std::string_view beyond = std::string_view(text).substr(std::strlen(text) - kBeyond);
  const bool half = beyond[0] == '5' && beyond.find_first_not_of('0', 1) == beyond.npos;
  std::snprintf(text, sizeof text, "%.*f", digits, half ? std::nextafter(value, value < 0 ? -HUGE_VAL : HUGE_VAL) : value);
  return text;
}

std::string count(const ordered_json& value) {
  std::string text = std::to_string(value.get<std::int64_t>());
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string share(const ordered_json& value) { return value.is_null() ? "n/a" : fixed(100 * value.get<double>(), 2) + " %"; }

std::string decimal(const ordered_json& value) {
  if (value.is_null()) return "n/a";
  const double number = value.get<double>();
  return fixed(number, std::abs(number) >= 100 ? 1 : 4);
}

std::string text_of(const ordered_json& value) { return value.is_null() ? "n/a" : value.get<std::string>(); }

std::size_t display_length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xC0) != 0x80 ? (byte >= 0xF0 ? 2 : 1) : 0;
  }
  return units;
}

std::string printable(const std::string& line) {
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    auto byte = static_cast<unsigned char>(line[i]);
    const bool wide = byte == 0xC2 && i + 1 < line.size() && static_cast<unsigned char>(line[i + 1]) < 0xA0;
    if (wide) byte = static_cast<unsigned char>(line[++i]);
    if (wide || byte == 0x7F || (byte < 0x20 && byte != '\t' && byte != '\n')) {
      char text[5];
      std::snprintf(text, sizeof text, "\\x%02x", byte);
      out.append(text);
    } else {
      out.push_back(line[i]);
    }
  }
  return out;
}

Lines wrap(const std::string& line) {
  const std::size_t width = line_width(), indent = std::min(line.find_first_not_of(' '), line.size());
  Lines lines;
  for (std::string rest = line;;) {
    std::size_t limit = 0, used = 0;  // the first character that there is no room for
    for (; limit < rest.size(); ++limit) {
      if ((used += display_length(std::string_view(rest).substr(limit, 1))) > width) break;
    }
    const std::size_t at = used <= width ? 0 : rest.rfind(' ', limit);
    if (at == std::string::npos || at <= indent + 2) {
      lines.push_back(std::move(rest));
      return lines;
    }
    lines.push_back(rest.substr(0, at));
    rest = std::string(indent + 2, ' ') + rest.substr(at + 1);
  }
}

Lines table(Lines head, const std::vector<Lines>& rows) {
  std::vector<Lines> all = {std::move(head)};
  all.insert(all.end(), rows.begin(), rows.end());
  std::vector<std::size_t> widths(all[0].size());
  for (const Lines& cells : all) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], 2 + display_length(cells[i]));
  }
  Lines lines;
  for (std::size_t from = 1, to = 1; from < widths.size(); from = to) {
    for (std::size_t width = widths[0]; to == from || (to < widths.size() && width + widths[to] <= line_width()); ++to) width += widths[to];
    for (const Lines& cells : all) {
      std::string line = "  " + cells[0] + std::string(widths[0] - 2 - display_length(cells[0]), ' ');
      for (std::size_t i = from; i < to; ++i) line += std::string(widths[i] - display_length(cells[i]), ' ') + cells[i];
      line.resize(line.find_last_not_of(' ') + 1);
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

}  // namespace causal_sessions
