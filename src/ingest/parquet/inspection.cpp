#include "ingest/parquet/inspection.h"

#include <algorithm>

namespace causal_sessions::parquet {

Inspection::Inspection(const std::string& name, std::uint64_t size, ReadingOptions options, std::size_t most_rows)
    : options_(std::move(options)), most_rows_(std::min(most_rows, ColumnReader::kMostRows)), footer_(name, size) {
  preview_.name = name;
  preview_.format = "parquet";
}

std::optional<ByteRange> Inspection::wanted() const {
  if (failed_) return std::nullopt;
  if (footer_.wanted()) return footer_.wanted();
  return group_ ? group_->wanted() : std::nullopt;
}

std::span<char> Inspection::room(std::size_t size) {
  std::uint8_t* at = footer_.wanted() ? footer_.room(size) : group_->room(size);
  return {reinterpret_cast<char*>(at), size};
}

void Inspection::supply(std::size_t size) {
  Status status;
  if (footer_.wanted()) {
    status = footer_.supply(size);
    if (status.ok() && footer_.wanted()) return;
    if (status.ok()) name_columns();
  } else if (size == 0) {
    status = not_whole(preview_.name, "it ended while it was being read");
  } else {
    group_->filled(size);
  }
  if (status.ok()) return read_rows();
  failed_ = true;
  if (!preview_.problem) preview_.problem = status.error();
}

// Which column is what; what a run would refuse before it reads rows.
void Inspection::name_columns() {
  const Metadata& metadata = footer_.metadata();
  for (const Column& column : metadata.columns) {
    preview_.names.push_back(column.name);
    preview_.types.push_back(column.type_name);
  }
  find_columns(preview_, options_);
  Stage needed{{}, true};
  for (std::size_t role = 0; role < kRoles && preview_.schema && !preview_.problem; ++role) {
    const auto& at = preview_.schema->column[role];
    if (!at) continue;
    needed.columns.push_back(*at);
    const Status status = check_role(preview_.name, metadata.columns[*at], static_cast<Role>(role));
    if (!status.ok()) preview_.problem = status.error();
  }
  if (preview_.problem) needed.columns.clear();
  stages_.push_back(needed);
  for (std::size_t i = 0; i < metadata.columns.size(); ++i) {
    const Column& column = metadata.columns[i];
    const bool has_text = !column.nested && column.meaning != Meaning::kOther;
    if (has_text && std::find(needed.columns.begin(), needed.columns.end(), i) == needed.columns.end()) {
      stages_.push_back({{i}, false});
    }
  }
}

void Inspection::read_rows() {
  for (; stage_ < stages_.size(); ++stage_, group_.reset(), shown_ = 0) {
    const Status status = read_stage();
    if (status.ok() && group_ && group_->wanted()) return;
    if (!status.ok() && stages_[stage_].needed) preview_.problem = status.error();
  }
}

// Until bytes are wanted, or all rows that are shown have been read.
Status Inspection::read_stage() {
  const Metadata& metadata = footer_.metadata();
  const auto group = std::find_if(metadata.groups.begin(), metadata.groups.end(), [](const RowGroup& g) { return g.rows > 0; });
  const Stage& stage = stages_[stage_];
  if (group == metadata.groups.end() || stage.columns.empty()) return {};
  const auto rows = static_cast<std::size_t>(std::min<std::uint64_t>(group->rows, most_rows_));
  preview_.rows.resize(rows, std::vector<std::string>(metadata.columns.size()));
  if (!group_) {
    group_.emplace();
    for (const std::size_t i : stage.columns) {
      const Column& column = metadata.columns[i];
      const ReadAs as = is_time(column.meaning) ? ReadAs::kTimes : stage.needed ? ReadAs::kTexts : ReadAs::kShown;
      group_->add(ColumnReader(preview_.name, column, as));
    }
    if (Status status = group_->begin(*group, footer_.offset()); !status.ok()) return status;
  }
  while (shown_ < rows) {
    const Result<std::size_t> read = group_->read();
    if (!read.ok()) return read.error();
    if (read.value() == 0) return {};
    show(std::min(read.value(), rows - shown_));
  }
  return {};
}

void Inspection::show(std::size_t count) {
  for (std::size_t i = 0; i < group_->size(); ++i) {
    ColumnReader& column = group_->column(i);
    if (column.is_time()) {
      show_times(column.times(), column.column().meaning == Meaning::kDate, preview_.rows, shown_, count, stages_[stage_].columns[i]);
    } else {
      show_texts(column.texts(), preview_.rows, shown_, count, stages_[stage_].columns[i]);
    }
  }
  shown_ += count;
}

Preview Inspection::preview() const {
  Preview preview = preview_;
  if (preview.schema && !preview.problem) {
    preview.estimate = estimate_stated(footer_.metadata().rows, preview.rows, *preview.schema);
  }
  return preview;
}

}  // namespace causal_sessions::parquet
