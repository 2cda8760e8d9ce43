#include "text/inspection_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "core/cold.h"
#include "core/utf8.h"
#include "text/lines.h"

namespace causal_sessions {
namespace {

std::string padded(std::string text, std::size_t width) {
  if (display_length(text) > width) {
    text.resize(std::min(text.size(), 4 * width));  // four bytes a character at most; what is cut off may be megabytes
    while (display_length(text) >= width) text.pop_back();
    while (!text.empty() && find_invalid_utf8(text) != text.size()) text.pop_back();
    text.append("…");
  }
  return text.append(width - std::min(width, display_length(text)), ' ');
}

void add_cells(const Json& names, const Json& rows, Lines& out) {
  std::vector<std::vector<std::string>> lines = {names.get<std::vector<std::string>>()};
  for (const Json& row : rows) lines.push_back(row.get<std::vector<std::string>>());
  std::vector<std::size_t> widths(lines[0].size());
  for (auto& cells : lines) {
    for (std::size_t i = 0; i < std::min(widths.size(), cells.size()); ++i) {
      widths[i] = std::min<std::size_t>(40, std::max(widths[i], display_length(cells[i])));
    }
  }
  for (auto& cells : lines) {
    cells.resize(widths.size());
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) line.append("  ").append(padded(cells[i], widths[i]));
    line.resize(line.find_last_not_of(" \t\n\v\f\r") + 1);
    out.push_back(std::move(line));
  }
}

// Eighths of a line's height.
COLD std::string bars_text(const Json& counts) {
  constexpr std::array<const char*, 9> kBars = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  std::uint64_t most = 1;
  for (const Json& count : counts) most = std::max(most, count.get<std::uint64_t>());
  std::string text;
  for (const Json& count : counts) text.append(kBars[(count.get<std::uint64_t>() * 8 + most - 1) / most]);
  return text;
}

// A column a line: `ts  time  0  1,998  2026-01-01  2026-01-31  ...`, and how the rows spread over time.
COLD void add_facts(const Json& names, const Json& sample, Lines& out) {
  out.push_back(filled("  Columns in the first {} rows:", {count_text(sample["rows"].get<std::uint64_t>())}));
  Json rows = Json::array();
  std::string bars;
  for (std::size_t i = 0; i < std::min(names.size(), sample["columns"].size()); ++i) {
    const Json& facts = sample["columns"][i];
    if (facts.is_null()) {
      rows.push_back({names[i], "not shown"});
      continue;
    }
    std::string frequent;
    for (const Json& entry : facts.value("frequent", Json::array())) {
      frequent.append(frequent.empty() ? "" : ", ").append(entry["value"].get<std::string>());
      frequent.append(" ").append(count_text(entry["rows"].get<std::uint64_t>()));
    }
    rows.push_back({names[i], facts["kind"], count_text(facts["blanks"].get<std::uint64_t>()),
                    count_text(facts["distinct"].get<std::uint64_t>()), facts.value("least", ""), facts.value("greatest", ""),
                    frequent});
    if (facts.contains("overTime")) bars = bars_text(facts["overTime"]);
  }
  add_cells({"column", "values", "blank", "distinct", "least", "greatest", "most frequent"}, rows, out);
  if (!bars.empty()) out.push_back("  Those rows over time: " + bars);
}

// "About 10,000,000 events, about 0.5 GB of memory": two digits of what is a guess; web/lib/run/estimate.ts says it of several files.
std::string estimate_text(double rows, double bytes) {
  double unit = 1;
  while (rows >= 100 * unit) unit *= 10;
  const std::string text = count_text(static_cast<std::uint64_t>(std::round(rows / unit) * unit));
  const auto tenths = static_cast<std::uint64_t>(std::max(1.0, std::round(bytes / 1e8)));
  return "About " + text + (text == "1" ? " event, about " : " events, about ") + std::to_string(tenths / 10) + "." +
         std::to_string(tenths % 10) + " GB of memory";
}

// `Event types in the first rows: view 24,128 (exposure), cart 4,789 (treatment)`.
void add_types(const Json& types, bool all, Lines& out) {
  constexpr std::size_t kShown = 12;
  std::string line = all ? "  Event types:" : "  Event types in the rows looked at:";
  for (std::size_t i = 0; i < std::min(kShown, types.size()); ++i) {
    const Json& type = types[i];
    line.append(i == 0 ? " " : ", ").append(type["type"].get<std::string>()).append(" ");
    line.append(count_text(type["rows"].get<std::uint64_t>()));
    const auto role = type["role"].get<std::string>();
    if (role != "other") line.append(" (").append(role).append(")");
  }
  if (types.size() > kShown) line.append(filled(" and {} more", {count_text(types.size() - kShown)}));
  out.push_back(std::move(line));
}

// A word as a shell of Unix takes it.
std::string shell_word(const std::string& text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("_-.=,:/+").find(c) != std::string_view::npos;
  });
  if (plain) return text;
  std::string word = "'";
  for (const char c : text) word.append(c == '\'' ? "'\\''" : std::string(1, c));
  return word + "'";
}

