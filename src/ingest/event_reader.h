// Event reader: the bytes of one or more files, in pieces of any size -> events.
//
// The format, and gzip or zstd around it, is told from the first bytes (file_reading.h). Bytes are written straight into the
// reader's own buffer (window(), then commit()), so a file is copied once and never held whole. A ZIP file is read as the files
// that are in it (archive.h).
//
// Needs:   begin_file, then window/commit as often as there are bytes, end_file; again for each file; then finish.
//          Between commit and end_file: while wanted() names a range, window/commit with that range's bytes.
// Errors:  those of a file's reading, of the event builder, and kEmptyInput where no file has rows.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "ingest/archive.h"
#include "ingest/build/event_builder.h"
#include "ingest/columns/item_search.h"
#include "ingest/event_table.h"
#include "ingest/file_reading.h"
#include "ingest/file_summary.h"
#include "ingest/reading_options.h"

namespace causal_sessions {

// A file as it was given: an archive is one of them, and several of FileSummary.
struct InputSummary {
  std::string name;
  bool found = false;
  std::uint64_t bytes = 0;
};

class EventReader : private ArchiveSink {
 public:
  explicit EventReader(const ReadingOptions& options);

  // `size`: the file's, where any range of it can be read. `found`: as in FileSummary.
  void begin_file(std::string name, std::optional<std::uint64_t> size = std::nullopt, bool found = false);
  // About so many files will come, as far as is known.
  void expect_files(std::size_t count) {
    files_.reserve(count);
    inputs_.reserve(count);
  }
  // So many files and folders were not taken for their names when the files were looked for; file_search.h.
  void pass_over(std::uint64_t count) { passed_over_ += count; }
  [[nodiscard]] std::uint64_t passed_over() const { return passed_over_; }
  // Room for the next bytes of the file, at least `size` of them.
  [[nodiscard]] std::span<char> window(std::size_t size) { return archive_ ? archive_->room(size) : file_->window(size); }
  // So many bytes have been put there.
  [[nodiscard]] Status commit(std::size_t size) {
    if (archive_) return commit_to_archive(size);
    Status status = file_->commit(size);
    return status.ok() && !file_->is_archive() ? status : look_at(std::move(status));
  }
  // The range that has to come next; window() and commit() then mean its bytes, from its beginning.
  [[nodiscard]] std::optional<ByteRange> wanted() const {
    return archive_ ? archive_->wanted() : file_ ? file_->wanted() : std::nullopt;
  }

  // Chunks of the file may be read elsewhere (chunk_reader.h) while this reader reads, or takes, those before them. What a
  // chunk reader needs to know; nothing unless the file is plain CSV or JSON lines, and some of it has been read. Bytes
  // that are not taken yet are dropped: window() and commit() go on at position().
  [[nodiscard]] std::optional<std::vector<char>> chunk_task();
  // Bytes of the file that have been committed or absorbed.
  [[nodiscard]] std::uint64_t position() const { return files_.back().bytes; }
  // Takes what chunk reader number `reader` made of the chunk whose window began at `offset`. False if that is nothing
  // or does not fit: then the chunk's bytes are to come here, and that reader has to begin anew.
  [[nodiscard]] bool absorb(std::size_t reader, std::uint64_t offset, std::span<const char> chunk);

  // The same of a file whose rows lie in groups (group_chunks.h): its reader, and what a reader of groups needs to know beside it;
  // nothing if it has none, or the rows of one have come here. Then each group is read by read_group() here, with `read_at` as
  // the function above it has it, or absorbed, in their order, until there are no more.
  struct GroupTask {
    const RangedReader* file;
    std::vector<char> task;
  };
  [[nodiscard]] std::optional<GroupTask> group_task();
  [[nodiscard]] bool absorb_group(std::size_t reader, std::span<const char> chunk);
  template <class ReadAt>
  [[nodiscard]] Status read_group(std::size_t group, const ReadAt& read_at) {
    const std::unique_ptr<RangedReader> reader = grouped_->read_group(group, file_->sink(), Told::kYes);
    if (Status status = causal_sessions::read_group(*reader, read_at); !status.ok()) return advise(std::move(status));
    grouped_->pass_group(reader->rows() - grouped_->rows());
    return {};
  }

