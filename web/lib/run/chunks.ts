/** Large text files, which the engine's threads read by themselves; src/ingest/chunks/chunked_reading.h says how. */
import type { EngineRun } from '../engine/bindings.js';
import { check, guarded } from '../engine/engine.js';
import type { StartedThreads } from '../engine/threads.js';
import { EventDataError } from '../types/index.js';
import * as WORDS from '../words.js';
import { isAnywhere, type OpenFile } from './source.js';

/**
 * Sizes in bytes: of the least input that is worth several threads, and of a chunk. After so many milliseconds others have their turn,
 * so that progress shows and a signal is heard. Tests have smaller ones.
 */
export const chunkSizes = { least: 16 << 20, chunk: 2 << 20, milliseconds: 80 };

export function isLarge(file: OpenFile): boolean {
  return isAnywhere(file) && file.size! >= chunkSizes.least && !file.once;
}

export function threadsOf(asked: number | undefined, cores: number | undefined): number {
  if (asked === undefined) return Math.min(Math.max(cores ?? 1, 1), 8);
  if (Number.isInteger(asked) && asked >= 1 && asked <= 256) return asked;
  throw new EventDataError('badCall', WORDS.threads(String(asked)));
}

/**
 * Reads on from where the run stands, up to the end of the file or to what the threads cannot read. False, and nothing is done, where
 * the file cannot be read so from there. `stepped` may throw.
 */
export async function readInChunks(
  run: EngineRun,
  file: OpenFile,
  threads: StartedThreads,
  stepped: () => Promise<void>,
): Promise<boolean> {
  if (threads.count === 0 || file.shared === undefined || !isLarge(file)) return false;
  const { shared } = file;
  const number = shared instanceof Blob ? threads.blobs!.numberOf(shared) : shared;
  if (!guarded(() => run.beginChunks(number, file.size!, chunkSizes.chunk))) return false;
  // A text is read in its order; groups of rows are not, and then the run is at the end of the file.
  if (shared instanceof Blob && run.position() < file.size!) threads.blobs!.stream(number, run.position());
  try {
    for (let more = true; more; ) {
      const answer = guarded(() => run.readChunks(chunkSizes.milliseconds));
      check(answer.failure);
      more = answer.more;
      await stepped();
    }
  } finally {
    threads.blobs?.stop();
  }
  return true;
}
