/** The settings as fields, in the groups that the panels show. */
import type { Role } from '../../lib/types/index.js';
import type { Path, Value } from '../model/plan.js';
import type { Problem } from '../state.js';

/** The value of a key in the plan as it is being edited. */
export type Current = (path: Path) => Value | undefined;

export interface FieldSpec {
  path: Path;
  label: string;
  unit?: string;
  /** Says what an empty field means, where that is allowed. */
  help: string;
  kind: 'number' | 'text' | 'list' | 'type' | { choices: readonly (readonly [string, string])[] };
  meaning?: 'treatment' | 'outcome';
  wide?: boolean;
  /** Where the plan has a use for it; always, if absent. */
  when?: (at: Current) => boolean;
}

export interface GroupSpec {
  title: string;
  /** Behind a summary, for settings that few need. */
  folded?: boolean;
  fields: readonly FieldSpec[];
}

const timed = (at: Current) => at('index.kind') !== 'session';
const windowed = (at: Current) => at('index.kind') === 'exposure' || at('index.kind') === 'landmark';
const aligns = (at: Current) => at('index.kind') === 'exposure' && at('index.windowEnds') === 'nextExposure' && at('outcome.from') === 'timeZero';
const matched = (at: Current) => at('index.kind') === 'matched';
/** Where exposures are times zero, are counted, or end a window. */
const exposed = (at: Current) => at('index.kind') === 'exposure' || matched(at) || (windowed(at) && at('index.windowEnds') === 'nextExposure');
const byShares = (at: Current) => at('split.kind') === 'shuffle' || at('split.kind') === 'hash';

export const READING: GroupSpec = {
  title: 'Event types, times and cells',
  folded: true,
  fields: [
    { path: 'events.types', label: 'Known event types', kind: 'list', wide: true, help: 'Separated by commas, in the order of their ids.' },
    {
      path: 'events.unknown',
      label: 'Unknown event types',
      kind: { choices: [['error', 'Stop and say which'], ['drop', 'Leave out and count'], ['add', 'Add as types of their own']] },
      help: 'Types that are not among the known ones.',
    },
    {
      path: 'rows.bad',
      label: 'Rows that cannot be read',
      kind: { choices: [['error', 'Stop and say which'], ['drop', 'Leave out and count']] },
      help: 'A bad time, a missing user, time or type.',
    },
    { path: 'time.zone', label: 'Zone of times without one', kind: 'text', help: 'UTC or an offset: +02:00.' },
    {
      path: 'time.unit',
      label: 'Unit of times as numbers',
      kind: { choices: [['auto', 'Told from their size'], ['s', 'Seconds'], ['ms', 'Milliseconds'], ['us', 'Microseconds'], ['ns', 'Nanoseconds']] },
      help: 'Since 1970; not of times as text.',
    },
    {
      path: 'events.duplicates',
      label: 'Exact duplicates',
      kind: { choices: [['keep', 'Keep'], ['drop', 'Drop and count']] },
      help: 'Equal user, time, type and item.',
    },
    {
      path: 'time.ties',
      label: 'Events at one instant',
      kind: { choices: [['numpy', 'As NumPy sorts'], ['input', 'By row'], ['priority', 'By type']] },
      help: 'Of one user; by type as the known types stand.',
    },
    {
      path: 'input.quote',
      label: 'Quotes in CSV',
      kind: { choices: [['"', 'Double: "'], ["'", "Single: '"], ['null', 'None']] },
      help: 'Around cells that hold separators or line breaks.',
    },
    {
      path: 'input.escape',
      label: 'Escape in CSV',
      kind: { choices: [['null', 'None: "" is a quote'], ['\\', 'Backslash: \\" is a quote']] },
      help: 'How a quote inside quotes is written.',
    },
    { path: 'input.nulls', label: 'Texts for a missing value', kind: 'list', wide: true, help: 'Separated by commas, such as NULL, \\N. An empty cell is missing in any case.' },
  ],
};

