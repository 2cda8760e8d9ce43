/** What the result says: verdict, findings, how the groups compare, and the evidence behind it. */
import { count, counted, percent, points, pointsText } from '../format.js';
import { GROUPS, listed, quoted } from './common.js';

export const RESULT = {
  waiting: 'The verdict, the findings with their repairs, and charts of what was made appear here',
  evidence: 'Evidence: tables and charts',
} as const;

export const VERDICT = {
  title: 'Verdict',
  rows: (rows: number) => (rows === 1 ? 'training row' : 'training rows'),
  treated: 'treated',
  outcome: 'with the outcome',
  difference: 'unadjusted difference',
  interval: (from: string, to: string) => `95% interval ${from} to ${to}`,
  blocked: (titles: readonly string[]) => `Not suitable for a causal interpretation: ${listed(titles.map(lower))}.`,
  open: (others: string) => `Nothing that was found rules out a causal interpretation. Read the ${others} first.`,
  clean: 'Nothing that the events can show affects a causal interpretation. What was not recorded cannot be seen here.',
  notAudited: 'This result was not audited.',
  notices: (notices: number) => `${counted(notices, 'notice')} about the data.`,
  expected:
    'This is expected: the starting point is the original notebook, whose files are reproduced exactly. The causal starting point avoids it.',
  fixAll: 'Fix all: switch to the causal starting point',
  download: 'Download',
  findings: 'See findings',
  pin: 'Pin this result',
  announced: (rows: number, treated: string, outcome: string, sentence: string) =>
    `${counted(rows, 'training row')}, ${treated} treated, ${outcome} with the outcome. ${sentence}`,
} as const;

/** A result without a row, and why. */
export const NO_ROWS = {
  title: 'No training rows',
  empty: 'The files have no rows.',
  short: (sessions: number, least: number) =>
    sessions === 1
      ? `The only session has fewer than ${counted(least, 'event')}.`
      : `All ${count(sessions)} sessions have fewer than ${counted(least, 'event')}.`,
  noExposure: (type: string) => `No “${type}” happens before the first treatment or outcome.`,
  filtered: (rows: number, reasons: string) => `Of ${counted(rows, 'possible row')}: ${reasons}.`,
  noTimeZero: 'No session reaches its time zero.',
  toSetting: (label: string) => `Go to “${label}”`,
  noFiles: 'There are no training rows, so there are no files to download. See the result.',
} as const;

/** One of the two groups, or the outcome, has no row; more often a name of another shop than a fact. */
export const EMPTY = {
  noTreated: (type: string, timed: boolean) =>
    `No ${timed ? 'row' : 'session'} has ${quoted(type)}${timed ? ' within the treatment window' : ''}, so none is treated.`,
  allTreated: (type: string, control: string, timed: boolean) =>
    `Every ${timed ? 'row' : 'session'} has ${quoted(type)}${timed ? ' within the treatment window' : ''}, so none is ${control}.`,
  noOutcome: (type: string, timed: boolean) =>
    `No ${timed ? 'row' : 'session'} has ${quoted(type)}${timed ? ' in its follow-up' : ''}, so none has the outcome.`,
  choose: 'If you mean another event type, choose it under Study design.',
} as const;

export const FINDINGS = {
  title: 'Findings',
  none: 'No findings.',
  some: (tally: string) => `${tally} affect a causal interpretation, most serious first.`,
  together: (titles: readonly string[]) =>
    `${counted(titles.length, 'finding')} with one repair: ${listed(titles.map((title, i) => (i === 0 ? title : lower(title))))}`,
  repair: (label: string, value: string) => `Set “${label}” to “${value}”`,
  key: (key: string, value: string) => `${key} = ${value}`,
  rows: 'Show its rows',
  rowsOf: (title: string) => `Show its rows: ${title}`,
  nothing: 'none',
  units: { rows: 'rows', treated: 'treated', outcome: 'with the outcome', difference: 'points of difference' },
  preview: (changes: readonly (readonly [before: string, after: string, unit: string])[]) =>
    `This would give ${listed(changes.map(([before, after, unit]) => `${before} → ${after} ${unit}`))}.`,
  previewSame: 'This would change none of rows, rates and difference.',
  previewWaiting: 'Trying it out.',
  previewFailed: (reason: string) => `Trying it out was refused: ${reason}`,
} as const;

