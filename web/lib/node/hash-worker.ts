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

for (const file of workerData as HashableFile[]) {
  let reply: FromHashWorker;
  try {
    reply = digestOf(file);
  } catch (error) {
    reply = { error };
  }
  parentPort!.postMessage(reply);
}
