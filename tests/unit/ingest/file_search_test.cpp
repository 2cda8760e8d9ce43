#include "ingest/file_search.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace causal_sessions {
namespace {

// A folder of a file system that is not there: names, with "/" behind folders and "@target" behind links to them.
using Folders = std::map<std::string, std::vector<std::string>>;

struct Answer {
  std::vector<std::string> names, paths;
  std::uint64_t passed_over = 0;
  std::string refusal;
  std::vector<std::string> listed;
};

Answer search(const std::string& word, bool pattern, const Folders& folders) {
  Answer answer;
  FileSearch search(word, pattern);
  std::map<std::string, std::string> identities;
  while (const auto folder = search.folder()) {
    std::string real = *folder;
    // Whatever is below a link is below its target.
    for (const auto& [link, target] : identities) {
      if (real == link || real.starts_with(link + "/")) real = target + real.substr(link.size());
    }
    const auto entries = folders.find(real);
    if (entries == folders.end()) continue;
    if (!search.begin(real)) continue;
    answer.listed.push_back(*folder);
    EXPECT_LT(answer.listed.size(), 100u) << "it goes in a circle";
    if (answer.listed.size() >= 100) break;
    for (std::string name : entries->second) {
      const std::size_t at = name.find('@');
      if (at != name.npos) {
        identities[*folder + "/" + name.substr(0, at)] = name.substr(at + 1);
        search.add(name.substr(0, at), EntryKind::kFolderLink);
      } else if (name.ends_with('/')) {
        search.add(name.substr(0, name.size() - 1), EntryKind::kFolder);
      } else {
        search.add(name, name.ends_with('|') ? EntryKind::kOther : EntryKind::kFile);
      }
    }
  }
  const Result<std::vector<FoundFile>> found = search.found();
  if (!found.ok()) answer.refusal = found.error().message;
  else {
    for (const FoundFile& file : found.value()) {
      answer.names.push_back(file.name());
      answer.paths.push_back(file.path);
    }
  }
  answer.passed_over = search.passed_over();
  return answer;
}

using Names = std::vector<std::string>;

TEST(FileSearch, FolderGivesAllFilesBelowByTheirPaths) {
  const Folders folders = {{"in/events", {"b.csv", "type=click/", "type-x.csv", "a/", "B.csv", "\xC3\xA9.csv"}},
                           {"in/events/type=click", {"part-0.parquet", "deep/"}},
                           {"in/events/type=click/deep", {"x"}},
                           {"in/events/a", {}}};
  const Answer answer = search("in/events/", false, folders);
  EXPECT_EQ(answer.names, (Names{"events/B.csv", "events/b.csv", "events/type-x.csv", "events/type=click/deep/x",
                                 "events/type=click/part-0.parquet", "events/\xC3\xA9.csv"}));
  EXPECT_EQ(answer.paths.front(), "in/events/B.csv");
  EXPECT_EQ(answer.passed_over, 0u);
}

TEST(FileSearch, HiddenNamesArePassedOverAndCounted) {
  const Folders folders = {{"e", {"_SUCCESS", ".part-0.crc", "part-0", "_temporary/", "_delta_log/", "d/", "pipe|"}},
                           {"e/_temporary", {"part-1"}},
                           {"e/d", {".hidden", "x_y.csv"}}};
  const Answer answer = search("e", false, folders);
  EXPECT_EQ(answer.names, (Names{"e/d/x_y.csv", "e/part-0"}));
  EXPECT_EQ(answer.passed_over, 6u);
  EXPECT_EQ(answer.listed, (Names{"e", "e/d"})) << "a hidden folder is not listed";
}

TEST(FileSearch, GivenFolderMayBeHiddenItself) { EXPECT_EQ(search("_e", false, {{"_e", {"a"}}}).names, Names{"_e/a"}); }

TEST(FileSearch, NamesBeginAtTheLastFixedFolder) {
  EXPECT_EQ(search(".", false, {{".", {"a"}}}).names, Names{"a"});
  EXPECT_EQ(search("./x//y/.", false, {{"x/y", {"a"}}}).names, Names{"y/a"});
  EXPECT_EQ(search("/x/y", false, {{"/x/y", {"a"}}}).paths, Names{"/x/y/a"});
  EXPECT_EQ(search("..", false, {{"..", {"a"}}}).names, Names{"a"});
  EXPECT_EQ(search("/", false, {{"/", {"a"}}}).paths, Names{"/a"});
  EXPECT_EQ(search("/x/y/*/z", true, {{"/x/y", {"q/"}}, {"/x/y/q", {"z"}}}).names, Names{"y/q/z"});
  EXPECT_EQ(search("*", true, {{".", {"a"}}}).names, Names{"a"});
}

TEST(FileSearch, LinksAreFollowedOnceAndNeverInCircles) {
  const Folders folders = {{"/e", {"a@/e/real", "real/", "up@/", "self@/e", "other@/far"}},
                           {"/e/real", {"x", "back@/e", "sideways@/far/deep"}},
                           {"/far", {"y", "deep/"}},
                           {"/far/deep", {"z"}},
                           {"/", {"e/", "secret"}}};
  const Answer answer = search("/e", false, folders);
  EXPECT_EQ(answer.names, (Names{"e/other/deep/z", "e/other/y", "e/real/x"}));
}

TEST(FileSearch, ManyFoldersThatLeadToEachOtherAreReadOnce) {
  Folders folders;
  for (int i = 0; i < 20; ++i) {
    const std::string name = "f" + std::to_string(i);
    folders["e"].push_back(name + "/");
    folders["e/" + name].push_back("x");
    for (int j = 0; j < 20; ++j) folders["e/" + name].push_back("to" + std::to_string(j) + "@e/f" + std::to_string(j));
  }
  const Answer answer = search("e", false, folders);
  EXPECT_EQ(answer.names.size(), 20u);
  EXPECT_EQ(answer.listed.size(), 21u);
}

TEST(FileSearch, WithoutAFileIsRefusedInOneSentence) {
  EXPECT_EQ(search("e", false, {{"e", {}}}).refusal, "e has no file to read");
  EXPECT_EQ(search("e", false, {{"e", {"_SUCCESS", ".x"}}}).refusal,
            "e has no file to read; names that begin with . or _ are passed over, 2 of them");
  EXPECT_EQ(search("e/*.csv", true, {{"e", {"a.tsv", "_SUCCESS"}}}).refusal, "e/*.csv matches no file");
  EXPECT_EQ(search("e/*.csv", true, {{"e", {"_a.csv"}}}).refusal,
            "e/*.csv matches no file; names that begin with . or _ are passed over, 1 of them, unless they are asked for");
  EXPECT_EQ(search("nowhere/*.csv", true, {}).refusal, "nowhere/*.csv matches no file");
}

TEST(FileSearch, Patterns) {
  const Folders folders = {
      {"e", {"a.csv", "b.csv", "ab.csv", "c.parquet", ".h.csv", "_s.csv", "d=1/", "d=2/", "[x].csv", "\xC3\xA9.csv"}},
      {"e/d=1", {"a.csv", "p.parquet", "sub/"}},
      {"e/d=1/sub", {"a.csv", ".git/"}},
      {"e/d=1/sub/.git", {"a.csv"}},
      {"e/d=2", {"q.csv"}}};
  struct Row {
    const char* pattern;
    Names names;
  };
  const Row rows[] = {
      {"e/*.parquet", {"e/c.parquet"}},
      {"e/?.csv", {"e/a.csv", "e/b.csv", "e/\xC3\xA9.csv"}},
      {"e/[ab].csv", {"e/a.csv", "e/b.csv"}},
      {"e/[a-c].*", {"e/a.csv", "e/b.csv", "e/c.parquet"}},
      {"e/[!a].csv", {"e/b.csv", "e/\xC3\xA9.csv"}},
      {"e/[\xC3\xA0-\xC3\xBF].csv", {"e/\xC3\xA9.csv"}},
      {"e/[[]x].csv", {"e/[x].csv"}},
      {"e/d=?/*.csv", {"e/d=1/a.csv", "e/d=2/q.csv"}},
      {"e/d=[1]", {"e/d=1/a.csv", "e/d=1/p.parquet", "e/d=1/sub/a.csv"}},
      {"e/**/a.csv", {"e/a.csv", "e/d=1/a.csv", "e/d=1/sub/a.csv"}},
      {"e/**/sub/**", {"e/d=1/sub/a.csv"}},
      {"e/**/d=*/**/a.csv", {"e/d=1/a.csv", "e/d=1/sub/a.csv"}},
      {"e/.*", {"e/.h.csv"}},
      {"e/_*.csv", {"e/_s.csv"}},
      {"e/**/.git/*", {"e/d=1/sub/.git/a.csv"}},
      {"e/*a*b*", {"e/ab.csv"}},
      {"e/*/*/*", {"e/d=1/sub/a.csv"}},
  };
  for (const Row& row : rows) {
    EXPECT_TRUE(is_pattern(row.pattern)) << row.pattern;
    EXPECT_EQ(search(row.pattern, true, folders).names, row.names) << row.pattern;
  }
  EXPECT_EQ(search("e/*/", true, folders).names, search("e/*", true, folders).names);
  EXPECT_EQ(search("e/*", true, folders).names.size(), 10u) << "folders that match are taken whole";
  EXPECT_EQ(search("e/*", true, folders).passed_over, 3u);
  EXPECT_EQ(search("e/**/*.csv", true, folders).passed_over, 3u);
}

TEST(FileSearch, AHostilePatternEndsSoon) {
  std::string pattern, name(2000, 'a');
  for (int i = 0; i < 500; ++i) pattern += "*a";
  pattern += "b";
  EXPECT_EQ(search("e/" + pattern, true, {{"e", {name}}}).names, Names{});
  std::string deep = "e";
  for (int i = 0; i < 500; ++i) deep += "/**";
  EXPECT_EQ(search(deep + "/x", true, {{"e", {"x", "d/"}}, {"e/d", {"x"}}}).names, (Names{"e/d/x", "e/x"}));
}

TEST(FileSearch, APatternHasAWildcard) {
  for (const char* word : {"a*", "**/x", "a?.csv", "[ab]", "x[!a]"}) EXPECT_TRUE(is_pattern(word)) << word;
  for (const char* word : {"a.csv", "[x", "x]", "a[]b", "{a,b}", "", "-"}) EXPECT_FALSE(is_pattern(word)) << word;
}

TEST(FileSearch, PathsThatABrowserListsAreChosenAlike) {
  const std::vector<std::string> paths = {"e/d/x", "e/_SUCCESS", "e/_t/a", "e/_t/b/c", "e/.a", "e/d/.crc/1", "e/a", "e/d-1"};
  const ChosenFiles chosen = choose_files(paths);
  Names names;
  for (const std::size_t i : chosen.taken) names.push_back(paths[i]);
  EXPECT_EQ(names, (Names{"e/a", "e/d-1", "e/d/x"}));
  EXPECT_EQ(chosen.passed_over, 4u) << "a folder counts once";
  EXPECT_EQ(choose_files({}).taken.size(), 0u);
}

TEST(FileSearch, PlacesOfAManifestsNamesStayInTheirFolder) {
  EXPECT_EQ(places_of("a.csv"), Names{"a.csv"});
  EXPECT_EQ(places_of("e/d=1/a.csv"), (Names{"e/d=1/a.csv", "d=1/a.csv"}));
  EXPECT_EQ(places_of("/etc/passwd"), Names{"passwd"});
  EXPECT_EQ(places_of("../../a.csv"), Names{"a.csv"});
  EXPECT_EQ(places_of("e/../../a.csv"), Names{"a.csv"});
  EXPECT_EQ(places_of("C:\\x\\a.csv"), Names{"a.csv"});
}

}  // namespace
}  // namespace causal_sessions
