// TextDecoder for the engine, and for the tests as WebAssembly. Both hosts of JavaScript have it, in a worker too.
#include "formats/host_decoder.h"

#include <emscripten/em_js.h>

// clang-format off
EM_JS(size_t, text_decoder_decode, (int encoding, const char* bytes, size_t size, char* room, size_t roomSize), {
  const names = ['gb18030', 'shift_jis', 'iso-8859-15', 'windows-1250', 'windows-1251', 'koi8-r', 'iso-8859-2', 'macintosh'];
  try {
    const text = new TextDecoder(names[encoding]).decode(HEAPU8.slice(bytes >>> 0, (bytes >>> 0) + size));
    return new TextEncoder().encodeInto(text, HEAPU8.subarray(room >>> 0, (room >>> 0) + roomSize)).written;
  } catch {
    return 0;  // Node without all of its languages
  }
});
// clang-format on

size_t host_decode(int encoding, const char* bytes, size_t size, char* room, size_t room_size) {
  return text_decoder_decode(encoding, bytes, size, room, room_size);
}
