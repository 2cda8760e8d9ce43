/** Runs the engine on this thread: in Node, inside a worker, or on a page that accepts the wait. */
import { loadCodecs } from './codecs.js';
import { digestOf, engineHasher, type Hasher } from './digest.js';
import { refuseTooMuch, sumOf } from './estimate.js';
import { check, guarded, isSound, loadEngine, planText, raise, roomFor, type Engine, type EngineRun, type Range } from './engine.js';
import { loadExtras, loadForFormat } from './extras.js';
import { Crew, partSizes, readInParts, threadsOf, type StartHelpers } from './parts.js';
import { openBytes, openSource, originOf, sameOrigin, type OpenFile, type Origin } from './source.js';
import {
  EventDataError,
  type AuditReport,
  type Dataset,
  type Digest,
  type HashedFile,
  type Inspection,
  type OutputFile,
  type PartialPlan,
  type PartName,
  type Plan,
  type PrepareOptions,
  type Progress,
  type Report,
  type SessionList,
  type SessionQuery,
  type SessionView,
  type SimulateOptions,
  type Source,
  type SplitColumns,
  type TableFormat,
  type TableFormatInfo,
  type Truth,
  type Vocabulary,
  type Watch,
} from './types/index.js';

/** A file that puts its bytes into the engine's memory itself, without a copy in between. */
export interface DirectFile extends OpenFile {
  /** Fills `room` and returns the bytes put there; 0 at the end. From `offset` on, or from where the last call ended. */
  readInto(room: Uint8Array, offset?: number): number;
}

const WINDOW_BYTES = 1 << 20;
/** Pieces between two looks at the event loop, so that progress shows and a signal is heard. */
const PIECES_A_TURN = 16;

/** Reads events, makes (X, T, Y), a vocabulary and a split of users. */
export async function prepare(source: Source, plan?: PartialPlan, options: PrepareOptions = {}): Promise<Dataset> {
  return prepareFiles(openSource(source), plan, options, undefined, undefined, originOf(source));
}

/** `origin`: of the files; without it, no later run starts from this one's events. */
export async function prepareFiles(
  files: OpenFile[],
  plan: PartialPlan | undefined,
  options: PrepareOptions,
  newHasher?: () => Hasher,
  startHelpers?: StartHelpers,
  origin: Origin = [{}],
): Promise<Dataset> {
  options.signal?.throwIfAborted();
  const threads = threadsOf(options.threads, 1);
  // Nothing is waited for before the new run has the earlier one's events, since that may be disposed of meanwhile.
  const earlier = options.reuse instanceof EngineDataset ? options.reuse.reading(origin) : undefined;
  const engine = earlier?.engine ?? (await loadEngine());
  const planJson = completePlan(engine, plan);
  const run = guarded(() => engine.createRun(planJson, options.audit === true))!;
  let crew: Crew | undefined;
  try {
    const reused = earlier !== undefined && guarded(() => run.startFrom(earlier.run)) ? earlier : undefined;
    if (options.keepEvents === true) guarded(() => run.keepEvents());
    if (options.audit === true) await loadExtras(engine);
    const hashing = newHasher ?? (() => engineHasher(engine));
    const digests = reused?.digests ?? files.map((file) => digestLater(file, hashing));
    let bytes: Bytes = { bytesRead: reused?.bytes ?? 0, bytesTotal: reused?.bytes ?? 0 };
    if (!reused) {
      if (startHelpers && threads > 1 && files.some(isLarge)) crew = new Crew(threads, startHelpers);
      await refuseWhatCannotFit(engine, files, plan);
      const helped = crew && { crew, plan: planJson };
      bytes = await readFiles(engine, run, files, options, (i, digest) => (digests[i] = async () => digest), hashing, helped);
    }
    const ended = crew?.end();
    while (run.stage() !== 'done') {
      options.onProgress?.({ stage: run.stage(), ...bytes });
      await turn(options.signal);
      check(guarded(() => run.advance()));
    }
    await ended;
    options.onProgress?.({ stage: 'done', ...bytes });
    return new EngineDataset(engine, run, digests, origin, reused !== undefined);
  } catch (error) {
    release(run);
    await crew?.end();
    throw error;
  }
}

