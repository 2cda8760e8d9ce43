/** Where the page's engine comes from: the wasm is fetched from beside it, once. */
export { fetchAllModules as loadAllModules, fetchModules as loadModules } from '../../lib/engine/modules.js';
export { startWorker } from './inline-worker.js';
