#include "ingest/archive.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/buffer_sizes.h"
#include "core/cold.h"
#include "core/crc32.h"
#include "ingest/file_search.h"

namespace causal_sessions {
namespace {

// More than a local header can take.
constexpr std::uint64_t kPiece = 1 << 20;

std::uint32_t two_bytes(const char* at) {
  return static_cast<std::uint32_t>(static_cast<unsigned char>(at[0]) | static_cast<unsigned char>(at[1]) << 8);
}

}  // namespace

Archive::Archive(std::string name, std::uint64_t size, ArchiveSink& sink)
    : name_(std::move(name)), sink_(sink), directory_(name_, size) {
  wanted_ = ByteRange{directory_.wanted()->offset, directory_.wanted()->size};
}

COLD Error Archive::refuse(ErrorCode code, const std::string& finding) const {
  const std::string file = name_ + "/" + entry_.name;
  return {code, file + finding, {file, {}, {}, {}}};
}

COLD Error Archive::refuse_password() const {
  return refuse(ErrorCode::kUnknownFormat, " is packed with a password; unpack the archive first");
}

COLD Error Archive::refuse_checksum() const {
  return refuse(ErrorCode::kBadSyntax,
                ": its bytes are not those that the archive says (size or checksum); the archive is damaged");
}

std::span<char> Archive::room(std::size_t size) {
  if (piece_.size() < size) piece_.resize(size);
  return {piece_.data(), size};
}

Status Archive::supply(std::size_t size) {
  const ByteRange range = *wanted_;
  if (size != range.size) {
    return Error{
        ErrorCode::kBadSyntax, name_ + " is no whole zip archive: it ended while it was being read", {name_, {}, {}, {}}};
  }
  std::span<const char> bytes(piece_.data(), size);
  wanted_.reset();
  if (directory_.wanted()) {
    if (Status status = directory_.supply(bytes); !status.ok()) return status;
    if (!directory_.wanted()) return choose();
    wanted_ = ByteRange{directory_.wanted()->offset, directory_.wanted()->size};
    return {};
  }
  Status status;
  if (!header_read_) status = read_header(bytes);
  if (status.ok()) status = by_ranges_ ? give(bytes) : take(bytes);
  return status.ok() ? go_on() : status;
}

COLD Status Archive::choose() {
  const std::vector<ZipEntry>& entries = directory_.entries();
  std::vector<std::string> paths;
  std::vector<std::size_t> files;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].name == "[Content_Types].xml") {
      return Error{ErrorCode::kUnknownFormat, name_ + " is an .xlsx workbook; export the sheet as CSV", {name_, {}, {}, {}}};
    }
    if (entries[i].name.empty() || entries[i].name.ends_with('/')) continue;
    paths.push_back("/" + entries[i].name);
    files.push_back(i);
  }
  const ChosenFiles chosen = choose_files(paths);
  for (const std::size_t i : chosen.taken) order_.push_back(files[i]);
  passed_over_ = chosen.passed_over;
  if (order_.empty()) {
    return Error{ErrorCode::kUnknownFormat,
                 name_ + " is a zip archive without a file to read; names that begin with . or _ are passed over, " +
                     std::to_string(passed_over_) + " of them",
                 {name_, {}, {}, {}}};
  }
  return begin_next();
}

Status Archive::begin_next() {
  if (next_ == order_.size()) return {};
  entry_ = std::move(directory_.entries()[order_[next_++]]);
  if (entry_.encrypted) return refuse_password();
  if (entry_.method != kZipStored && entry_.method != kZipDeflated) {
    return refuse(ErrorCode::kUnknownFormat, " is packed by method " + std::to_string(entry_.method) +
                                                 ", and only deflate is read; unpack the archive first");
  }
  const bool stored = entry_.method == kZipStored;
  if (stored && entry_.packed != entry_.unpacked) {
    return refuse(ErrorCode::kBadSyntax, " is stored as it is, but has two sizes in the archive; the archive is damaged");
  }
  if (inflater_) deflated_ += taken_;
  inflater_.reset();
  if (!stored) inflater_.emplace(name_ + "/" + entry_.name, Codec::kDeflate);
  header_read_ = by_ranges_ = false;
  taken_ = given_ = 0;
  crc_ = 0;
  wanted_ = ByteRange{entry_.offset, static_cast<std::size_t>(std::min(kPiece, entry_.room))};
  sink_.begin_entry(name_ + "/" + entry_.name, stored ? std::optional(entry_.unpacked) : std::nullopt);
  return {};
}

