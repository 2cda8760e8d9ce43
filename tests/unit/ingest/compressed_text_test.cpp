// gzip and zstd around text, cut into pieces at every byte.
#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "ingest/inspection/inspect.h"
#include "steps/steps.h"

namespace causal_sessions {
namespace {

const std::string kCsv =
    "user_id,event_time,event_type,item_id\n"
    "a,2025-01-01 00:00:00,impression,x\na,2025-01-01 00:01:00,purchase,x\na,2025-01-01 00:02:00,click,x\n";

std::string bytes(std::initializer_list<int> values) { return {values.begin(), values.end()}; }

const std::string kGzip =
    bytes({0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x2b, 0x2d, 0x4e, 0x2d, 0x8a, 0xcf, 0x4c, 0xd1,
           0x49, 0x2d, 0x4b, 0xcd, 0x2b, 0x89, 0x2f, 0xc9, 0xcc, 0x4d, 0x85, 0x31, 0x2b, 0x0b, 0x52, 0x75, 0x32, 0x4b,
           0x52, 0x73, 0x81, 0xb2, 0x5c, 0x89, 0x3a, 0x46, 0x06, 0x46, 0xa6, 0xba, 0x06, 0x86, 0x40, 0xa4, 0x60, 0x60,
           0x60, 0x05, 0x46, 0x3a, 0x99, 0xb9, 0x05, 0x45, 0xa9, 0xc5, 0xc5, 0x99, 0xf9, 0x79, 0x3a, 0x15, 0x98, 0x4a,
           0x0c, 0x41, 0x4a, 0x0a, 0x4a, 0x8b, 0x92, 0x33, 0x12, 0x8b, 0x53, 0xb1, 0x29, 0x30, 0x02, 0x29, 0x48, 0xce,
           0xc9, 0x4c, 0xce, 0x06, 0xca, 0x02, 0x00, 0x0e, 0x5a, 0x86, 0x6e, 0x88, 0x00, 0x00, 0x00});
const std::string kZstd =
    bytes({0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x88, 0x9d, 0x02, 0x00, 0xa2, 0x84, 0x0f, 0x11, 0xa0, 0x6f, 0x60, 0x61, 0xb9, 0xfb, 0xa6,
           0x67, 0xad, 0xea, 0x86, 0xf6, 0x87, 0xeb, 0xc7, 0x05, 0x0a, 0x00, 0x77, 0x53, 0xef, 0x54, 0x71, 0x9a, 0x98, 0x9a, 0x56,
           0x12, 0xdc, 0x30, 0x3e, 0xa5, 0x3e, 0xe5, 0xfb, 0x3e, 0x63, 0x04, 0x32, 0x84, 0x29, 0xa3, 0x74, 0x02, 0xeb, 0xd1, 0xf3,
           0xfa, 0xed, 0x32, 0xfb, 0xfb, 0x8a, 0x2a, 0xf4, 0xeb, 0xbd, 0x1e, 0x4d, 0xa7, 0x36, 0x07, 0x00, 0x20, 0x10, 0x44, 0x11,
           0x03, 0x96, 0x35, 0xca, 0x3f, 0x68, 0x49, 0x1d, 0x60, 0x4c, 0x94, 0x30, 0xd1, 0x7f, 0x32, 0x82});
const std::string kEmptyGzip = bytes(
    {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00});

// The same in two frames with checksums; what stands last in the first one's block reads like the header of another.
const std::string kZstdFrames =
    bytes({0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x08, 0x41, 0x00, 0x00, 0x75, 0x73, 0x65, 0x72, 0x5f, 0x69, 0x64, 0x2c, 0x6c, 0x24, 0x1b,
           0x0c, 0x28, 0xb5, 0x2f, 0xfd, 0x24, 0x80, 0xa5, 0x02, 0x00, 0x62, 0x44, 0x10, 0x17, 0x90, 0xb5, 0x3a, 0x04, 0x60, 0x4b,
           0xe8, 0x2f, 0xb5, 0x4a, 0x98, 0x58, 0xc2, 0xdd, 0xa9, 0xd3, 0xd1, 0x48, 0x10, 0x8d, 0x9c, 0x7c, 0x4a, 0x25, 0xda, 0x50,
           0x7b, 0xa8, 0xf3, 0x97, 0x0a, 0xe5, 0x92, 0xa6, 0xd1, 0x0c, 0xd9, 0xf7, 0xee, 0xda, 0x5a, 0x0f, 0x99, 0x81, 0xa6, 0xd1,
           0x34, 0xc2, 0xc9, 0xe3, 0x54, 0x88, 0x45, 0xeb, 0x70, 0xfd, 0x16, 0xf0, 0xd7, 0x42, 0x04, 0xd9, 0x01, 0x0f, 0x06, 0x00,
           0x20, 0x10, 0x44, 0x11, 0x03, 0x96, 0x35, 0xca, 0x3f, 0xba, 0xe6, 0xec, 0x16, 0x2f, 0xae, 0xba, 0x63, 0xa9});

struct Outcome {
  std::string problem;  // empty: the file was read
  FileSummary file;
  std::size_t events = 0;
};

Outcome read(const std::string& data, std::size_t piece = 1 << 20) {
  const Plan plan;
  EventReader reader(plan.reading);
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
  const Result<EventTable> events = reader.finish();
  if (events.ok()) {
    outcome.events = events.value().size();
  } else {
    outcome.problem = events.error().message;
  }
  return outcome;
}

TEST(CompressedText, IsReadInPiecesOfAnySize) {
  for (const std::string& data : {kGzip, kZstd, kZstdFrames, kGzip + kEmptyGzip, kGzip + std::string(100, '\0')}) {
    for (const std::size_t piece : {1, 2, 3, 7, 64, 10000}) {
      const Outcome outcome = read(data, piece);
      ASSERT_EQ(outcome.problem, "") << piece;
      EXPECT_EQ(outcome.events, 3u);
      EXPECT_EQ(outcome.file.rows, 3u);
      EXPECT_EQ(outcome.file.bytes, data.size());
      EXPECT_EQ(outcome.file.format, "csv");
      EXPECT_EQ(outcome.file.compression, data[0] == kGzip[0] ? "gzip" : "zstd");
    }
  }
}

TEST(CompressedText, PlainTextNamesNoCompression) {
  const Outcome outcome = read(kCsv, 1);
  EXPECT_EQ(outcome.problem, "");
  EXPECT_EQ(outcome.file.compression, "");
}

TEST(CompressedText, CutAnywhereIsRefused) {
  for (const std::string& data : {kGzip, kZstd}) {
    for (std::size_t size = 4; size < data.size(); ++size) {
      EXPECT_NE(read(data.substr(0, size)).problem, "") << size;
    }
  }
  EXPECT_EQ(read(kGzip.substr(0, 40)).problem,
            "f, byte 40 of the gzip file: the file ends before its data does; it has been cut off");
  EXPECT_EQ(read(kGzip.substr(0, 2)).problem,
            "f, byte 2 of the gzip file: the file ends before its data does; it has been cut off");
}

TEST(CompressedText, FlippedBitsAreRefusedUnlessTheyChangeNothing) {
  const Plan plan;
  for (const std::string& data : {kGzip, kZstd}) {
    for (std::size_t bit = 8 * 10; bit < 8 * data.size(); ++bit) {  // behind the headers
      std::string broken = data;
      broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << (bit % 8)));
      if (read(broken).problem.empty()) {  // a bit that the format does not use
        EXPECT_EQ(inspect_json("f", broken, true, plan.reading, 10), inspect_json("f", data, true, plan.reading, 10)) << bit;
      }
    }
  }
}

