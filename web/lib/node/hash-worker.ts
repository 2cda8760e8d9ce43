/** Hashes files, one after the other, on a thread of its own, so that a run does not wait for them. */
import { closeSync, openSync, readSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { Digest } from '../types/index.js';
import type { FromHashWorker, HashableFile } from './digest.js';

const room = new Uint8Array(1 << 20);

function digestOf(file: HashableFile): Digest {
  const hash = createHash('sha256');
  const descriptor = typeof file === 'string' ? openSync(file, 'r') : file;
  let bytes = 0;
  try {
    for (let size; (size = readSync(descriptor, room, 0, room.length, bytes)) > 0; bytes += size) {
      hash.update(room.subarray(0, size));
    }
  } finally {
    if (typeof file === 'string') closeSync(descriptor);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** A file is told with those before it, once there is enough to tell or it took long. */
const MOST_AT_ONCE = 256;
const LARGE = 1 << 20;

let replies: FromHashWorker = [];
for (const [i, file] of (workerData as HashableFile[]).entries()) {
  try {
    replies.push(digestOf(file));
  } catch (error) {
    replies.push({ error });
  }
  const reply = replies.at(-1)!;
  const large = 'bytes' in reply && reply.bytes >= LARGE;
  if (!large && replies.length < MOST_AT_ONCE && i + 1 < (workerData as HashableFile[]).length) continue;
  parentPort!.postMessage(replies);
  replies = [];
}