export const SESSIONS: GroupSpec = {
  title: 'What is a session',
  fields: [
    { path: 'session.gapHours', label: 'Gap between sessions', unit: 'hours', kind: 'number', help: 'A longer silence ends one.' },
    { path: 'session.minEvents', label: 'Shortest session', unit: 'events', kind: 'number', help: 'Shorter ones are dropped.' },
    {
      path: 'session.minEventsOf',
      label: 'What must be so long',
      kind: { choices: [['session', 'The session'], ['x', 'X alone']] },
      help: 'The session’s length tells of what came later.',
    },
    { path: 'session.maxHours', label: 'Longest session', unit: 'hours', kind: 'number', help: 'A longer one is cut in two; empty: no limit.' },
  ],
};

export const DESIGN: GroupSpec = {
  title: 'Treatment, outcome and time zero',
  fields: [
    {
      path: 'profile',
      label: 'Profile',
      kind: { choices: [['notebook', 'Notebook'], ['causal', 'Causal']] },
      help: 'Where the settings start: as the notebook, to the byte, or with every repair.',
    },
    {
      path: 'index.kind',
      label: 'Time zero, where X ends',
      kind: { choices: [['session', 'No time zero'], ['exposure', 'At each exposure'], ['landmark', 'After some minutes'], ['matched', 'Matched to the treated']] },
      help: 'The same for both arms, or no effect can be read off.',
    },
    { path: 'treatment.type', label: 'Treatment, T', kind: 'type', meaning: 'treatment', help: 'Ends X too, where there is no time zero.' },
    { path: 'outcome.type', label: 'Outcome, Y', kind: 'type', meaning: 'outcome', help: 'Anywhere in the session, or in the follow-up.' },
    { path: 'index.type', label: 'Exposure', kind: 'type', help: 'What the treatment may follow.', when: exposed },
    { path: 'index.minutes', label: 'Time zero after', unit: 'minutes', kind: 'number', help: 'From the session’s first event.', when: (at) => at('index.kind') === 'landmark' },
    { path: 'index.windowMinutes', label: 'Treatment window', unit: 'minutes', kind: 'number', help: 'A treatment in it after time zero makes T 1.', when: windowed },
    {
      path: 'index.windowEnds',
      label: 'The window ends',
      kind: { choices: [['window', 'After its minutes'], ['nextExposure', 'At the next exposure']] },
      help: 'At the user’s next exposure, if that comes first; a treatment then belongs to one row.',
      when: windowed,
    },
    {
      path: 'index.gracePeriod',
      label: 'Outcome before the treatment',
      kind: { choices: [['exclude', 'Leaves the row out'], ['align', 'Time zero moves']] },
      help: 'Time zero moves to the treatment, and by like delays in other rows; to leave rows out selects in one arm.',
      when: aligns,
    },
    { path: 'index.horizonHours', label: 'Follow-up', unit: 'hours', kind: 'number', help: 'An outcome in it makes Y 1.', when: timed },
    { path: 'index.washoutHours', label: 'Washout', unit: 'hours', kind: 'number', help: 'The user must not have been treated in it before time zero; 0: not asked.', when: timed },
    {
      path: 'index.sameItem',
      label: 'Treatment of',
      kind: { choices: [['false', 'Any item'], ['true', 'The exposed item']] },
      help: 'What counts as treated.',
      when: (at) => at('index.kind') === 'exposure',
    },
    { path: 'index.controls', label: 'Controls', unit: 'a treated row', kind: 'number', help: 'Sessions not yet treated at the same point, drawn for it.', when: matched },
    {
      path: 'index.seed',
      label: 'Seed of the draw',
      kind: 'number',
      help: 'Of controls, or of the delays that move time zero.',
      when: (at) => matched(at) || (aligns(at) && at('index.gracePeriod') === 'align'),
    },
    {
      path: 'outcome.from',
      label: 'Follow-up begins',
      kind: { choices: [['timeZero', 'At time zero'], ['windowEnd', 'When the window ends']] },
      help: 'At the window’s end, rows with an earlier outcome are left out.',
      when: windowed,
    },
    {
      path: 'outcome.prior',
      label: 'An earlier outcome',
      kind: { choices: [['count', 'Counts as Y'], ['ignore', 'Does not count'], ['exclude', 'Leaves the row out']] },
      help: 'Before the treatment or time zero.',
    },
    {
      path: 'outcome.censored',
      label: 'Follow-up cut by the data’s end',
      kind: { choices: [['keep', 'Keep and flag'], ['drop', 'Leave out and count']] },
      help: 'Nobody saw the rest of it.',
      when: timed,
    },
    { path: 'data.end', label: 'The data end', kind: 'text', help: 'Until when events were observed, as 2025-09-12; empty: told from their times.', when: timed },
  ],
};

