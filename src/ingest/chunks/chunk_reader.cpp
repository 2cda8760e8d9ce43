#include "ingest/chunks/chunk_reader.h"

#include <algorithm>
#include <cstring>

#include "core/buffer_sizes.h"
#include "ingest/chunks/chunk_bytes.h"
#include "ingest/json/json_reader.h"

namespace causal_sessions {
namespace {

// Shown to the text reader at once, so that what one pass has fetched is near for the next.
constexpr std::size_t kPiece = buffer_sizes::kChunkPiece;

// Past the first line feed from `from` on; 0 if there is none.
std::size_t past_line(std::span<const char> bytes, std::size_t from) {
  const void* at = from < bytes.size() ? std::memchr(bytes.data() + from, '\n', bytes.size() - from) : nullptr;
  return at == nullptr ? 0 : static_cast<std::size_t>(static_cast<const char*>(at) - bytes.data()) + 1;
}

// Whether the bytes are whole records and nothing else. kWindowSlack bytes behind them may be read.
bool read_whole(TextReader& reader, std::span<const char> bytes) {
  for (std::size_t begin = 0, piece = kPiece; begin < bytes.size();) {
    const bool last = bytes.size() - begin <= piece;
    const Result<std::size_t> taken = reader.consume(bytes.subspan(begin, std::min(piece, bytes.size() - begin)), last);
    if (!taken.ok() || (last && taken.value() != bytes.size() - begin)) return false;
    begin += taken.value();
    piece = taken.value() == 0 ? piece * 2 : kPiece;
  }
  return true;
}

}  // namespace

ChunkReader::ChunkReader(ReadingOptions options, std::span<const char> task)
    : options_(std::move(options)), task_(task.begin(), task.end()) {
  begin_anew();
}

void ChunkReader::begin_anew() {
  ChunkParser task(task_);
  file_ = task.get_text();
  csv_ = task.get<bool>();
  dialect_ = {{task.get<char>(), options_.input.quote, options_.input.escape, options_.input.comment}, false, {}};
  names_.clear();
  for (auto count = task.get<std::uint64_t>(); count > 0; --count) names_.emplace_back(task.get_text());
  dialect_.names = names_;
  std::vector<std::string> rows_keys;
  for (auto count = task.get<std::uint64_t>(); count > 0; --count) rows_keys.emplace_back(task.get_text());
  builder_ = std::make_unique<EventBuilder>(options_);
  builder_->begin_chunks(task);
  sink_.emplace(options_, file_, *builder_);
  if (DerivedColumns* const derived = sink_->derived()) derived->know_rows_keys(std::move(rows_keys));
}

std::span<char> ChunkReader::window(std::size_t size) {
  if (buffer_.size() < size + kWindowSlack) buffer_.resize(size + kWindowSlack);
  return {buffer_.data(), size};
}

std::unique_ptr<TextReader> ChunkReader::make_reader() {
  // The reader of the file has chosen of the same names.
  TableSink& sink = sink_->get();
  const Result<std::vector<WantedColumn>> wanted =
      sink.choose(file_, {.names = names_, .known = Columns::kMayGrow, .nested = !csv_});
  if (!wanted.ok()) return nullptr;
  if (csv_) return std::make_unique<CsvReader>(std::string(), dialect_, wanted.value(), sink);
  return std::make_unique<JsonReader>(std::string(), JsonSample{.names = names_}, wanted.value(), options_, sink);
}

std::vector<char> ChunkReader::read(std::size_t size, std::size_t chunk_size, std::vector<char> reused) {
  const std::span<const char> bytes = std::span(buffer_).first(size);
  const std::size_t begin = past_line(bytes, 0);
  const std::size_t end = size <= chunk_size ? size : past_line(bytes, chunk_size);
  DerivedColumns* const derived = sink_->derived();
  if (derived != nullptr) derived->begin_chunk();
  const std::unique_ptr<TextReader> reader = begin != 0 && begin < end ? make_reader() : nullptr;
  if (reader) {
    const std::uint64_t first_line = reader->line();
    const std::size_t rows_keys = derived != nullptr ? derived->rows_keys().size() : 0;
    // A key that turns up late changes what the columns mean.
    const bool whole = read_whole(*reader, bytes.subspan(begin, end - begin)) && reader->names()->size() == names_.size() &&
                       (derived == nullptr || derived->rows_keys().size() == rows_keys);
    // Issues of both numberings find no common place.
    if (whole && (derived == nullptr || !derived->makes_rows() || !derived->told_by_reader())) {
      ChunkWriter chunk(std::move(reused));
      chunk.put<std::uint64_t>(begin);
      chunk.put<std::uint64_t>(end - begin);
      chunk.put(reader->rows());
      chunk.put(reader->line() - first_line);
      chunk.put<std::uint64_t>(derived != nullptr ? derived->elements() : 0);
      builder_->write_chunk(chunk);
      return chunk.take();
    }
  }
  begin_anew();
  return {};
}

}  // namespace causal_sessions
