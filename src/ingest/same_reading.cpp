#include "ingest/same_reading.h"

#include <algorithm>

namespace causal_sessions {
namespace {

bool same(const ColumnName& a, const ColumnName& b) { return a.number == b.number && a.name == b.name; }

}  // namespace

bool same_reading(const Plan& a, const Plan& b) {
  const auto &input = a.input, &other_input = b.input;
  const auto &columns = a.columns, &other_columns = b.columns;
  const auto &tokens = a.events.without_item, &other_tokens = b.events.without_item;
  return input.format == other_input.format && input.separator == other_input.separator &&
         input.header == other_input.header && input.quote == other_input.quote && input.escape == other_input.escape &&
         input.nulls == other_input.nulls && a.rows.bad == b.rows.bad && same(columns.user, other_columns.user) &&
         same(columns.time, other_columns.time) && same(columns.type, other_columns.type) &&
         same(columns.item, other_columns.item) && a.time.unit == b.time.unit &&
         a.time.zone_offset_us == b.time.zone_offset_us && a.events.types == b.events.types &&
         a.events.unknown == b.events.unknown &&
         std::equal(tokens.begin(), tokens.end(), other_tokens.begin(), other_tokens.end(),
                    [](const auto& one, const auto& other) { return one.second == other.second; });
}

}  // namespace causal_sessions
