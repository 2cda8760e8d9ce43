#include "text/arguments.h"

#include <gtest/gtest.h>

namespace causal_sessions {
namespace {

using Words = std::vector<std::string>;

Arguments read(const Words& words) {
  const Result<Arguments> arguments = read_arguments(words);
  EXPECT_TRUE(arguments.ok()) << arguments.error().message;
  return arguments.ok() ? arguments.value() : Arguments();
}

std::string refusal(const Words& words) {
  const Result<Arguments> arguments = read_arguments(words);
  return arguments.ok() ? "" : arguments.error().message;
}

TEST(Arguments, OptionsStandAnywhere) {
  for (const Words& words : {Words{"prepare", "a.csv", "--out", "x", "--json"}, Words{"--json", "prepare", "--out=x", "a.csv"},
                             Words{"--out", "x", "--json", "prepare", "a.csv"}}) {
    const Arguments arguments = read(words);
    EXPECT_EQ(arguments.command, "prepare");
    EXPECT_EQ(arguments.files, Words{"a.csv"});
    EXPECT_EQ(arguments.at("out"), "x");
    EXPECT_TRUE(arguments.has("json"));
  }
}

TEST(Arguments, ValuesMayLookLikeOptions) {
  EXPECT_EQ(read({"simulate", "--out", "-", "--effect", "-2"}).at("effect"), "-2");
  EXPECT_EQ(read({"prepare", "--out", "x", "--", "--odd.csv", "-"}).files, (Words{"--odd.csv", "-"}));
  EXPECT_EQ(read({"prepare", "a", "--out=--quiet"}).at("out"), "--quiet");
}

TEST(Arguments, SettingsAreAllKeptAndOthersOnce) {
  const Arguments arguments = read({"plan", "--set", "a=1", "--set=b=2", "--profile", "x", "--profile", "causal"});
  EXPECT_EQ(arguments.settings, (Words{"a=1", "b=2"}));
  EXPECT_EQ(arguments.at("profile"), "causal");
}

TEST(Arguments, MemoryHasAUnit) {
  const auto memory = [](const std::string& text) { return read({"audit", "a", "--memory", text}).memory(); };
  EXPECT_EQ(memory("2G"), 2'000'000'000u);
  EXPECT_EQ(memory("500MB"), 500'000'000u);
  EXPECT_EQ(read({"audit", "a"}).memory(), std::nullopt);
  for (const char* text : {"", "2", "G", "B", "GB", "2g", "-1G", "1.5G", "2 G", "15M", "9999999G"}) {
    EXPECT_EQ(refusal({"audit", "a", "--memory", text}),
              "--memory is " + std::string(text) + "; it must be a whole number with M or G, from 16M on, as 2G");
  }
}

TEST(Arguments, APartIsOneOfSeveral) {
  const auto share = [](const std::string& text) { return read({"partial", "a", "--out", "x", "--part", text}).share(); };
  EXPECT_EQ(share("3/64"), std::pair(3u, 64u));
  EXPECT_EQ(share("1/1"), std::pair(1u, 1u));
  EXPECT_EQ(read({"partial", "a", "--out", "x"}).share(), std::pair(0u, 0u));
  for (const char* text : {"", "3", "3/", "/3", "0/3", "4/3", "1/0", "1/2/3", "1/99999", "a/b"}) {
    EXPECT_EQ(refusal({"partial", "a", "--out", "x", "--part", text}),
              "--part is " + std::string(text) + "; it must be a part and of how many, as 3/64, up to 9999");
  }
  EXPECT_EQ(read({"partial", "-", "--out", "-", "--name", "day"}).at("name"), "day");
  EXPECT_EQ(refusal({"partial", "a", "--out", "-", "--name", "day"}),
            "--name says what standard input is called, which - stands for");
}

TEST(Arguments, HelpAndVersionGoBeforeAll) {
  for (const Words& words : {Words{}, Words{"-h"}, Words{"prepare", "--help"}}) EXPECT_EQ(read(words).command, "help");
  EXPECT_EQ(read({"nonsense", "--version"}).command, "version");
  EXPECT_EQ(read({"plan", "-h", "session"}).command, "plan");
  EXPECT_EQ(read({"inspect", "--", "--help"}).files, Words{"--help"});
  EXPECT_EQ(read({"inspect", "--", "--version"}).command, "inspect");
}

TEST(Arguments, WrongUsesAreNamed) {
  EXPECT_EQ(refusal({"prepare", "a", "--out"}), "--out needs a value");
  EXPECT_EQ(refusal({"prepare", "a", "--out", "--quiet"}),
            "--out needs a value; one that begins with -- stands behind =, as in --out=--quiet");
  EXPECT_EQ(refusal({"prepare", "--set", "--", "a"}),
            "--set needs a value; one that begins with -- stands behind =, as in --set=--");
  EXPECT_EQ(refusal({"prepare", "a", "--outt", "--quiet"}), "prepare has no option --outt");
  EXPECT_EQ(refusal({"prepare", "a", "--out="}), "prepare: missing --out DIR (where to write)");
  EXPECT_EQ(refusal({"audit", "a", "--threads", "4294967297"}),
            "--threads is 4294967297; it must be a whole number from 1 to 256");
  EXPECT_EQ(refusal({"audit", "a", "-x"}), "audit has no option -x");
  EXPECT_EQ(refusal({"plan", "--json=no"}), "--json takes no value");
}

TEST(Arguments, SimulateHasItsOwnNames) {
  const auto named =
      simulation_of(read({"simulate", "--out", "x", "--late", "0.1", "--coarse-clock", "5", "--events", "10", "--no-truth"}));
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"lateShare", "0.1"}, {"coarseClock", "5"}, {"events", "10"}};
  EXPECT_EQ(named, expected);
}

TEST(Refusals, EndTheCommandByTheirCode) {
  EXPECT_EQ(exit_code_of("badPlan"), 2);
  EXPECT_EQ(exit_code_of("badRows"), 1);
  EXPECT_EQ(exit_code_of("stopped"), 130);
  EXPECT_EQ(refusal_text("wrongUse", "what\x1b"), "causal-sessions: what\\x1b\nTry: causal-sessions --help\n");
  EXPECT_EQ(refusal_text("stopped", ""), "causal-sessions: stopped; nothing was written.\n");
}

}  // namespace
}  // namespace causal_sessions
