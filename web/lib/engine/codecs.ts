/**
 * gzip, zstd and brotli for the engine: a module of their own, loaded when the first file needs one of them.
 *
 * The engine calls synchronously, so the module is there before such a file is read. Bytes are copied between the two
 * memories, a piece a call.
 */
import createCodecs from '../../engine/codecs.mjs';
import type { CodecBridge, Engine } from './bindings.js';
import { bytesAt, instantiation, oncePerEngine } from './engine.js';

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

const INPUT_BYTES = 128 << 10;
const ROOM_BYTES = 1 << 20;

/** Gives the engine its codecs. */
export const loadCodecs = oncePerEngine(async (engine) => {
  engine.codecs = bridge(engine, (await createCodecs(instantiation('codecs'))) as CodecModule);
});

function bridge(engine: Engine, codecs: CodecModule): CodecBridge {
  const inputAt = codecs._malloc(INPUT_BYTES) >>> 0;
  const roomAt = codecs._malloc(ROOM_BYTES) >>> 0;
  const progressAt = codecs._malloc(8) >>> 0;
  return {
    open: (library) => codecs._codec_open(library),
    step(stream, input, inputSize, room, roomSize, progress) {
      const offered = Math.min(inputSize, INPUT_BYTES);
      codecs.HEAPU8.set(bytesAt(engine, input, offered), inputAt);
      const code = codecs._codec_step(stream, inputAt, offered, roomAt, Math.min(roomSize, ROOM_BYTES), progressAt);
      const [taken, given] = new Uint32Array(codecs.HEAPU8.buffer, progressAt, 2) as unknown as [number, number];
      bytesAt(engine, room, given).set(codecs.HEAPU8.subarray(roomAt, roomAt + given));
      new Uint32Array(engine.wasmMemory.buffer, progress, 2).set([taken, given]);
      return code;
    },
    reset: (stream) => codecs._codec_reset(stream),
    close: (stream) => codecs._codec_close(stream),
  };
}
