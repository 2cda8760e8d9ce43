// safetensors file of one split: the tensors of tensors.h, ragged or padded with a mask.
//
// Cost:    nothing held back but the sink's buffer; the padded form is as large as sessions x length, which
//          check_safetensors_padded() bounds.
// Errors:  kTooLarge: a padded table of more than 4 GiB.
// Source:  huggingface/safetensors, README, "Format": the header is padded with spaces to a multiple of 8 bytes and the
//          tensors follow each other without a gap, wider types first.
#include <algorithm>
#include <string>
#include <vector>

#include "write/table_formats.h"
#include "write/tensors.h"

namespace causal_sessions {
namespace {

constexpr std::uint64_t kMostBytes = 1ULL << 32;

std::string_view safetensors_dtype(TensorType type) {
  switch (type) {
    case TensorType::kFloat64: return "F64";
    case TensorType::kInt64: return "I64";
    case TensorType::kInt32: return "I32";
    case TensorType::kInt16: return "I16";
    case TensorType::kInt8: return "I8";
    case TensorType::kUint8: return "U8";
    case TensorType::kBool: return "BOOL";
  }
  return "U8";
}

void write_tensors(const std::vector<Tensor>& tensors, ByteSink& sink) {
  std::string header = R"({"__metadata__":{"format":"pt","created_by":"causal-sessions )" CAUSAL_SESSIONS_VERSION "\"}";
  std::uint64_t begin = 0;
  for (const Tensor& tensor : tensors) {
    std::string shape;
    for (const std::uint64_t size : tensor.shape) shape.append(shape.empty() ? "" : ",").append(std::to_string(size));
    const std::uint64_t end = begin + tensor.bytes();
    header.append(",\"").append(tensor.name).append(R"(":{"dtype":")").append(safetensors_dtype(tensor.type));
    header.append(R"(","shape":[)").append(shape).append(R"(],"data_offsets":[)");
    header.append(std::to_string(begin)).append(",").append(std::to_string(end)).append("]}");
    begin = end;
  }
  header += '}';
  header.append((8 - header.size() % 8) % 8, ' ');
  sink.put_le(std::uint64_t{header.size()});
  sink.put(header);
  for (const Tensor& tensor : tensors) tensor.write(sink);
}

// The longest sequence of the whole run unless the plan says it, so that all parts have one shape.
std::uint32_t padded_length(const SequenceTable& table, const WriteOptions& options) {
  if (options.pad_to != 0) return options.pad_to;
  std::uint32_t longest = 0;
  for (std::size_t row = 0; row < table.rows(); ++row) longest = std::max(longest, table.length(row));
  return longest;
}

}  // namespace

void write_safetensors(const SequenceTable& table, TableRows rows, const WriteOptions&, ByteSink& sink) {
  write_tensors(ragged_tensors(table, rows), sink);
}

Status check_safetensors_padded(const SequenceTable& table, TableRows rows, const WriteOptions& options) {
  const std::uint32_t length = padded_length(table, options);
  std::uint64_t bytes = 0;
  for (const Tensor& tensor : padded_tensors(table, rows, length, table.keep == KeepEvents::kLast)) bytes += tensor.bytes();
  if (bytes <= kMostBytes) return {};
  return Error{ErrorCode::kTooLarge,
               std::to_string(rows.size()) + " sessions padded to " + std::to_string(length) + " tokens would take " +
                   std::to_string(bytes >> 20) + " MiB; the limit is 4096 MiB. Set output.padTo to fewer tokens, or " +
                   "write the ragged form (safetensors, npz)",
               {}};
}

void write_safetensors_padded(const SequenceTable& table, TableRows rows, const WriteOptions& options, ByteSink& sink) {
  write_tensors(padded_tensors(table, rows, padded_length(table, options), table.keep == KeepEvents::kLast), sink);
}

}  // namespace causal_sessions
