#include "ingest/inspection/inspect.h"

#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "formats/decompressor.h"
#include "formats/transcoder.h"
#include "ingest/archive.h"
#include "ingest/file_reading.h"

namespace causal_sessions {
namespace {

// Rows that are shown of a columnar file, at most.
constexpr std::size_t kMostShownRows = buffer_sizes::kArrowBatchRows;

// The rows need more than these bytes, of which a preview looks at.
void lack_bytes(Preview& preview, std::uint64_t bytes) {
  preview.note.assign(preview.name).append(": its first rows are not shown; they lie beyond the ");
  preview.note.append(std::to_string(bytes)).append(" bytes that were looked at");
}

// What a run would say of the rows that were tried: `events` is what their builder came to. `whole`: they are all.
void note_rows(Preview& preview, const Result<EventTable>& events, bool whole) {
  if (events.ok()) return;
  const ErrorCode code = events.error().code;
  if (code == ErrorCode::kEmptyInput && whole) preview.problem = events.error();
  // No problem yet: they may be left out or read in another way.
  if (code == ErrorCode::kBadRows || code == ErrorCode::kMixedTimeUnits || code == ErrorCode::kBadTimes) {
    preview.note = (whole ? "" : "In the bytes that were looked at: ") + events.error().message;
  }
}

void note_trial(Preview& preview, const Status& status, EventBuilder& events, std::uint64_t rows, bool whole) {
  preview.event_types.clear();
  for (TypeRows& type : events.seen_types()) preview.event_types.push_back({std::move(type)});
  preview.all_rows = whole && status.ok();
  if (status.ok() && !(whole && rows == 0)) return note_rows(preview, events.finish(), whole);
  preview.problem = status.ok() ? no_rows(preview.name) : status.error();
  preview.estimate.reset();
}

// What a run says of a text's first bytes: a problem, or rows that it would not use.
void try_text(Preview& preview, std::span<const char> bytes, bool last, const ReadingOptions& options) {
  EventBuilder events(options);
  FileSummary file;
  file.name = preview.name;
  FileReading reading(file, std::nullopt, options, events);
  std::memcpy(reading.window(bytes.size()).data(), bytes.data(), bytes.size());
  Status status = reading.commit(bytes.size());
  if (status.ok() && last) status = reading.end();
  note_trial(preview, status, events, file.rows, last);
}

// And of a stream's, whose columns the reader finds.
void try_stream(Preview& preview, const Sniffed& sniffed, std::span<const char> bytes, bool last, const ReadingOptions& options) {
  EventBuilder events(options, kTriedRows);
  FileSink sink(options, preview.name, events);
  const std::unique_ptr<TextReader> reader = sniffed.open({}, sink.get());
  const Result<std::size_t> taken = reader->consume(bytes, last);
  note_trial(preview, taken.ok() ? Status() : Status(taken.error()), events, reader->rows(), last && reader->rows() < kTriedRows);
}

// What a run needs, told from all whole rows of a text's first bytes.
std::optional<Estimate> estimate_file(const std::string& name, std::span<const char> bytes, bool last, const Sniffed& sniffed,
                                      const ReadingOptions& options, double unpacked_size) {
  Preview ids;
  PreviewTable table(ids, options, UINT64_MAX, PreviewTable::Shown::kIds);
  FileSink sink(options, name, table);
  const Result<std::vector<WantedColumn>> wanted = sink.get().choose(name, sniffed.columns);
  if (!wanted.ok()) return std::nullopt;
  (void)sniffed.open(wanted.value(), sink.get())
      ->consume(bytes.subspan(sniffed.skip), last);  // a run has read them without an error
  return estimate_text({ids.rows, static_cast<double>(bytes.size()), unpacked_size, last}, *ids.schema);
}

// Whether bytes that come out of compressed data are of a format that is read by ranges, for which all are gathered.
bool is_gathered(std::span<const char> bytes) {
  const InputFormat* const format = find_ranged_format(bytes);
  return format != nullptr && format->refused_in_compressed == nullptr;
}

// The first bytes inside a compressed file, `most` of them, and more if they are no text's; `last` then says whether they are all.
// `packed` is shortened by those they were in.
Result<std::vector<char>> unpack_start(const std::string& name, std::span<const char>& packed, Codec codec, std::size_t most,
                                       bool& last) {
  Decompressor decompressor(name, codec);
  std::vector<char> bytes;
  std::size_t size = 0;
  for (;;) {
    bytes.resize(std::min(most, size + buffer_sizes::kUnpackedPiece));
    const Result<std::size_t> given = decompressor.unpack(packed, std::span(bytes).subspan(size));
    if (!given.ok()) return given.error();
    size += given.value();
    if (packed.empty() && given.value() == 0) break;
    const Result<DetectedFormat> format = detect_format(name, std::span(bytes).first(size));
    if (is_gathered(bytes) || (format.ok() && !format.value().format->is_text())) most = kMostPreviewBytes;
    if (size == most) break;
  }
  last = last && size < most;
  if (last) {
    if (Status status = decompressor.finish(); !status.ok()) return status.error();
  }
  bytes.resize(size);
  return bytes;
}

// Makes UTF-8 of text in the encoding that the plan names; returns what it was before, nothing if it is as it was.
std::vector<char> transcode_start(const std::string& name, std::vector<char>& bytes, bool last, const ReadingOptions& options,
                                  Preview& preview) {
  const TextEncoding encoding = encoding_of(bytes, options.input.encoding);
  if (is_utf8(encoding) || preview.problem) return {};
  const Transcoder transcoder(encoding);
  if (!transcoder.available()) {
    preview.problem = no_decoder(name, encoding);
    return {};
  }
  std::vector<char> text(Transcoder::most_bytes(bytes.size()));
  std::span<const char> rest = bytes;
  text.resize(transcoder.decode(rest, last, text.data()));
  bytes.swap(text);
  return text;
}

// The first bytes of a file, unpacked. `raw`: before they became UTF-8, as a run takes them.
struct Start {
  const std::string& name;
  std::span<const char> bytes, raw;
  bool last;
  const ReadingOptions& options;
};

// Of an index that stands at the end, inside of compressed data.
Preview inspect_gathered(const std::string& name, std::span<const char> bytes, bool last, const ReadingOptions& options,
                         std::size_t most_rows) {
  if (!last) {
    Preview preview;
    preview.name = name;
    preview.needs_bytes = bytes.size() + 1;
    lack_bytes(preview, bytes.size());
    return preview;
  }
  const auto inspection = inspect_by_ranges(name, bytes, bytes.size(), options, most_rows);
  while (const auto range = inspection->wanted()) {
    std::memcpy(inspection->room(range->size).data(), bytes.data() + range->offset, range->size);
    inspection->supply(range->size);
  }
  return inspection->preview();
}

// Of a text whose first bytes tell its columns.
void inspect_rows(Preview& preview, const Sniffed& sniffed, const Start& start, std::size_t most_rows, double unpacked_size) {
  const auto& [name, bytes, raw, last, options] = start;
  PreviewTable table(preview, options, std::min(most_rows, sniffed.most_shown));
  FileSink sink(options, preview.name, table);
  const Result<std::vector<WantedColumn>> wanted = sink.get().choose(preview.name, sniffed.columns);
  if (!wanted.ok() && !preview.problem) preview.problem = wanted.error();
  // What is wrong with rows is told once they are tried.
  if (wanted.ok()) (void)sniffed.open(wanted.value(), sink.get())->consume(sniffed.shown, sniffed.whole);
  if (sniffed.refusal) preview.problem = sniffed.refusal;
  if (preview.problem && preview.problem->code == ErrorCode::kMissingColumn && sniffed.explain) sniffed.explain(*preview.problem);
  if (preview.problem) return preview.schema.reset();
  try_text(preview, raw, last, options);
  if (unpacked_size > 0 && !preview.problem) {
    preview.estimate = estimate_file(preview.name, bytes, last, sniffed, options, unpacked_size);
  }
}

// Of a text or a stream whose reader finds the columns; so all the bytes are looked at.
void inspect_columns(Preview& preview, const Sniffed& sniffed, const Start& start, std::size_t most_rows) {
  const auto& [name, bytes, raw, last, options] = start;
  PreviewTable table(preview, options, sniffed.stream ? std::min(most_rows, kMostShownRows) : most_rows);
  FileSink sink(options, preview.name, table);
  const std::unique_ptr<TextReader> reader = sniffed.open({}, sink.get());
  const std::span<const char> rest = bytes.subspan(sniffed.skip);
  const Result<std::size_t> taken = reader->consume(rest, last);
  if (!taken.ok() && !preview.problem) preview.problem = taken.error();
  if (sniffed.stream) {
    if (taken.ok() && !last && preview.rows.empty()) preview.needs_bytes = reader->part_end();
    if (preview.needs_bytes != 0) lack_bytes(preview, bytes.size());
    if (preview.schema && !preview.problem && preview.note.empty()) try_stream(preview, sniffed, rest, last, options);
    return;
  }
  if (!taken.ok()) return preview.format.clear();  // and show nothing else
  preview.more_columns = reader->more_columns();
  preview.nested_item = reader->item_out_of_reach();
  preview.out_of_reach = !preview.nested_item.empty();
  if (preview.more_columns && !last) preview.needs_bytes = kMostPreviewBytes;
  if (preview.problem && preview.problem->code == ErrorCode::kMissingColumn) reader->explain(*preview.problem);
  if (preview.schema && last) try_text(preview, raw, last, options);  // only the whole file shows what its rows are
}

// `packed`: they come out of compressed data. `bytes` may be read kWindowSlack beyond their end. `unpacked_size`: of the whole file;
// 0: not known.
Preview inspect_plain(const Start& start, std::size_t most_rows, double unpacked_size, bool packed) {
  const auto& [name, bytes, raw, last, options] = start;
  if (packed ? is_gathered(bytes) : find_ranged_format(bytes) != nullptr)
    return inspect_gathered(name, bytes, last, options, most_rows);
  Preview preview;
  preview.name = name;
  const Result<Sniffed> sniffed = sniff_file(name, bytes, last, options);
  if (!sniffed.ok()) {
    preview.problem = sniffed.error();
    if (!last && may_need_more(sniffed.error())) preview.needs_bytes = kMostPreviewBytes;
    return preview;
  }
  preview.format = sniffed.value().format;
  preview.separator = sniffed.value().separator;
  preview.header = sniffed.value().header;
  preview.nested_item = sniffed.value().nested_item;
  if (sniffed.value().columns_come_later) inspect_columns(preview, sniffed.value(), start, most_rows);
  else inspect_rows(preview, sniffed.value(), start, most_rows, unpacked_size);
  return preview;
}

}  // namespace

ColumnarInspection::ColumnarInspection(const InputFormat& format, const std::string& name, std::uint64_t size,
                                       ReadingOptions options, std::size_t most_rows)
    : format_(format), size_(size), options_(std::move(options)), most_rows_(most_rows),
      table_(preview_, options_, std::min(std::max(most_rows, kGuessedRows), kMostShownRows)),
      sink_(std::in_place, options_, name, table_), reader_(format.open(name, size, sink_->get(), Extent::kPreview)) {
  preview_.name = name;
  preview_.format = format.name;
}

void ColumnarInspection::supply(std::size_t size) {
  const Status status = reader_->supply(size);
  if (trial_) {
    spent_ += size;
    const bool enough = spent_ > (reader_->rows() == 0 ? kMostPreviewBytes : kPreviewBytes);
    if (!status.ok() || enough || !reader_->wanted()) end_trial(status);
  } else {
    if (!status.ok() && !preview_.problem) preview_.problem = status.error();
    if (!reader_->wanted()) end_look();
  }
  if (!wanted()) complete_preview(preview_, options_, most_rows_);
}

void ColumnarInspection::end_look() {
  if (reader_->exhausted() && preview_.rows.empty()) lack_bytes(preview_, kMostPreviewBytes);
  const std::optional<std::uint64_t> stated = reader_->stated_rows();
  reader_.reset();
  if (!preview_.schema || preview_.problem) return;
  if (stated) preview_.estimate = estimate_stated(*stated, preview_.rows, *preview_.schema);
  if (!preview_.note.empty()) return;
  sink_.emplace(options_, preview_.name, trial_.emplace(options_, kTriedRows));
  reader_ = format_.open(preview_.name, size_, sink_->get(), Extent::kAll);
}

void ColumnarInspection::end_trial(const Status& status) {
  note_trial(preview_, status, *trial_, reader_->rows(), !reader_->wanted() && reader_->rows() < kTriedRows);
  reader_.reset();
  trial_.reset();
}

namespace {

Preview inspect_start(const std::string& name, std::span<const char> bytes, bool last, const ReadingOptions& options,
                      std::size_t most_rows, std::optional<std::uint64_t> file_size);

// Of an archive: its first file with rows, whose first bytes are looked at as those of any other.
class ArchiveInspection final : public RangedInspection, private ArchiveSink {
 public:
  ArchiveInspection(const std::string& name, std::uint64_t size, ReadingOptions options, std::size_t most_rows)
      : options_(std::move(options)), most_rows_(most_rows), archive_(name, size, *this) {
    preview_.name = name;
  }

