#include "ingest/parquet/column_reader.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "core/buffer_sizes.h"
#include "core/civil_time.h"
#include "core/cold.h"
#include "core/crc32.h"
#include "core/number_text.h"
#include "core/string_pool.h"
#include "core/utf8.h"
#include "formats/parquet_format.h"

namespace causal_sessions::parquet {
namespace {

constexpr std::size_t kPiece = buffer_sizes::kParquetPiece;
constexpr std::size_t kMostHeader = 16 << 20;  // of a page; statistics can be long
constexpr std::size_t kMostPage = 1 << 30;
constexpr const char* kNotUtf8 = "not UTF-8";
constexpr const char* kTooLong = "its texts are too long";

// How many times its size a codec can unpack bytes to, generously.
std::uint64_t most_expansion(Codec codec) {
  switch (codec) {
    case Codec::kNone: return 1;
    case Codec::kSnappy: return 64;
    case Codec::kLz4Raw:
    case Codec::kLz4Hadoop:
    case Codec::kLz4Frame: return 256;
    case Codec::kGzip: return 1100;
    default: return 1 << 15;
  }
}

bool is_plain_ascii(std::string_view text) {
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, text.data() + i, 8);
    if (word & 0x8080808080808080ull) return false;
  }
  for (; i < text.size(); ++i) {
    if (static_cast<unsigned char>(text[i]) >= 0x80) return false;
  }
  return true;
}

char* write_signed(std::int64_t value, char* out) {
  if (value < 0) *out++ = '-';
  const auto bits = static_cast<std::uint64_t>(value);
  return write_int(value < 0 ? ~bits + 1 : bits, out);
}

COLD char* write_uuid(std::string_view bytes, char* out) {
  constexpr char kHex[] = "0123456789abcdef";
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) *out++ = '-';
    const auto byte = static_cast<unsigned char>(bytes[i]);
    *out++ = kHex[byte >> 4];
    *out++ = kHex[byte & 15];
  }
  return out;
}

// A number where no day has such a time.
COLD char* write_clock(std::int64_t value, TimeColumn::Unit unit, char* out) {
  char* const end = causal_sessions::write_clock(value, TimeColumn::per_second(unit), out);
  return end != out ? end : write_signed(value, out);
}

// A number as text; nullptr for "not a number", which stands for a missing value.
char* write_number(std::int64_t bits, Meaning meaning, char* out) {
  switch (meaning) {
    case Meaning::kUnsigned: return write_int(static_cast<std::uint64_t>(bits), out);
    case Meaning::kDouble: {
      const auto value = std::bit_cast<double>(bits);
      return std::isnan(value) ? nullptr : write_id(value, out);
    }
    case Meaning::kFloat: {
      const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
      return std::isnan(value) ? nullptr : write_id(value, out);
    }
    default: return write_signed(bits, out);
  }
}

// A decimal whose bytes stand most significant first, as many as its writer liked; none are a zero. nullptr if it has more
// digits than are read.
COLD char* write_decimal(std::string_view bytes, int scale, char* out) {
  const bool negative = !bytes.empty() && (bytes.front() & 0x80) != 0;
  const char filler = negative ? '\xFF' : '\0';
  while (bytes.size() > 1 && bytes[0] == filler && ((bytes[1] & 0x80) != 0) == negative) bytes.remove_prefix(1);
  if (bytes.size() > kMostDecimalBytes) return nullptr;
  std::uint8_t reversed[kMostDecimalBytes];
  std::reverse_copy(bytes.begin(), bytes.end(), reversed);
  return write_decimal_id(std::span(reversed).first(bytes.size()), scale, out);
}

COLD char* write_decimal(std::int64_t value, int scale, char* out) {
  std::uint8_t bytes[sizeof(value)];
  std::memcpy(bytes, &value, sizeof(value));
  return write_decimal_id(bytes, scale, out);
}