type Bytes = Pick<Progress, 'bytesRead' | 'bytesTotal'>;

/** Whether a file is worth several threads. */
function isLarge(file: OpenFile): boolean {
  return isAnywhere(file) && file.size! >= partSizes.leastFile && !file.once;
}

/** Smaller inputs are not looked at before they are read. */
const LOOKED_AT_BYTES = 256e6;

/** Rows that are left out, if the plan says so, take no memory, and how many there are nobody knows. */
async function refuseWhatCannotFit(engine: Engine, files: OpenFile[], plan: PartialPlan | undefined): Promise<void> {
  const size = files.reduce((sum, file) => sum + (file.size ?? 0), 0);
  if (size < LOOKED_AT_BYTES || plan?.events?.unknown === 'drop' || plan?.rows?.bad === 'drop') return;
  const estimates = [];
  for (const file of files) estimates.push(file.size && isAnywhere(file) ? (await inspectAnywhere(engine, file, plan)).estimate : undefined);
  const sum = sumOf(estimates.filter((estimate) => estimate !== undefined));
  if (sum) refuseTooMuch(sum);
}

/** As inspectFile(), without moving the place where the file is read. */
async function inspectAnywhere(engine: Engine, file: OpenFile, plan: PartialPlan | undefined): Promise<Inspection> {
  const size = Math.min(INSPECT_BYTES, file.size!);
  let start: Uint8Array;
  try {
    if ('readInto' in file) {
      start = new Uint8Array(size);
      start = start.subarray(0, (file as DirectFile).readInto(start, 0));
    } else {
      start = await file.range!(0, size);
    }
    if (engine.needsRanges(start.subarray(0, 16))) return await inspectRanges(engine, file, start.subarray(0, 16), plan, 1000);
    return await inspectStart(engine, file, start, start.length === file.size, plan, 0);
  } finally {
    file.close?.();
  }
}

/** Whether any range of its bytes can be had. */
function isAnywhere(file: OpenFile): boolean {
  return file.size !== null && (file.range !== undefined || 'readInto' in file);
}

/** Gives the digest of an input; `onBytes` as in digestOf(). */
type LateDigest = (onBytes: (bytes: number) => void) => Promise<Digest>;

/** The digest of an input that can still be read when somebody asks for it; it is read once. */
function digestLater(file: OpenFile, newHasher: () => Hasher): LateDigest {
  let known: Digest | undefined;
  if (file.digest) return async (onBytes) => (known ??= await file.digest!(onBytes));
  if (!file.once) return async (onBytes) => (known ??= await digestOf(file.pieces(), newHasher(), onBytes));
  return () => Promise.reject(new EventDataError('badCall', `${file.name} was read once and is gone; prepare it with { manifest: true }.`));
}