  [[nodiscard]] std::optional<ByteRange> wanted() const override { return done_ ? std::nullopt : archive_.wanted(); }
  [[nodiscard]] std::span<char> room(std::size_t size) override { return archive_.room(size); }
  void supply(std::size_t size) override {
    const Status status = archive_.supply(size);
    if (!status.ok() && !done_) {
      preview_ = {};
      preview_.name = status.error().where.file;
      preview_.problem = status.error();
      done_ = true;
    }
    preview_.files = archive_.files();
  }

 private:
  void begin_entry(std::string name, std::optional<std::uint64_t> /*size*/) override {
    name_ = std::move(name);
    size_ = 0;
    most_ = kPreviewBytes;
  }
  [[nodiscard]] std::span<char> entry_window(std::size_t size) override {
    if (bytes_.size() < size_ + size)
      bytes_.resize(std::max(size_ + size, std::min<std::size_t>(2 * bytes_.size(), kMostPreviewBytes)));
    return std::span(bytes_).subspan(size_, size);
  }
  [[nodiscard]] Status commit_entry(std::size_t size) override {
    size_ += size;
    if (find_ranged_format(std::span(bytes_).first(size_)) != nullptr) most_ = kMostPreviewBytes;
    if (size_ >= most_ && !done_) look(false);
    return {};
  }
  [[nodiscard]] std::optional<ByteRange> wanted_of_entry() const override { return std::nullopt; }
  [[nodiscard]] Status end_entry() override {
    look(true);
    return {};
  }
  [[nodiscard]] bool has_enough() const override { return done_; }

