/** Bytes of files into the engine's memory. */
import type { Engine, Range } from '../engine/bindings.js';
import { loadCodecs } from '../engine/codecs.js';
import { guarded, roomFor } from '../engine/engine.js';
import type { OpenFile } from './source.js';

/** Whether a file that begins so needs the codecs. */
export function needsCodecs(engine: Engine, piece: Uint8Array): boolean {
  const start = piece.slice(0, 16);
  return guarded(() => engine.needsCodecs(start));
}

/** Loads them if it does. */
export async function prepareCodecs(engine: Engine, piece: Uint8Array): Promise<void> {
  if (needsCodecs(engine, piece)) await loadCodecs(engine);
}

/** Puts a range of the file into the memory that `target` has for it; returns the bytes that were there. */
export async function fillRange(
  engine: Engine,
  target: { window(size: number): number },
  file: OpenFile,
  { offset, size }: Range,
): Promise<number> {
  if (file.readInto) return file.readInto(roomFor(engine, target, size), offset);
  const bytes = await file.range!(offset, size);
  roomFor(engine, target, size).set(bytes);
  return bytes.length;
}
