// Tensors of one split: named arrays of numbers, each written as a stream, for formats that hold arrays side by side.
//
// Ragged:  offsets (n + 1: the tokens of session i are [offsets[i], offsets[i + 1])) and one value a token.
// Padded:  n x length values and a mask, 1 where a token is; values behind it are 0 (item 0 is [PAD]; event id 0 is a
//          real type without the plan's special events, so only the mask tells). A longer sequence keeps its first or its last tokens.
// Both:    a value of each of the plan's channels wherever there are minutes; the row columns of
//          sequence/session_row.h; index, session_numbers, treatment, outcome, sequence_length (of the whole sequence), and
//          user ids as UTF-8 in user_id_bytes, id i being [user_id_offsets[i], user_id_offsets[i + 1]); a session's id is
//          user id + "_" + session number.
// Order:   wider types first, so that every array begins at a multiple of its width.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "formats/byte_sink.h"
#include "sequence/sequence_table.h"

namespace causal_sessions {

enum class TensorType : std::uint8_t { kFloat64, kInt64, kInt32, kInt16, kInt8, kUint8, kBool };

[[nodiscard]] std::size_t width_of(TensorType type);

struct Tensor {
  std::string_view name;
  TensorType type;
  std::vector<std::uint64_t> shape;
  std::function<void(ByteSink&)> write;  // all values, little-endian, the last dimension running fastest

  [[nodiscard]] std::uint64_t bytes() const;
};

// The tensors point at the table and the rows, which must outlive them.
[[nodiscard]] std::vector<Tensor> ragged_tensors(const SequenceTable& table, std::span<const std::uint32_t> rows);
[[nodiscard]] std::vector<Tensor> padded_tensors(const SequenceTable& table, std::span<const std::uint32_t> rows,
                                                 std::uint32_t length, bool keep_last);

}  // namespace causal_sessions