TEST(CompressedText, OddPayloadsAreNamed) {
  EXPECT_EQ(read(kEmptyGzip).problem, "f is empty; a table of events is needed");
  EXPECT_NE(read(kGzip + "more").problem.find("something else follows its end"), std::string::npos);
  EXPECT_NE(read(kGzip + "\n").problem.find("something else follows its end"), std::string::npos);
  EXPECT_NE(read(kGzip + '\0' + "more").problem.find("something else follows its end"), std::string::npos);
}

// A frame that says 200 bytes and has 136, with an empty block at its end: zstd itself notices where all of it has come.
TEST(CompressedText, AFrameShorterThanItSaysIsRefusedHoweverItIsCut) {
  std::string frame = bytes({0x28, 0xb5, 0x2f, 0xfd, 0x20, 200});  // one segment; a byte of content size
  const auto put_block = [&](std::size_t size, bool last) {
    const std::size_t header = size << 3 | (last ? 1 : 0);  // raw
    frame += bytes({static_cast<int>(header & 255), static_cast<int>(header >> 8 & 255), static_cast<int>(header >> 16)});
  };
  put_block(kCsv.size(), false);
  frame += kCsv;
  put_block(0, true);
  const std::string refusal = "f, byte 0 of the zstd file: what begins here cannot be unpacked; it is damaged";
  for (std::size_t piece = 1; piece <= frame.size(); ++piece) EXPECT_EQ(read(frame, piece).problem, refusal) << piece;
  frame[5] = static_cast<char>(kCsv.size());
  for (std::size_t piece = 1; piece <= frame.size(); ++piece) EXPECT_EQ(read(frame, piece).events, 3u) << piece;
}

