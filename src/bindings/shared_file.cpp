#include "bindings/shared_file.h"

#ifdef __EMSCRIPTEN_PTHREADS__

#include <emscripten/em_js.h>

// clang-format off
EM_JS(int, shared_file_read, (double file, double offset, char* room, int size), {
  try {
    const at = room >>> 0;
    if (ENVIRONMENT_IS_NODE) {
      return process.getBuiltinModule("fs").readSync(file, HEAPU8.subarray(at, at + size), 0, size, offset);
    }
    const { blob, ring, state } = globalThis.sharedFiles[file];
    const end = Math.min(offset + size, blob.size);
    for (let come; Atomics.load(state, 0) === BigInt(file);) {
      const wanted = Number(Atomics.load(state, 2));
      if (offset < wanted || end > wanted + ring.length) break;
      come = Atomics.load(state, 1);
      if (come < end) {
        Atomics.wait(state, 1, come, 1000);
        continue;
      }
      const place = offset % ring.length;
      const first = ring.subarray(place, Math.min(place + end - offset, ring.length));
      HEAPU8.set(first, at);
      HEAPU8.set(ring.subarray(0, end - offset - first.length), at + first.length);
      return end - offset;
    }
    const bytes = new Uint8Array(new FileReaderSync().readAsArrayBuffer(blob.slice(offset, end)));
    HEAPU8.set(bytes, at);
    return bytes.length;
  } catch (error) {
    return -1;
  }
});
EM_JS(void, shared_file_taken, (double file, double offset), {
  const { state } = globalThis.sharedFiles?.[file] ?? {};
  if (!state || Atomics.load(state, 0) !== BigInt(file)) return;
  Atomics.store(state, 2, BigInt(offset));
  Atomics.notify(state, 2);
});
// clang-format on

namespace causal_sessions {

void tell_taken(double file, double offset) { shared_file_taken(file, offset); }

int read_shared_file(double file, double offset, char* room, int size) { return shared_file_read(file, offset, room, size); }

}  // namespace causal_sessions

#endif
