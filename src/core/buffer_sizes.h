// Buffer sizes: so many bytes, rows or texts the readers look at, ask for or hand on at a time.
//
// Each has its usual value and a small one. The small ones hold for the whole build where CAUSAL_SESSIONS_SMALL_BUFFERS
// is defined, as it is for the fuzz targets: there an input of some hundred bytes is cut at every place where a file of
// gigabytes is. Limits, such as the longest record, are no buffers: they decide what is refused, and stay where they are.
#pragma once

#include <cstddef>

namespace causal_sessions::buffer_sizes {

constexpr std::size_t pick([[maybe_unused]] std::size_t usual, [[maybe_unused]] std::size_t small) {
#ifdef CAUSAL_SESSIONS_SMALL_BUFFERS
  return small;
#else
  return usual;
#endif
}

// What is looked at before it is decided how to read a file; in one build the same for all of its readers.
constexpr std::size_t kSampleBytes = pick(64 << 10, 160);        // for format, separator, header and keys
constexpr std::size_t kSampleRecords = pick(1000, 8);            // for the same, at most
constexpr std::size_t kPreviewBytes = pick(256 << 10, 320);      // by a preview
constexpr std::size_t kMostPreviewBytes = pick(64 << 20, 1280);  // by a preview that needs more
constexpr std::size_t kTriedRows = pick(64 << 10, 40);           // by a preview of a columnar file

// Text.
constexpr std::size_t kUnpackedPiece = pick(256 << 10, 100);  // bytes unpacked of a compressed file before they are read
constexpr std::size_t kStretchBlocks = pick(64, 1);           // SIMD blocks of CSV searched at once
constexpr std::size_t kBatchRows = pick(512, 4);              // from a text reader to the event builder
constexpr std::size_t kCellBlock = pick(64 << 10, 48);        // bytes of a column of a JSON object, kept in one block
constexpr std::size_t kChunkTail = pick(64 << 10, 64);        // bytes shown behind a chunk of a file
constexpr std::size_t kChunkPiece = pick(1 << 20, 48);        // bytes of a chunk that are read at once

constexpr std::size_t kFileEnd = pick(64 << 10, 72);  // bytes of a file with an index, asked for first

// Parquet.
constexpr std::size_t kParquetPiece = pick(1 << 20, 64);        // bytes of a column asked for at once
constexpr std::size_t kParquetBatchRows = pick(4096, 16);       // to the event builder, or of a preview
constexpr std::size_t kParquetStep = pick(512, 5);              // values decoded at once
constexpr std::size_t kParquetTextBlock = pick(256 << 10, 32);  // bytes of texts kept in one block

// Arrow.
constexpr std::size_t kArrowPiece = pick(1 << 20, 64);       // bytes of a block asked for at once
constexpr std::size_t kArrowLeastSkip = pick(64 << 10, 64);  // fewer bytes are read rather than left out
constexpr std::size_t kArrowBatchRows = pick(4096, 16);      // to the event builder, or of a preview

// Columns of events and their texts.
constexpr std::size_t kColumnBlock = pick(64 << 10, 16);  // values of a column kept in one block
constexpr std::size_t kPoolSlots = pick(1024, 4);         // of an empty string pool; a power of two
constexpr std::size_t kPoolBatch = pick(64, 4);           // texts looked up in a string pool at once
constexpr std::size_t kChunkTextBatch = pick(512, 4);     // texts of a chunk handed to a string pool at once

}  // namespace causal_sessions::buffer_sizes
