#include "ingest/parquet/parquet_reader.h"

#include <algorithm>
#include <cstring>

#include "core/buffer_sizes.h"
#include "formats/parquet_format.h"

namespace causal_sessions::parquet {
namespace {

constexpr std::size_t kTail = buffer_sizes::kParquetTail;  // most footers are shorter
constexpr std::uint64_t kMostFooter = 256u << 20;
constexpr std::size_t kEnd = 4 + kMark.size();       // the footer's size and the mark
constexpr std::uint64_t kLeastFile = 12;             // bytes

}  // namespace

Error not_whole(const std::string& file, const std::string& why) {
  return Error{ErrorCode::kBadSyntax, file + " is not a whole Parquet file: " + why, {file, {}, {}, {}}};
}

FooterReader::FooterReader(std::string file, std::uint64_t size) : file_(std::move(file)), size_(size) {
  const auto tail = static_cast<std::size_t>(std::min<std::uint64_t>(size, kTail));
  wanted_ = ByteRange{size - tail, tail};
}

std::uint8_t* FooterReader::room(std::size_t size) {
  bytes_.resize(size);
  return bytes_.data();
}

Status FooterReader::supply(std::size_t size) {
  if (seam_ && size != 0) {
    seam_->add({reinterpret_cast<const char*>(bytes_.data()), size});
    wanted_ = seam_->wanted();
    return wanted_->size == 0 ? finish_seam() : Status();
  }
  if (size != wanted_->size) return not_whole(file_, "it ended while it was being read");
  if (size < kEnd + 4) return not_whole(file_, "it has " + std::to_string(size) + " bytes");
  const std::uint8_t* end = bytes_.data() + size;
  const std::string_view magic(reinterpret_cast<const char*>(end - 4), 4);
  if (magic == "PARE") {
    return Error{ErrorCode::kUnknownFormat, file_ + " is an encrypted Parquet file; write it without encryption",
                 {file_, {}, {}, {}}};
  }
  if (magic != kMark) return not_whole(file_, "its end is missing; it was cut off, or never finished");
  std::uint32_t footer_size;
  std::memcpy(&footer_size, end - kEnd, 4);
  if (footer_size > kMostFooter || footer_size > size_ - kEnd - 4) {
    return not_whole(file_, "its footer is longer than the file");
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
  if (metadata_.end > offset_ || offset_ - metadata_.end < kLeastFile) return {};
  // The second file's columns end so many bytes behind its start, and its footer follows soon.
  wanted_ = seam_.emplace(offset_ - metadata_.end + kMark.size()).wanted();
  return {};
}

Status FooterReader::finish_seam() {
  if (Status status = seam_->check(file_, "Parquet", kMark, kMark); !status.ok()) return status;
  wanted_.reset();
  seam_.reset();
  std::vector<std::uint8_t>().swap(bytes_);
  return {};
}

bool is_time(Meaning meaning) {
  return meaning == Meaning::kTimestamp || meaning == Meaning::kDate || meaning == Meaning::kInt96;
}

Status check_role(const std::string& file, const Column& column, Role role) {
  const Meaning meaning = column.meaning;
  const bool is_value = !column.nested && meaning != Meaning::kOther && meaning != Meaning::kBytes;
  const bool fits = role == Role::kTime ? meaning != Meaning::kBoolean && meaning != Meaning::kUuid : !is_time(meaning);
  const bool coarse = role == Role::kTime && meaning == Meaning::kFloat;
  if (is_value && fits && !coarse) return {};
  const std::string type = (column.nested ? "nested, " : "") + column.type_name;
  return Error{ErrorCode::kUnknownFormat,
               file + ", column \"" + column.name + "\": " + (coarse ? too_coarse(type) : cannot_be(type, role)),
               {file, {}, {}, column.name}};
}

Status GroupReader::begin(const RowGroup& group, std::uint64_t file_end) {
  waiting_.reset();
  rows_ = group.rows;
  if (rows_ == 0) return {};
  for (ColumnReader& column : columns_) {
    if (Status status = column.begin_chunk(group.chunks[column.column().leaf], rows_, file_end); !status.ok()) return status;
  }
  return {};
}

Result<std::size_t> GroupReader::read() {
  std::uint64_t size = std::min<std::uint64_t>(rows_, ColumnReader::kMostRows);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i].rows_ready() == 0) {
      const Result<bool> loaded = columns_[i].load_page();
      if (!loaded.ok()) return loaded.error();
      if (!loaded.value()) {
        waiting_ = i;
        return std::size_t{0};
      }
    }
    size = std::min(size, columns_[i].rows_ready());
  }
  waiting_.reset();
  for (ColumnReader& column : columns_) {
    if (Status status = column.read(static_cast<std::size_t>(size)); !status.ok()) return status.error();
  }
  rows_ -= size;
  return static_cast<std::size_t>(size);
}