export const FIXED = {
  fixed: (what: string) => `Fixed: ${lower(what)}.`,
  changed: (label: string) => `Changed: ${label}.`,
  all: 'switched to the causal starting point',
  difference: (before: number | null, after: number | null) => `Unadjusted difference ${bare(before)} → ${pointsText(after)}.`,
  rows: (before: number, after: number) => `Training rows ${count(before)} → ${count(after)}.`,
  undo: 'Undo',
  undoSpoken: (what: string) => `Undo: ${what}`,
} as const;

export const PINNED = {
  title: 'Pinned result and this one',
  head: ['', 'Pinned', 'Now'],
  rows: 'Training rows',
  treated: 'Treated',
  outcome: 'With the outcome',
  difference: 'Unadjusted difference',
  findings: 'Findings',
  settings: (settings: readonly string[]) =>
    settings.length === 0 ? 'Both have the same settings.' : `Settings that differ: ${settings.join('; ')}.`,
  setting: (label: string, before: string, after: string) => `${label} (${before} → ${after})`,
  unpin: 'Remove the pin',
  again: 'Pin this result instead',
  pinned: 'The result is pinned. Change a setting to compare.',
} as const;

export const NOTICES = {
  remark: 'The run completed. Check this before you trust its result.',
  quotes: 'Read quotes as ordinary characters and run again',
  duplicates: 'Count equal events once and run again',
  nulls: (texts: readonly string[]) => `Read ${texts.map((text) => `“${text}”`).join(', ')} as missing and run again`,
  toSetting: (label: string) => `Go to the setting “${label}”`,
} as const;

export const DIFFERENCE = {
  title: 'Unadjusted difference',
  remark: (outcome: string, control: string, clustered: boolean) =>
    `Outcome rate (“${outcome}”) of treated minus ${control} rows, with 95% intervals${clustered ? ', clustered by user' : ''}.`,
  axis: 'percentage points, treated minus untreated',
  table: 'Outcome rates by group',
  line: (control: string, treated: string) => `${control} untreated, ${treated} treated`,
  head: ['Set', 'Untreated', 'Treated', 'Difference', '95% interval'],
  of: (rows: number) => `of ${counted(rows, 'training row')}`,
  empty: 'One group has no rows, so there is nothing to compare. ',
  caveat: (treatment: string) =>
    `This is not a causal effect. Users with ${quoted(treatment)} may have differed beforehand. Use the training data with a causal estimator to adjust for that.`,
} as const;

export const COUNTS = {
  title: 'Counts',
  line: (events: number, sessions: number) => `${counted(events, 'event')}, ${counted(sessions, 'session')}`,
  rowsRead: 'Rows read',
  events: 'Events used',
  users: 'Users',
  found: 'Sessions found',
  kept: 'Sessions kept',
  short: 'Sessions too short',
  rows: 'Training rows',
  allUsed: 'Every row was used.',
  span: (first: string, last: string) => `Events are from ${first} to ${last}.`,
  noEvents: 'There are no events.',
  tied: (events: number) =>
    `${counted(events, 'event')} ${events === 1 ? 'has' : 'have'} the same timestamp as another event of that user.`,
  cut: (times: number) => `${counted(times, 'time')} had more digits than microseconds, which were cut.`,
  tooShort: (events: number) => `The sessions that were too short had ${counted(events, 'event')}.`,
} as const;

export const SPLIT_TABLE = {
  title: 'Split',
  own: 'Each user is in one set only.',
  shared: (users: number) => `${counted(users, 'user')} ${users === 1 ? 'is' : 'are'} in more than one set.`,
  purged: (rows: number) =>
    ` ${counted(rows, 'row')} whose follow-up reaches into the next set ${rows === 1 ? 'is' : 'are'} in none.`,
  head: {
    set: 'Set',
    users: 'Users',
    rows: 'Training rows',
    treated: 'Treated',
    outcome: 'Outcome',
    timeZero: 'Time zero',
    begins: 'Sessions begin',
  },
  utc: 'UTC',
  to: ' to ',
} as const;

