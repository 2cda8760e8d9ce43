#include "formats/zip_writer.h"

#include <cassert>
#include <utility>

#include "core/crc32.h"

namespace causal_sessions {
namespace {

constexpr std::uint64_t kTooLong = 0xFFFFFFFF;  // for a field of 32 bits, which then says: see the ZIP64 field
constexpr std::uint16_t kVersion = 20, kVersion64 = 45;
constexpr std::uint16_t kUtf8Name = 1 << 11;
constexpr std::uint16_t kDate = 1 << 5 | 1;  // 1980-01-01
constexpr std::uint16_t kZip64 = 1;

std::uint32_t short_form(std::uint64_t value) { return static_cast<std::uint32_t>(std::min(value, kTooLong)); }

// What a local and a central header have in common, from the version needed to the length of the name.
void put_common(ByteSink& sink, bool zip64, std::uint32_t crc, std::uint64_t bytes, std::size_t name_bytes) {
  sink.put_le(zip64 ? kVersion64 : kVersion);
  sink.put_le(kUtf8Name);
  sink.put_le(std::uint16_t{0});  // stored
  sink.put_le(std::uint16_t{0});  // midnight
  sink.put_le(kDate);
  sink.put_le(crc);
  sink.put_le(short_form(bytes));
  sink.put_le(short_form(bytes));
  sink.put_le(static_cast<std::uint16_t>(name_bytes));
}

}  // namespace

void ZipWriter::add(std::string name, const std::function<void(ByteSink&)>& fill) {
  Entry entry{std::move(name), sink_.position() - begin_, 0, 0};
  ByteSink measure([&entry](std::span<const std::uint8_t> bytes) {
    entry.bytes += bytes.size();
    entry.crc = crc32(bytes, entry.crc);
  });
  fill(measure);
  measure.flush();

  const bool zip64 = entry.bytes >= kTooLong;
  sink_.put_le(std::uint32_t{0x04034b50});
  put_common(sink_, zip64, entry.crc, entry.bytes, entry.name.size());
  sink_.put_le(static_cast<std::uint16_t>(zip64 ? 20 : 0));
  sink_.put(entry.name);
  if (zip64) {
    sink_.put_le(kZip64);
    sink_.put_le(std::uint16_t{16});
    sink_.put_le(entry.bytes);
    sink_.put_le(entry.bytes);
  }
  [[maybe_unused]] const std::uint64_t begin = sink_.position();
  fill(sink_);
  assert(sink_.position() - begin == entry.bytes);
  entries_.push_back(std::move(entry));
}

void ZipWriter::put_central(const Entry& entry) {
  const bool long_size = entry.bytes >= kTooLong, long_offset = entry.offset >= kTooLong;
  const bool zip64 = long_size || long_offset;
  const int extra = (long_size ? 16 : 0) + (long_offset ? 8 : 0);
  sink_.put_le(std::uint32_t{0x02014b50});
  sink_.put_le(kVersion64);
  put_common(sink_, zip64, entry.crc, entry.bytes, entry.name.size());
  sink_.put_le(static_cast<std::uint16_t>(zip64 ? extra + 4 : 0));
  sink_.put_le(std::uint16_t{0});  // comment
  sink_.put_le(std::uint16_t{0});  // disk
  sink_.put_le(std::uint16_t{0});  // internal attributes
  sink_.put_le(std::uint32_t{0});  // external attributes
  sink_.put_le(short_form(entry.offset));
  sink_.put(entry.name);
  if (!zip64) return;
  sink_.put_le(kZip64);
  sink_.put_le(static_cast<std::uint16_t>(extra));
  if (long_size) {
    sink_.put_le(entry.bytes);
    sink_.put_le(entry.bytes);
  }
  if (long_offset) sink_.put_le(entry.offset);
}

void ZipWriter::finish() {
  const std::uint64_t central = sink_.position() - begin_;
  for (const Entry& entry : entries_) put_central(entry);
  const std::uint64_t end = sink_.position() - begin_, count = entries_.size();
  if (end >= kTooLong || count >= 0xFFFF) {
    sink_.put_le(std::uint32_t{0x06064b50});
    sink_.put_le(std::uint64_t{44});
    sink_.put_le(kVersion64);
    sink_.put_le(kVersion64);
    sink_.put_le(std::uint64_t{0});  // this disk and the directory's
    sink_.put_le(count);
    sink_.put_le(count);
    sink_.put_le(end - central);
    sink_.put_le(central);
    sink_.put_le(std::uint32_t{0x07064b50});
    sink_.put_le(std::uint32_t{0});
    sink_.put_le(end);
    sink_.put_le(std::uint32_t{1});
  }
  const auto short_count = static_cast<std::uint16_t>(std::min<std::uint64_t>(count, 0xFFFF));
  sink_.put_le(std::uint32_t{0x06054b50});
  sink_.put_le(std::uint32_t{0});
  sink_.put_le(short_count);
  sink_.put_le(short_count);
  sink_.put_le(short_form(end - central));
  sink_.put_le(short_form(central));
  sink_.put_le(std::uint16_t{0});
}

}  // namespace causal_sessions