  [[nodiscard]] Status end_file();
  [[nodiscard]] Result<EventTable> finish(const Workers& workers = Workers());

  // Inputs that were read elsewhere (run/partial.h), as if they had been read here: add_input(), then for each of its files
  // add_file(), what the builder is given of it, and end_added_file(). `first_empty`: of the first file without rows, what is wrong.
  void add_input(InputSummary input, bool is_archive);
  void add_file(FileSummary file);
  void end_added_file(std::string_view first_empty);

  [[nodiscard]] const std::vector<FileSummary>& files() const { return files_; }
  [[nodiscard]] std::size_t inputs() const { return inputs_.size(); }
  [[nodiscard]] InputSummary input(std::size_t i) const;
  // Whether it holds several files, and which of files() is its first.
  [[nodiscard]] bool is_archive(std::size_t i) const { return inputs_[i].archive != nullptr; }
  [[nodiscard]] std::size_t first_file(std::size_t i) const { return i < inputs_.size() ? inputs_[i].first_file : files_.size(); }
  // Files without a row: they have no bytes, blank ones alone, or a header and nothing behind it, as parts of a set have
  // that several writers made. Among other files they do no harm; where there are no others finish() refuses the first.
  struct EmptyFiles {
    std::uint64_t count = 0;
    std::string first;   // its name
    std::string reason;  // what is wrong with it
  };
  [[nodiscard]] const EmptyFiles& empty_files() const { return empty_files_; }
  [[nodiscard]] const EventBuilder& builder() const { return builder_; }
  [[nodiscard]] EventBuilder& builder() { return builder_; }

 private:
  void begin(std::string name, std::optional<std::uint64_t> size, bool found);
  [[nodiscard]] Status end();
  [[nodiscard]] Status end_reading();
  void set_columns(const Schema& schema);
  void note_empty(std::string reason);
  [[nodiscard]] ChunkIds& ids_of(std::size_t chunk_reader);
  [[nodiscard]] Status look_at(Status status);
  void open_archive(std::uint64_t size);
  [[nodiscard]] Status commit_to_archive(std::size_t size);
  [[nodiscard]] Status read_gathered_archive();

  // Of an archive's entries.
  void begin_entry(std::string name, std::optional<std::uint64_t> size) override { begin(std::move(name), size, true); }
  [[nodiscard]] std::span<char> entry_window(std::size_t size) override { return file_->window(size); }
  [[nodiscard]] Status commit_entry(std::size_t size) override;
  [[nodiscard]] std::optional<ByteRange> wanted_of_entry() const override { return file_->wanted(); }
  [[nodiscard]] Status end_entry() override { return end(); }

  // A refusal of a file that is no table of events, with what leaves it out.
  [[nodiscard]] Status advise(Status refusal) const;

  const ReadingOptions& options_;
  EventBuilder builder_;
  ItemSearch search_;
  std::vector<FileSummary> files_;
  std::vector<std::shared_ptr<const Schema>> schemas_;  // of them, each once
  // Of each input what is not that of its file.
  struct Input {
    std::size_t first_file;
    std::unique_ptr<const InputSummary> archive;  // null: it is none
  };
  std::vector<Input> inputs_;
  std::optional<std::uint64_t> size_;  // of the input at hand
  std::unique_ptr<Archive> archive_;   // if it is one
  std::unique_ptr<FileReading> file_;  // the one at hand
  RangedReader* grouped_ = nullptr;    // of it, while its groups are read
  EmptyFiles empty_files_;
  std::vector<ChunkIds> chunk_ids_;  // by chunk reader
  std::uint64_t passed_over_ = 0;
};

}  // namespace causal_sessions
