#include "ingest/arrow/batch_reader.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "core/buffer_sizes.h"
#include "core/cold.h"
#include "formats/arrow_format.h"
#include "ingest/file_reader.h"

namespace causal_sessions::arrow {
namespace {

// A plain size beyond both is taken for an attack.
constexpr std::uint64_t kMostPlain = 64 << 20;
constexpr std::uint64_t kMostRatio = 1000;

template <class T>
T load(std::span<const std::uint8_t> bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

// Rows handed on at a time, so that their digits stay in the cache.
constexpr std::size_t kSliceRows = buffer_sizes::kArrowBatchRows;

bool has_text(const Field& field) { return !unusable(field, Role::kUser) || !unusable(field, Role::kTime); }

// Whether its values are times to the sink. A number may be one, but people see its digits.
bool as_times(const Field& field, ReadAs as) {
  return as != ReadAs::kId && has_times(field) && (as == ReadAs::kTime || field.type.kind != Type::Kind::kInt);
}

}  // namespace

Status BatchReader::take(std::span<const char> bytes) {
  while (!bytes.empty() && !stopped_) {
    keep(bytes);
    if (passed_ < piece_size_) break;
    if (Status status = finish_part(); !status.ok()) return status;
  }
  return {};
}

void BatchReader::keep(std::span<const char>& window) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(window.size(), piece_size_ - passed_));
  const auto* const bytes = reinterpret_cast<const std::uint8_t*>(window.data());
  if (piece_ == Piece::kBody) {
    for (Kept& kept : kept_) {
      const std::uint64_t from = std::max(kept.begin, passed_), to = std::min(kept.end, passed_ + size);
      if (from < to) kept.bytes.insert(kept.bytes.end(), bytes + (from - passed_), bytes + (to - passed_));
    }
  } else if (piece_ != Piece::kEnd) {
    piece_bytes_.insert(piece_bytes_.end(), bytes, bytes + size);
  }
  passed_ += size;
  at_ += size;
  window = window.subspan(size);
}

std::uint64_t BatchReader::unneeded() const {
  if (piece_ != Piece::kBody) return 0;
  std::uint64_t next = piece_size_;
  for (const Kept& kept : kept_) {
    if (kept.begin < kept.end && kept.end > passed_) next = std::min(next, std::max(kept.begin, passed_));
  }
  return next - passed_;
}

Status BatchReader::skip(std::uint64_t size) {
  passed_ += size;
  at_ += size;
  return passed_ < piece_size_ ? Status() : finish_part();
}

void BatchReader::begin_block(std::uint64_t at) {
  at_ = at;
  in_block_ = true;
  stopped_ = false;
  expect(Piece::kPrefix, 4);
}

void BatchReader::expect(Piece piece, std::uint64_t size) {
  piece_ = piece;
  piece_size_ = size;
  passed_ = 0;
  piece_bytes_.clear();
}

Status BatchReader::finish_part() {
  switch (piece_) {
    case Piece::kPrefix:
    case Piece::kLength: {
      const auto word = load<std::uint32_t>(piece_bytes_, 0);
      if (piece_ == Piece::kPrefix && word == kContinuation) {
        expect(Piece::kLength, 4);
      } else if (word == 0) {
        expect(Piece::kEnd, std::numeric_limits<std::uint64_t>::max());
      } else if (word > kMaxRecordBytes) {
        return refuse("a message's length is damaged");
      } else {
        expect(Piece::kMetadata, word);
      }
      return {};
    }
    case Piece::kMetadata: return begin_body();
    default: return finish_body();
  }
}

Status BatchReader::begin_body() {
  Result<Message> message = read_message(piece_bytes_);
  if (!message.ok()) return refuse(message.error().message, message.error().code);
  message_ = std::move(message.value());
  kept_.clear();
  pending_.clear();
  kept_bytes_ = {};
  if (message_.kind == Message::Kind::kSchema) {
    if (has_schema_) return refuse("a second schema follows; give one stream a file");
    if (Status status = begin(std::move(message_.fields)); !status.ok()) return status;
  } else if (!has_schema_) {
    return refuse("the Arrow data do not begin with a schema");
  } else if (message_.kind == Message::Kind::kRecords) {
    if (Status status = keep_records(message_.batch); !status.ok()) return status;
  } else if (const auto field = values_.find(message_.dictionary);
             message_.kind == Message::Kind::kDictionary && field != values_.end()) {
    // What stands in the way of a dictionary that only a preview shows stops nobody.
    if (Status status = keep_dictionary(field->second); !status.ok()) {
      if (field->second.needed) return status;
      pending_.clear();
    }
  }
  expect(Piece::kBody, message_.body_size);
  return piece_size_ == 0 ? finish_body() : Status();
}

