// The arrows between the stages, in order, and nothing else:
// bytes -> events -> order -> sessions -> split of users -> vocabulary -> (X, T, Y) -> report; then files on request.
//
// Needs:   reader() until all files are in, then advance() until done() (or run()), then report_json(), table(), write().
// Errors:  those of the stages; after one, the pipeline is good for nothing but destruction.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "audit/summary.h"
#include "causal/sequence_table.h"
#include "core/result.h"
#include "ingest/event_reader.h"
#include "plan/plan.h"
#include "split/split.h"
#include "vocab/vocabulary.h"
#include "write/byte_sink.h"

namespace causal_sessions {

// A file that a run can write.
struct Output {
  std::string path;    // below the output folder, with "/"
  std::string format;  // "parquet", "pickle", "jsonl"; "vocabulary", "metadata"
  std::optional<Part> part;
};

// Names of the table formats, the notebook's two first.
[[nodiscard]] std::span<const std::string_view> table_formats();

class Pipeline {
 public:
  explicit Pipeline(Plan plan);
  Pipeline(const Pipeline&) = delete;  // the stages point at the plan
  Pipeline& operator=(const Pipeline&) = delete;

  [[nodiscard]] EventReader& reader() { return reader_; }

  // Runs the next stage; small enough steps that a caller can show progress or stop in between.
  [[nodiscard]] Status advance();
  [[nodiscard]] bool done() const { return stage_ == Stage::kDone; }
  // The stage that advance() runs next, as users read it.
  [[nodiscard]] std::string_view stage_name() const;
  [[nodiscard]] Status run();

  [[nodiscard]] const Plan& plan() const { return plan_; }
  [[nodiscard]] const SequenceTable& table() const { return table_; }
  [[nodiscard]] const Split& split() const { return split_; }
  [[nodiscard]] const Vocabulary& vocabulary() const { return vocabulary_; }
  [[nodiscard]] std::string report_json() const;

  // The files of a run: the three parts in each format, the vocabulary and the metadata.
  [[nodiscard]] static std::vector<Output> outputs(std::span<const std::string_view> formats);
  // The one of all formats at this path.
  [[nodiscard]] static std::optional<Output> find_output(std::string_view path);
  void write(const Output& output, ByteSink& sink) const;

 private:
  enum class Stage : std::uint8_t { kFinishReading, kOrder, kSessions, kSplit, kVocabulary, kSequences, kReport, kDone };

  Plan plan_;
  EventReader reader_;
  Stage stage_ = Stage::kFinishReading;
  EventTable events_;
  OrderedEvents ordered_;
  Sessions sessions_;
  Split split_;
  Vocabulary vocabulary_;
  SequenceTable table_;
  Summary summary_;
  std::uint64_t tied_ = 0;
  std::uint64_t event_count_ = 0;
};

}  // namespace causal_sessions
