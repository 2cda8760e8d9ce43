/** What the settings say beyond the labels and help of the plan's keys, which are the engine's: groups, lines of closed settings. */
import { count, counted, duration, percent } from '../format.js';
import { quoted } from './common.js';

export const GROUPS = {
  reading: 'Advanced: event types, time zone, duplicates, cells',
  sessions: 'Session rules',
  design: 'Treatment, outcome and time zero',
  sequences: 'Histories and vocabulary',
  split: 'Method and shares',
} as const;

export const FIELDS = {
  defaultIs: (value: string) => `Default: ${value}.`,
  sameItem: { label: 'Count treatments on', any: 'Any item', same: 'Only the item shown at time zero' },
  quotes: { double: 'Double: "', single: "Single: '", none: 'None' },
  escape: { none: 'None: "" is a quote', backslash: 'Backslash: \\" is a quote' },
  comment: { none: 'None', hash: 'Hash: #', percent: 'Percent: %' },
  padding: { auction: 'Fake auction events (original notebook)', none: 'Nothing (recommended)' },
  padTo: { label: 'Tokens per row', help: 'Blank: as many as the longest sequence has.' },
  none: 'None',
} as const;

/** The settings of a closed section in a line. */
export const LINES = {
  sessions: (gapHours: number, events: number, wholeSession: boolean) =>
    `Gap ${duration(gapHours * 3600)}, at least ${counted(events, 'event')} ${wholeSession ? 'in the session' : 'in X'}`,
  notebook: (treatment: string, outcome: string) =>
    `No time zero: treated with ${quoted(treatment)}, outcome ${quoted(outcome)} anywhere in the session`,
  timed: (start: string, treatment: string, window: string, outcome: string, horizon: string) =>
    `${start}: treated with ${quoted(treatment)}${window}, outcome ${quoted(outcome)} within ${horizon}`,
  reading: (types: readonly string[], zone: string) => `${types.join(', ')}; ${zone}`,
  sequences: (events: number, keep: string, padding: string) =>
    `At most ${counted(events, 'event')} (${keep}); padding: ${padding.replace(/^[A-Z]/, (letter) => letter.toLowerCase())}`,
  exposure: (type: string) => `Each “${type}” starts a row`,
  landmark: (minutes: number) => `A row starts ${duration(minutes * 60)} into the session`,
  matched: 'Rows matched to treated sessions',
  within: (minutes: number) => ` within ${duration(minutes * 60)}`,
  split: (method: string, shares: readonly [string, number][]) =>
    `${method}: ${shares.map(([name, share]) => `${percent(share, 0)} ${name}`).join(', ')}`,
  folds: (method: string, folds: number) => `${method}: ${counted(folds, 'fold')}`,
  loading: 'Settings appear when the engine has loaded.',
} as const;

export const SPLIT = {
  shuffle:
    'Users are shuffled (as NumPy does, so results can be reproduced) and divided by these shares. Each user is in one set only.',
  hash: 'A salted hash of the user decides, so a user stays in a set when data are added. Each user is in one set only.',
  time:
    'The earliest rows are for training, the latest for the test, so a user can be in several sets. Rows whose follow-up reaches into ' +
    'the next set are dropped and reported.',
  dates: (validation: string, test: string) =>
    `By time zero: validation from ${validation}, test from ${test}. Rows whose follow-up reaches into the next set are dropped and reported.`,
  byShare: 'its share on',
  folds: (folds: number) => `All rows are in the training set, with a column that says which of ${folds} folds the user is in.`,
  sum: (shares: readonly unknown[]) => {
    const numbers = shares.filter((share): share is number => typeof share === 'number');
    const sum = numbers.reduce((sum, share) => sum + share, 0);
    return `The shares add up to ${Number(sum.toFixed(6))}; they must add up to 1.`;
  },
} as const;

export const CHANGES = {
  none: 'All settings are at their defaults.',
  some: (labels: readonly string[]) => `${counted(labels.length, 'setting')} changed: ${labels.join(', ')}`,
  set: (labels: readonly string[]) => `${labels.join(' and ')} ${labels.length === 1 ? 'is' : 'are'} set.`,
  reset: 'All settings are back to their defaults.',
  undone: 'The last change of the settings is undone.',
  redone: 'The change of the settings is made again.',
  loaded: (from: string) => `Settings loaded from ${from}.`,
  ignored: (from: string, reason: string) => `The settings of ${from} were ignored: ${reason}`,
  link: 'the link',
  noSetting: (word: string) => `The link has “${word}”, which is no setting. A setting is written as session.gapHours=12.`,
  badge: (changed: number) => `${count(changed)} changed`,
} as const;
