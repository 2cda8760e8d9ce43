// causal-sessions inspect FILE: format, columns and first rows, as the command in Node shows them. Nothing is run.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/text.h"
#include "core/utf8.h"
#include "ingest/inspection/inspect.h"

namespace causal_sessions {

namespace {

using nlohmann::ordered_json;

// A file, or standard input, and what has been read of it.
class Input {
 public:
  explicit Input(const std::string& path) : path_(path), name_(path == "-" ? "standard input" : path) {}

  [[nodiscard]] std::optional<Failure> open() { return open_file(path_, file_); }
  // Until so many bytes are there, or all.
  void read_up_to(std::uint64_t size) {
    constexpr std::size_t kPiece = 1 << 20;
    while (bytes_.size() < size && !ended_) {
      const std::size_t had = bytes_.size(), more = std::min<std::uint64_t>(kPiece, size - had);
      bytes_.resize(had + more);
      const std::size_t got = std::fread(bytes_.data() + had, 1, more, file_.get());
      bytes_.resize(had + got);
      ended_ = got < more;
    }
  }
  [[nodiscard]] std::span<const char> first(std::uint64_t size) const {
    return std::span(bytes_).first(static_cast<std::size_t>(std::min<std::uint64_t>(size, bytes_.size())));
  }
  [[nodiscard]] bool failed() const { return std::ferror(file_.get()) != 0; }
  [[nodiscard]] const std::string& name() const { return name_; }

  // Of a file whose ranges can be read.
  [[nodiscard]] std::optional<std::uint64_t> size() const { return regular_size(path_); }

  [[nodiscard]] std::string inspect_ranges(const Plan& plan, std::size_t rows) {
    const std::optional<std::uint64_t> size = this->size();
    const bool ranged = size.has_value();
    if (!ranged) read_up_to(UINT64_MAX);
    const auto inspection = inspect_by_ranges(name_, first(8), size.value_or(bytes_.size()), plan.reading, rows);
    while (const auto range = inspection->wanted()) {
      const std::span<char> room = inspection->room(range->size);
      std::size_t got = range->size;
      if (!ranged) {
        std::memcpy(room.data(), bytes_.data() + range->offset, got);
      } else {
        const bool there = fseeko(file_.get(), static_cast<off_t>(range->offset), SEEK_SET) == 0;
        got = there ? std::fread(room.data(), 1, room.size(), file_.get()) : 0;
      }
      inspection->supply(got);
    }
    return inspection->json();
  }

 private:
  std::string path_, name_;
  FileHandle file_{nullptr, std::fclose};
  std::vector<char> bytes_;
  bool ended_ = false;
};

// As inspectFile in web/lib/prepare.ts does it.
std::string inspect(Input& input, const Plan& plan, std::size_t rows) {
  for (std::uint64_t most = kPreviewBytes;;) {
    input.read_up_to(most + 1);
    const std::span<const char> start = input.first(most);
    if (needs_ranges(start)) return input.inspect_ranges(plan, rows);
    const bool last = input.first(most + 1).size() <= most;
    std::string json = inspect_json(input.name(), start, last, plan.reading, rows, last ? start.size() : input.size());
    const auto found = ordered_json::parse(json, nullptr, false);
    const auto needs = found.find("needsBytes");
    if (last || needs == found.end() || *needs > kMostPreviewBytes || most == kMostPreviewBytes) return json;
    most = std::min(kMostPreviewBytes, std::max(needs->get<std::uint64_t>(), 2 * most));
  }
}

std::string padded(std::string text, std::size_t width) {
  if (display_length(text) > width) {
    text.resize(std::min(text.size(), 4 * width));  // four bytes a character at most; what is cut off may be megabytes
    while (display_length(text) >= width) text.pop_back();
    while (!text.empty() && find_invalid_utf8(text) != text.size()) text.pop_back();
    text.append("…");
  }
  return text.append(width - std::min(width, display_length(text)), ' ');
}

void print_cells(const ordered_json& names, const ordered_json& rows) {
  std::vector<std::vector<std::string>> lines = {names.get<std::vector<std::string>>()};
  for (const ordered_json& row : rows) lines.push_back(row.get<std::vector<std::string>>());
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
    std::printf("%s\n", printable(line).c_str());
  }
}

// As web/lib/estimate.ts writes it.
std::string estimate_text(double rows, double bytes) {
  const double unit = rows < 1 ? 1 : std::max(1.0, std::pow(10, std::floor(std::log10(rows)) - 1));
  std::string text = std::to_string(static_cast<std::uint64_t>(std::round(rows / unit) * unit));
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<std::size_t>(at), ",");
  const auto tenths = static_cast<std::uint64_t>(std::max(1.0, std::round(bytes / 1e8)));
  return "About " + text + (text == "1" ? " event, about " : " events, about ") + std::to_string(tenths / 10) + "." +
         std::to_string(tenths % 10) + " GB of memory";
}

void print_inspection(const ordered_json& found) {
  if (found.contains("format")) {
    std::string line = found["name"].get<std::string>().append(": ").append(found["format"].get<std::string>());
    if (found.contains("separator")) line.append(", separator ").append(found["separator"].dump());
    if (found.contains("header") && !found["header"].get<bool>()) line.append(", no header");
    std::printf("%s\n", printable(line).c_str());
    const ordered_json& names = found["columnNames"];
    for (const auto& [role, name] : found["columns"].items()) {
      line = std::string("  ").append(padded(role, 5)).append(" ").append(name.is_null() ? "none" : name.get<std::string>());
      const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
      if (found.contains("columnTypes") && at < names.size()) {
        line.append(" (").append(found["columnTypes"][at].get<std::string>()).append(")");
      }
      std::printf("%s\n", printable(line).c_str());
    }
    if (found.contains("moreColumns")) std::puts("  There may be further columns: not all of the file was looked at.");
    if (!names.empty()) print_cells(names, found["rows"]);
  }
  if (found.contains("estimate")) {
    std::printf("  %s\n", estimate_text(found["estimate"]["rows"], found["estimate"]["bytes"]).c_str());
  }
  if (found.contains("note")) std::printf("  %s\n", printable(found["note"].get<std::string>()).c_str());
  if (!found.contains("notices")) return;
  for (const ordered_json& notice : found["notices"]) std::printf("  %s\n", printable(notice_text(notice)).c_str());
}

}  // namespace

std::optional<Failure> run_inspect(const Arguments& arguments) {
  if (arguments.files.size() != 1) return wrong_use("inspect needs one FILE");
  std::size_t rows = 10;
  if (const auto found = arguments.options.find("--rows"); found != arguments.options.end()) {
    const std::string& text = found->second;
    const bool number = !text.empty() && text.size() <= 4 && text.find_first_not_of("0123456789") == text.npos;
    if (!number) return wrong_use("--rows is " + text + "; it must be a whole number up to 9999");
    rows = static_cast<std::size_t>(std::stoul(text));
  }
  Plan plan;
  if (auto failure = gather_plan(arguments, plan)) return failure;
  Input input(arguments.files[0]);
  if (auto failure = input.open()) return failure;
  const ordered_json found = ordered_json::parse(inspect(input, plan, rows), nullptr, false);
  if (input.failed()) return unreadable(input.name() + " cannot be read to its end");
  if (arguments.options.contains("--json")) {
    std::printf("%s\n", found.dump(2).c_str());
  } else {
    print_inspection(found);
  }
  if (found["problem"].is_null()) return std::nullopt;
  return Failure{1, found["problem"]["message"].get<std::string>(), found["problem"]["code"].get<std::string>(), {}, true};
}

}  // namespace causal_sessions
