#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "support/bytes.h"
#include "unit/write/sessions.h"
#include "write/parquet_levels.h"
#include "write/parquet_writer.h"
#include "write/table_formats.h"

namespace causal_sessions {
namespace {

using Bytes = std::vector<std::uint8_t>;

TEST(ParquetLevels, RunsOfOneLevelAreOneRun) {
  LevelRuns runs;
  runs.append(5, 100);
  runs.append(5);
  runs.append(1);
  runs.append(1, 0);
  runs.append(5, 2);
  Bytes bytes;
  runs.encode(bytes);
  EXPECT_EQ(bytes, (Bytes{7, 0, 0, 0, 0xCA, 1, 5, 2, 1, 4, 5}));
}

TEST(ParquetLevels, BitsFillGroupsOfEightLevels) {
  struct Row {
    int width;
    int levels;  // 0, 1, 1, ... or 0, 2, 1, 2, 1, ...
    Bytes bytes;
  };
  for (const Row& row : {Row{1, 0, {1, 0, 0, 0, 1}}, Row{1, 3, {2, 0, 0, 0, 3, 0b110}}, Row{1, 8, {2, 0, 0, 0, 3, 0b11111110}},
                         Row{1, 9, {3, 0, 0, 0, 5, 0b11111110, 1}}, Row{2, 3, {3, 0, 0, 0, 3, 0b011000, 0}},
                         Row{2, 4, {3, 0, 0, 0, 3, 0b10011000, 0}}, Row{2, 8, {3, 0, 0, 0, 3, 0b10011000, 0b10011001}}}) {
    LevelBits bits;
    for (int i = 0; i < row.levels; ++i) {
      bits.append(i == 0 ? 0u : row.width == 1 || i % 2 == 0 ? 1u : 2u, row.width);
    }
    Bytes bytes;
    bits.encode(row.width, bytes);
    EXPECT_EQ(bytes, row.bytes) << row.width << " bits, " << row.levels << " levels";
  }
}

// The first page of a file with one column of one row group, decompressed. Its header is 5 fields
// of which only the sizes, varints in zigzag, vary.
std::string first_page(const std::string& file) {
  std::size_t at = 4 + 2;
  const auto varint = [&] {
    std::size_t value = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<std::uint8_t>(file[at++]);
      value |= static_cast<std::size_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value / 2;
    }
  };
  ++at;  // the tag of the size before compression
  const std::size_t plain = varint();
  ++at;
  const std::size_t size = varint();
  at += 2;
  varint();     // entries
  at += 6 + 2;  // encodings and the ends of both structs
  const std::string page = snappy_decompressed(bytes_of(std::string_view(file).substr(at, size)));
  EXPECT_EQ(page.size(), plain);
  return page;
}

template <class Fill>
std::string page_of(ParquetColumn column, std::size_t rows, Fill fill) {
  return first_page(written([&](ByteSink& sink) {
    ParquetWriter writer(sink, {column}, {});
    writer.begin_row_group(rows);
    fill(writer.begin_column());
    writer.end_column();
    writer.finish();
  }));
}

TEST(ParquetPage, HoldsLevelsAndThenPlainValues) {
  EXPECT_EQ(page_of({"flat", ParquetType::kInt32}, 3,
                    [](ParquetPage& page) {
                      page.add_value();
                      page.put(std::int32_t{7});
                      page.add_null();
                      page.add_value();
                      page.put(std::int32_t{-1});
                    }),
            text_of(Bytes{6, 0, 0, 0, 2, 1, 2, 0, 2, 1, 7, 0, 0, 0, 255, 255, 255, 255}));

  EXPECT_EQ(page_of({"text", ParquetType::kString}, 2,
                    [](ParquetPage& page) {
                      page.add_value();
                      page.put(std::string_view("ab"));
                      page.add_value();
                      page.put(std::string_view());
                    }),
            text_of(Bytes{2, 0, 0, 0, 4, 1, 2, 0, 0, 0, 'a', 'b', 0, 0, 0, 0}));

  // Rows [7, 8], [], [9]: repetition 0 1 0 0, definition 3 3 1 3.
  EXPECT_EQ(page_of({"list", ParquetType::kInt32, 1}, 3,
                    [](ParquetPage& page) {
                      page.add_list(2);
                      page.put(std::int32_t{7});
                      page.put(std::int32_t{8});
                      page.add_list(0);
                      page.add_list(1);
                      page.put(std::int32_t{9});
                    }),
            text_of(Bytes{2, 0, 0, 0, 3, 0b0010, 6, 0, 0, 0, 4, 3, 2, 1, 2, 3, 7, 0, 0, 0, 8, 0, 0, 0, 9, 0, 0, 0}));

  // Rows [[1, 2], [3, 4]], []: repetition 0 2 1 2 0, definition 5 5 5 5 1.
  EXPECT_EQ(page_of({"lists", ParquetType::kInt32, 2}, 2,
                    [](ParquetPage& page) {
                      page.add_list_of_lists(2, 2);
                      for (std::int32_t i = 1; i <= 4; ++i) page.put(i);
                      page.add_list_of_lists(0, 2);
                    }),
            text_of(Bytes{3, 0, 0, 0, 3, 0b10011000, 0, 4, 0, 0, 0, 8, 5, 2, 1, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0}));
}

TEST(ParquetPage, LongListsRepeatOverWordBorders) {
  for (const std::uint32_t size : {31u, 32u, 33u, 34u, 64u, 65u, 66u, 1000u}) {
    const std::string page = page_of({"list", ParquetType::kInt32, 1}, 1, [&](ParquetPage& out) {
      out.add_list(size);
      for (std::uint32_t i = 0; i < size; ++i) out.put(static_cast<std::int32_t>(i));
    });
    const std::size_t groups = (size + 7) / 8;
    const std::size_t begin = 4 + (groups < 64 ? 1 : 2);
    for (std::uint32_t i = 0; i < groups * 8; ++i) {
      const bool bit = (static_cast<unsigned char>(page[begin + i / 8]) >> (i % 8) & 1) != 0;
      ASSERT_EQ(bit, i > 0 && i < size) << size << " " << i;
    }
  }
}

std::uint32_t footer_size(const std::string& file) {
  std::uint32_t size;
  std::memcpy(&size, file.data() + file.size() - 8, sizeof(size));
  return size;
}

// What real readers make of such files is tried in tests/interop.
TEST(SessionParquet, IsAFileWithAFooter) {
  const SequenceTable table = table_of({{"日本", 1, {{0, 1, 0}, {1, 3, 5}}}, {"b", 1, {{0, 1, 0}}, 1}});
  for (const std::vector<std::uint32_t>& rows : {std::vector<std::uint32_t>{}, std::vector<std::uint32_t>{1}, {0, 1}}) {
    const auto write = [&](ByteSink& sink) { write_parquet(table, rows, WriteOptions(), sink); };
    const std::string file = written(write);
    EXPECT_EQ(file.substr(0, 4), "PAR1");
    EXPECT_EQ(file.substr(file.size() - 4), "PAR1");
    EXPECT_LE(footer_size(file), file.size() - 12);
    EXPECT_EQ(rows.empty(), footer_size(file) == file.size() - 12);
    EXPECT_NE(file.find(R"({"index_columns": [], "column_indexes": [], "columns": [{"name": )"), std::string::npos);
    EXPECT_EQ(file, written(write, 1));
  }
}

TEST(SessionParquet, StartsARowGroupAfterAMillionTokens) {
  std::vector<SessionRow> sessions;
  for (std::uint32_t i = 0; i < 3'000; ++i) {
    sessions.push_back({"u", i, std::vector<TestToken>(500, TestToken{1, i, i})});
  }
  const SequenceTable table = table_of(sessions);
  std::vector<std::uint32_t> rows(table.rows());
  std::iota(rows.begin(), rows.end(), 0u);
  const auto footer_of = [&](std::size_t count) {
    return footer_size(
        written([&](ByteSink& sink) { write_parquet(table, std::span(rows).first(count), WriteOptions(), sink); }));
  };
  EXPECT_GT(footer_of(2'100), footer_of(2'000) + 200);
  EXPECT_LT(footer_of(3'000), footer_of(2'100) + 50);
}

TEST(SessionParquet, BeginsWhereTheSinkIs) {
  const SequenceTable table = table_of({{"a", 1, {{0, 1, 0}}}});
  const std::vector<std::uint32_t> rows = {0};
  const std::string alone = written([&](ByteSink& sink) { write_parquet(table, rows, WriteOptions(), sink); });
  EXPECT_EQ(written([&](ByteSink& sink) {
              sink.put("before");
              write_parquet(table, rows, WriteOptions(), sink);
            }),
            "before" + alone);
}

}  // namespace
}  // namespace causal_sessions
