/**
 * gzip, zstd and brotli for the engine: a module of their own, loaded when the first file needs one of them.
 *
 * The engine calls synchronously, so the module is there before such a file is read. Bytes are copied between the two
 * memories, a piece a call.
 */
import createCodecs from '../engine/codecs.mjs';
import { instantiation, type Engine } from './engine.js';

/** What the codecs' module exports; src/formats/codec_stream.h says what the functions do. */
interface CodecModule {
  HEAPU8: Uint8Array;
  _codec_open(library: number): number;
  _codec_step(stream: number, input: number, inputSize: number, room: number, roomSize: number, progress: number): number;
  _codec_reset(stream: number): void;
  _codec_close(stream: number): void;
  _malloc(size: number): number;
  _free(address: number): void;
}

/** What the engine calls; addresses are the engine's. */
export interface CodecBridge {
  open(library: number): number;
  step(stream: number, input: number, inputSize: number, room: number, roomSize: number, progress: number): number;
  reset(stream: number): void;
  close(stream: number): void;
}

const INPUT_BYTES = 128 << 10;
const ROOM_BYTES = 1 << 20;

const loading = new WeakMap<Engine, Promise<void>>();

/** Gives the engine its codecs. Quick when it has them. */
export function loadCodecs(engine: Engine): Promise<void> {
  let promise = loading.get(engine);
  if (!promise) {
    promise = load(engine);
    promise.catch(() => loading.delete(engine));
    loading.set(engine, promise);
  }
  return promise;
}

async function load(engine: Engine): Promise<void> {
  engine.codecs = bridge(engine, (await createCodecs(instantiation('codecs'))) as CodecModule);
}

function bridge(engine: Engine, codecs: CodecModule): CodecBridge {
  const inputAt = codecs._malloc(INPUT_BYTES) >>> 0;
  const roomAt = codecs._malloc(ROOM_BYTES) >>> 0;
  const progressAt = codecs._malloc(8) >>> 0;
  return {
    open: (library) => codecs._codec_open(library),
    step(stream, input, inputSize, room, roomSize, progress) {
      const offered = Math.min(inputSize, INPUT_BYTES);
      codecs.HEAPU8.set(engine.HEAPU8.subarray(input, input + offered), inputAt);
      const code = codecs._codec_step(stream, inputAt, offered, roomAt, Math.min(roomSize, ROOM_BYTES), progressAt);
      const [taken, given] = new Uint32Array(codecs.HEAPU8.buffer, progressAt, 2) as unknown as [number, number];
      engine.HEAPU8.set(codecs.HEAPU8.subarray(roomAt, roomAt + given), room);
      new Uint32Array(engine.HEAPU8.buffer, progress, 2).set([taken, given]);
      return code;
    },
    reset: (stream) => codecs._codec_reset(stream),
    close: (stream) => codecs._codec_close(stream),
  };
}
