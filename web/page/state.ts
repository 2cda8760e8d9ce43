/** What the page knows, and the only place that says so. Panels read it; app.ts changes it. */
import type { Dataset, Digest, Inspection, OutputFile, PartialPlan, Plan, Progress, TableFormat, TableFormatInfo } from '../lib/types.js';

/** A refusal or failure as the page shows it. */
export interface Problem {
  message: string;
  code?: string;
  /** A plan key where the plan is to blame, else the file's column. */
  column?: string;
  row?: number;
}

export interface InputFile {
  file: File;
  /** From the file's first bytes; null until they have been looked at. */
  inspection: Inspection | null;
}

export type Run =
  | { kind: 'idle' }
  | { kind: 'running'; startedAt: number; progress: Progress | null }
  | { kind: 'cancelled' }
  | { kind: 'failed'; problem: Problem }
  | { kind: 'done'; dataset: Dataset; seconds: number; changes: PartialPlan; files: readonly InputFile[] };

/** One file of the result. Its bytes are made when it is saved, and not kept; its digest before, where that is quick. */
export interface Output {
  file: OutputFile;
  state: { kind: 'waiting' } | { kind: 'measuring' } | { kind: 'ready'; digest: Digest } | { kind: 'failed'; problem: Problem };
}

/** Files on their way to the disk, and how that ended. */
export type Saving =
  | { kind: 'idle' }
  | { kind: 'running'; text: string; figures: string; share: number }
  | { kind: 'done'; text: string }
  | { kind: 'cancelled' }
  | { kind: 'failed'; problem: Problem };

export interface State {
  engine: 'loading' | 'ready' | Problem;
  files: readonly InputFile[];
  /** The files are the page's own simulated stream. */
  example: boolean;
  /** While the example is simulated, or files were refused before anything was read. */
  dataNotice: { kind: 'busy' | 'problem'; text: string } | null;
  defaults: Plan | null;
  /** What differs from the defaults. */
  changes: PartialPlan;
  /** The complete plan, as of the last changes that the engine accepted. */
  plan: Plan | null;
  planProblem: Problem | null;
  /** Changes to go back to, the latest last. */
  past: readonly PartialPlan[];
  run: Run;
  /** The formats that there are, as the engine lists them. */
  tableFormats: readonly TableFormatInfo[];
  /** Those wanted, in the engine's order. */
  formats: readonly TableFormat[];
  outputs: readonly Output[];
  /** Size of manifest.json; null until it has been made. */
  manifestBytes: number | null;
  saving: Saving;
}

export const initialState: State = {
  engine: 'loading',
  files: [],
  example: false,
  dataNotice: null,
  defaults: null,
  changes: {},
  plan: null,
  planProblem: null,
  past: [],
  run: { kind: 'idle' },
  tableFormats: [],
  formats: ['parquet', 'pickle'],
  outputs: [],
  manifestBytes: null,
  saving: { kind: 'idle' },
};

/** The result was made from other files or settings than those now chosen. */
export function isStale({ run, changes, files }: State): boolean {
  return run.kind === 'done' && (run.files !== files || JSON.stringify(run.changes) !== JSON.stringify(changes));
}

/** Why a run cannot start, as a sentence; null if it can. */
export function obstacle(state: State): string | null {
  if (state.engine !== 'ready') return state.engine === 'loading' ? 'The engine is still loading.' : state.engine.message;
  if (state.dataNotice?.kind === 'busy') return state.dataNotice.text;
  if (state.saving.kind === 'running') return 'Files are being saved.';
  if (state.files.length === 0) return 'Choose a file or try the example first.';
  if (state.planProblem) return 'Correct the setting that is marked first.';
  const refused = state.files.find(({ inspection }) => inspection?.problem);
  if (refused) return `Solve the problem with ${refused.file.name} above first.`;
  return null;
}

/** The setting to blame: for what was typed, else for what a run refused, as long as nothing has changed since. */
export function blame({ planProblem, run }: State): Problem | null {
  if (planProblem) return planProblem;
  return run.kind === 'failed' && run.problem.code === 'badPlan' ? run.problem : null;
}
