// Numbers and marks of Parquet files, for reading and writing.
//
// Numbers in a file may be others than these; enums that are read from Thrift have room for any.
// Source:  apache/parquet-format, parquet.thrift, Encodings.md, LogicalTypes.md.
#pragma once

#include <cstdint>
#include <string_view>

namespace causal_sessions::parquet {

// At both ends of a file; before the last one stands the footer's size, in four bytes.
constexpr std::string_view kMark = "PAR1";

enum class Physical : std::uint8_t { kBoolean, kInt32, kInt64, kInt96, kFloat, kDouble, kByteArray, kFixedBytes };

enum class Repetition : std::int64_t { kRequired, kOptional, kRepeated };

// clang-format off
// The older annotations of a column: ConvertedType.
enum class Converted : std::int64_t {
  kNone = -1, kUtf8, kMap, kMapKeyValue, kList, kEnum, kDecimal, kDate, kTimeMillis, kTimeMicros, kTimestampMillis,
  kTimestampMicros, kUint8, kUint16, kUint32, kUint64, kInt8, kInt16, kInt32, kInt64, kJson, kBson, kInterval
};

// The newer ones, by field of the union LogicalType.
enum class Logical : std::int64_t {
  kNone = -1, kString = 1, kMap = 2, kList = 3, kEnum = 4, kDecimal = 5, kDate = 6, kTime = 7, kTimestamp = 8,
  kInteger = 10, kNull = 11, kJson = 12, kBson = 13, kUuid = 14, kFloat16 = 15
};

enum class Encoding : std::uint8_t {
  kPlain = 0, kPlainDictionary = 2, kRle = 3, kBitPacked = 4, kDeltaBinaryPacked = 5, kDeltaLengthByteArray = 6,
  kDeltaByteArray = 7, kRleDictionary = 8, kByteStreamSplit = 9
};
// clang-format on

// CompressionCodec; kLz4 is the deprecated one with Hadoop's framing.
enum class Compression : std::int64_t { kNone, kSnappy, kGzip, kLzo, kBrotli, kLz4, kZstd, kLz4Raw };

enum class PageType : std::int64_t { kNone = -1, kData, kIndex, kDictionary, kDataV2 };

}  // namespace causal_sessions::parquet
