#include "ingest/parquet/reader.h"

#include <algorithm>

#include "formats/parquet_format.h"

namespace causal_sessions::parquet {
namespace {

constexpr FileEnd::Layout kLayout = {"Parquet", kMark,  kMark,
                                     11,        "PARE", "is an encrypted Parquet file; write it without encryption"};

// Why the column cannot be the user, the time, ..., if it cannot.
std::optional<Error> refuse_column(const std::string& file, const Column& column, Role role, const std::string& advice) {
  const Meaning meaning = column.meaning;
  const bool is_value = !column.nested && meaning != Meaning::kOther && meaning != Meaning::kBytes;
  const bool fits = is_of_times(role) ? meaning != Meaning::kBoolean && meaning != Meaning::kUuid
                                      : !is_time(meaning) && meaning != Meaning::kClock;
  const bool coarse = is_of_times(role) && (meaning == Meaning::kFloat || meaning == Meaning::kHalf);
  if (is_value && fits && !coarse) return std::nullopt;
  const std::string type = (column.nested ? "nested, " : "") + column.type_name;
  return Error{ErrorCode::kUnknownFormat,
               file + ", column \"" + column.name + "\": " + (coarse ? too_coarse(type) : cannot_be(type, role)) + advice,
               {file, {}, {}, column.name}};
}

// A number may be a time, but people see its digits; and bytes that are no text, where no event needs one.
ColumnAs column_as(Meaning meaning, const WantedColumn& wanted) {
  const bool is_number = meaning == Meaning::kSigned || meaning == Meaning::kUnsigned;
  if (wanted.as != ReadAs::kId && (is_time(meaning) || (is_number && wanted.as == ReadAs::kTime))) return ColumnAs::kTimes;
  return wanted.needed ? ColumnAs::kTexts : ColumnAs::kAnyBytes;
}

// As WebAssembly the libraries of codecs are a module of the thread that calls the engine.
bool can_unpack_on_threads([[maybe_unused]] const Metadata& metadata) {
#ifdef __EMSCRIPTEN__
  for (const RowGroup& group : metadata.groups) {
    for (const Chunk& chunk : group.chunks) {
      if (chunk.compression != Compression::kNone && chunk.compression != Compression::kSnappy) return false;
    }
  }
#endif
  return true;
}

}  // namespace

Status GroupReader::begin(const RowGroup& group, std::uint64_t file_end) {
  waiting_ = nullptr;
  rows_ = group.rows;
  if (rows_ == 0) return {};
  for (ColumnReader& column : columns_) {
    if (Status status = column.begin_chunk(group.chunks[column.column().leaf], rows_, file_end); !status.ok()) return status;
  }
  for (const auto& column : nested_) {
    if (Status status = column->begin(group, file_end); !status.ok()) return status;
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
        waiting_ = &columns_[i];
        return std::size_t{0};
      }
    }
    size = std::min(size, columns_[i].rows_ready());
  }
  for (const auto& column : nested_) {
    const Result<ColumnReader*> waiting = column->load();
    if (!waiting.ok()) return waiting.error();
    waiting_ = waiting.value();
    if (waiting_ != nullptr) return std::size_t{0};
    size = std::min<std::uint64_t>(size, column->rows_ready());
  }
  waiting_ = nullptr;
  for (ColumnReader& column : columns_) {
    if (Status status = column.read(static_cast<std::size_t>(size)); !status.ok()) return status.error();
  }
  for (const auto& column : nested_) {
    if (Status status = column->read(static_cast<std::size_t>(size)); !status.ok()) return status.error();
  }
  rows_ -= size;
  return static_cast<std::size_t>(size);
}

std::optional<ByteRange> GroupReader::wanted() const {
  return waiting_ != nullptr ? std::optional(waiting_->wanted()) : std::nullopt;
}

void GroupReader::put_columns(ColumnBatch& batch) {
  for (const auto& [nested, at] : order_) {
    if (nested) batch.columns.emplace_back(nested_[at]->texts());
    else if (columns_[at].is_time()) batch.columns.emplace_back(columns_[at].times());
    else batch.columns.emplace_back(columns_[at].texts());
  }
}

Reader::Reader(std::string file, std::uint64_t size, TableSink& sink, Extent extent)
    : file_(file), sink_(sink), extent_(extent), end_of_file_(std::move(file), size, kLayout) {}

Reader::Reader(const Reader& of, std::size_t group, TableSink& sink, Told told)
    : file_(of.file_), sink_(sink), extent_(of.extent_), end_of_file_(of.end_of_file_), metadata_(of.metadata_),
      wanted_(of.wanted_), end_(of.end_), first_group_(group), end_group_(group + 1),
      first_row_(told == Told::kYes ? of.rows_ : 0), told_(told) {}

Status Reader::begin() {
  if (told_ == Told::kNo) {
    if (Status status = choose_columns(); !status.ok()) return status;
  }
  return read_columns();
}

std::size_t Reader::groups() const {
  const bool at_first = group_ && rows_ == 0 && !started_;
  const bool all = first_ == 0 && end_ == wanted_.size() && extent_ == Extent::kAll;
  return at_first && all && can_unpack_on_threads(*metadata_) ? metadata_->groups.size() : 0;
}

std::unique_ptr<RangedReader> Reader::read_group(std::size_t group, TableSink& sink, Told told) const {
  return std::unique_ptr<RangedReader>(new Reader(*this, group, sink, told));
}

void Reader::pass_group(std::uint64_t rows) {
  rows_ += rows;
  group_.reset();
  first_ = end_;  // nothing is wanted any more
}

