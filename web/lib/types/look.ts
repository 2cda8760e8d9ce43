/** Rows of the table one by one, with the events of their sessions. */
import type { PartName } from './plan.js';

/** Which rows of the table are listed: all, unless something is asked for. */
export interface SessionQuery {
  part?: PartName | undefined;
  treatment?: 0 | 1 | undefined;
  outcome?: 0 | 1 | undefined;
  /** What the session's id, its user's id and a number, has to contain. */
  text?: string | undefined;
  /** The code of a finding: rows that show what it says. Needs a dataset that keeps its events. */
  finding?: ListedFinding | undefined;
  /** By which column the rows are sorted; those that are alike stay in the table's order, as all do without it. */
  sort?: SessionSort | undefined;
  /** The largest first; false unless set. */
  descending?: boolean | undefined;
  /** Rows to leave out first; 0 unless set. */
  offset?: number | undefined;
  /** Rows to list then, at most; 50 unless set. */
  limit?: number | undefined;
}

/** The columns of the list; `time` is time zero, or the session's begin where there is none. */
export type SessionSort = 'session' | 'part' | 'treatment' | 'outcome' | 'length' | 'time';

/** Findings that are about rows; of those about all treated rows, or about equal times, the rows in which it can be seen. */
export type ListedFinding =
  | 'outcomeInX'
  | 'treatmentInX'
  | 'paddingInOneArm'
  | 'paddingTellsTreatment'
  | 'outcomeBeforeTreatment'
  | 'immortalTime'
  | 'lengthTellsTreatment'
  | 'spanTellsTreatment'
  | 'lastEventTellsTreatment'
  | 'armDecidedInWindow'
  | 'tiesChangeSessions'
  | 'tiesDecidedByRule'
  | 'duplicates'
  | 'censoredRows'
  | 'coarseClock';

/** A row of the table: a session, or with a time zero a trial. Times are microseconds since 1970-01-01 UTC. */
export interface SessionEntry {
  /** Position before the split: what `lookAt` takes, and `SplitColumns.index` has. */
  row: number;
  session: string;
  user: string;
  /** Null where a split by time left it out. */
  part: PartName | null;
  /** Of X, padding included. */
  length: number;
  treatment: 0 | 1;
  outcome: 0 | 1;
  /** The session's first event. */
  startUs: number;
  timeZeroUs: number | null;
}

export interface SessionList {
  /** Rows that the query asks for, listed or not. */
  total: number;
  sessions: SessionEntry[];
}

/** An event of a session, and what became of it. */
export interface SessionEvent {
  timeUs: number;
  type: string;
  item: string | null;
  /** Of its token in X; null where it is not in X. */
  eventId: number | null;
  itemId: number | null;
  /**
   * 'x': in X. 'cut': before time zero, left out by sequence.maxEvents, behind a matched row's last exposure, or not known then
   * (columns.knownAt).
   * 'afterTimeZero': later than time zero, or behind an exposure at its instant.
   * 'afterTreatment': where there is no time zero, the first treatment or later.
   */
  role: 'x' | 'cut' | 'afterTimeZero' | 'afterTreatment';
  /** The first event by which T or Y is 1. */
  decides: 'treatment' | 'outcome' | null;
}

/** A row of the table with all events of its session; null where the design has no such time. */
export interface SessionView extends SessionEntry {
  /** The end of the data cuts what decides T and Y. */
  censored: boolean;
  /** 1, 2, ... among the session's rows. */
  trial: number | null;
  /** Until when a treatment makes T 1. */
  windowEndUs: number | null;
  /** Until when an outcome makes Y 1. */
  horizonEndUs: number | null;
  /** Of the events that decide T and Y, which may be in a later session of the user. */
  treatmentUs: number | null;
  outcomeUs: number | null;
  /** Tokens added at the end of X, each the same. */
  padding: { tokens: number; eventId: number; itemId: number } | null;
  /** In order of time. */
  events: SessionEvent[];
}
