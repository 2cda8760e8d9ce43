/** causal-sessions in Node: the same names, and paths. */
import createEngine from '../engine/engine-threads.mjs';
import { useNodeEngine } from './node/engine.js';

export type { NodeSource, PathSource } from './node/paths.js';
export { inspect, prepare } from './node/prepare.js';
export { guessRoles } from './run/inspect.js';
export { writeDataset, writeReport, type WriteOptions, type WrittenFile } from './node/write.js';
export { listFormats, readFormats } from './run/formats.js';
export { planKeys, readPlan } from './run/plan.js';
export { simulate, simulatePieces, simulateTruth } from './run/simulate.js';
export * from './types/index.js';

useNodeEngine(createEngine, new URL('../engine/engine-threads.mjs', import.meta.url));
