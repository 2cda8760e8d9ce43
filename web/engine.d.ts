/**
 * Emscripten's output, which the wasm build puts into engine/. Beside engine.mjs are its typings, engine.d.mts, and then
 * lib/engine/engine.ts is checked against them; without an engine, anything goes.
 */
declare module '*/engine.mjs' {
  // biome-ignore lint/suspicious/noExplicitAny: what is not there yet has no type.
  const createEngine: (options?: object) => Promise<any>;
  export default createEngine;
}

/** The same of the one with threads, and of the command's. */
declare module '*/engine-threads.mjs' {
  // biome-ignore lint/suspicious/noExplicitAny: what is not there yet has no type.
  const createEngine: (options?: object) => Promise<any>;
  export default createEngine;
}

declare module '*/command-engine.mjs' {
  // biome-ignore lint/suspicious/noExplicitAny: what is not there yet has no type.
  const createEngine: (options?: object) => Promise<any>;
  export default createEngine;
}

/** lib/engine/codecs.ts says what is inside. */
declare module '*/codecs.mjs' {
  const createCodecs: (options?: object) => Promise<unknown>;
  export default createCodecs;
}