std::optional<ByteRange> GroupReader::wanted() const {
  return waiting_ ? std::optional(columns_[*waiting_].wanted()) : std::nullopt;
}

ParquetReader::ParquetReader(std::string file, std::uint64_t size, const ReadingOptions& options, EventBuilder& builder, std::uint64_t most_rows)
    : file_(file), options_(options), builder_(builder), footer_(std::move(file), size), most_rows_(most_rows) {}

std::optional<ByteRange> ParquetReader::wanted() const { return footer_.wanted() ? footer_.wanted() : group_.wanted(); }

std::span<char> ParquetReader::room(std::size_t size) {
  std::uint8_t* at = footer_.wanted() ? footer_.room(size) : group_.room(size);
  return {reinterpret_cast<char*>(at), size};
}

Status ParquetReader::supply(std::size_t size) {
  if (size == 0) return not_whole(file_, "it ended while it was being read");
  if (footer_.wanted()) {
    if (Status status = footer_.supply(size); !status.ok()) return status;
    if (footer_.wanted()) return {};
    if (Status status = open_columns(); !status.ok()) return status;
  } else {
    group_.filled(size);
  }
  return read_rows();
}

Status ParquetReader::open_columns() {
  const Metadata& metadata = footer_.metadata();
  std::vector<std::string> names;
  for (const Column& column : metadata.columns) names.push_back(column.name);
  Result<Schema> schema = find_columns(file_, std::move(names), options_);
  if (!schema.ok()) return schema.error();
  schema_ = std::move(schema.value());
  for (std::size_t role = 0; role < kRoles; ++role) {
    if (!schema_.column[role]) continue;
    const Column& column = metadata.columns[*schema_.column[role]];
    if (Status status = check_role(file_, column, static_cast<Role>(role)); !status.ok()) return status;
    const bool is_number = column.meaning == Meaning::kSigned || column.meaning == Meaning::kUnsigned;
    const bool as_times = role == static_cast<std::size_t>(Role::kTime) && (is_time(column.meaning) || is_number);
    by_role_[role] = group_.size();
    group_.add(ColumnReader(file_, column, as_times ? ReadAs::kTimes : ReadAs::kTexts));
  }
  builder_.begin_file(file_, schema_);
  return {};
}

Status ParquetReader::read_rows() {
  const std::vector<RowGroup>& groups = footer_.metadata().groups;
  while (rows_ < most_rows_) {
    while (group_.rows_left() == 0) {
      if (next_group_ == groups.size()) return {};
      if (Status status = group_.begin(groups[next_group_++], footer_.offset()); !status.ok()) return status;
    }
    const Result<std::size_t> rows = group_.read();
    if (!rows.ok()) return rows.error();
    if (rows.value() == 0) return {};
    if (Status status = add_batch(rows.value()); !status.ok()) return status;
  }
  return {};
}

Status ParquetReader::add_batch(std::size_t size) {
  ColumnBatch batch;
  batch.size = size;
  batch.first_row = rows_ + 1;
  const auto texts = [this](Role role) {
    const auto& at = by_role_[static_cast<std::size_t>(role)];
    return at ? group_.column(*at).texts() : TextColumn();
  };
  batch.user = texts(Role::kUser);
  batch.type = texts(Role::kType);
  batch.item = texts(Role::kItem);
  const ColumnReader& time = group_.column(*by_role_[static_cast<std::size_t>(Role::kTime)]);
  if (time.is_time()) {
    batch.time = time.times();
  } else {
    batch.time = texts(Role::kTime);
  }
  rows_ += batch.size;
  return builder_.add(batch);
}

}  // namespace causal_sessions::parquet
