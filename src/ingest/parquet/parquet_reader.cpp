#include "ingest/parquet/parquet_reader.h"

#include <algorithm>
#include <cstring>

#include "ingest/inspection.h"

namespace causal_sessions::parquet {
namespace {

constexpr std::size_t kTail = 64 << 10;              // asked for first; most footers are shorter
constexpr std::uint64_t kMostFooter = 256u << 20;
constexpr std::size_t kEnd = 8;                      // the footer's size and "PAR1"

bool is_time(Meaning meaning) {
  return meaning == Meaning::kTimestamp || meaning == Meaning::kDate || meaning == Meaning::kInt96;
}

Error damaged(const std::string& file, const std::string& why) {
  return Error{ErrorCode::kBadSyntax, file + " is not a whole Parquet file: " + why, {file, {}, {}, {}}};
}

}  // namespace

FooterReader::FooterReader(std::string file, std::uint64_t size) : file_(std::move(file)), size_(size) {
  const auto tail = static_cast<std::size_t>(std::min<std::uint64_t>(size, kTail));
  wanted_ = ByteRange{size - tail, tail};
}

std::uint8_t* FooterReader::room(std::size_t size) {
  bytes_.resize(size);
  return bytes_.data();
}

Status FooterReader::supply(std::size_t size) {
  if (size != wanted_->size) return damaged(file_, "it ended while it was being read");
  if (size < kEnd + 4) return damaged(file_, "it has " + std::to_string(size) + " bytes");
  const std::uint8_t* end = bytes_.data() + size;
  const std::string_view magic(reinterpret_cast<const char*>(end - 4), 4);
  if (magic == "PARE") {
    return Error{ErrorCode::kUnknownFormat, file_ + " is an encrypted Parquet file; write it without encryption",
                 {file_, {}, {}, {}}};
  }
  if (magic != "PAR1") return damaged(file_, "its end is missing; it was cut off, or never finished");
  std::uint32_t footer_size;
  std::memcpy(&footer_size, end - kEnd, 4);
  if (footer_size > kMostFooter || footer_size > size_ - kEnd - 4) {
    return damaged(file_, "its footer is longer than the file");
  }
  if (footer_size + kEnd > size) {
    wanted_ = ByteRange{size_ - footer_size - kEnd, footer_size + kEnd};
    return {};
  }
  offset_ = size_ - footer_size - kEnd;
  Result<Metadata> metadata = read_metadata(file_, {end - kEnd - footer_size, footer_size}, offset_);
  if (!metadata.ok()) return metadata.error();
  metadata_ = std::move(metadata.value());
  wanted_.reset();
  std::vector<std::uint8_t>().swap(bytes_);
  return {};
}

Status check_role(const std::string& file, const Column& column, Role role) {
  const auto refuse = [&](const std::string& why) {
    return Error{ErrorCode::kUnknownFormat,
                 file + ", column \"" + column.name + "\": " + why, {file, {}, {}, column.name}};
  };
  const std::string role_name = kRoleNames[static_cast<std::size_t>(role)];
  if (column.nested) {
    return refuse("a nested column (" + column.type_name + ") cannot be the " + role_name + "; a plain column is needed");
  }
  const bool is_typed_time = is_time(column.meaning);
  const bool never_a_time = column.meaning == Meaning::kBoolean || column.meaning == Meaning::kUuid;
  if (column.meaning == Meaning::kOther || (role == Role::kTime ? never_a_time : is_typed_time)) {
    return refuse("its type, " + column.type_name + ", cannot be the " + role_name +
                  (role == Role::kTime ? "; a timestamp, a date, an epoch number or text is needed"
                                       : "; text, whole numbers, floating-point numbers or UUIDs are needed"));
  }
  return {};
}

ParquetReader::ParquetReader(std::string file, std::uint64_t size, const Plan& plan, EventBuilder& builder)
    : file_(file), plan_(plan), builder_(builder), footer_(std::move(file), size) {}

std::optional<ByteRange> ParquetReader::wanted() const {
  if (footer_.wanted()) return footer_.wanted();
  if (waiting_) return columns_[*waiting_].wanted();
  return std::nullopt;
}

std::span<char> ParquetReader::room(std::size_t size) {
  std::uint8_t* at = footer_.wanted() ? footer_.room(size) : columns_[*waiting_].room(size);
  return {reinterpret_cast<char*>(at), size};
}

Status ParquetReader::supply(std::size_t size) {
  if (size == 0) return damaged(file_, "it ended while it was being read");
  if (footer_.wanted()) {
    if (Status status = footer_.supply(size); !status.ok()) return status;
    if (footer_.wanted()) return {};
    if (Status status = open_columns(); !status.ok()) return status;
  } else {
    columns_[*waiting_].filled(size);
  }
  return read_rows();
}

Status ParquetReader::open_columns() {
  const Metadata& metadata = footer_.metadata();
  std::vector<std::string> names;
  for (const Column& column : metadata.columns) names.push_back(column.name);
  Result<Schema> schema = find_columns(file_, std::move(names), plan_);
  if (!schema.ok()) return schema.error();
  schema_ = std::move(schema.value());
  for (std::size_t role = 0; role < kRoles; ++role) {
    if (!schema_.column[role]) continue;
    const Column& column = metadata.columns[*schema_.column[role]];
    if (Status status = check_role(file_, column, static_cast<Role>(role)); !status.ok()) return status;
    const bool is_number = column.meaning == Meaning::kSigned || column.meaning == Meaning::kUnsigned;
    by_role_[role] = columns_.size();
    columns_.emplace_back(file_, column, role == static_cast<std::size_t>(Role::kTime) && (is_time(column.meaning) || is_number));
  }
  builder_.begin_file(file_, schema_);
  return {};
}

Status ParquetReader::begin_group() {
  const RowGroup& group = footer_.metadata().groups[group_++];
  group_rows_ = group.rows;
  if (group.rows == 0) return {};
  for (ColumnReader& column : columns_) {
    if (Status status = column.begin_chunk(group.chunks[column.column().leaf], group.rows, footer_.offset()); !status.ok()) {
      return status;
    }
  }
  return {};
}

// False: a column waits for bytes.
Result<bool> ParquetReader::load_pages() {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].rows_ready() != 0) continue;
    const Result<bool> loaded = columns_[i].load_page();
    if (!loaded.ok()) return loaded.error();
    if (loaded.value()) continue;
    waiting_ = i;
    return false;
  }
  waiting_.reset();
  return true;
}

