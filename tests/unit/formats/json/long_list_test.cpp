#include "formats/json/long_list.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace causal_sessions {
namespace {

TEST(LongList, IsWrittenAsIfItHadBeenThere) {
  const Json odd = {{"name", "a \"files\": \"\x01\" \n b"}, {"empty", Json::array()}, {"deep", {{"list", {1, 2.5, nullptr}}}}};
  for (const std::vector<Json>& elements :
       std::vector<std::vector<Json>>{{}, {odd}, {odd, Json("\xFF"), odd}, {Json::object(), 5, Json::array()}}) {
    const auto document = [&](Json list) {
      return document_of(
          {{"files", "\x01"}, {"text", "\"files\": \"\x01\""}, {"input", {{"rows", 3}, {"inputs", std::move(list)}, {"x", {}}}}});
    };
    EXPECT_EQ(with_long_list(document(long_list_mark()), "inputs", elements.size(), [&](std::size_t i) { return elements[i]; }),
              document(Json(elements)));
  }
}

}  // namespace
}  // namespace causal_sessions
