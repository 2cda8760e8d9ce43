#include "ingest/archive.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "formats/zip_writer.h"
#include "ingest/event_reader.h"
#include "ingest/inspection/inspect.h"
#include "support/events.h"

namespace causal_sessions {
namespace {

using support::table_text;

std::string zip(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string bytes;
  {
    ByteSink sink([&bytes](std::span<const std::uint8_t> piece) { bytes.append(piece.begin(), piece.end()); }, 1 << 10);
    ZipWriter writer(sink);
    for (const auto& [name, text] : files) {
      writer.add(name, [&text = text](ByteSink& into) { into.put(text); });
    }
    writer.finish();
    sink.flush();
  }
  return bytes;
}

const std::string kColumns = "user,time,type,item\n";

std::string two_files() {
  return zip({{"b.csv", kColumns + "u,1757000005,click,i\n"},
              {"_SUCCESS", "x"},
              {"a.csv", kColumns + "v,1757000004,impression,j\n"},
              {"d/", ""},
              {"empty.csv", ""}});
}

// `piece`: bytes at a time. With `ranged` the file's ranges can be had.
std::string read(const std::string& bytes, bool ranged, std::size_t piece = 1 << 20) {
  const ReadingOptions options;
  EventReader reader(options);
  reader.begin_file("x.zip", ranged ? std::optional<std::uint64_t>(bytes.size()) : std::nullopt);
  Status status;
  for (std::size_t at = 0; status.ok() && at < bytes.size() && !reader.wanted();) {
    const std::size_t size = std::min(piece, bytes.size() - at);
    std::memcpy(reader.window(size).data(), bytes.data() + at, size);
    status = reader.commit(size);
    at += size;
  }
  while (status.ok()) {
    const auto range = reader.wanted();
    if (!range) break;
    EXPECT_LE(range->offset + range->size, bytes.size()) << "it asks for bytes that are not there";
    if (range->offset + range->size > bytes.size()) return "beyond";
    std::memcpy(reader.window(range->size).data(), bytes.data() + range->offset, range->size);
    status = reader.commit(range->size);
  }
  if (status.ok()) status = reader.end_file();
  if (!status.ok()) return status.error().message;
  const Result<EventTable> events = reader.finish();
  return events.ok() ? table_text(events.value()) : events.error().message;
}

TEST(Archive, IsReadLikeItsFiles) {
  const std::string expected = "v/1757000004000000/impression/j\nu/1757000005000000/click/i\n";
  for (const bool ranged : {true, false}) {
    for (const std::size_t piece : {1, 3, 100, 1 << 20}) EXPECT_EQ(read(two_files(), ranged, piece), expected);
  }
}

TEST(Archive, ItsFilesAreSeveralAndItselfOneInput) {
  const ReadingOptions options;
  EventReader reader(options);
  const std::string bytes = two_files();
  reader.begin_file("x.zip");
  std::memcpy(reader.window(bytes.size()).data(), bytes.data(), bytes.size());
  ASSERT_TRUE(reader.commit(bytes.size()).ok());
  ASSERT_TRUE(reader.end_file().ok());
  ASSERT_EQ(reader.files().size(), 3u);
  EXPECT_EQ(reader.files()[0].name, "x.zip/a.csv");
  EXPECT_EQ(reader.files()[2].name, "x.zip/empty.csv");
  ASSERT_EQ(reader.inputs(), 1u);
  EXPECT_EQ(reader.input(0).name, "x.zip");
  EXPECT_EQ(reader.input(0).bytes, bytes.size());
  EXPECT_EQ(reader.empty_files().count, 1u);
  EXPECT_EQ(reader.passed_over(), 1u);
}

TEST(Archive, CutOffAnywhereIsRefusedAlike) {
  const std::string whole = two_files();
  for (std::size_t size = 4; size < whole.size(); ++size) {
    const std::string message = read(whole.substr(0, size), true);
    EXPECT_TRUE(message.starts_with("x.zip is no whole zip archive: ")) << size << ": " << message;
    EXPECT_EQ(read(whole.substr(0, size), false), message);
  }
}

TEST(Archive, AnyByteMayBeAnyOther) {
  const std::string whole = two_files();
  for (std::size_t at = 4; at < whole.size(); ++at) {
    for (const int flip : {1, 0x80, 0xFF}) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ flip);
      EXPECT_EQ(read(bytes, true), read(bytes, false)) << at;
    }
  }
}

TEST(Archive, ShortRangeIsACutOffFile) {
  const ReadingOptions options;
  EventReader reader(options);
  const std::string bytes = two_files();
  reader.begin_file("x.zip", bytes.size());
  std::memcpy(reader.window(100).data(), bytes.data(), 100);
  ASSERT_TRUE(reader.commit(100).ok());
  ASSERT_TRUE(reader.wanted());
  (void)reader.window(reader.wanted()->size);
  const Status status = reader.commit(reader.wanted()->size - 1);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message, "x.zip is no whole zip archive: it ended while it was being read");
}

TEST(Archive, EntryThatLeavesItsPlaceIsRefused) {
  std::string bytes = two_files();
  const std::size_t local = bytes.find("a.csv");
  bytes[local] = 'c';
  EXPECT_EQ(read(bytes, true), "x.zip/a.csv does not stand where the directory of the archive says; the archive is damaged");
}

TEST(Archive, IsLookedAtByItsFirstFileWithRows) {
  const std::string bytes =
      zip({{"1.csv", ""}, {"2.csv", kColumns}, {"3.csv", kColumns + "u,1757000005,click,i\n"}, {"4.csv", "x"}});
  const auto inspection = inspect_by_ranges("x.zip", std::span(bytes).first(8), bytes.size(), {}, 5);
  while (const auto range = inspection->wanted()) {
    std::memcpy(inspection->room(range->size).data(), bytes.data() + range->offset, range->size);
    inspection->supply(range->size);
  }
  const Preview& preview = inspection->preview();
  EXPECT_EQ(preview.name, "x.zip/3.csv");
  EXPECT_EQ(preview.files, 4u);
  EXPECT_EQ(preview.rows.size(), 1u);
  EXPECT_FALSE(preview.problem);
}

}  // namespace
}  // namespace causal_sessions
