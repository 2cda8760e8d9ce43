// However a file is cut into pieces, a run gives the same outputs or the same error.
//
// The reader looks at 64 KB before it decides anything, so what is cut here stands behind a first row longer than that.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "property/streams.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

using support::Input;
using support::plan_of;

constexpr std::size_t kSample = 64 << 10;

struct Case {
  const char* name;
  std::string head;  // rows that fill the sample, or of columns the beginning of one
  std::string tail;
  const char* plan = R"({"events": {"unknown": "drop"}})";
};

std::string long_note() { return std::string(kSample, 'n'); }

// Two rows with it fill the sample. If the first one alone did, twice as many bytes would be waited for before any is taken.
std::string half_note() { return std::string(40 << 10, 'n'); }
std::string twice(const std::string& row) { return row + row; }

std::vector<Case> cases() {
  const std::string csv = "user,time,type,item,note\n" + twice("u0,1757030400,click,i0," + half_note() + "\n");
  const std::string crlf = "user;time;type;item;note\r\n" + twice("u0;1757030400;click;i0;\"" + half_note() + "\"\r\n");
  const std::string cr = "user\ttime\ttype\titem\tnote\r" + twice("u0\t1757030400\tclick\ti0\t" + half_note() + "\r");
  const std::string one =
      "{\"user\":\"u0\",\"time\":1757030400,\"type\":\"click\",\"item\":\"i0\",\"note\":\"" + half_note() + "\"}";
  const std::string object = one + "\n" + one, array = "[" + one + "," + one;
  const char* strict = "";
  return {
      {"CSV", csv,
       "u1,1757030401,impression,i1,\n\"u,2\",1757030402,click,\"i\"\"2\"\"\",\"a\nb\"\nu1,1757030403.5,click,日本,🛒\n\n"
       ",1757030404,click,i3,\n,\"1757030404\",\"click\",\"i3\",\"\"\nu1,soon,click,i3,\nu1,1757030405,view,i3,\nu1,1\nu1,1,1,1,"
       "1,1\n"
       "u1,1757030406,purchase,,x"},
      {"CSV with CRLF", crlf,
       "\"u1\";1757030401;\"impression\";i1;\"a\r\nb\r\"\r\n\r\nu1;1757030402;click;\"\";\"\"\"\"\r\n\"u1x\";1757030403;click;i;"
       "\r\n"},
      {"CSV with CR", cr,
       "u1\t1757030401\timpression\ti1\t\"a\rb\"\ru1\t1757030402\tclick\t\"i\"\"\"\t\r\ru1\t1757030403\tclick\t\t"},
      {"CSV with text behind a quote", csv,
       "u1,1757030401,click,i1,\"a\nb\"\nu1,1757030402,click,\"i\n\"x,\nu2,1757030403,click,i3,\n"},
      {"CSV with a blank behind a quote and a bad byte", csv, "u1,1757030401,click,i1,\"日\" \nu1,1757030402,click,\xE9,\n",
       strict},
      {"CSV with escapes", csv,
       "u1,1757030401,click,\"TV 15\\\"\",\"a\\\\\"\nu\\,2,1757030402,impression,i\\N,\\\r\nu1,1757030403,purchase,,\\\n\\",
       R"({"input": {"escape": "\\"}, "events": {"unknown": "drop"}})"},
      {"CSV with comments", csv,
       "#\nu1,1757030401,click,i1,\"a\n#b\"\r\n# it's \"no row\"\r\n#\r\ru1,1757030402,purchase,#,\n# caf\xE9\nu1,1,1\n",
       R"({"input": {"comment": "#"}})"},
      {"GBK", csv,
       "u1,1757030401,click,\xD6\xD0\xCE\xC4,\x80\nu1,1757030402,purchase,\x94\x39\xDA\x33,\x81|\nu1,1757030403,click,\xD6\n",
       R"({"input": {"encoding": "gbk"}})"},
      {"Windows-1252", csv, "u1,1757030401,click,caf\xE9,\x80\nu1,1757030402,purchase,\x93\x94,\"\x81\n\"",
       R"({"input": {"encoding": "windows-1252"}})"},
      {"CSV without quotes", csv, "u1,1757030401,click,\"19 inch,\nu1,1757030402,purchase,24\",\"\n",
       R"({"input": {"quote": null}})"},
      {"CSV with rows in a quoted cell", csv, "u1,1757030401,click,i1,\"19 inch\nu1,1757030402,purchase,i2,24\"\n", strict},
      {"CSV with an unclosed quote", csv,
       "u1,1757030401,click,i1,\"a\nb\"\nu1,1757030402,click,\"i2,x\nu2,1757030403,click,i3,\n", strict},
      {"CSV that ends in a doubled quote", csv, "u1,1757030401,click,i1,\"x\"\"", strict},
      {"CSV that is not UTF-8", csv, "u1,1757030401,click,日,本\nu2,1757030402,click,caf\xE9,\nu3,1757030403,click,\xFF,\n",
       strict},
      {"CSV cut inside a character", csv, "u1,1757030401,click,i1,\xE6\x97", strict},
      {"CSV with a reserved item before a bad byte", csv, "u1,1757030401,click,[PAD],\nu1,1757030402,click,\xE9,\n", strict},
      {"CSV with a reserved item before an open quote", csv, "u1,1757030401,click,[PAD],\nu1,1757030402,click,\"i,\n", strict},
      {"CSV with bad rows", csv, "u1,1757030401,view,i1,\nu1,soon,click,i1,\nu1,1\n", strict},
      {"CSV with mixed units", csv, "u1,1757030401000,click,i1,\nu1,1757030402,click,i1,\n", strict},
      {"CSV with a zero byte", csv, std::string("u1,1757030401,click,i\0,\nu1,1757030402,click,i1,\n", 47), strict},
      {"JSON lines", object + "\n",
       "{\"user\":\"u\\n1\",\"time\":1757030401,\"type\":\"impression\",\"item\":\"\\ud83d\\uded2\"}\r\n\n"
       "{\"x\":[{\"a\":\"}\"},[]],\"user\":17,\"time\":\"1757030402.5\",\"type\":\"click\",\"item\":null} {\"user\":\"日本\",\n"
       "\"time\":1757030403,\"type\":\"purchase\"}\n{\"user\":{},\"time\":1757030404,\"type\":\"click\"}\n"
       "{\"user\":\"u\",\"time\":-1e3,\"type\":\"view\"}\n{}\n{\"user\":\"\",\"type\":true}"},
      {"JSON lines with halves of pairs and no numbers", object + "\n",
       "{\"user\":\"u1\",\"time\":1757030401.0,\"type\":\"click\",\"item\":7.0,\"x\":\"\\ud83d\",\"y\":[NaN,-Infinity]}\n"
       "{\"user\":\"\\ud83d\",\"time\":1757030402,\"type\":\"click\"}\n{\"user\":Infinity,\"time\":NaN,\"type\":\"click\","
       "\"item\":NaN}\n"
       "{\"user\":\"u1\",\"time\":1757030403,\"type\":\"click\",\"item\":NaN}\n"},
      {"JSON lines, then a byte that begins no character", object + "\n",
       "{\"user\":\"u\",\"time\":1757030401,\"type\":\"click\"}\n\xE6x\n", strict},
      {"JSON lines, then a character that is cut", object + "\n",
       "{\"user\":\"u\",\"time\":1757030401,\"type\":\"click\"}\n\xE6\x97", strict},
      {"JSON lines with commas", object + ",\n", "{\"user\":\"u\",\"time\":1757030401,\"type\":\"click\"},\n", strict},
      {"JSON array, then a byte that begins no character", array, "]\xE6x\n", strict},
      {"JSON array", array,
       " ,\n{\"user\":\"u\\\\\",\"time\":1757030401,\"type\":\"impression\",\"item\":\"\\\"\"},{\"user\":-0,\"time\":1757030402,"
       "\"type\":\"click\",\"late\":\"]\"}\n ]\n \n"},
      {"JSON lines with a key that comes late",
       twice("{\"user\":\"u0\",\"time\":1757030400,\"type\":\"click\",\"note\":\"" + half_note() + "\"}\n"),
       "{\"user\":\"u1\",\"time\":1757030401,\"type\":\"impression\",\"item\":\"i1\"}\n{\"user\":\"u1\",\"time\":1757030402,"
       "\"type\":\"click\"}\n"},
      {"JSON lines whose first object lacks a needed key",
       twice("{\"user\":\"u0\",\"time\":1757030400,\"note\":\"" + half_note() + "\"}\n"),
       "{\"user\":\"u1\",\"time\":1757030401,\"type\":\"click\"}\n"},
      {"JSON lines with two late keys for one role",
       twice("{\"user\":\"u0\",\"time\":1757030400,\"type\":\"click\",\"note\":\"" + half_note() + "\"}\n"),
       "{\"user\":\"u1\",\"time\":1757030401,\"type\":\"click\",\"item\":\"i1\"}\n{\"user\":\"u1\",\"time\":1757030402,\"type\":"
       "\"click\",\"sku\":\"s\"}\n"},
      {"JSON lines, then text", object + "\n", "{\"user\":\"u\",\"time\":1757030401,\"type\":\"click\"}\n日本 is no object\n{}",
       strict},
      {"JSON lines, broken object", object + "\n", "{\"user\":\"u\",\"time\":1757030401,\"type\":click}\n{}\n", strict},
      {"JSON lines, broken before it is not UTF-8", object + "\n", "{\"user\":u}\n{\"user\":\"\xE9\"}\n", strict},
      {"JSON lines that are not UTF-8", object + "\n",
       "{\"user\":\"u\",\"time\":1757030401,\"type\":\"click\"}\n{\"user\":\"\xE9\",\"x\":\"日\"}\n", strict},
      {"JSON lines with a reserved item before a mistake", object,
       "{\"user\":\"u\",\"time\":1757030401,\"type\":\"click\",\"item\":\"[PAD]\"}\n{\"user\"", strict},
      {"JSON lines without an end", object + "\n", "{\"user\":\"u\",\"x\":[\"\\\"]}\"", strict},
      {"JSON array without an end", array, ",{\"user\":\"u\",\"time\":1757030401,\"type\":\"click\"}\n", strict},
      {"JSON array with a comma too many", array, ",{\"user\":\"u\",\"time\":1757030401,\"type\":\"click\"},]", strict},
      {"JSON columns", "{\"note\":[\"" + long_note() + "\"",
       ",null,[{\"a\":\"]\"},[]] , 7],\n\"user\":[\"u\\n1\", "
       "\"u1\",\"日本\",17],\"ti\\u006de\":[1757030401,\"1757030402.5\",1757030403\n,1757030404],"
       "\"type\":[\"impression\",\"click\",\"click\",\"click\"],\"item\":[\"\\ud83d\\uded2\",null,-0,{}]}\n \n"},
      {"JSON columns with an index", "{\"note\":{\"é\":\"" + long_note() + "\"",
       ",\"1\":null} ,\"user\": {\"\\u00e9\" "
       ":\"u\",\"1\":\"v\"},\"time\":{\"é\":1757030401,\"1\":1757030402},\"type\":{\"é\":\"click\",\"1\":\"click\"}}"},
      {"JSON columns of two lengths", "{\"note\":[\"" + long_note() + "\"",
       "],\"user\":[\"u\",\"v\"],\"time\":[1],\"type\":[\"click\"]}", strict},
      {"JSON columns that are broken", "{\"note\":[\"" + long_note() + "\"", ",tru\u00e9],\"user\":[\"u\",\"\xE9\"]", strict},
      {"JSON columns that are not UTF-8", "{\"note\":[\"" + long_note() + "\"", ",nu\xC3ll,\"\xE9\"],\"user\":[\"u\",\"\xE9\"]",
       strict},
      {"JSON columns that are not UTF-8 between tokens", "{\"note\":[\"" + long_note() + "\"", ",\"\\n\" \xC3\x28", strict},
      {"JSON columns with rows in one of them", "{\"note\":[{\"user\":1,\"time\":\"" + long_note() + "\"}",
       "],\"n\":{\"a\":[7]}}", strict},
      {"JSON columns with halves of pairs and no numbers", "{\"note\":[\"" + long_note() + "\"",
       ",NaN,\"\\ud83d\",-Infinity],\"user\":[\"u\",7.0,\"\\ude00\",NaN],\"time\":[1757030401,1757030402.5,1757030403,1757030404]"
       ","
       "\"type\":[\"impression\",\"click\",\"click\",\"click\"],\"item\":[NaN,Infinity,1e1,\"i\"]}"},
      {"JSON columns without an end", "{\"note\":[\"" + long_note() + "\"", ",7],\"user\":[\"u\",12", strict},
      {"JSON columns with an index that differs", "{\"user\":{\"a\":\"" + long_note() + "\"", "},\"time\":{\"b\":1757030401}}",
       strict},
      {"JSON columns with text behind", "{\"note\":[\"" + long_note() + "\"", "]} 日", strict},
      {"JSON array with text behind", array, "]\n\n{}", strict},
  };
}

TEST(CutInputProperty, EveryCutGivesTheSame) {
  for (const Case& row : cases()) {
    const Plan plan = plan_of(row.plan);
    const std::string text = row.head + row.tail;
    const std::string expected = support::run(plan, text).transcript();
    for (std::size_t cut = row.head.size() - 2; cut < text.size(); ++cut) {
      const std::string found = support::run(plan, {Input{text, {cut}}}).transcript();
      ASSERT_EQ(support::difference(expected, found), "") << row.name << ", cut before \"" << text.substr(cut) << "\"";
    }
  }
}

// A first record longer than the sample: what is wrong with it, or behind it, must not depend on how much has come.
TEST(CutInputProperty, ALongFirstRecordIsJudgedAlikeHoweverItIsCut) {
  const std::string x(100'000, 'x');
  for (const std::string& text : {
           "user,when,\"" + x + "\"\nu,5,\xE9\n",
           "user,time,type," + x + "\xE9\nu,5,click,\n",
           "user,time,type,\"" + x + "\nu,5,click,\n",
           "user;time;type;\"" + x + ",\"a\nu;5;click;\n",
           "{\"user\":\"" + x + "\xE9\"}\n",
           "{\"user\":\"" + x + "\",\"when\":1}\n{\"user\":\"\xE9\"}\n",
           "[{\"user\":\"" + x + "\",\"time\":x}]",
           "PARENT_ID,user,\"" + x + "\"\n1,u,\0\n",
       }) {
    const std::string expected = support::run(Plan(), text).transcript();
    for (const std::size_t piece : {1000u, 7777u, 64u << 10, 99'990u, 100'100u}) {
      Input input{text};
      for (std::size_t at = piece; at < text.size(); at += piece) input.cuts.push_back(at);
      EXPECT_EQ(support::difference(expected, support::run(Plan(), {input}).transcript()), "") << text.substr(0, 20) << piece;
    }
  }
}

TEST(CutInputProperty, ByteByByteGivesTheSame) {
  for (const Case& row : cases()) {
    const Plan plan = plan_of(row.plan);
    Input input{row.head + row.tail};
    const std::string expected = support::run(plan, input.text).transcript();
    for (std::size_t at = 1; at < input.text.size(); ++at) input.cuts.push_back(at);
    ASSERT_EQ(support::difference(expected, support::run(plan, {input}).transcript()), "") << row.name;
  }
}

// Random tables of more than 64 KB, in random pieces.
TEST(CutInputProperty, RandomPiecesGiveTheSame) {
  for (std::uint32_t seed = 0; seed < 12; ++seed) {
    streams::Dice dice(seed);
    streams::StreamOptions options;
    options.users = 30;
    options.events = 3000;
    options.types = Plan().reading.events.types;
    const std::vector<reference::Event> events = streams::random_events(dice, options);
    const streams::CsvDialect dialect{dice.pick(std::string(",;\t|")),
                                      seed % 3 == 0   ? "\r\n"
                                      : seed % 3 == 1 ? "\r"
                                                      : "\n",
                                      seed % 2 == 0, seed % 4 == 0, true};
    for (const std::string& text :
         {streams::csv_text(events, dialect), streams::json_lines_text(events), streams::json_array_text(events)}) {
      const std::string expected = support::run(text).transcript();
      Input input{text};
      const std::uint32_t longest = dice.pick(std::vector<std::uint32_t>{10, 1000, 30'000, 200'000});
      for (std::size_t at = dice.below(longest); at < text.size(); at += dice.below(longest) + 1) input.cuts.push_back(at);
      EXPECT_EQ(support::difference(expected, support::run(Plan(), {input}).transcript()), "") << seed;
    }
  }
}

}  // namespace
}  // namespace causal_sessions