  void look(bool last) {
    const std::size_t size = std::min<std::size_t>(size_, most_);
    Preview found =
        inspect_start(name_, std::span(bytes_).first(size), last && size == size_, options_, most_rows_, std::nullopt);
    if (!last && found.needs_bytes != 0 && most_ < kMostPreviewBytes) {
      most_ = kMostPreviewBytes;
      return;
    }
    const bool empty = found.problem && found.problem->code == ErrorCode::kEmptyInput;
    if (!empty || !preview_.problem) preview_ = std::move(found);
    preview_.needs_bytes = 0;
    done_ = !empty;
  }

  const ReadingOptions options_;
  const std::size_t most_rows_;
  std::string name_;
  std::vector<char> bytes_;  // of the entry at hand, `size_` of them
  std::size_t size_ = 0;
  std::uint64_t most_ = 0;
  bool done_ = false;
  Archive archive_;
};

}  // namespace

std::unique_ptr<RangedInspection> inspect_by_ranges(const std::string& name, std::span<const char> start, std::uint64_t size,
                                                    const ReadingOptions& options, std::size_t most_rows) {
  if (is_archive_start(start)) return std::make_unique<ArchiveInspection>(name, size, options, most_rows);
  return std::make_unique<ColumnarInspection>(*find_ranged_format(start), name, size, options, most_rows);
}

namespace {

Preview inspect_start(const std::string& name, std::span<const char> bytes, bool last, const ReadingOptions& options,
                      std::size_t most_rows, std::optional<std::uint64_t> file_size) {
  const std::optional<Codec> codec = detect_compression(bytes);
  Preview preview;
  // Inside of a compressed file the first record may be longer than what is unpacked at first.
  for (std::size_t most = kPreviewBytes;; most = kMostPreviewBytes) {
    preview = {};
    std::vector<char> padded;
    padded.reserve(bytes.size() + kWindowSlack);
    padded.assign(bytes.begin(), bytes.end());
    bool whole = last;
    auto unpacked_size = static_cast<double>(file_size.value_or(0));
    if (codec) {
      std::span<const char> rest = bytes;
      Result<std::vector<char>> unpacked = unpack_start(name, rest, *codec, most, whole);
      if (unpacked.ok()) {
        unpacked_size *= static_cast<double>(unpacked.value().size()) / static_cast<double>(bytes.size() - rest.size());
        padded = std::move(unpacked.value());
      } else {
        preview.problem = unpacked.error();
      }
    }
    const std::size_t size = padded.size();
    const std::vector<char> raw = transcode_start(name, padded, whole, options, preview);
    if (size != 0) unpacked_size *= static_cast<double>(padded.size()) / static_cast<double>(size);
    const std::size_t shown = padded.size();
    padded.resize(shown + kWindowSlack);
    const std::span<const char> text = std::span(padded).first(shown);
    if (!preview.problem) {
      const std::span<const char> all = raw.empty() ? text : std::span<const char>(raw);
      preview =
          inspect_plain({name, text, all, whole, options}, std::max(most_rows, kGuessedRows), unpacked_size, codec.has_value());
    }
    const bool more = preview.problem && preview.needs_bytes != 0 && size == most && most < kMostPreviewBytes;
    if (!codec || !more) break;
  }
  preview.name = name;
  complete_preview(preview, options, most_rows);
  if (codec) preview.compression = codec_name(*codec);
  // How far the compressed bytes go cannot be told, and of text only the first bytes are unpacked.
  if (codec && preview.needs_bytes != 0) preview.needs_bytes = last || preview.more_columns ? 0 : bytes.size() + 1;
  return preview;
}

}  // namespace

std::string inspect_json(const std::string& name, std::span<const char> bytes, bool last, const ReadingOptions& options,
                         std::size_t most_rows, std::optional<std::uint64_t> file_size) {
  return preview_json(inspect_start(name, bytes, last, options, most_rows, file_size));
}

}  // namespace causal_sessions
