/** What inspecting sessions says. */
import { count, counted } from '../format.js';

export const LOOK = {
  waiting: 'Training rows to inspect, one by one, appear here',
  listing: 'The rows are being listed.',
  noMatch: 'No rows match these filters.',
  notKept:
    'There were too many events to keep beside the result, so a session cannot be opened. Give fewer files, or a sample of the users.',
  table: 'Training rows',
  head: {
    session: 'Session',
    set: 'Set',
    group: 'Group',
    outcome: 'Outcome',
    length: 'Events in X',
    timeZero: 'Time zero',
    begins: 'Begins',
  },
  previous: 'Previous',
  next: 'Next',
  random: 'Random row',
  randomTitle: 'Opens one of the rows that match the filters',
  place: (first: number, last: number, total: number) => `${count(first)} to ${count(last)} of ${counted(total, 'row')}`,
  row: (row: number) => `, row ${count(row + 1)}`,
  noSet: 'none',
  treated: 'treated',
  untreated: 'untreated',
  outcome: 'outcome',
  noOutcome: 'no outcome',
  filters: {
    label: 'Which rows to list',
    text: 'User or session contains',
    set: 'Set',
    group: 'Group',
    outcome: 'Outcome',
    any: 'Any',
    treated: 'Treated',
    untreated: 'Untreated',
    withOutcome: 'With the outcome',
    without: 'Without',
  },
} as const;

export const SESSION = {
  title: 'Events of the session',
  open: 'Open session',
  said: (session: string, events: string) => `${session}: ${events}`,
  table: 'Events as a table',
  line: (events: number) => counted(events, 'event'),
  remark: 'Each dot is an event, each line an event type. The shaded area is X; faded events are outside it.',
  evenly: 'Space events evenly',
  axis: 'time since the first event',
  axisEvenly: 'event',
  timeZero: 'time zero',
  head: { event: 'Event', time: 'Time', since: 'Since the first', type: 'Type', item: 'Item', role: 'Role' },
  more: (events: number) => `Show ${counted(events, 'more event')}`,
  after: (event: string, time: string) => `${event}, after ${time}`,
  describe: (events: number, inX: number, timeZero: string | null) =>
    `${counted(events, 'event')} over time, ${count(inX)} in X${timeZero === null ? '' : `, time zero after ${timeZero}`}.`,
  roles: {
    x: 'in X',
    cut: 'cut off',
    afterTimeZero: 'after time zero',
    afterTreatment: 'after treatment',
  },
  treatment: 'treatment',
  outcome: 'outcome',
  story: {
    set: (set: string | null, user: string) => `${set === null ? 'In no set' : `${set} set`}, user ${user}.`,
    begins: (time: string) => `The session begins at ${time}.`,
    timeZero: (row: number | null, time: string) =>
      row === null ? `Time zero is at ${time}.` : `Row ${count(row)} of the session starts at ${time}.`,
    x: (events: number, padding: number) =>
      `X has ${counted(events, 'event')}${padding > 0 ? `, ${count(padding)} of them padding` : ''}.`,
    noTreatment: 'T is 0.',
    treatment: (after: string) => `T is 1: the treatment is ${after}.`,
    noOutcome: 'Y is 0.',
    outcome: (after: string) => `Y is 1: the outcome is ${after}.`,
    after: (time: string, timed: boolean) => `${time} after ${timed ? 'time zero' : 'the first event'}`,
    just: 'just',
    censored: 'The data end before its follow-up does.',
  },
} as const;
