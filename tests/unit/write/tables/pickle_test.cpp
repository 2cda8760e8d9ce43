#include "write/table_formats.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "support/bytes.h"
#include "unit/write/sessions.h"

namespace causal_sessions {
namespace {

using namespace std::string_literals;

std::string text(std::string_view value) {
  std::string opcode = "\x8C";
  opcode += static_cast<char>(value.size());
  return opcode.append(value);
}

std::string pickle_of(const std::vector<SessionRow>& sessions, std::vector<std::uint32_t> rows, std::size_t capacity = 1 << 18) {
  const SequenceTable table = table_of(sessions);
  return written([&](ByteSink& sink) { write_pickle(table, rows, WriteOptions(), sink); }, capacity);
}

// Every opcode of a one-row file, written out; pickle.load is tried in tests/interop.
TEST(SessionPickle, CallsDataFrameOnColumnsAndIndex) {
  const std::string minute = "G\x3F\xF0\0\0\0\0\0\0"s, zero = "G\0\0\0\0\0\0\0\0"s;
  const std::string expected = "\x80\x04" + text("pandas") + text("DataFrame") + "\x93}(" +                    //
                               text("session_id") + "](" + text("ü_300") + "e" +                               //
                               text("user_id") + "](" + text("ü") + "e" +                                      //
                               text("sequence") + "](](K\0K\1"s + zero + "\x87K\1M\0\1"s + minute +            //
                               "\x87K\2J\0\0\1\0"s + minute + "\x87K\xFF\x8A\5\xFF\xFF\xFF\xFF\0"s + minute +  //
                               "\x87K\0K\1"s + zero + "\x87" + "ee" +                                          //
                               text("sequence_length") + "](K\5e" + text("treatment") + "](K\1e" + text("outcome") + "](K\0eu"s +
                               "](K\1e\x86R.";
  const std::vector<SessionRow> sessions = {
      {"other", 1, {{0, 1, 0}}},
      {"ü", 300, {{0, 1, 0}, {1, 256, 60'000'000}, {2, 65'536, 60'000'000}, {255, 0xFFFFFFFF, 60'000'000}}, 1, 1, 0}};
  EXPECT_EQ(pickle_of(sessions, {1}), expected);
  EXPECT_EQ(pickle_of(sessions, {1}, 1), expected);
}

TEST(SessionPickle, OfNoRowsSlicesAFrameOfOne) {
  const std::string bytes = pickle_of({}, {});
  const std::string begin =
      "\x80\x04" + text("operator") + text("getitem") + "\x93" + text("pandas") + text("DataFrame") + "\x93";
  const std::string end = "\x86R" + text("builtins") + text("slice") + "\x93K\0K\0\x86R\x86R."s;
  EXPECT_EQ(bytes.substr(0, begin.size()), begin);
  EXPECT_EQ(bytes.substr(bytes.size() - end.size()), end);
}

TEST(SessionPickle, NeedsFourBytesForALongText) {
  const std::string longest_short(253, 'x');  // with its number, 255 bytes
  EXPECT_NE(pickle_of({{longest_short, 1, {{0, 1, 0}}}}, {0}).find("\x8C\xFF" + longest_short), std::string::npos);
  const std::string shortest_long(254, 'x');
  EXPECT_NE(pickle_of({{shortest_long, 1, {{0, 1, 0}}}}, {0}).find("X\0\1\0\0"s + shortest_long + "_1"), std::string::npos);
}

TEST(SessionPickle, AppendsInBatchesOfAThousand) {
  const auto batches = [](std::size_t tokens) {
    // Tokens without a byte that reads as MARK or APPENDS.
    const std::string bytes = pickle_of({{"u", 1, std::vector<TestToken>(tokens)}}, {0});
    const std::size_t begin = bytes.find("sequence") + 8;
    const std::string cell = bytes.substr(begin, bytes.find("sequence_length") - begin);
    return std::count(cell.begin(), cell.end(), '(') - 1;
  };
  EXPECT_EQ(batches(1), 1);
  EXPECT_EQ(batches(999), 1);
  EXPECT_EQ(batches(1000), 1);
  EXPECT_EQ(batches(1001), 2);
  EXPECT_EQ(batches(3000), 3);
}

}  // namespace
}  // namespace causal_sessions
