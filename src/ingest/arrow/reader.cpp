#include "ingest/arrow/reader.h"

#include <algorithm>

#include "core/buffer_sizes.h"

namespace causal_sessions::arrow {
namespace {

// Rows handed on at a time, so that their digits stay in the cache.
constexpr std::size_t kSliceRows = buffer_sizes::kArrowBatchRows;

}  // namespace

EventBatches::EventBatches(std::string file, const ReadingOptions& options, EventBuilder& builder, std::uint64_t most_rows)
    : BatchReader(std::move(file)), options_(options), builder_(builder), most_rows_(most_rows) {}

Result<std::vector<std::size_t>> EventBatches::choose(const std::vector<Field>& fields) {
  std::vector<std::string> names;
  for (const Field& field : fields) names.push_back(field.name);
  Result<Schema> schema = find_columns(file_, std::move(names), options_);
  if (!schema.ok()) return schema.error();
  schema_ = std::move(schema.value());
  std::vector<std::size_t> chosen;
  for (std::size_t role = 0; role < kRoles; ++role) {
    if (!schema_.column[role]) continue;
    const Field& field = fields[*schema_.column[role]];
    if (const auto finding = unusable(field, static_cast<Role>(role))) {
      return refuse_column(field, {ErrorCode::kUnknownFormat, *finding, {}});
    }
    const std::size_t column = *schema_.column[role];
    chosen.insert(std::upper_bound(chosen.begin(), chosen.end(), column), column);
  }
  for (std::size_t role = 0; role < kRoles; ++role) {
    if (!schema_.column[role]) continue;
    by_role_[role] = static_cast<std::size_t>(std::find(chosen.begin(), chosen.end(), *schema_.column[role]) - chosen.begin());
  }
  builder_.begin_file(file_, schema_);
  return chosen;
}

Status EventBatches::add(const std::vector<Column>& columns, std::uint64_t length) {
  for (std::uint64_t first = 0; first < length && !full(); first += kSliceRows) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kSliceRows, length - first));
    ColumnBatch batch;
    TextColumn time_texts;
    const std::array<TextColumn*, kRoles> texts = {&batch.user, &time_texts, &batch.type, &batch.item};
    batch.size = count;
    batch.first_row = rows_ + 1;
    for (std::size_t i = 0; i < kRoles; ++i) {
      if (!by_role_[i]) continue;
      const Column& column = columns[*by_role_[i]];
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
  if (full()) stop();
  return {};
}

Result<std::size_t> StreamReader::consume(std::span<const char> window, bool last) {
  Status status = batches_.take(window);
  if (status.ok() && last && !batches_.full()) status = batches_.finish_stream();
  if (!status.ok()) return status.error();
  return window.size();
}

Status FileReader::supply(std::size_t size) {
  Status status = blocks_.supply(size);
  if (status.ok() && batches_.full()) blocks_.end();
  return status;
}

}  // namespace causal_sessions::arrow