// What a partial plan is on a command line. A text that would be read as something else is written as JSON.
std::string settings_text(const Json& settings) {
  std::string text;
  const auto add = [&](const std::string& key, const Json& value) {
    const bool plain = value.is_string() && !Json::accept(value.get<std::string>());
    text.append(text.empty() ? "" : " ").append("--set ");
    text.append(shell_word(key + "=" + (plain ? value.get<std::string>() : value.dump())));
  };
  for (const auto& [section, values] : settings.items()) {
    if (!values.is_object()) add(section, values);
    else
      for (const auto& [name, value] : values.items()) add(section + "." + name, value);
  }
  return text;
}

// Keys of the columns that an event needs and that nothing tells: "columns.user".
COLD std::string untold_columns(const Json& found) {
  std::string keys;
  for (const char* role : {"user", "time", "type"}) {
    const bool guessed = found.contains("guesses") && found["guesses"].contains(role);
    if (found["columns"][role].is_null() && !guessed) keys.append(keys.empty() ? "columns." : " and columns.").append(role);
  }
  return keys;
}

}  // namespace

std::string inspection_text(const Json& found) {
  Lines out;
  if (found.contains("format")) {
    std::string line = found["name"].get<std::string>().append(": ").append(found["format"].get<std::string>());
    if (found.contains("separator")) line.append(", separator ").append(found["separator"].dump());
    if (found.contains("header") && !found["header"].get<bool>()) line.append(", no header");
    out.push_back(line);
    const Json& names = found["columnNames"];
    for (const auto& [role, name] : found["columns"].items()) {
      line = std::string("  ").append(padded(role, 5)).append(" ").append(name.is_null() ? "none" : name.get<std::string>());
      const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
      if (found.contains("columnTypes") && at < names.size()) {
        line.append(" (").append(found["columnTypes"][at].get<std::string>()).append(")");
      }
      out.push_back(line);
    }
    if (found.contains("guesses")) {
      for (const auto& [role, name] : found["guesses"].items())
        out.push_back(filled("  The column {} may be the {}.", {name.dump(), role}));
    }
    if (found.contains("eventTypes")) add_types(found["eventTypes"], found["allRows"].get<bool>(), out);
    if (found.contains("settings")) {
      const std::string untold = untold_columns(found);
      line = untold.empty() ? "  To run it so: " : filled("  To run it so, with {} named as well: ", {untold});
      out.push_back(line + settings_text(found["settings"]));
    }
    if (found.contains("preset")) {
      const Json& preset = found["preset"];
      line = "  This looks like ";
      line.append(preset["title"].get<std::string>()).append(": --preset ").append(preset["name"].get<std::string>());
      out.push_back(line);
    }
    if (found.contains("paths")) {
      constexpr std::size_t kShown = 12;
      line = "  Values inside of others:";
      for (std::size_t i = 0; i < std::min(kShown, found["paths"].size()); ++i)
        line.append(i == 0 ? " " : ", ").append(found["paths"][i].get<std::string>());
      if (found["paths"].size() > kShown) line.append(", ...");
      out.push_back(line);
    }
    if (found.contains("moreColumns")) out.emplace_back("  There may be further columns: not all of the file was looked at.");
    if (found.contains("sample")) add_facts(names, found["sample"], out);
    if (!names.empty()) add_cells(names, found["rows"], out);
  }
  if (found.contains("estimate")) {
    out.push_back("  " + estimate_text(found["estimate"]["rows"], found["estimate"]["bytes"]));
  }
  if (found.contains("files")) {
    out.push_back(filled("  It is one of {} files, of which the first with rows is shown.",
                         {count_text(found["files"].get<std::uint64_t>())}));
  }
  if (found.contains("note")) out.push_back("  " + found["note"].get<std::string>());
  if (found.contains("notices")) {
    for (const Json& notice : found["notices"]) {
      const Json& key = notice["key"];
      out.push_back("  " + notice_text(notice["message"].get<std::string>(), key.is_null() ? "" : key.get<std::string>()));
    }
  }
  return joined(out);
}

}  // namespace causal_sessions
