#include "formats/zip_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "core/crc32.h"
#include "support/bytes.h"

namespace causal_sessions {
namespace {

TEST(ZipWriter, EntriesAreWhereTheDirectorySays) {
  const std::string file = written(
                               [](ByteSink& sink) {
                                 sink.put("before");  // a file begins where the sink is
                                 ZipWriter zip(sink);
                                 zip.add("a.txt", [](ByteSink& out) { out.put("hello"); });
                                 zip.add("b.txt", [](ByteSink& out) { out.put(std::string(100, 'x')); });
                                 zip.finish();
                               },
                               64)
                               .substr(6);  // small, so that the file crosses the buffer's border
  const auto u32 = [&file](std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, file.data() + at, 4);
    return value;
  };
  const std::size_t end = file.size() - 22;
  ASSERT_EQ(u32(end), 0x06054b50u);
  const std::size_t first = u32(end + 16), second = first + 46 + 5;
  ASSERT_EQ(u32(first), 0x02014b50u);
  ASSERT_EQ(u32(second), 0x02014b50u);
  EXPECT_EQ(u32(first + 16), crc32({reinterpret_cast<const std::uint8_t*>("hello"), 5}));
  const std::size_t local = u32(second + 42);
  EXPECT_EQ(u32(local), 0x04034b50u);
  EXPECT_EQ(file.substr(local + 30, 5), "b.txt");
  EXPECT_EQ(file.substr(local + 35, 100), std::string(100, 'x'));
}

}  // namespace
}  // namespace causal_sessions