// A block that is not compressed was given piece by piece until the frame had no room left, so that a file in pieces was
// refused for what stands in those, and a whole one for its damage.
TEST(CompressedText, ABlockLongerThanItsFrameIsRefusedBeforeAnyOfIt) {
  const std::size_t size = 300, header = size << 3 | 1;  // the last, raw, in a frame of 256 bytes
  std::string frame =
      bytes({0x28, 0xB5, 0x2F, 0xFD, 0x60, 0, 0, static_cast<int>(header & 255), static_cast<int>(header >> 8), 0});
  frame.append(size, '\0');
  const std::string refusal = "f, byte 0 of the zstd file: what begins here cannot be unpacked; it is damaged";
  for (std::size_t piece = 1; piece <= frame.size(); ++piece) EXPECT_EQ(read(frame, piece).problem, refusal) << piece;
}

// The other way round: found by fuzzing, where pieces of the last block were taken for a Parquet file.
TEST(CompressedText, ALastBlockThatLeavesItsFrameShortIsRefusedBeforeAnyOfIt) {
  const std::string rows = "PAR1" + kCsv;
  const std::size_t header = rows.size() << 3 | 1;
  std::string frame =
      bytes({0x28, 0xB5, 0x2F, 0xFD, 0xA0, 0x5B, 0, 0x3E, 0, static_cast<int>(header & 255), static_cast<int>(header >> 8), 0});
  frame += rows;
  const std::string refusal = "f, byte 0 of the zstd file: what begins here cannot be unpacked; it is damaged";
  for (std::size_t piece = 1; piece <= frame.size(); ++piece) EXPECT_EQ(read(frame, piece).problem, refusal) << piece;
}

// The reason of a refusal is the same however the file is cut, and so is what comes before it: rows before the damage are
// looked at, all of them.
TEST(CompressedText, DamageIsToldInTheSameWordsHoweverTheFileIsCut) {
  const std::vector<std::string> files = {kGzip, kZstd, kGzip + kGzip, kZstd + kZstd, kGzip + "more", kZstd + "more"};
  for (const std::string& data : files) {
    for (std::size_t bit = 8 * 4; bit < 8 * data.size(); bit += 3) {
      std::string broken = data;
      broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << (bit % 8)));
      const std::string whole = read(broken).problem;
      for (const std::size_t piece : {1, 2, 5, 17, 64}) EXPECT_EQ(read(broken, piece).problem, whole) << bit << ", " << piece;
    }
  }
  EXPECT_EQ(read(kGzip + "more").problem,
            "f, byte " + std::to_string(kGzip.size()) + " of the gzip file: something else follows its end");
}

TEST(CompressedText, IsPreviewed) {
  const Plan plan;
  const std::string seen = inspect_json("f", kZstd, true, plan.reading, 2);
  EXPECT_NE(seen.find(R"("compression":"zstd")"), std::string::npos) << seen;
  EXPECT_NE(seen.find(R"("format":"csv")"), std::string::npos) << seen;
  EXPECT_NE(seen.find(R"("rows":[["a","2025-01-01 00:00:00","impression","x"],)"), std::string::npos) << seen;
  const std::string cut = inspect_json("f", std::span(kZstd).first(kZstd.size() - 5), true, plan.reading, 2);
  EXPECT_NE(cut.find("cut off"), std::string::npos) << cut;
}

}  // namespace
}  // namespace causal_sessions
