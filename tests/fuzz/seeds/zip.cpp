// ZIP files of events: entries that are stored and deflated, of text and of formats that are read by ranges.
//
// Source: PKWARE's APPNOTE.TXT 6.3, sections 4.3.7, 4.3.12, 4.3.16.
#include "core/crc32.h"
#include "fuzz/seeds/packed.h"
#include "fuzz/seeds/seeds.h"

namespace causal_sessions::seeds {
namespace {

struct Entry {
  std::string name, bytes;
  bool deflated = false;
};

// One block that is stored as it is, as it stands in a gzip file between its header and its end.
std::string stored_deflate(std::string_view text) {
  constexpr std::size_t kHeader = 10, kEnd = 8;
  const std::string gzip = stored_gzip(text);
  return gzip.substr(kHeader, gzip.size() - kHeader - kEnd);
}

// What both headers of an entry have in the same order.
void put_facts(std::string& to, const Entry& entry, const std::string& packed) {
  put(to, std::uint16_t{20});
  put(to, std::uint16_t{0});
  put(to, static_cast<std::uint16_t>(entry.deflated ? 8 : 0));
  put(to, std::uint32_t{0x210000});
  put(to, crc32({reinterpret_cast<const std::uint8_t*>(entry.bytes.data()), entry.bytes.size()}));
  put(to, static_cast<std::uint32_t>(packed.size()));
  put(to, static_cast<std::uint32_t>(entry.bytes.size()));
  put(to, static_cast<std::uint16_t>(entry.name.size()));
  put(to, std::uint16_t{0});
}

std::string zip(const std::vector<Entry>& entries) {
  std::string out, directory;
  for (const Entry& entry : entries) {
    const std::string packed = entry.deflated ? stored_deflate(entry.bytes) : entry.bytes;
    directory.append("PK\1\2");
    put(directory, std::uint16_t{20});
    put_facts(directory, entry, packed);
    put(directory, std::uint64_t{0});  // no comment, the first part, no attributes
    put(directory, std::uint16_t{0});
    put(directory, static_cast<std::uint32_t>(out.size()));
    directory.append(entry.name);
    out.append("PK\3\4");
    put_facts(out, entry, packed);
    out.append(entry.name).append(packed);
  }
  const std::size_t begin = out.size();
  out.append(directory).append("PK\5\6");
  put(out, std::uint32_t{0});
  put(out, static_cast<std::uint16_t>(entries.size()));
  put(out, static_cast<std::uint16_t>(entries.size()));
  put(out, static_cast<std::uint32_t>(directory.size()));
  put(out, static_cast<std::uint32_t>(begin));
  put(out, std::uint16_t{0});
  return out;
}

}  // namespace

std::vector<Seed> zip_seeds(const std::string& parquet_file, const std::string& arrow_file) {
  const std::string csv = "user,time,type,item\nu,1757000005,click,i\nv,1757000004,impression,\n";
  return {{"stored.zip", zip({{"a.csv", csv}, {"_SUCCESS", ""}, {"d/", ""}, {"d/b.csv", csv}})},
          {"deflated.zip", zip({{"a.csv", csv, true}, {"b.csv", csv, true}})},
          {"ranges.zip", zip({{"a.parquet", parquet_file}, {"b.arrow", arrow_file, true}})},
          {"hive.zip", zip({{"event_type=click/a.csv", csv}, {"type=click/b.csv", csv, true}})}};
}

}  // namespace causal_sessions::seeds
