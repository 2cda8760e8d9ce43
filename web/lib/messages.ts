/** What page and worker say to each other. Every request has an id; its reply, progress and pieces carry the same. */
import type { Modules } from './engine.js';
import type { Inspection, OutputFile, PartialPlan, PartName, Plan, Progress, Report, SimulateOptions, Source, SplitColumns, TableFormat, Vocabulary, Where } from './types.js';

export type Request =
  | { kind: 'prepare'; source: Source; plan: PartialPlan | undefined }
  | { kind: 'inspect'; source: Source; plan: PartialPlan | undefined; rows: number | undefined }
  | { kind: 'readPlan'; plan: PartialPlan | undefined }
  | { kind: 'simulate'; options: SimulateOptions }
  | { kind: 'split'; dataset: number; part: PartName }
  | { kind: 'files'; dataset: number; formats: TableFormat[] | undefined }
  | { kind: 'write'; dataset: number; path: string }
  | { kind: 'dispose'; dataset: number }
  | { kind: 'warmUp' };

export interface Replies {
  prepare: { dataset: number; report: Report; vocabulary: Vocabulary };
  inspect: Inspection;
  readPlan: Plan;
  simulate: Blob;
  split: SplitColumns;
  files: OutputFile[];
  write: undefined;
  dispose: undefined;
  warmUp: undefined;
}

/** The engine's code may come first, so that the worker need not fetch it. */
export type ToWorker = { id: number; request: Request } | { modules: Modules };

export type FromWorker =
  | { id: number; reply: Replies[keyof Replies] }
  | { id: number; error: { code?: string; message: string; where?: Where } }
  | { id: number; progress: Progress }
  | { id: number; piece: Uint8Array };