Status BatchReader::begin(std::vector<Field> fields) {
  has_schema_ = true;
  fields_ = std::move(fields);
  Result<std::vector<std::size_t>> chosen = choose();
  if (!chosen.ok()) return chosen.error();
  chosen_ = std::move(chosen.value());
  std::map<std::int64_t, const Field*> first;
  if (Status status = check_dictionaries(fields_, first); !status.ok()) return status;
  for (const std::size_t i : chosen_) keep_values(fields_[i], &nested_[i], needs(i));
  return {};
}

// The dictionaries of a column that is wanted.
void BatchReader::keep_values(const Field& field, const NestedField* nested, bool needed) {
  for (std::size_t k = 0; k < field.children.size(); ++k) {
    if (nested->children[k].wanted) keep_values(field.children[k], &nested->children[k], needed);
  }
  if (!field.dictionary) return;
  Values& values = values_.try_emplace(*field.dictionary, Values{field}).first->second;
  values.needed = values.needed || needed;
  values.field.dictionary.reset();
  values.field.run_end_bits = 0;
  values.field.run_buffers = values.field.old_buffers = 0;
  const bool view = field.type.kind == Type::Kind::kUtf8View;
  const bool text = field.type.kind == Type::Kind::kUtf8 || field.type.kind == Type::Kind::kLargeUtf8;
  values.field.buffers = text ? 3 : 2;
  values.field.views = view ? 1 : 0;
}

Result<std::vector<std::size_t>> BatchReader::choose() {
  TableColumns columns;
  for (const Field& field : fields_) {
    columns.names.push_back(field.name);
    columns.types.push_back(type_name(field));
    const NestedField& nested = nested_.emplace_back(nested_field(field));
    list_paths(nested, columns.paths);
  }
  columns.nested = true;
  columns.below = [&](std::size_t column, std::span<const PathStep> steps) { return keys_below(nested_[column], steps); };
  columns.refuse = [&](std::size_t column, Role role) -> std::optional<Error> {
    const auto finding = unusable(fields_[column], role);
    if (!finding) return std::nullopt;
    return refuse_column(fields_[column], {ErrorCode::kUnknownFormat, *finding + path_advice(nested_[column]), {}});
  };
  columns.refuse_path = [&](std::size_t column, const Path& path) -> std::optional<Error> {
    const Field& field = fields_[column];
    NestedField nested = nested_[column];
    const NestedField* const unreadable = want_paths(nested, std::span(&path, 1));
    if (field.shape != Shape::kPlain && unreadable == nullptr) return std::nullopt;
    const auto finding =
        unreadable != nullptr ? std::optional(cannot_be(unreadable->type, Role::kItem)) : unusable(field, Role::kItem);
    if (!finding) return std::nullopt;
    return refuse_column(field, {ErrorCode::kUnknownFormat, *finding, {}});
  };
  columns.has_text = [&](std::size_t column) { return fields_[column].shape != Shape::kPlain || has_text(fields_[column]); };
  Result<std::vector<WantedColumn>> wanted = sink_.choose(file_, std::move(columns));
  if (!wanted.ok()) return wanted.error();
  wanted_ = std::move(wanted.value());
  slices_.resize(wanted_.size());
  texts_.resize(wanted_.size());
  for (std::size_t slot = 0; slot < wanted_.size(); ++slot) {
    const WantedColumn& column = wanted_[slot];
    if (fields_[column.position].shape == Shape::kPlain) continue;
    texts_[slot] = std::make_unique<NestedTexts>();
    (void)want_paths(nested_[column.position], column.paths);
  }
  std::vector<std::size_t> chosen;
  for (const WantedColumn& column : wanted_) chosen.push_back(column.position);
  std::sort(chosen.begin(), chosen.end());
  for (const WantedColumn& column : wanted_) {
    place_.push_back(static_cast<std::size_t>(std::lower_bound(chosen.begin(), chosen.end(), column.position) - chosen.begin()));
  }
  stopped_ = stopped_ || full();
  return chosen;
}

