#include "ingest/columns/path.h"

#include <gtest/gtest.h>

#include <string>

namespace causal_sessions {
namespace {

// A step a line, as the test reads them.
std::string steps_of(std::string_view text) {
  const std::optional<Path> path = read_path(text);
  if (!path) return "none";
  std::string steps;
  for (const PathStep& step : *path) {
    if (!steps.empty()) steps += ' ';
    switch (step.kind) {
      case PathStep::Kind::kKey: steps += "key:" + step.key; break;
      case PathStep::Kind::kIndex: steps += "index:" + std::to_string(step.index); break;
      case PathStep::Kind::kWhere: steps += "where:" + step.key + "=" + step.value; break;
      case PathStep::Kind::kEach: steps += "each"; break;
      case PathStep::Kind::kRows: steps += "rows"; break;
    }
  }
  return steps;
}

TEST(Path, HasStepsOfFourKinds) {
  struct Text {
    const char *text, *steps;
  };
  for (const Text& row : {
           Text{"user", "key:user"},
           Text{"properties.product_id", "key:properties key:product_id"},
           Text{"items[0].item_id", "key:items index:0 key:item_id"},
           Text{"items[].item_id", "key:items each key:item_id"},
           Text{"tags[]", "key:tags each"},
           Text{"event_params[key=ga_session_id].value.int_value",
                "key:event_params where:key=ga_session_id key:value key:int_value"},
           Text{"a[b=\"x]y\"].c", "key:a where:b=x]y key:c"},
           Text{"p[\"utm.source\"]", "key:p key:utm.source"},
           Text{"p[\"a\\\"b\"].c", "key:p key:a\"b key:c"},
           Text{"$insert_id", "key:$insert_id"},
           Text{"a b.c d", "key:a b key:c d"},
           Text{"", "none"},
           Text{".a", "none"},
           Text{"a.", "none"},
           Text{"a..b", "none"},
           Text{"a[", "none"},
           Text{"a[0", "none"},
           Text{"a[x]", "none"},
           Text{"a[=x]", "none"},
           Text{"a[1234567]", "none"},
           Text{"a[0]b", "none"},
       }) {
    EXPECT_EQ(steps_of(row.text), row.steps) << row.text;
  }
}

TEST(Path, HasAtMostSoManySteps) {
  std::string text = "a";
  for (std::size_t i = 1; i < kMostSteps; ++i) text += ".a";
  EXPECT_TRUE(read_path(text).has_value());
  EXPECT_FALSE(read_path(text + ".a").has_value());
}

TEST(Path, KeysThatHoldSignsAreQuoted) {
  for (const char* key : {"plain", "a.b", "a[b", "a\"b", "a\\b", "", "a]"}) {
    const std::optional<Path> path = read_path("x" + key_step(key));
    ASSERT_TRUE(path.has_value()) << key;
    EXPECT_EQ(path->back().key, key);
  }
}

}  // namespace
}  // namespace causal_sessions
