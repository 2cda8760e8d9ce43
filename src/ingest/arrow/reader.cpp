#include "ingest/arrow/reader.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <string_view>

namespace causal_sessions::arrow {
namespace {

constexpr std::string_view kFileMark = "ARROW1";
constexpr std::size_t kFileMarkBytes = 8;  // padded
constexpr std::uint32_t kContinuation = 0xFFFFFFFF;
// A plain size beyond both is taken for an attack.
constexpr std::uint64_t kMostPlain = 64 << 20;
constexpr std::uint64_t kMostRatio = 1000;
// Rows handed on at a time, so that their digits stay in the cache.
constexpr std::size_t kSliceRows = 4096;

template <class T>
T load(std::span<const std::uint8_t> bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

}  // namespace

Result<std::vector<std::string>> read_names(const std::string& file, std::span<const char> start) {
  const auto refuse = [&file](const std::string& finding, ErrorCode code = ErrorCode::kBadSyntax) {
    return Error{code, file + ": " + finding, {file, {}, {}, {}}};
  };
  std::span<const std::uint8_t> bytes(reinterpret_cast<const std::uint8_t*>(start.data()), start.size());
  if (std::string_view(start.data(), start.size()).starts_with(kFileMark)) {
    bytes = bytes.subspan(std::min(kFileMarkBytes, bytes.size()));
  }
  if (bytes.size() >= 4 && load<std::uint32_t>(bytes, 0) == kContinuation) bytes = bytes.subspan(4);
  if (bytes.size() < 4 || load<std::uint32_t>(bytes, 0) > bytes.size() - 4) {
    return refuse("the Arrow data are cut off in the schema at their front");
  }
  const Result<Message> message = read_message(bytes.subspan(4, load<std::uint32_t>(bytes, 0)));
  if (!message.ok()) return refuse(message.error().message, message.error().code);
  if (message.value().kind != Message::Kind::kSchema) return refuse("the Arrow data do not begin with a schema");
  std::vector<std::string> names;
  for (const Field& field : message.value().fields) names.push_back(field.name);
  return names;
}

Reader::Reader(std::string file, const Schema& schema, EventBuilder& builder)
    : file_(std::move(file)), schema_(schema), builder_(builder) {}

Result<std::size_t> Reader::consume(std::span<const char> window, bool last) {
  const std::size_t size = window.size();
  if (!started_) {
    if (size < kFileMark.size() && !last) return std::size_t{0};
    started_ = true;
    is_file_ = std::string_view(window.data(), size).starts_with(kFileMark);
    expect(is_file_ ? Part::kFileMark : Part::kPrefix, is_file_ ? kFileMarkBytes : 4);
  }
  while (!window.empty()) {
    take(window);
    if (passed_ < wanted_) break;
    if (Status status = finish_part(); !status.ok()) return status.error();
  }
  if (last) {
    if (Status status = finish_file(); !status.ok()) return status.error();
  }
  return size;
}

void Reader::take(std::span<const char>& window) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(window.size(), wanted_ - passed_));
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(window.data());
  if (part_ != Part::kBody) {
    part_bytes_.insert(part_bytes_.end(), bytes, bytes + size);
    if (part_ == Part::kEnd && part_bytes_.size() > 64) {  // of the end, the last bytes are looked at
      part_bytes_.erase(part_bytes_.begin(), part_bytes_.end() - 16);
    }
  } else {
    for (Kept& kept : kept_) {
      const std::uint64_t from = std::max(kept.begin, passed_), to = std::min(kept.end, passed_ + size);
      if (from < to) kept.bytes.insert(kept.bytes.end(), bytes + (from - passed_), bytes + (to - passed_));
    }
  }
  passed_ += size;
  at_ += size;
  window = window.subspan(size);
}

void Reader::expect(Part part, std::uint64_t size) {
  part_ = part;
  wanted_ = size;
  passed_ = 0;
  part_bytes_.clear();
}

Status Reader::finish_part() {
  switch (part_) {
    case Part::kFileMark:
      expect(Part::kPrefix, 4);
      return {};
    case Part::kPrefix:
    case Part::kLength: {
      const auto word = load<std::uint32_t>(part_bytes_, 0);
      if (part_ == Part::kPrefix && word == kContinuation) {
        expect(Part::kLength, 4);
      } else if (word == 0) {
        expect(Part::kEnd, std::numeric_limits<std::uint64_t>::max());
      } else if (word > kMaxRecordBytes) {
        return refuse("a message's length is damaged");
      } else {
        expect(Part::kMetadata, word);
      }
      return {};
    }
    case Part::kMetadata:
      return begin_body();
    default:
      return finish_body();
  }
}

