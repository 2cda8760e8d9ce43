// The native engine under measurement: bench FILE, on BENCH_THREADS threads. The protocol is that of measure.mjs: {"seconds"} when the result is
// in memory, a line from standard input, then the figures, the stages' times and the memory.
//
// How much of reading is the string pools cannot be seen from outside. So the file is read once more, and every
// user's and item's text is given to fresh pools in input order, in batches of the reader's size: that is the
// pools' own time.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "audit/audit_json.h"
#include "ingest/build/row_batch.h"
#include "ingest/chunks/chunked_reading.h"
#include "look/session_list.h"
#include "look/session_view.h"
#include "report/manifest_json.h"
#include "report/report_json.h"
#include "steps/outputs.h"
#include "steps/steps.h"
#include "write/split_columns.h"

namespace {

using namespace causal_sessions;
using nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

[[noreturn]] void refuse(const std::string& message) {
  std::cout << ordered_json{{"error", message}}.dump() << std::endl;
  std::exit(1);
}

void require(const Status& status) {
  if (!status.ok()) refuse(status.error().message);
}

// As the command reads it.
void read_file(EventReader& reader, const ReadingOptions& options, const std::string& path, const Workers& workers) {
  constexpr std::size_t kPiece = 1 << 20;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"), std::fclose);
  if (!file) refuse(path + " cannot be opened");
  std::fseek(file.get(), 0, SEEK_END);
  const auto size = static_cast<std::uint64_t>(std::ftell(file.get()));
  const auto read_at = [&](std::uint64_t offset, std::span<char> room) {
    const ssize_t got = pread(fileno(file.get()), room.data(), room.size(), static_cast<off_t>(offset));
    return static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  };
  reader.begin_file(path, size);
  const auto read_in_chunks = [&] {
    const auto chunked =
        workers.threads() > 1 ? ChunkedReading::start(reader, options, size, workers.threads(), read_at) : nullptr;
    if (chunked) require(chunked->read(workers, [](std::uint64_t) { return true; }));
    return chunked != nullptr;
  };
  for (bool first = true; !reader.wanted(); first = false) {
    const std::size_t got = read_at(reader.position(), reader.window(kPiece).first(kPiece));
    if (got == 0) break;
    require(reader.commit(got));
    if (first) read_in_chunks();
  }
  while (const auto range = reader.wanted()) {
    if (read_in_chunks()) continue;
    require(reader.commit(read_at(range->offset, reader.window(range->size).first(range->size))));
  }
  require(reader.end_file());
}

// Highest resident memory so far; 0 where the system does not tell it.
std::uint64_t peak_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6)) * 1024;
  }
  return 0;
}

// As the engine hands it to JavaScript: all arrays of the three parts, the vocabulary's texts, the report.
struct Arrays {
  std::vector<SplitColumns> parts;
  VocabularyTexts vocabulary;
  std::string report;
};

Arrays hand_over(const Run& made) {
  Arrays result;
  result.parts.resize(kParts);
  const auto add_part = [&](std::size_t part) { result.parts[part] = build_split_columns(made.table, made.split.rows[part]); };
  made.workers.all({[&] { add_part(0); },
                    [&] {
                      result.vocabulary = build_vocabulary_texts(made.vocabulary);
                      result.report = report_json(made);
                    },
                    [&] { add_part(1); }, [&] { add_part(2); }});
  return result;
}

ordered_json figures_of(const Arrays& result) {
  std::uint64_t sessions = 0, treated = 0, outcomes = 0, tokens = 0, event_ids = 0, item_ids = 0;
  double minutes = 0;
  const auto add = [](auto& sum, const auto& values) { sum = std::accumulate(values.begin(), values.end(), sum); };
  for (const SplitColumns& part : result.parts) {
    sessions += part.treatment.size();
    tokens += part.event_ids.size();
    add(treated, part.treatment);
    add(outcomes, part.outcome);
    add(event_ids, part.event_ids);
    add(item_ids, part.item_ids);
    add(minutes, part.minutes);
  }
  return {{"sessions", sessions},
          {"treated", treated},
          {"outcomes", outcomes},
          {"tokens", tokens},
          {"vocabulary", result.vocabulary.offsets.size() - 1},
          {"eventIds", event_ids},
          {"itemIds", item_ids},
          {"minutes", minutes}};
}

