#include "formats/codec_stream.h"

#include <cstdlib>
#include <new>

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

namespace {

constexpr int kGzipOrZlib = 15 + 32;  // window bits; the wrapper is told from the first bytes
constexpr int kNoWrapper = -15;
constexpr int kMostZstdWindowLog = 27;  // 128 MB, what zstd itself allows unless told otherwise

constexpr size_t kMostFrameHeader = 18;
constexpr size_t kBlockHeaderSize = 3;
constexpr size_t kChecksumSize = 4;

// What of a frame of zstd comes next. Source: RFC 8878, 3.1.1 and 3.1.2.
enum class FramePart { kHeader, kBlockHeader, kBlock, kChecksum, kSkipped };

// A frame of zstd that comes in pieces.
struct Frame {
  FramePart part = FramePart::kHeader;
  size_t left = kMostFrameHeader;  // bytes of the part that are still to come, at most
  uint8_t header[kMostFrameHeader] = {};
  size_t header_size = 0;
  uint8_t block_header[kBlockHeaderSize] = {};
  uint64_t given = 0;
  bool unflushed = false;
};

struct Stream {
  int library = 0;
  z_stream zlib{};
  ZSTD_DCtx* zstd = nullptr;
  Frame frame;
  BrotliDecoderState* brotli = nullptr;
};

bool start(Stream& stream) {
  switch (stream.library) {
    case kCodecLibraryGzip: return inflateInit2(&stream.zlib, kGzipOrZlib) == Z_OK;
    case kCodecLibraryDeflate: return inflateInit2(&stream.zlib, kNoWrapper) == Z_OK;
    case kCodecLibraryZstd:
    case kCodecLibraryZstdPieces:
      stream.frame = {};
      stream.zstd = ZSTD_createDCtx();
      return stream.zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(stream.zstd, ZSTD_d_windowLogMax, kMostZstdWindowLog));
    case kCodecLibraryBrotli:
      stream.brotli = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
      return stream.brotli != nullptr;
    default: return false;
  }
}

void stop(Stream& stream) {
  if (stream.library == kCodecLibraryGzip || stream.library == kCodecLibraryDeflate) inflateEnd(&stream.zlib);
  ZSTD_freeDCtx(stream.zstd);
  stream.zstd = nullptr;
  if (stream.brotli) BrotliDecoderDestroyInstance(stream.brotli);
  stream.brotli = nullptr;
}

int step_gzip(z_stream& zlib, const uint8_t* input, size_t input_size, uint8_t* room, size_t room_size, CodecProgress& progress) {
  zlib.next_in = const_cast<uint8_t*>(input);  // not written to
  zlib.avail_in = static_cast<uInt>(input_size);
  zlib.next_out = room;
  zlib.avail_out = static_cast<uInt>(room_size);
  const int code = inflate(&zlib, Z_NO_FLUSH);
  progress.taken = static_cast<uint32_t>(input_size - zlib.avail_in);
  progress.given = static_cast<uint32_t>(room_size - zlib.avail_out);
  switch (code) {
    case Z_OK:
    case Z_BUF_ERROR: return kCodecMore;
    case Z_STREAM_END: return kCodecEnd;
    case Z_NEED_DICT: return kCodecDictionary;
    case Z_MEM_ERROR: return kCodecNoMemory;
    default: return kCodecDamaged;
  }
}

int zstd_problem(size_t code) {
  switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_frameParameter_windowTooLarge: return kCodecWideWindow;
    case ZSTD_error_dictionary_wrong: return kCodecDictionary;
    case ZSTD_error_memory_allocation: return kCodecNoMemory;
    default: return kCodecDamaged;
  }
}

int step_zstd(ZSTD_DCtx* zstd, const uint8_t* input, size_t input_size, uint8_t* room, size_t room_size,
              CodecProgress& progress) {
  ZSTD_inBuffer from{input, input_size, 0};
  ZSTD_outBuffer to{room, room_size, 0};
  const size_t code = ZSTD_decompressStream(zstd, &to, &from);
  progress.taken = static_cast<uint32_t>(from.pos);
  progress.given = static_cast<uint32_t>(to.pos);
  if (code == 0) return kCodecEnd;
  return ZSTD_isError(code) ? zstd_problem(code) : kCodecMore;
}

// How many of the next bytes zstd is shown: those of the header one by one, so that it never sees a whole frame at once;
// then no more than one part, so that whatever it gives comes before the call that fails.
size_t next_piece(const Frame& frame) {
  if (frame.unflushed) return 0;
  return frame.part == FramePart::kHeader && frame.left > 0 ? 1 : frame.left;
}

void begin(Frame& frame, FramePart part, size_t size) {
  frame.part = part;
  frame.left = size;
}

bool is_last(const Frame& frame) { return (frame.block_header[0] & 1) != 0; }

void end_block(Frame& frame) {
  if (is_last(frame)) return begin(frame, FramePart::kChecksum, kChecksumSize);
  begin(frame, FramePart::kBlockHeader, kBlockHeaderSize);
}

// zstd does not look at the size again where the last block is empty.
bool has_stated_size(const Frame& frame) {
  const unsigned long long size = ZSTD_getFrameContentSize(frame.header, frame.header_size);
  return size == ZSTD_CONTENTSIZE_UNKNOWN || size == frame.given;
}

