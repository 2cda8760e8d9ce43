// causal-sessions inspect FILE: format, columns and first rows. Nothing is run.
#include <algorithm>
#include <cstring>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "ingest/inspection/inspect.h"
#include "text/inspection_text.h"

namespace causal_sessions {
namespace {

using nlohmann::ordered_json;

// A file, or standard input, and what has been read of it.
class Input {
 public:
  explicit Input(const InputFile& file) : path_(file.path()), name_(file.name()) {}

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

// As inspectFile in web/lib/run/inspect.ts does it.
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

}  // namespace

std::optional<Failure> run_inspect(const Arguments& arguments) {
  Plan plan;
  if (auto failure = gather_plan(arguments, plan)) return failure;
  InputFiles inputs;
  if (auto failure = find_files(arguments.files, inputs)) return failure;
  ordered_json found;
  for (const InputFile& file : inputs.files) {
    Input input(file);
    if (auto failure = input.open()) return failure;
    ordered_json shown = ordered_json::parse(inspect(input, plan, arguments.number("rows", 10)), nullptr, false);
    if (input.failed()) return unreadable(input.name() + " cannot be read to its end");
    const bool empty = !shown["problem"].is_null() && shown["problem"]["code"] == code_name(ErrorCode::kEmptyInput);
    if (found.is_null() || !empty) found = std::move(shown);
    if (!empty) break;
  }
  if (inputs.files.size() > 1) found["files"] = inputs.files.size();
  if (arguments.has("json")) {
    std::printf("%s\n", found.dump(2).c_str());
  } else {
    std::fputs(inspection_text(found).c_str(), stdout);
  }
  if (found["problem"].is_null()) return std::nullopt;
  return Failure{found["problem"]["message"].get<std::string>(), found["problem"]["code"].get<std::string>(), {}, true};
}

}  // namespace causal_sessions
