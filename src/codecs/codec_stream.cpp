#include "codecs/codec_stream.h"

#include <cstdlib>
#include <new>

#include <brotli/decode.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

namespace {

constexpr int kGzipOrZlib = 15 + 32;   // window bits; the wrapper is told from the first bytes
constexpr int kMostZstdWindowLog = 27;  // 128 MB, what zstd itself allows unless told otherwise

struct Stream {
  int library = 0;
  z_stream zlib{};
  ZSTD_DCtx* zstd = nullptr;
  BrotliDecoderState* brotli = nullptr;
};

bool start(Stream& stream) {
  switch (stream.library) {
    case kCodecLibraryGzip:
      return inflateInit2(&stream.zlib, kGzipOrZlib) == Z_OK;
    case kCodecLibraryZstd:
      stream.zstd = ZSTD_createDCtx();
      return stream.zstd && !ZSTD_isError(ZSTD_DCtx_setParameter(stream.zstd, ZSTD_d_windowLogMax, kMostZstdWindowLog));
    case kCodecLibraryBrotli:
      stream.brotli = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
      return stream.brotli != nullptr;
    default:
      return false;
  }
}

void stop(Stream& stream) {
  if (stream.library == kCodecLibraryGzip) inflateEnd(&stream.zlib);
  ZSTD_freeDCtx(stream.zstd);
  stream.zstd = nullptr;
  if (stream.brotli) BrotliDecoderDestroyInstance(stream.brotli);
  stream.brotli = nullptr;
}

int step_gzip(z_stream& zlib, const uint8_t* input, size_t input_size, uint8_t* room, size_t room_size,
              CodecProgress& progress) {
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

int step_zstd(ZSTD_DCtx* zstd, const uint8_t* input, size_t input_size, uint8_t* room, size_t room_size,
              CodecProgress& progress) {
  ZSTD_inBuffer from{input, input_size, 0};
  ZSTD_outBuffer to{room, room_size, 0};
  const size_t code = ZSTD_decompressStream(zstd, &to, &from);
  progress.taken = static_cast<uint32_t>(from.pos);
  progress.given = static_cast<uint32_t>(to.pos);
  if (code == 0) return kCodecEnd;
  if (!ZSTD_isError(code)) return kCodecMore;
  switch (ZSTD_getErrorCode(code)) {
    case ZSTD_error_frameParameter_windowTooLarge: return kCodecWideWindow;
    case ZSTD_error_dictionary_wrong: return kCodecDictionary;
    case ZSTD_error_memory_allocation: return kCodecNoMemory;
    default: return kCodecDamaged;
  }
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

int codec_step(void* stream, const uint8_t* input, size_t input_size, uint8_t* room, size_t room_size,
               CodecProgress* progress) {
  Stream& of = *static_cast<Stream*>(stream);
  *progress = {0, 0};
  switch (of.library) {
    case kCodecLibraryGzip: return step_gzip(of.zlib, input, input_size, room, room_size, *progress);
    case kCodecLibraryZstd: return step_zstd(of.zstd, input, input_size, room, room_size, *progress);
    default: return step_brotli(of.brotli, input, input_size, room, room_size, *progress);
  }
}

void codec_reset(void* stream) {
  Stream& of = *static_cast<Stream*>(stream);
  if (of.library == kCodecLibraryGzip) {
    inflateReset2(&of.zlib, kGzipOrZlib);
  } else if (of.library == kCodecLibraryZstd) {
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