export const SEQUENCES: GroupSpec = {
  title: 'Sequences and vocabulary',
  folded: true,
  fields: [
    { path: 'sequence.maxEvents', label: 'Longest sequence', unit: 'events', kind: 'number', help: 'What is beyond is cut off.' },
    { path: 'sequence.keep', label: 'Events to keep', kind: { choices: [['first', 'The first'], ['last', 'The last']] }, help: 'The last ones are the nearest to the decision.' },
    { path: 'sequence.minEvents', label: 'Shortest sequence', unit: 'events', kind: 'number', help: 'Shorter ones are padded.' },
    { path: 'sequence.padding', label: 'Padding', kind: { choices: [['auction', 'Made-up auctions'], ['null', 'None']] }, help: 'Made-up events can mark an arm.' },
    { path: 'sequence.channels', label: 'More numbers an event', kind: 'list', wide: true, help: 'Any of gap, hour, weekday, toTimeZero; empty: none.' },
    {
      path: 'vocabulary.fitOn',
      label: 'Vocabulary from',
      kind: { choices: [['all', 'All sessions'], ['train', 'Training users'], ['trainX', 'X of training users']] },
      help: 'Other items are [UNK].',
    },
    { path: 'vocabulary.minCount', label: 'Rarest item', unit: 'times', kind: 'number', help: 'Rarer ones are [UNK].' },
  ],
};

export const SPLIT: GroupSpec = {
  title: 'Which users are in which part',
  fields: [
    {
      path: 'split.kind',
      label: 'Kind',
      kind: { choices: [['shuffle', 'Shuffled users'], ['hash', 'Hash of the user'], ['time', 'By time'], ['folds', 'Folds']] },
      help: 'A user is in one part only.',
    },
    { path: 'split.train', label: 'Train', kind: 'number', help: 'Share of users.', when: (at) => byShares(at) || at('split.kind') === 'time' },
    { path: 'split.validation', label: 'Validation', kind: 'number', help: 'Share of users.', when: (at) => byShares(at) || at('split.kind') === 'time' },
    { path: 'split.test', label: 'Test', kind: 'number', help: 'Share of users.', when: (at) => byShares(at) || at('split.kind') === 'time' },
    { path: 'split.seed', label: 'Seed', kind: 'number', help: 'Of the shuffle or the hash.', when: (at) => at('split.kind') !== 'time' },
    { path: 'split.folds', label: 'Folds', kind: 'number', help: 'Of users, as a column for cross-fitting; empty: none.' },
    { path: 'split.validationFrom', label: 'Validation from', kind: 'text', help: 'A time, as 2025-09-01; empty: by the shares.', when: (at) => at('split.kind') === 'time' },
    { path: 'split.testFrom', label: 'Test from', kind: 'text', help: 'A time, as 2025-10-01; empty: by the shares.', when: (at) => at('split.kind') === 'time' },
  ],
};

/** Sections of the plan whose keys stand elsewhere: under Data and under Files. */
const ELSEWHERE = ['columns', 'output'];
const SHOWN = new Map([READING, SESSIONS, DESIGN, SEQUENCES, SPLIT].flatMap(({ fields }) => fields.map(({ path, label }) => [path, label])));
/** Of the selects under Data. */
const COLUMN_LABELS: Readonly<Record<Role, string>> = { user: 'User', time: 'Time', type: 'Event type', item: 'Item' };

/** What the field of a key is called; null where the page has none. */
export function labelOf(path: Path): string | null {
  const [section, key = ''] = path.split('.');
  return SHOWN.get(path) ?? (section === 'columns' ? (COLUMN_LABELS[key as Role] ?? null) : null);
}

/** What the engine says against the plan where no field is there to say it. */
export function unplaced(problem: Problem | null): string | null {
  if (problem === null) return null;
  const [section = '', key] = (problem.column ?? '').split('.');
  const placed = SHOWN.has(problem.column ?? '') || ELSEWHERE.includes(section) || (key === undefined && section === 'split');
  return placed ? null : problem.message;
}
