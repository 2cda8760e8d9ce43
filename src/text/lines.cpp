#include "text/lines.h"

#include <algorithm>
#include <charconv>

namespace causal_sessions {

std::string notice_text(std::string_view message, std::string_view key) {
  std::string text(message);
  return message.find(key) != message.npos ? text : filled("{} ({})", {text, std::string(key)});
}

std::size_t display_length(std::string_view text) {
  std::size_t units = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    units += (byte & 0xC0) != 0x80 ? (byte >= 0xF0 ? 2 : 1) : 0;
  }
  return units;
}

std::string printable(std::string_view line) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    auto byte = static_cast<unsigned char>(line[i]);
    const bool wide = byte == 0xC2 && i + 1 < line.size() && static_cast<unsigned char>(line[i + 1]) < 0xA0;
    if (wide) byte = static_cast<unsigned char>(line[++i]);
    if (wide || byte == 0x7F || (byte < 0x20 && byte != '\t' && byte != '\n')) {
      out.append("\\x").append({kDigits[byte >> 4], kDigits[byte & 15]});
    } else {
      out.push_back(line[i]);
    }
  }
  return out;
}

std::string joined(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text.append(printable(line)).append("\n");
  return text;
}

std::size_t line_width(std::string_view columns, std::size_t terminal) {
  constexpr std::size_t kLeast = 40;
  std::size_t asked = 0;
  const char* const end = columns.data() + columns.size();
  const auto [read, error] = std::from_chars(columns.data(), end, asked);
  const bool given = error == std::errc() && read == end && asked > 0;
  if (!given && terminal == 0) return std::string::npos;
  return std::max(given ? asked : terminal, kLeast);
}

Lines wrap(const std::string& line, std::size_t width) {
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
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

std::string wrapped(const Lines& lines, std::size_t width) {
  std::string text;
  for (const std::string& line : lines) {
    for (const std::string& piece : wrap(printable(line), width)) text.append(piece).append("\n");
  }
  return text;
}

Lines table(std::string_view head, const std::vector<Lines>& rows, std::size_t width) {
  std::vector<Lines> all(1);
  for (std::size_t at = 0; at <= head.size();) {
    const std::size_t bar = std::min(head.find('|', at), head.size());
    all[0].emplace_back(head.substr(at, bar - at));
    at = bar + 1;
  }
  all.insert(all.end(), rows.begin(), rows.end());
  std::vector<std::size_t> widths(all[0].size());
  for (const Lines& cells : all) {
    for (std::size_t i = 0; i < widths.size(); ++i) widths[i] = std::max(widths[i], 2 + display_length(cells[i]));
  }
  Lines lines;
  for (std::size_t from = 1, to = 1; from < widths.size(); from = to) {
    for (std::size_t used = widths[0]; to == from || (to < widths.size() && used + widths[to] <= width); ++to) used += widths[to];
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
