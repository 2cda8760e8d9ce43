// NPZ file of one split: numpy.load makes ragged arrays of it, without pickle. The arrays are those of tensors.h.
//
// Format:  a ZIP file of .npy files, stored, not compressed, so that arrays can be memory-mapped or cut out; ZIP64
//          fields only where a number needs them.
// Cost:    each array is made twice, once for its checksum; nothing held back but the sink's buffer.
// Source:  numpy.lib.format, version 1.0; ZIP's APPNOTE.TXT 6.3.
#include <string>

#include "formats/zip_writer.h"
#include "write/table_formats.h"
#include "write/tensors.h"

namespace causal_sessions {
namespace {

std::string_view npy_dtype(TensorType type) {
  switch (type) {
    case TensorType::kFloat64: return "<f8";
    case TensorType::kInt64: return "<i8";
    case TensorType::kInt32: return "<i4";
    case TensorType::kInt16: return "<i2";
    case TensorType::kInt8: return "|i1";
    case TensorType::kUint8: return "|u1";
    case TensorType::kBool: return "|b1";
  }
  return "|u1";
}

// Spaces and a line end fill it up to a multiple of 64 bytes, as NumPy does.
std::string npy_header(const Tensor& tensor) {
  std::string shape = std::to_string(tensor.shape[0]).append(",");  // a tuple of one number ends in a comma
  if (tensor.shape.size() == 2) shape.append(" ").append(std::to_string(tensor.shape[1]));
  std::string text = "{'descr': '";
  text.append(npy_dtype(tensor.type)).append("', 'fortran_order': False, 'shape': (").append(shape).append("), }");
  constexpr std::size_t kBefore = 10;
  text.append(63 - (kBefore + text.size()) % 64, ' ').append("\n");
  const char length[] = {static_cast<char>(text.size() & 0xFF), static_cast<char>(text.size() >> 8)};
  std::string header("\x93NUMPY\x01\0", 8);
  return header.append(length, 2).append(text);
}

}  // namespace

void write_npz(const SequenceTable& table, TableRows rows, const WriteOptions&, ByteSink& sink) {
  ZipWriter zip(sink);
  for (const Tensor& tensor : ragged_tensors(table, rows)) {
    const std::string header = npy_header(tensor);
    zip.add(std::string(tensor.name).append(".npy"), [&](ByteSink& out) {
      out.put(header);
      tensor.write(out);
    });
  }
  zip.finish();
}

}  // namespace causal_sessions