// Nanoseconds of a day and its Julian number.
COLD void read_int96(std::string_view bytes, std::int64_t& time_us, std::uint8_t& state) {
  std::uint64_t nanoseconds;
  std::int32_t julian;
  std::memcpy(&nanoseconds, bytes.data(), 8);
  std::memcpy(&julian, bytes.data() + 8, 4);
  constexpr std::int64_t kEpochJulian = 2'440'588, kDayUs = 86'400'000'000, kMostDays = (std::int64_t{1} << 62) / kDayUs;
  const std::int64_t day = std::int64_t{julian} - kEpochJulian;
  const bool is_time = day <= kMostDays && day >= -kMostDays && nanoseconds / 1000 < std::uint64_t{kDayUs};
  time_us = is_time ? day * kDayUs + static_cast<std::int64_t>(nanoseconds / 1000) : julian;
  state = !is_time ? TimeColumn::kJulian : nanoseconds % 1000 != 0 ? TimeColumn::kDigitsCut : TimeColumn::kPresent;
}

bool keep_text(std::string_view text, std::string_view& kept, TextArena& arena) {
  char* const at = arena.take(text.size());
  if (at == nullptr) return false;
  std::memcpy(at, text.data(), text.size());
  kept = {at, text.size()};
  return true;
}

// Moves compact values to the rows that have one; the others get `missing`.
template <class T>
void scatter(std::vector<T>& values, const std::vector<std::uint32_t>& present, std::size_t rows, std::size_t count, T missing) {
  if (rows == count) return;
  for (std::size_t row = rows; row-- > 0;) values[row] = present[row] ? values[--count] : missing;
}

}  // namespace

COLD void Buffer::reserve(std::size_t size, std::size_t keep) {
  if (size + kSlack > capacity_) {
    const std::size_t capacity = std::max(size, capacity_ + capacity_ / 2) + kSlack;
    auto larger = std::make_unique_for_overwrite<std::uint8_t[]>(capacity);
    if (keep > 0) std::memcpy(larger.get(), data_.get(), keep);
    data_ = std::move(larger);
    capacity_ = capacity;
  }
  std::memset(data_.get() + size, 0, kSlack);
}

COLD ColumnReader::ColumnReader(std::string file, Column column, ColumnAs as)
    : file_(std::move(file)), column_(std::move(column)), as_(as), present_(kMostRows), codes_(kMostRows), texts_(kMostRows),
      numbers_(kMostRows), states_(kMostRows) {}

COLD Error ColumnReader::refuse(ErrorCode code, const std::string& why) const {
  return Error{code, file_ + ", column \"" + column_.name + "\": " + why, {file_, {}, {}, column_.name}};
}

COLD Error ColumnReader::damaged(const std::string& why) const {
  return refuse(ErrorCode::kBadSyntax, "the Parquet data are damaged: " + why);
}

COLD Status ColumnReader::begin_chunk(const Chunk& chunk, std::uint64_t rows, std::uint64_t file_end) {
  if (chunk.encrypted) return refuse(ErrorCode::kUnknownFormat, "it is encrypted; write the file without encryption");
  if (chunk.elsewhere) return refuse(ErrorCode::kUnknownFormat, "its values are in another file; write them into one");
  if (!codec_of(chunk.compression, codec_)) {
    return refuse(ErrorCode::kUnknownFormat, chunk.compression == Compression::kLzo
                                                 ? "it is compressed with LZO, which is not read; use zstd"
                                                 : "it is compressed in a way that is not known");
  }
  if (chunk.type != static_cast<std::int64_t>(column_.physical)) return damaged("its type is not the schema's");
  // In lists there can be any number of values, within reason.
  const bool lists = column_.repetition > 0;
  if (lists && chunk.values > 0 && static_cast<std::uint64_t>(chunk.values) > rows_that_fit(file_end)) {
    return refuse(ErrorCode::kTooLarge, "it claims " + std::to_string(chunk.values) + " values, which no table of events needs");
  }
  if (chunk.values < 0 ||
      (lists ? static_cast<std::uint64_t>(chunk.values) < rows : static_cast<std::uint64_t>(chunk.values) != rows)) {
    return damaged("it has " + std::to_string(chunk.values) + " values in a group of " + std::to_string(rows) + " rows");
  }
  always_compressed_ = chunk.always_compressed;
  begin_ = end_ = wanted_ = 0;
  buffer_offset_ = chunk.offset;
  // Some old writers forgot the dictionary's header when they counted the bytes.
  chunk_end_ = std::min(file_end, chunk.offset + chunk.size + 100);
  rows_left_ = static_cast<std::uint64_t>(chunk.values);
  page_rows_ = 0;
  has_dictionary_ = false;
  return {};
}

