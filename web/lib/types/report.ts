/** The report: what a run counted. */
import type { PartName, Plan, Role } from './plan.js';

/** Sessions and outcome rates by group. Rates are shares (0.25, not 25); null where there is nothing to divide by. */
export interface Arms {
  sessions: number;
  treated: number;
  outcomes: number;
  treatmentRate: number | null;
  outcomeRate: number | null;
  controlOutcomeRate: number | null;
  treatedOutcomeRate: number | null;
  naiveLift: number | null;
}

export interface FileReport {
  name: string;
  bytes: number;
  /** Around the format; `bytes` are those of the file as it is. */
  compression: 'gzip' | 'zstd' | null;
  format: 'csv' | 'json' | 'ndjson' | 'arrow' | 'parquet';
  separator?: string;
  header?: boolean;
  rows: number;
  columnNames: string[];
  columns: Record<Role, string | null>;
}

export interface RowIssue {
  reason: string;
  file: string;
  /** Data row, 1-based, the header not counted. */
  row: number;
  /** Line of text, 1-based. */
  line: number | null;
  column: string;
  text: string;
}

/** What may be wrong with the data or the plan, although the run went through. */
export interface Notice {
  code: string;
  /** A sentence with the place and the finding. */
  message: string;
  counts: Record<string, number>;
  /** Of the plan, where one settles it. */
  key: string | null;
}

/** What the table can be asked, as `plan` has it, in the terms of a target trial. */
export interface Estimand {
  sentence: string;
  population: {
    unit: 'exposure' | 'session' | 'treatedSession';
    eligible: string;
    washoutHours: number;
    withoutEarlierOutcome: boolean;
    completeFollowUpOnly: boolean;
  };
  /** Where it is, in a sentence. */
  timeZero: string;
  treatment: {
    type: string;
    /** The treatment of the other group; null: none. */
    comparator: string | null;
    /** The column that tells the treatment's events, and what it then says; null: all of the type are. */
    group: { column: string; values: string[] } | null;
    /** Rows whose first treatment is one of these are in neither group. */
    leftOut: string[];
    versions: 'anyItem' | 'withItemOfExposure';
    /** Null without a window: the treatment is at time zero. */
    withinMinutes: number | null;
    endsAtNextExposure: boolean;
    /** The column that holds the probability of treatment. */
    knownPropensity: string | null;
  };
  outcome: {
    type: string;
    from: 'timeZero' | 'windowEnd';
    withinHours: number;
    scope: 'user' | 'session';
    /** The column whose sum over these outcomes is asked as well, and its bound. */
    value: string | null;
    valueCap: number | null;
  };
  /** What ends the wait for a treatment, if it comes first. */
  competingEvents: string[];
  /** Of rows in the main figure of an estimate: by how open their treatment was, or those of treated rows and their matches. */
  weights: 'overlap' | 'treated';
}

export interface Report {
  engine: { name: string; version: string };
  plan: Plan;
  notices: Notice[];
  /** Null without a time zero, where no causal question can be asked. */
  estimand: Estimand | null;
  input: {
    files: FileReport[];
    /** Of the files: those without a row. */
    emptyFiles: number;
    /** Below folders that were given, and not read: what is named with `.` or `_` in front, and what is no file. */
    passedOver: number;
    rows: number;
    events: number;
    users: number;
    /** Those that events have, by their ids. */
    types: { type: string; events: number }[];
    time: { unit: string; zone: string; first: string | null; last: string | null; digitsCut: number; tiedEvents: number };
    issues: {
      rows: number;
      byReason: Record<string, number>;
      first: RowIssue[];
      unknownTypes: { type: string; rows: number; firstRow: number }[];
    };
  };
  sessions: { created: number; kept: number; tooShort: number; eventsInTooShort: number; users: number };
  /** Rows of the table: sessions, or with a time zero trials. */
  trials: {
    rows: number;
    /** Events that were dropped as exact duplicates. */
    duplicates: number;
    /** Rows of a split by time that are in no part. */
    purged: number;
    /** What each rule left; the first is before all of them. */
    attrition: {
      filter: string | null;
      rows: number;
      sessions: number;
      users: number;
      treated: number;
      outcomes: number;
      treatedOutcomes: number;
    }[];
  };
  vocabulary: { events: number; items: number };
  all: Arms;
  sequenceLength: { mean: number; median: number; min: number; max: number; p95: number } | null;
  splits: Record<PartName, Arms & { users: number }>;
  samples: {
    sessionId: string;
    treatment: 0 | 1;
    outcome: 0 | 1;
    length: number;
    /** The first five. */
    events: { type: string; itemId: number; item: string; minutes: number }[];
  }[];
}
