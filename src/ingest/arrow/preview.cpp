#include "ingest/arrow/preview.h"

#include <algorithm>

#include "core/buffer_sizes.h"
#include "ingest/arrow/reader.h"
#include "ingest/build/event_builder.h"

namespace causal_sessions::arrow {
namespace {

constexpr std::size_t kMostRows = buffer_sizes::kArrowBatchRows;

bool can_be_shown(const Field& field) {
  return !unusable(field, Role::kUser) || !unusable(field, Role::kTime) || field.type.kind == Type::Kind::kFixedBytes;
}

bool is_date(const Field& field) { return field.type.kind == Type::Kind::kDate; }

}  // namespace

PreviewBatches::PreviewBatches(std::string file, const ReadingOptions& options, std::size_t most_rows)
    : BatchReader(std::move(file)), options_(options), most_rows_(std::min(most_rows, kMostRows)) {
  preview_.name = file_;
  preview_.format = "arrow";
}

Result<std::vector<std::size_t>> PreviewBatches::choose(const std::vector<Field>& fields) {
  for (const Field& field : fields) {
    if (can_be_shown(field)) shown_.push_back(preview_.names.size());
    preview_.names.push_back(field.name);
    preview_.types.push_back(type_name(field));
  }
  find_columns(preview_, options_);
  for (std::size_t role = 0; role < kRoles && preview_.schema && !preview_.problem; ++role) {
    if (!preview_.schema->column[role]) continue;
    const Field& field = fields[*preview_.schema->column[role]];
    if (const auto finding = unusable(field, static_cast<Role>(role))) {
      preview_.problem = refuse_column(field, {ErrorCode::kUnknownFormat, *finding, {}});
    }
  }
  if (full()) stop();
  return shown_;
}

// Nothing is, once a run would have refused the file.
bool PreviewBatches::needs(std::size_t column) const {
  if (!preview_.schema || preview_.problem) return false;
  const auto& needed = preview_.schema->column;
  return std::find(needed.begin(), needed.end(), column) != needed.end();
}

Status PreviewBatches::add(const std::vector<Column>& columns, std::uint64_t length) {
  std::vector<std::vector<std::string>>& rows = preview_.rows;
  const std::size_t first = rows.size();
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(length, most_rows_ - first));
  rows.resize(first + count, std::vector<std::string>(preview_.names.size()));
  for (std::size_t i = 0; i < columns.size() && count > 0; ++i) {
    const Column& column = columns[i];
    if (column.field == nullptr) continue;
    if (has_times(*column.field) && column.field->type.kind != Type::Kind::kInt) {
      show_times(read_times(column, 0, count, slice_), is_date(*column.field), rows, first, count, shown_[i]);
    } else {
      show_texts(read_texts(column, Role::kUser, 0, count, slice_), rows, first, count, shown_[i]);
    }
  }
  if (full()) stop();
  return {};
}

Inspection::Inspection(const std::string& name, std::uint64_t size, ReadingOptions options, std::size_t most_rows)
    : options_(std::move(options)), batches_(name, options_, most_rows), blocks_(name, size, batches_, kMostPreviewBytes) {}

void Inspection::supply(std::size_t size) {
  if (Status status = blocks_.supply(size); !status.ok()) problem_ = status.error();
  if (problem_ || batches_.full()) blocks_.end();
}

Preview Inspection::preview() const {
  Preview preview = batches_.preview();
  if (problem_ && !preview.problem) preview.problem = problem_;
  if (blocks_.exhausted() && preview.rows.empty()) lack_bytes(preview, kMostPreviewBytes);
  return preview;
}

namespace {

// What a run would say of the first rows.
void try_rows(Preview& preview, std::span<const char> bytes, bool last, const ReadingOptions& options) {
  EventBuilder builder(options);
  StreamReader reader(preview.name, options, builder, kTriedRows);
  if (const Result<std::size_t> taken = reader.consume(bytes, last); !taken.ok()) {
    preview.problem = taken.error();
    return;
  }
  const bool whole = last && reader.rows() < kTriedRows;
  if (whole && reader.rows() == 0) preview.problem = no_rows(preview.name);
  else note_rows(preview, builder.finish(), whole);
}

}  // namespace

Preview inspect_stream(const std::string& name, std::span<const char> bytes, bool last, const ReadingOptions& options,
                       std::size_t most_rows) {
  PreviewBatches batches(name, options, most_rows);
  Status status = batches.take(bytes);
  if (status.ok() && last && !batches.stopped()) status = batches.finish_stream();
  Preview preview = batches.preview();
  if (!status.ok() && !preview.problem) preview.problem = status.error();
  if (status.ok() && !last && preview.rows.empty() && !batches.stopped()) {
    preview.needs_bytes = batches.part_end();
    if (preview.needs_bytes != 0) lack_bytes(preview, bytes.size());
  }
  if (preview.schema && !preview.problem && preview.note.empty()) try_rows(preview, bytes, last, options);
  return preview;
}

}  // namespace causal_sessions::arrow