COLD std::uint8_t* ColumnReader::room(std::size_t size) {
  const std::size_t kept = end_ - begin_;
  if (begin_ > 0) {
    if (kept > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, kept);
    buffer_offset_ += begin_;
    begin_ = 0;
    end_ = kept;
  }
  buffer_.reserve(end_ + size, end_);
  return buffer_.data() + end_;
}

COLD Result<bool> ColumnReader::load_page() {
  while (page_rows_ == 0) {
    if (rows_left_ == 0) return damaged("its rows end early");
    const std::size_t have = end_ - begin_;
    const std::uint64_t file_left = chunk_end_ - (buffer_offset_ + begin_) - have;
    const auto ask = [&](std::uint64_t needed) {
      wanted_ = static_cast<std::size_t>(std::min<std::uint64_t>(std::max<std::uint64_t>(needed, kPiece), file_left));
      return false;
    };
    PageHeader header;
    const std::span<const std::uint8_t> bytes(buffer_.data() + begin_, have);
    const PageHeaderState state = have == 0 ? PageHeaderState::kTruncated : read_page_header(bytes, header);
    if (state == PageHeaderState::kTruncated && file_left > 0 && have < kMostHeader) return ask(have);
    if (state != PageHeaderState::kWhole) return damaged("there is no page where one should be");
    const auto body = static_cast<std::uint64_t>(header.packed_size);
    if (body > have - header.header_size + file_left) return damaged("a page is longer than its column");
    if (body > have - header.header_size) return ask(body - (have - header.header_size));
    begin_ += header.header_size + static_cast<std::size_t>(body);
    const auto page = bytes.subspan(header.header_size, static_cast<std::size_t>(body));
    if (header.crc && static_cast<std::uint32_t>(*header.crc) != crc32(page)) {
      return damaged("a page does not fit its checksum");
    }
    Status status;
    if (header.type == PageType::kDictionary) status = load_dictionary(header, page);
    if (header.type == PageType::kData || header.type == PageType::kDataV2) status = load_data(header, page);
    if (!status.ok()) return status.error();
  }
  return true;
}

// Leaves bytes that are not compressed where they are.
COLD Status ColumnReader::unpack(std::span<const std::uint8_t> packed, std::size_t plain_size, Buffer& to,
                                 const std::uint8_t*& bytes) {
  if (codec_ == Codec::kNone) {
    if (packed.size() != plain_size) return damaged("a page has another size than its header says");
    bytes = packed.data();
    return {};
  }
  if (plain_size > kMostPage || plain_size > (packed.size() + 64) * most_expansion(codec_)) {
    return refuse(ErrorCode::kTooLarge,
                  "a page of " + std::to_string(packed.size()) + " bytes claims to unpack to " + std::to_string(plain_size));
  }
  to.reserve(plain_size);
  bytes = to.data();
  if (plain_size == 0) return {};
  if (Status status = decompress(codec_, packed, {to.data(), plain_size}); !status.ok()) {
    return refuse(status.error().code, status.error().message);
  }
  return {};
}

