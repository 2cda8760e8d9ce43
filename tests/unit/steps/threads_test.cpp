// Any number of threads, and any ranges, give the bytes of one thread.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#ifndef __EMSCRIPTEN__
#include "ingest/chunks/chunked_reading.h"
#endif
#include "simulate/simulate.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using support::difference;
using support::output_text;
using support::plan_of;

constexpr const char* kPlans[] = {
    "{}",
    R"({"profile": "causal"})",
    R"({"profile": "causal", "index": {"kind": "landmark"}, "split": {"kind": "hash", "folds": 3}})",
    R"({"profile": "causal", "index": {"kind": "matched"}, "covariates": {"columns": ["placement"], "minCount": 2}})",
    R"({"profile": "causal", "index": {"kind": "landmark"}, "covariates": {"columns": ["placement", "product_id"]}})",
    R"({"profile": "causal", "index": {"gracePeriod": "exclude"}, "split": {"kind": "time"}})",
    R"({"profile": "causal", "columns": {"knownAt": "known"}, "vocabulary": {"minCount": 1}})",
    R"({"profile": "causal", "columns": {"knownAt": "known"}, "index": {"kind": "landmark"}, "sequence": {"maxEvents": 3}})",
    R"({"time": {"ties": "priority"}, "events": {"duplicates": "drop"}, "vocabulary": {"fitOn": "trainX", "minCount": 2}})",
    R"({"time": {"ties": "input"}, "vocabulary": {"fitOn": "all"}, "session": {"minEvents": 1, "maxHours": 2}})",
};

std::string simulated(std::uint64_t events) {
  SimulateOptions options;
  options.events = events;
  std::string text;
  ByteSink sink(
      [&text](std::span<const std::uint8_t> bytes) { text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size()); });
  Simulator simulator(options);
  while (simulator.next(sink)) {
  }
  sink.flush();
  // Every third event became known a week late, the others when they happened.
  std::string known;
  std::size_t line = 0;
  for (std::size_t begin = 0; begin < text.size(); ++line) {
    const std::size_t end = text.find('\n', begin);
    const std::string row = text.substr(begin, end - begin);
    const std::size_t time = row.find("2025-09-");
    known += row + "," +
             (line == 0       ? "known"
              : line % 3 == 0 ? "2025-09-30 00:00:00"
                              : row.substr(time, row.find(',', time) - time)) +
             "\n";
    begin = end + 1;
  }
  return known;
}

// Events of few users and instants, half of them of one user, so that much is tied and equal.
std::string crowded() {
  std::string text = "user_id,event_timestamp,event_type,product_id,placement,known\n";
  constexpr const char* kTypes[] = {"auction", "impression", "impression", "click", "purchase"};
  std::uint32_t state = 7;
  const auto below = [&state](std::uint32_t count) { return (state = state * 1664525u + 1013904223u) / 65536u % count; };
  for (int i = 0; i < 4000; ++i) {
    const std::uint32_t user = below(2) == 0 ? 0 : below(40);
    const std::uint32_t time = 1'757'000'000 + below(600) * 600;
    text += "u" + std::to_string(user) + "," + std::to_string(time) + "," + kTypes[below(5)] + ",i" + std::to_string(below(30)) +
            ",p" + std::to_string(i % 7) + "," + std::to_string(time + i % 3 * 1500) + "\n";
  }
  return text;
}

std::string transcript(const Plan& plan, const std::string& text, unsigned threads) {
  Run run(plan, WithAudit::kYes, threads, 1);
  Status status = support::feed(run.reader(), {text});
  if (status.ok()) status = run_to_end(run);
  if (!status.ok()) return status.error().message;
  std::string all = report_json(run);
  for (const char* path : {"data/train_sessions.jsonl", "data/validation_sessions.jsonl", "data/test_sessions.jsonl",
                           "models/vocab.json", "data/processing_metadata.json", "audit.json"}) {
    all += output_text(run, path);
  }
  for (const double value : run.table.covariates) all += std::to_string(value) + " ";
  return all;
}

TEST(Threads, GiveTheBytesOfOne) {
  for (const std::string& text : {simulated(6000), crowded()}) {
    for (const char* settings : kPlans) {
      const Plan plan = support::in_seconds(plan_of(settings));
      const std::string one = transcript(plan, text, 1);
      for (const unsigned threads : {2u, 3u, 8u, 64u}) {
        EXPECT_EQ(difference(one, transcript(plan, text, threads)), "") << threads << " threads, " << settings;
      }
    }
  }
}

