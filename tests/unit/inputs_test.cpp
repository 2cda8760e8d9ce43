// Inputs that were once misread, or told of in wrong words: the right answer or refusal, however the file comes, and what
// a look at the file says of it. tests/node/inputs.test.mjs and tests/page/inputs.test.mjs ask the same of the module.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "ingest/inspection/inspect.h"
#include "support/run.h"

namespace causal_sessions {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const fs::path kFolder = fs::path(TEST_CASES_DIR) / "inputs";

// How a file comes: in one piece, in small ones, or by the ranges that a reader asks for.
enum class Way { kWhole, kPieces, kRanges };

Status feed_ranges(EventReader& reader, const support::Input& input) {
  reader.begin_file(input.name, input.text.size());
  constexpr std::size_t kPiece = 1000;
  for (std::size_t at = 0; at < input.text.size() && !reader.wanted();) {
    const std::size_t size = std::min(kPiece, input.text.size() - at);
    std::memcpy(reader.window(size).data(), input.text.data() + at, size);
    if (Status status = reader.commit(size); !status.ok()) return status;
    at += size;
  }
  while (const auto range = reader.wanted()) {
    std::memcpy(reader.window(range->size).data(), input.text.data() + range->offset, range->size);
    if (Status status = reader.commit(range->size); !status.ok()) return status;
  }
  return reader.end_file();
}

support::Outcome run_files(const Plan& plan, const std::vector<support::Input>& inputs, Way way) {
  Run made(plan);
  Status status;
  for (support::Input input : inputs) {
    if (!status.ok()) break;
    if (way == Way::kPieces) {
      for (std::size_t at = 37; at < input.text.size(); at += 37) input.cuts.push_back(at);
    }
    status = way == Way::kRanges ? feed_ranges(made.reader(), input) : support::feed(made.reader(), input);
  }
  return support::finish(made, status);
}

std::vector<std::string> sorted_codes(const json& notices) {
  std::vector<std::string> codes;
  for (const json& notice : notices)
    codes.push_back(notice.is_string() ? notice.get<std::string>() : notice["code"].get<std::string>());
  std::sort(codes.begin(), codes.end());
  return codes;
}

std::vector<std::string> items_of(const std::string& vocabulary) {
  std::vector<std::string> items;
  const json all = json::parse(vocabulary);
  for (const auto& [item, id] : all["item_to_int"].items()) {
    if (id >= 3) items.push_back(item);
  }
  std::sort(items.begin(), items.end());
  return items;
}

void expect_answer(const json& expected, const support::Outcome& outcome) {
  ASSERT_TRUE(outcome.ok()) << outcome.message();
  const json report = json::parse(outcome.report);
  EXPECT_EQ(report["input"]["events"], expected["events"]);
  EXPECT_EQ(report["input"]["users"], expected["users"]);
  EXPECT_EQ(report["sessions"]["kept"], expected["sessions"]);
  EXPECT_EQ(report["all"]["treated"], expected["treated"]);
  EXPECT_EQ(report["all"]["outcomes"], expected["outcomes"]);
  EXPECT_EQ(sorted_codes(report["notices"]), sorted_codes(expected.value("notices", json::array()))) << report["notices"];
  if (expected.contains("items")) {
    EXPECT_EQ(json(items_of(outcome.vocabulary)), expected["items"]);
  }
}

void expect_refusal(const json& expected, const support::Outcome& outcome) {
  ASSERT_FALSE(outcome.ok()) << "it was read";
  EXPECT_EQ(code_name(outcome.error->code), expected["refused"].get<std::string>()) << outcome.message();
  for (const json& part : expected["says"]) EXPECT_TRUE(support::contains(outcome.message(), part.get<std::string>()));
}

TEST(Inputs, EachIsReadRightOrRefusedByName) {
  const json table = json::parse(support::read_file(kFolder / "expected.json"));
  std::vector<std::string> named;
  for (const json& expected : table["cases"]) {
    SCOPED_TRACE(expected["name"].get<std::string>());
    const Plan plan = support::plan_of(expected.value("plan", json::object()).dump());
    std::vector<support::Input> inputs;
    for (const json& file : expected["files"]) {
      named.push_back(file.get<std::string>());
      inputs.push_back({support::read_file(kFolder / named.back()), {}, named.back()});
    }
    const support::Outcome whole = run_files(plan, inputs, Way::kWhole);
    if (expected.contains("refused")) expect_refusal(expected, whole);
    else expect_answer(expected, whole);
    for (const Way way : {Way::kPieces, Way::kRanges}) {
      const support::Outcome other = run_files(plan, inputs, way);
      EXPECT_EQ(support::difference(whole.transcript(), other.transcript()), "")
          << (way == Way::kPieces ? "in pieces" : "by ranges");
    }
  }
  // No file lies there without being asked for.
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kFolder)) {
    const std::string name = fs::relative(entry.path(), kFolder).generic_string();
    if (!entry.is_regular_file() || name == "expected.json") continue;
    EXPECT_NE(std::find(named.begin(), named.end(), name), named.end()) << name << " has no case";
  }
}

// What a run refuses before it has looked at rows, a look at the file refuses in the same words; and it refuses nothing
// that a run would take.
TEST(Inputs, ALookSaysWhatARunWouldSay) {
  const json table = json::parse(support::read_file(kFolder / "expected.json"));
  for (const json& expected : table["cases"]) {
    if (expected["files"].size() != 1) continue;
    SCOPED_TRACE(expected["name"].get<std::string>());
    const Plan plan = support::plan_of(expected.value("plan", json::object()).dump());
    const std::string name = expected["files"][0];
    const std::string text = support::read_file(kFolder / name);
    const support::Outcome outcome = run_files(plan, {{text, {}, name}}, Way::kWhole);
    std::string said;
    if (needs_ranges(text)) {
      const auto inspection =
          inspect_by_ranges(name, std::span(text).first(std::min<std::size_t>(8, text.size())), text.size(), plan.reading, 5);
      while (const auto range = inspection->wanted()) {
        std::memcpy(inspection->room(range->size).data(), text.data() + range->offset, range->size);
        inspection->supply(range->size);
      }
      said = inspection->json();
    } else {
      said = inspect_json(name, text, true, plan.reading, 5, text.size());
    }
    const json problem = json::parse(said)["problem"];
    const bool about_rows =
        !outcome.ok() && (outcome.error->code == ErrorCode::kBadRows || outcome.error->code == ErrorCode::kBadTimes ||
                          outcome.error->code == ErrorCode::kBadPlan);
    if (outcome.ok() || about_rows) {
      EXPECT_TRUE(problem.is_null()) << problem;
    } else {
      ASSERT_FALSE(problem.is_null()) << "a run says: " << outcome.message();
      EXPECT_EQ(problem["message"], outcome.message());
      EXPECT_EQ(problem["code"], std::string(code_name(outcome.error->code)));
    }
  }
}

}  // namespace
}  // namespace causal_sessions
