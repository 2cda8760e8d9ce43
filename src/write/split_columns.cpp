#include "write/split_columns.h"

#include <algorithm>

#include "sequence/session_row.h"

namespace causal_sessions {

SplitColumns build_split_columns(const SequenceTable& table, std::span<const std::uint32_t> rows) {
  SplitColumns columns;
  std::size_t tokens = 0;
  columns.offsets.push_back(0);
  columns.user_offsets.push_back(0);
  for (const std::uint32_t row : rows) {
    tokens += table.length(row);
    const std::string_view user = table.users[table.user[row]];
    columns.user_bytes.insert(columns.user_bytes.end(), user.begin(), user.end());
    columns.offsets.push_back(static_cast<std::uint32_t>(tokens));
    columns.user_offsets.push_back(static_cast<std::uint32_t>(columns.user_bytes.size()));
    columns.treatment.push_back(table.treatment[row]);
    columns.outcome.push_back(table.outcome[row]);
    columns.start_us.push_back(static_cast<double>(table.start_us[row]));
    columns.session_numbers.push_back(table.number[row]);
  }
  columns.event_ids.resize(tokens);
  columns.item_ids.resize(tokens);
  columns.minutes.resize(tokens);
  std::size_t to = 0;
  for (const std::uint32_t row : rows) {
    const std::uint32_t begin = table.begin[row], count = table.count[row], padding = table.padding[row];
    double* minutes = columns.minutes.data() + to;  // zero in padding
    if (table.is_listed(row)) {
      for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t at = table.event_of_x(row, i);
        columns.event_ids[to + i] = table.event_id[at];
        columns.item_ids[to + i] = table.item_id[at];
        minutes[i] = table.minutes(row, at);
      }
    } else {
      std::copy_n(table.event_id.begin() + begin, count, columns.event_ids.begin() + to);
      std::copy_n(table.item_id.begin() + begin, count, columns.item_ids.begin() + to);
      for (std::uint32_t i = 0; i < count; ++i) minutes[i] = table.minutes(row, begin + i);
    }
    to += count;
    std::fill_n(columns.event_ids.begin() + to, padding, table.padding_event_id);
    std::fill_n(columns.item_ids.begin() + to, padding, table.padding_item_id);
    to += padding;
  }
  for (const Channel channel : table.channels) {
    auto& [name, values] = columns.channels.emplace_back(channel_name(channel), std::vector<double>());
    values.reserve(tokens);
    for (const std::uint32_t row : rows) {
      for_each_token(table, row, [&](const Token& token) { values.push_back(channel_value(table, row, token, channel)); });
    }
  }
  for (const RowColumn& column : row_columns(table)) {
    auto& [name, values] = columns.row_columns.emplace_back(column.name, std::vector<double>());
    for (const std::uint32_t row : rows) values.push_back(static_cast<double>(column.value(table, row)));
  }
  for (const NumberColumn& column : number_columns(table)) {
    auto& [name, values] = columns.row_columns.emplace_back(column.name, std::vector<double>());
    for (const std::uint32_t row : rows) values.push_back(column.value(table, row));
  }
  return columns;
}

VocabularyTexts build_vocabulary_texts(const Vocabulary& vocabulary) {
  VocabularyTexts texts;
  texts.offsets.push_back(0);
  for (std::uint32_t id = 0; id < vocabulary.size(); ++id) {
    const std::string_view text = vocabulary.text(id);
    texts.bytes.insert(texts.bytes.end(), text.begin(), text.end());
    texts.offsets.push_back(static_cast<std::uint32_t>(texts.bytes.size()));
  }
  return texts;
}

}  // namespace causal_sessions
