/** The worker's code is in the page's own. A worker started from a Blob is under the page's policy, so it reaches nothing else either. */
import EngineWorker from '../../lib/worker/main.ts?worker&inline';

export const startWorker = (): Worker => new EngineWorker({ name: 'causal-sessions' });
