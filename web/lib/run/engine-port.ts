/** A run in the engine of this thread. */
import type { Engine, EngineRun } from '../engine/bindings.js';
import { digestOf, type Hasher } from '../engine/digest.js';
import { check, guarded, isSound, raise } from '../engine/engine.js';
import {
  EventDataError,
  type AuditReport,
  type Dataset,
  type Digest,
  type BlindAudit,
  type EffectEstimate,
  type FileReport,
  type HashedFile,
  type OutputFile,
  type PartName,
  type Report,
  type SessionList,
  type SessionQuery,
  type SessionView,
  type SplitColumns,
} from '../types/index.js';
import { PreparedDataset, type Facts, type Formats, type Hooks, type Port } from './dataset.js';
import { hasTimeZero } from './design.js';
import { listFiles } from './formats.js';
import { planText } from './json.js';
import { throughPieces } from './pieces.js';
import type { OpenFile } from './source.js';
import * as WORDS from '../words.js';

/** The digests of inputs that can still be read when somebody asks for them; each is read once. */
export class LateDigests {
  readonly #files: readonly OpenFile[];
  readonly #newHasher: () => Hasher;
  readonly #known: Digest[] = [];

  constructor(files: readonly OpenFile[], newHasher: () => Hasher) {
    this.#files = files;
    this.#newHasher = newHasher;
  }

  /** Of one that was hashed while it was read. */
  take(input: number, digest: Digest): void {
    this.#known[input] = digest;
  }

  /** `onBytes` as in digestOf(). */
  async of(input: number, onBytes: (bytes: number) => void): Promise<Digest> {
    const file = this.#files[input]!;
    return (this.#known[input] ??= await (file.digest?.(onBytes) ?? this.#read(file, onBytes)));
  }

  #read(file: OpenFile, onBytes: (bytes: number) => void): Promise<Digest> {
    if (file.once) throw new EventDataError('badCall', WORDS.gone(file.name));
    return digestOf(file.pieces(), this.#newHasher(), onBytes);
  }
}

/** After a trap the engine is dropped, and its memory with it: a run of it would wait for threads that have been ended. */
export function release({ engine, run }: { engine: Engine; run: EngineRun }): void {
  if (!isSound(engine)) return;
  try {
    run.delete();
  } catch {
    // nothing is left to free
  }
}

/** A run whose port nobody holds any more gives its memory back, should dispose() have been forgotten. */
const forgotten = new FinalizationRegistry<{ engine: Engine; run: EngineRun }>(release);

export class EnginePort implements Port {
  readonly engine: Engine;
  /** Of the inputs, in their order. */
  readonly digests: LateDigests;
  readonly facts: Facts;
  readonly #inputs: readonly { name: string; bytes: number }[];
  #run: EngineRun | undefined;

  constructor(engine: Engine, run: EngineRun, digests: LateDigests, reusedEvents: boolean) {
    this.engine = engine;
    this.digests = digests;
    this.facts = factsOf(engine, run, reusedEvents);
    this.#inputs = guarded(() => run.inputs());
    this.#run = run;
    forgotten.register(this, { engine, run }, this);
  }

  /** For a run that may start from this one's events; nothing if it is over, or new runs have another engine. */
  get run(): EngineRun | undefined {
    return isSound(this.engine) ? this.#run : undefined;
  }

