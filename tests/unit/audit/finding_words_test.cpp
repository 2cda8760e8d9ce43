#include "audit/finding_words.h"

#include <gtest/gtest.h>

namespace causal_sessions {
namespace {

TEST(FindingWords, FiguresStandInTheirSentence) {
  struct Case {
    const char *name, *pattern, *figures, *text;
  };
  for (const Case& c : {
           Case{"a count", "of {rows}", R"({"rows": 12345})", "of 12,345"},
           Case{"one of something", "{rows|row}", R"({"rows": 1})", "1 row"},
           Case{"several", "{rows|row}", R"({"rows": 1200})", "1,200 rows"},
           Case{"none", "{rows|row}", R"({"rows": 0})", "0 rows"},
           Case{"a figure inside another", "{control.rows} and {ends.1}", R"({"control": {"rows": 7}, "ends": [0, 3]})",
                "7 and 3"},
           Case{"a share", "{share%}", R"({"share": 0.0316})", "3.2%"},
           Case{"a rise", "{low pp}", R"({"low": 0.0944})", "+9.4 points"},
           Case{"a fall", "{low pp}", R"({"low": -0.0056})", "−0.6 points"},
           Case{"no change", "{low pp}", R"({"low": -0.0001})", "0.0 points"},
           Case{"a minute of hours", "{gap h}", R"({"gap": 0.016666666666666666})", "1 minute"},
           Case{"hours", "{gap h}", R"({"gap": 1.5})", "1.5 hours"},
           Case{"days", "{gap h}", R"({"gap": 168})", "7 days"},
           Case{"a number", "{auc}", R"({"auc": 0.8123})", "0.81"},
           Case{"a small number", "{auc}", R"({"auc": 0.0012})", "0.0012"},
           Case{"a text", "“{type}”", R"({"type": "click"})", "“click”"},
           Case{"a rule", "{filter:}", R"({"filter": "shortX"})", "minimum events in X"},
           Case{"nothing", "{auc}", R"({"auc": null})", "n/a"},
           Case{"a part with its figure", "a[, {more}]", R"({"more": 2})", "a, 2"},
           Case{"a part without", "a[, {more}]", R"({"more": null})", "a"},
           Case{"a part of none", "a[, {more}].", R"({"more": 0})", "a."},
           Case{"a part that is absent", "a[, {more}]", "{}", "a"},
           Case{"a token in brackets", "{share%} are [UNK].", R"({"share": 0.5})", "50.0% are [UNK]."},
       }) {
    EXPECT_EQ(filled_with(c.pattern, Json::parse(c.figures)), c.text) << c.name;
  }
}

}  // namespace
}  // namespace causal_sessions
