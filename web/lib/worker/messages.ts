/** What page and worker say to each other. Every request has an id; its reply, progress and pieces carry the same. */
import type { Modules } from '../engine/engine.js';
import type { Facts, Hooks, Port } from '../run/dataset.js';
import type {
  EventTypeRole,
  Inspection,
  PartialPlan,
  Plan,
  PlanKey,
  Progress,
  SimulateOptions,
  Source,
  TableFormatInfo,
  Truth,
  Where,
} from '../types/index.js';

/** What a worker is asked to run. */
export interface Order {
  source: Source;
  plan: PartialPlan | undefined;
  manifest: boolean;
  audit: boolean;
  keepEvents: boolean;
  /** The dataset whose events the run may start from. */
  reuse: number | undefined;
  threads: number;
}

/** What the worker does beside its datasets. */
export interface Service {
  /** Holds the lock of this name until the worker ends, however that comes about. */
  live(name: string): Promise<void>;
  /** Loads the engine with all its modules, so that nothing is fetched later. */
  warmUp(): Promise<void>;
  prepare(order: Order, hooks: Hooks): Promise<Facts & { dataset: number }>;
  inspect(source: Source, plan: PartialPlan | undefined, rows: number | undefined): Promise<Inspection>;
  /** Of all paths below a folder: which are taken, in their order, and how many names are passed over. */
  chooseFiles(paths: readonly string[]): Promise<{ taken: Uint32Array; passedOver: number }>;
  guessRoles(types: readonly Omit<EventTypeRole, 'role'>[]): Promise<EventTypeRole[]>;
  listFormats(): Promise<TableFormatInfo[]>;
  planKeys(): Promise<PlanKey[]>;
  readPlan(plan: PartialPlan | undefined): Promise<Plan>;
  simulate(options: SimulateOptions): Promise<Blob>;
  simulateTruth(options: SimulateOptions): Promise<Truth>;
}

type Functions<Face> = { [Kind in keyof Face]: (...args: never[]) => Promise<unknown> };

/** Arguments but for the hooks, which the worker adds: they are messages of their own. */
type Sent<Args extends unknown[]> = Args extends [...infer Before, Hooks] ? Before : Args;

/** The calls of a face as values. */
type Calls<Face extends Functions<Face>> = {
  [Kind in keyof Face]: { kind: Kind; args: Sent<Parameters<Face[Kind]>> };
}[keyof Face];

export type Request = Calls<Service> | ({ dataset: number } & Calls<Port>);
export type Kind = Request['kind'];
export type ArgsOf<K extends Kind> = Extract<Request, { kind: K }>['args'];
export type ReplyTo<K extends Kind> = Awaited<ReturnType<(Service & Port)[K]>>;

/**
 * The engine's code may come first, so that the worker need not fetch it. `stop` is the id of a request that nobody waits for any more.
 */
export type ToWorker = { id: number; request: Request } | { stop: number } | { modules: Modules };

export type FromWorker =
  | { id: number; reply: unknown }
  | { id: number; error: { code?: string; message: string; where?: Where } }
  | { id: number; progress: Progress }
  | { id: number; piece: Uint8Array };
