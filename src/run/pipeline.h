// The arrows between the stages, in order, and nothing else:
// bytes -> events -> order -> sessions -> trials -> split -> vocabulary -> (X, T, Y) -> report; then files on request.
// An audit, if there is to be one, looks at the ordered events and, before (X, T, Y) are made, at the rows.
//
// The events as they were read may be kept, for another run to start from and for a look at single sessions. They belong to
// every run that keeps them, and give way where the memory does not suffice.
//
// Needs:   reader() until all files are in, or start_from(); then advance() until done() (or run()); then report_json(),
//          table(), write().
// Cost:    that of the stages; kept events 13 bytes each, beside texts that are not copied.
// Errors:  those of the stages; after one, the pipeline is good for nothing but destruction.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/audit.h"
#include "core/result.h"
#include "formats/byte_sink.h"
#include "ingest/event_reader.h"
#include "plan/plan.h"
#include "report/manifest_json.h"
#include "report/summary.h"
#include "sequence/sequence_table.h"
#include "split/split.h"
#include "trial/trials.h"
#include "vocab/vocabulary.h"
#include "write/table_formats.h"

namespace causal_sessions {

// A file that a run can write.
struct Output {
  std::string path;    // below the output folder, with "/"
  std::string format;  // of table_formats(), or "vocabulary", "metadata", "audit"
  std::optional<Part> part;
};

class Pipeline {
 public:
  explicit Pipeline(Plan plan, Audit audit = Audit::kNo);
  Pipeline(const Pipeline&) = delete;  // the stages point at the plan
  Pipeline& operator=(const Pipeline&) = delete;

  [[nodiscard]] EventReader& reader() { return reading_->reader; }
  [[nodiscard]] const EventReader& reader() const { return reading_->reader; }

  // Before advance(): the events are to be kept.
  void keep_events() { keep_ = true; }
  [[nodiscard]] bool keeps_events() const { return kept_ != nullptr; }
  // Starts from the events that an earlier run keeps, instead of from files. Does nothing, and is false, if it keeps none
  // or this plan reads otherwise. What becomes of that run afterwards does not matter.
  [[nodiscard]] bool start_from(const Pipeline& earlier);

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
  // What may be wrong with the data or the plan, once all has been read.
  [[nodiscard]] const std::vector<Notice>& notices() const { return notices_; }
  [[nodiscard]] std::string report_json() const;
  // Empty unless there was an audit.
  [[nodiscard]] const std::string& audit_json() const { return auditor_.json(); }

  // A page of the rows, as look/session_list.h tells; one row with its session, as look/session_view.h does, of a run that
  // keeps its events.
  [[nodiscard]] std::string list_sessions(std::string_view query) const;
  [[nodiscard]] std::string look_at(std::uint32_t row) const;

  // The files of a run: the three parts in each format, the vocabulary and the metadata, and the audit if the formats
  // name it; in the order of table_formats(), whatever the order and number of times they are asked for.
  [[nodiscard]] static std::vector<Output> outputs(std::span<const std::string_view> formats);
  // The one of all formats at this path.
  [[nodiscard]] static std::optional<Output> find_output(std::string_view path);
  // Why an output cannot be written, before anything is: a padded table beyond all memory, an audit that was not made.
  [[nodiscard]] Status check(const Output& output) const;
  // Of an output that check() allows.
  void write(const Output& output, ByteSink& sink) const;
  // What the run was, to be checked later: the inputs' digests in the order they were read, the files that were written.
  [[nodiscard]] std::string manifest_json(std::span<const std::string> input_sha256,
                                          std::span<const ManifestOutput> outputs) const;

 private:
  // What was read, and by which options. Shared by the runs that start from its events.
  struct Reading {
    explicit Reading(const ReadingOptions& by) : options(by), reader(options) {}
    const ReadingOptions options;
    EventReader reader;
  };

  [[nodiscard]] Status finish_reading();
  [[nodiscard]] Status check_items() const;
  void order();
  void find_end();
  void give_way(std::size_t bytes);
  [[nodiscard]] std::span<const std::uint32_t> rows_of(Part part) const;
  [[nodiscard]] TrialSetup setup_of_trials() const;
  void fit_words();
  void audit_rows();
  void gather_covariates();
  [[nodiscard]] ReportParts report_parts() const;

  enum class Stage : std::uint8_t {
    kFinishReading, kOrder, kAuditEvents, kSessions, kTrials, kSplit, kVocabulary, kAuditRows, kSequences, kReport, kDone
  };

  Plan plan_;
  Audit audit_;
  bool keep_ = false;
  std::shared_ptr<Reading> reading_;
  std::shared_ptr<const OrderedEvents> kept_;  // by user, each user's in input order
  Stage stage_ = Stage::kFinishReading;
  EventTable events_;
  OrderedEvents ordered_;
  Sessions sessions_;
  Trials trials_;
  Split split_;
  Vocabulary vocabulary_;
  std::vector<std::string> covariate_names_;  // with a time zero
  std::vector<double> covariates_;
  SequenceTable table_;
  std::vector<EventRange> fitted_;  // what the vocabulary was fitted on; kept for an audit
  Auditor auditor_;
  std::vector<Notice> notices_;
  Summary summary_;
  std::uint64_t tied_ = 0;
  std::uint64_t duplicates_ = 0;
  std::uint64_t event_count_ = 0;
  std::int64_t data_end_us_ = 0;
};

}  // namespace causal_sessions
