/** causal-sessions on this thread. In a page, `causal-sessions/worker` has the same names and keeps the page free. */
export { listFormats } from './run/formats.js';
export { guessRoles, inspect } from './run/inspect.js';
export { planKeys, readPlan } from './run/plan.js';
export { prepare } from './run/prepare.js';
export { simulate, simulateTruth } from './run/simulate.js';
export * from './types/index.js';
