/** What page and worker say to each other. Every request has an id; its reply, progress and pieces carry the same. */
import type { Modules } from './engine.js';
import type { Dataset, Digest, HashedFile, Inspection, OutputFile, PartialPlan, PartName, Plan, Progress, SessionList, SessionQuery, SessionView, SimulateOptions, Source, SplitColumns, TableFormat, TableFormatInfo, Truth, Where } from './types/index.js';

export type Request =
  | { kind: 'prepare'; source: Source; plan: PartialPlan | undefined; manifest: boolean; audit: boolean; keepEvents: boolean; reuse: number | undefined; helpers: MessagePort[] }
  | { kind: 'inspect'; source: Source; plan: PartialPlan | undefined; rows: number | undefined }
  | { kind: 'listFormats' }
  | { kind: 'readPlan'; plan: PartialPlan | undefined }
  | { kind: 'simulate'; options: SimulateOptions }
  | { kind: 'simulateTruth'; options: SimulateOptions }
  | { kind: 'split'; dataset: number; part: PartName }
  | { kind: 'listSessions'; dataset: number; query: SessionQuery }
  | { kind: 'lookAt'; dataset: number; row: number }
  | { kind: 'files'; dataset: number; formats: (TableFormat | 'audit')[] | undefined }
  | { kind: 'write'; dataset: number; path: string }
  | { kind: 'digest'; dataset: number; path: string }
  | { kind: 'manifest'; dataset: number; files: readonly (OutputFile | HashedFile)[] }
  | { kind: 'dispose'; dataset: number }
  | { kind: 'warmUp' };

export interface Replies {
  prepare: { dataset: number } & Pick<Dataset, 'report' | 'vocabulary' | 'audit' | 'keepsEvents' | 'reusedEvents'>;
  inspect: Inspection;
  listFormats: TableFormatInfo[];
  readPlan: Plan;
  simulate: Blob;
  simulateTruth: Truth;
  split: SplitColumns;
  listSessions: SessionList;
  lookAt: SessionView;
  files: OutputFile[];
  write: undefined;
  digest: Digest;
  manifest: Uint8Array;
  dispose: undefined;
  warmUp: undefined;
}

/** The engine's code may come first, so that the worker need not fetch it. `serve`: parts are to be read for another worker. `stop` is the id of a request that nobody waits for any more. */
export type ToWorker = { id: number; request: Request } | { stop: number } | { modules: Modules } | { serve: MessagePort };

export type FromWorker =
  | { id: number; reply: Replies[keyof Replies] }
  | { id: number; error: { code?: string; message: string; where?: Where } }
  | { id: number; progress: Progress }
  | { id: number; piece: Uint8Array };