bool BatchReader::needs(std::size_t column) const {
  return std::any_of(wanted_.begin(), wanted_.end(),
                     [&](const WantedColumn& wanted) { return wanted.needed && wanted.position == column; });
}

// The texts of the next rows' nested values: of at most so many, fewer where they are long.
Result<std::size_t> BatchReader::put_nested(const std::vector<Column>& columns, std::uint64_t first, std::size_t count) {
  for (std::size_t slot = 0; slot < wanted_.size(); ++slot) {
    const Column& column = columns[place_[slot]];
    if (column.field == nullptr || !texts_[slot]) continue;
    NestedTexts& texts = *texts_[slot];
    texts.clear();
    for (std::size_t i = 0; i < count; ++i) {
      put_value(column, first + i, slices_[slot], texts);
      texts.end_row();
      if (texts.full()) count = i + 1;
    }
    if (texts.too_long() && wanted_[slot].needed)
      return refuse_column(*column.field,
                           {ErrorCode::kTooLarge, "the value of a row is longer than a table of events needs", {}});
  }
  return count;
}

Status BatchReader::add(const std::vector<Column>& columns, std::uint64_t length) {
  std::size_t count = 0;
  for (std::uint64_t first = 0; first < length && !full(); first += count) {
    const Result<std::size_t> rows =
        put_nested(columns, first, static_cast<std::size_t>(std::min<std::uint64_t>(kSliceRows, length - first)));
    if (!rows.ok()) return rows.error();
    count = rows.value();
    ColumnBatch batch{count, given_rows_ + 1};
    for (std::size_t slot = 0; slot < wanted_.size(); ++slot) {
      const Column& column = columns[place_[slot]];
      if (column.field == nullptr) {
        batch.columns.emplace_back(TextColumn());
      } else if (texts_[slot]) {
        const std::size_t most = wanted_[slot].as == ReadAs::kNested ? SIZE_MAX : kMostShownNested;
        batch.columns.emplace_back(TextColumn{texts_[slot]->rows(most).first(count)});
      } else if (as_times(*column.field, wanted_[slot].as)) {
        batch.columns.emplace_back(read_times(column, first, count, slices_[slot]));
      } else {
        const auto role = static_cast<Role>(slot < kRoles ? slot : 0);  // whose ids the dictionary keeps; a preview needs none
        batch.columns.emplace_back(read_texts(column, role, first, count, slices_[slot]));
      }
    }
    if (Status status = sink_.add(batch); !status.ok()) return status;
    given_rows_ += count;
  }
  stopped_ = stopped_ || full();
  return {};
}

// Columns can share a dictionary, but it has one type of values.
Status BatchReader::check_dictionaries(const std::vector<Field>& fields, std::map<std::int64_t, const Field*>& first) const {
  for (const Field& field : fields) {
    if (Status status = check_dictionaries(field.children, first); !status.ok()) return status;
    if (!field.dictionary) continue;
    const Field& other = *first.try_emplace(*field.dictionary, &field).first->second;
    if (other.type == field.type) continue;
    return refuse_column(field,
                         {ErrorCode::kBadSyntax,
                          "its dictionary is that of the column \"" + other.name + "\" too, whose values are of another type",
                          {}});
  }
  return {};
}

Status BatchReader::check_rows(std::uint64_t rows, std::uint64_t bytes) const {
  if (rows <= rows_that_fit(bytes)) return {};
  return refuse("the Arrow data claim " + std::to_string(rows) + " rows in " + std::to_string(bytes) +
                    " bytes, which no table of events needs",
                ErrorCode::kTooLarge);
}

Status BatchReader::keep_records(const RecordBatch& batch) {
  rows_ += static_cast<std::uint64_t>(batch.length);
  if (Status status = check_rows(rows_, at_ + message_.body_size); !status.ok()) return status;
  BatchPlace place;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    if (pending_.size() < chosen_.size() && chosen_[pending_.size()] == i) {
      Pending& pending = pending_.emplace_back();
      pending.column.field = &field;
      pending.needed = needs(i);
      BatchPlace inside = place;
      Status status = field.shape != Shape::kPlain ? keep_nested(pending, nested_[i], batch, inside)
                                                   : keep_column(pending, batch, place.node, place.buffer, place.view);
      if (!status.ok()) {
        if (pending.needed) return status;
        pending = Pending{{}, 0, 0, false};
      }
    }
    if (Status status = pass_field(field, batch, place); !status.ok()) return status;
  }
  if (place.node != batch.nodes.size() || place.buffer != batch.buffers.size()) {
    return refuse("a record batch does not fit its schema");
  }
  return {};
}

