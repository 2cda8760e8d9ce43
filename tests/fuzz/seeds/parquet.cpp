// Parquet files of some rows in every physical type, encoding, page version and codec that the reader knows.
//
// Source: apache/parquet-format, parquet.thrift, Encodings.md.
#include <algorithm>
#include <bit>
#include <optional>
#include <vector>

#include "formats/thrift.h"
#include "fuzz/seeds/packed.h"
#include "fuzz/seeds/seeds.h"

namespace causal_sessions::seeds {
namespace {

using Texts = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;
constexpr std::size_t kRows = 6;
constexpr int kBoolean = 0, kInt32 = 1, kInt64 = 2, kInt96 = 3, kFloat = 4, kDouble = 5, kBytes = 6, kFixed = 7;
constexpr int kPlain = 0, kPlainDictionary = 2, kRle = 3, kDelta = 5, kDeltaLength = 6, kDeltaBytes = 7, kDictionary = 8,
              kSplit = 9;

struct Page {
  int type = 0;  // 0: data, 2: dictionary, 3: data of version 2
  int encoding = kPlain;
  std::size_t values = kRows;
  std::string levels = {};  // of definition, without a length before them
  std::string body = {};
};

struct Column {
  std::string name;
  int physical = kBytes;
  std::vector<Page> pages = {};
  int converted = -1;
  int logical = 0;    // field of the union LogicalType
  int time_unit = 0;  // of a timestamp: 1 ms, 2 us, 3 ns
  bool utc = true;
  int fixed_size = 0;
  bool optional = false;
  int children = 0;  // so many of the columns behind it are inside of this group, which has no pages
  bool repeated = false;
};

void varint(std::string& to, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) to.push_back(static_cast<char>(value | 0x80));
  to.push_back(static_cast<char>(value));
}
std::uint64_t zigzag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}

std::string packed_bits(const std::vector<std::uint64_t>& values, unsigned width) {
  std::string out((values.size() * width + 7) / 8, '\0');
  for (std::size_t i = 0; i < values.size() * width; ++i) {
    if (values[i / width] >> (i % width) & 1) out[i / 8] = static_cast<char>(out[i / 8] | 1 << (i % 8));
  }
  return out;
}

// Bit-packed groups of eight.
std::string hybrid(Numbers codes, unsigned width) {
  codes.resize((codes.size() + 7) / 8 * 8);
  std::string out;
  varint(out, codes.size() / 8 << 1 | 1);
  return out + packed_bits({codes.begin(), codes.end()}, width);
}
std::string run_of(std::uint64_t count, std::uint8_t value) {
  std::string out;
  varint(out, count << 1);
  return out + static_cast<char>(value);
}

// One block with four miniblocks of 32.
std::string delta(const Numbers& values) {
  std::string out;
  for (const std::uint64_t number :
       {std::uint64_t{128}, std::uint64_t{4}, std::uint64_t{values.size()}, zigzag(values.empty() ? 0 : values[0])})
    varint(out, number);
  if (values.size() < 2) return out;
  std::vector<std::uint64_t> deltas;
  std::int64_t least = values[1] - values[0];
  for (std::size_t i = 1; i < values.size(); ++i) least = std::min(least, values[i] - values[i - 1]);
  unsigned width = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    deltas.push_back(static_cast<std::uint64_t>(values[i] - values[i - 1] - least));
    width = std::max(width, static_cast<unsigned>(std::bit_width(deltas.back())));
  }
  varint(out, zigzag(least));
  out.append({static_cast<char>(width), 0, 0, 0});
  deltas.resize(32);
  return out + packed_bits(deltas, width);
}

std::string plain(const Texts& texts) {
  std::string out;
  for (const std::string& text : texts) {
    put(out, static_cast<std::uint32_t>(text.size()));
    out.append(text);
  }
  return out;
}
template <class T>
std::string plain(const std::vector<T>& values) {
  std::string out;
  for (const T value : values) put(out, value);
  return out;
}
std::string joined(const Texts& texts) {
  std::string out;
  for (const std::string& text : texts) out.append(text);
  return out;
}
// Byte k of every value, for each k in turn.
std::string split(const std::string& values, std::size_t width) {
  std::string out;
  for (std::size_t k = 0; k < width; ++k) {
    for (std::size_t at = k; at < values.size(); at += width) out.push_back(values[at]);
  }
  return out;
}

const Texts kUsers = {"u", "v", "u", "user 3", "v", "u"}, kItems = {"i1", "i22", "i1", "i333", "i22", "i1"};
const Texts kTypes = {"impression", "click", "purchase", "impression", "impression", "click"};
const Numbers kTimes = {1757030400, 1757030401, 1757030402, 1757030400, 1757030490, 1757030500};