async function readFiles(
  engine: Engine,
  run: EngineRun,
  files: OpenFile[],
  { onProgress, signal, manifest }: PrepareOptions,
  onDigest: (file: number, digest: Digest) => void,
  newHasher: () => Hasher,
  helped: { crew: Crew; plan: string } | undefined,
): Promise<Bytes> {
  const sizes = files.map((file) => file.size);
  const bytes: Bytes = {
    bytesRead: 0,
    bytesTotal: sizes.includes(null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
  };
  let pieces = 0;
  const took = async (size: number) => {
    bytes.bytesRead += size;
    check(guarded(() => run.commit(size)));
    if (++pieces % PIECES_A_TURN !== 0) return;
    onProgress?.({ stage: 'reading', ...bytes });
    await turn(signal);
  };
  for (const [i, file] of files.entries()) {
    let first = true;
    const hasher = manifest && file.once ? newHasher() : undefined;
    const direct = 'readInto' in file ? (file as DirectFile) : undefined;
    const before = bytes.bytesRead;
    guarded(() => run.beginFile(file.name, direct || file.range ? file.size : null));
    const inParts = helped && isLarge(file) && (() => readInParts({
      ...helped,
      engine,
      run,
      size: file.size!,
      shared: file.shared,
      readInto: direct && ((room, offset) => direct.readInto(room, offset)),
      range: (offset, size) => file.range!(offset, size),
      async stepped() {
        bytes.bytesRead = before + run.position();
        onProgress?.({ stage: 'reading', ...bytes });
        await turn(signal);
      },
      signal,
    }));
    if (direct) {
      while (!run.wanted()) {
        const room = roomFor(engine, run, WINDOW_BYTES);
        const size = direct.readInto(room);
        if (size === 0) break;
        const opens = first;
        if (opens) await prepareCodecs(engine, room.subarray(0, size));
        first = false;
        await took(size);
        if (opens && inParts && (await inParts())) break;
      }
    } else {
      for await (const piece of file.pieces(signal)) {
        signal?.throwIfAborted();
        const opens = first && piece.length > 0;
        if (opens) {
          await prepareCodecs(engine, piece);
          first = false;
        }
        hasher?.update(piece);
        roomFor(engine, run, piece.length).set(piece);
        await took(piece.length);
        if (run.wanted() || (opens && inParts && (await inParts()))) break;
      }
      signal?.throwIfAborted();
    }
    for (let range; (range = run.wanted()); ) {
      const size = await fillRange(engine, run, file, range);
      signal?.throwIfAborted();
      await took(size);
    }
    check(guarded(() => run.endFile()));
    file.close?.();
    if (file.size !== null) bytes.bytesRead = before + file.size; // ranges leave out what is not needed
    if (hasher) onDigest(i, { bytes: bytes.bytesRead - before, sha256: hasher.hex() });
  }
  return bytes;
}

/** Loads the codecs if a file that begins so needs them. */
async function prepareCodecs(engine: Engine, piece: Uint8Array): Promise<void> {
  const start = piece.slice(0, 16);
  if (guarded(() => engine.needsCodecs(start))) await loadCodecs(engine);
}

/** Puts a range of the file into the engine's memory; returns the bytes that were there. */
async function fillRange(engine: Engine, target: Pick<EngineRun, 'window'>, file: OpenFile, range: Range): Promise<number> {
  if ('readInto' in file) return (file as DirectFile).readInto(roomFor(engine, target, range.size), range.offset);
  const bytes = await file.range!(range.offset, range.size);
  roomFor(engine, target, range.size).set(bytes);
  return bytes.length;
}

/** Lets timers, messages and the signal have their turn. */
async function turn(signal: AbortSignal | undefined): Promise<void> {
  await new Promise<void>((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        channel.port1.close();
        resolve();
      };
      channel.port2.postMessage(null);
    }
  });
  signal?.throwIfAborted();
}

/** After a trap the engine may refuse even this; it is dropped then, and its memory with it. */
function release(run: EngineRun): void {
  try {
    run.delete();
  } catch {
    // nothing is left to free
  }
}

/** A dataset that nobody holds any more gives its memory back, should dispose() have been forgotten. */
const forgotten = new FinalizationRegistry<EngineRun>(release);

class EngineDataset implements Dataset {
  readonly report: Report;
  readonly vocabulary: Vocabulary;
  readonly audit: AuditReport | null;
  readonly keepsEvents: boolean;
  readonly reusedEvents: boolean;
  readonly #engine: Engine;
  readonly #digests: LateDigest[];
  readonly #origin: Origin;
  #run: EngineRun | undefined;

  constructor(engine: Engine, run: EngineRun, digests: LateDigest[], origin: Origin, reusedEvents: boolean) {
    this.#engine = engine;
    this.#digests = digests;
    this.#origin = origin;
    this.reusedEvents = reusedEvents;
    this.keepsEvents = guarded(() => run.keepsEvents());
    this.report = JSON.parse(guarded(() => run.report())) as Report;
    this.vocabulary = guarded(() => run.vocabulary());
    const audit = guarded(() => run.audit());
    this.audit = audit === '' ? null : (JSON.parse(audit) as AuditReport);
    this.#run = run;
    forgotten.register(this, run, this);
  }

