// JSON of plans and manifests.
#include "formats/json/parse.h"

#include <gtest/gtest.h>

#include <string>

namespace causal_sessions {
namespace {

// The library ends a text at a zero byte: what stands behind one would be passed over in silence.
TEST(JsonValue, NothingHidesBehindAZeroByte) {
  const std::string text = R"({"profile": "causal"})";
  EXPECT_TRUE(is_json(text));
  EXPECT_FALSE(parse_json_value(text).is_discarded());
  for (const char* behind : {"", "x", R"({"profile": "notebook"})"}) {
    const std::string hidden = text + '\0' + behind;
    EXPECT_FALSE(is_json(hidden)) << behind;
    EXPECT_TRUE(parse_json_value(hidden).is_discarded()) << behind;
  }
}

}  // namespace
}  // namespace causal_sessions