COLD Status ColumnReader::load_dictionary(const PageHeader& header, std::span<const std::uint8_t> body) {
  if (has_dictionary_) return damaged("it has two dictionaries");
  const auto plain_size = static_cast<std::size_t>(header.plain_size);
  const std::uint8_t* bytes = nullptr;
  if (Status status = unpack(body, plain_size, dictionary_, bytes); !status.ok()) return status;
  if (codec_ == Codec::kNone) {  // it outlives the piece
    dictionary_.reserve(plain_size);
    if (plain_size > 0) std::memcpy(dictionary_.data(), bytes, plain_size);
    bytes = dictionary_.data();
  }
  if (header.values < 0) return damaged("its dictionary is shorter than it claims");
  if (header.encoding != static_cast<int>(Encoding::kPlain) && header.encoding != static_cast<int>(Encoding::kPlainDictionary)) {
    return damaged("its dictionary has an unknown encoding");
  }
  if (column_.physical == Physical::kBoolean) return damaged("a boolean has a dictionary");
  const auto count = static_cast<std::size_t>(header.values);
  ValueReader values;
  if (values.open(column_, static_cast<int>(Encoding::kPlain), count, {bytes, plain_size})) {
    return damaged("its dictionary is shorter than it claims");
  }
  const char* problem = nullptr;
  dictionary_arena_.clear();
  if (is_time()) {
    dictionary_times_.resize(count);
    dictionary_states_.resize(count);
    problem = read_times(values, dictionary_times_.data(), dictionary_states_.data(), count);
  } else {
    dictionary_texts_.resize(count);
    problem = read_texts(values, dictionary_texts_.data(), count, dictionary_arena_);
    pool_ids_.assign(count, StringPool::kNone);
  }
  has_dictionary_ = true;
  if (problem == kNotUtf8) return refuse(ErrorCode::kBadEncoding, "its texts are not UTF-8");
  if (problem) return damaged(problem);
  return {};
}

COLD Status ColumnReader::load_data(const PageHeader& header, std::span<const std::uint8_t> body) {
  if (header.values < 0 || static_cast<std::uint64_t>(header.values) > rows_left_) {
    return damaged("its pages hold more rows than the group");
  }
  const bool v2 = header.type == PageType::kDataV2;
  std::span<const std::uint8_t> levels;
  auto plain_size = static_cast<std::size_t>(header.plain_size);
  const std::uint8_t* bytes = nullptr;
  if (v2) {
    // The levels come first and are never compressed. A flat column needs no repetition levels; some writers have them.
    const auto most = static_cast<std::int64_t>(std::min(body.size(), plain_size));
    if (header.repetition_bytes < 0 || header.repetition_bytes > most || header.definition_bytes < 0 ||
        header.definition_bytes > most - header.repetition_bytes) {
      return damaged("the levels of a page are longer than the page");
    }
    const auto skipped = static_cast<std::size_t>(header.repetition_bytes);
    levels = body.subspan(skipped, static_cast<std::size_t>(header.definition_bytes));
    if (column_.inner) levels = body.first(skipped + levels.size());
    const std::size_t all = skipped + static_cast<std::size_t>(header.definition_bytes);
    body = body.subspan(all);
    plain_size -= all;
    if (!header.compressed && !always_compressed_) {
      if (body.size() != plain_size) return damaged("a page has another size than its header says");
      bytes = body.data();
    }
  }
  if (bytes == nullptr) {
    if (Status status = unpack(body, plain_size, page_, bytes); !status.ok()) return status;
  }
  std::span<const std::uint8_t> plain(bytes, plain_size);
  if (!v2 && column_.optional && !column_.inner) {
    if (Status status = take_levels(header.level_encoding, "missing values", plain, levels); !status.ok()) return status;
  }
  const auto rows = static_cast<std::uint64_t>(header.values);
  std::optional<std::uint64_t> present = rows;
  if (column_.inner) {
    if (Status status = open_levels(header, levels, plain, *present); !status.ok()) return status;
  } else {
    has_levels_ = column_.optional;
    levels_ = HybridDecoder(levels, 1);
    if (has_levels_) present = levels_.count_ones(rows);
  }
  if (!present) return damaged("the levels of a page end early, or are above the column's");
  if (const char* problem = values_.open(column_, header.encoding, *present, plain)) return damaged(problem);
  if (values_.coded() && !has_dictionary_) return damaged("a page has codes, but there is no dictionary");
  rows_left_ -= rows;
  page_rows_ = rows;
  return {};
}

