#include "support.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/civil_time.h"
#include "core/crc32.h"
#include "formats/json/parse.h"
#include "ingest/archive.h"
#include "ingest/inspection/inspect.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace causal_sessions::fuzz {
namespace {

const std::string kName = "events.csv";  // of every file, as its name tells nothing
constexpr std::size_t kShownRows = 5;

// Sizes of all magnitudes, now and then none.
std::size_t piece_of(std::size_t left, Dice* dice) {
  if (dice == nullptr) return left;
  const std::size_t most = std::size_t{1} << dice->below(9);
  return std::min<std::size_t>(left, dice->below(most + 1));
}

// The next piece of a range that the reader wants. The end of a file, where its index stands, comes whole, as hosts bring it, and
// so do all ranges of an archive, where less means that the file has become shorter.
Status feed_range(EventReader& reader, std::string_view bytes, const ByteRange& range, Dice* dice) {
  expect(range.size > 0 && range.offset <= bytes.size() && range.size <= bytes.size() - range.offset,
         "a range lies inside of the file");
  const bool end = range.offset + range.size == bytes.size() || is_archive_start(bytes);
  const std::size_t size = std::max<std::size_t>(1, piece_of(range.size, end ? nullptr : dice));
  std::memcpy(reader.window(size).data(), bytes.data() + range.offset, size);
  return reader.commit(size);
}

void show(const char* what, std::string_view text) {
  std::fprintf(stderr, "%s (%zu bytes):\n%.*s\n", what, text.size(), static_cast<int>(std::min<std::size_t>(text.size(), 4000)),
               text.data());
}

void add(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append("=").append(value).append(" ");
}
void add(std::string& text, std::string_view name, std::uint64_t value) { add(text, name, std::to_string(value)); }

}  // namespace

Dice dice_of(std::string_view input) { return Dice(crc32({reinterpret_cast<const std::uint8_t*>(input.data()), input.size()})); }

Plan plan_of(std::string_view json) {
  Result<Plan> plan = read_plan(json);
  expect(plan.ok(), "a plan of the targets is one", plan.ok() ? json : plan.error().message);
  return std::move(plan.value());
}

void expect_same(std::string_view what, std::string_view one, std::string_view other) {
  if (one == other) return;
  const auto at = static_cast<std::size_t>(std::mismatch(one.begin(), one.end(), other.begin(), other.end()).first - one.begin());
  std::fprintf(stderr, "DIFFERENT: %.*s, from byte %zu on\n", static_cast<int>(what.size()), what.data(), at);
  const std::size_t from = one.size() > 4000 && at > 1000 ? at - 1000 : 0;
  show("the one", one.substr(from));
  show("the other", other.substr(std::min(from, other.size())));
  std::abort();
}

void expect(bool holds, std::string_view what, std::string_view shown) {
  if (holds) return;
  std::fprintf(stderr, "BROKEN: %.*s\n", static_cast<int>(what.size()), what.data());
  if (!shown.empty()) show("shown", shown);
  std::abort();
}

void expect_json(std::string_view what, std::string_view text) { expect(is_json(text), what, text); }

Status feed(EventReader& reader, const std::string& name, std::string_view bytes, Access access, Dice* dice) {
  const bool ranges = access == Access::kByRanges;
  reader.begin_file(name, ranges ? std::optional<std::uint64_t>(bytes.size()) : std::nullopt);
  for (std::size_t at = 0; at < bytes.size() && !reader.wanted();) {
    const std::size_t size = piece_of(bytes.size() - at, dice);
    if (size > 0) std::memcpy(reader.window(size).data(), bytes.data() + at, size);
    if (Status status = reader.commit(size); !status.ok()) return status;
    at += size;
  }
  while (const std::optional<ByteRange> range = reader.wanted()) {
    if (Status status = feed_range(reader, bytes, *range, dice); !status.ok()) return status;
  }
  return reader.end_file();
}

std::string told(const Error& error) {
  std::string text = "refused: ";
  text.append(code_name(error.code)).append(": ").append(error.message).append(" ");
  if (!error.where.file.empty()) add(text, "file", error.where.file);
  if (error.where.row) add(text, "row", *error.where.row);
  if (error.where.line) add(text, "line", *error.where.line);
  if (!error.where.column.empty()) add(text, "column", error.where.column);
  return text;
}