std::optional<ByteRange> Reader::wanted() const {
  if (failed_) return std::nullopt;
  if (end_of_file_.wanted()) return end_of_file_.wanted();
  return group_ ? group_->wanted() : std::nullopt;
}

std::span<char> Reader::room(std::size_t size) {
  if (end_of_file_.wanted()) return end_of_file_.room(size);
  return {reinterpret_cast<char*>(group_->room(size)), size};
}

Status Reader::supply(std::size_t size) {
  Status status;
  if (end_of_file_.wanted()) {
    status = end_of_file_.supply(size);
    if (status.ok() && end_of_file_.has_footer()) status = read_footer();
    if (status.ok() && end_of_file_.wanted()) return {};
    if (status.ok()) status = choose_columns();
  } else if (size == 0) {
    status = end_of_file_.not_whole("it ended while it was being read");
  } else {
    started_ = true;
    group_->filled(size);
  }
  failed_ = !status.ok();
  return failed_ ? status : read_columns();
}

Status Reader::read_footer() {
  Result<Metadata> metadata = read_metadata(file_, end_of_file_.footer(), end_of_file_.offset());
  if (!metadata.ok()) return metadata.error();
  metadata_ = std::make_shared<const Metadata>(std::move(metadata.value()));
  end_group_ = metadata_->groups.size();
  end_of_file_.accounts_for(metadata_->end);
  return {};
}

Status Reader::choose_columns() {
  TableColumns columns;
  for (const Column& column : metadata_->columns) {
    columns.names.push_back(column.name);
    columns.types.push_back(column.type_name);
  }
  for (const NestedColumn& nested : metadata_->nested) list_paths(nested.field, columns.paths);
  const auto tree = [&](std::size_t column) -> const NestedField& {
    return metadata_->nested[metadata_->columns[column].tree].field;
  };
  columns.nested = true;
  columns.refuse = [&](std::size_t column, Role role) {
    const Column& asked = metadata_->columns[column];
    return refuse_column(file_, asked, role, asked.nested ? path_advice(tree(column)) : std::string());
  };
  columns.refuse_path = [&](std::size_t column, const Path& path) -> std::optional<Error> {
    Column asked = metadata_->columns[column];
    if (!asked.nested) return refuse_column(file_, asked, Role::kItem, {});
    NestedField field = tree(column);
    const NestedField* const unreadable = want_paths(field, std::span(&path, 1));
    if (unreadable == nullptr) return std::nullopt;
    asked.type_name = unreadable->type;
    return refuse_column(file_, asked, Role::kItem, {});
  };
  columns.below = [&](std::size_t column, std::span<const PathStep> steps) {
    return metadata_->columns[column].nested ? keys_below(tree(column), steps) : std::vector<std::string>();
  };
  columns.has_text = [&](std::size_t column) {
    return metadata_->columns[column].nested || metadata_->columns[column].meaning != Meaning::kOther;
  };
  Result<std::vector<WantedColumn>> wanted = sink_.choose(file_, std::move(columns));
  if (!wanted.ok()) return wanted.error();
  wanted_ = std::move(wanted.value());
  const auto other = [](const WantedColumn& column) { return !column.needed; };
  end_ = static_cast<std::size_t>(std::find_if(wanted_.begin(), wanted_.end(), other) - wanted_.begin());
  return {};
}

// Until bytes are wanted, or all has been read.
Status Reader::read_columns() {
  Status first;
  for (; first_ < wanted_.size(); group_.reset(), first_ = end_++) {
    if (first_ == end_) continue;  // none is needed
    Status status = read_rows();
    if (status.ok() && group_->wanted()) break;
    if (!status.ok() && wanted_[first_].needed) first = std::move(status);
  }
  return first;
}

Status Reader::read_rows() {
  if (!group_) {
    group_.emplace();
    next_group_ = first_group_;
    rows_ = first_row_;
    for (std::size_t slot = first_; slot < end_; ++slot) {
      const Column& column = metadata_->columns[wanted_[slot].position];
      if (column.nested) group_->add(std::make_unique<NestedReader>(file_, metadata_->nested[column.tree], wanted_[slot]));
      else group_->add(ColumnReader(file_, column, column_as(column.meaning, wanted_[slot])));
    }
  }
  while (rows_ < sink_.most_rows()) {
    Status status;
    if (group_->rows_left() == 0 && !begin_group(status)) return status;
    const Result<std::size_t> rows = group_->read();
    if (!rows.ok()) return rows.error();
    if (rows.value() == 0) return {};
    if (Status added = add_batch(rows.value()); !added.ok()) return added;
  }
  return {};
}

// Goes to the next group that has rows; false: there is none, or it cannot be read.
bool Reader::begin_group(Status& status) {
  const std::vector<RowGroup>& groups = metadata_->groups;
  if (extent_ == Extent::kPreview && rows_ > 0) return false;
  while (next_group_ < end_group_ && groups[next_group_].rows == 0) ++next_group_;
  if (next_group_ == end_group_) return false;
  const RowGroup& group = groups[next_group_++];
  if (rows_ == 0) sink_.expect_rows(group.rows);
  status = group_->begin(group, end_of_file_.offset());
  return status.ok();
}

Status Reader::add_batch(std::size_t size) {
  ColumnBatch batch{size, rows_ + 1, {}, first_};
  group_->put_columns(batch);
  rows_ += size;
  return sink_.add(batch);
}

}  // namespace causal_sessions::parquet
