#include "write/split_columns.h"

#include "write/session_row.h"

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
  columns.event_ids.reserve(tokens);
  columns.item_ids.reserve(tokens);
  columns.minutes.reserve(tokens);
  for (const std::uint32_t row : rows) {
    const std::uint32_t end = table.begin[row] + table.count[row];
    for (std::uint32_t i = table.begin[row]; i < end; ++i) {
      columns.event_ids.push_back(table.event_id[i]);
      columns.item_ids.push_back(table.item_id[i]);
      columns.minutes.push_back(table.minutes(row, i));
    }
    columns.event_ids.insert(columns.event_ids.end(), table.padding[row], table.padding_event_id);
    columns.item_ids.insert(columns.item_ids.end(), table.padding[row], table.padding_item_id);
    columns.minutes.insert(columns.minutes.end(), table.padding[row], 0.0);
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
