#include "write/table_formats.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "support/bytes.h"
#include "unit/write/sessions.h"

namespace causal_sessions {
namespace {

TEST(SessionJsonLines, WritesTheRowsOfASplitAsPythonDoes) {
  const SequenceTable table = table_of({
      {"left out", 1, {{0, 1, 0}, {1, 3, 5}}},
      {"日本_\"x\"", 12, {{0, 1, 0}, {1, 4, 11'842}, {3, 70'000, 60'000'000}}, 0, 1, 1},
      {"c", 1, {{1, 2, 0}}, 1, 1, 0},
  });
  const std::vector<std::uint32_t> rows = {1, 2};
  for (const std::size_t capacity : {1u, 7u, 1u << 18}) {
    EXPECT_EQ(written([&](ByteSink& sink) { write_json_lines(table, rows, WriteOptions(), sink); }, capacity),
              R"({"index": 1, "session_id": "日本_\"x\"_12", "user_id": "日本_\"x\"", )"
              R"("sequence": [[0, 1, 0.0], [1, 4, 0.00019736666666666668], [3, 70000, 1.0]], )"
              R"("sequence_length": 3, "treatment": 1, "outcome": 1})"
              "\n"
              R"({"index": 2, "session_id": "c_1", "user_id": "c", )"
              R"("sequence": [[1, 2, 0.0], [0, 1, 0.0]], )"
              R"("sequence_length": 2, "treatment": 1, "outcome": 0})"
              "\n");
  }
}

TEST(SessionJsonLines, OfNoRowsAreEmpty) {
  EXPECT_EQ(written([](ByteSink& sink) { write_json_lines({}, {}, WriteOptions(), sink); }), "");
}

}  // namespace
}  // namespace causal_sessions
