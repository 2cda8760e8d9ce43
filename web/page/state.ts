/** What the page knows, and the only place that says so. Panels read it; the models change it. */
import type {
  AuditReport,
  Dataset,
  Digest,
  EffectEstimate,
  EventTypeRole,
  Finding,
  Inspection,
  OutputFile,
  PartialPlan,
  Plan,
  PlanKey,
  Progress,
  SessionList,
  SessionQuery,
  SessionView,
  TableFormat,
  TableFormatInfo,
} from '../lib/types/index.js';
import { OBSTACLES } from './words/run.js';

/** What “Try example data” simulates. */
export const EXAMPLE = { events: 20_000, seed: 1, name: 'example.csv' };

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
  /** Its own, or from the folder on that was given. */
  name: string;
  /** From the file's first bytes; null until they have been looked at. */
  inspection: Inspection | null;
}

export type Run =
  | { kind: 'idle' }
  /** `before`: the result that stays in sight until the next one takes its place. */
  | { kind: 'running'; startedAt: number; progress: Progress | null; before: Done | null }
  | { kind: 'cancelled' }
  | { kind: 'failed'; problem: Problem }
  | Done;

export interface Done {
  kind: 'done';
  dataset: Dataset;
  seconds: number;
  changes: PartialPlan;
  files: readonly InputFile[];
}

/** A result in a few figures. */
export interface Summary {
  rows: number;
  treatmentRate: number | null;
  outcomeRate: number | null;
  difference: number | null;
  interval: readonly [number, number] | null;
  /** Null where nothing was audited. */
  findings: Readonly<Record<Finding['severity'], number>> | null;
}

/** A result that later ones are compared with. */
export interface Pinned {
  summary: Summary;
  plan: Plan;
}

/** A repair that was made: what it was for, and the result before it. */
export interface Fixed {
  /** The findings' titles, or what was done. */
  what: readonly string[];
  /** Key and value of the repair, as findings have it. */
  repair: string;
  before: Summary;
  /** Null until the run is over. */
  after: Summary | null;
}

/** What a repair would make of the result: tried out in the background, by the repair's key and value. */
export type Preview = Summary | 'waiting' | Problem;
export type Previews = ReadonlyMap<string, Preview>;

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

/** Which rows of the table are asked for. */
export type Query = Pick<SessionQuery, 'part' | 'treatment' | 'outcome' | 'text' | 'finding' | 'sort' | 'descending'>;

/** The rows that answer a query, a page of them, and the session that is open. */
export interface Look {
  query: Query;
  offset: number;
  list: SessionList | null;
  view: SessionView | null;
  /** A sentence, where something could not be looked at. */
  problem: string | null;
  /** The title of the finding that rows are listed by. */
  finding: string | null;
}

/** The keys of the plan by their paths. */
export type PlanKeys = ReadonlyMap<string, PlanKey>;

export interface State {
  engine: 'loading' | 'ready' | Problem;
  files: readonly InputFile[];
  /** Those of the files' first rows, and the roles that they may have. */
  eventTypes: readonly EventTypeRole[];
  /** The files are the page's own simulated stream. */
  example: boolean;
  /** While the example is simulated or a folder listed, or files were refused before anything was read; what was passed over. */
  dataNotice: { kind: 'busy' | 'problem' | 'hint'; text: string } | null;
  /** As the engine lists them; none until it is loaded. */
  keys: PlanKeys;
  defaults: Plan | null;
  /** What differs from the defaults. */
  changes: PartialPlan;
  /** The complete plan, as of the last changes that the engine accepted. */
  plan: Plan | null;
  planProblem: Problem | null;
  /** Changes to go back to, the latest last. */
  past: readonly PartialPlan[];
  /** Changes that were undone, the latest undone last. */
  future: readonly PartialPlan[];
  /** Where settings came from that nobody typed here, or why they were refused. */
  planNotice: { kind: 'hint' | 'problem'; text: string } | null;
  run: Run;
  /** The first result of files that were chosen here has not been gone to yet. */
  unseen: boolean;
  pinned: Pinned | null;
  fixed: Fixed | null;
  /** The result's adjusted effect; null where nothing was audited. */
  estimate: EffectEstimate | 'waiting' | Problem | null;
  previews: Previews;
  /** The sessions of the result, one by one; null without a result. */
  look: Look | null;
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
  eventTypes: [],
  example: false,
  dataNotice: null,
  keys: new Map(),
  defaults: null,
  changes: {},
  plan: null,
  planProblem: null,
  past: [],
  future: [],
  planNotice: null,
  run: { kind: 'idle' },
  unseen: false,
  pinned: null,
  fixed: null,
  estimate: null,
  previews: new Map(),
  look: null,
  tableFormats: [],
  formats: ['parquet', 'pickle'],
  outputs: [],
  manifestBytes: null,
  saving: { kind: 'idle' },
};

/** The result in sight: also the one before a run that is under way. */
export function shownResult({ run }: Pick<State, 'run'>): Done | null {
  return run.kind === 'done' ? run : run.kind === 'running' ? run.before : null;
}

/** The evidence of the result in sight; null without a result, or without an audit. */
export function auditOf(state: Pick<State, 'run'>): AuditReport | null {
  return shownResult(state)?.dataset.audit ?? null;
}

/** The result was made from other files or settings than those now chosen. */
export function isStale({ run, changes, files }: State): boolean {
  return run.kind === 'done' && (run.files !== files || JSON.stringify(run.changes) !== JSON.stringify(changes));
}

