// The preview of a file: its first rows, read into text by the reader that a run uses (preview_table.h), and then read once
// more as a run reads them, so that what a run would say of them is said here too.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "ingest/build/event_builder.h"
#include "ingest/columns/derived_columns.h"
#include "ingest/formats.h"
#include "ingest/inspection/preview.h"
#include "ingest/inspection/preview_table.h"
#include "ingest/reading_options.h"

namespace causal_sessions {

// What a preview shows of a file's first bytes, as JSON: format, separator, columns, which one is what, and the first
// rows; or the problem that a run would meet. `last`: the bytes are the whole file. With the file's size, also an estimate
// of what a run needs.
[[nodiscard]] std::string inspect_json(const std::string& name, std::span<const char> bytes, bool last,
                                       const ReadingOptions& options, std::size_t most_rows,
                                       std::optional<std::uint64_t> file_size = std::nullopt);

// The preview of a file that is read by ranges, as needs_ranges() tells.
//
// Needs:   wanted(), then room() filled and supply(), until nothing is wanted; then json().
class RangedInspection {
 public:
  RangedInspection() = default;
  virtual ~RangedInspection() = default;
  RangedInspection(const RangedInspection&) = delete;
  RangedInspection& operator=(const RangedInspection&) = delete;

  [[nodiscard]] virtual std::optional<ByteRange> wanted() const = 0;
  [[nodiscard]] virtual std::span<char> room(std::size_t size) = 0;
  // What is wrong with the file becomes the preview's problem.
  virtual void supply(std::size_t size) = 0;
  [[nodiscard]] const Preview& preview() const { return preview_; }
  [[nodiscard]] std::string json() const { return preview_json(preview_); }

 protected:
  Preview preview_;
};

// Of one with an index.
class ColumnarInspection final : public RangedInspection {
 public:
  ColumnarInspection(const InputFormat& format, const std::string& name, std::uint64_t size, ReadingOptions options,
                     std::size_t most_rows);

  [[nodiscard]] std::optional<ByteRange> wanted() const override { return reader_ ? reader_->wanted() : std::nullopt; }
  [[nodiscard]] std::span<char> room(std::size_t size) override { return reader_->room(size); }
  void supply(std::size_t size) override;

 private:
  void end_look();
  void end_trial(const Status& status);

  const InputFormat& format_;
  std::uint64_t size_;
  ReadingOptions options_;
  std::size_t most_rows_;
  PreviewTable table_;
  std::optional<EventBuilder> trial_;     // while rows are tried
  std::optional<FileSink> sink_;          // of one of both
  std::unique_ptr<RangedReader> reader_;  // into it
  std::uint64_t spent_ = 0;               // bytes read for the trial
};

// `start`: the file's first bytes, eight of them or all.
[[nodiscard]] std::unique_ptr<RangedInspection> inspect_by_ranges(const std::string& name, std::span<const char> start,
                                                                  std::uint64_t size, const ReadingOptions& options,
                                                                  std::size_t most_rows);

}  // namespace causal_sessions