Status Reader::begin_body() {
  Result<Message> message = read_message(part_bytes_);
  if (!message.ok()) return refuse(message.error().message, message.error().code);
  message_ = std::move(message.value());
  kept_.clear();
  if (message_.kind == Message::Kind::kSchema) {
    if (has_schema_) return refuse("a second schema follows; give one stream a file");
    if (Status status = take_fields(std::move(message_.fields)); !status.ok()) return status;
  } else if (!has_schema_) {
    return refuse("the Arrow data do not begin with a schema");
  } else if (message_.kind == Message::Kind::kRecords) {
    if (Status status = keep_records(message_.batch); !status.ok()) return status;
  } else if (const auto field = values_.find(message_.dictionary);
             message_.kind == Message::Kind::kDictionary && field != values_.end()) {
    Pending& pending = pending_[0];
    if (Status status = keep_column(field->second, message_.batch, 0, 0, 0, pending); !status.ok()) return status;
  }
  expect(Part::kBody, message_.body_size);
  return wanted_ == 0 ? finish_body() : Status();
}

Status Reader::take_fields(std::vector<Field> fields) {
  has_schema_ = true;
  fields_ = std::move(fields);
  if (fields_.size() != schema_.names.size()) return refuse("the schema is damaged");
  for (std::size_t role = 0; role < kRoles; ++role) {
    if (!schema_.column[role]) continue;
    const Field& field = fields_[*schema_.column[role]];
    if (const auto finding = unusable(field, static_cast<Role>(role))) {
      return refuse_column(field, {ErrorCode::kUnknownFormat, *finding, {}});
    }
    if (!field.dictionary) continue;
    const auto [values, is_new] = values_.try_emplace(*field.dictionary, field);
    values->second.dictionary.reset();
    const bool view = field.type.kind == Type::Kind::kUtf8View;
    const bool text = view || field.type.kind == Type::Kind::kUtf8 || field.type.kind == Type::Kind::kLargeUtf8;
    values->second.buffers = text && !view ? 3 : 2;
    values->second.views = view ? 1 : 0;
  }
  return {};
}

Status Reader::keep_records(const RecordBatch& batch) {
  std::size_t node = 0, buffer = 0, view = 0;
  std::array<bool, kRoles> found{};
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    for (std::size_t role = 0; role < kRoles; ++role) {
      if (schema_.column[role] != i) continue;
      if (found[role]) continue;
      found[role] = true;
      if (Status status = keep_column(field, batch, node, buffer, view, pending_[role]); !status.ok()) return status;
    }
    node += field.nodes;
    buffer += field.buffers;
    for (std::size_t k = 0; k < field.views; ++k, ++view) {
      const std::int64_t more = view < batch.view_buffers.size() ? batch.view_buffers[view] : -1;
      if (more < 0 || static_cast<std::uint64_t>(more) > batch.buffers.size()) {
        return refuse("a record batch does not fit its schema");
      }
      buffer += static_cast<std::size_t>(more);
    }
  }
  if (node != batch.nodes.size() || buffer != batch.buffers.size()) return refuse("a record batch does not fit its schema");
  return {};
}

Status Reader::keep_column(const Field& field, const RecordBatch& batch, std::size_t node, std::size_t buffer,
                           std::size_t views, Pending& pending) {
  std::size_t count = field.buffers;
  if (field.views != 0) {
    const std::int64_t more = views < batch.view_buffers.size() ? batch.view_buffers[views] : -1;
    if (more < 0 || static_cast<std::uint64_t>(more) > batch.buffers.size()) {
      return refuse("a record batch does not fit its schema");
    }
    count += static_cast<std::size_t>(more);
  }
  if (node >= batch.nodes.size() || buffer > batch.buffers.size() || count > batch.buffers.size() - buffer ||
      batch.nodes[node].length != batch.length) {
    return refuse("a record batch does not fit its schema");
  }
  pending = Pending();
  pending.column.field = &field;
  pending.column.length = static_cast<std::uint64_t>(batch.length);
  pending.first_kept = kept_.size();
  pending.kept = count;
  std::uint64_t total = 0;
  for (std::size_t i = buffer; i < buffer + count; ++i) {
    const Range& range = batch.buffers[i];
    const bool inside = range.offset >= 0 && range.length >= 0 &&
                        static_cast<std::uint64_t>(range.offset) <= message_.body_size &&
                        static_cast<std::uint64_t>(range.length) <= message_.body_size - static_cast<std::uint64_t>(range.offset);
    if (!inside || (total += static_cast<std::uint64_t>(range.length)) > message_.body_size) {
      return refuse("a buffer reaches beyond its message");
    }
    const auto begin = static_cast<std::uint64_t>(range.offset);
    kept_.push_back({begin, begin + static_cast<std::uint64_t>(range.length), {}});
  }
  const bool marked = count > 0 && batch.nodes[node].null_count != 0;
  pending.column.nulls = marked && batch.buffers[buffer].length > 0;
  if (marked && !pending.column.nulls && batch.nodes[node].null_count > 0 && field.type.kind != Type::Kind::kNull) {
    return refuse("the marks of missing values are not there");
  }
  return {};
}

