// Numbers and marks of Arrow's IPC formats, for reading and writing.
//
// Source:  Apache Arrow's format/Message.fbs, Schema.fbs and File.fbs; "Arrow Columnar Format" 1.5.
#pragma once

#include <cstdint>
#include <string_view>

namespace causal_sessions::arrow {

// At both ends of a file, filled up to eight bytes at its begin; before the last one stands the footer's size, in four bytes.
constexpr std::string_view kStartMark("ARROW1\0\0", 8), kMark = kStartMark.substr(0, 6);
// Before the length of each message, and before that of none, which ends a stream.
constexpr std::uint32_t kContinuation = 0xFFFFFFFF;

// V4 is the last in which unions and runs have marks of missing values.
enum class Version : std::int16_t { kV1, kV2, kV3, kV4, kV5 };

// What a message is: the union MessageHeader.
enum class Header : std::uint8_t { kNone, kSchema, kDictionaryBatch, kRecordBatch };

// The union Type.
// clang-format off
enum class TypeNumber : std::uint8_t {
  kNone, kNull, kInt, kFloat, kBinary, kUtf8, kBool, kDecimal, kDate, kTime, kTimestamp, kInterval, kList, kStruct,
  kUnion, kFixedSizeBinary, kFixedSizeList, kMap, kDuration, kLargeBinary, kLargeUtf8, kLargeList, kRunEndEncoded,
  kBinaryView, kUtf8View, kListView, kLargeListView
};
// clang-format on

enum class Precision : std::int16_t { kHalf, kSingle, kDouble };
enum class DateUnit : std::int16_t { kDay, kMillisecond };
enum class TimeUnit : std::int16_t { kSecond, kMillisecond, kMicrosecond, kNanosecond };
enum class UnionMode : std::int16_t { kSparse, kDense };
enum class Compression : std::int8_t { kLz4Frame, kZstd };

}  // namespace causal_sessions::arrow
