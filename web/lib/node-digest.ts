/** SHA-256 in Node. */
import { createHash } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { Hasher } from './digest.js';
import type { Digest } from './types.js';

export function nodeHasher(): Hasher {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
}

/** Of a file, beside whatever else is running; by its path, or by a descriptor that can be read anywhere. */
export function digestOfFile(file: string | number): Promise<Digest> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./hash-worker.js', import.meta.url), { workerData: { file } });
    worker.unref(); // a run that was stopped does not wait for it
    worker.once('message', resolve).once('error', reject);
    worker.once('exit', () => reject(new Error(`${file} could not be hashed`)));
  });
}
