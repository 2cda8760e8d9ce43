// Golden cases: what the notebook's own code made of an input, byte for byte.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "support/run.h"

namespace causal_sessions {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> folders_of(const fs::path& parent) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (fs::directory_iterator entry(parent, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->is_directory(error)) folders.push_back(entry->path());
  }
  EXPECT_FALSE(error) << parent << ": " << error.message();
  std::sort(folders.begin(), folders.end());
  return folders;
}

TEST(Cases, NotebookToTheByte) {
  const std::vector<fs::path> folders = folders_of(fs::path(TEST_CASES_DIR) / "notebook");
  EXPECT_GE(folders.size(), 12u);
  for (const fs::path& folder : folders) {
    SCOPED_TRACE(folder.filename().string());
    // Once in one piece, once in pieces of 4,000 bytes.
    for (const std::size_t piece : {std::size_t{1} << 30, std::size_t{4000}}) {
      support::Input input{support::read_file(folder / "events.csv")};
      for (std::size_t at = piece; at < input.text.size(); at += piece) input.cuts.push_back(at);
      const support::Outcome outcome = support::run(Plan(), {input});
      ASSERT_TRUE(outcome.ok()) << outcome.message();
      EXPECT_EQ(support::difference(support::read_file(folder / "expected/vocab.json"), outcome.vocabulary), "");
      EXPECT_EQ(support::difference(support::read_file(folder / "expected/processing_metadata.json"), outcome.metadata), "");
      EXPECT_EQ(support::difference(support::read_file(folder / "expected/train.jsonl"), outcome.train), "");
      EXPECT_EQ(support::difference(support::read_file(folder / "expected/validation.jsonl"), outcome.validation), "");
      EXPECT_EQ(support::difference(support::read_file(folder / "expected/test.jsonl"), outcome.test), "");
    }
  }
}

}  // namespace
}  // namespace causal_sessions
