// Small files made here, whole, cut at every byte and with every bit flipped.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "ingest/event_reader.h"
#include "ingest/parquet/inspection.h"
#include "write/thrift_compact.h"

namespace causal_sessions {
namespace {

using Bytes = std::vector<std::uint8_t>;

void put_text(Bytes& to, std::string_view text) {
  for (int i = 0; i < 4; ++i) to.push_back(static_cast<std::uint8_t>(text.size() >> (8 * i)));
  to.insert(to.end(), text.begin(), text.end());
}

struct TestColumn {
  const char* name;
  int physical;       // 2 INT64, 6 BYTE_ARRAY
  int repetition;     // 0 required, 1 optional
  int converted;      // -1: none
  Bytes dictionary;   // empty: none
  int dictionary_values;
  Bytes page;
  int encoding;
};

// A file of one row group, uncompressed.
Bytes make_file(const std::vector<TestColumn>& columns, std::int64_t rows) {
  Bytes file = {'P', 'A', 'R', '1'};
  std::vector<std::int64_t> begin, end;
  for (const TestColumn& column : columns) {
    begin.push_back(static_cast<std::int64_t>(file.size()));
    const auto page = [&](const Bytes& body, bool dictionary) {
      ThriftCompactWriter out(file);
      out.begin_struct();
      out.field(1, std::int32_t{dictionary ? 2 : 0});
      out.field(2, static_cast<std::int32_t>(body.size()));
      out.field(3, static_cast<std::int32_t>(body.size()));
      out.begin_struct(dictionary ? 7 : 5);
      out.field(1, static_cast<std::int32_t>(dictionary ? column.dictionary_values : rows));
      out.field(2, static_cast<std::int32_t>(dictionary ? 0 : column.encoding));
      if (!dictionary) {
        out.field(3, std::int32_t{3});
        out.field(4, std::int32_t{3});
      }
      out.end_struct();
      out.end_struct();
      file.insert(file.end(), body.begin(), body.end());
    };
    if (!column.dictionary.empty()) page(column.dictionary, true);
    page(column.page, false);
    end.push_back(static_cast<std::int64_t>(file.size()));
  }
  const std::size_t footer = file.size();
  ThriftCompactWriter out(file);
  out.begin_struct();
  out.field(1, std::int32_t{1});
  out.begin_list(2, ThriftCompactWriter::kStruct, columns.size() + 1);
  out.begin_struct();
  out.field(4, std::string_view("schema"));
  out.field(5, static_cast<std::int32_t>(columns.size()));
  out.end_struct();
  for (const TestColumn& column : columns) {
    out.begin_struct();
    out.field(1, static_cast<std::int32_t>(column.physical));
    out.field(3, static_cast<std::int32_t>(column.repetition));
    out.field(4, std::string_view(column.name));
    if (column.converted >= 0) out.field(6, static_cast<std::int32_t>(column.converted));
    out.end_struct();
  }
  out.field(3, rows);
  out.begin_list(4, ThriftCompactWriter::kStruct, 1);
  out.begin_struct();
  out.begin_list(1, ThriftCompactWriter::kStruct, columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    out.begin_struct();
    out.field(2, begin[i]);
    out.begin_struct(3);
    out.field(1, static_cast<std::int32_t>(columns[i].physical));
    out.field(4, std::int32_t{0});
    out.field(5, rows);
    out.field(7, end[i] - begin[i]);
    out.field(9, begin[i]);
    out.end_struct();
    out.end_struct();
  }
  out.field(2, std::int64_t{100});
  out.field(3, rows);
  out.end_struct();
  out.end_struct();
  const std::size_t size = file.size() - footer;
  for (int i = 0; i < 4; ++i) file.push_back(static_cast<std::uint8_t>(size >> (8 * i)));
  for (const char c : std::string("PAR1")) file.push_back(static_cast<std::uint8_t>(c));
  return file;
}

// Two users of three events: b, a, b; the dictionary has them the other way round.
Bytes small_file() {
  TestColumn user{"user_id", 6, 0, 0, {}, 2, {1, 0x03, 0x05}, 8};
  put_text(user.dictionary, "a");
  put_text(user.dictionary, "b");
  TestColumn time{"ts", 2, 0, 10, {}, 0, {}, 0};
  for (const std::int64_t us : {1'000'000, 2'000'000, 3'000'000}) {
    for (int i = 0; i < 8; ++i) time.page.push_back(static_cast<std::uint8_t>(us >> (8 * i)));
  }
  TestColumn type{"event", 6, 0, 0, {}, 0, {}, 0};
  for (const char* text : {"impression", "click", "purchase"}) put_text(type.page, text);
  TestColumn item{"item", 6, 1, 0, {}, 0, {2, 0, 0, 0, 0x03, 0x05}, 0};  // present, missing, present
  put_text(item.page, "x");
  put_text(item.page, "x");
  return make_file({user, time, type, item}, 3);
}

struct Outcome {
  std::string error;  // empty: read
  std::vector<std::string> users, items;
  std::string format;
};

Outcome read(const Bytes& file, bool by_ranges) {
  const Plan plan;
  EventReader reader(plan);
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
    parquet::Inspection inspection("e.parquet", broken.size(), Plan(), 10);
    while (const auto range = inspection.wanted()) {
      std::memcpy(inspection.room(range->size).data(), broken.data() + range->offset, range->size);
      inspection.supply(range->size);
    }
    EXPECT_FALSE(inspection.json().empty());
  }
}

TEST(ParquetReader, PreviewsTheFirstRows) {
  const Bytes file = small_file();
  parquet::Inspection inspection("e.parquet", file.size(), Plan(), 2);
  while (const auto range = inspection.wanted()) {
    std::memcpy(inspection.room(range->size).data(), file.data() + range->offset, range->size);
    inspection.supply(range->size);
  }
  EXPECT_EQ(inspection.json(),
            R"({"name":"e.parquet","problem":null,"compression":null,"format":"parquet",)"
            R"("columnNames":["user_id","ts","event","item"],)"
            R"("columnTypes":["string","timestamp[us, UTC]","string","string"],)"
            R"("columns":{"user":"user_id","time":"ts","type":"event","item":"item"},)"
            R"("rows":[["b","1970-01-01T00:00:01Z","impression","x"],["a","1970-01-01T00:00:02Z","click",""]],)"
            R"("estimate":{"rows":3,"bytes":32000244,"leastBytes":90}})");
}

}  // namespace
}  // namespace causal_sessions
