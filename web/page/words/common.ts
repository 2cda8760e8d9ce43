/** What several panels say: the engine's names in words, and what stands where there is no result yet. */
import type { Finding, Plan } from '../../lib/types/index.js';
import { counted } from '../format.js';

/** Why a row of the input cannot be used. */
export const REASONS: Readonly<Record<string, string>> = {
  missingUser: 'No user',
  missingTime: 'No time',
  missingType: 'No event type',
  badTime: 'Unreadable time',
  unknownType: 'Unknown event type',
  wrongCellCount: 'Wrong number of cells',
  nestedValue: 'Object or list instead of a value',
  badValue: 'Unusable value',
  otherHeader: 'Repeated header',
};

/** Why a possible training row is dropped, after its number. */
export const FILTERS: Readonly<Record<string, string>> = {
  shortSession: 'dropped: too few events in the session',
  sessionOver: 'dropped: session over before time zero',
  noMatch: 'dropped: no match at the same point of a session',
  priorTreatment: 'dropped: treated before time zero',
  otherTreatment: 'dropped: another treatment, or none to compare with, came first',
  priorOutcome: 'dropped: outcome before time zero',
  washout: 'dropped: user treated shortly before (washout)',
  nextExposure: 'dropped: next exposure before time zero',
  thinned: 'dropped by a draw: the wait for a treatment ended early',
  eventBeforeTimeZero: 'dropped: outcome or treatment between exposure and time zero',
  outcomeBeforeTreatment: 'dropped: outcome before the treatment',
  outcomeInWindow: 'dropped: outcome inside the window',
  shortX: 'dropped: too few events before time zero',
  censored: 'dropped: incomplete follow-up',
};

export const USES_THE_FUTURE = ' (this rule uses the future)';

/** Each step of the ledger has all repairs before it too. */
export const STEPS: Readonly<Record<string, string>> = {
  notebook: 'Original notebook',
  duplicates: 'Exact duplicates removed',
  ties: 'Equal times ordered by event type',
  gap: 'Session gap of half an hour',
  timeZero: 'One time zero for all',
  minimumLength: 'Minimum events of X only',
  padding: 'No fake padding',
  keepLast: 'Most recent events kept',
};

export const SEVERITIES: Readonly<Record<Finding['severity'], string>> = { error: 'Error', warning: 'Warning', note: 'Note' };

/** "3 errors, 4 warnings and 3 notes"; empty where there are none. */
export function tally(numbers: Readonly<Record<Finding['severity'], number>>): string {
  return listed(
    (Object.keys(SEVERITIES) as Finding['severity'][])
      .filter((severity) => numbers[severity] > 0)
      .map((severity) => counted(numbers[severity], severity)),
  );
}

/** "a", "a and b", "a, b and c". */
export function listed(parts: readonly string[]): string {
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

/** Before a word in quotes: an “impression”, a “click”. */
export function quoted(word: string): string {
  return `${/^[aeiou]/i.test(word) ? 'an' : 'a'} “${word}”`;
}

/** What a panel says while there is no result. */
export function whyNoResult({ run }: { run: { kind: string } }, what: string): string {
  switch (run.kind) {
    case 'running':
      return `${what} when the run is done.`;
    case 'failed':
      return 'No result yet. See the error under Run.';
    case 'cancelled':
      return 'No result yet. The run was cancelled.';
    default:
      return `${what} after a run.`;
  }
}

export const ROWS = { one: 'training row', many: 'training rows' } as const;

/** Groups and sets, as all panels call them. */
export const GROUPS = { treated: 'treated', control: 'untreated' } as const;
/** What the group with T = 0 is called: untreated, or by the event type of the treatment that it has instead. */
export const controlOf = ({ treatment }: Pick<Plan, 'treatment'>) =>
  treatment.comparator === null ? GROUPS.control : `“${treatment.comparator}”`;
/** Words about the groups, which hold nothing of the data, with that name in place of “untreated”. */
export const named = (words: string, control: string) =>
  words.replace(/untreated/gi, (word) => (control === GROUPS.control ? word : control));
export const PARTS = { train: 'Train', validation: 'Validation', test: 'Test' } as const;
export const ALL = 'All';
export const BLANK = '(blank)';

/** The sections, in the order of the page. */
export const SECTIONS = {
  data: ['Data', 'Each row is one event: user, time, event type and, optionally, item.'],
  sessions: ['Sessions', 'A session is a run of a user’s events with no long pause.'],
  design: ['Study design', 'Who is treated, compared on which outcome, from which moment.'],
  split: ['Train, validation and test', 'Which rows a model trains on, and which rows test it.'],
  run: ['Run', ''],
  result: ['Result', 'What was made, how the groups compare, and what affects a causal interpretation.'],
  look: ['Inspect sessions', 'One training row at a time, with all events of its session.'],
  files: ['Files', 'Same input and settings, identical files.'],
} as const;

/** Help, version and license. */
export const ABOUT = {
  docs: 'Documentation',
  newTab: ' (opens in a new tab)',
  noDocs: 'The single-file version comes without the documentation.',
  version: (version: string) => `Version ${version}`,
  license: 'MIT license',
} as const;

/** Of the widget in a notebook, where the result does leave the browser. */
export const NOTEBOOK = {
  private: "The result goes to this notebook's kernel.",
  device: ' Files are read in this browser, and nothing else leaves it. ',
} as const;

export const PAGE = {
  nav: 'Sections',
  problem: 'has a problem',
  files: (files: number) => counted(files, 'file'),
  skip: 'Skip to the content',
  promise:
    'Turn an event log into training data for causal models: for each session, the history before the treatment (X), ' +
    'whether the treatment happened (T) and the outcome that followed (Y).',
  private: 'Nothing is uploaded.',
  device: ' Your data stays in this browser. ',
  update: 'There is a new version. ',
  reload: 'Reload',
  noRequests: 'No network requests',
  request: 'network request',
  sinceLoading: (remark: string) => ` since loading. ${remark}`,
  offline: 'Works offline.',
  oneFile: 'Single-file version; network access is blocked.',
  engineFailed: (reason: string) =>
    `The engine could not start: ${reason} Reload the page; a current browser with WebAssembly SIMD is needed.`,
  notJson: 'The attribute "plan" is not JSON; the plan stays as it was.',
  unnamed: 'events',
  notConnected: 'The element works while it is in a document; append it first.',
} as const;
