// A file cut into pieces anywhere gives what it gives in one piece, mistakes and their places included.
//
// The reader decides on a layout once it has 64 KB, so each text begins with more than that; the cuts are behind it.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/run.h"

namespace causal_sessions {
namespace {

struct Text {
  const char* name;
  const char* head;  // the first line
  const char* row;   // as often as fills 64 KB
  const char* tail;  // where the cuts are
  const char* foot;
};

constexpr Text kTexts[] = {
    {"CSV", "user,time,type,item\r\n", "u,2025-09-05 10:00:00.000001,impression,i\r\n",
     "\"v,1\",2025-09-05T10:00:00Z,click,\"say \"\"hi\"\"\"\r\n\r\nw,2025-09-05,auction,\n"
     "日本,2025-09-05 10:00:01,purchase,\"two\r\nlines\"\r\"😀\",\"2025-09-05 10:00:02\",impression,é\n日本,2025-09-05 "
     "11:00:00,click,x",
     ""},
    {"CSV with a bad time", "user,time,type,item\n", "u,2025-09-05 10:00:00,impression,i\n",
     "v,2025-09-05 10:00:00,click,\"a\nb\"\nw,05/09/2025,click,c\nx,2025-09-05,click,d\n", ""},
    {"CSV with an open quote", "user,time,type,item\n", "u,2025-09-05 10:00:00,impression,i\n",
     "v,2025-09-05 10:00:00,click,a\nw,2025-09-05 10:00:00,click,\"b\nx,2025-09-05,click,c\n", ""},
    {"CSV that is not UTF-8", "user,time,type,item\n", "u,2025-09-05 10:00:00,impression,i\n",
     "v,2025-09-05 10:00:00,click,a\nw,2025-09-05 10:00:00,click,caf\xE9\nx,2025-09-05,click,c\n", ""},
    {"JSON lines", "", "{\"user\":\"u\",\"time\":1757066400,\"type\":\"impression\",\"item\":\"i\"}\n",
     "{\"user\": \"v\\u00e9\\n\", \"time\": 1757066401, \"type\": \"click\", \"extra\": {\"a\": [1, \"}\"]}}\n\n"
     "{\"item\":null,\"user\":-0,\"type\":\"purchase\",\"time\":1757066402}\r\n"
     "{\"user\":\"日本\",\"time\":\"1757066403\",\"type\":\"click\",\"item\":1.50}",
     ""},
    {"JSON array", "[", "{\"user\":\"u\",\"time\":1757066400,\"type\":\"impression\",\"item\":\"i\"},\n",
     "{\"user\": \"v\", \"time\": 1757066401, \"type\": \"click\"} ,\n {\"user\":true,\"type\":\"purchase\",\"time\":1757066402}",
     "]"},
    {"JSON array with a missing comma", "[", "{\"user\":\"u\",\"time\":1757066400,\"type\":\"impression\",\"item\":\"i\"},\n",
     "{\"user\": \"v\", \"time\": 1757066401, \"type\": \"click\"} {\"user\":\"w\",\"type\":\"click\",\"time\":1757066402}", "]"},
};

class Cut : public testing::TestWithParam<Text> {};

TEST_P(Cut, ChangesNothing) {
  const Text& text = GetParam();
  std::string whole = text.head;
  while (whole.size() <= 66'000) whole += text.row;
  const std::size_t first = whole.size();
  whole.append(text.tail).append(text.foot);
  const std::string expected = support::run(Plan(), {support::Input{whole}}).transcript();
  std::vector<std::size_t> every;
  for (std::size_t cut = first; cut < whole.size(); ++cut) {
    every.push_back(cut);
    ASSERT_EQ(support::difference(expected, support::run(Plan(), {support::Input{whole, {cut}}}).transcript()), "")
        << "cut at byte " << cut;
  }
  EXPECT_EQ(support::difference(expected, support::run(Plan(), {support::Input{whole, every}}).transcript()), "")
      << "byte by byte";
}

INSTANTIATE_TEST_SUITE_P(Texts, Cut, testing::ValuesIn(kTexts), [](const auto& text) {
  std::string name = text.param.name;
  std::erase_if(name, [](char c) { return c == ' ' || c == '-'; });
  return name;
});

}  // namespace
}  // namespace causal_sessions
