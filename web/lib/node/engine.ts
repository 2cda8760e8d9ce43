/** The engine in Node: over shared memory, so that its threads are worker threads. */
import { Worker } from 'node:worker_threads';
import type { Engine, ThreadWorker } from '../engine/bindings.js';
import { useEngine } from '../engine/engine.js';
import { sharedMemory, useThreads } from '../engine/threads.js';

/** `glue`: the module that `create` is from. */
export function useNodeEngine(create: (options: object) => Promise<Engine>, glue: URL): void {
  useEngine(() => create({ wasmMemory: sharedMemory() }));
  // As the glue starts them itself; and so it knows what it is for.
  useThreads(() => new Worker(glue, { workerData: 'em-pthread', name: 'em-pthread' }) as unknown as ThreadWorker);
}