std::string told(EventReader& reader, const Status& status) {
  if (!status.ok()) return told(status.error());
  std::string text;
  for (const FileSummary& file : reader.files()) {
    add(text, "format", file.format);
    add(text, "compression", file.compression);
    add(text, "separator", file.separator);
    add(text, "header", file.header);
    add(text, "rows", file.rows);
    add(text, "bytes", file.bytes);
    for (const auto& column : file.schema().column) add(text, "column", column ? *column : 0);
  }
  const IssueSummary issues = reader.builder().issues();
  Result<EventTable> events = reader.finish();
  if (!events.ok()) return text + told(events.error());
  for (const std::uint64_t rows : issues.rows) add(text, "issues", rows);
  for (const RowIssue& issue : issues.first) {
    add(text, "row", issue.row);
    add(text, "line", issue.line.value_or(0));
    add(text, issue.column, issue.text);
  }
  for (const auto& [name, unknown] : issues.unknown_types) {
    add(text, name, unknown.rows);
    add(text, "first", unknown.first_row);
  }
  for (const Notice& notice : reader.builder().notices()) add(text, notice.code, notice.message);
  const TimeSummary& times = reader.builder().times();
  add(text, "unit", times.unit);
  add(text, "cut", times.cut);
  const EventTable& table = events.value();
  for (std::size_t i = 0; i < table.size(); ++i) {
    text.append("\n").append(table.users[table.user[i]]).append("\t").append(format_utc(table.time_us[i])).append("\t");
    text.append(table.types[table.type[i]]).append("\t");
    text.append(table.item[i] == StringPool::kNone ? "-" : table.items[table.item[i]]);
  }
  return text;
}

std::string output_text(const Run& made, const Output& output) {
  std::string text;
  ByteSink sink([&text](std::span<const std::uint8_t> bytes) { text.append(bytes.begin(), bytes.end()); }, 1 << 12);
  if (check_output(made, output).ok()) write_output(made, output, sink);
  return text;
}

std::string told(const Run& made, const Status& status) {
  if (!status.ok()) return told(status.error());
  std::string text = report_json(made) + audit_json(made);
  const std::string_view formats[] = {"jsonl"};
  for (const Output& output : outputs_in(formats))
    text.append("\n").append(output.path).append("\n").append(output_text(made, output));
  return text;
}

std::string read_events(const Plan& plan, std::string_view bytes, Access access, Dice* dice) {
  EventReader reader(plan.reading);
  const Status status = feed(reader, kName, bytes, access, dice);
  return told(reader, status);
}

std::string run_file(const Plan& plan, std::string_view bytes, Access access, Dice* dice) {
  Run made(plan);
  Status status = feed(made.reader(), kName, bytes, access, dice);
  if (status.ok()) status = run_to_end(made);
  return told(made, status);
}

void check_columnar(std::string_view bytes) {
  static const Plan kPlans[] = {plan_of(R"({"events": {"unknown": "drop"}, "rows": {"bad": "drop"}})"), plan_of("")};
  Dice dice = dice_of(bytes);
  const Plan& plan = kPlans[dice.below(2)];
  const std::string ranged = read_events(plan, bytes, Access::kByRanges);
  expect_same("by ranges and gathered", ranged, read_events(plan, bytes, Access::kInOrder));
  expect_same("whole ranges and pieces of them", ranged, read_events(plan, bytes, Access::kByRanges, &dice));
  check_preview(bytes);
}

void check_preview(std::string_view bytes) {
  const Plan plan;
  std::string preview = inspect_json(kName, bytes, true, plan.reading, kShownRows, bytes.size());
  expect_json("a preview is JSON", preview);
  if (needs_ranges(bytes)) {
    const auto inspection = inspect_by_ranges(kName, bytes, bytes.size(), plan.reading, kShownRows);
    while (const std::optional<ByteRange> range = inspection->wanted()) {
      expect(range->size > 0 && range->offset <= bytes.size() && range->size <= bytes.size() - range->offset,
             "a preview's range lies inside of the file");
      std::memcpy(inspection->room(range->size).data(), bytes.data() + range->offset, range->size);
      inspection->supply(range->size);
    }
    preview = inspection->json();
    expect_json("a preview by ranges is JSON", preview);
  }
  const auto problem = parse_json_value(preview)["problem"];
  if (problem.is_null()) return;
  const std::string run = read_events(plan, bytes, Access::kByRanges);
  expect(run.find("refused: ") != run.npos, "where a preview names a problem, a run is refused", preview + "\n" + run);
}

void mutate_within(std::span<std::uint8_t> data, std::size_t begin, std::size_t end, Dice& dice) {
  if (begin >= end || end > data.size()) return;
  const std::size_t most = std::min<std::size_t>(end - begin, std::size_t{1} << dice.below(7));
  const std::size_t size = 1 + dice.below(most);
  const std::size_t at = begin + dice.below(end - begin - size + 1);
  // libFuzzer may make them fewer, but never more; the rest stays as it was.
  LLVMFuzzerMutate(data.data() + at, size, size);
}

}  // namespace causal_sessions::fuzz
