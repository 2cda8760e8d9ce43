/** The element as the package has it: the worker and the wasm are files beside it, which bundlers find and plain servers serve. */
import { fetchAllModules, fetchModules } from '../../lib/engine/modules.js';
import { startWorker } from '../../lib/worker.js';
import { defineElement } from './element.js';

export { CausalSessionsElement } from './element.js';

defineElement({ startWorker, loadModules: fetchModules, loadAllModules: fetchAllModules });
