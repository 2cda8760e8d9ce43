#include "ingest/arrow/file.h"

#include <algorithm>

#include "core/buffer_sizes.h"
#include "formats/arrow_format.h"

namespace causal_sessions::arrow {
namespace {

// Behind the last message there is a mark of eight bytes, or none.
constexpr FileEnd::Layout kLayout = {"Arrow", kStartMark, kMark, 8};

constexpr std::size_t kPiece = buffer_sizes::kArrowPiece;
constexpr std::uint64_t kLeastSkip = buffer_sizes::kArrowLeastSkip;

}  // namespace

FileReader::FileReader(std::string file, std::uint64_t size, TableSink& sink, Extent extent)
    : file_(file), end_(file, size, kLayout), batches_(std::move(file), sink),
      bytes_left_(extent == Extent::kAll ? UINT64_MAX : buffer_sizes::kMostPreviewBytes) {}

std::span<char> FileReader::room(std::size_t size) {
  if (end_.wanted()) return end_.room(size);
  bytes_.resize(size);
  return bytes_;
}

Status FileReader::supply(std::size_t size) {
  Status status = take(size);
  failed_ = !status.ok();
  if (batches_.full()) wanted_.reset();
  return status;
}

Status FileReader::take(std::size_t size) {
  if (end_.wanted()) {
    if (Status status = end_.supply(size); !status.ok()) return status;
    if (end_.has_footer()) {
      if (Status status = read_footer(); !status.ok()) return status;
    }
    return end_.wanted() ? Status() : begin_batches();
  }
  if (size == 0) return end_.not_whole("it ended while it was being read");
  if (Status status = batches_.take(std::span(bytes_).first(size)); !status.ok()) return status;
  passed_ += size;
  return next_range();
}

Status FileReader::read_footer() {
  Result<Footer> footer = arrow::read_footer(end_.footer(), end_.offset());
  if (!footer.ok()) return Error{footer.error().code, file_ + ": " + footer.error().message, {file_, {}, {}, {}}};
  blocks_ = std::move(footer.value().blocks);
  fields_ = std::move(footer.value().fields);
  std::uint64_t end = kStartMark.size();
  for (const Block& block : blocks_) end = std::max(end, block.offset + block.size);
  end_.accounts_for(end);
  return {};
}

Status FileReader::begin_batches() {
  if (Status status = batches_.begin(std::move(fields_)); !status.ok()) return status;
  if (!blocks_.empty()) batches_.begin_block(blocks_[0].offset);
  return next_range();
}

Status FileReader::next_range() {
  wanted_.reset();
  for (; block_ < blocks_.size(); passed_ = 0) {
    const Block& block = blocks_[block_];
    if (const std::uint64_t skip = batches_.unneeded(); skip >= kLeastSkip && skip <= block.size - passed_) {
      if (Status status = batches_.skip(skip); !status.ok()) return status;
      passed_ += skip;
    }
    if (!batches_.stopped()) {
      if (passed_ >= block.size) return batches_.refuse("a message is longer than the file's footer says");
      if (passed_ == 0 && block.size > bytes_left_) return exhausted_ = true, Status();
      if (passed_ == 0) bytes_left_ -= block.size;
      wanted_ =
          ByteRange{block.offset + passed_, static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, block.size - passed_))};
      return {};
    }
    if (++block_ < blocks_.size()) batches_.begin_block(blocks_[block_].offset);
  }
  return {};
}

}  // namespace causal_sessions::arrow
