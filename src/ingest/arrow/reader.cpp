#include "ingest/arrow/reader.h"

#include <algorithm>

#include "core/buffer_sizes.h"

namespace causal_sessions::arrow {
namespace {

// Rows handed on at a time, so that their digits stay in the cache.
constexpr std::size_t kSliceRows = buffer_sizes::kArrowBatchRows;

bool has_text(const Field& field) {
  return !unusable(field, Role::kUser) || !unusable(field, Role::kTime) || field.type.kind == Type::Kind::kFixedBytes;
}

// Whether its values are times to the sink. A number may be one, but people see its digits.
bool as_times(const Field& field, ReadAs as) {
  return as != ReadAs::kId && has_times(field) && (as == ReadAs::kTime || field.type.kind != Type::Kind::kInt);
}

}  // namespace

Result<std::vector<std::size_t>> TableBatches::choose(const std::vector<Field>& fields) {
  TableColumns columns;
  for (const Field& field : fields) {
    columns.names.push_back(field.name);
    columns.types.push_back(type_name(field));
  }
  columns.refuse = [&](std::size_t column, Role role) -> std::optional<Error> {
    const auto finding = unusable(fields[column], role);
    if (!finding) return std::nullopt;
    return refuse_column(fields[column], {ErrorCode::kUnknownFormat, *finding, {}});
  };
  columns.has_text = [&](std::size_t column) { return has_text(fields[column]); };
  Result<std::vector<WantedColumn>> wanted = sink_.choose(file_, std::move(columns));
  if (!wanted.ok()) return wanted.error();
  wanted_ = std::move(wanted.value());
  slices_.resize(wanted_.size());
  std::vector<std::size_t> chosen;
  for (const WantedColumn& column : wanted_) chosen.push_back(column.position);
  std::sort(chosen.begin(), chosen.end());
  for (const WantedColumn& column : wanted_) {
    place_.push_back(static_cast<std::size_t>(std::lower_bound(chosen.begin(), chosen.end(), column.position) - chosen.begin()));
  }
  if (full()) stop();
  return chosen;
}

bool TableBatches::needs(std::size_t column) const {
  return std::any_of(wanted_.begin(), wanted_.end(), [&](const WantedColumn& wanted) { return wanted.needed && wanted.position == column; });
}

Status TableBatches::add(const std::vector<Column>& columns, std::uint64_t length) {
  for (std::uint64_t first = 0; first < length && !full(); first += kSliceRows) {
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(kSliceRows, length - first));
    ColumnBatch batch{count, rows_ + 1};
    for (std::size_t slot = 0; slot < wanted_.size(); ++slot) {
      const Column& column = columns[place_[slot]];
      if (column.field == nullptr) {
        batch.columns.emplace_back(TextColumn());
      } else if (as_times(*column.field, wanted_[slot].as)) {
        batch.columns.emplace_back(read_times(column, first, count, slices_[slot]));
      } else {
        const auto role = static_cast<Role>(slot < kRoles ? slot : 0);  // whose ids the dictionary keeps; a preview needs none
        batch.columns.emplace_back(read_texts(column, role, first, count, slices_[slot]));
      }
    }
    if (Status status = sink_.add(batch); !status.ok()) return status;
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
  if (!status.ok() || batches_.full()) blocks_.end();
  return status;
}

// The first message has the columns.
Result<Sniffed> sniff_stream(const FileStart& start) {
  Sniffed sniffed{.format = "arrow", .columns_come_later = true, .stream = true};
  sniffed.open = [name = start.name](std::span<const WantedColumn>, TableSink& sink) { return std::make_unique<StreamReader>(name, sink); };
  return sniffed;
}

}  // namespace causal_sessions::arrow
