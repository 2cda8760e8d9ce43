/** Emscripten's output, which the wasm build puts into engine/. lib/engine.ts says what is inside. */
declare module '*/engine.mjs' {
  const createEngine: (options?: object) => Promise<unknown>;
  export default createEngine;
}

declare module '*/codecs.mjs' {
  const createCodecs: (options?: object) => Promise<unknown>;
  export default createCodecs;
}
