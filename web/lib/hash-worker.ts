/** Hashes one file on a thread of its own, so that a run does not wait for it. */
import { closeSync, openSync, readSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';

const { file } = workerData as { file: string | number };
const hash = createHash('sha256');
const room = new Uint8Array(1 << 20);
const descriptor = typeof file === 'string' ? openSync(file, 'r') : file;
let bytes = 0;
for (let size; (size = readSync(descriptor, room, 0, room.length, bytes)) > 0; bytes += size) hash.update(room.subarray(0, size));
if (typeof file === 'string') closeSync(descriptor);
parentPort!.postMessage({ bytes, sha256: hash.digest('hex') });
