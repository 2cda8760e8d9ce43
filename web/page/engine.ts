/** Where the page's engine comes from: the worker's code is in the page's own, the wasm is compiled here, once. */
import EngineWorker from '../lib/worker-main.ts?worker&inline';

export { fetchModules as loadModules } from '../lib/modules.js';

/** A worker started from a Blob is under the page's policy, so it can reach no other place either. */
export const startWorker = (): Worker => new EngineWorker({ name: 'causal-sessions' });
