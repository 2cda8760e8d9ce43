/**
 * The threads of an engine over shared memory. Each is a worker that has to be ready before the engine takes it: none starts
 * while the engine blocks this thread.
 */
import type { Engine, EngineThreads, ThreadWorker } from './bindings.js';
import { SharedBlobs, type SharedFiles } from './shared-blobs.js';

/** Starts the worker of a thread, which runs the engine's own glue. */
export type StartThread = () => ThreadWorker;

let startThread: StartThread | undefined;

export function useThreads(start: StartThread): void {
  startThread = start;
}

/** Where a browser leaves the memory's maximum to whoever asks, some refuse the largest. */
const MOST_PAGES = 65536;
const LEAST_PAGES = MOST_PAGES / 8;
const FIRST_PAGES = 512;

/** Not WebKit's, where threads crash on memory that grows (emscripten-core/emscripten#25905). The service worker has this text too. */
export const growsShared = (userAgent: string): boolean => /AppleWebKit/.test(userAgent) === /Chrom(e|ium)/.test(userAgent);

/** Whether the engine's memory may be shared here, which needs an isolated page. */
export function sharesMemory(): boolean {
  const { crossOriginIsolated } = globalThis as { crossOriginIsolated?: boolean };
  return crossOriginIsolated === true && growsShared(navigator.userAgent) && sharedMemory(LEAST_PAGES) !== undefined;
}

/** As much as the host allows; nothing where it allows none. */
export function sharedMemory(most = MOST_PAGES): WebAssembly.Memory | undefined {
  for (let maximum = most; maximum >= LEAST_PAGES; maximum /= 2) {
    try {
      return new WebAssembly.Memory({ initial: FIRST_PAGES, maximum, shared: true });
    } catch {
      // half of it, then
    }
  }
  return undefined;
}

/** Those that were started for a run, beside the thread that calls the engine. */
export interface StartedThreads {
  count: number;
  /** Files that they were given. */
  blobs: SharedBlobs | undefined;
  /** Once the run is over, or given up. */
  end(): Promise<void>;
}

const NONE: StartedThreads = { count: 0, blobs: undefined, end: async () => undefined };

/** Where this thread reads files from, as the others do. */
const scope = globalThis as { sharedFiles?: SharedFiles };

/** Of a ring, for each thread: what it may be ahead, and a chunk more. */
const RING_BYTES = 8 << 20;

/** Runs under way, by the engine: its workers end with the last of them. */
const users = new WeakMap<EngineThreads, number>();

/** As many as start; an engine without shared memory has none. */
export async function startThreads(engine: Engine, count: number, files: readonly Blob[]): Promise<StartedThreads> {
  const threads = engine.PThread;
  if (!threads || !startThread || count < 1) return NONE;
  users.set(threads, (users.get(threads) ?? 0) + 1);
  const blobs = files.length > 0 ? new SharedBlobs(files, (count + 2) * RING_BYTES) : undefined;
  const shared = blobs?.files ?? {};
  const share = (worker: { postMessage(message: unknown): void }) => worker.postMessage({ sharedFiles: shared });
  scope.sharedFiles = { ...scope.sharedFiles, ...shared };
  for (const worker of threads.unusedWorkers) share(worker);
  const starting = Array.from({ length: Math.max(0, count - threads.unusedWorkers.length) }, () => startOne(threads));
  await blobs?.start();
  for (const worker of await Promise.all(starting)) if (worker) share(worker);
  return {
    count: Math.min(count, threads.unusedWorkers.length),
    blobs,
    async end() {
      const left = users.get(threads)! - 1;
      users.set(threads, left);
      blobs?.end();
      for (const number of Object.keys(shared)) delete scope.sharedFiles?.[Number(number)];
      if (left > 0) return;
      await endThreads(engine);
    },
  };
}

/** Null where it cannot start: a policy forbids it, or there is no memory for one more. */
async function startOne(threads: EngineThreads): Promise<ThreadWorker | null> {
  let worker: ThreadWorker;
  try {
    worker = startThread!();
  } catch {
    return null;
  }
  const loaded = threads.loadWasmModuleToWorker(worker).then(() => true);
  const failed = new Promise<boolean>((resolve) => {
    worker.onerror = (event: Partial<Event>) => {
      event.preventDefault?.(); // in Node it is an error
      resolve(false);
    };
  });
  if (!(await Promise.race([loaded, failed]))) {
    worker.terminate();
    return null;
  }
  worker.unref?.();
  threads.unusedWorkers.push(worker);
  return worker;
}

/** Those that are being ended. */
const ending = new WeakMap<EngineThreads, Promise<unknown>>();

/** Ends all workers of an engine, also those that are at work: what they work on is given up with them. */
export async function endThreads({ PThread: threads }: Engine): Promise<void> {
  if (!threads) return;
  const workers = [...threads.unusedWorkers.splice(0), ...threads.runningWorkers.splice(0)];
  const ended = Promise.all([ending.get(threads), ...workers.map((worker) => worker.terminate())]);
  ending.set(threads, ended);
  await ended;
}
