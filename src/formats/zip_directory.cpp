#include "formats/zip_directory.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/cold.h"

namespace causal_sessions {
namespace {

constexpr std::string_view kEndMark = "PK\x05\x06", kEnd64Mark = "PK\x06\x06", kLocatorMark = "PK\x06\x07",
                           kEntryMark = "PK\x01\x02";
constexpr std::size_t kEnd = 22, kEnd64 = 56, kLocator = 20, kEntry = 46, kLongestComment = 0xFFFF;
constexpr std::uint64_t kMostDirectory = 64u << 20;
constexpr std::uint64_t kLong32 = 0xFFFFFFFF;  // the number stands in the ZIP64 field

// Little-endian; the bytes are there.
std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// Replaces the numbers that were too long for the entry, in their order; false if one is missing.
bool read_zip64(std::string_view extra, std::span<std::uint64_t* const> longs) {
  while (extra.size() >= 4) {
    const auto id = number(extra, 0, 2), size = number(extra, 2, 2);
    extra.remove_prefix(4);
    if (size > extra.size()) return false;
    if (id == 1) {
      if (size < 8 * longs.size()) return false;
      for (std::size_t i = 0; i < longs.size(); ++i) *longs[i] = number(extra, 8 * i, 8);
      return true;
    }
    extra.remove_prefix(static_cast<std::size_t>(size));
  }
  return longs.empty();
}

}  // namespace

COLD ZipDirectory::ZipDirectory(std::string file, std::uint64_t size) : file_(std::move(file)), size_(size) {
  const auto tail = std::min<std::uint64_t>(size, kEnd + kLongestComment + kLocator + kEnd64);
  wanted_ = Range{size - tail, static_cast<std::size_t>(tail)};
}

COLD Error ZipDirectory::damaged(const char* finding) const {
  return {ErrorCode::kBadSyntax, file_ + " is no whole zip archive: " + finding, {file_, {}, {}, {}}};
}

COLD Status ZipDirectory::supply(std::span<const char> bytes) {
  if (bytes.size() != wanted_->size) return damaged("it ended while it was being read");
  wanted_.reset();
  switch (part_) {
    case Part::kEnd: return read_end(bytes);
    case Part::kEnd64: return read_end64(bytes);
    case Part::kEntries: return read_entries(bytes);
  }
  return {};
}

COLD Status ZipDirectory::read_end(std::span<const char> bytes) {
  const std::string_view tail(bytes.data(), bytes.size());
  std::size_t at = tail.size() < kEnd ? tail.npos : tail.rfind(kEndMark, tail.size() - kEnd);
  while (at != tail.npos && at + kEnd + number(tail, at + 20, 2) != tail.size()) {
    at = at == 0 ? tail.npos : tail.rfind(kEndMark, at - 1);
  }
  if (at == tail.npos) return damaged("its end is missing; it was cut off, or never finished");
  const std::uint64_t place = size_ - tail.size() + at;
  const bool long_form = at >= kLocator && tail.substr(at - kLocator, 4) == kLocatorMark;
  if (long_form) {
    const std::uint64_t record = number(tail, at - kLocator + 8, 8);
    if (place < kLocator + kEnd64 || record > place - kLocator - kEnd64) return damaged("its ZIP64 record lies outside of it");
    part_ = Part::kEnd64;
    directory_ = record;  // ends before it
    wanted_ = Range{record, kEnd64};
    return {};
  }
  if (number(tail, at + 4, 2) != 0 || number(tail, at + 6, 2) != 0) {
    return Error{
        ErrorCode::kUnknownFormat, file_ + " is one of several parts of a zip archive; join them first", {file_, {}, {}, {}}};
  }
  count_ = number(tail, at + 10, 2);
  return want_directory(number(tail, at + 16, 4), number(tail, at + 12, 4), place);
}

COLD Status ZipDirectory::read_end64(std::span<const char> bytes) {
  const std::string_view record(bytes.data(), bytes.size());
  if (!record.starts_with(kEnd64Mark)) return damaged("its ZIP64 record is not where it should be");
  count_ = number(record, 32, 8);
  return want_directory(number(record, 48, 8), number(record, 40, 8), directory_);
}

// It ends at `limit`, or before.
COLD Status ZipDirectory::want_directory(std::uint64_t offset, std::uint64_t size, std::uint64_t limit) {
  if (offset > limit || size > limit - offset) return damaged("its directory lies outside of it");
  if (size > kMostDirectory) {
    return Error{ErrorCode::kTooLarge, file_ + ": the directory of the zip archive is longer than 64 MB", {file_, {}, {}, {}}};
  }
  if (count_ > size / kEntry) return damaged("its directory is shorter than its entries");
  directory_ = offset;
  part_ = Part::kEntries;
  wanted_ = Range{offset, static_cast<std::size_t>(size)};
  if (size == 0) return supply({});
  return {};
}

COLD Status ZipDirectory::read_entries(std::span<const char> bytes) {
  std::string_view rest(bytes.data(), bytes.size());
  entries_.reserve(static_cast<std::size_t>(count_));
  while (entries_.size() < count_) {
    if (rest.size() < kEntry || !rest.starts_with(kEntryMark)) return damaged("its directory is damaged");
    const auto name = static_cast<std::size_t>(number(rest, 28, 2)), extra = static_cast<std::size_t>(number(rest, 30, 2)),
               comment = static_cast<std::size_t>(number(rest, 32, 2));
    if (rest.size() < kEntry + name + extra + comment) return damaged("its directory is damaged");
    ZipEntry entry;
    entry.encrypted = (number(rest, 8, 2) & 0x2041) != 0;  // also its strong form, and a hidden directory
    entry.method = static_cast<std::uint16_t>(number(rest, 10, 2));
    entry.crc = static_cast<std::uint32_t>(number(rest, 16, 4));
    entry.packed = number(rest, 20, 4);
    entry.unpacked = number(rest, 24, 4);
    entry.offset = number(rest, 42, 4);
    entry.name = rest.substr(kEntry, name);
    std::vector<std::uint64_t*> longs;
    for (std::uint64_t* const value : {&entry.unpacked, &entry.packed, &entry.offset}) {
      if (*value == kLong32) longs.push_back(value);
    }
    if (!read_zip64(rest.substr(kEntry + name, extra), longs)) return damaged("its directory is damaged");
    rest.remove_prefix(kEntry + name + extra + comment);
    entries_.push_back(std::move(entry));
  }
  return measure_room();
}

// No two entries may share bytes, nor reach into the directory: so a few bytes are not read as many.
COLD Status ZipDirectory::measure_room() {
  std::vector<ZipEntry*> by_offset;
  for (ZipEntry& entry : entries_) by_offset.push_back(&entry);
  std::sort(by_offset.begin(), by_offset.end(), [](const ZipEntry* a, const ZipEntry* b) { return a->offset < b->offset; });
  for (std::size_t i = 0; i < by_offset.size(); ++i) {
    ZipEntry& entry = *by_offset[i];
    const std::uint64_t end = i + 1 < by_offset.size() ? by_offset[i + 1]->offset : directory_;
    const std::uint64_t header = kZipLocalHeader + entry.name.size();
    if (end < entry.offset || end - entry.offset < header || entry.packed > end - entry.offset - header) {
      return damaged("its entries overlap, or lie outside of it");
    }
    entry.room = end - entry.offset;
  }
  return {};
}

}  // namespace causal_sessions
