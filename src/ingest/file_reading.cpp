#include "ingest/file_reading.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/buffer_sizes.h"
#include "core/cold.h"
#include "ingest/columns/item_search.h"

namespace causal_sessions {

FileReading::FileReading(FileSummary& file, std::optional<std::uint64_t> size, const ReadingOptions& options, TableSink& sink,
                         std::vector<char> buffer, ItemSearch* search)
    : file_(file), size_(size), options_(options), sink_(options, file.name, sink),
      encoding_known_(is_utf8(options.input.encoding)), buffer_(std::move(buffer)), search_(search) {}

std::span<char> FileReading::window(std::size_t size) {
  if (wanted()) return ranged_now()->room(size);
  if (!decompressor_) return transcoder_ ? raw_room(size) : room(size);
  if (packed_.size() < size) packed_.resize(size);
  return {packed_.data(), size};
}

std::span<char> FileReading::room(std::size_t size) {
  if (begin_ > 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (buffer_.size() < end_ + size + kWindowSlack) buffer_.resize(end_ + size + kWindowSlack);
  return {buffer_.data() + end_, size};
}

std::span<char> FileReading::raw_room(std::size_t size) {
  if (raw_.size() < raw_size_ + size) raw_.resize(raw_size_ + size);
  return std::span(raw_).subspan(raw_size_, size);
}

void FileReading::drop_untaken() {
  file_.bytes -= untaken();
  begin_ = end_ = try_at_ = 0;
}

Status FileReading::commit(std::size_t size) {
  if (wanted()) return supply(size);
  file_.bytes += size;
  if (decompressor_) return unpack(std::span(packed_).first(size));
  if (compression_known_) return take(size);
  end_ += size;
  return end_ < kCompressionMarkBytes ? Status() : look_at_compression();
}

// Once the columns are chosen, the item is looked for, before any row is read. What is wrong with the file is for the run to tell.
Status FileReading::supply(std::size_t size) {
  if (searching_) {
    if (!searching_->supply(size).ok() || !searching_->wanted()) searching_.reset();
    return {};
  }
  Status status = ranged_->supply(size);
  if (status.ok() && search_ != nullptr && search_->wants(file_.name))
    searching_ = ranged_format_->open(file_.name, gathered_ != nullptr ? untaken() : *size_, *search_, Extent::kPreview);
  return status;
}

// Shown to a reader of its own, behind the one that has the columns chosen.
COLD void FileReading::search_stream(bool last) {
  if (!stream_search_->consume(bytes(), last).ok() || search_->is_over()) stream_search_.reset();
}

Status FileReading::look_at_compression() {
  compression_known_ = true;
  archive_ = is_archive_start(bytes());
  if (archive_) return {};
  const std::optional<Codec> codec = detect_compression(bytes());
  if (!codec) return begin_text(false);
  file_.compression = codec_name(*codec);
  decompressor_ = std::make_unique<Decompressor>(file_.name, *codec);
  packed_.assign(bytes().begin(), bytes().end());
  begin_ = end_ = 0;
  return unpack(packed_);
}

Status FileReading::unpack(std::span<const char> packed) {
  for (;;) {
    const std::span<char> free = transcoder_ ? raw_room(buffer_sizes::kUnpackedPiece) : room(buffer_sizes::kUnpackedPiece);
    const Result<std::size_t> given = decompressor_->unpack(packed, free);
    if (!given.ok()) return refuse_rest(given.error());
    if (Status status = take(given.value()); !status.ok()) return status;
    if (packed.empty() && given.value() < free.size()) return {};
  }
}

// So many bytes have come, unpacked.
Status FileReading::take(std::size_t size) {
  if (transcoder_) {
    raw_size_ += size;
    return transcode(false);
  }
  end_ += size;
  return begin_text(false);
}

// Once enough is there to tell whether the file is text in the encoding that the plan names.
Status FileReading::begin_text(bool last) {
  if (encoding_known_) return consume(false);
  if (!last && untaken() < kEncodingMarkBytes) return {};
  encoding_known_ = true;
  const TextEncoding encoding = encoding_of(bytes(), options_.input.encoding);
  if (is_utf8(encoding)) return consume(false);
  transcoder_.emplace(encoding);
  if (!transcoder_->available()) return no_decoder(file_.name, encoding);
  raw_.assign(bytes().begin(), bytes().end());
  raw_size_ = raw_.size();
  begin_ = end_ = 0;
  return transcode(false);
}

// In steps, as the text is up to three times as long.
Status FileReading::transcode(bool last) {
  std::span<const char> rest = std::span(raw_).first(raw_size_);
  for (bool done = rest.empty(); !done;) {
    std::span<const char> step = rest.first(std::min(rest.size(), buffer_sizes::kUnpackedPiece));
    const std::size_t size = step.size();
    done = size == rest.size();
    end_ += transcoder_->decode(step, last && done, room(Transcoder::most_bytes(size)).data());
    watch_.look(rest.first(size - step.size()));
    rest = rest.subspan(size - step.size());
    if (Status status = consume(false); !status.ok()) return status;
  }
  raw_size_ = rest.size();
  std::memmove(raw_.data(), rest.data(), raw_size_);
  return {};
}

// What stands before the damage is looked at first, all of it: which of two faults is told does not depend on the pieces.
Status FileReading::refuse_rest(const Error& error) {
  try_at_ = 0;
  if (Status status = consume(false); !status.ok()) return status;
  return error;
}

Status FileReading::end() {
  if (file_.bytes > 0 && !compression_known_) {
    if (Status status = look_at_compression(); !status.ok()) return status;
  }
  if (decompressor_) {
    if (Status status = decompressor_->finish(); !status.ok()) return refuse_rest(status.error());
  }
  if (file_.bytes == 0 || (decompressor_ && decompressor_->unpacked_bytes() == 0)) {
    return Error{ErrorCode::kEmptyInput, file_.name + " is empty; a table of events is needed", {file_.name, {}, {}, {}}};
  }
  if (!encoding_known_) {
    if (Status status = begin_text(true); !status.ok()) return status;
  }
  if (transcoder_) {
    if (Status status = transcode(true); !status.ok()) return status;
    file_.utf8_too = watch_.is_utf8_beyond_ascii();
  }
  Status status = gathered_ != nullptr ? read_gathered() : ranged_ ? Status() : consume(true);
  if (!status.ok()) return status;
  if (wanted()) return Error{ErrorCode::kBadCall, file_.name + ": it was ended before all of its bytes were read", {}};
  file_.rows = ranged_ ? ranged_->rows() : text_->rows();
  if (text_) {
    if (std::string item = text_->item_out_of_reach(); !item.empty()) {
      file_.nested_item = std::move(item);
      file_.out_of_reach = true;
    }
  }
  file_.end_mark = ranged_ || !text_->lacks_end_mark();
  const TwoPlaces* const found = sink_.derived() != nullptr ? &sink_.derived()->found() : nullptr;
  if (found != nullptr && (found->other_than_folder != 0 || !found->type_beside.empty() || !found->outside.column.empty()))
    file_.two_places = std::make_shared<const TwoPlaces>(*found);
  return {};
}

// The bytes seen so far are asked for again, as part of the ranges.
Status FileReading::begin_ranges(const InputFormat& format) {
  if (decompressor_ && format.refused_in_compressed != nullptr) {
    return Error{ErrorCode::kUnknownFormat,
                 file_.name + " is " + format.refused_in_compressed + " inside " + std::string(file_.compression) +
                     "; unpack it first, it is compressed in itself",
                 {file_.name, {}, {}, {}}};
  }
  file_.format = format.name;
  if (!size_ || decompressor_) {
    gathered_ = &format;
    return {};
  }
  file_.bytes = *size_;
  begin_ = end_ = 0;
  ranged_format_ = &format;
  ranged_ = format.open(file_.name, *size_, sink_.get(), Extent::kAll);
  return {};
}

Status FileReading::read_gathered() {
  ranged_format_ = gathered_;
  ranged_ = gathered_->open(file_.name, untaken(), sink_.get(), Extent::kAll);
  while (const auto range = wanted()) {
    std::memcpy(ranged_now()->room(range->size).data(), bytes().data() + range->offset, range->size);
    if (Status status = supply(range->size); !status.ok()) return status;
  }
  return {};
}

Status FileReading::consume(bool last) {
  if (gathered_ != nullptr || archive_) return {};
  if (!text_) {
    if (const InputFormat* const format = find_ranged_format(bytes())) return begin_ranges(*format);
  }
  if (!last && untaken() < try_at_) return {};
  if (!text_) {
    if (Status status = try_to_open(last); !status.ok() || !text_) return status;
  }
  const Result<std::size_t> taken = text_->consume(bytes(), last);
  if (!taken.ok()) return taken.error();
  if (stream_search_) search_stream(last);
  begin_ += taken.value();
  const std::size_t left = untaken();
  if (left > kMaxRecordBytes) return text_->unfinished_record();
  // A record longer than the pieces it comes in is looked at each time it has doubled, not each time it has grown.
  try_at_ = taken.value() == 0 ? std::min(left * 2, kMaxRecordBytes + 1) : 0;
  return {};
}

// Once enough is there to tell the format.
Status FileReading::try_to_open(bool last) {
  const std::size_t seen = untaken(), sample = sample_size(bytes());
  const bool blank = sample == seen + kSampleBytes;
  if (!last && seen < kMaxRecordBytes && seen < sample) {
    try_at_ = blank ? seen * 2 : sample;  // blank bytes are not passed over again for every one that comes
    return {};
  }
  Status status = open(last);
  if (status.ok() || last) return status;
  if (blank) {
    return Error{ErrorCode::kTooLarge,
                 file_.name + " begins with " + std::to_string(seen >> 20) + " MB of blank lines; leave them out",
                 {file_.name, {}, {}, {}}};
  }
  if (!may_need_more(status.error()) || seen >= kMaxRecordBytes) return status;
  try_at_ = seen * 2;  // the first record, or the blank before it, may just be longer than the sample
  return {};
}

Status FileReading::open(bool last) {
  Result<Sniffed> result = sniff_file(file_.name, bytes(), last, options_);
  if (!result.ok()) return result.error();
  const Sniffed& sniffed = result.value();
  std::vector<WantedColumn> wanted;
  if (!sniffed.columns_come_later) {
    Result<std::vector<WantedColumn>> chosen = choose_columns(file_.name, sniffed, sink_.get());
    if (!chosen.ok()) return chosen.error();
    wanted = std::move(chosen.value());
  }
  file_.format = sniffed.format;
  file_.separator = sniffed.separator;
  file_.header = sniffed.header;
  file_.nested_item = sniffed.nested_item;
  begin_ += sniffed.skip;
  text_ = sniffed.open(wanted, sink_.get());
  if (sniffed.stream && search_ != nullptr) stream_search_ = sniffed.open({}, *search_);
  return {};
}

Error no_rows(const std::string& name) { return {ErrorCode::kEmptyInput, name + " has no rows of data", {name, {}, {}, {}}}; }

}  // namespace causal_sessions
