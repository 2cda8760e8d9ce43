#include "write/tensors.h"

#include <algorithm>

#include "sequence/session_row.h"

namespace causal_sessions {
namespace {

using Rows = std::span<const std::uint32_t>;

// One value a row.
template <class T, class ValueOf>
Tensor of_rows(std::string_view name, TensorType type, Rows rows, ValueOf value_of) {
  return {name, type, {rows.size()}, [rows, value_of](ByteSink& sink) {
            for (const std::uint32_t row : rows) sink.put_le(static_cast<T>(value_of(row)));
          }};
}

// Where each row begins in an array of all rows' parts, and the end of the last.
template <class SizeOf>
Tensor offsets_of(std::string_view name, Rows rows, SizeOf size_of) {
  return {name, TensorType::kInt64, {rows.size() + 1}, [rows, size_of](ByteSink& sink) {
            std::int64_t end = 0;
            sink.put_le(end);
            for (const std::uint32_t row : rows) sink.put_le(end += static_cast<std::int64_t>(size_of(row)));
          }};
}

// One value a token.
template <class T, class ValueOf>
Tensor of_tokens(std::string_view name, TensorType type, const SequenceTable& table, Rows rows, std::uint64_t tokens,
                 ValueOf value_of) {
  return {name, type, {tokens}, [&table, rows, value_of](ByteSink& sink) {
            for (const std::uint32_t row : rows) {
              for_each_token(table, row, [&](const Token& token) { sink.put_le(static_cast<T>(value_of(row, token))); });
            }
          }};
}

// One value a place, 0 where there is no token.
template <class T, class ValueOf>
Tensor of_places(std::string_view name, TensorType type, const SequenceTable& table, Rows rows, std::uint32_t length,
                 bool keep_last, ValueOf value_of) {
  return {name, type, {rows.size(), length}, [&table, rows, length, keep_last, value_of](ByteSink& sink) {
            for (const std::uint32_t row : rows) {
              const std::uint32_t all = table.length(row);
              const std::uint32_t first = keep_last && all > length ? all - length : 0;
              std::uint32_t at = 0;
              for_each_token(table, row, [&](const Token& token) {
                if (at >= first && at - first < length) sink.put_le(static_cast<T>(value_of(row, token)));
                ++at;
              });
              for (std::uint32_t i = std::min(all, length); i < length; ++i) sink.put_le(T{});
            }
          }};
}

constexpr auto kEventId = [](std::uint32_t, const Token& token) { return token.event_id; };
constexpr auto kItemId = [](std::uint32_t, const Token& token) { return token.item_id; };
constexpr auto kMinutes = [](std::uint32_t, const Token& token) { return token.minutes; };
constexpr auto kOne = [](std::uint32_t, const Token&) { return 1; };

auto of_channel(const SequenceTable& table, Channel channel) {
  return [&table, channel](std::uint32_t row, const Token& token) { return channel_value(table, row, token, channel); };
}

// What both shapes have, behind their own.
void add_row_tensors(const SequenceTable& table, Rows rows, std::vector<Tensor>& tensors) {
  const auto user = [&table](std::uint32_t row) { return table.users[table.user[row]]; };
  std::uint64_t user_bytes = 0;
  for (const std::uint32_t row : rows) user_bytes += user(row).size();
  using enum TensorType;
  tensors.push_back(of_rows<std::int64_t>("index", kInt64, rows, [](std::uint32_t row) { return row; }));
  tensors.push_back(
      of_rows<std::int64_t>("sequence_length", kInt64, rows, [&table](std::uint32_t row) { return table.length(row); }));
  for (const RowColumn& column : row_columns(table)) {
    tensors.push_back(of_rows<std::int64_t>(column.name, kInt64, rows,
                                            [&table, column](std::uint32_t row) { return column.value(table, row); }));
  }
  for (const NumberColumn& column : number_columns(table)) {
    tensors.push_back(
        of_rows<double>(column.name, kFloat64, rows, [&table, column](std::uint32_t row) { return column.value(table, row); }));
  }
  tensors.push_back(offsets_of("user_id_offsets", rows, [user](std::uint32_t row) { return user(row).size(); }));
  tensors.push_back(
      of_rows<std::int32_t>("session_numbers", kInt32, rows, [&table](std::uint32_t row) { return table.number[row]; }));
  tensors.push_back(of_rows<std::int8_t>("treatment", kInt8, rows, [&table](std::uint32_t row) { return table.treatment[row]; }));
  tensors.push_back(of_rows<std::int8_t>("outcome", kInt8, rows, [&table](std::uint32_t row) { return table.outcome[row]; }));
  tensors.push_back({"user_id_bytes", kUint8, {user_bytes}, [rows, user](ByteSink& sink) {
                       for (const std::uint32_t row : rows) sink.put(user(row));
                     }});
  std::stable_sort(tensors.begin(), tensors.end(),
                   [](const Tensor& a, const Tensor& b) { return width_of(a.type) > width_of(b.type); });
}

}  // namespace

std::size_t width_of(TensorType type) {
  switch (type) {
    case TensorType::kFloat64:
    case TensorType::kInt64: return 8;
    case TensorType::kInt32: return 4;
    case TensorType::kInt16: return 2;
    case TensorType::kInt8:
    case TensorType::kUint8:
    case TensorType::kBool: return 1;
  }
  return 1;
}

std::uint64_t Tensor::bytes() const {
  std::uint64_t bytes = width_of(type);
  for (const std::uint64_t size : shape) bytes *= size;
  return bytes;
}

std::vector<Tensor> ragged_tensors(const SequenceTable& table, Rows rows) {
  std::uint64_t tokens = 0;
  for (const std::uint32_t row : rows) tokens += table.length(row);
  std::vector<Tensor> tensors;
  tensors.push_back(offsets_of("offsets", rows, [&table](std::uint32_t row) { return table.length(row); }));
  tensors.push_back(of_tokens<double>("minutes", TensorType::kFloat64, table, rows, tokens, kMinutes));
  for (const Channel channel : table.channels) {
    tensors.push_back(
        of_tokens<double>(channel_name(channel), TensorType::kFloat64, table, rows, tokens, of_channel(table, channel)));
  }
  tensors.push_back(of_tokens<std::int32_t>("item_ids", TensorType::kInt32, table, rows, tokens, kItemId));
  tensors.push_back(of_tokens<std::int16_t>("event_ids", TensorType::kInt16, table, rows, tokens, kEventId));
  add_row_tensors(table, rows, tensors);
  return tensors;
}

std::vector<Tensor> padded_tensors(const SequenceTable& table, Rows rows, std::uint32_t length, bool keep_last) {
  std::vector<Tensor> tensors;
  tensors.push_back(of_places<double>("minutes", TensorType::kFloat64, table, rows, length, keep_last, kMinutes));
  for (const Channel channel : table.channels) {
    tensors.push_back(of_places<double>(channel_name(channel), TensorType::kFloat64, table, rows, length, keep_last,
                                        of_channel(table, channel)));
  }
  tensors.push_back(of_places<std::int32_t>("item_ids", TensorType::kInt32, table, rows, length, keep_last, kItemId));
  tensors.push_back(of_places<std::int16_t>("event_ids", TensorType::kInt16, table, rows, length, keep_last, kEventId));
  tensors.push_back(of_places<std::uint8_t>("mask", TensorType::kBool, table, rows, length, keep_last, kOne));
  add_row_tensors(table, rows, tensors);
  return tensors;
}

}  // namespace causal_sessions
