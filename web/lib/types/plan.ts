/** The plan: what a run is told, a key a decision. */

export type PartName = 'train' | 'validation' | 'test';
export type Role = 'user' | 'time' | 'type' | 'item';

/**
 * What a role's values are read from: a column by name, by a path into nested values such as `items[0].item_id`, or by number
 * (1 = first) where a file has no header; several, of which the first that has a value counts, of the time its parts; a
 * constant. null: found by its name.
 */
export type ColumnName = string | number | (string | number)[] | { value: string } | null;

/** The plan with every key set, as `readPlan` gives it. Defaults are the engine's. */
export interface Plan {
  profile: 'notebook' | 'causal';
  /** Settings for a known export, under those that are set; null: none. */
  preset: string | null;
  /** What is told from the content, unless it is set: the format of text, and of CSV its separator and header. */
  input: {
    format: 'auto' | 'csv' | 'json';
    separator: 'auto' | ',' | ';' | '\t' | '|' | ' ' | '~' | '^' | ':' | '\u0001';
    header: 'auto' | 'yes' | 'no';
    /** Around cells that hold separators or line breaks; null: no character does that. */
    quote: string | null;
    /** Before a quote that belongs to the cell; null: such a quote is written twice. */
    escape: string | null;
    /** Lines that begin with it are no rows of CSV, wherever one could begin; null: there are none. */
    comment: string | null;
    /** Lines at the front of CSV that are passed over, the first of the file among them. */
    skipLines: number;
    /** Of text without a byte order mark; 'auto' is UTF-8. What is told of others names the one it probably is. */
    encoding:
      | 'auto'
      | 'utf-8'
      | 'utf-16le'
      | 'utf-16be'
      | 'windows-1252'
      | 'iso-8859-15'
      | 'windows-1250'
      | 'windows-1251'
      | 'koi8-r'
      | 'iso-8859-2'
      | 'macintosh'
      | 'gbk'
      | 'shift_jis';
    /** Whether blanks around users, times, types and items are taken off; without it, an id with a blank is another one. */
    trim: boolean;
    /** Texts that stand for a missing value, as an empty cell does. */
    nulls: string[];
    /** The path of the rows where they are nested, such as `data` or `events[]`. */
    rows: string | null;
    /**
     * What files whose names fit have of their own, `*` standing for any characters: the event type of all rows, the unit of times
     * as numbers, the zone of local ones.
     */
    files: { match: string; type?: string; unit?: Exclude<Plan['time']['unit'], 'auto'>; zone?: string }[];
  };
  /** `knownAt`: when an event became known, such as the time of its ingestion; null: when it happened. It needs a time zero. */
  columns: Record<Role | 'knownAt', ColumnName>;
  /** Rows that cannot be read: without a user, a time or a type, with a bad time, or of another length. */
  rows: { bad: 'error' | 'drop' };
  /** Until when events were observed, a date as text; null: until the last event, a few stray late ones left out of account. */
  data: { end: string | null };
  time: {
    unit: 'auto' | 's' | 'ms' | 'us' | 'ns' | 'excel' | 'dotnet' | 'filetime' | 'webkit';
    /** Of text without one: UTC, an offset as +02:00, or a name as Europe/Berlin. */
    zone: string;
    /** As in `%d/%m/%Y %H:%M`, or a list of such, tried in order; null: told from the text. */
    format: string | string[] | null;
    ties: 'numpy' | 'input' | 'priority';
  };
  events: {
    types: string[];
    /** Item token by event type, for types that have no item. */
    withoutItem: Record<string, string>;
    unknown: 'error' | 'drop' | 'add';
    /** Events equal in user, time, type and item. */
    duplicates: 'keep' | 'drop';
  };
  session: {
    gapHours: number;
    minEvents: number;
    /** What must not be shorter: the whole session, or what comes before time zero. */
    minEventsOf: 'session' | 'x';
    maxHours: number | null;
  };
  treatment: {
    type: string;
    /** The column that holds the probability of treatment at time zero, where it is known by design. */
    propensity: string | null;
    /** Event types that are treatments as well: a row whose first treatment in the window is one of them is left out. */
    otherTypes: string[];
    /** A column that tells which events of the type are the treatment: those that have one of `groupValues` there. Null: all. */
    group: string | null;
    groupValues: string[];
    /** Another treatment: T is 0 in the rows whose first treatment it is. Null: in rows without a treatment. */
    comparator: string | null;
  };
  outcome: {
    type: string;
    from: 'timeZero' | 'windowEnd';
    /** With a time zero: all outcomes of the user, or those of the row's own session. */
    scope: 'user' | 'session';
    /** An outcome before the treatment or time zero. */
    prior: 'count' | 'ignore' | 'exclude';
    /** Rows whose follow-up the end of the data cuts. */
    censored: 'keep' | 'drop';
    /** A column of numbers whose sum over a row's outcomes is written and compared beside Y. */
    value: string | null;
    /** What such a sum counts as at most. */
    valueCap: number | null;
  };
  /**
   * Where time zero is: nowhere (the notebook), at every exposure, some minutes after the start, or in risk sets: each treated
   * session beside others that are not yet treated at the same point.
   */
  index: {
    kind: 'session' | 'exposure' | 'landmark' | 'matched';
    type: string;
    minutes: number;
    /** A treatment in it makes T 1. */
    windowMinutes: number;
    /** An outcome in it makes Y 1; of an exposure or a landmark at least as long as the window. */
    horizonHours: number;
    sameItem: boolean;
    /** With 'nextExposure' the window ends at the user's next exposure if that comes first, so a treatment belongs to one row. */
    windowEnds: 'window' | 'nextExposure';
    /**
     * Between an exposure and its treatment. 'exclude': a row whose outcome comes before its treatment is left out, which is
     * asked in one group alone. 'align': time zero of a treated row is just before its treatment, that of every other row is
     * later than its exposure by a delay drawn from the treated's; who has an outcome, a treatment or the next exposure by
     * then is left out of either group. It needs 'nextExposure', and outcomes counted from time zero. 'keep': rows stay as chance
     * assigned them at time zero, whatever comes first; it needs `treatment.propensity`.
     */
    gracePeriod: 'exclude' | 'align' | 'keep';
    /** No treatment of the user in so many hours before time zero, in whatever session; 0: not asked. */
    washoutHours: number;
    /** Drawn for each treated row of a matched design. */
    controls: number;
    /** Of what is drawn: delays and controls. */
    seed: number;
  };
  sequence: {
    maxEvents: number;
    keep: 'first' | 'last';
    minEvents: number;
    padding: string | null;
    channels: ('gap' | 'hour' | 'weekday' | 'toTimeZero')[];
  };
  covariates: {
    /** Columns, or paths, of the input whose value at time zero becomes covariates; they need a time zero. */
    columns: string[];
    /** Training rows of a text of these columns that is a category of its own; rarer ones share one. */
    minCount: number;
  };
  vocabulary: {
    fitOn: 'all' | 'train' | 'trainX';
    minCount: number;
    /** Event ids 0 and 1 are [PAD] and [UNK]. */
    specialEvents: boolean;
  };
  split: {
    kind: 'shuffle' | 'hash' | 'time' | 'folds';
    seed: number;
    train: number;
    validation: number;
    test: number;
    folds: number | null;
    validationFrom: string | null;
    testFrom: string | null;
  };
  estimate: {
    /** Event types that the treatment cannot cause, for the estimate to find no effect on; chosen before outcomes are seen. */
    negativeControls: string[];
  };
  output: {
    /** Cells of the CSV output that a spreadsheet would run as a formula. */
    csvFormulas: 'harmless' | 'keep';
    /** Tokens a row of padded tensors; null: as many as the longest sequence has. */
    padTo: number | null;
  };
}