Status BatchReader::pass_field(const Field& field, const RecordBatch& batch, BatchPlace& place) const {
  place.node += field.nodes;
  place.buffer += field.buffers + (message_.old ? field.old_buffers : 0);
  for (std::size_t k = 0; k < field.views; ++k, ++place.view) {
    const std::int64_t more = place.view < batch.view_buffers.size() ? batch.view_buffers[place.view] : -1;
    if (more < 0 || static_cast<std::uint64_t>(more) > batch.buffers.size()) {
      return refuse("a record batch does not fit its schema");
    }
    place.buffer += static_cast<std::size_t>(more);
  }
  return {};
}

// A field that is wanted, and of those in it the wanted ones; the place moves behind all of them.
COLD Status BatchReader::keep_nested(Pending& pending, const NestedField& nested, const RecordBatch& batch, BatchPlace& place) {
  const Field& field = *pending.column.field;
  pending.column.nested = &nested;
  if (Status status = keep_column(pending, batch, place.node, place.buffer, place.view); !status.ok()) return status;
  if (field.shape == Shape::kPlain) return pass_field(field, batch, place);
  ++place.node;
  place.buffer += field.own_buffers;
  for (std::size_t k = 0; k < field.children.size(); ++k) {
    Status status;
    if (nested.children[k].wanted) {
      Pending part;
      part.column.field = &field.children[k];
      part.needed = pending.needed;
      part.inner = true;
      status = keep_nested(part, nested.children[k], batch, place);
      pending.parts.push_back(std::move(part));
    } else {
      status = pass_field(field.children[k], batch, place);
    }
    if (!status.ok()) return status;
  }
  return {};
}

Status BatchReader::keep_dictionary(const Values& values) {
  if (in_block_ && !message_.delta && dictionaries_.contains(message_.dictionary)) {
    return refuse("a dictionary stands in the file twice; only a stream can replace one");
  }
  if (Status status = check_rows(static_cast<std::uint64_t>(message_.batch.length), message_.body_size); !status.ok())
    return status;
  Pending& pending = pending_.emplace_back();
  pending.column.field = &values.field;
  pending.needed = values.needed;
  return keep_column(pending, message_.batch, 0, 0, 0);
}

Status BatchReader::keep_column(Pending& pending, const RecordBatch& batch, std::size_t node, std::size_t buffer,
                                std::size_t views) {
  const Field& field = *pending.column.field;
  const bool nested = field.shape != Shape::kPlain;
  const bool runs = field.run_end_bits != 0;  // their ends stand before their values, each with a node
  const std::size_t values = node + (runs ? 2 : 0), old = message_.old && !nested ? field.old_buffers : 0,
                    marks = buffer + old + field.run_buffers;
  std::size_t count = (nested ? field.own_buffers : field.buffers) + old;
  if (field.views != 0 && !nested) {
    const std::int64_t more = views < batch.view_buffers.size() ? batch.view_buffers[views] : -1;
    if (more < 0 || static_cast<std::uint64_t>(more) > batch.buffers.size()) {
      return refuse("a record batch does not fit its schema");
    }
    count += static_cast<std::size_t>(more);
  }
  if (values >= batch.nodes.size() || buffer > batch.buffers.size() || count > batch.buffers.size() - buffer ||
      (!pending.inner && batch.nodes[node].length != batch.length)) {
    return refuse("a record batch does not fit its schema");
  }
  const std::int64_t length = batch.nodes[runs ? node + 1 : node].length;
  if (length < 0 || batch.nodes[values].length < length) return refuse("a record batch does not fit its schema");
  std::uint64_t total = kept_bytes_[pending.needed];
  const std::size_t first_kept = kept_.size();
  for (std::size_t i = buffer; i < buffer + count; ++i) {
    const Range& range = batch.buffers[i];
    const bool inside = range.offset >= 0 && range.length >= 0 &&
                        static_cast<std::uint64_t>(range.offset) <= message_.body_size &&
                        static_cast<std::uint64_t>(range.length) <= message_.body_size - static_cast<std::uint64_t>(range.offset);
    total += inside ? static_cast<std::uint64_t>(range.length) : 0;
    if (!inside || total > message_.body_size) {
      kept_.resize(first_kept);
      return refuse(inside ? "the buffers of a message overlap" : "a buffer reaches beyond its message");
    }
    const auto begin = static_cast<std::uint64_t>(range.offset);
    kept_.push_back({begin, begin + static_cast<std::uint64_t>(range.length), {}});
  }
  const bool marked = marks < buffer + count && batch.nodes[values].null_count != 0;
  const bool has_marks = marked && batch.buffers[marks].length > 0;
  if (marked && !has_marks && batch.nodes[values].null_count > 0 && field.type.kind != Type::Kind::kNull) {
    kept_.resize(first_kept);
    return refuse("the marks of missing values are not there");
  }
  kept_bytes_[pending.needed] = total;
  pending.column.length = static_cast<std::uint64_t>(length);
  pending.column.nulls = has_marks;
  pending.first_kept = first_kept;
  pending.kept = count;
  return {};
}

