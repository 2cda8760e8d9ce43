// Arrow streams and files: what is read, and that nothing but a refusal comes of damage.
#include "ingest/arrow/reader.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "ingest/arrow/flatbuffer.h"
#include "pipeline.h"

namespace causal_sessions {
namespace {

// A stream as pyarrow writes it, of three rows:
//   n: int8, all missing; user: text a, a, b; time: timestamp[s, UTC] 0, 60, 86400;
//   event: dictionary of impression, purchase, click; item: int64 7, missing, -9
constexpr unsigned char kStreamBytes[] = {
    255, 255, 255, 255, 104, 1, 0, 0, 16, 0, 0, 0, 0, 0, 10, 0, 12, 0, 6, 0, 5, 0, 8, 0, 10, 0, 0, 0, 0, 1, 4, 0, 4,
    0, 0, 0, 60, 255, 255, 255, 4, 0, 0, 0, 5, 0, 0, 0, 12, 1, 0, 0, 204, 0, 0, 0, 140, 0, 0, 0, 72, 0, 0, 0, 4, 0, 0,
    0, 24, 255, 255, 255, 0, 0, 1, 2, 16, 0, 0, 0, 24, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 105, 116, 101,
    109, 0, 0, 0, 0, 12, 255, 255, 255, 0, 0, 0, 1, 64, 0, 0, 0, 16, 0, 24, 0, 8, 0, 6, 0, 7, 0, 12, 0, 16, 0, 20, 0,
    16, 0, 0, 0, 0, 0, 1, 5, 20, 0, 0, 0, 48, 0, 0, 0, 24, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 101, 118, 101,
    110, 116, 0, 0, 0, 196, 255, 255, 255, 4, 0, 0, 0, 88, 255, 255, 255, 0, 0, 0, 1, 32, 0, 0, 0, 156, 255, 255, 255,
    152, 255, 255, 255, 0, 0, 1, 10, 16, 0, 0, 0, 32, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 116, 105, 109, 101,
    0, 0, 0, 0, 8, 0, 8, 0, 0, 0, 4, 0, 8, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 85, 84, 67, 0, 212, 255, 255, 255, 0, 0,
    1, 5, 16, 0, 0, 0, 28, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 117, 115, 101, 114, 0, 0, 0, 0, 4, 0, 4, 0, 4,
    0, 0, 0, 16, 0, 20, 0, 8, 0, 6, 0, 7, 0, 12, 0, 0, 0, 16, 0, 16, 0, 0, 0, 0, 0, 1, 2, 16, 0, 0, 0, 28, 0, 0, 0, 4,
    0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 110, 0, 0, 0, 8, 0, 12, 0, 8, 0, 7, 0, 8, 0, 0, 0, 0, 0, 0, 1, 8, 0, 0, 0, 255,
    255, 255, 255, 168, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 12, 0, 20, 0, 6, 0, 5, 0, 8, 0, 12, 0, 12, 0, 0, 0, 0, 2, 4,
    0, 20, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0, 8, 0, 10, 0, 0, 0, 4, 0, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 10, 0, 24, 0, 12,
    0, 4, 0, 8, 0, 10, 0, 0, 0, 76, 0, 0, 0, 16, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 23,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 0,
    0, 18, 0, 0, 0, 23, 0, 0, 0, 105, 109, 112, 114, 101, 115, 115, 105, 111, 110, 112, 117, 114, 99, 104, 97, 115,
    101, 99, 108, 105, 99, 107, 0, 255, 255, 255, 255, 88, 1, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 12, 0, 22, 0, 6, 0, 5, 0,
    8, 0, 12, 0, 12, 0, 0, 0, 0, 3, 4, 0, 24, 0, 0, 0, 112, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 24, 0, 12, 0, 4, 0, 8,
    0, 10, 0, 0, 0, 204, 0, 0, 0, 16, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 1, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 40, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 40, 0, 0, 0, 0, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 80, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0,
    0, 0, 0, 0, 88, 0, 0, 0, 0, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 3,
    0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 97, 97, 98, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 60, 0, 0, 0, 0, 0, 0, 0, 128, 81, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0,
    0, 5, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 247, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 255, 255, 0, 0, 0, 0,
};
const std::string kStream(reinterpret_cast<const char*>(kStreamBytes), sizeof kStreamBytes);
// The same between a file's marks; the index at the end is not looked at but for its length.
const std::string kFile = std::string("ARROW1\0\0", 8) + kStream + "index..." + std::string("\x08\0\0\0", 4) + "ARROW1";

struct Outcome {
  std::string problem;  // empty: the events were read
  FileSummary file;
  EventTable events;
};

Outcome read(const std::string& data, std::size_t piece = 1 << 20) {
  const Plan plan;
  EventReader reader(plan);
  reader.begin_file("f");
  Outcome outcome;
  Status status;
  for (std::size_t at = 0; at < data.size() && status.ok(); at += piece) {
    const std::size_t size = std::min(piece, data.size() - at);
    std::memcpy(reader.window(size).data(), data.data() + at, size);
    status = reader.commit(size);
  }
  if (status.ok()) status = reader.end_file();
  if (!status.ok()) {
    outcome.problem = status.error().message;
    return outcome;
  }
  outcome.file = reader.files()[0];
  Result<EventTable> events = reader.finish();
  if (events.ok()) {
    outcome.events = std::move(events.value());
  } else {
    outcome.problem = events.error().message;
  }
  return outcome;
}

std::string replaced(std::string data, std::string_view from, std::string_view to) {
  return data.replace(data.find(from), from.size(), to);
}

TEST(Arrow, StreamAndFileAreReadInPiecesOfAnySize) {
  for (const std::string& data : {kStream, kFile}) {
    for (const std::size_t piece : {1, 2, 3, 8, 61, 100000}) {
      const Outcome outcome = read(data, piece);
      ASSERT_EQ(outcome.problem, "") << piece;
      EXPECT_EQ(outcome.file.format, "arrow");
      EXPECT_EQ(outcome.file.rows, 3u);
      ASSERT_EQ(outcome.events.size(), 3u);
      EXPECT_EQ(outcome.events.users[outcome.events.user[2]], "b");
      EXPECT_EQ(outcome.events.time_us[1], 60'000'000);
      EXPECT_EQ(outcome.events.time_us[2], 86'400'000'000);
      EXPECT_EQ(outcome.events.types[outcome.events.type[1]], "purchase");
      EXPECT_EQ(outcome.events.items[outcome.events.item[0]], "7");
      EXPECT_EQ(outcome.events.item[1], StringPool::kNone);
      EXPECT_EQ(outcome.events.items[outcome.events.item[2]], "-9");
    }
  }
}

TEST(Arrow, CutAnywhereIsRefused) {
  for (const std::string& data : {kStream, kFile}) {
    for (std::size_t size = 1; size < data.size(); ++size) EXPECT_NE(read(data.substr(0, size)).problem, "") << size;
  }
  EXPECT_EQ(read(kStream.substr(0, kStream.size() - 8)).problem,
            "f, byte " + std::to_string(kStream.size() - 8) + ": the Arrow data end too early; the file has been cut off");
}

TEST(Arrow, SurvivesEveryFlippedBit) {
  for (std::size_t bit = 0; bit < 8 * kStream.size(); ++bit) {
    std::string broken = kStream;
    broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << (bit % 8)));
    const Outcome outcome = read(broken);  // a flip inside a value leaves whole data
    if (outcome.problem.empty()) {
      EXPECT_LE(outcome.events.size(), 3u);
    }
  }
}

TEST(Arrow, SurvivesEveryByteSetToItsExtremes) {
  for (std::size_t at = 0; at < kStream.size(); ++at) {
    for (const char value : {'\0', '\x7F', '\x80', '\xFF'}) {
      std::string broken = kStream;
      broken[at] = value;
      if (read(broken).problem.empty()) SUCCEED();
    }
  }
}

TEST(Arrow, SomethingBehindTheEndIsRefused) {
  EXPECT_NE(read(kStream + "more").problem.find("something follows"), std::string::npos);
  EXPECT_NE(read(kStream + kStream).problem.find("something follows"), std::string::npos);
}

TEST(Arrow, TextThatIsNotUtf8IsRefusedWithItsColumn) {
  const Outcome outcome = read(replaced(kStream, "purchase", "purch\xFFse"));
  EXPECT_NE(outcome.problem.find("column \"event\": value 2 of the batch is not UTF-8"), std::string::npos) << outcome.problem;
}

TEST(Arrow, AColumnThatIsNotThereIsNamed) {
  EXPECT_NE(read(replaced(kStream, "user", "uzer")).problem.find("no column looks like the user"), std::string::npos);
}

TEST(FlatBuffer, RemembersAPositionOutsideOfItsBytes) {
  const std::vector<std::uint8_t> bytes = {1, 2, 3, 4};
  arrow::FlatBuffer buffer(bytes);
  EXPECT_EQ(buffer.read<std::uint16_t>(2), 0x0403);
  EXPECT_FALSE(buffer.damaged());
  EXPECT_EQ(buffer.read<std::uint32_t>(1), 0u);
  EXPECT_TRUE(buffer.damaged());
  arrow::FlatBuffer far(bytes);
  EXPECT_EQ(far.read<std::uint8_t>(~std::uint64_t{0}), 0);
  EXPECT_TRUE(far.damaged());
}

}  // namespace
}  // namespace causal_sessions
