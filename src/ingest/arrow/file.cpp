#include "ingest/arrow/file.h"

#include <algorithm>
#include <cstring>

#include "core/buffer_sizes.h"
#include "formats/arrow_format.h"

namespace causal_sessions::arrow {
namespace {

constexpr std::size_t kTail = buffer_sizes::kArrowTail;  // most footers are shorter
constexpr std::uint32_t kMostFooter = 256u << 20;
constexpr std::size_t kStart = kStartMark.size();
constexpr std::size_t kEnd = 4 + kMark.size();   // the footer's length and the mark
constexpr std::uint64_t kMostEndMark = 8;        // behind the last message
constexpr std::size_t kPiece = buffer_sizes::kArrowPiece;
constexpr std::uint64_t kLeastSkip = buffer_sizes::kArrowLeastSkip;

}  // namespace

BlockReader::BlockReader(std::string file, std::uint64_t size, BatchReader& batches, std::uint64_t most_bytes)
    : file_(std::move(file)), size_(size), batches_(batches), bytes_left_(most_bytes) {
  const auto tail = static_cast<std::size_t>(std::min<std::uint64_t>(size, kTail));
  wanted_ = ByteRange{size - tail, tail};
}

std::span<char> BlockReader::room(std::size_t size) {
  bytes_.resize(size);
  return bytes_;
}

Status BlockReader::supply(std::size_t size) {
  if (size == 0) return refuse("it ended while it was being read");
  if (!has_footer_) {
    if (size != wanted_->size) return refuse("it ended while it was being read");
    return read_footer();
  }
  if (seam_) {
    seam_->add(std::span(bytes_).first(size));
    wanted_ = seam_->wanted();
    if (wanted_->size != 0) return {};
    if (Status status = seam_->check(file_, "Arrow", kMark, kStartMark); !status.ok()) return status;
    seam_.reset();
    return begin();
  }
  if (Status status = batches_.take(std::span(bytes_).first(size)); !status.ok()) return status;
  passed_ += size;
  return next_range();
}

Status BlockReader::read_footer() {
  const std::size_t size = bytes_.size();
  if (size < kStart + kEnd) return refuse("it has " + std::to_string(size) + " bytes");
  if (!std::string_view(bytes_.data(), size).ends_with(kMark)) {
    return refuse("its end is missing; it was cut off, or never finished");
  }
  std::uint32_t length;
  std::memcpy(&length, bytes_.data() + size - kEnd, 4);
  if (length > kMostFooter || length > size_ - kStart - kEnd) return refuse("its footer is longer than the file");
  if (length + kEnd > size) {
    wanted_ = ByteRange{size_ - length - kEnd, length + kEnd};
    return {};
  }
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(bytes_.data());
  const std::uint64_t footer_at = size_ - kEnd - length;
  Result<Footer> footer = arrow::read_footer({bytes + size - kEnd - length, length}, footer_at);
  if (!footer.ok()) return Error{footer.error().code, file_ + ": " + footer.error().message, {file_, {}, {}, {}}};
  has_footer_ = true;
  blocks_ = std::move(footer.value().blocks);
  fields_ = std::move(footer.value().fields);
  std::uint64_t end = kStart;
  for (const Block& block : blocks_) end = std::max(end, block.offset + block.size);
  if (footer_at - std::min(footer_at, end) <= kMostEndMark) return begin();
  // The second file's last block ends `end` bytes behind the seam, and its footer follows soon.
  wanted_ = seam_.emplace(footer_at - end + kStart).wanted();
  return {};
}

Status BlockReader::begin() {
  if (Status status = batches_.begin(std::move(fields_)); !status.ok()) return status;
  if (!blocks_.empty()) batches_.begin_block(blocks_[0].offset);
  return next_range();
}

Status BlockReader::next_range() {
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
      wanted_ = ByteRange{block.offset + passed_, static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, block.size - passed_))};
      return {};
    }
    if (++block_ < blocks_.size()) batches_.begin_block(blocks_[block_].offset);
  }
  return {};
}

Error BlockReader::refuse(const std::string& why) const {
  return Error{ErrorCode::kBadSyntax, file_ + " is not a whole Arrow file: " + why, {file_, {}, {}, {}}};
}

}  // namespace causal_sessions::arrow