Status BatchReader::finish_body() {
  Status status;
  if (message_.kind == Message::Kind::kRecords) status = finish_records();
  if (message_.kind == Message::Kind::kDictionary && !pending_.empty()) status = finish_dictionary();
  if (!status.ok()) return status;
  kept_.clear();
  pending_.clear();
  expect(Piece::kPrefix, 4);
  stopped_ = stopped_ || in_block_;
  return {};
}

Status BatchReader::finish_records() {
  std::vector<Column> columns;
  for (Pending& pending : pending_) {
    if (pending.column.field != nullptr) {
      if (Status status = unpack(pending); !status.ok()) {
        if (pending.needed) return status;
        pending.column.field = nullptr;
      }
    }
    columns.push_back(std::move(pending.column));
  }
  return add(columns, static_cast<std::uint64_t>(message_.batch.length));
}

Status BatchReader::finish_dictionary() {
  Column& column = pending_[0].column;
  if (Status status = unpack(pending_[0]); !status.ok()) return pending_[0].needed ? status : Status();
  Dictionary& dictionary = dictionaries_[message_.dictionary];
  if (!message_.delta) dictionary = Dictionary();
  add_values(column, dictionary);
  return {};
}

Status BatchReader::unpack(Pending& pending) {
  Column& column = pending.column;
  for (std::size_t i = 0; i < pending.kept; ++i) {
    Result<Bytes> plain = unpack_buffer(std::move(kept_[pending.first_kept + i].bytes));
    if (!plain.ok()) return refuse_column(*column.field, plain.error());
    column.buffers.push_back(std::move(plain.value()));
  }
  for (Pending& part : pending.parts) {
    if (Status status = unpack(part); !status.ok()) return status;
    column.children.push_back(std::move(part.column));
  }
  const bool runs = column.field->run_end_bits != 0;
  if (runs) {
    const auto values = column.buffers.begin() + static_cast<std::ptrdiff_t>(column.field->run_buffers + message_.old);
    column.run_ends = std::move(values[-1]);
    column.buffers.erase(column.buffers.begin(), values);
  }
  if (column.field->dictionary) {
    const auto found = dictionaries_.find(*column.field->dictionary);
    if (found != dictionaries_.end()) column.dictionary = &found->second;
  }
  Status status = check_column(column, static_cast<std::uint64_t>(message_.batch.length));
  if (status.ok() && pending.needed) status = check_texts(column);
  if (status.ok() && runs) hold_runs(column);
  return status.ok() ? Status() : refuse_column(*column.field, status.error());
}

Result<Bytes> BatchReader::unpack_buffer(Bytes packed) const {
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

// The mark at the end may be left out: a stream can also end with its bytes, between two messages.
Status BatchReader::finish_stream() const {
  const bool between = piece_ == Piece::kPrefix && passed_ == 0 && has_schema_;
  if (piece_ != Piece::kEnd && !between) return refuse("the Arrow data end too early; the file has been cut off");
  return passed_ == 0 ? Status() : refuse("something follows the end of the Arrow stream");
}

Error BatchReader::refuse(const std::string& finding, ErrorCode code) const {
  std::string message = file_;
  if (at_ != 0) message.append(", byte ").append(std::to_string(at_));  // a footer is no place to point to
  return {code, message.append(": ").append(finding), {file_, {}, {}, {}}};
}

Error BatchReader::refuse_column(const Field& field, const Error& error) const {
  Error full = refuse("column \"" + field.name + "\": " + error.message, error.code);
  full.where.column = field.name;
  return full;
}

}  // namespace causal_sessions::arrow