  /** Of all inputs. */
  get bytesRead(): number {
    return this.#inputs.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async split(part: PartName): Promise<SplitColumns> {
    const columns = guarded(() => this.#open().split(part));
    return 'code' in columns ? raise(columns) : columns;
  }

  async listSessions(query: SessionQuery): Promise<SessionList> {
    const text = planText(query);
    return JSON.parse(guarded(() => this.#open().listSessions(text))) as SessionList;
  }

  async lookAt(row: number): Promise<SessionView> {
    return JSON.parse(guarded(() => this.#open().lookAt(row))) as SessionView;
  }

  async files(formats: Formats): Promise<OutputFile[]> {
    return listFiles(this.engine, formats, this.facts.audit !== null);
  }

  async write(path: string, { onPiece }: Hooks): Promise<void> {
    const run = this.#open();
    throughPieces(onPiece, (hand) => check(guarded(() => run.write(path, hand))));
  }

  async digest(path: string): Promise<Digest> {
    const digest = guarded(() => this.#open().digest(path));
    return 'code' in digest ? raise(digest) : digest;
  }

  async reportHtml(exactCounts: boolean, manifestSha256: string): Promise<string> {
    return guarded(() => this.#open().reportHtml(exactCounts, manifestSha256));
  }

  async estimate(): Promise<EffectEstimate> {
    return JSON.parse(guarded(() => this.#open().estimate())) as EffectEstimate;
  }

  async blindAudit(): Promise<BlindAudit> {
    return JSON.parse(guarded(() => this.#open().blindAudit())) as BlindAudit;
  }

  async manifest(files: readonly (OutputFile | HashedFile)[], { onProgress, signal }: Hooks): Promise<Uint8Array> {
    const inputs: string[] = [];
    const bytesTotal = this.bytesRead;
    let before = 0;
    for (const [i, { name, bytes: read }] of this.#inputs.entries()) {
      signal?.throwIfAborted();
      const { bytes, sha256 } = await this.digests.of(i, (sofar) => {
        signal?.throwIfAborted();
        onProgress({ stage: 'hashing', bytesRead: before + sofar, bytesTotal });
      });
      before += bytes;
      if (bytes !== read) {
        throw new EventDataError('unreadable', WORDS.changed(name, read, bytes));
      }
      inputs.push(sha256);
    }
    const outputs: HashedFile[] = [];
    for (const file of files) outputs.push('sha256' in file ? file : { ...file, ...(await this.digest(file.path)) });
    return new TextEncoder().encode(guarded(() => this.#open().manifest(inputs, outputs)));
  }

  async dispose(): Promise<void> {
    if (!this.#run) return;
    forgotten.unregister(this);
    release({ engine: this.engine, run: this.#run });
    this.#run = undefined;
  }

  #open(): EngineRun {
    if (!this.#run) throw new EventDataError('badCall', WORDS.disposed);
    return this.#run;
  }
}

/** The run of a dataset that was made on this thread. */
export function runOf(dataset: Dataset): EngineRun {
  const port = dataset instanceof PreparedDataset ? dataset.port : undefined;
  if (!(port instanceof EnginePort) || !port.run) throw new EventDataError('badCall', WORDS.notOfThisThread);
  return port.run;
}

function factsOf(engine: Engine, run: EngineRun, reusedEvents: boolean): Facts {
  const keepsEvents = guarded(() => run.keepsEvents());
  const report = JSON.parse(guarded(() => run.report())) as Report;
  report.input.files = filesOf(run);
  const vocabulary = guarded(() => run.vocabulary());
  const audit = guarded(() => run.audit());
  const timed = hasTimeZero(report.plan.index.kind);
  return {
    report,
    vocabulary,
    audit: audit === '' ? null : (JSON.parse(audit) as AuditReport),
    keepsEvents,
    reusedEvents,
    withoutUse: timed
      ? []
      : engine
          .listFormats()
          .filter(({ needsTimeZero }) => needsTimeZero)
          .map(({ name }) => name),
  };
}

/** In parts, as there may be tens of thousands; those with the columns of the one before share what says so. */
function filesOf(run: EngineRun): FileReport[] {
  const files: FileReport[] = [];
  for (;;) {
    const more = JSON.parse(guarded(() => run.reportFiles(files.length, FILES_AT_ONCE))) as FileReport[];
    for (const file of more) {
      const before = files.at(-1);
      if (before && hasColumnsOf(file, before)) [file.columnNames, file.columns] = [before.columnNames, before.columns];
      files.push(file);
    }
    if (more.length < FILES_AT_ONCE) return files;
  }
}

const FILES_AT_ONCE = 256;

function hasColumnsOf(one: FileReport, other: FileReport): boolean {
  const { columnNames, columns } = one;
  const roles = Object.keys(columns) as (keyof FileReport['columns'])[];
  return (
    columnNames.length === other.columnNames.length &&
    columnNames.every((name, i) => name === other.columnNames[i]) &&
    roles.every((role) => columns[role] === other.columns[role])
  );
}