Numbers times(std::int64_t scale) {
  Numbers values = kTimes;
  for (std::int64_t& value : values) value *= scale;
  return values;
}

Column data(std::string name, int physical, std::string body, int encoding = kPlain) {
  return {.name = std::move(name), .physical = physical, .pages = {{.encoding = encoding, .body = std::move(body)}}};
}
Column texts(std::string name, const Texts& values) { return data(std::move(name), kBytes, plain(values)); }

Column coded(std::string name, const Texts& dictionary, Numbers codes, int encoding = kDictionary) {
  const unsigned width = 2;
  Column column = data(std::move(name), kBytes, static_cast<char>(width) + hybrid(std::move(codes), width), encoding);
  column.pages.insert(column.pages.begin(),
                      {.type = 2, .encoding = kPlain, .values = dictionary.size(), .body = plain(dictionary)});
  return column;
}

// Every second row is missing.
Column optional(Column column, std::string values) {
  column.optional = true;
  column.pages.back().levels = hybrid({1, 0, 1, 0, 1, 0}, 1);
  column.pages.back().body = std::move(values);
  return column;
}
Column version_2(Column column) {
  column.pages.back().type = 3;
  return column;
}
Column converted(Column column, int as) {
  column.converted = as;
  return column;
}
Column timestamp(Column column, int unit, bool utc = true) {
  column.logical = 8;
  column.time_unit = unit;
  column.utc = utc;
  return column;
}
Column fixed(Column column, int size, int logical = 0) {
  column.fixed_size = size;
  column.logical = logical;
  return column;
}

std::string packed(std::string_view body, int codec) {
  switch (codec) {
    case 1: return packed_snappy(body);
    case 2: return stored_gzip(body);
    case 4: return stored_brotli(body);
    case 5: return stored_lz4_hadoop(body);
    case 6: return stored_zstd(body);
    case 7: return stored_lz4(body);
    default: return std::string(body);
  }
}

void put_page(std::string& file, const Page& page, int codec) {
  std::string plain_bytes, bytes;
  if (page.type == 3) {
    plain_bytes = page.levels + page.body;
    bytes = page.levels + packed(page.body, codec);
  } else {
    if (!page.levels.empty()) put(plain_bytes, static_cast<std::uint32_t>(page.levels.size()));
    plain_bytes += page.levels + page.body;
    bytes = packed(plain_bytes, codec);
  }
  std::vector<std::uint8_t> header;
  thrift::Writer out(header);
  out.begin_struct();
  out.field(1, static_cast<std::int32_t>(page.type));
  out.field(2, static_cast<std::int32_t>(plain_bytes.size()));
  out.field(3, static_cast<std::int32_t>(bytes.size()));
  out.begin_struct(page.type == 0 ? 5 : page.type == 2 ? 7 : 8);
  out.field(1, static_cast<std::int32_t>(page.values));
  if (page.type == 3) {
    out.field(2, std::int32_t{0});
    out.field(3, static_cast<std::int32_t>(page.values));
    out.field(4, static_cast<std::int32_t>(page.encoding));
    out.field(5, static_cast<std::int32_t>(page.levels.size()));
    out.field(6, std::int32_t{0});
    out.field(7, codec != 0);
  } else {
    out.field(2, static_cast<std::int32_t>(page.encoding));
    if (page.type == 0) {
      out.field(3, std::int32_t{kRle});
      out.field(4, std::int32_t{kRle});
    }
  }
  out.end_struct();
  out.end_struct();
  file.append(header.begin(), header.end()).append(bytes);
}

void put_element(thrift::Writer& out, const Column& column) {
  out.begin_struct();
  if (column.children == 0) out.field(1, static_cast<std::int32_t>(column.physical));
  if (column.fixed_size != 0) out.field(2, static_cast<std::int32_t>(column.fixed_size));
  out.field(3, static_cast<std::int32_t>(column.repeated ? 2 : column.optional ? 1 : 0));
  out.field(4, std::string_view(column.name));
  if (column.children != 0) out.field(5, static_cast<std::int32_t>(column.children));
  if (column.converted >= 0) out.field(6, static_cast<std::int32_t>(column.converted));
  if (column.logical != 0) {
    out.begin_struct(10);
    out.begin_struct(column.logical);
    if (column.time_unit != 0) {
      out.field(1, column.utc);
      out.begin_struct(2);
      out.empty_struct(column.time_unit);
      out.end_struct();
    }
    if (column.logical == 10) {
      out.field(1, std::int8_t{32});
      out.field(2, false);
    }
    out.end_struct();
    out.end_struct();
  }
  out.end_struct();
}

