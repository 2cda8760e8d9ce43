#include "ingest/inspection/by_ranges.h"

#include <optional>
#include <utility>

#include "ingest/arrow/preview.h"
#include "ingest/arrow/reader.h"
#include "ingest/build/event_builder.h"
#include "ingest/parquet/inspection.h"
#include "ingest/parquet/parquet_reader.h"

namespace causal_sessions {
namespace {

// A look at a file, and then its first rows read as a run reads them, so that what a run would say of rows is said here too.
class TriedInspection final : public RangedInspection {
 public:
  TriedInspection(std::string name, std::uint64_t size, const ReadingOptions& options, std::unique_ptr<RangedInspection> look, bool arrow)
      : name_(std::move(name)), size_(size), options_(options), look_(std::move(look)), arrow_(arrow) {}

  [[nodiscard]] std::optional<ByteRange> wanted() const override {
    if (const auto range = look_->wanted()) return range;
    return reader_ ? reader_->wanted() : std::nullopt;
  }
  [[nodiscard]] std::span<char> room(std::size_t size) override {
    return look_->wanted() ? look_->room(size) : reader_->room(size);
  }
  void supply(std::size_t size) override {
    if (look_->wanted()) {
      look_->supply(size);
      if (!look_->wanted()) begin();
      return;
    }
    spent_ += size;
    const Status status = reader_->supply(size);
    if (!status.ok()) return end(status.error());
    const bool enough = spent_ > (reader_->rows() == 0 ? kMostPreviewBytes : kPreviewBytes);
    if (enough || !reader_->wanted()) end(std::nullopt);
  }
  [[nodiscard]] Preview preview() const override { return tried_ ? *tried_ : look_->preview(); }

 private:
  void begin() {
    const Preview seen = look_->preview();
    if (!seen.schema || seen.problem || !seen.note.empty()) return;
    builder_.emplace(options_);
    if (arrow_) reader_ = std::make_unique<arrow::FileReader>(name_, size_, options_, *builder_, kTriedRows);
    else reader_ = std::make_unique<parquet::ParquetReader>(name_, size_, options_, *builder_, kTriedRows);
  }

  void end(std::optional<Error> error) {
    tried_ = look_->preview();
    const bool whole = !reader_->wanted() && reader_->rows() < kTriedRows;
    if (!error && whole && reader_->rows() == 0) error = no_rows(name_);
    if (error) {
      tried_->problem = std::move(error);
      tried_->estimate.reset();
    } else {
      note_rows(*tried_, builder_->finish(), whole);
    }
    reader_.reset();
    builder_.reset();
  }

  std::string name_;
  std::uint64_t size_;
  ReadingOptions options_;
  std::unique_ptr<RangedInspection> look_;
  bool arrow_;
  std::optional<EventBuilder> builder_;   // while rows are tried
  std::unique_ptr<RangedReader> reader_;  // into it
  std::uint64_t spent_ = 0;               // bytes read for it
  std::optional<Preview> tried_;          // what the look found, and what came of the rows
};

}  // namespace

std::unique_ptr<RangedInspection> inspect_by_ranges(const std::string& name, std::span<const char> start,
                                                    std::uint64_t size, const ReadingOptions& options, std::size_t most_rows) {
  const bool arrow = !start.empty() && start[0] == 'A';
  std::unique_ptr<RangedInspection> look;
  if (arrow) look = std::make_unique<arrow::Inspection>(name, size, options, most_rows);
  else look = std::make_unique<parquet::Inspection>(name, size, options, most_rows);
  return std::make_unique<TriedInspection>(name, size, options, std::move(look), arrow);
}

}  // namespace causal_sessions
