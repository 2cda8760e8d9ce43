// Small files made here, whole, cut at every byte and with every bit flipped.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "ingest/event_reader.h"
#include "ingest/inspection/inspect.h"
#include "parquet_file.h"
#include "support/inspection.h"

namespace causal_sessions {
namespace {

// Two users of three events: b, a, b; the dictionary has them the other way round.
Bytes small_file() {
  TestColumn user{"user_id", 6, 0, 0, {}, 2, {1, 0x03, 0x05}, 8};
  put_text(user.dictionary, "a");
  put_text(user.dictionary, "b");
  TestColumn time{"ts", 2, 0, 10, {}, 0, {}, 0};
  for (const std::int64_t us : {1'000'000, 2'000'000, 3'000'000}) put_number(time.page, us);
  TestColumn type{"event", 6, 0, 0, {}, 0, {}, 0};
  for (const char* text : {"impression", "click", "purchase"}) put_text(type.page, text);
  TestColumn item{"item", 6, 1, 0, {}, 0, {2, 0, 0, 0, 0x03, 0x05}, 0};  // present, missing, present
  put_text(item.page, "x");
  put_text(item.page, "x");
  return make_file({{user, time, type, item}, 3});
}

struct Outcome {
  std::string error;  // empty: read
  std::vector<std::string> users, items;
  std::string format;
};

Outcome read(const Bytes& file, bool by_ranges) {
  const ReadingOptions options;
  EventReader reader(options);
  reader.begin_file("e.parquet", by_ranges ? std::optional<std::uint64_t>(file.size()) : std::nullopt);
  Status status;
  for (std::size_t at = 0; at < file.size() && status.ok() && !reader.wanted(); at += 50) {
    const std::size_t size = std::min<std::size_t>(50, file.size() - at);
    std::memcpy(reader.window(size).data(), file.data() + at, size);
    status = reader.commit(size);
  }
  while (status.ok() && reader.wanted()) {
    const auto range = *reader.wanted();
    EXPECT_LE(range.offset + range.size, file.size());
    std::memcpy(reader.window(range.size).data(), file.data() + range.offset, range.size);
    status = reader.commit(range.size);
  }
  if (status.ok()) status = reader.end_file();
  Outcome outcome;
  if (!status.ok()) {
    outcome.error = status.error().message;
    return outcome;
  }
  outcome.format = reader.files()[0].format;
  Result<EventTable> events = reader.finish();
  if (!events.ok()) {
    outcome.error = events.error().message;
    return outcome;
  }
  const EventTable& table = events.value();
  for (std::size_t i = 0; i < table.size(); ++i) {
    outcome.users.emplace_back(table.users[table.user[i]]);
    const std::uint32_t item = table.item[i];
    outcome.items.emplace_back(item == StringPool::kNone ? "-" : table.items[item]);
  }
  EXPECT_TRUE(table.users.size() == 0 || table.users[0] == outcome.users[0]);  // in order of first appearance
  return outcome;
}

TEST(ParquetReader, ReadsByRangesAndGathered) {
  for (const bool by_ranges : {true, false}) {
    const Outcome outcome = read(small_file(), by_ranges);
    ASSERT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.format, "parquet");
    EXPECT_EQ(outcome.users, (std::vector<std::string>{"b", "a", "b"}));
    EXPECT_EQ(outcome.items, (std::vector<std::string>{"x", "-", "x"}));
  }
}

TEST(ParquetReader, RefusesEveryCut) {
  const Bytes file = small_file();
  for (std::size_t size = 4; size < file.size(); ++size) {
    const Outcome outcome = read(Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)), true);
    EXPECT_TRUE(outcome.error.starts_with("e.parquet")) << size << ": " << outcome.error;
  }
}

TEST(ParquetReader, SurvivesEveryFlippedBit) {
  const Bytes file = small_file();
  for (std::size_t bit = 0; bit < file.size() * 8; ++bit) {
    Bytes broken = file;
    broken[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    (void)read(broken, true);
    ColumnarInspection inspection(*find_ranged_format(std::string_view("PAR1")), "e.parquet", broken.size(), ReadingOptions(),
                                  10);
    while (const auto range = inspection.wanted()) {
      std::memcpy(inspection.room(range->size).data(), broken.data() + range->offset, range->size);
      inspection.supply(range->size);
    }
    EXPECT_FALSE(inspection.json().empty());
  }
}

TEST(ParquetReader, PreviewsTheFirstRows) {
  const Bytes file = small_file();
  ColumnarInspection inspection(*find_ranged_format(std::string_view("PAR1")), "e.parquet", file.size(), ReadingOptions(), 2);
  while (const auto range = inspection.wanted()) {
    std::memcpy(inspection.room(range->size).data(), file.data() + range->offset, range->size);
    inspection.supply(range->size);
  }
  EXPECT_EQ(support::without_sample(inspection.json()),
            R"({"name":"e.parquet","problem":null,"compression":null,"format":"parquet",)"
            R"("columnNames":["user_id","ts","event","item"],)"
            R"("columnTypes":["string","timestamp[us, UTC]","string","string"],)"
            R"("columns":{"user":"user_id","time":"ts","type":"event","item":"item"},)"
            R"("eventTypes":[{"type":"impression","rows":1,"role":"exposure"},{"type":"click","rows":1,"role":"treatment"},)"
            R"({"type":"purchase","rows":1,"role":"outcome"}],"allRows":true,)"
            R"("rows":[["b","1970-01-01T00:00:01Z","impression","x"],["a","1970-01-01T00:00:02Z","click",""]],)"
            R"("estimate":{"rows":3,"bytes":32000215,"leastBytes":90}})");
}

// The first is a time of the day in milliseconds, the second one in microseconds, of which no day has the last.
TEST(ParquetReader, ShowsTimesOfTheDay) {
  TestColumn early{"early", 1, 0, 7, {}, 0, {}, 0}, late{"late", 2, 0, 8, {}, 0, {}, 0};
  for (const std::int32_t ms : {0, 25'380'250}) put_number(early.page, ms);
  for (const std::int64_t us : {86'399'999'999, 86'400'000'001}) put_number(late.page, us);
  const Bytes file = make_file({{early, late}, 2});
  ColumnarInspection inspection(*find_ranged_format(std::string_view("PAR1")), "e.parquet", file.size(), ReadingOptions(), 2);
  while (const auto range = inspection.wanted()) {
    std::memcpy(inspection.room(range->size).data(), file.data() + range->offset, range->size);
    inspection.supply(range->size);
  }
  EXPECT_EQ(inspection.preview().rows,
            (std::vector<std::vector<std::string>>{{"00:00:00", "23:59:59.999999"}, {"07:03:00.250", "86400000001"}}));
}

// The row count that its footer states is no estimate of anything then.
TEST(ParquetReader, AFileWithoutRowsHasNoEstimate) {
  TestColumn user{"user", 6, 0, 0, {}, 0, {}, 0}, time{"time", 2, 0, 10, {}, 0, {}, 0}, type{"type", 6, 0, 0, {}, 0, {}, 0};
  const Bytes file = make_file({{user, time, type}, 0});
  ColumnarInspection inspection(*find_ranged_format(std::string_view("PAR1")), "e.parquet", file.size(), ReadingOptions(), 2);
  while (const auto range = inspection.wanted()) {
    std::memcpy(inspection.room(range->size).data(), file.data() + range->offset, range->size);
    inspection.supply(range->size);
  }
  EXPECT_EQ(inspection.preview().problem->message, "e.parquet has no rows of data");
  EXPECT_FALSE(inspection.preview().estimate.has_value());
}

}  // namespace
}  // namespace causal_sessions
