/** What charts say beside what the result says of them. */
import { counted, duration } from '../format.js';
import { quoted } from './common.js';

export const CHART = {
  numbers: 'Numbers',
  saveAs: (title: string, kind: string) => `Save “${title}” as ${kind}`,
} as const;

export const DURATIONS = {
  drag: 'Drag the line, or move it with the arrow keys.',
  bin: (from: string, to: string, found: string) => `${from} to ${to}: ${found}`,
  under: (found: string, what: string) => `${found} ${what} under 1 s`,
  over: (found: string) => `${found} over 30 days`,
  notShown: (parts: readonly string[]) => `${parts.join(' and ')} not shown.`,
} as const;

export const GAPS = {
  waiting: 'The pauses between events, and how the session gap changes the result, appear here',
  title: 'Pauses between events, and how the session gap changes the result',
  remark: 'Pauses between two events of one user, on a logarithmic axis. Drag the line, or move it with the arrow keys.',
  describe: (pauses: number) =>
    `Three plots over the session gap: a histogram of ${counted(pauses, 'pause')}, the number of sessions, and the shares treated and with the outcome.`,
  axis: 'session gap',
  pauses: 'pauses',
  sessions: 'sessions kept',
  share: 'share of sessions',
  gap: (gap: string) => `A gap of ${gap}`,
  nearest: (gap: string) => `The nearest gap that was tried, ${gap},`,
  effect: (which: string, sessions: number, treated: string, outcome: string) =>
    `${which} makes ${counted(sessions, 'session')}, ${treated} treated, ${outcome} with the outcome.`,
  head: ['Gap', 'Sessions found', 'Sessions kept', 'Treated', 'Outcome', 'Unadjusted difference'],
} as const;

type From = 'exposure' | 'landmark' | 'treatment';

/** What a window or a follow-up begins with. */
const BEGINS: Readonly<Record<From, string>> = { exposure: 'an exposure', landmark: 'a landmark', treatment: 'a treatment' };

export const DELAYS = {
  waiting: 'The delays from exposure to treatment and from time zero to outcome appear here',
  title: { treatment: 'Time to the treatment, and the window', outcome: 'Time to the outcome, and the follow-up' },
  of: { treatment: 'treatment', outcome: 'outcome' },
  counted: { treatment: 'treatments', outcome: 'outcomes' },
  limit: { treatment: 'A window', outcome: 'A follow-up' },
  without: { treatment: 'These settings have no window.', outcome: 'These settings have no follow-up time.' },
  most: (share: string, type: string, from: From, time: string) =>
    `${share} of the “${type}” events that follow ${BEGINS[from]} do so within ${time}`,
  starts: (followed: string, starts: string, from: From) => ` (${followed} of ${starts} ${from}s have one within 30 days).`,
  never: (type: string, from: From) => `No “${type}” follows ${BEGINS[from]} within 30 days.`,
  effect: (limit: string, time: string, share: string, exact: boolean) =>
    `${limit} of ${time} includes ${exact ? '' : 'about '}${share} of them.`,
  describe: (followed: number, of: string, from: From) =>
    `A histogram of ${counted(followed, 'delay')} from ${BEGINS[from]} to the next ${of}, on a logarithmic axis.`,
  axis: (from: From) => `time since the ${from}`,
  head: ['Share of those that follow', 'Time'],
} as const;

export const DESIGN = {
  title: 'What goes into X, T and Y',
  remark: 'Two example sessions under your settings (not to scale).',
  legend: { exposure: 'exposure', treatment: 'treatment', outcome: 'outcome', event: 'other event' },
  treated: 'Treated',
  untreated: 'Untreated',
  timeZero: 'time zero',
  window: (minutes: number) => `T, ${duration(minutes * 60)}`,
  wholeSession: 'Y, the whole session',
  followUp: (hours: number) => `Y, ${duration(hours * 3600)}`,
} as const;

export const MIRROR = {
  treated: 'Treated',
  describe: (axis: string, treated: string, control: string) =>
    `Two histograms over ${axis}: ${treated} treated and ${control} untreated rows, each as shares of its group.`,
} as const;

/** The design in sentences, from its event types and times. */
export const NOTES = {
  cut: (keep: 'first' | 'last', events: number) => `at most the ${keep === 'last' ? 'most recent' : 'first'} ${events}`,
  sessionX: (treatment: string, cut: string) =>
    `X: the events before the first “${treatment}”, or the whole session without one; ${cut}.`,
  sessionTy: (treatment: string, outcome: string, prior: 'count' | 'ignore' | 'exclude') =>
    `T: 1 if the session has ${quoted(treatment)}. Y: 1 if it has ${quoted(outcome)} anywhere, before the treatment too${
      { count: '', ignore: ', which then does not count', exclude: ', which then drops the row' }[prior]
    }.`,
  noStart: 'The groups share no starting point, so the history of an untreated session can contain its own outcome.',
  aligned: (treatment: string, outcome: string, exposure: string) =>
    `Time zero: just before the “${treatment}” of a treated row; every other row gets a delay after its “${exposure}” that is drawn from those of treated rows. Each “${exposure}” is a row, unless the session had ${quoted(treatment)} or “${outcome}” by then.`,
  exposure: (treatment: string, outcome: string, exposure: string) =>
    `Time zero: each “${exposure}” before the session’s first “${treatment}” or “${outcome}”; each is a row.`,
  landmark: (minutes: string) => `Time zero: ${minutes} after a session’s first event; each session still under way is a row.`,
  matched: (treatment: string, exposure: string, controls: number) =>
    `Time zero: just before a session’s first “${treatment}”; beside it ${controls === 1 ? 'another session' : `${controls} other sessions`} at the same time after the start, with as many “${exposure}” events and no “${treatment}” yet.`,
  washout: (treatment: string, time: string) =>
    `Dropped: rows whose user had ${quoted(treatment)} within ${time} before time zero.`,
  x: (until: string, cut: string) => `X: the session’s events up to ${until}; ${cut}.`,
  lastExposure: (exposure: string) => `the last “${exposure}” before time zero`,
  matchedT: (treatment: string) => `T: 1 where the “${treatment}” follows.`,
  t: (treatment: string, sameItem: boolean, window: string, of: string, next: string) =>
    `T: 1 if ${quoted(treatment)}${sameItem ? ' of the item shown' : ''} follows within ${window}${of}${next}.`,
  ofExposure: (exposure: string) => ` of the “${exposure}”`,
  beforeNext: (exposure: string) => `, before the user’s next “${exposure}”`,
  y: (outcome: string, horizon: string, late: boolean) =>
    `Y: 1 if ${quoted(outcome)} follows within ${horizon} of ${late ? 'the window’s end' : 'time zero'}, in this session or a later one.`,
} as const;
