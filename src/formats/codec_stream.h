// Codec streams: zlib, zstd and brotli behind one small C interface, which crosses the border between two wasm modules.
//
// The native command links it; in JavaScript it is a module of its own, codecs.wasm, loaded when a file needs it and
// called through src/bindings/codec_bridge.cpp. Nothing of the libraries shows here.
//
// Needs:   step() again and again with the input not yet taken and fresh room, until kCodecEnd or an error.
// Cost:    a decoder's window: 32 KB (gzip), up to 128 MB (zstd, as the frame says), up to 16 MB (brotli).
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// kCodecLibraryZstdPieces: zstd for what comes in pieces: what it gives, and where it fails, does not depend on how the data are cut.
// zstd itself unpacks a frame in one go where it can, gives nothing before damage then, and checks other things.
// kCodecLibraryDeflate: of gzip's library, without a wrapper.
enum {
  kCodecLibraryGzip = 0,
  kCodecLibraryZstd = 1,
  kCodecLibraryBrotli = 2,
  kCodecLibraryZstdPieces = 3,
  kCodecLibraryDeflate = 4
};

enum {
  kCodecMore = 0,  // more input, or more room, is needed
  kCodecEnd = 1,   // the member or frame is whole; another may follow
  kCodecDamaged = -1,
  kCodecNoMemory = -2,
  kCodecWideWindow = -3,  // zstd: the frame wants more than 128 MB to look back on
  kCodecDictionary = -4,  // the data was compressed with a dictionary of its own
  kCodecMissing = -5,     // the module with the libraries is not loaded
};

// Of gzip and of zstd in pieces also beside a failure: what was given before it.
struct CodecProgress {
  uint32_t taken;  // bytes of the input
  uint32_t given;  // bytes of the room
};

// Null without memory.
void* codec_open(int library);
// Sizes below 4 GB.
int codec_step(void* stream, const uint8_t* input, size_t input_size, uint8_t* room, size_t room_size,
               struct CodecProgress* progress);
// Ready for the next member or frame.
void codec_reset(void* stream);
void codec_close(void* stream);

#ifdef __cplusplus
}
#endif
