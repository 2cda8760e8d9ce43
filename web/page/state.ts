/** What the page knows, and the only place that says so. Panels read it; app.ts changes it. */
import type { Dataset, Inspection, OutputFile, PartialPlan, Plan, Progress, TableFormat } from '../lib/types.js';

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

/** One file of the result on its way to the disk. */
export interface Output {
  file: OutputFile;
  state: { kind: 'waiting' } | { kind: 'writing' } | { kind: 'ready'; blob: Blob } | { kind: 'failed'; problem: Problem };
}

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
  formats: readonly TableFormat[];
  outputs: readonly Output[];
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
  formats: ['parquet', 'pickle'],
  outputs: [],
};

/** The result was made from other files or settings than those now chosen. */
export function isStale({ run, changes, files }: State): boolean {
  return run.kind === 'done' && (run.files !== files || JSON.stringify(run.changes) !== JSON.stringify(changes));
}

/** Why a run cannot start, as a sentence; null if it can. */
export function obstacle(state: State): string | null {
  if (state.engine !== 'ready') return state.engine === 'loading' ? 'The engine is still loading.' : state.engine.message;
  if (state.dataNotice?.kind === 'busy') return state.dataNotice.text;
  if (state.files.length === 0) return 'Choose a file or try the example first.';
  if (state.planProblem) return 'Correct the setting that is marked above first.';
  const refused = state.files.find(({ inspection }) => inspection?.problem);
  if (refused) return `Solve the problem with ${refused.file.name} above first.`;
  return null;
}
