/** A dataset over whoever answers for its run: the engine on this thread, or a worker. */
import {
  EventDataError,
  type AuditReport,
  type Dataset,
  type Digest,
  type BlindAudit,
  type EffectEstimate,
  type HashedFile,
  type HtmlReportOptions,
  type OutputFile,
  type PartName,
  type Progress,
  type Report,
  type SessionList,
  type SessionQuery,
  type SessionView,
  type SplitColumns,
  type TableFormat,
  type Vocabulary,
  type Watch,
} from '../types/index.js';
import { concatenate } from './pieces.js';
import { checkedQuery } from './session-query.js';
import { sameOrigin, type Origin } from './source.js';
import * as WORDS from '../words.js';

/** What is known of a run without asking for it. */
export interface Facts extends Pick<Dataset, 'report' | 'vocabulary' | 'audit' | 'keepsEvents' | 'reusedEvents'> {
  /** Formats that the run's design has nothing for. */
  withoutUse: readonly TableFormat[];
}

/** How a call is heard of and stopped while it is under way. */
export interface Hooks {
  onProgress(progress: Progress): void;
  onPiece(bytes: Uint8Array): void;
  signal: AbortSignal | undefined;
}

/** The formats of files that are asked for; undefined: all. */
export type Formats = (TableFormat | 'audit')[] | undefined;

/** What a run can be asked for, with arguments that have been checked. */
export interface Port {
  split(part: PartName): Promise<SplitColumns>;
  listSessions(query: SessionQuery): Promise<SessionList>;
  lookAt(row: number): Promise<SessionView>;
  files(formats: Formats): Promise<OutputFile[]>;
  write(path: string, hooks: Hooks): Promise<void>;
  digest(path: string): Promise<Digest>;
  reportHtml(exactCounts: boolean, manifestSha256: string): Promise<string>;
  estimate(): Promise<EffectEstimate>;
  blindAudit(): Promise<BlindAudit>;
  manifest(files: readonly (OutputFile | HashedFile)[], hooks: Hooks): Promise<Uint8Array>;
  dispose(): Promise<void>;
}

/** Checks and defaults are here, once, so that a dataset says the same wherever its run is. */
export class PreparedDataset implements Dataset {
  readonly report: Report;
  readonly vocabulary: Vocabulary;
  readonly audit: AuditReport | null;
  readonly keepsEvents: boolean;
  readonly reusedEvents: boolean;
  readonly #withoutUse: readonly TableFormat[];
  readonly #port: Port;
  readonly #origin: Origin | null;

  constructor(facts: Facts, port: Port, origin: Origin) {
    this.report = facts.report;
    this.vocabulary = facts.vocabulary;
    this.audit = facts.audit;
    this.keepsEvents = facts.keepsEvents;
    this.reusedEvents = facts.reusedEvents;
    this.#withoutUse = facts.withoutUse;
    this.#port = port;
    this.#origin = facts.keepsEvents ? origin : null; // not held for nothing
  }

  get port(): Port {
    return this.#port;
  }

  /** Who has the events, for a run that may start from them; nothing if they are not kept, or of other files. */
  eventsOf(origin: Origin): Port | undefined {
    return this.#origin !== null && sameOrigin(origin, this.#origin) ? this.#port : undefined;
  }

  split(part: PartName): Promise<SplitColumns> {
    return this.#port.split(part);
  }

  async listSessions(query: SessionQuery = {}): Promise<SessionList> {
    return this.#port.listSessions(checkedQuery(query, this.keepsEvents));
  }

  async lookAt(row: number): Promise<SessionView> {
    const { rows } = this.report.trials;
    if (!this.keepsEvents) {
      throw new EventDataError('badCall', WORDS.keepsNoEvents('look at'));
    }
    if (!Number.isInteger(row) || row < 0 || row >= rows) {
      throw new EventDataError('badCall', WORDS.noRow(String(row), rows));
    }
    return this.#port.lookAt(row);
  }

  async files(formats?: (TableFormat | 'audit')[]): Promise<OutputFile[]> {
    const files = await this.#port.files(formats);
    // Asked for nothing in particular, what this run cannot write is not offered.
    return formats ? files : files.filter(({ format }) => !this.#withoutUse.includes(format as TableFormat));
  }

  async writePieces(path: string, onPiece: (bytes: Uint8Array) => void): Promise<void> {
    await this.#port.write(path, hooksOf({}, onPiece));
  }

  async write(
    name: PartName | 'vocabulary' | 'metadata' | 'dictionary' | 'audit',
    format: TableFormat = 'parquet',
  ): Promise<Uint8Array> {
    // Among all files, so that the engine says why it cannot write one.
    const file = (await this.#port.files(undefined)).find((entry) =>
      entry.part === null ? entry.format === name : entry.part === name && entry.format === format,
    );
    if (!file) throw new EventDataError('badCall', WORDS.noFile(name, format));
    const pieces: Uint8Array[] = [];
    await this.writePieces(file.path, (piece) => pieces.push(piece));
    return concatenate(pieces);
  }

  digest(path: string): Promise<Digest> {
    return this.#port.digest(path);
  }

  async reportHtml({ counts = 'suppressed', manifestSha256 = '' }: HtmlReportOptions = {}): Promise<string> {
    if (!this.audit) throw new EventDataError('badCall', WORDS.noAudit('The report shows the audit'));
    if ((counts !== 'suppressed' && counts !== 'exact') || !/^([0-9a-f]{64})?$/.test(manifestSha256)) {
      throw new EventDataError('badCall', WORDS.reportOptions);
    }
    return this.#port.reportHtml(counts === 'exact', manifestSha256);
  }

  async estimate(): Promise<EffectEstimate> {
    if (!this.audit) throw new EventDataError('badCall', WORDS.noAudit('The estimate asks the audit'));
    return this.#port.estimate();
  }

  async blindAudit(): Promise<BlindAudit> {
    if (!this.audit) throw new EventDataError('badCall', WORDS.noAudit('It is a part of the audit'));
    return this.#port.blindAudit();
  }

  async manifest(files: readonly (OutputFile | HashedFile)[], watch: Watch = {}): Promise<Uint8Array> {
    watch.signal?.throwIfAborted();
    return this.#port.manifest(files, hooksOf(watch));
  }

  dispose(): void {
    void this.#port.dispose().catch(() => undefined); // where there is nobody to hear it, nothing is held
  }
}

/** Hooks of a caller who listens to some of it. */
export function hooksOf({ onProgress = () => undefined, signal }: Watch, onPiece: Hooks['onPiece'] = () => undefined): Hooks {
  return { onProgress, onPiece, signal };
}
