#include "formats/json/write.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

#include "support/bytes.h"

namespace causal_sessions {
namespace {

using namespace std::string_view_literals;

std::string float_text(double value) {
  return written([&](ByteSink& sink) { put_float(sink, value); });
}

// Expected texts are Python's json.dumps.

TEST(PythonFloat, IsWrittenAsRepr) {
  struct Row {
    double value;
    std::string_view text;
  };
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const Row& row : {
           Row{0.0, "0.0"},
           Row{-0.0, "-0.0"},
           Row{1.0, "1.0"},
           Row{-2.5, "-2.5"},
           Row{24.0, "24.0"},
           Row{100.0, "100.0"},
           Row{0.1, "0.1"},
           Row{0.1 + 0.2, "0.30000000000000004"},
           Row{1.0 / 3.0, "0.3333333333333333"},
           Row{2.0 / 3.0, "0.6666666666666666"},
           Row{100.0 / 3.0, "33.333333333333336"},
           Row{0.0001, "0.0001"},
           Row{0.00012345678901234567, "0.00012345678901234567"},
           Row{0.00009999, "9.999e-05"},
           Row{2.65e-05, "2.65e-05"},
           Row{1e-5, "1e-05"},
           Row{1.0 / 6e7, "1.6666666666666667e-08"},
           Row{1e-100, "1e-100"},
           Row{123456789012345.6, "123456789012345.6"},
           Row{1e15, "1000000000000000.0"},
           Row{9007199254740993.0, "9007199254740992.0"},
           Row{9999999999999998.0, "9999999999999998.0"},
           Row{1e16, "1e+16"},
           Row{12345678901234567890.0, "1.2345678901234567e+19"},
           Row{1e22, "1e+22"},
           Row{1e23, "1e+23"},
           Row{9.5e22, "9.5e+22"},
           Row{std::ldexp(1.0, -44), "5.684341886080802e-14"},
           Row{std::ldexp(1.0, 60), "1.152921504606847e+18"},
           Row{2.2250738585072014e-308, "2.2250738585072014e-308"},
           Row{2.225073858507201e-308, "2.225073858507201e-308"},
           Row{5e-324, "5e-324"},
           Row{1.7976931348623157e308, "1.7976931348623157e+308"},
           Row{kInfinity, "Infinity"},
           Row{-kInfinity, "-Infinity"},
           Row{std::nan(""), "NaN"},
       }) {
    EXPECT_EQ(float_text(row.value), row.text);
  }
}

TEST(PythonFloat, ReadsBackToTheSameNumber) {
  std::uint64_t state = 1;
  for (int i = 0; i < 50'000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const int range = i % 10 == 0 ? 2000 : 90;  // all doubles, or from 1e-13 to 1e14
    const int exponent = static_cast<int>((state >> 20) % static_cast<unsigned>(range)) - range / 2;
    const double value = std::ldexp(static_cast<double>(state >> 11), exponent - 53);
    const std::string text = float_text(value);
    ASSERT_EQ(std::strtod(text.c_str(), nullptr), value) << text;
  }
}

TEST(PythonInt, IsWrittenInFull) {
  for (const std::uint64_t value :
       {std::uint64_t{0}, std::uint64_t{7}, std::uint64_t{1} << 32, std::numeric_limits<std::uint64_t>::max()}) {
    EXPECT_EQ(written([&](ByteSink& sink) { put_int(sink, value); }), std::to_string(value));
  }
}

TEST(PythonString, IsEscapedAsJsonDumps) {
  struct Row {
    std::string_view name, text, ascii, utf8;
  };
  for (const Row& row : {
           Row{"empty", "", R"("")", R"("")"},
           Row{"plain", "ext1:0b-4062_1", R"("ext1:0b-4062_1")", R"("ext1:0b-4062_1")"},
           Row{"quotes", R"(a,"b"\c'd/)", R"("a,\"b\"\\c'd/")", R"("a,\"b\"\\c'd/")"},
           Row{"named controls", "\n\r\t\f\b", R"("\n\r\t\f\b")", R"("\n\r\t\f\b")"},
           Row{"other controls", "\0\x01\x1f"sv, R"("\u0000\u0001\u001f")", R"("\u0000\u0001\u001f")"},
           Row{"delete", "a\x7f", R"("a\u007f")", "\"a\x7f\""},
           Row{"two bytes", "ü_ß", R"("\u00fc_\u00df")", "\"ü_ß\""},
           Row{"three bytes", "日本", R"("\u65e5\u672c")", "\"日本\""},
           Row{"line separator", "\xE2\x80\xA8", R"("\u2028")", "\"\xE2\x80\xA8\""},
           Row{"surrogate pair", "x🙂y", R"("x\ud83d\ude42y")", "\"x🙂y\""},
           Row{"last code point", "\xF4\x8F\xBF\xBF", R"("\udbff\udfff")", "\"\xF4\x8F\xBF\xBF\""},
       }) {
    EXPECT_EQ(written([&](ByteSink& sink) { put_json_string(sink, row.text); }), row.ascii) << row.name;
    EXPECT_EQ(written([&](ByteSink& sink) { put_json_string(sink, row.text, JsonText::kUtf8); }), row.utf8) << row.name;
  }
}

TEST(PythonString, SurvivesTextThatIsNotUtf8) {
  for (const std::string_view text : {"\xE6"sv, "\x80"sv, "ok\xF0\x9F"sv, "\xFF\xFF"sv}) {
    const std::string out = written([&](ByteSink& sink) { put_json_string(sink, text); });
    EXPECT_GE(out.size(), text.size() + 2);
  }
}

}  // namespace
}  // namespace causal_sessions