// Groups of the same rows.
std::string file_of(const std::vector<Column>& columns, int codec = 0, int groups = 1) {
  struct Chunk {
    std::size_t begin, end;
  };
  std::string file = "PAR1";
  std::vector<std::vector<Chunk>> chunks(static_cast<std::size_t>(groups));
  for (auto& group : chunks) {
    for (const Column& column : columns) {
      const std::size_t begin = file.size();
      for (const Page& page : column.pages) put_page(file, page, codec);
      group.push_back({begin, file.size()});
    }
  }
  std::size_t top = columns.size(), rows = 0;
  for (const Column& column : columns) top -= static_cast<std::size_t>(column.children);
  for (const Page& page : columns.back().pages) rows += page.type == 2 ? 0 : page.values;
  std::vector<std::uint8_t> footer;
  thrift::Writer out(footer);
  out.begin_struct();
  out.field(1, std::int32_t{1});
  out.begin_list(2, thrift::kStruct, columns.size() + 1);
  out.begin_struct();
  out.field(4, std::string_view("schema"));
  out.field(5, static_cast<std::int32_t>(top));
  out.end_struct();
  for (const Column& column : columns) put_element(out, column);
  out.field(3, static_cast<std::int64_t>(rows * chunks.size()));
  out.begin_list(4, thrift::kStruct, chunks.size());
  for (const auto& group : chunks) {
    out.begin_struct();
    out.begin_list(
        1, thrift::kStruct,
        static_cast<std::size_t>(std::count_if(columns.begin(), columns.end(), [](const Column& c) { return c.children == 0; })));
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (columns[i].children != 0) continue;
      out.begin_struct();
      out.field(2, static_cast<std::int64_t>(group[i].begin));
      out.begin_struct(3);
      out.field(1, static_cast<std::int32_t>(columns[i].physical));
      out.field(4, static_cast<std::int32_t>(codec));
      out.field(5, static_cast<std::int64_t>(rows));
      out.field(7, static_cast<std::int64_t>(group[i].end - group[i].begin));
      const bool dictionary = !columns[i].pages.empty() && columns[i].pages[0].type == 2;
      out.field(9, static_cast<std::int64_t>(group[i].begin + (dictionary ? 1 : 0)));
      if (dictionary) out.field(11, static_cast<std::int64_t>(group[i].begin));
      out.end_struct();
      out.end_struct();
    }
    out.field(2, std::int64_t{100});
    out.field(3, static_cast<std::int64_t>(rows));
    out.end_struct();
  }
  out.end_struct();
  file.append(footer.begin(), footer.end());
  put(file, static_cast<std::uint32_t>(footer.size()));
  return file + "PAR1";
}

Column plain_times() { return converted(data("event_time", kInt64, plain(times(1'000'000))), 10); }

// User, time, type and item, of which some are given.
std::string events_of(std::optional<Column> user, std::optional<Column> time = {}, std::optional<Column> type = {},
                      std::optional<Column> item = {}, int codec = 0) {
  return file_of({user.value_or(texts("user_id", kUsers)), time.value_or(plain_times()),
                  type.value_or(texts("event_type", kTypes)), item.value_or(texts("item_id", kItems))},
                 codec);
}
std::string with_user(Column user) { return events_of(std::move(user)); }
std::string with_time(Column time) { return events_of({}, std::move(time)); }