double time_writing(const Run& made, std::string_view format) {
  const auto start = Clock::now();
  std::vector<Output> outputs = outputs_in(std::span(&format, 1));
  std::erase_if(outputs, [](const Output& output) { return !output.part; });
  made.workers.each(outputs.size(), [&](std::size_t i) {
    ByteSink nowhere([](std::span<const std::uint8_t>) {});
    write_output(made, outputs[i], nowhere);
  });
  return since(start);
}

// Gives all texts of a column to a fresh pool; only the pool's own work counts.
double time_interning(const StringPool& pool, const BlockColumn<std::uint32_t>& ids) {
  constexpr std::size_t kBatch = RowBatch::kCapacity;
  StringPool fresh;
  std::string bytes;
  std::vector<std::string_view> texts(kBatch);
  std::vector<std::uint32_t> new_ids(kBatch);
  double seconds = 0;
  for (std::size_t begin = 0; begin < ids.size(); begin += kBatch) {
    const std::size_t count = std::min(kBatch, ids.size() - begin);
    bytes.clear();
    for (std::size_t i = 0; i < count; ++i) {
      if (ids[begin + i] != StringPool::kNone) bytes += pool[ids[begin + i]];
    }
    const char* at = bytes.data();
    for (std::size_t i = 0; i < count; ++i) {
      const bool none = ids[begin + i] == StringPool::kNone;
      texts[i] = none ? std::string_view() : std::string_view(at, pool[ids[begin + i]].size());
      at += texts[i].size();
    }
    const auto start = Clock::now();
    fresh.intern(std::span(texts).first(count), new_ids.data());
    seconds += since(start);
  }
  return seconds;
}

// By the cost that string_pool.h states, native: the table doubles when three quarters of it are used.
std::uint64_t pool_bytes(const StringPool& pool) {
  std::uint64_t slots = 16;
  while (slots * 3 / 4 < pool.size()) slots *= 2;
  return pool.text_bytes() + 8 * std::uint64_t{pool.size()} + 8 * slots;
}

ordered_json read_again(const Plan& plan, const std::string& path) {
  EventReader reader(plan.reading);
  read_file(reader, plan.reading, path, Workers());
  auto events = reader.finish();
  if (!events.ok()) refuse(events.error().message);
  const EventTable& table = events.value();
  return {{"pool", time_interning(table.users, table.user) + time_interning(table.items, table.item)},
          {"poolBytes", pool_bytes(table.users) + pool_bytes(table.items)}};
}

int measure(const std::string& path, unsigned threads) {
  const std::uint64_t base = peak_bytes();
  const auto start = Clock::now();
  auto made = std::make_unique<Run>(Plan{}, WithAudit::kNo, threads);
  read_file(made->reader(), made->plan.reading, path, made->workers);
  std::map<std::string, double> stages = {{"reading", since(start)}};
  while (!done(*made)) {
    const std::string stage(step_name(*made));
    const auto began = Clock::now();
    require(advance(*made));
    stages[stage] += since(began);
  }
  const std::uint64_t peak = peak_bytes();
  const auto handing = Clock::now();
  const auto result = std::make_unique<Arrays>(hand_over(*made));
  stages["handing over"] = since(handing);
  std::cout << ordered_json{{"seconds", since(start)}}.dump() << std::endl;
  std::string line;
  std::getline(std::cin, line);

  stages["write parquet"] = time_writing(*made, "parquet");
  stages["write pickle"] = time_writing(*made, "pickle");
  const Plan plan = made->plan;
  made.reset();
  const ordered_json again = read_again(plan, path);
  stages["pool"] = again["pool"];
  const ordered_json memory = {{"engineBytes", peak - base}, {"poolBytes", again["poolBytes"]}};
  std::cout << ordered_json{{"figures", figures_of(*result)}, {"stages", stages}, {"memory", memory}}.dump() << std::endl;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "bench FILE; started by scripts/bench\n";
    return 2;
  }
  const char* const threads = std::getenv("BENCH_THREADS");
  return measure(argv[1], threads == nullptr ? 1 : static_cast<unsigned>(std::stoul(threads)));
}
