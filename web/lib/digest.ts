/** SHA-256 of pieces: by the engine here, by Node's own in Node; the digests are the same. */
import { guarded, type Engine } from './engine.js';
import type { Digest } from './source.js';

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
        const window = guarded(() => hasher.window(piece.length));
        engine.HEAPU8.set(piece, window);
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

export async function digestOf(pieces: AsyncIterable<Uint8Array>, hasher: Hasher): Promise<Digest> {
  let bytes = 0;
  for await (const piece of pieces) {
    hasher.update(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: hasher.hex() };
}
