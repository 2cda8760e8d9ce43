/** Types of the public face: plan, report, results, errors. */

export type PartName = 'train' | 'validation' | 'test';
/** What `listFormats` lists; the notebook's two first. */
export type TableFormat =
  | 'parquet'
  | 'pickle'
  | 'jsonl'
  | 'parquet-flat'
  | 'csv'
  | 'arrow'
  | 'arrow-stream'
  | 'npz'
  | 'safetensors'
  | 'safetensors-padded'
  | 'covariates'
  | 'covariates-csv';
export type Role = 'user' | 'time' | 'type' | 'item';

/** A column by name, or by number (1 = first) where a file has no header; null: found by its name. */
export type ColumnName = string | number | null;

/** The plan with every key set, as `readPlan` gives it. Defaults are the engine's. */
export interface Plan {
  profile: 'notebook' | 'causal';
  /** What is told from the content, unless it is set: the format of text, and of CSV its separator and header. */
  input: {
    format: 'auto' | 'csv' | 'json';
    separator: 'auto' | ',' | ';' | '\t' | '|';
    header: 'auto' | 'yes' | 'no';
    /** Around cells that hold separators or line breaks; null: no character does that. */
    quote: string | null;
    /** Before a quote that belongs to the cell; null: such a quote is written twice. */
    escape: string | null;
    /** Texts that stand for a missing value, as an empty cell does. */
    nulls: string[];
  };
  columns: Record<Role, ColumnName>;
  /** Rows that cannot be read: without a user, a time or a type, with a bad time, or of another length. */
  rows: { bad: 'error' | 'drop' };
  /** Until when events were observed, a date as text; null: until the last event, a few stray late ones left out of account. */
  data: { end: string | null };
  time: { unit: 'auto' | 's' | 'ms' | 'us' | 'ns'; zone: string; ties: 'numpy' | 'input' | 'priority' };
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
  treatment: { type: string };
  outcome: {
    type: string;
    from: 'timeZero' | 'windowEnd';
    /** An outcome before the treatment or time zero. */
    prior: 'count' | 'ignore' | 'exclude';
    /** Rows whose follow-up the end of the data cuts. */
    censored: 'keep' | 'drop';
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
     * asked in one arm alone. 'align': time zero of a treated row is just before its treatment, that of every other row is
     * later than its exposure by a delay drawn from the treated's; who has an outcome, a treatment or the next exposure by
     * then is left out of either arm. It needs 'nextExposure', and outcomes counted from time zero.
     */
    gracePeriod: 'exclude' | 'align';
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
  output: {
    /** Cells of the CSV output that a spreadsheet would run as a formula. */
    csvFormulas: 'harmless' | 'keep';
    /** Tokens a row of padded tensors; null: as many as the longest sequence has. */
    padTo: number | null;
  };
}

/** A plan as callers give it: any part of it. */
export type PartialPlan = { [Key in keyof Plan]?: Plan[Key] extends object ? Partial<Plan[Key]> : Plan[Key] };

/** Sessions and outcome rates by arm. Rates are shares (0.25, not 25); null where there is nothing to divide by. */
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

export interface Report {
  engine: { name: string; version: string };
  plan: Plan;
  notices: Notice[];
  input: {
    files: FileReport[];
    rows: number;
    events: number;
    users: number;
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

export type Severity = 'error' | 'warning' | 'note';

/** What is wrong, how much of it, what follows, and the plan key that mends it. */
export interface Finding {
  code: string;
  severity: Severity;
  figures: Record<string, unknown>;
  consequence: string;
  repair: { key: string; value: unknown } | null;
}

/** Rows by arm; the naive difference of outcome rates, treated minus control, is null where an arm is empty. */
export interface ArmRows {
  rows: number;
  control: number;
  treated: number;
  controlOutcomes: number;
  treatedOutcomes: number;
  naiveDifference: number | null;
}

export interface AttritionStep {
  rows: number;
  sessions: number;
  users: number;
  control: number;
  treated: number;
  controlOutcomes: number;
  treatedOutcomes: number;
  treatmentRate: number | null;
  controlOutcomeRate: number | null;
  treatedOutcomeRate: number | null;
}

/** Rows with something, and their share of those there are. */
export interface Part {
  rows: number;
  share: number | null;
}

/** Likewise by arm, and by arm and outcome. */
export interface PartByArm extends Part {
  control: Part;
  treated: Part;
  controlNoOutcome: Part;
  controlOutcome: Part;
  treatedNoOutcome: Part;
  treatedOutcome: Part;
}

export interface ArmOverlap {
  rows: number;
  outside1Percent: number | null;
  outside5Percent: number | null;
  /** Of inverse propensity weights. */
  effectiveSampleSize: number | null;
  /** Rows by propensity, in 20 equal bins from 0 to 1. */
  histogram: number[];
}

/** audit.json: evidence of what a run made of its events. Rates are shares; null where there is nothing to divide by. */
export interface AuditReport {
  profile: Plan['profile'];
  indexKind: 'session' | 'exposure' | 'landmark' | 'matched';
  /** Worst first. */
  findings: Finding[];
  /** The report's. */
  notices: Notice[];
  events: { events: number; users: number; byType: Record<string, number> };
  attrition: {
    read: number;
    leftOut: number;
    leftOutByReason: Record<string, number>;
    duplicatesDropped: number;
    events: number;
    start: AttritionStep;
    /** Those that left out any row. */
    filters: { filter: string; removed: number; looksPastTimeZero: boolean; before: AttritionStep; after: AttritionStep }[];
    end: AttritionStep;
  };
  leakage: {
    /** X holds an outcome that counts for Y. */
    outcomeInX: PartByArm;
    /** X holds any outcome. */
    outcomeInHistory: PartByArm;
    treatmentInX: PartByArm;
    treatmentInHistory: PartByArm;
    padding: { rows: PartByArm; controlTokens: number; treatedTokens: number };
    /** How well one figure alone ranks treated rows above others; 0.5 tells nothing. */
    aucOfTreatment: Record<'length' | 'span' | 'lastEvent' | 'padding', number | null>;
    aucOfOutcomeFromToken: Record<'control' | 'treated', number | null>;
    /** Of treated rows with an outcome: their first outcome, or all of them, come before the first treatment. */
    outcomeBeforeTreatment: { rows: number; first: number; firstShare: number | null; all: number; allShare: number | null };
    /** What outcomes inside the treatment window can do to the naive difference; of landmarks, and of exposures with gracePeriod 'exclude'. */
    immortalTime: {
      /** Rows whose outcome comes before their treatment. */
      leftOut: number;
      /** Rows that are kept, untreated, with an outcome inside the window. */
      untreatedWindowOutcomes: number;
      naiveDifference: number | null;
      /** Of the difference, whichever arm each of these rows belongs to; neither confounding nor overlapping windows count. */
      interval: [number, number] | null;
      /** 99 % of the treatments come no later after the last exposure before them; null of landmarks. */
      usualDelayMinutes: number | null;
    } | null;
  };
  /** Means by arm and standardized mean differences, raw and after inverse propensity weighting. */
  balance: { covariate: string; control: number | null; treated: number | null; smd: number | null; weightedSmd: number | null }[];
  /** Of a logistic propensity fitted on training rows; null without both arms there. */
  overlap: {
    fittedRows: number;
    converged: boolean;
    auc: number | null;
    outside1Percent: number | null;
    outside5Percent: number | null;
    control: ArmOverlap;
    treated: ArmOverlap;
  } | null;
  /** Rows by arm and length of X, padding included: entry i has `edges[i]` tokens or more, fewer than `edges[i + 1]`. */
  lengths: { edges: number[]; control: number[]; treated: number[] };
  ties: {
    rule: Plan['time']['ties'];
    tiedEvents: number;
    tiedShare: number | null;
    sessions: number;
    /** Sessions that another rule changes; `changed`: treatment, outcome or the cut of X; `order`: X itself. */
    under: { rule: Plan['time']['ties']; changed: number; treatment: number; outcome: number; cut: number; order: number }[];
  };
  gaps: {
    /** Gaps between two events of a user; `gaps[i]` lie in edgesSeconds[i] .. edgesSeconds[i + 1]. */
    histogram: { zero: number; underASecond: number; over30Days: number; edgesSeconds: number[]; gaps: number[] };
    /** By the notebook's rule, as functions of the gap. */
    curve: {
      gapHours: number;
      created: number;
      sessions: number;
      treatmentRate: number | null;
      outcomeRate: number | null;
      naiveDifference: number | null;
    }[];
  };
  vocabulary: {
    /** Different ones in the input; 0 without a column of items. */
    itemsInData: number;
    items: number;
    neverInTrainX: number;
    neverInTrainXShare: number | null;
    belowMinCount: number;
    /** Events in X, each once. */
    parts: Record<PartName, { tokens: number; withoutItem: number; known: number; unknown: number; unknownShare: number | null; belowMinCount: number; unknownTypes: number }>;
  };
  split: {
    usersInSeveralParts: number;
    purged: number;
    /**
     * Those in no part included. `interval95`: of the naive difference, clustered by user. `outcomeEvents`: events that make
     * Y 1, each once however many rows count it; null without a time zero, where rows share none.
     */
    all: ArmRows & { interval95: [number, number] | null; outcomeEvents: number | null };
    parts: Record<PartName, ArmRows & { users: number; interval95: [number, number] | null; firstTimeZero: string | null; lastTimeZero: string | null }>;
  };
  window: {
    sessions: number;
    beginWithinGapOfFirstEvent: number;
    openAtLastEvent: number;
    rows: number;
    censoredRows: number;
    censoredLeftOut: number;
    dataHours: number;
    followUpHours: number | null;
    /** From the earliest time zero to the end of the data. */
    longestFollowUpHours: number | null;
    /** Rows whose window holds a later exposure of the user; 0 where it ends there. Null, as the next one, without a window. */
    windowHoldsExposure: number | null;
    /** Treated rows whose treatment follows such an exposure. */
    treatedAfterLaterExposure: number | null;
    /** Treated rows whose treatment has the instant of their exposure; null unless there are exposures. */
    treatedAtExposureInstant: number | null;
    /** Control rows with a treatment of their user within a horizon before time zero; null without a time zero. */
    controlsAfterTreatment: number | null;
  };
  /** The notebook's table, then one repair more a step. */
  ledger: {
    indexKind: AuditReport['indexKind'];
    duplicates: number;
    steps: (ArmRows & {
      step: string;
      key: string | null;
      value: unknown;
      lengthSmd: number | null;
      aucLength: number | null;
      aucPadding: number | null;
      /** Share of the untreated rows with an outcome whose X holds one. */
      outcomeInX: number | null;
    })[];
  };
}

/** Item and event ids to their texts. */
export interface Vocabulary {
  /** Event types by event id. */
  eventTypes: string[];
  /** Items, special tokens included. */
  size: number;
  /** Text i is `bytes[offsets[i] .. offsets[i + 1]]`, UTF-8. */
  offsets: Uint32Array;
  bytes: Uint8Array;
}

/** One part of the split as columns. Tokens of session i: `offsets[i] .. offsets[i + 1]`, padding included. */
export interface SplitColumns {
  /** Position of each session before the split: the data frame's index. */
  index: Uint32Array;
  offsets: Uint32Array;
  eventIds: Uint8Array;
  itemIds: Uint32Array;
  /** Since the session's first event. */
  minutes: Float64Array;
  treatment: Uint8Array;
  outcome: Uint8Array;
  /** The session's first event, microseconds since 1970-01-01 UTC. */
  startUs: Float64Array;
  /** 1, 2, ... within the user; a session id is user + "_" + number. */
  sessionNumbers: Uint32Array;
  /** User of session i: UTF-8 bytes `userOffsets[i] .. userOffsets[i + 1]` of `userBytes`. */
  userOffsets: Uint32Array;
  userBytes: Uint8Array;
  /** Of each of the plan's channels, by the outputs' name (`gap_minutes`, ...), a value a token. */
  channels: Record<string, Float64Array>;
  /** Where there is a time zero `trial`, `time_zero_us` and `censored`, with folds `fold`: a value a session. */
  rowColumns: Record<string, Float64Array>;
}

/** A file that a run can write; `path` is below the output folder. */
export interface OutputFile {
  path: string;
  format: TableFormat | 'vocabulary' | 'metadata' | 'audit';
  part: PartName | null;
}

/** A format as a form shows it. */
export interface TableFormatInfo {
  name: TableFormat;
  label: string;
  /** Without the dot. */
  extension: string;
  description: string;
  /** It can be written only where the plan's index.kind is not "session". */
  needsTimeZero: boolean;
}

/** Of a file's bytes; SHA-256 as 64 lower-case hexadecimal digits. */
export interface Digest {
  bytes: number;
  sha256: string;
}

/** A file with its digest. */
export interface HashedFile extends OutputFile, Digest {}

/** manifest.json: what a run read, did and wrote. */
export interface Manifest {
  engine: { name: string; version: string };
  plan: Plan;
  inputs: { name: string; bytes: number; sha256: string }[];
  rows: {
    read: number;
    leftOut: number;
    leftOutByReason: Record<string, number>;
    events: number;
    sessions: { created: number; tooShort: number; eventsInTooShort: number; kept: number };
    splits: Record<PartName, { users: number; sessions: number; treated: number; outcomes: number }>;
  };
  notices: Notice[];
  outputs: { path: string; format: string; bytes: number; sha256: string }[];
}

export interface Progress {
  /** 'reading', then 'ordering', 'sessions', 'trials', 'split', 'vocabulary', 'sequences', 'reporting', 'done'; 'auditing'
   *  before 'sessions' and 'sequences' if there is an audit; 'hashing' for a manifest. */
  stage: string;
  /** Bytes read so far, and of all files where their sizes are known. */
  bytesRead: number;
  bytesTotal: number | null;
}

/** How a caller follows work that takes a while, and stops it. */
export interface Watch {
  onProgress?: ((progress: Progress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface PrepareOptions extends Watch {
  /** There will be a manifest: inputs that can be read only once are hashed as they come, paths beside the run. */
  manifest?: boolean;
  /** Threads that read a large CSV or JSON lines file; as many as the machine has, up to 8, unless set. The result is the same. */
  threads?: number | undefined;
  /** Look for what stands in the way of a causal reading; `dataset.audit` then tells. */
  audit?: boolean;
  /**
   * Keep the events as they were read, for `reuse` and for `lookAt`: 13 bytes of memory each. Where there is no room for
   * them the run goes on without, and `dataset.keepsEvents` is false.
   */
  keepEvents?: boolean;
  /**
   * An earlier dataset that keeps its events. Reading is left out if it was made of the same source objects, which must not
   * have changed since, by a plan that reads alike: input, columns, time.unit, time.zone, events.types, events.unknown and
   * the tokens of events.withoutItem are equal. Otherwise the source is read as usual. The result is the same, to the byte;
   * the earlier dataset may be disposed of at any time, also during the run.
   */
  reuse?: Dataset | null | undefined;
}

/** Which rows of the table are listed: all, unless something is asked for. */
export interface SessionQuery {
  part?: PartName | undefined;
  treatment?: 0 | 1 | undefined;
  outcome?: 0 | 1 | undefined;
  /** What the session's id, its user's id and a number, has to contain. */
  text?: string | undefined;
  /** Rows to leave out first; 0 unless set. */
  offset?: number | undefined;
  /** Rows to list then, at most; 50 unless set. */
  limit?: number | undefined;
}

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
   * 'x': in X. 'cut': before time zero, left out by sequence.maxEvents or behind a matched row's last exposure.
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

/** What `prepare` gives. Every method is asynchronous, so that the engine may live in a worker. */
export interface Dataset {
  report: Report;
  vocabulary: Vocabulary;
  /** Null unless it was asked for. */
  audit: AuditReport | null;
  /** Whether the events are kept: it was asked for, and there was room. */
  keepsEvents: boolean;
  /** Whether an earlier dataset's events were taken, and nothing was read. */
  reusedEvents: boolean;
  split(part: PartName): Promise<SplitColumns>;
  /** Rows of the table, a page of them. */
  listSessions(query?: SessionQuery): Promise<SessionList>;
  /** A row with all events of its session; of a dataset that keeps its events. */
  lookAt(row: number): Promise<SessionView>;
  /** The files of a run in these formats; without any, all formats, and the audit if there was one. */
  files(formats?: (TableFormat | 'audit')[]): Promise<OutputFile[]>;
  /** The bytes of one file, in pieces, in order. */
  writePieces(path: string, onPiece: (bytes: Uint8Array) => void): Promise<void>;
  /** The bytes of one file. `write('train', 'parquet')`, `write('vocabulary')`, `write('metadata')`, `write('audit')`. */
  write(name: PartName | 'vocabulary' | 'metadata' | 'audit', format?: TableFormat): Promise<Uint8Array>;
  /** Size and SHA-256 of one file, which is made for it and not kept. */
  digest(path: string): Promise<Digest>;
  /** The bytes of manifest.json for these files. Those without a digest are made once more for it, inputs read again. */
  manifest(files: readonly (OutputFile | HashedFile)[], watch?: Watch): Promise<Uint8Array>;
  /** Frees the engine's memory; nothing else may be called afterwards. */
  dispose(): void;
}

/**
 * What a run over a file will need. Rows are counted where the file states them or was seen whole, else guessed from its
 * size and first rows. `bytes`: of the engine's memory, rather too many than too few; `leastBytes`: surely as many.
 */
export interface Estimate {
  rows: number;
  bytes: number;
  leastBytes: number;
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
  columns?: Record<Role, string | null>;
  /** The file may have further columns: it is a JSON object of columns, and longer than what was looked at. */
  moreColumns?: true;
  /** First rows, cells by position in `columnNames`. */
  rows?: string[][];
  /** Absent where it cannot be told: of a stream, of Arrow, of a JSON object of columns. */
  estimate?: Estimate;
  /** Why there are no rows although a run would read the file. */
  note?: string;
  /** What may be wrong, as far as the first bytes show. */
  notices?: Notice[];
  /** So many of the first bytes may show what is missing. */
  needsBytes?: number;
}

/**
 * A table as one array a column, all of one length: `{user_id: ['a', 'b'], event_time: Float64Array.of(5, 6)}`. Cells are
 * read as those of rows are: Dates are times, BigInts keep their digits; undefined and NaN are missing, as null is.
 */
export type ColumnArrays = Readonly<Record<string, readonly unknown[] | ArrayLike<number> | ArrayLike<bigint>>>;

/**
 * One file of a source: bytes or text, a Blob or File, a stream, rows, or columns. An apache-arrow Table is given as the
 * bytes `tableToIPC(table)` makes of it.
 */
export type SourceItem =
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | string
  | ReadableStream<Uint8Array>
  | NamedSource
  | readonly object[]
  | ColumnArrays;

/** A source with a name for messages. */
export interface NamedSource {
  name: string;
  data: Blob | ArrayBuffer | ArrayBufferView | string | ReadableStream<Uint8Array>;
}

/** One file, or several that are read as one stream in the given order. A string is the file's text, not a path. */
export type Source = SourceItem | readonly SourceItem[];

export interface Where {
  file?: string;
  row?: number;
  line?: number;
  column?: string;
}

/** Data or a plan that the engine refuses; `message` is a sentence with the place, the finding and the rule. */
export class EventDataError extends Error {
  override name = 'EventDataError';
  constructor(
    readonly code: string,
    message: string,
    readonly where: Where = {},
  ) {
    super(message);
  }
}

/** Anything else is refused by name; 0 users or items are a number that suits the events. */
export interface SimulateOptions {
  /** Rows of the file. */
  events?: number;
  /** Exactly this many, who come back until the end; 0: about events / 70, who come and go. */
  users?: number;
  /** In the catalogue. */
  items?: number;
  /** Over which users arrive. */
  days?: number;
  /** Of a click on a purchase, in log odds; 0: none. */
  effect?: number;
  /** How much of the history that leads to clicks leads to purchases too. */
  confounding?: number;
  /** Divides all times within a visit; at 10 exposures are half a minute apart. */
  pace?: number;
  /** How many times later clicks come; purchases and the next exposure wait for the latest of them. */
  linger?: number;
  /** Probability of a purchase at an exposure, within five minutes, that asks nothing of the click. */
  impulse?: number;
  /** Weight of a trait of the user that no row tells of, on clicks and on purchases, in log odds a standard deviation. */
  hidden?: number;
  /** Makes clicks all but certain or all but impossible, by the history. */
  overlap?: number;
  /** Of a click in the last 24 hours on the purchase at a later exposure, in log odds. */
  carryover?: number;
  /** How much the effect grows with the history, in log odds. */
  varying?: number;
  /** Seconds of a tick of the clock that the times are told by; 0: microseconds. */
  coarseClock?: number;
  /** Share of rows that stand up to 20 minutes late in the file. */
  lateShare?: number;
  seed?: number;
  /** Pairs of futures that the truth is averaged from; no event depends on it. */
  draws?: number;
}

/** What a simulated stream's treatment does, by Monte Carlo on the model that makes the stream. */
export interface Truth {
  /** What the effect is the effect of, in a sentence. */
  estimand: string;
  /** riskTreated - riskUntreated. */
  effect: number;
  /** The same, weighted by the probability p of a click, and by p (1 - p). */
  effectOnTreated: number;
  effectOnOverlap: number;
  /** Of `effect`, Monte Carlo alone: it falls with the root of the draws. */
  standardError: number;
  riskTreated: number;
  riskUntreated: number;
  eligibleExposures: number;
  pairsFollowed: number;
  horizonHours: number;
  model: { symbols: string; click: Record<string, number | string>; purchase: Record<string, number | string>; adjustFor: string };
  options: Required<SimulateOptions>;
}
