// ZIP files: entries lie inside of the file and beside each other; by ranges and gathered, the same events or the same refusal; and
// the preview.
#include <algorithm>
#include <cstring>
#include <vector>

#include "core/crc32.h"
#include "formats/zip_directory.h"
#include "support.h"
#include "target.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace causal_sessions::fuzz {
namespace {

constexpr std::string_view kCentralMark = "PK\x01\x02";

// None if the directory is refused.
std::vector<ZipEntry> entries_of(std::string_view file) {
  ZipDirectory directory("x.zip", file.size());
  while (const auto range = directory.wanted()) {
    expect(range->offset <= file.size() && range->size <= file.size() - range->offset, "a directory lies inside of the file");
    if (!directory.supply(file.substr(static_cast<std::size_t>(range->offset), range->size)).ok()) return {};
  }
  return std::move(directory.entries());
}

void check_entries(std::string_view file) {
  std::vector<ZipEntry> entries = entries_of(file);
  std::sort(entries.begin(), entries.end(), [](const ZipEntry& a, const ZipEntry& b) { return a.offset < b.offset; });
  std::uint64_t end = 0;
  for (const ZipEntry& entry : entries) {
    expect(entry.offset >= end && entry.room <= file.size() - entry.offset, "entries lie beside each other", entry.name);
    expect(entry.packed <= entry.room, "an entry's bytes lie in its room", entry.name);
    end = entry.offset + entry.room;
  }
}

}  // namespace

void run_zip(std::string_view input) {
  if (!input.starts_with(kZipMark)) return;
  check_entries(input);
  check_columnar(input);
}

// The directory and the entries apart; of one that is stored the checksum is made anew, so that what is in it is read.
std::size_t mutate_zip(std::uint8_t* data, std::size_t size, std::size_t most, unsigned seed) {
  Dice dice(seed);
  const std::string_view file(reinterpret_cast<const char*>(data), size);
  std::vector<ZipEntry> entries = entries_of(file);
  const std::size_t directory = file.find(kCentralMark);
  if (entries.empty() || directory == file.npos || dice.chance(2)) return LLVMFuzzerMutate(data, size, most);
  if (dice.chance(30)) {
    mutate_within({data, size}, directory, size, dice);
    return size;
  }
  const std::size_t which = dice.below(entries.size());
  const ZipEntry& entry = entries[which];
  const std::size_t begin = static_cast<std::size_t>(entry.offset), bytes = begin + kZipLocalHeader + entry.name.size();
  const auto packed = static_cast<std::size_t>(entry.packed);
  if (dice.chance(15)) {
    mutate_within({data, size}, begin, bytes, dice);
    return size;
  }
  mutate_within({data, size}, bytes, bytes + packed, dice);
  if (entry.method != kZipStored || bytes + packed > size) return size;
  std::size_t record = directory;
  for (std::size_t i = 0; i < which && record != file.npos; ++i) record = file.find(kCentralMark, record + 1);
  constexpr std::size_t kCrc = 16;
  const std::uint32_t crc = crc32({data + bytes, packed});
  if (record != file.npos && record + kCrc + sizeof crc <= size) std::memcpy(data + record + kCrc, &crc, sizeof crc);
  return size;
}

}  // namespace causal_sessions::fuzz
