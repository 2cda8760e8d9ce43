// The same table in every dialect gives the same result.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "property/streams.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using streams::CsvDialect;
using streams::Dice;

std::string result_of(const std::string& text) {
  const support::Outcome outcome = support::run(text);
  return outcome.ok() ? outcome.sessions() + outcome.vocabulary + outcome.metadata : outcome.message();
}

std::string dialect_name(const CsvDialect& dialect) {
  std::string name = "separator '" + std::string(1, dialect.separator) + "'";
  name += dialect.line_end == "\n" ? ", LF" : dialect.line_end == "\r" ? ", CR" : ", CRLF";
  if (dialect.byte_order_mark) name += ", BOM";
  if (dialect.quote_all) name += ", all quoted";
  if (!dialect.final_line_end) name += ", no final line end";
  return name;
}

TEST(DialectProperty, EveryDialectGivesTheSame) {
  for (std::uint32_t seed = 0; seed < 12; ++seed) {
    Dice dice(seed);
    streams::StreamOptions options;
    options.users = 12;
    options.events = 120;
    options.types = Plan().reading.events.types;
    const std::vector<reference::Event> events = streams::random_events(dice, options);
    const std::string expected = result_of(streams::csv_text(events));
    EXPECT_NE(expected.find("\"session_id\""), expected.npos) << expected;
    for (const char separator : {',', ';', '\t', '|'}) {
      for (const char* line_end : {"\n", "\r\n", "\r"}) {
        for (const bool byte_order_mark : {false, true}) {
          for (const bool quote_all : {false, true}) {
            for (const bool final_line_end : {false, true}) {
              const CsvDialect dialect{separator, line_end, byte_order_mark, quote_all, final_line_end};
              ASSERT_EQ(support::difference(expected, result_of(streams::csv_text(events, dialect))), "")
                  << "seed " << seed << ", " << dialect_name(dialect);
            }
          }
        }
      }
    }
    EXPECT_EQ(support::difference(expected, result_of(streams::json_array_text(events))), "") << "seed " << seed;
    EXPECT_EQ(support::difference(expected, result_of(streams::json_lines_text(events))), "") << "seed " << seed;
    EXPECT_EQ(support::difference(expected, result_of("\xEF\xBB\xBF" + streams::json_lines_text(events))), "") << "seed " << seed;
  }
}

TEST(DialectProperty, SplittingATableOverFilesChangesNothing) {
  for (std::uint32_t seed = 100; seed < 130; ++seed) {
    Dice dice(seed);
    streams::StreamOptions options;
    options.types = Plan().reading.events.types;
    const std::vector<reference::Event> events = streams::random_events(dice, options);
    const std::string expected = result_of(streams::csv_text(events));
    const auto cut = events.begin() + 1 + dice.below(std::max<std::size_t>(events.size(), 2) - 1);
    if (cut >= events.end()) continue;
    const std::vector<reference::Event> first(events.begin(), cut), second(cut, events.end());
    const support::Outcome outcome = support::run(Plan(), {{streams::csv_text(first, {';', "\r\n", true, false, false}), {}, "a"},
                                                           {streams::json_lines_text(second), {}, "b"}});
    ASSERT_TRUE(outcome.ok()) << outcome.message();
    EXPECT_EQ(support::difference(expected, outcome.sessions() + outcome.vocabulary + outcome.metadata), "") << seed;
  }
}

}  // namespace
}  // namespace causal_sessions
