/** Helpers in Node: worker threads, which end with the run. */
import { Worker } from 'node:worker_threads';
import type { FromHelper, StartHelpers } from '../run/crew.js';

export const startHelpers: StartHelpers = (count, found) => {
  const workers: Worker[] = [];
  for (let i = 0; i < count; ++i) {
    const worker = new Worker(new URL('./chunk-worker.js', import.meta.url));
    workers.push(worker);
    worker.on('error', () => undefined); // it exits then
    found({
      post: (message, transfer) => worker.postMessage(message, transfer),
      listen(heard) {
        worker.on('message', (message: FromHelper) => heard(message));
        worker.once('exit', () => heard(null));
      },
    });
  }
  return { end: () => Promise.all(workers.map((worker) => worker.terminate())) };
};