// The levels of a leaf of a nested column: those of repetition, then those of definition, each of which a page of version 1 has
// behind their size. `levels`: both, of version 2. `present`: how many values are there, of all that there could be.
COLD Status ColumnReader::open_levels(const PageHeader& header, std::span<const std::uint8_t> levels,
                                      std::span<const std::uint8_t>& plain, std::uint64_t& present) {
  const bool v2 = header.type == PageType::kDataV2;
  const auto open = [&](std::uint32_t most, std::int64_t encoding, std::size_t v2_bytes, HybridDecoder& decoder) -> Status {
    std::span<const std::uint8_t> bytes;
    if (v2) {
      bytes = levels.first(v2_bytes);
      levels = levels.subspan(v2_bytes);
    } else if (most > 0) {
      if (Status status = take_levels(encoding, "levels", plain, bytes); !status.ok()) return status;
    }
    decoder = HybridDecoder(bytes, static_cast<unsigned>(std::bit_width(most)));
    return {};
  };
  Status status =
      open(column_.repetition, header.repetition_encoding, static_cast<std::size_t>(header.repetition_bytes), repetitions_ahead_);
  if (status.ok())
    status = open(column_.definition, header.level_encoding, static_cast<std::size_t>(header.definition_bytes), levels_);
  if (!status.ok()) return status;
  definitions_.resize(kMostRows);
  repetitions_.resize(kMostRows);
  HybridDecoder definitions = levels_, repetitions = repetitions_ahead_;
  const auto rows = static_cast<std::uint64_t>(header.values);
  present = column_.definition == 0 ? rows : 0;
  for (std::uint64_t done = 0; done < rows;) {
    const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(kMostRows, rows - done));
    const bool whole = (column_.definition == 0 || definitions.read(definitions_.data(), step)) &&
                       (column_.repetition == 0 || repetitions.read(repetitions_.data(), step));
    bool above = false;
    for (std::size_t i = 0; whole && i < step; ++i) {
      above = above || definitions_[i] > column_.definition || repetitions_[i] > column_.repetition;
      if (column_.definition > 0) present += definitions_[i] == column_.definition;
    }
    if (!whole || above) return damaged("the levels of a page end early, or are above the column's");
    done += step;
  }
  return {};
}

COLD Status ColumnReader::read_inner_levels(std::size_t rows, std::size_t& present) {
  std::fill_n(definitions_.data(), rows, 0);
  std::fill_n(repetitions_.data(), rows, 0);
  if ((column_.definition > 0 && !levels_.read(definitions_.data(), rows)) ||
      (column_.repetition > 0 && !repetitions_ahead_.read(repetitions_.data(), rows)))
    return damaged("the levels of a page end early");
  present = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    present_[i] = definitions_[i] == column_.definition;
    present += present_[i];
  }
  return {};
}

// Off the front of a page of version 1, behind their size. `what`: that they mark.
Status ColumnReader::take_levels(std::int64_t encoding, const std::string& what, std::span<const std::uint8_t>& plain,
                                 std::span<const std::uint8_t>& levels) const {
  if (encoding != static_cast<int>(Encoding::kRle)) {
    return refuse(ErrorCode::kUnknownFormat, "its " + what + " are marked in a way no longer used (BIT_PACKED)");
  }
  std::uint32_t size = 0;
  if (plain.size() >= 4) std::memcpy(&size, plain.data(), 4);
  if (plain.size() < 4 || size > plain.size() - 4) return damaged("the levels of a page are longer than the page");
  levels = plain.subspan(4, size);
  plain = plain.subspan(4 + size);
  return {};
}

