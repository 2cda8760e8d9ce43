// The codec interface inside the engine: every call goes to the codecs' own module through web/lib/engine/codecs.ts, which
// copies the bytes from one memory to the other. Data that attack a decoder meet a memory with nothing else in it.
#include <emscripten/em_js.h>

#include "formats/codec_stream.h"

// clang-format off
EM_JS(void*, bridge_open, (int library), {
  return Module['codecs'] ? Module['codecs'].open(library) : 0;
});
EM_JS(int, bridge_step, (void* stream, const uint8_t* input, size_t inputSize, uint8_t* room, size_t roomSize,
                         CodecProgress* progress), {
  return Module['codecs'].step(stream, input >>> 0, inputSize >>> 0, room >>> 0, roomSize >>> 0, progress >>> 0);
});
EM_JS(void, bridge_reset, (void* stream), { Module['codecs'].reset(stream); });
EM_JS(void, bridge_close, (void* stream), { Module['codecs'].close(stream); });
// clang-format on

void* codec_open(int library) { return bridge_open(library); }
int codec_step(void* stream, const uint8_t* input, size_t input_size, uint8_t* room, size_t room_size, CodecProgress* progress) {
  return bridge_step(stream, input, input_size, room, room_size, progress);
}
void codec_reset(void* stream) { bridge_reset(stream); }
void codec_close(void* stream) {
  if (stream) bridge_close(stream);
}