TEST(Threads, GiveTheSameOfNothing) {
  const std::string one = transcript(Plan(), "user_id,event_timestamp,event_type\nu,2025-01-01 00:00:00,click\n", 1);
  EXPECT_EQ(difference(one, transcript(Plan(), "user_id,event_timestamp,event_type\nu,2025-01-01 00:00:00,click\n", 8)), "");
}

#ifndef __EMSCRIPTEN__

// Whether reading goes on, chunk by chunk, where it has ended.
enum class Pauses : bool { kNo, kYes };

// The file as it would be read on so many threads; `stop_after`: chunks behind which reading ends.
std::string read_apart(const std::string& text, unsigned threads, std::size_t stop_after = SIZE_MAX,
                       Pauses pauses = Pauses::kNo) {
  Run run(Plan(), WithAudit::kNo, threads, 1);
  EventReader& reader = run.reader();
  const auto read_at = [&text](std::uint64_t offset, std::span<char> room) {
    const std::size_t size = std::min<std::size_t>(room.size(), text.size() - std::min<std::uint64_t>(offset, text.size()));
    std::memcpy(room.data(), text.data() + offset, size);
    return size;
  };
  reader.begin_file("events.csv", text.size());
  const std::span<char> beginning = reader.window(1 << 16);
  Status status = reader.commit(read_at(0, beginning.first(1 << 16)));
  std::size_t chunks = 0;
  const auto go_on = [&](std::uint64_t) { return ++chunks < stop_after; };
  const auto chunked = ChunkedReading::start(reader, run.plan.reading, text.size(), run.workers.threads(), read_at);
  if (status.ok() && chunked) status = chunked->read(run.workers, go_on);
  while (status.ok() && pauses == Pauses::kYes && !chunked->is_over()) {
    const std::uint64_t until = reader.position() + 1;
    status = chunked->read(run.workers, [&](std::uint64_t position) { return position < until; });
  }
  EXPECT_GT(chunks, 1u);
  if (chunks >= stop_after && pauses == Pauses::kNo) return "stopped";
  const std::size_t rest = text.size() - reader.position();
  if (status.ok()) status = reader.commit(read_at(reader.position(), reader.window(rest).first(rest)));
  if (status.ok()) status = reader.end_file();
  return support::finish(run, status).transcript();
}

TEST(Threads, ReadAFileInChunks) {
  std::string text = simulated(60'000);
  std::string with_quotes = text;
  for (std::size_t at = text.size() / 2; at < text.size(); at += 300'000) {
    with_quotes.insert(with_quotes.find('\n', at) + 1, std::string("u,\"2025-09-05\n\",click,\"x\"\"\n,\"\n"));
  }
  for (const std::string& file : {text, with_quotes}) {
    const std::string one = support::run(file).transcript();
    for (const unsigned threads : {2u, 3u, 8u, 64u}) {
      EXPECT_EQ(difference(one, read_apart(file, threads)), "") << threads << " threads";
      EXPECT_EQ(difference(one, read_apart(file, threads, 2, Pauses::kYes)), "") << threads << " threads, with pauses";
    }
  }
}

// Runs are ended at any task of any step, on any number of threads: none waits for ever, and the next one is as good as any.
TEST(Threads, EndWhereverTheyAreStopped) {
  const std::string text = simulated(300);
  std::uint32_t state = 11;
  const auto below = [&state](std::uint32_t count) { return (state = state * 1664525u + 1013904223u) / 65536u % count; };
  std::size_t stopped = 0;
  constexpr std::size_t kRounds = 2000;
  for (std::size_t round = 0; round < kRounds; ++round) {
    causal_sessions::Run run(support::in_seconds(plan_of(kPlans[below(std::size(kPlans))])), WithAudit::kYes, 1 + below(9), 1);
    std::atomic<int> left = static_cast<int>(below(below(8) == 0 ? 2000 : 100));
    run.workers.stop_when([&] { return --left < 0; });
    ASSERT_TRUE(support::feed(run.reader(), {text}).ok());
    try {
      ASSERT_TRUE(run_to_end(run).ok());
    } catch (const Stopped&) {
      ++stopped;
    }
  }
  EXPECT_GT(stopped, kRounds / 2);
  EXPECT_LT(stopped, kRounds);
  const Plan plan = support::in_seconds(plan_of(kPlans[1]));
  EXPECT_EQ(difference(transcript(plan, text, 1), transcript(plan, text, 5)), "");
}

TEST(Threads, EndWhereReadingIsStopped) {
  const std::string text = simulated(60'000);
  for (std::size_t round = 0; round < 12; ++round) {
    EXPECT_EQ(read_apart(text, 2 + static_cast<unsigned>(round % 7), 1 + round % 3 + 1), "stopped") << round;
  }
}

#endif

}  // namespace
}  // namespace causal_sessions