  /** For a run that may start from this one's events; nothing if it is over, or of other files. */
  reading(origin: Origin): { engine: Engine; run: EngineRun; digests: LateDigest[]; bytes: number } | undefined {
    if (!this.#run || !isSound(this.#engine) || !sameOrigin(origin, this.#origin)) return undefined;
    const bytes = this.report.input.files.reduce((sum, file) => sum + file.bytes, 0);
    return { engine: this.#engine, run: this.#run, digests: this.#digests, bytes };
  }

  async split(part: PartName): Promise<SplitColumns> {
    const columns = guarded(() => this.#open().split(part));
    return 'code' in columns ? raise(columns) : columns;
  }

  async listSessions(query: SessionQuery = {}): Promise<SessionList> {
    const text = planText(checkedQuery(query));
    await loadExtras(this.#engine);
    return JSON.parse(guarded(() => this.#open().listSessions(text))) as SessionList;
  }

  async lookAt(row: number): Promise<SessionView> {
    const { rows } = this.report.trials;
    if (!this.keepsEvents) throw new EventDataError('badCall', 'The dataset keeps no events to look at; prepare it with { keepEvents: true }.');
    if (!Number.isInteger(row) || row < 0 || row >= rows) throw new EventDataError('badCall', `There is no row ${String(row)}; the table has ${rows} rows, from 0 on.`);
    await loadExtras(this.#engine);
    return JSON.parse(guarded(() => this.#open().lookAt(row))) as SessionView;
  }

  async files(formats?: (TableFormat | 'audit')[]): Promise<OutputFile[]> {
    const files = listFiles(this.#engine, formats, this.audit !== null);
    // Asked for nothing in particular, what this run cannot write is not offered.
    if (formats || this.report.plan.index.kind !== 'session') return files;
    return files.filter(({ format }) => format !== 'covariates' && format !== 'covariates-csv');
  }

  async writePieces(path: string, onPiece: (bytes: Uint8Array) => void): Promise<void> {
    await this.#prepareToWrite(path);
    const run = this.#open();
    throughPieces(onPiece, (hand) => check(guarded(() => run.write(path, hand))));
  }

  async write(name: PartName | 'vocabulary' | 'metadata' | 'audit', format?: TableFormat): Promise<Uint8Array> {
    const file = listFiles(this.#engine, undefined, this.audit !== null).find((entry) =>
      entry.part === null ? entry.format === name : entry.part === name && entry.format === (format ?? 'parquet'));
    if (!file) throw new EventDataError('badCall', `There is no file "${name}" in the format "${format}".`);
    const pieces: Uint8Array[] = [];
    await this.writePieces(file.path, (piece) => pieces.push(piece));
    return concatenate(pieces);
  }

  async digest(path: string): Promise<Digest> {
    await this.#prepareToWrite(path);
    const digest = guarded(() => this.#open().digest(path));
    return 'code' in digest ? raise(digest) : digest;
  }

  async manifest(files: readonly (OutputFile | HashedFile)[], { onProgress, signal }: Watch = {}): Promise<Uint8Array> {
    const inputs: string[] = [];
    const bytesTotal = this.report.input.files.reduce((sum, { bytes }) => sum + bytes, 0);
    let before = 0;
    for (const [i, digest] of this.#digests.entries()) {
      signal?.throwIfAborted();
      const { bytes, sha256 } = await digest((sofar) => {
        signal?.throwIfAborted();
        onProgress?.({ stage: 'hashing', bytesRead: before + sofar, bytesTotal });
      });
      before += bytes;
      const { name, bytes: read } = this.report.input.files[i]!;
      if (bytes !== read) throw new EventDataError('unreadable', `${name} changed since it was read: it had ${read} bytes and has ${bytes}.`);
      inputs.push(sha256);
    }
    const outputs: HashedFile[] = [];
    for (const file of files) outputs.push('sha256' in file ? file : { ...file, ...(await this.digest(file.path)) });
    return new TextEncoder().encode(guarded(() => this.#open().manifest(inputs, outputs)));
  }

  #prepareToWrite(path: string): Promise<void> {
    const file = listFiles(this.#engine, undefined, true).find((entry) => entry.path === path);
    return loadForFormat(this.#engine, file?.format);
  }

  dispose(): void {
    if (!this.#run) return;
    forgotten.unregister(this);
    release(this.#run);
    this.#run = undefined;
  }

  #open(): EngineRun {
    if (!this.#run) throw new EventDataError('badCall', 'The dataset has been disposed of.');
    return this.#run;
  }
}

function checkedQuery(query: SessionQuery): SessionQuery {
  const allowed: Record<keyof SessionQuery, (value: unknown) => boolean> = {
    part: (value) => PART_NAMES.includes(value as PartName),
    treatment: (value) => value === 0 || value === 1,
    outcome: (value) => value === 0 || value === 1,
    text: (value) => typeof value === 'string' && !/\p{Surrogate}/u.test(value),
    offset: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
    limit: (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  };
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined && !allowed[key as keyof SessionQuery]?.(value)) {
      throw new EventDataError('badCall', `Sessions cannot be listed by ${key} ${planText({ value }).slice('{"value":'.length, -1)}; there are part ` +
        '(train, validation or test), treatment and outcome (0 or 1), text, offset and limit (whole numbers).');
    }
  }
  return query;
}

const PART_NAMES: readonly PartName[] = ['train', 'validation', 'test'];

/** `audited`: there is an audit to write. */
function listFiles(engine: Engine, formats?: string[], audited = false): OutputFile[] {
  const tables = engine.listFormats().map((format) => format.name as string);
  const known = audited ? [...tables, 'audit'] : tables;
  const unknown = formats?.find((format) => !known.includes(format));
  if (unknown !== undefined) {
    throw new EventDataError('badFormat', `"${unknown}" is not an output format; there are ${known.join(', ')}.`);
  }
  return engine.listOutputs([...new Set(formats ?? known)]) as OutputFile[];
}

/** A callback's failure must not unwind through the engine, whose memory would stay taken; it is thrown afterwards. */
function throughPieces<T>(onPiece: (bytes: Uint8Array) => void, call: (hand: (bytes: Uint8Array) => void) => T): T {
  let failure: { error: unknown } | undefined;
  const result = call((bytes) => {
    if (failure) return;
    try {
      onPiece(bytes);
    } catch (error) {
      failure = { error };
    }
  });
  if (failure) throw failure.error;
  return result;
}

export function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** The output formats for tables, in the engine's order; checks a list of names. */
export async function readFormats(formats?: string[]): Promise<TableFormat[]> {
  const engine = await loadEngine();
  listFiles(engine, formats);
  return [...new Set(formats ?? engine.listFormats().map(({ name }) => name))] as TableFormat[];
}

/** Loads the engine with all its parts, so that nothing is fetched later. */
export async function warmUp(): Promise<void> {
  const engine = await loadEngine();
  await Promise.all([loadCodecs(engine), loadExtras(engine)]);
}

/** The formats that tables can be written in, as a form or a help text shows them. */
export async function listFormats(): Promise<TableFormatInfo[]> {
  return (await loadEngine()).listFormats();
}

/** Checks a plan and fills in the defaults. */
export async function readPlan(plan?: PartialPlan): Promise<Plan> {
  return JSON.parse(completePlan(await loadEngine(), plan)) as Plan;
}

function completePlan(engine: Engine, plan: PartialPlan | undefined): string {
  const completed = guarded(() => engine.completePlan(planText(plan)));
  return 'error' in completed ? raise(completed.error) : completed.plan;
}

/** Bytes looked at first, and at most where the preview so far says that it needs more: as src/ingest/inspection/inspection.h has them. */
const INSPECT_BYTES = 256 << 10;
const MOST_INSPECT_BYTES = 64 << 20;

/** Format, columns and first rows of a file, without running the job. */
export async function inspect(source: Source, plan?: PartialPlan, rows?: number): Promise<Inspection> {
  return inspectFile(openSource(source)[0]!, plan, rows);
}

export async function inspectFile(file: OpenFile, plan: PartialPlan | undefined, rows = 10): Promise<Inspection> {
  const engine = await loadEngine();
  const pieces: Uint8Array[] = [];
  let size = 0;
  let most = INSPECT_BYTES;
  let ranged = false;
  for await (const piece of file.pieces()) {
    pieces.push(piece);
    size += piece.length;
    if (!ranged && pieces.length <= 16) {
      const start = concatenate(pieces.map((bytes) => bytes.subarray(0, 16)));
      ranged = engine.needsRanges(start);
      if (ranged && isAnywhere(file)) return inspectRanges(engine, file, start, plan, rows);
    }
    while (size > most && !ranged) {
      const found = await inspectStart(engine, file, concatenate(pieces).subarray(0, most), false, plan, rows);
      const { needsBytes = Infinity } = found;
      if (needsBytes > MOST_INSPECT_BYTES || most === MOST_INSPECT_BYTES) return found;
      most = Math.min(MOST_INSPECT_BYTES, Math.max(needsBytes, 2 * most));
    }
  }
  const bytes = concatenate(pieces);
  if (!ranged) return inspectStart(engine, file, bytes, true, plan, rows);
  // Ranges of a stream are ranges of all its bytes.
  return inspectRanges(engine, openBytes(bytes, file.name), bytes.subarray(0, 16), plan, rows);
}

async function inspectStart(
  engine: Engine,
  { name, size }: OpenFile,
  start: Uint8Array,
  last: boolean,
  plan: PartialPlan | undefined,
  rows: number,
): Promise<Inspection> {
  await prepareCodecs(engine, start);
  const result = guarded(() => engine.inspect(name, start, last, planText(plan), rows, last ? start.length : size));
  return 'error' in result ? raise(result.error) : (JSON.parse(result.inspection) as Inspection);
}

async function inspectRanges(
  engine: Engine,
  file: OpenFile,
  start: Uint8Array,
  plan: PartialPlan | undefined,
  rows: number,
): Promise<Inspection> {
  await loadCodecs(engine);
  const inspection = guarded(() => engine.inspectRanges(file.name, start, file.size!, completePlan(engine, plan), rows))!;
  try {
    for (let range; (range = inspection.wanted()); ) {
      const size = await fillRange(engine, inspection, file, range);
      guarded(() => inspection.commit(size));
    }
    return JSON.parse(inspection.result()) as Inspection;
  } finally {
    inspection.delete();
  }
}

/** A simulated event stream as CSV, in pieces; returns the truth as JSON text if asked for. */
export async function simulatePieces(
  options: SimulateOptions,
  onPiece: (bytes: Uint8Array) => void,
  between?: () => Promise<void>,
  withTruth = false,
): Promise<string | undefined> {
  const engine = await loadEngine();
  await loadExtras(engine);
  const words = checkedWords(engine, options);
  const simulation = guarded(() => new engine.Simulation(words, withTruth));
  try {
    while (throughPieces(onPiece, (hand) => guarded(() => simulation.next(hand)))) await between?.();
    return withTruth ? simulation.truth() : undefined;
  } finally {
    simulation.delete();
  }
}

export async function simulate(options: SimulateOptions = {}): Promise<Blob> {
  const pieces: Uint8Array[] = [];
  await simulatePieces(options, (piece) => pieces.push(piece));
  return new Blob(pieces as BlobPart[], { type: 'text/csv' });
}

/** The effect that the stream of the same options has. */
export async function simulateTruth(options: SimulateOptions = {}): Promise<Truth> {
  const engine = await loadEngine();
  await loadExtras(engine);
  const words = checkedWords(engine, options);
  return JSON.parse(guarded(() => engine.simulateTruth(words))) as Truth;
}

const EXAMPLE_EVENTS = 20_000;

/** Options as the engine reads them: names and texts in turns. */
function checkedWords(engine: Engine, options: SimulateOptions): string[] {
  const { events = EXAMPLE_EVENTS, ...others } = options;
  const words: string[] = [];
  for (const [name, value] of Object.entries({ events, ...others }) as [string, unknown][]) {
    const isPlain = ['number', 'bigint', 'string'].includes(typeof value); // commands have numbers as text
    if (value !== undefined) words.push(name, isPlain ? String(value) : planText({ value }).slice('{"value":'.length, -1));
  }
  check(engine.checkSimulation(words));
  return words;
}
