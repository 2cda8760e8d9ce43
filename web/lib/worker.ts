/** causal-sessions in a worker: the same names as on this thread, and the page stays free. */
import type {
  Dataset,
  EventTypeRole,
  Inspection,
  PartialPlan,
  Plan,
  PlanKey,
  PrepareOptions,
  SimulateOptions,
  Source,
  TableFormatInfo,
  Truth,
} from './types/index.js';
import { RemoteEngine } from './worker/remote.js';

export * from './types/index.js';

export const startWorker = (): Worker =>
  new Worker(new URL('./worker/main.js', import.meta.url), { type: 'module', name: 'causal-sessions' });

/** The one behind the functions below; its worker starts with the first call. */
const engine = new RemoteEngine(startWorker);

export function prepare(source: Source, plan?: PartialPlan, options?: PrepareOptions): Promise<Dataset> {
  return engine.prepare(source, plan, options);
}

export function inspect(source: Source, plan?: PartialPlan, rows?: number): Promise<Inspection> {
  return engine.inspect(source, plan, rows);
}

export function guessRoles(types: readonly Omit<EventTypeRole, 'role'>[]): Promise<EventTypeRole[]> {
  return engine.guessRoles(types);
}

export function listFormats(): Promise<TableFormatInfo[]> {
  return engine.listFormats();
}

export function planKeys(): Promise<PlanKey[]> {
  return engine.planKeys();
}

export function readPlan(plan?: PartialPlan): Promise<Plan> {
  return engine.readPlan(plan);
}

export function simulate(options?: SimulateOptions): Promise<Blob> {
  return engine.simulate(options);
}

export function simulateTruth(options?: SimulateOptions): Promise<Truth> {
  return engine.simulateTruth(options);
}

/** Starts the worker and loads the engine with all its modules, so that nothing is fetched later. */
export function warmUp(): Promise<void> {
  return engine.warmUp();
}
