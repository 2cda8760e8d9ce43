/** causal-sessions in Node: the same names, and paths. */
export type { NodeSource, PathSource } from './node/paths.js';
export { inspect, prepare } from './node/prepare.js';
export { guessRoles } from './run/inspect.js';
export { writeDataset, writeReport, type WriteOptions, type WrittenFile } from './node/write.js';
export { listFormats, readFormats } from './run/formats.js';
export { planKeys, readPlan } from './run/plan.js';
export { simulate, simulatePieces, simulateTruth } from './run/simulate.js';
export * from './types/index.js';
