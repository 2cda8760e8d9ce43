/** SHA-256 of pieces: by the engine here, by Node's own in Node; the digests are the same. */
import type { Digest } from '../types/index.js';
import type { Engine } from './bindings.js';
import { guarded, roomFor } from './engine.js';

export interface Hasher {
  update(bytes: Uint8Array): void;
  /** The digest, once; the hasher is done with. */
  hex(): string;
}

const MOST_AT_ONCE = 1 << 20;

export function engineHasher(engine: Engine): Hasher {
  const hasher = guarded(() => new engine.Hasher());
  return {
    update(bytes) {
      for (let at = 0; at < bytes.length; at += MOST_AT_ONCE) {
        const piece = bytes.subarray(at, at + MOST_AT_ONCE);
        roomFor(engine, hasher, piece.length).set(piece);
        hasher.update(piece.length);
      }
    },
    hex() {
      const hex = hasher.hex();
      hasher.delete();
      return hex;
    },
  };
}

/** `onBytes` hears of every piece; what it throws ends the work. */
export async function digestOf(
  pieces: AsyncIterable<Uint8Array>,
  hasher: Hasher,
  onBytes?: (bytes: number) => void,
): Promise<Digest> {
  let bytes = 0;
  let sha256: string;
  try {
    for await (const piece of pieces) {
      hasher.update(piece);
      bytes += piece.length;
      onBytes?.(bytes);
    }
  } finally {
    sha256 = hasher.hex(); // frees the hasher, also half-way
  }
  return { bytes, sha256 };
}