/** How a run ended is of no interest any more, unless it ended well. */
export function withoutRefusal({ run }: State): Partial<State> {
  return run.kind === 'done' || run.kind === 'running' ? {} : { run: { kind: 'idle' } };
}

/** Why a run cannot start, as a sentence; null if it can. */
export function obstacle(state: State): string | null {
  if (state.engine !== 'ready') return state.engine === 'loading' ? OBSTACLES.loading : state.engine.message;
  if (state.dataNotice?.kind === 'busy') return state.dataNotice.text;
  if (state.saving.kind === 'running') return OBSTACLES.saving;
  if (state.files.length === 0) return OBSTACLES.noFiles;
  if (state.planProblem) return OBSTACLES.setting;
  return null;
}

/** The setting to blame: for what was typed, else for what a run refused, as long as nothing has changed since. */
export function blame({ planProblem, run }: State): Problem | null {
  if (planProblem) return planProblem;
  return run.kind === 'failed' && run.problem.code === 'badPlan' ? run.problem : null;
}

/** How many rows a refusal of rows is about; among them those of unknown event types, and all others. */
export interface BadRows {
  rows: number;
  unknown: number;
  others: number;
  /** To leave most of a file out mends nothing: it is read in a wrong way. */
  canLeaveOut(rows: number): boolean;
}

/** As the engine's sentence counts them. */
export function badRowsOf({ code, message }: Pick<Problem, 'code' | 'message'>): BadRows | null {
  const found = code === 'badRows' ? /(\d+) rows? of (\d+) cannot be used: (.*)$/s.exec(message) : null;
  if (!found) return null;
  const [rows, of] = [Number(found[1]), Number(found[2])];
  const reasons = found[3]!.replace(/"[^"]*"/g, '');
  const unknown = Number(/(\d+) with an unknown event type/.exec(reasons)?.[1] ?? 0);
  return { rows, unknown, others: rows - unknown, canLeaveOut: (some) => 2 * some <= of };
}

/** Files that are no larger, together, are run as soon as they can be. */
export const RUN_UNASKED_BYTES = 50_000_000;

/** Runs that take no longer are made again by themselves when settings change. */
export const LIVE_SECONDS = 1;

export function bytesOf({ files }: Pick<State, 'files'>): number {
  return files.reduce((sum, { file }) => sum + file.size, 0);
}

/**
 * Whether the first run need not be asked for: it is over before anybody has found the button. `asked`: whether one that was asked
 * for, be it the first or not, need not wait any more.
 */
export function runsUnasked(state: State, asked = false): boolean {
  const { files, run, plan } = state;
  if (run.kind === 'running' || plan === null || obstacle(state) !== null) return false;
  if (!asked && (run.kind !== 'idle' || bytesOf(state) > RUN_UNASKED_BYTES)) return false;
  if (run.kind === 'done' && !isStale(state)) return false;
  const looked = files.every(({ inspection }) => inspection !== null && !inspection.problem);
  return looked && !waitsForRoles(state) && !waitsForRows(state);
}

/** Whether a run would be refused for rows that have been seen: how they are to be read is asked before. */
export function waitsForRows({ files }: Pick<State, 'files'>): boolean {
  return files.some(({ inspection }) => inspection?.note && badRowsOf(noted(inspection.note)));
}

/** What a run would say of the rows that were looked at, as the problem that it then is. */
export function noted(note: string): Problem {
  return { code: 'badRows', message: note };
}

/** Event types of the rows that were looked at that a run would refuse. */
export function unknownTypes({ plan, eventTypes }: Pick<State, 'eventTypes' | 'plan'>): string[] {
  if (plan?.events.unknown !== 'error') return [];
  return eventTypes.map(({ type }) => type).filter((name) => !plan.events.types.includes(name));
}

/** What stands in the way of reading a file and is not asked about already: guesses for all columns that are missing are. */
export function problemOf({ inspection }: Pick<InputFile, 'inspection'>): Inspection['problem'] {
  const { problem = null, columns, guesses } = inspection ?? {};
  const asked = (['user', 'time', 'type'] as const).every((role) => columns?.[role] || guesses?.[role]);
  return problem?.code === 'missingColumn' && guesses && asked ? null : problem;
}

/** Whether a file cannot be read as it is, and a preset is offered that reads it: its columns and types are others then. */
export function waitsForPreset({ files }: Pick<State, 'files'>): boolean {
  return files.some((file) => file.inspection?.preset && problemOf(file));
}

/** Columns that are guessed, where the engine is sure of none, as settings. */
export function proposedColumns({ files }: Pick<State, 'files'>): (readonly [string, string | number])[] {
  const guessed = files.find(({ inspection }) => inspection?.settings?.columns)?.inspection?.settings?.columns;
  return Object.entries(guessed ?? {}).map(([role, column]) => [`columns.${role}`, column as string | number]);
}

/**
 * Whether what the event types are is to be asked: the plan has others, the column is only guessed, or all types are taken, as by a
 * preset, and the file lacks the treatment or the outcome, which nobody has said.
 */
export function waitsForRoles(state: Pick<State, 'files' | 'plan' | 'eventTypes' | 'changes'>): boolean {
  const { eventTypes, plan, changes } = state;
  if (eventTypes.length === 0) return false;
  const said =
    changes.treatment?.type !== undefined || changes.outcome?.type !== undefined || changes.events?.types !== undefined;
  const known = [plan?.treatment.type, plan?.outcome.type].every((role) => eventTypes.some(({ type }) => type === role));
  const open = plan?.events.unknown === 'add' && !known && !said;
  return open || unknownTypes(state).length > 0 || proposedColumns(state).length > 0;
}