Status Reader::finish_body() {
  if (message_.kind == Message::Kind::kRecords) {
    if (Status status = add_records(); !status.ok()) return status;
  } else if (message_.kind == Message::Kind::kDictionary && values_.contains(message_.dictionary)) {
    Pending& pending = pending_[0];
    if (Status status = unpack(pending); !status.ok()) return status;
    Dictionary& dictionary = dictionaries_[message_.dictionary];
    if (!message_.delta) dictionary = Dictionary();
    add_values(std::move(pending.column), dictionary);
  }
  kept_.clear();
  expect(Part::kPrefix, 4);
  return {};
}

Status Reader::unpack(Pending& pending) {
  Column& column = pending.column;
  for (std::size_t i = 0; i < pending.kept; ++i) {
    Result<Bytes> plain = unpack_buffer(std::move(kept_[pending.first_kept + i].bytes));
    if (!plain.ok()) return refuse_column(*column.field, plain.error());
    column.buffers.push_back(std::move(plain.value()));
  }
  if (column.field->dictionary) {
    const auto found = dictionaries_.find(*column.field->dictionary);
    if (found != dictionaries_.end()) column.dictionary = &found->second;
  }
  const Status status = check_column(column);
  return status.ok() ? Status() : refuse_column(*column.field, status.error());
}

Result<Bytes> Reader::unpack_buffer(Bytes packed) const {
  if (message_.batch.codec == Codec::kNone || packed.empty()) return packed;
  if (packed.size() < 8) return Error{ErrorCode::kBadSyntax, "a compressed buffer is cut off", {}};
  const auto size = load<std::int64_t>(packed, 0);
  const std::span<const std::uint8_t> data = std::span<const std::uint8_t>(packed).subspan(8);
  if (size == -1) return Bytes(data.begin(), data.end());
  const auto plain_size = static_cast<std::uint64_t>(size);
  if (size < 0 || (plain_size > kMostPlain && plain_size / kMostRatio > data.size())) {
    return Error{size < 0 ? ErrorCode::kBadSyntax : ErrorCode::kTooLarge,
                 "a buffer of " + std::to_string(data.size()) + " bytes claims to expand to " + std::to_string(size) +
                     "; more than 1000 times its size is not read",
                 {}};
  }
  Bytes plain(static_cast<std::size_t>(plain_size));
  if (Status status = decompress(message_.batch.codec, data, plain); !status.ok()) return status.error();
  return plain;
}

Status Reader::add_records() {
  for (std::size_t role = 0; role < kRoles; ++role) {
    if (!schema_.column[role]) continue;
    if (Status status = unpack(pending_[role]); !status.ok()) return status;
  }
  const std::uint64_t length = static_cast<std::uint64_t>(message_.batch.length);
  for (std::uint64_t first = 0; first < length; first += kSliceRows) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kSliceRows, length - first));
    ColumnBatch batch;
    TextColumn time_texts;
    const std::array<TextColumn*, kRoles> texts = {&batch.user, &time_texts, &batch.type, &batch.item};
    batch.size = count;
    batch.first_row = rows_ + 1;
    for (std::size_t i = 0; i < kRoles; ++i) {
      if (!schema_.column[i]) continue;
      const Column& column = pending_[i].column;
      const bool is_time = i == static_cast<std::size_t>(Role::kTime);
      if (is_time && has_times(*column.field)) {
        batch.time = read_times(column, first, count, slices_[i]);
      } else {
        *texts[i] = read_texts(column, static_cast<Role>(i), first, count, slices_[i]);
        if (is_time) batch.time = time_texts;
      }
    }
    if (Status status = builder_.add(batch); !status.ok()) return status;
    rows_ += count;
  }
  return {};
}

Status Reader::finish_file() const {
  if (part_ != Part::kEnd) return refuse("the Arrow data end too early; the file has been cut off");
  if (!is_file_) return part_bytes_.empty() ? Status() : refuse("something follows the end of the Arrow stream");
  const std::size_t size = part_bytes_.size();
  const std::string_view tail(reinterpret_cast<const char*>(part_bytes_.data()), size);
  if (size < 10 || !tail.ends_with(kFileMark) || load<std::uint32_t>(part_bytes_, size - 10) > passed_ - 10) {
    return refuse("the Arrow file does not end with its mark; it has been cut off");
  }
  return {};
}

Error Reader::unfinished_record() const { return refuse("a message does not end"); }

Error Reader::refuse(const std::string& finding, ErrorCode code) const {
  return {code, file_ + ", byte " + std::to_string(at_) + ": " + finding, {file_, {}, {}, {}}};
}

Error Reader::refuse_column(const Field& field, const Error& error) const {
  Error full = refuse("column \"" + field.name + "\": " + error.message, error.code);
  full.where.column = field.name;
  return full;
}

}  // namespace causal_sessions::arrow