Status ColumnReader::read(std::size_t rows) {
  rows_ = rows;
  page_rows_ -= rows;
  coded_ = values_.coded();
  std::size_t present = rows;
  if (Status status = read_levels(rows, present); !status.ok()) return status;
  return coded_ ? read_coded(rows, present) : read_plain(rows, present);
}

Status ColumnReader::read_levels(std::size_t rows, std::size_t& present) {
  if (column_.inner) return read_inner_levels(rows, present);
  if (!has_levels_ || levels_.take_run(1, rows)) return {};
  if (!levels_.read(present_.data(), rows)) return damaged("the levels of a page end early");
  present = 0;
  for (std::size_t i = 0; i < rows; ++i) present += present_[i];  // none is above 1: count_ones() has seen them all
  return {};
}

Status ColumnReader::read_coded(std::size_t rows, std::size_t present) {
  if (const char* problem = values_.read_codes(codes_.data(), present)) return damaged(problem);
  std::uint32_t most = 0;
  for (std::size_t i = 0; i < present; ++i) most = std::max(most, codes_[i]);
  const std::size_t size = is_time() ? dictionary_times_.size() : dictionary_texts_.size();
  if (present > 0 && most >= size) return damaged("a code lies outside of the dictionary");
  if (!is_time()) {
    scatter(codes_, present_, rows, present, StringPool::kNone);
    return {};
  }
  for (std::size_t i = 0; i < present; ++i) {
    numbers_[i] = dictionary_times_[codes_[i]];
    states_[i] = dictionary_states_[codes_[i]];
  }
  scatter(numbers_, present_, rows, present, std::int64_t{0});
  scatter(states_, present_, rows, present, std::uint8_t{TimeColumn::kMissing});
  return {};
}

Status ColumnReader::read_plain(std::size_t rows, std::size_t present) {
  const char* problem = nullptr;
  if (is_time()) {
    problem = read_times(values_, numbers_.data(), states_.data(), present);
    scatter(numbers_, present_, rows, present, std::int64_t{0});
    scatter(states_, present_, rows, present, std::uint8_t{TimeColumn::kMissing});
  } else {
    arena_.clear();
    problem = read_texts(values_, texts_.data(), present, arena_);
    scatter(texts_, present_, rows, present, std::string_view());
  }
  if (problem == kNotUtf8) return refuse(ErrorCode::kBadEncoding, "its texts are not UTF-8");
  if (problem) return damaged(problem);
  return {};
}

const char* ColumnReader::read_texts(ValueReader& values, std::string_view* out, std::size_t count, TextArena& arena) {
  const bool bytes = column_.physical == Physical::kByteArray || column_.physical == Physical::kFixedBytes;
  if (bytes) {
    if (const char* problem = values.read_bytes(out, count, arena)) return problem;
    if (column_.meaning == Meaning::kDecimal || column_.meaning == Meaning::kHalf) return write_numbers(out, count, arena);
    if (as_ == ColumnAs::kAnyBytes && column_.meaning != Meaning::kUuid) return nullptr;
    for (std::size_t i = 0; i < count; ++i) {
      if (column_.meaning == Meaning::kUuid) {
        char* text = arena.take(36);
        if (text == nullptr) return kTooLong;
        write_uuid(out[i], text);
        out[i] = {text, 36};
      } else if (!is_plain_ascii(out[i]) && find_invalid_utf8(out[i]) != out[i].size()) {
        return kNotUtf8;
      }
    }
    return nullptr;
  }
  constexpr std::size_t kStep = buffer_sizes::kParquetStep;
  std::int64_t numbers[kStep];
  for (std::size_t done = 0; done < count;) {
    const std::size_t step = std::min(kStep, count - done);
    if (const char* problem = values.read_numbers(numbers, step)) return problem;
    for (std::size_t i = 0; i < step; ++i, ++done) {
      if (column_.meaning == Meaning::kBoolean) {
        out[done] = numbers[i] ? "true" : "false";
        continue;
      }
      char text[kMaxDecimalText];
      const char* end = column_.meaning == Meaning::kDecimal ? write_decimal(numbers[i], column_.scale, text)
                        : column_.meaning == Meaning::kClock ? write_clock(numbers[i], column_.unit, text)
                                                             : write_number(numbers[i], column_.meaning, text);
      if (!keep_text({text, end ? static_cast<std::size_t>(end - text) : 0}, out[done], arena)) return kTooLong;
    }
  }
  return nullptr;
}