std::string int96() {
  std::string out;
  for (const std::int64_t time : kTimes) {
    put(out, time % 86'400 * 1'000'000'000);
    put(out, static_cast<std::uint32_t>(time / 86'400 + 2'440'588));
  }
  return out;
}

Numbers lengths_of(const Texts& values) {
  Numbers lengths;
  for (const std::string& text : values) lengths.push_back(static_cast<std::int64_t>(text.size()));
  return lengths;
}
std::string delta_length(const Texts& values) { return delta(lengths_of(values)) + joined(values); }

// Each but the first keeps one byte of the text before it.
std::string delta_bytes(Texts values) {
  Numbers prefixes;
  for (std::size_t i = 0; i < values.size(); ++i) prefixes.push_back(i == 0 ? 0 : 1);
  for (std::size_t i = 1; i < values.size(); ++i) values[i].erase(0, 1);
  return delta(prefixes) + delta_length(values);
}

Texts of_size(std::size_t size) {
  Texts values = kUsers;
  for (std::string& text : values) text.resize(size, '-');
  return values;
}

}  // namespace

std::vector<Seed> parquet_seeds() {
  const std::string dates = plain(std::vector<std::int32_t>{20336, 20336, 20337, 20336, 20337, 20338});
  const std::vector<std::int32_t> small = {1, -2, 1, 4, -2, 1};
  const std::vector<double> doubles = {1, 2.5, 1, -4e300, 2.5, 1};
  const std::vector<float> floats = {1, 2.5, 1, -4e30f, 2.5, 1};
  const Column coded_user = coded("user_id", {"v", "u", "user 3"}, {1, 0, 1, 2, 0, 1});
  std::vector<Seed> seeds = {
      {"plain", events_of({})},
      {"two-groups", file_of({texts("user_id", kUsers), plain_times(), texts("event_type", kTypes)}, 0, 2)},
      {"user-coded", with_user(coded_user)},
      {"user-coded-before-2.0", with_user(coded("user_id", {"v", "u", "user 3"}, {1, 0, 1, 2, 0, 1}, kPlainDictionary))},
      {"user-coded-optional", with_user(optional(coded_user, static_cast<char>(2) + hybrid({1, 1, 2}, 2)))},
      {"user-optional", with_user(optional(texts("user_id", kUsers), plain(Texts{"u", "v", "w"})))},
      {"user-optional-version-2", with_user(version_2(optional(texts("user_id", kUsers), plain(Texts{"u", "v", "w"}))))},
      {"user-version-2", with_user(version_2(texts("user_id", kUsers)))},
      {"user-delta-length", with_user(data("user_id", kBytes, delta_length(kUsers), kDeltaLength))},
      {"user-delta-bytes", with_user(data("user_id", kBytes, delta_bytes(kUsers), kDeltaBytes))},
      {"user-int32", with_user(data("user_id", kInt32, plain(small)))},
      {"user-int32-delta", with_user(data("user_id", kInt32, delta({1, -2, 1, 4, -2, 1}), kDelta))},
      {"user-int32-split", with_user(data("user_id", kInt32, split(plain(small), 4), kSplit))},
      {"user-uint32", with_user(fixed(data("user_id", kInt32, plain(small)), 0, 10))},
      {"user-uint64", with_user(converted(data("user_id", kInt64, plain(kTimes)), 14))},
      {"user-float", with_user(data("user_id", kFloat, plain(floats)))},
      {"user-float-split", with_user(data("user_id", kFloat, split(plain(floats), 4), kSplit))},
      {"user-double", with_user(data("user_id", kDouble, plain(doubles)))},
      {"user-double-split", with_user(data("user_id", kDouble, split(plain(doubles), 8), kSplit))},
      {"user-boolean", with_user(data("user_id", kBoolean, packed_bits({1, 0, 1, 1, 0, 1}, 1)))},
      {"user-boolean-rle", with_user(data("user_id", kBoolean, std::string("\2\0\0\0", 4) + run_of(6, 1), kRle))},
      {"user-uuid", with_user(fixed(data("user_id", kFixed, joined(of_size(16))), 16, 14))},
      {"user-uuid-split", with_user(fixed(data("user_id", kFixed, split(joined(of_size(16)), 16), kSplit), 16, 14))},
      {"user-uuid-delta", with_user(fixed(data("user_id", kFixed, delta_bytes(of_size(16)), kDeltaBytes), 16, 14))},
      {"user-decimal", with_user(fixed(data("user_id", kFixed, joined(of_size(4))), 4, 5))},
      {"user-decimal-int64", with_user(converted(data("user_id", kInt64, plain(kTimes)), 5))},
      {"user-decimal-bytes", with_user(converted(texts("user_id", kUsers), 5))},
      {"user-half", with_user(fixed(data("user_id", kFixed, joined(of_size(2))), 2, 15))},
      {"user-date", with_user(converted(data("user_id", kInt32, dates), 6))},
      {"user-of-no-type", with_user(converted(data("user_id", kInt32, dates), 21))},
      {"time-seconds", with_time(data("event_time", kInt64, plain(kTimes)))},
      {"time-milliseconds", with_time(timestamp(data("event_time", kInt64, plain(times(1000))), 1, false))},
      {"time-microseconds-delta", with_time(timestamp(data("event_time", kInt64, delta(times(1'000'000)), kDelta), 2))},
      {"time-nanoseconds", with_time(timestamp(data("event_time", kInt64, plain(times(1'000'000'000))), 3))},
      {"time-nanoseconds-split",
       with_time(timestamp(data("event_time", kInt64, split(plain(times(1'000'000'000)), 8), kSplit), 3))},
      {"time-optional",
       with_time(optional(plain_times(), plain(Numbers{1'757'030'400'000'000, 1'757'030'401'000'000, 1'757'030'402'000'000})))},
      {"time-date", with_time(converted(data("event_time", kInt32, dates), 6))},
      {"time-int96", with_time(data("event_time", kInt96, int96()))},
      {"time-double", with_time(data("event_time", kDouble,
                                     plain(std::vector<double>{1757030400.5, 1757030401, 1757030402, 1757030403, 0, 1e300})))},
      {"time-of-day", with_time(converted(data("event_time", kInt64, plain(kTimes)), 8))},
      {"time-text", with_time(texts("event_time", {"2025-09-05", "2025-09-05 00:00:01", "2025-09-05T00:00:02Z", "soon",
                                                   "1757030400", "2025-09-05 00:00:03.5"}))},
      {"time-json", with_time(converted(texts("event_time", Texts(kRows, "2025-09-05")), 19))},
      {"type-coded", events_of({}, {}, coded("event_type", {"click", "impression", "purchase"}, {1, 0, 2, 1, 1, 0}))},
      {"item-missing", events_of({}, {}, {}, optional(texts("item_id", kItems), plain(Texts{"i", "", "[PAD]"})))},
      {"group", file_of({{.name = "note", .children = 2},
                         texts("a", kUsers),
                         texts("b", kItems),
                         texts("user_id", kUsers),
                         plain_times(),
                         texts("event_type", kTypes)})},
      {"list", file_of({{.name = "tags", .converted = 3, .optional = true, .children = 1, .repeated = false},
                        texts("element", kUsers),
                        texts("user_id", kUsers),
                        plain_times(),
                        texts("event_type", kTypes)})},
      {"repeated", file_of({{.name = "tags", .physical = kBytes, .pages = texts("", kUsers).pages, .repeated = true},
                            texts("user_id", kUsers),
                            plain_times(),
                            texts("event_type", kTypes)})},
      {"no-time", file_of({texts("user_id", kUsers), texts("event_type", kTypes)})},
      {"no-rows", file_of({{.name = "user_id"}, {.name = "event_time"}, {.name = "event_type"}})},
  };
  // Dictionaries of numbers and of times, and pages of one column that are cut elsewhere than those of the others.
  Column numbers = data("user_id", kInt64, static_cast<char>(1) + hybrid({0, 1, 0, 1, 0, 1}, 1), kDictionary);
  numbers.pages.insert(numbers.pages.begin(), {.type = 2, .values = 2, .body = plain(Numbers{7, -8})});
  seeds.push_back({"user-int64-coded", with_user(numbers)});
  Column coded_times =
      converted(data("event_time", kInt64, static_cast<char>(1) + hybrid({0, 1, 0, 1, 0, 1}, 1), kDictionary), 10);
  coded_times.pages.insert(coded_times.pages.begin(),
                           {.type = 2, .values = 2, .body = plain(Numbers{1'757'030'400'000'000, 1'757'030'500'000'000})});
  seeds.push_back({"time-coded", with_time(coded_times)});
  Column pages = texts("user_id", {"u", "v"});
  pages.pages[0].values = 2;
  pages.pages.push_back({.type = 1, .values = 0});  // an index, to be left out
  pages.pages.push_back({.values = 4, .body = plain(Texts{"w", "u", "v", "u"})});
  seeds.push_back({"user-pages", with_user(pages)});
  Column fallback = coded_user;
  fallback.pages[1].values = 3;
  fallback.pages.push_back({.values = 3, .body = plain(Texts{"a", "b", "c"})});
  seeds.push_back({"user-coded-then-plain", with_user(fallback)});
  // More rows than go to the event builder at once.
  const std::size_t many = 40;
  Column user = data("user_id", kBytes, static_cast<char>(2) + run_of(20, 1) + run_of(20, 0), kDictionary);
  user.pages[0].values = many;
  user.pages.insert(user.pages.begin(), {.type = 2, .values = 2, .body = plain(Texts{"v", "u"})});
  Column time = data("event_time", kInt64, delta(Numbers(many, 1'757'030'400)), kDelta);
  time.pages[0].values = many;
  Column type = texts("event_type", Texts(many, "click"));
  type.pages[0].values = many;
  seeds.push_back({"many-rows", file_of({user, time, type})});
  for (const int codec : {1, 2, 4, 5, 6, 7}) {
    seeds.push_back(
        {"codec-" + std::to_string(codec), events_of(coded_user, {}, {}, version_2(texts("item_id", kItems)), codec)});
  }
  return seeds;
}

}  // namespace causal_sessions::seeds