Status ParquetReader::read_rows() {
  for (;;) {
    while (group_rows_ == 0) {
      waiting_.reset();
      if (group_ == footer_.metadata().groups.size()) return {};
      if (Status status = begin_group(); !status.ok()) return status;
    }
    const Result<bool> loaded = load_pages();
    if (!loaded.ok()) return loaded.error();
    if (!loaded.value()) return {};
    if (Status status = add_batch(); !status.ok()) return status;
  }
}

Status ParquetReader::add_batch() {
  std::uint64_t size = std::min<std::uint64_t>(group_rows_, ColumnReader::kMostRows);
  for (const ColumnReader& column : columns_) size = std::min(size, column.rows_ready());
  ColumnBatch batch;
  batch.size = static_cast<std::size_t>(size);
  batch.first_row = rows_ + 1;
  for (ColumnReader& column : columns_) {
    if (Status status = column.read(batch.size); !status.ok()) return status;
  }
  const auto texts = [this](Role role) {
    const auto& at = by_role_[static_cast<std::size_t>(role)];
    return at ? columns_[*at].texts() : TextColumn();
  };
  batch.user = texts(Role::kUser);
  batch.type = texts(Role::kType);
  batch.item = texts(Role::kItem);
  const ColumnReader& time = columns_[*by_role_[static_cast<std::size_t>(Role::kTime)]];
  if (time.is_time()) {
    batch.time = time.times();
  } else {
    batch.time = texts(Role::kTime);
  }
  rows_ += batch.size;
  group_rows_ -= batch.size;
  return builder_.add(batch);
}

PreviewReader::PreviewReader(std::string file, std::uint64_t size, std::size_t most_rows)
    : file_(file), most_rows_(std::min(most_rows, ColumnReader::kMostRows)), footer_(std::move(file), size) {}

std::optional<ByteRange> PreviewReader::wanted() const {
  if (footer_.wanted()) return footer_.wanted();
  if (reader_) return reader_->wanted();
  return std::nullopt;
}

std::span<char> PreviewReader::room(std::size_t size) {
  std::uint8_t* at = footer_.wanted() ? footer_.room(size) : reader_->room(size);
  return {reinterpret_cast<char*>(at), size};
}

Status PreviewReader::supply(std::size_t size) {
  if (size == 0) return damaged(file_, "it ended while it was being read");
  if (footer_.wanted()) {
    if (Status status = footer_.supply(size); !status.ok()) return status;
    if (footer_.wanted()) return {};
  } else {
    reader_->filled(size);
  }
  return next_columns();
}

Status PreviewReader::next_columns() {
  const Metadata& metadata = footer_.metadata();
  const auto group = std::find_if(metadata.groups.begin(), metadata.groups.end(), [](const RowGroup& g) { return g.rows > 0; });
  if (group == metadata.groups.end()) return {};
  const auto rows = static_cast<std::size_t>(std::min<std::uint64_t>(group->rows, most_rows_));
  rows_.resize(rows, std::vector<std::string>(metadata.columns.size()));
  for (; column_ < metadata.columns.size(); ++column_, reader_.reset(), shown_ = 0) {
    const Column& column = metadata.columns[column_];
    if (column.nested || column.meaning == Meaning::kOther) continue;
    if (!reader_) {
      reader_.emplace(file_, column, is_time(column.meaning));
      if (Status status = reader_->begin_chunk(group->chunks[column.leaf], group->rows, footer_.offset()); !status.ok()) {
        return status;
      }
    }
    while (shown_ < rows) {
      if (reader_->rows_ready() == 0) {
        const Result<bool> loaded = reader_->load_page();
        if (!loaded.ok()) return loaded.error();
        if (!loaded.value()) return {};
      }
      if (Status status = show(column_); !status.ok()) return status;
    }
  }
  return {};
}

Status PreviewReader::show(std::size_t column) {
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(rows_.size() - shown_, reader_->rows_ready()));
  if (Status status = reader_->read(count); !status.ok()) return status;
  if (reader_->is_time()) {
    const bool dates = reader_->column().meaning == Meaning::kDate;
    show_times(reader_->times(), dates, rows_, shown_, count, column);
  } else {
    show_texts(reader_->texts(), rows_, shown_, count, column);
  }
  shown_ += count;
  return {};
}

}  // namespace causal_sessions::parquet