// Of a block that is not compressed, zstd gives what has come of it before it sees that the frame has no room for the rest,
// or that the last one leaves it short.
bool misses_stated_size(const Frame& frame, uint64_t block) {
  const unsigned long long size = ZSTD_getFrameContentSize(frame.header, frame.header_size);
  if (size == ZSTD_CONTENTSIZE_UNKNOWN) return false;
  return block > size || frame.given > size - block || (is_last(frame) && frame.given + block != size);
}

// Follows bytes that zstd has taken, none of them beyond the part it was shown. False for a block that the frame's size does
// not fit.
bool follow(Frame& frame, const uint8_t* bytes, size_t size) {
  frame.left -= size;
  switch (frame.part) {
    case FramePart::kHeader:
      for (size_t i = 0; i < size; ++i) frame.header[frame.header_size++] = bytes[i];
      // An error is what zstd says of a header that has not come whole.
      if (ZSTD_getFrameContentSize(frame.header, frame.header_size) == ZSTD_CONTENTSIZE_ERROR) return true;
      if ((frame.header[0] & 0xF0) == 0x50) begin(frame, FramePart::kSkipped, SIZE_MAX);
      else begin(frame, FramePart::kBlockHeader, kBlockHeaderSize);
      return true;
    case FramePart::kBlockHeader: {
      for (size_t i = 0; i < size; ++i) frame.block_header[kBlockHeaderSize - frame.left - size + i] = bytes[i];
      if (frame.left > 0) return true;
      const uint8_t* header = frame.block_header;
      const int type = header[0] >> 1 & 3;
      const uint32_t block = (header[0] | header[1] << 8 | header[2] << 16) >> 3;
      if (type == 0 && misses_stated_size(frame, block)) return false;
      begin(frame, FramePart::kBlock, type == 1 ? 1 : block);  // a repeated byte stands once
      if (frame.left == 0) end_block(frame);
      return true;
    }
    case FramePart::kBlock:
      if (frame.left == 0) end_block(frame);
      return true;
    default: return true;
  }
}

int step_zstd_pieces(ZSTD_DCtx* zstd, Frame& frame, const uint8_t* input, size_t input_size, uint8_t* room, size_t room_size,
                     CodecProgress& progress) {
  size_t taken = 0, given = 0;
  int result = kCodecMore;
  while (result == kCodecMore && given < room_size && (taken < input_size || frame.unflushed)) {
    const size_t wanted = next_piece(frame), left = input_size - taken;
    ZSTD_inBuffer from{input + taken, wanted < left ? wanted : left, 0};
    ZSTD_outBuffer to{room + given, room_size - given, 0};
    const size_t code = ZSTD_decompressStream(zstd, &to, &from);
    if (ZSTD_isError(code)) {
      result = zstd_problem(code);
      break;
    }
    if (!follow(frame, input + taken, from.pos)) result = kCodecDamaged;
    taken += from.pos;
    given += to.pos;
    frame.given += to.pos;
    frame.unflushed = to.pos == to.size;
    if (code == 0) result = has_stated_size(frame) ? kCodecEnd : kCodecDamaged;
  }
  progress.taken = static_cast<uint32_t>(taken);
  progress.given = static_cast<uint32_t>(given);
  return result;
}

int step_brotli(BrotliDecoderState* brotli, const uint8_t* input, size_t input_size, uint8_t* room, size_t room_size,
                CodecProgress& progress) {
  size_t left = input_size, free = room_size;
  const BrotliDecoderResult code = BrotliDecoderDecompressStream(brotli, &left, &input, &free, &room, nullptr);
  progress.taken = static_cast<uint32_t>(input_size - left);
  progress.given = static_cast<uint32_t>(room_size - free);
  if (code == BROTLI_DECODER_RESULT_SUCCESS) return kCodecEnd;
  if (code != BROTLI_DECODER_RESULT_ERROR) return kCodecMore;
  return BrotliDecoderGetErrorCode(brotli) <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES ? kCodecNoMemory : kCodecDamaged;
}

}  // namespace

void* codec_open(int library) {
  Stream* stream = new (std::nothrow) Stream;
  if (!stream) return nullptr;
  stream->library = library;
  if (start(*stream)) return stream;
  codec_close(stream);
  return nullptr;
}

int codec_step(void* stream, const uint8_t* input, size_t input_size, uint8_t* room, size_t room_size, CodecProgress* progress) {
  Stream& of = *static_cast<Stream*>(stream);
  *progress = {0, 0};
  switch (of.library) {
    case kCodecLibraryGzip:
    case kCodecLibraryDeflate: return step_gzip(of.zlib, input, input_size, room, room_size, *progress);
    case kCodecLibraryZstdPieces: return step_zstd_pieces(of.zstd, of.frame, input, input_size, room, room_size, *progress);
    case kCodecLibraryZstd: return step_zstd(of.zstd, input, input_size, room, room_size, *progress);
    default: return step_brotli(of.brotli, input, input_size, room, room_size, *progress);
  }
}

void codec_reset(void* stream) {
  Stream& of = *static_cast<Stream*>(stream);
  if (of.library == kCodecLibraryGzip) {
    inflateReset2(&of.zlib, kGzipOrZlib);
  } else if (of.zstd != nullptr) {
    of.frame = {};
    ZSTD_DCtx_reset(of.zstd, ZSTD_reset_session_only);
  } else {
    stop(of);
    start(of);
  }
}

void codec_close(void* stream) {
  if (!stream) return;
  stop(*static_cast<Stream*>(stream));
  delete static_cast<Stream*>(stream);
}