// From their bytes to their digits.
COLD const char* ColumnReader::write_numbers(std::string_view* values, std::size_t count, TextArena& arena) const {
  for (std::size_t i = 0; i < count; ++i) {
    char text[kMaxDecimalText];
    const char* end = text;
    if (column_.meaning == Meaning::kDecimal) {
      end = write_decimal(values[i], column_.scale, text);
    } else {
      std::uint16_t bits;
      std::memcpy(&bits, values[i].data(), sizeof(bits));
      const double value = half_value(bits);
      if (!std::isnan(value)) end = write_id(value, text);
    }
    if (end == nullptr) return "a decimal has more than 76 digits";
    if (!keep_text({text, static_cast<std::size_t>(end - text)}, values[i], arena)) return kTooLong;
  }
  return nullptr;
}

const char* ColumnReader::read_times(ValueReader& values, std::int64_t* out, std::uint8_t* states, std::size_t count) {
  if (column_.meaning != Meaning::kInt96) {
    std::fill_n(states, count, TimeColumn::kPresent);
    if (const char* problem = values.read_numbers(out, count)) return problem;
    if (column_.meaning == Meaning::kDate) {
      for (std::size_t i = 0; i < count; ++i) out[i] *= 86'400;
    }
    if (column_.meaning == Meaning::kUnsigned) {
      for (std::size_t i = 0; i < count; ++i) states[i] = out[i] < 0 ? TimeColumn::kUnsigned : TimeColumn::kPresent;
    }
    return nullptr;
  }
  constexpr std::size_t kStep = buffer_sizes::kParquetStep;
  std::string_view bytes[kStep];
  for (std::size_t done = 0; done < count;) {
    const std::size_t step = std::min(kStep, count - done);
    arena_.clear();
    if (const char* problem = values.read_bytes(bytes, step, arena_)) return problem;
    for (std::size_t i = 0; i < step; ++i, ++done) read_int96(bytes[i], out[done], states[done]);
  }
  return nullptr;
}

COLD TextColumn ColumnReader::texts() {
  const std::uint32_t exact_below = column_.meaning == Meaning::kFloat  ? kFloatExactBelow
                                    : column_.meaning == Meaning::kHalf ? kHalfExactBelow
                                                                        : 0;
  if (!coded_) return {std::span(texts_).first(rows_), {}, nullptr, exact_below};
  return {dictionary_texts_, std::span(codes_).first(rows_), &pool_ids_, exact_below};
}

COLD TimeColumn ColumnReader::times() const {
  using Unit = TimeColumn::Unit;
  const Unit unit = column_.meaning == Meaning::kTimestamp ? column_.unit
                    : column_.meaning == Meaning::kDate    ? Unit::kSeconds
                    : column_.meaning == Meaning::kInt96   ? Unit::kMicroseconds
                                                           : Unit::kEpoch;
  return {std::span(numbers_).first(rows_), std::span(states_).first(rows_), unit, column_.local,
          column_.meaning == Meaning::kDate};
}

}  // namespace causal_sessions::parquet
