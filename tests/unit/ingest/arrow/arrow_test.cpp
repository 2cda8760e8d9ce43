// Arrow streams and files: what is read, and that nothing but a refusal comes of damage.
#include "ingest/arrow/stream.h"

#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "ingest/inspection/inspect.h"
#include "steps/steps.h"
#include "support/inspection.h"

namespace causal_sessions {
namespace {

// A stream as pyarrow writes it, of three rows:
//   n: int8, all missing; user: text a, a, b; time: timestamp[s, UTC] 0, 60, 86400;
//   event: dictionary of impression, purchase, click; item: int64 7, missing, -9
constexpr unsigned char kStreamBytes[] = {
    255, 255, 255, 255, 104, 1,   0,   0,   16,  0,   0,   0,   0,   0,   10,  0,   12,  0,   6,   0,   5,   0,   8,   0,   10,
    0,   0,   0,   0,   1,   4,   0,   4,   0,   0,   0,   60,  255, 255, 255, 4,   0,   0,   0,   5,   0,   0,   0,   12,  1,
    0,   0,   204, 0,   0,   0,   140, 0,   0,   0,   72,  0,   0,   0,   4,   0,   0,   0,   24,  255, 255, 255, 0,   0,   1,
    2,   16,  0,   0,   0,   24,  0,   0,   0,   4,   0,   0,   0,   0,   0,   0,   0,   4,   0,   0,   0,   105, 116, 101, 109,
    0,   0,   0,   0,   12,  255, 255, 255, 0,   0,   0,   1,   64,  0,   0,   0,   16,  0,   24,  0,   8,   0,   6,   0,   7,
    0,   12,  0,   16,  0,   20,  0,   16,  0,   0,   0,   0,   0,   1,   5,   20,  0,   0,   0,   48,  0,   0,   0,   24,  0,
    0,   0,   4,   0,   0,   0,   0,   0,   0,   0,   5,   0,   0,   0,   101, 118, 101, 110, 116, 0,   0,   0,   196, 255, 255,
    255, 4,   0,   0,   0,   88,  255, 255, 255, 0,   0,   0,   1,   32,  0,   0,   0,   156, 255, 255, 255, 152, 255, 255, 255,
    0,   0,   1,   10,  16,  0,   0,   0,   32,  0,   0,   0,   4,   0,   0,   0,   0,   0,   0,   0,   4,   0,   0,   0,   116,
    105, 109, 101, 0,   0,   0,   0,   8,   0,   8,   0,   0,   0,   4,   0,   8,   0,   0,   0,   4,   0,   0,   0,   3,   0,
    0,   0,   85,  84,  67,  0,   212, 255, 255, 255, 0,   0,   1,   5,   16,  0,   0,   0,   28,  0,   0,   0,   4,   0,   0,
    0,   0,   0,   0,   0,   4,   0,   0,   0,   117, 115, 101, 114, 0,   0,   0,   0,   4,   0,   4,   0,   4,   0,   0,   0,
    16,  0,   20,  0,   8,   0,   6,   0,   7,   0,   12,  0,   0,   0,   16,  0,   16,  0,   0,   0,   0,   0,   1,   2,   16,
    0,   0,   0,   28,  0,   0,   0,   4,   0,   0,   0,   0,   0,   0,   0,   1,   0,   0,   0,   110, 0,   0,   0,   8,   0,
    12,  0,   8,   0,   7,   0,   8,   0,   0,   0,   0,   0,   0,   1,   8,   0,   0,   0,   255, 255, 255, 255, 168, 0,   0,
    0,   20,  0,   0,   0,   0,   0,   0,   0,   12,  0,   20,  0,   6,   0,   5,   0,   8,   0,   12,  0,   12,  0,   0,   0,
    0,   2,   4,   0,   20,  0,   0,   0,   40,  0,   0,   0,   0,   0,   0,   0,   8,   0,   10,  0,   0,   0,   4,   0,   8,
    0,   0,   0,   16,  0,   0,   0,   0,   0,   10,  0,   24,  0,   12,  0,   4,   0,   8,   0,   10,  0,   0,   0,   76,  0,
    0,   0,   16,  0,   0,   0,   3,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   3,   0,   0,   0,   0,   0,   0,
    0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   16,  0,   0,   0,
    0,   0,   0,   0,   16,  0,   0,   0,   0,   0,   0,   0,   23,  0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   1,
    0,   0,   0,   3,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   10,  0,
    0,   0,   18,  0,   0,   0,   23,  0,   0,   0,   105, 109, 112, 114, 101, 115, 115, 105, 111, 110, 112, 117, 114, 99,  104,
    97,  115, 101, 99,  108, 105, 99,  107, 0,   255, 255, 255, 255, 88,  1,   0,   0,   20,  0,   0,   0,   0,   0,   0,   0,
    12,  0,   22,  0,   6,   0,   5,   0,   8,   0,   12,  0,   12,  0,   0,   0,   0,   3,   4,   0,   24,  0,   0,   0,   112,
    0,   0,   0,   0,   0,   0,   0,   0,   0,   10,  0,   24,  0,   12,  0,   4,   0,   8,   0,   10,  0,   0,   0,   204, 0,
    0,   0,   16,  0,   0,   0,   3,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   11,  0,   0,   0,   0,   0,   0,
    0,   0,   0,   0,   0,   1,   0,   0,   0,   0,   0,   0,   0,   8,   0,   0,   0,   0,   0,   0,   0,   3,   0,   0,   0,
    0,   0,   0,   0,   16,  0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   16,  0,   0,   0,   0,
    0,   0,   0,   16,  0,   0,   0,   0,   0,   0,   0,   32,  0,   0,   0,   0,   0,   0,   0,   3,   0,   0,   0,   0,   0,
    0,   0,   40,  0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   40,  0,   0,   0,   0,   0,   0,
    0,   24,  0,   0,   0,   0,   0,   0,   0,   64,  0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
    64,  0,   0,   0,   0,   0,   0,   0,   12,  0,   0,   0,   0,   0,   0,   0,   80,  0,   0,   0,   0,   0,   0,   0,   1,
    0,   0,   0,   0,   0,   0,   0,   88,  0,   0,   0,   0,   0,   0,   0,   24,  0,   0,   0,   0,   0,   0,   0,   0,   0,
    0,   0,   5,   0,   0,   0,   3,   0,   0,   0,   0,   0,   0,   0,   3,   0,   0,   0,   0,   0,   0,   0,   3,   0,   0,
    0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   3,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
    0,   0,   0,   0,   3,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   3,   0,   0,   0,   0,
    0,   0,   0,   1,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
    0,   0,   0,   0,   0,   0,   1,   0,   0,   0,   2,   0,   0,   0,   3,   0,   0,   0,   97,  97,  98,  0,   0,   0,   0,
    0,   0,   0,   0,   0,   0,   0,   0,   0,   60,  0,   0,   0,   0,   0,   0,   0,   128, 81,  1,   0,   0,   0,   0,   0,
    0,   0,   0,   0,   1,   0,   0,   0,   2,   0,   0,   0,   0,   0,   0,   0,   5,   0,   0,   0,   0,   0,   0,   0,   7,
    0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   247, 255, 255, 255, 255, 255, 255, 255, 255, 255,
    255, 255, 0,   0,   0,   0,
};
const std::string kStream(reinterpret_cast<const char*>(kStreamBytes), sizeof kStreamBytes);
// Its messages: where they begin.
constexpr std::size_t kDictionaryAt = 368, kRecordsAt = 584, kStreamEnd = 1048;

template <class T>
void put(std::string& bytes, T value) {
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

template <class T>
T get(const std::string& bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

struct Place {
  std::int64_t offset;
  std::int32_t metadata;
  std::int64_t body;
};

// A footer whose schema is the table in the stream's first message.
std::string footer(const std::vector<Place>& dictionaries, const std::vector<Place>& records) {
  const std::string message = kStream.substr(8, kDictionaryAt - 8);
  const auto root = get<std::uint32_t>(message, 0);
  const auto vtable = root - static_cast<std::uint32_t>(get<std::int32_t>(message, root));
  const auto field = root + get<std::uint16_t>(message, vtable + 8);
  const auto schema = field + get<std::uint32_t>(message, field);
  const auto dictionary_bytes = static_cast<std::uint32_t>(4 + 24 * dictionaries.size());
  const auto record_bytes = static_cast<std::uint32_t>(4 + 24 * records.size());
  std::string bytes;
  put<std::uint32_t>(bytes, 16);
  for (const int entry : {12, 20, 4, 8, 12, 16}) put(bytes, static_cast<std::uint16_t>(entry));
  put<std::int32_t>(bytes, 12);  // back to the vtable
  put<std::int32_t>(bytes, 4);   // the version
  put<std::uint32_t>(bytes, 12 + dictionary_bytes + record_bytes + schema);
  put<std::uint32_t>(bytes, 8);
  put<std::uint32_t>(bytes, 4 + dictionary_bytes);
  for (const auto& places : {dictionaries, records}) {
    put(bytes, static_cast<std::uint32_t>(places.size()));
    for (const Place& place : places) {
      put(bytes, place.offset);
      put(bytes, place.metadata);
      put<std::int32_t>(bytes, 0);
      put(bytes, place.body);
    }
  }
  return bytes + message;
}

std::string file_of(const std::string& messages, const std::string& footer_bytes) {
  std::string file = std::string("ARROW1\0\0", 8) + messages + footer_bytes;
  put(file, static_cast<std::uint32_t>(footer_bytes.size()));
  return file + "ARROW1";
}

// Behind the file's mark of eight bytes, with the schema among the messages, as Arrow's C++ writes it, and without, as
// its JavaScript does.
const std::string kFile = file_of(kStream, footer({{8 + kDictionaryAt, 176, 40}}, {{8 + kRecordsAt, 352, 112}}));
const std::string kFooterOnly =
    file_of(kStream.substr(kDictionaryAt), footer({{8, 176, 40}}, {{8 + kRecordsAt - kDictionaryAt, 352, 112}}));
// The dictionary behind the records.
const std::string kBackwards =
    file_of(kStream.substr(kRecordsAt, kStreamEnd - kRecordsAt) + kStream.substr(kDictionaryAt, kRecordsAt - kDictionaryAt),
            footer({{8 + kStreamEnd - kRecordsAt, 176, 40}}, {{8, 352, 112}}));

struct Outcome {
  std::string problem;  // empty: the events were read
  FileSummary file;
  EventTable events;
};

Outcome read(const std::string& data, std::size_t piece = 1 << 20, bool ranged = false) {
  const Plan plan;
  EventReader reader(plan.reading);
  reader.begin_file("f", ranged ? std::optional<std::uint64_t>(data.size()) : std::nullopt);
  Outcome outcome;
  Status status;
  for (std::size_t at = 0; at < data.size() && status.ok() && !reader.wanted(); at += piece) {
    const std::size_t size = std::min(piece, data.size() - at);
    std::memcpy(reader.window(size).data(), data.data() + at, size);
    status = reader.commit(size);
  }
  for (std::optional<ByteRange> range; status.ok() && (range = reader.wanted());) {
    EXPECT_LE(range->offset + range->size, data.size());
    const std::size_t size = std::min(piece, range->size);
    const bool tail = range->offset + range->size == data.size();  // the footer comes whole
    std::memcpy(reader.window(tail ? range->size : size).data(), data.data() + range->offset, tail ? range->size : size);
    status = reader.commit(tail ? range->size : size);
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

TEST(Arrow, StreamsAndFilesAreReadInPiecesOfAnySize) {
  for (const std::string& data : {kStream, kFile, kFooterOnly, kBackwards}) {
    for (int way = 0; way < 12; ++way) {
      constexpr std::size_t kPieces[] = {1, 2, 3, 8, 61, 100000};
      const std::size_t piece = kPieces[way / 2];
      const Outcome outcome = read(data, piece, way % 2 == 1);
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

// One sentence, which names the file; a newline can only be the data's, in what is quoted of them.
void expect_sentence(const std::string& problem) {
  EXPECT_TRUE(problem.starts_with("f")) << problem;
  EXPECT_EQ(problem.substr(0, problem.find('"')).find('\n'), std::string::npos) << problem;
}

void preview(const std::string& data) {
  for (const bool last : {true, false}) EXPECT_NE(inspect_json("f", data, last, ReadingOptions(), 3), "");
  if (!needs_ranges(data)) return;
  const auto inspection = inspect_by_ranges("f", data, data.size(), ReadingOptions(), 3);
  while (const auto range = inspection->wanted()) {
    std::memcpy(inspection->room(range->size).data(), data.data() + range->offset, range->size);
    inspection->supply(range->size);
  }
  EXPECT_NE(inspection->json(), "");
}

TEST(Arrow, CutAnywhereIsRefused) {
  for (const std::string& data : {kStream, kFile, kFooterOnly}) {
    for (std::size_t size = 1; size < data.size(); ++size) {
      if (data == kStream && size == kStreamEnd) continue;  // the mark at the end may be left out
      for (const bool ranged : {false, true}) {
        const std::string problem = read(data.substr(0, size), 1 << 20, ranged).problem;
        EXPECT_NE(problem, "") << size;
        expect_sentence(problem);
      }
      preview(data.substr(0, size));
    }
  }
  EXPECT_EQ(read(kStream.substr(0, kStreamEnd)).events.size(), 3u);
  EXPECT_EQ(read(kStream.substr(0, kStreamEnd - 1)).problem,
            "f, byte " + std::to_string(kStreamEnd - 1) + ": the Arrow data end too early; the file has been cut off");
  EXPECT_EQ(read(kFile.substr(0, kFile.size() - 1)).problem,
            "f is not a whole Arrow file: its end is missing; it was cut off, or never finished");
}

void survive(const std::string& broken) {
  const Outcome outcome = read(broken);  // a flip inside a value leaves whole data
  if (outcome.problem.empty()) {
    EXPECT_LE(outcome.events.size(), 3u);
  } else {
    expect_sentence(outcome.problem);
  }
  if (needs_ranges(broken)) {
    EXPECT_EQ(read(broken, 1 << 20, true).problem, outcome.problem);
  }
  preview(broken);
}

TEST(Arrow, SurvivesEveryFlippedBit) {
  for (const std::string& data : {kStream, kFooterOnly}) {
    for (std::size_t bit = 0; bit < 8 * data.size(); ++bit) {
      std::string broken = data;
      broken[bit / 8] = static_cast<char>(broken[bit / 8] ^ (1 << (bit % 8)));
      survive(broken);
    }
  }
}

TEST(Arrow, SurvivesEveryByteSetToItsExtremes) {
  for (const std::string& data : {kStream, kFooterOnly}) {
    for (std::size_t at = 0; at < data.size(); ++at) {
      for (const char value : {'\0', '\x7F', '\x80', '\xFF'}) {
        std::string broken = data;
        broken[at] = value;
        survive(broken);
      }
    }
  }
}

TEST(Arrow, AFooterThatPointsElsewhereIsRefused) {
  const std::string messages = kStream.substr(kDictionaryAt);
  const std::int64_t records_at = 8 + kRecordsAt - kDictionaryAt;
  const auto problem = [&](const std::vector<Place>& dictionaries, const std::vector<Place>& records) {
    return read(file_of(messages, footer(dictionaries, records)), 1 << 20, true).problem;
  };
  const Place dictionary{8, 176, 40}, records{records_at, 352, 112};
  EXPECT_EQ(problem({dictionary}, {records}), "");
  const std::string outside = "f: the footer of the Arrow file points outside of the file";
  EXPECT_EQ(problem({{-8, 176, 40}}, {records}), outside);
  EXPECT_EQ(problem({dictionary}, {{records_at, 352, INT64_MAX}}), outside);
  EXPECT_EQ(problem({dictionary}, {{INT64_MAX, 352, 112}}), outside);
  EXPECT_EQ(problem({dictionary}, {{records_at, 0, 112}}), outside);
  EXPECT_EQ(problem({dictionary}, {records, records, records}), "f: the footer of the Arrow file names more bytes than it has");
  EXPECT_NE(problem({dictionary}, {{records_at, 352, 64}}).find("a message is longer than the file's footer says"),
            std::string::npos);
  EXPECT_NE(problem({dictionary, dictionary}, {}).find("a dictionary stands in the file twice"), std::string::npos);
  EXPECT_NE(problem({}, {records}).find("column \"event\": its dictionary is missing"), std::string::npos);
  EXPECT_EQ(problem({dictionary}, {}), "f has no rows of data");
}

// The footer is the last file's, and its places are counted from that file's start: the first file's bytes were read for it.
TEST(Arrow, FilesOneBehindTheOtherAreRefused) {
  const std::string no_rows = file_of(kStream.substr(0, kDictionaryAt), footer({}, {}));
  for (const std::string& last : {kFile, kFooterOnly, no_rows}) {
    for (const std::string& before : {kFile, kFooterOnly, kFile + kFooterOnly}) {
      const std::string refusal = "f: these are several Arrow files in one; the last begins at byte " +
                                  std::to_string(before.size()) + ". Give each as a file of its own";
      for (const std::size_t piece : {std::size_t{1}, std::size_t{61}, std::size_t{1} << 20}) {
        for (const bool ranged : {false, true}) EXPECT_EQ(read(before + last, piece, ranged).problem, refusal);
      }
      EXPECT_EQ(nlohmann::json::parse(inspect_json("f", before + last, true, ReadingOptions(), 2))["problem"]["message"],
                refusal);
    }
  }
  // Bytes that some writer may leave behind the last message are no other file.
  EXPECT_EQ(read(file_of(kStream + std::string(1000, '\0'), footer({{8 + kDictionaryAt, 176, 40}}, {{8 + kRecordsAt, 352, 112}})))
                .problem,
            "");
}

TEST(Arrow, AFileWithoutRowsIsTheSameProblemForALook) {
  const std::string data = file_of(kStream.substr(0, kDictionaryAt), footer({}, {}));
  EXPECT_EQ(read(data).problem, "f has no rows of data");
  EXPECT_EQ(nlohmann::json::parse(inspect_json("f", data, true, ReadingOptions(), 2))["problem"]["message"],
            "f has no rows of data");
  const std::string stream = kStream.substr(0, kDictionaryAt);
  EXPECT_EQ(nlohmann::json::parse(inspect_json("f", stream, true, ReadingOptions(), 2))["problem"]["message"],
            "f has no rows of data");
}

TEST(Arrow, PreviewsTheFirstRows) {
  const std::string expected =
      R"({"name":"f","problem":null,"compression":null,"format":"arrow","columnNames":["n","user","time","event","item"],)"
      R"("columnTypes":["int8","string","timestamp[s, UTC]","dictionary of string","int64"],)"
      R"("columns":{"user":"user","time":"time","type":"event","item":"item"},)"
      R"("eventTypes":[{"type":"impression","rows":1,"role":"exposure"},{"type":"click","rows":1,"role":"treatment"},)"
      R"({"type":"purchase","rows":1,"role":"outcome"}],"allRows":true,)"
      R"("rows":[["","a","1970-01-01T00:00:00Z","impression","7"],["","a","1970-01-01T00:01:00Z","purchase",""]]})";
  EXPECT_EQ(support::without_sample(inspect_json("f", kStream, true, ReadingOptions(), 2)), expected);
  std::string some = expected;
  some.replace(some.find("\"allRows\":true"), 14, "\"allRows\":false");
  EXPECT_EQ(support::without_sample(inspect_json("f", kStream.substr(0, kStreamEnd), false, ReadingOptions(), 2)), some);
  EXPECT_EQ(support::without_sample(inspect_json("f", kFooterOnly, true, ReadingOptions(), 2)), expected);
}

TEST(Arrow, APreviewSaysWhatItNeeds) {
  const auto inspect = [](std::size_t size) {
    return nlohmann::json::parse(inspect_json("f", kStream.substr(0, size), false, ReadingOptions(), 2), nullptr, false);
  };
  EXPECT_EQ(inspect(900)["needsBytes"], kRecordsAt + 352);
  const auto json = inspect(1000);
  EXPECT_EQ(json["problem"], nullptr);
  EXPECT_EQ(json["columnNames"].size(), 5u);
  EXPECT_EQ(json["rows"].size(), 0u);
  EXPECT_EQ(json["needsBytes"], kStreamEnd);
  EXPECT_EQ(json["note"], "f: its first rows are not shown; they lie beyond the 1000 bytes that were looked at");
}

TEST(Arrow, DamageToAColumnThatIsNotNeededIsNotThePreviewsProblem) {
  std::string data = kFooterOnly;
  const auto bits = data.find("impressionpurchase");
  data[bits] = '\xFF';  // of the event type: that is needed
  EXPECT_NE(inspect_json("f", data, true, ReadingOptions(), 2).find("is not UTF-8"), std::string::npos);
  Result<Plan> plan = read_plan(R"({"columns": {"type": "user", "user": "n", "item": "item"}})");
  ASSERT_TRUE(plan.ok());
  const auto json = nlohmann::json::parse(inspect_json("f", data, true, plan.value().reading, 2), nullptr, false);
  EXPECT_EQ(json["problem"], nullptr);
  EXPECT_EQ(json["rows"][0][3], "\\xff6d7072657373696f6e");  // "impression", as bytes
  EXPECT_EQ(json["rows"][0][1], "a");
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

}  // namespace
}  // namespace causal_sessions