export const SIZES = {
  title: 'Histories and vocabulary',
  remark: 'Lengths are those of X, in events, after padding and cutting. Items include the special tokens.',
  line: (mean: string, items: string) => `${mean} events on average, ${items}`,
  mean: 'Mean length',
  median: 'Median',
  shortest: 'Shortest',
  longest: 'Longest',
  p95: '95th percentile',
  types: 'Event types',
  items: 'Items',
} as const;

export const FLOW = {
  title: 'From input rows to training rows',
  remark:
    'Every input row is counted once, under the first rule that removes it. From time zero on the unit is the training row.',
  remarkSessions:
    'Every input row is counted once, under the first rule that removes it. From the sessions on the unit is the training row.',
  read: 'input rows',
  events: 'events',
  of: (users: number) => `of ${counted(users, 'user')}`,
  skipped: (reason: string) => `skipped: ${lower(reason)}`,
  duplicates: 'exact duplicates removed',
  possible: 'possible training rows',
  sessions: 'sessions found',
  kept: 'training rows',
  split: 'split into sets',
  purged: 'dropped: follow-up reaches into the next set',
  groups: (treated: number, control: number, users: number) =>
    `${count(treated)} treated, ${count(control)} untreated, ${counted(users, 'user')}`,
  start: 'Start',
  head: ['After', 'Removed', 'Rows', 'Sessions', 'Users', 'Treated', 'Outcome, untreated', 'Outcome, treated'],
  left: (lost: string) => `Removed: ${lost}. `,
} as const;

export const BALANCE = {
  title: 'Balance before time zero',
  remark: (limit: number) =>
    `How far apart the groups’ means are, in standard deviations. Beyond ${limit}, the line, groups are usually called imbalanced.`,
  before: 'before weighting',
  after: 'after propensity weighting',
  axis: 'standardized difference of means, absolute',
  describe: (covariates: number, above: number, after: number, limit: number) =>
    `Of ${counted(covariates, 'covariate')} ${count(above)} ${above === 1 ? 'differs' : 'differ'} by more than ${limit} between the groups, and ${count(after)} after weighting.`,
  head: ['Covariate', 'Mean, untreated', 'Mean, treated', 'Difference before', 'After weighting'],
  both: 'Balance and overlap',
  noRows: 'There are no rows to compare.',
  noTimeZero:
    'Not shown: without a time zero the treatment itself cuts X of treated rows, so a comparison of the groups would show the cut. Choose a time zero under Study design, or the causal starting point.',
} as const;

export const OVERLAP = {
  title: 'Overlap of the groups',
  remark: (known: boolean, auc: string, outside: number | null) =>
    `${known ? 'Known propensity of the treatment.' : 'Propensity of the treatment, by a logistic model of the covariates above.'} AUC ${auc}. ${outside === 0 ? 'No row has' : `${percent(outside)} of the rows have`} a propensity below 1% or above 99%.`,
  axis: 'propensity',
  none: 'Not shown: the training set lacks one of the groups, so no propensity can be fitted.',
} as const;

export const LENGTHS = {
  title: 'History length by group',
  remark:
    'Share of each group’s rows by events in X. If the shapes differ, history length reveals the group. Wider bins cover several lengths.',
  axis: 'events in X',
  range: (from: string, to: string) => `${from} to ${to}`,
} as const;

export const LEDGER = {
  title: 'One repair at a time',
  remark:
    'Starting from the original notebook, each line has the repairs above it too. An AUC of 0.5 means that length says nothing about the group; 0 or 1 means that it reveals it fully.',
  /** The first steps have no comparator, the last ones have: then each has T. */
  head: (control: string) => [
    'Step',
    ...(control === GROUPS.control ? ['Untreated', 'Treated'] : ['T = 0', 'T = 1']),
    'Difference',
    'How well length predicts treatment (AUC)',
    control === GROUPS.control ? 'Untreated outcomes that leak into X' : 'Outcomes where T = 0 that leak into X',
  ],
} as const;

/** Inside a sentence; names such as X and “impression” keep their capitals. */
function lower(text: string): string {
  return text.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase());
}

function bare(difference: number | null): string {
  return points(difference).replace(' pp', '');
}
