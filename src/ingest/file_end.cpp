#include "ingest/file_end.h"

#include <algorithm>
#include <cstring>

#include "core/buffer_sizes.h"
#include "core/cold.h"

namespace causal_sessions {
namespace {

constexpr std::uint32_t kMostFooter = 256u << 20;
constexpr std::size_t kLength = 4;  // bytes that hold the footer's

}  // namespace

FileEnd::FileEnd(std::string file, std::uint64_t size, const Layout& layout)
    : file_(std::move(file)), size_(size), layout_(layout) {
  const auto tail = static_cast<std::size_t>(std::min<std::uint64_t>(size, buffer_sizes::kFileEnd));  // most footers are shorter
  wanted_ = ByteRange{size - tail, tail};
}

std::span<char> FileEnd::room(std::size_t size) {
  bytes_.resize(size);
  return bytes_;
}

Status FileEnd::supply(std::size_t size) {
  if (size == 0) return not_whole("it ended while it was being read");
  return offset_ != 0 ? search_seam(size) : size != wanted_->size ? not_whole("it ended while it was being read") : read_tail();
}

Status FileEnd::read_tail() {
  const std::string_view tail(bytes_.data(), bytes_.size());
  const std::size_t behind = kLength + layout_.end_mark.size(), outside = layout_.start_mark.size() + behind;
  if (tail.size() < outside) return not_whole("it has " + std::to_string(tail.size()) + " bytes");
  if (layout_.refusal != nullptr && tail.ends_with(layout_.refused_mark)) {
    return Error{ErrorCode::kUnknownFormat, file_ + " " + layout_.refusal, {file_, {}, {}, {}}};
  }
  if (!tail.ends_with(layout_.end_mark)) return not_whole("its end is missing; it was cut off, or never finished");
  std::uint32_t length;
  std::memcpy(&length, tail.data() + tail.size() - behind, kLength);
  if (length > kMostFooter || length > size_ - outside) return not_whole("its footer is longer than the file");
  if (length + behind > tail.size()) {
    wanted_ = ByteRange{size_ - length - behind, length + behind};
    return {};
  }
  offset_ = size_ - length - behind;
  wanted_.reset();
  has_footer_ = true;
  return {};
}

std::span<const std::uint8_t> FileEnd::footer() const {
  const auto size = static_cast<std::size_t>(size_ - offset_), behind = kLength + layout_.end_mark.size();
  return {reinterpret_cast<const std::uint8_t*>(bytes_.data()) + bytes_.size() - size, size - behind};
}

void FileEnd::accounts_for(std::uint64_t end) {
  has_footer_ = false;
  std::vector<char>().swap(bytes_);
  const std::uint64_t padding = offset_ - std::min(offset_, end);
  if (padding <= layout_.most_padding) return;
  // The second file's data end so many bytes behind its start, and its footer follows soon.
  const std::uint64_t seam_end = padding + layout_.start_mark.size(), size = std::min(seam_end, kMostSeam);
  wanted_ = ByteRange{seam_end - size, static_cast<std::size_t>(size)};
}

COLD Status FileEnd::search_seam(std::size_t size) {
  seam_bytes_.append(bytes_.data(), size);
  wanted_ = ByteRange{wanted_->offset + size, wanted_->size - size};
  if (wanted_->size != 0) return {};
  const std::size_t at = seam_bytes_.rfind(std::string(layout_.end_mark).append(layout_.start_mark));
  if (at != std::string::npos) {
    const std::uint64_t start = wanted_->offset - (seam_bytes_.size() - at) + layout_.end_mark.size();
    return Error{ErrorCode::kBadSyntax,
                 file_ + ": these are several " + layout_.format + " files in one; the last begins at byte " +
                     std::to_string(start) + ". Give each as a file of its own",
                 {file_, {}, {}, {}}};
  }
  wanted_.reset();
  seam_bytes_ = {};
  bytes_ = {};
  return {};
}

Error FileEnd::not_whole(const std::string& why) const {
  return Error{ErrorCode::kBadSyntax, file_ + " is not a whole " + layout_.format + " file: " + why, {file_, {}, {}, {}}};
}

}  // namespace causal_sessions
