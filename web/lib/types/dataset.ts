/** The dataset that a run gives, and how the run is followed. */
import type { AuditReport } from './audit.js';
import type { BlindAudit, EffectEstimate } from './estimate.js';
import type { SessionList, SessionQuery, SessionView } from './look.js';
import type { Digest, HashedFile, HtmlReportOptions, OutputFile, TableFormat } from './output.js';
import type { PartName } from './plan.js';
import type { Report } from './report.js';

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
  /** Where there is a time zero `trial`, `time_zero_us` and `censored`, with folds `fold`, with `outcome.value` `outcome_value`: a value a session. */
  rowColumns: Record<string, Float64Array>;
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
  /**
   * Threads of a run over 16 MB or more; as many as the machine has, up to 8, unless set. In a page it has to be isolated, or one
   * works. The result is the same.
   */
  threads?: number | undefined;
  /** Look for what stands in the way of a causal interpretation; `dataset.audit` then tells. */
  audit?: boolean;
  /**
   * Keep the events as they were read, for `reuse` and for `lookAt`: 13 bytes of memory each. Where there is no room for
   * them the run goes on without, and `dataset.keepsEvents` is false.
   */
  keepEvents?: boolean;
  /**
   * An earlier dataset that keeps its events. Reading is left out if it was made of the same source objects, which must not
   * have changed since, by a plan that reads alike: input, columns, time.unit, time.zone, time.format, events.types, events.unknown and
   * the tokens of events.withoutItem are equal. Otherwise the source is read as usual. The result is the same, to the byte;
   * the earlier dataset may be disposed of at any time, also during the run.
   */
  reuse?: Dataset | null | undefined;
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
  /** The bytes of one file. `write('train', 'parquet')`, `write('vocabulary')`, `write('metadata')`, `write('dictionary')`, `write('audit')`. */
  write(name: PartName | 'vocabulary' | 'metadata' | 'dictionary' | 'audit', format?: TableFormat): Promise<Uint8Array>;
  /** Size and SHA-256 of one file, which is made for it and not kept. */
  digest(path: string): Promise<Digest>;
  /** Verdict, charts, findings, plan and the TARGET checklist as one HTML page without scripts; of a dataset with an audit. */
  reportHtml(options?: HtmlReportOptions): Promise<string>;
  /** The effect, adjusted for what is recorded, and what could overturn it, or why none is told; of a dataset with an audit. */
  estimate(): Promise<EffectEstimate>;
  /** The audit without outcomes, and the smallest effect that the rows could show; of a dataset with an audit. */
  blindAudit(): Promise<BlindAudit>;
  /** The bytes of manifest.json for these files. Those without a digest are made once more for it, inputs read again. */
  manifest(files: readonly (OutputFile | HashedFile)[], watch?: Watch): Promise<Uint8Array>;
  /** Frees the engine's memory; nothing else may be called afterwards. */
  dispose(): void;
}
