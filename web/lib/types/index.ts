/** Types of the public face, a file a subject. */
export * from './plan.js';
export * from './report.js';
export * from './audit.js';
export * from './output.js';
export * from './look.js';
export * from './dataset.js';
export * from './inspection.js';
export * from './source.js';
export * from './simulate.js';
export * from './error.js';
