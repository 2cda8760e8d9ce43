/** SHA-256 in Node. */
import { close, open, read } from 'node:fs';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { digestOf, type Hasher } from '../engine/digest.js';
import type { Digest } from '../types/index.js';

/** A file by its path, or by a descriptor that can be read anywhere. */
export type HashableFile = string | number;

/** What the thread in hash-worker.ts says of the next files, in their order: many at once, as a message costs more than a digest. */
export type FromHashWorker = (Digest | { error: unknown })[];

export function nodeHasher(): Hasher {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
}

/** On this thread, which others may use between two pieces. */
export function digestOfFile(file: HashableFile, onBytes?: (bytes: number) => void): Promise<Digest> {
  return digestOf(piecesOf(file), nodeHasher(), onBytes);
}

/** Each piece is good until the next one is asked for. */
async function* piecesOf(file: HashableFile): AsyncIterable<Uint8Array> {
  const room = new Uint8Array(1 << 20);
  const descriptor = typeof file === 'string' ? await promisify(open)(file, 'r') : file;
  try {
    for (let at = 0; ; ) {
      const { bytesRead } = await promisify(read)(descriptor, room, 0, room.length, at);
      if (bytesRead === 0) return;
      at += bytesRead;
      yield room.subarray(0, bytesRead);
    }
  } finally {
    if (typeof file === 'string') await promisify(close)(descriptor);
  }
}

/** Digests of files that are read beside whatever else is running. */
export interface DigestsBeside {
  /** Of the file at this place among them. */
  digest(place: number): Promise<Digest>;
  /** Nobody asks for what is still to come. */
  end(): void;
}

/** One thread reads all of them, one after the other: a thread costs far more than a small file. */
export function digestsBeside(files: readonly HashableFile[]): DigestsBeside {
  const worker = new Worker(new URL('./hash-worker.js', import.meta.url), {
    workerData: files,
    // What it makes is gone with the next file, and V8 would let tens of megabytes of that lie about.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  });
  const known: FromHashWorker = [];
  let lost: { error: unknown } | undefined;
  const waiting = new Map<number, () => void>();
  const wake = () => {
    for (const [place, go] of waiting) {
      if (!lost && place >= known.length) continue;
      waiting.delete(place);
      go();
    }
  };
  worker.unref(); // a run that was stopped does not wait for it
  worker.on('message', (replies: FromHashWorker) => {
    for (const reply of replies) known.push(reply);
    wake();
  });
  const lose = (error: unknown) => {
    lost ??= { error };
    wake();
  };
  worker.once('error', lose).once('exit', () => lose(new Error('the thread that hashes has ended')));
  return {
    async digest(place) {
      if (place >= known.length && !lost) {
        worker.ref();
        await new Promise<void>((go) => waiting.set(place, go));
      }
      const reply = known[place] ?? lost!;
      if ('error' in reply) throw reply.error;
      return reply;
    },
    end: () => void worker.terminate(),
  };
}
