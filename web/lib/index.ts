/** causal-sessions on this thread. In a page, `causal-sessions/worker` has the same names and keeps the page free. */
export { inspect, listFormats, prepare, readPlan, simulate, simulateTruth } from './prepare.js';
export * from './types/index.js';
