#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sequence/session_row.h"
#include "write/table_formats.h"
#include "write/tensors.h"

namespace causal_sessions {
namespace {

template <class Write>
std::string written(Write write) {
  std::string text;
  ByteSink sink(
      [&text](std::span<const std::uint8_t> bytes) { text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size()); },
      64);  // small, so that every file crosses its border
  write(sink);
  sink.flush();
  return text;
}

// A session a user, each of so many tokens (event 1, item 3, ...).
SequenceTable table_of(const std::vector<std::string_view>& names, const std::vector<std::uint32_t>& lengths) {
  SequenceTable table;
  StringPool users;
  for (std::size_t i = 0; i < names.size(); ++i) {
    table.user.push_back(users.intern(names[i]));
    table.number.push_back(1);
    table.begin.push_back(static_cast<std::uint32_t>(table.event_id.size()));
    table.count.push_back(lengths[i]);
    table.padding.push_back(0);
    table.start_us.push_back(0);
    table.treatment.push_back(1);
    table.outcome.push_back(0);
    for (std::uint32_t k = 0; k < lengths[i]; ++k) {
      table.event_id.push_back(1);
      table.item_id.push_back(3 + k);
      table.time_us.push_back(k * 60'000'000LL);
    }
  }
  table.users = std::move(users);
  return table;
}

TEST(SessionCsv, CellsThatASpreadsheetWouldRun) {
  struct Row {
    const char* user;
    const char* harmless;
    const char* kept;
  };
  for (const Row& row : {Row{"u", "u", "u"}, Row{"=1+1", "'=1+1", "=1+1"}, Row{"+1", "'+1", "+1"}, Row{"-1", "'-1", "-1"},
                         Row{"@a", "'@a", "@a"}, Row{"\tt", "'\tt", "\tt"}, Row{"\rr", "\"'\rr\"", "\"\rr\""},
                         Row{"a=1", "a=1", "a=1"}, Row{"'=1", "'=1", "'=1"}, Row{"=a,b\"c", "\"'=a,b\"\"c\"", "\"=a,b\"\"c\""}}) {
    const SequenceTable table = table_of({row.user}, {1});
    const std::vector<std::uint32_t> rows = {0};
    for (const CsvFormulas formulas : {CsvFormulas::kHarmless, CsvFormulas::kKeep}) {
      WriteOptions options;
      options.csv_formulas = formulas;
      const std::string cell = formulas == CsvFormulas::kHarmless ? row.harmless : row.kept;
      std::string id = cell;
      id.insert(id.size() - (id.back() == '"' ? 1 : 0), "_1");
      EXPECT_EQ(written([&](ByteSink& sink) { write_csv(table, rows, options, sink); }),
                "index,session_id,user_id,sequence,sequence_length,treatment,outcome\n0," + id + "," + cell +
                    ",\"[[1, 3, 0.0]]\",1,1,0\n");
    }
  }
}

TEST(Tensors, WiderTypesFirstAndAsLongAsTheySay) {
  const SequenceTable table = table_of({"a", "bc", "def"}, {3, 1, 2});
  const std::vector<std::uint32_t> rows = {0, 2};
  for (const auto& tensors : {ragged_tensors(table, rows), padded_tensors(table, rows, 2, false)}) {
    std::size_t width = 8;
    for (const Tensor& tensor : tensors) {
      EXPECT_LE(width_of(tensor.type), width) << tensor.name;
      width = width_of(tensor.type);
      EXPECT_EQ(written(tensor.write).size(), tensor.bytes()) << tensor.name;
    }
  }
}

TEST(Tensors, PaddedKeepsTheFirstOrTheLast) {
  const SequenceTable table = table_of({"a", "b"}, {3, 1});
  const std::vector<std::uint32_t> rows = {0, 1};
  const auto items = [&](bool keep_last) {
    std::vector<std::int32_t> values(4);
    for (const Tensor& tensor : padded_tensors(table, rows, 2, keep_last)) {
      if (tensor.name == "item_ids") std::memcpy(values.data(), written(tensor.write).data(), 16);
    }
    return values;
  };
  EXPECT_EQ(items(false), (std::vector<std::int32_t>{3, 4, 3, 0}));
  EXPECT_EQ(items(true), (std::vector<std::int32_t>{4, 5, 3, 0}));
}

TEST(SessionSafetensors, RefusesWhatNoMemoryHolds) {
  const SequenceTable table = table_of({"a"}, {3});
  const std::vector<std::uint32_t> few(10, 0), many(300, 0);
  WriteOptions options;
  EXPECT_TRUE(check_safetensors_padded(table, many, options).ok());
  options.pad_to = 1'000'000;
  EXPECT_TRUE(check_safetensors_padded(table, few, options).ok());
  const Status status = check_safetensors_padded(table, many, options);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, ErrorCode::kTooLarge);
  EXPECT_NE(status.error().message.find("300 sessions padded to 1000000 tokens"), std::string::npos);
}

TEST(SessionSafetensors, TensorsFollowTheHeaderAtAMultipleOfEight) {
  const SequenceTable table = table_of({"a", "b"}, {3, 1});
  const std::vector<std::uint32_t> rows = {0, 1};
  const std::string file = written([&](ByteSink& sink) { write_safetensors(table, rows, WriteOptions(), sink); });
  std::uint64_t header = 0, bytes = 0;
  std::memcpy(&header, file.data(), 8);
  for (const Tensor& tensor : ragged_tensors(table, rows)) bytes += tensor.bytes();
  EXPECT_EQ(header % 8, 0u);
  EXPECT_EQ(file.size(), 8 + header + bytes);
}

TEST(NextBatch, EndsAtAMillionTokensAndTakesOneRowAtLeast) {
  SequenceTable table = table_of({"a"}, {1});
  table.padding[0] = 600'000;
  const std::vector<std::uint32_t> rows(5, 0);
  EXPECT_EQ(next_batch(table, rows), 2u);
  table.padding[0] = 3'000'000;
  EXPECT_EQ(next_batch(table, rows), 1u);
}

TEST(TableFormats, EachHasANameAndAFileOfItsOwn) {
  std::set<std::string_view> names, suffixes;
  for (const TableFormat& format : kTableFormats) {
    EXPECT_TRUE(names.insert(format.name).second) << format.name;
    EXPECT_TRUE(suffixes.insert(format.suffix).second) << format.suffix;
    EXPECT_EQ(find_table_format(format.name), &format);
    EXPECT_FALSE(format.label.empty() || format.description.empty() || format.extension().empty()) << format.name;
    const SequenceTable empty = table_of({}, {});
    EXPECT_NO_FATAL_FAILURE(written([&](ByteSink& sink) { format.write(empty, {}, WriteOptions(), sink); }));
  }
  EXPECT_EQ(find_table_format("xlsx"), nullptr);
}

}  // namespace
}  // namespace causal_sessions
