// Runs texts through a run and keeps everything it writes as text, for tests that compare outputs.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "audit/audit_json.h"
#include "look/session_list.h"
#include "look/session_view.h"
#include "report/manifest_json.h"
#include "report/report_json.h"
#include "steps/outputs.h"
#include "steps/steps.h"
#include "write/table_formats.h"

namespace causal_sessions::support {

inline Plan plan_of(std::string_view json) {
  Result<Plan> plan = read_plan(json);
  EXPECT_TRUE(plan.ok()) << json << "\n" << plan.error().message;
  return plan.ok() ? std::move(plan.value()) : Plan();
}

// The plan with its times in seconds, so that a test may write 5 for one.
inline Plan in_seconds(Plan plan) {
  if (plan.reading.time.unit == TimeUnit::kAuto) plan.reading.time.unit = TimeUnit::kSeconds;
  return plan;
}

// A file, and where it is cut into pieces.
struct Input {
  std::string text;
  std::vector<std::size_t> cuts = {};  // ascending positions in text
  std::string name = "events.csv";
};

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return std::move(text).str();
}

inline Status feed(EventReader& reader, const Input& input) {
  reader.begin_file(input.name);
  std::vector<std::size_t> ends = input.cuts;
  ends.push_back(input.text.size());
  std::size_t begin = 0;
  for (const std::size_t end : ends) {
    const std::span<char> window = reader.window(end - begin);
    if (end > begin) std::memcpy(window.data(), input.text.data() + begin, end - begin);
    if (Status status = reader.commit(end - begin); !status.ok()) return status;
    begin = end;
  }
  return reader.end_file();
}

// A run of these files, as far as it came.
struct Ran {
  explicit Ran(const Plan& plan, const std::vector<Input>& inputs, WithAudit audit = WithAudit::kNo) : made(plan, audit) {
    Status status;
    for (const Input& input : inputs) {
      if (status.ok()) status = feed(made.reader(), input);
    }
    if (status.ok()) status = run_to_end(made);
    if (!status.ok()) error = status.error();
  }
  Run made;
  std::optional<Error> error;

  [[nodiscard]] std::string message() const { return error ? error->message : ""; }
  [[nodiscard]] std::string notice(std::string_view code) const {
    for (const Notice& notice : made.notices) {
      if (notice.code == code) return notice.message;
    }
    return {};
  }
};

// What came of a run: an error, or the text of every output.
struct Outcome {
  std::optional<Error> error;
  std::string train, validation, test, vocabulary, metadata, report;
  std::string covariates;  // of the training part, with a time zero

  [[nodiscard]] bool ok() const { return !error.has_value(); }
  [[nodiscard]] std::string message() const { return error ? error->message : ""; }
  [[nodiscard]] std::string sessions() const { return train + validation + test; }
  // All of it as one text, to compare two runs.
  [[nodiscard]] std::string transcript() const {
    if (error) return std::string(code_name(error->code)) + ": " + error->message;
    return train + "--\n" + validation + "--\n" + test + "--\n" + vocabulary + "\n" + metadata + "\n" + report + covariates;
  }
};

inline std::string output_text(const Run& made, std::string_view path) {
  std::string text;
  ByteSink sink(
      [&text](std::span<const std::uint8_t> bytes) { text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size()); });
  const std::optional<Output> output = find_output(path);
  EXPECT_TRUE(output.has_value()) << path;
  if (output) write_output(made, *output, sink);
  return text;
}

// What a run makes once its files are in, or have failed to be.
inline Outcome finish(Run& made, Status status) {
  Outcome outcome;
  if (status.ok()) status = run_to_end(made);
  if (!status.ok()) {
    outcome.error = status.error();
    return outcome;
  }
  outcome.train = output_text(made, "data/train_sessions.jsonl");
  outcome.validation = output_text(made, "data/validation_sessions.jsonl");
  outcome.test = output_text(made, "data/test_sessions.jsonl");
  outcome.vocabulary = output_text(made, "models/vocab.json");
  outcome.metadata = output_text(made, "data/processing_metadata.json");
  outcome.report = report_json(made);
  if (made.table.has_time_zero()) outcome.covariates = output_text(made, "data/train_sessions_covariates.csv");
  return outcome;
}

// The bytes of every file that a run can write, its report and manifest; or its refusal.
inline std::string everything(const Run& made, const Status& status, std::span<const std::string> input_sha256) {
  if (!status.ok()) return std::string(code_name(status.error().code)) + ": " + status.error().message;
  std::vector<std::string_view> formats;
  for (const TableFormat& format : kTableFormats) formats.push_back(format.name);
  if (made.audited) formats.emplace_back("audit");
  std::string text;
  for (const Output& output : outputs_in(formats)) {
    if (check_output(made, output).ok()) text += output.path + "\n" + output_text(made, output.path) + "\n";
  }
  return text + report_json(made) + manifest_json(made, input_sha256, {});
}

inline Outcome run(const Plan& plan, const std::vector<Input>& inputs) {
  Run made(plan);
  Status status;
  for (const Input& input : inputs) {
    if (status.ok()) status = feed(made.reader(), input);
  }
  return finish(made, status);
}

inline Outcome run(const Plan& plan, std::string text) { return run(plan, {Input{std::move(text)}}); }
inline Outcome run(std::string text) { return run(Plan(), std::move(text)); }

// All users in the training part, so that `train` holds every session in table order.
inline constexpr const char* kAllTrain = R"({"split": {"train": 1, "validation": 0, "test": 0}})";

// Empty if the texts are equal, else where they first differ.
inline std::string difference(std::string_view expected, std::string_view found) {
  if (expected == found) return {};
  const auto at = static_cast<std::size_t>(std::mismatch(expected.begin(), expected.end(), found.begin(), found.end()).first -
                                           expected.begin());
  const auto line = 1 + std::count(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(at), '\n');
  const std::size_t from = at < 60 ? 0 : at - 60;
  return "byte " + std::to_string(at) + " (line " + std::to_string(line) + "): expected \"" +
         std::string(expected.substr(from, 120)) + "\", found \"" + std::string(found.substr(from, 120)) + "\"";
}

// Whether a message holds a part; shows both where not.
inline ::testing::AssertionResult contains(std::string_view text, std::string_view part) {
  if (text.find(part) != text.npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "\"" << part << "\" is not in \"" << text << "\"";
}

}  // namespace causal_sessions::support
