/** What is told of a file before it is run. */
import type { PartialPlan, Role } from './plan.js';
import type { FileReport, Notice } from './report.js';

/**
 * What a run over a file will need. Rows are counted where the file states them or was seen whole, else guessed from its
 * size and first rows. `bytes`: of the engine's memory, rather too many than too few; `leastBytes`: surely as many.
 */
export interface Estimate {
  rows: number;
  bytes: number;
  leastBytes: number;
}

/** What an event type may be to a study; a guess by its name and its number of rows. */
export type EventRole = 'exposure' | 'treatment' | 'outcome' | 'other';

export interface EventTypeRole {
  type: string;
  rows: number;
  role: EventRole;
}

/** What a column holds in the rows that were looked at. Values are the file's texts, long ones cut off. */
export interface ColumnFacts {
  /** By all of its values; of another column than that of the time, numbers are numbers, whatever they count. */
  kind: 'blank' | 'time' | 'number' | 'text';
  blanks: number;
  distinct: number;
  /** By time or number where they are one, else by their bytes; absent where all are blank. */
  least?: string;
  greatest?: string;
  /** Values that come more than once, the three most frequent ones at most. */
  frequent?: { value: string; rows: number }[];
  /** Of the time of events: rows in equal parts of the time from the least to the greatest. */
  overTime?: number[];
}

/** What `inspect` tells of a file from its first bytes. */
export interface Inspection {
  name: string;
  /** What a run would refuse, as far as the first bytes show. */
  problem: { code: string; message: string } | null;
  compression: 'gzip' | 'zstd' | null;
  format?: FileReport['format'];
  separator?: string;
  header?: boolean;
  columnNames?: string[];
  /** Of Parquet and Arrow: by position in `columnNames`. */
  columnTypes?: string[];
  /** Places of plain values inside of nested ones, as a plan names them. */
  paths?: string[];
  /**
   * The known export that the file seems to be, and what it is called; settings for it are the plan's `preset`. `exposure`: false
   * where it has no event that a treatment may follow, so the causal profile does not fit.
   */
  preset?: { name: string; title: string; exposure?: false };
  /** Those that are surely the user, the time, ..., by their names or the plan. */
  columns?: Record<Role, string | null>;
  /** Where one of them is missing: columns that may be it by their values, or by what their names speak of. */
  guesses?: Partial<Record<Role, string>>;
  /** The event types of the rows that were looked at, in the order that is proposed for their ids. */
  eventTypes?: EventTypeRole[];
  /** Whether these rows are all of the file's. */
  allRows?: boolean;
  /** A partial plan by which the file may be run, made of the guesses and the roles; absent where the plan suffices. */
  settings?: PartialPlan;
  /** The file may have further columns: it is a JSON object of columns, and longer than what was looked at. */
  moreColumns?: true;
  /**
   * What the columns hold in the first rows, which may be more than `rows` has; by position in `columnNames`, of the first 100. Null
   * of a column of nested values.
   */
  sample?: { rows: number; columns: (ColumnFacts | null)[] };
  /** First rows, cells by position in `columnNames`. */
  rows?: string[][];
  /** Absent where it cannot be told: of a stream, of Arrow, of a JSON object of columns. */
  estimate?: Estimate;
  /** Why there are no rows although a run would read the file. */
  note?: string;
  /** Of an archive, and in Node of a folder or a pattern: how many files there are, if several; the first that has rows is this one. */
  files?: number;
  /** What may be wrong, as far as the first bytes show. */
  notices?: Notice[];
  /** So many of the first bytes may show what is missing. */
  needsBytes?: number;
}
