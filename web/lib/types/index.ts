/** Types of the public face, a file a subject. Only the last one has code. */
export type * from './plan.js';
export type * from './report.js';
export type * from './audit.js';
export type * from './estimate.js';
export type * from './output.js';
export type * from './look.js';
export type * from './dataset.js';
export type * from './inspection.js';
export type * from './source.js';
export type * from './simulate.js';
export * from './error.js';