// Leaves the packed bytes behind the header.
Status Archive::read_header(std::span<const char>& bytes) {
  header_read_ = true;
  const std::string_view text(bytes.data(), bytes.size());
  const bool is_header = text.size() >= kZipLocalHeader && text.starts_with(kZipMark);
  const std::size_t name = is_header ? two_bytes(&text[26]) : 0, extra = is_header ? two_bytes(&text[28]) : 0;
  const std::uint64_t header = kZipLocalHeader + name + extra;
  if (!is_header || header + entry_.packed > entry_.room || text.substr(kZipLocalHeader, name) != entry_.name) {
    return refuse(ErrorCode::kBadSyntax, " does not stand where the directory of the archive says; the archive is damaged");
  }
  if ((text[6] & 1) != 0) return refuse_password();
  begin_ = entry_.offset + header;
  const auto behind = bytes.subspan(static_cast<std::size_t>(header));
  bytes = behind.first(static_cast<std::size_t>(std::min<std::uint64_t>(behind.size(), entry_.packed)));
  return {};
}

Status Archive::give(std::span<const char> bytes) {
  if (bytes.empty()) return {};
  std::memcpy(sink_.entry_window(bytes.size()).data(), bytes.data(), bytes.size());
  return sink_.commit_entry(bytes.size());
}

Status Archive::take(std::span<const char> packed) {
  taken_ += packed.size();
  const auto measure = [this](std::span<const char> bytes) {
    crc_ = crc32({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, crc_);
    given_ += bytes.size();
  };
  if (!inflater_) {
    measure(packed);
    return give(packed);
  }
  for (;;) {
    const std::span<char> room = sink_.entry_window(buffer_sizes::kUnpackedPiece);
    const Result<std::size_t> given = inflater_->unpack(packed, room);
    if (!given.ok()) return given.error();
    measure(room.first(given.value()));
    inflated_ += given.value();
    if (is_bomb(deflated_ + taken_, inflated_)) return refuse_bomb(name_, Codec::kDeflate);
    if (given_ > entry_.unpacked) {
      return refuse(ErrorCode::kBadSyntax, " unpacks to more bytes than the archive says; the archive is damaged");
    }
    if (given.value() != 0) {
      if (Status status = sink_.commit_entry(given.value()); !status.ok()) return status;
    }
    if (sink_.has_enough() || (packed.empty() && given.value() < room.size())) return {};
  }
}

// What comes next: more of the entry, or another one.
Status Archive::go_on() {
  if (sink_.has_enough()) return {};
  if (const auto range = sink_.wanted_of_entry()) {
    // Longer ones come in pieces out of order; their pages have checksums of their own, where the writer made some.
    if (!by_ranges_ && taken_ == entry_.packed && crc_ != entry_.crc) return refuse_checksum();
    by_ranges_ = true;
    wanted_ = ByteRange{begin_ + range->offset, range->size};
    return {};
  }
  if (!by_ranges_) {
    if (taken_ < entry_.packed) {
      wanted_ = ByteRange{begin_ + taken_, static_cast<std::size_t>(std::min(kPiece, entry_.packed - taken_))};
      return {};
    }
    if (inflater_) {
      if (Status status = inflater_->finish(); !status.ok()) return status;
    }
    if (given_ != entry_.unpacked || crc_ != entry_.crc) return refuse_checksum();
  }
  if (Status status = sink_.end_entry(); !status.ok()) return status;
  return sink_.has_enough() ? Status() : begin_next();
}

}  // namespace causal_sessions