/**
 * A key of the plan, as a form or a help text shows it. Numbers are 'number', 'whole', 'hours' and 'minutes'; 'type' is an
 * event type and 'padding' one of the plan's; 'types', 'texts', 'columns' and 'channels' are lists, 'files' one of objects, 'formats' a text or
 * a list; 'tokens' is an object; 'preset' is one of the choices.
 */
export interface PlanKey {
  /** As in `session.gapHours`. */
  key: string;
  kind:
    | 'choice'
    | 'flag'
    | 'number'
    | 'whole'
    | 'hours'
    | 'minutes'
    | 'type'
    | 'padding'
    | 'types'
    | 'tokens'
    | 'texts'
    | 'name'
    | 'columns'
    | 'column'
    | 'path'
    | 'preset'
    | 'files'
    | 'character'
    | 'channels'
    | 'zone'
    | 'formats'
    | 'date';
  /** Whether null is a value. */
  nullable: boolean;
  /** The limits of a number; both are values. */
  low?: number;
  high?: number;
  /** What can be chosen, and what a person reads for it. */
  choices?: { value: string; label: string; traits?: RuleTraits }[];
  /** What stands behind a number. */
  unit?: string;
  label: string;
  help: string;
  /** The defaults of both profiles, which other keys may change: `readPlan` tells those that hold. */
  notebook: unknown;
  causal: unknown;
}

/** What a rule of `index.kind` has; src/trial/rules.h. */
export interface RuleTraits {
  timeZero: boolean;
  /** A treatment inside a window makes T 1. */
  window: boolean;
  /** Time zero belongs to an exposure. */
  exposure: boolean;
  /** Controls are drawn for the treated. */
  controls: boolean;
}

/** A plan as callers give it: any part of it. */
export type PartialPlan = { [Key in keyof Plan]?: Plan[Key] extends object ? Partial<Plan[Key]> : Plan[Key] };
