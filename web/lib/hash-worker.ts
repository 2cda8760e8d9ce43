/** Hashes one file on a thread of its own, so that a run does not wait for it. */
import { closeSync, openSync, readSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';

const { path } = workerData as { path: string };
const hash = createHash('sha256');
const room = new Uint8Array(1 << 20);
const descriptor = openSync(path, 'r');
let bytes = 0;
for (let size; (size = readSync(descriptor, room, 0, room.length, null)) > 0; bytes += size) hash.update(room.subarray(0, size));
closeSync(descriptor);
parentPort!.postMessage({ bytes, sha256: hash.digest('hex') });
