/** Runs the engine on this thread: in Node, inside a worker, or on a page that accepts the wait. */
import type { Engine, EngineRun } from '../engine/bindings.js';
import { engineHasher, type Hasher } from '../engine/digest.js';
import { check, guarded, loadEngine, roomFor } from '../engine/engine.js';
import { startThreads, type StartedThreads } from '../engine/threads.js';
import type { Dataset, Digest, PartialPlan, PrepareOptions, Progress, Source } from '../types/index.js';
import { chunkSizes, readInChunks, threadsOf } from './chunks.js';
import { PreparedDataset, type Port } from './dataset.js';
import { EnginePort, LateDigests, release } from './engine-port.js';
import { refuseTooMuch, sumOf } from './estimate.js';
import { loadCodecs } from '../engine/codecs.js';
import { fillRange, needsCodecs } from './feed.js';
import { inspectAnywhere } from './inspect.js';
import { turn } from './pieces.js';
import { completePlan } from './plan.js';
import { isAnywhere, openSource, originOf, type OpenFile, type Origin } from './source.js';

const WINDOW_BYTES = 1 << 20;
/** Pieces between two looks at the event loop, so that progress shows and a signal is heard. */
const PIECES_A_TURN = 16;

/** Reads events, makes (X, T, Y), a vocabulary and a split of users. */
export async function prepare(source: Source, plan?: PartialPlan, options: PrepareOptions = {}): Promise<Dataset> {
  return prepareFiles(openSource(source), plan, options, {}, originOf(source));
}

/** What the surroundings have, where it is better than what is everywhere. */
export interface Host {
  newHasher?: () => Hasher;
  /** Names that were not taken when the files were looked for. */
  passedOver?: number;
}

/** `origin`: of the files; without it, no later run starts from this one's events. */
export async function prepareFiles(
  files: OpenFile[],
  plan: PartialPlan | undefined,
  options: PrepareOptions,
  host: Host = {},
  origin: Origin = [{}],
): Promise<Dataset> {
  const { reuse, ...others } = options;
  const port = await runFiles(files, plan, others, host, reuse instanceof PreparedDataset ? reuse.eventsOf(origin) : undefined);
  return new PreparedDataset(port.facts, port, origin);
}

/** `before`: the run of the same files whose events this one may start from. */
export async function runFiles(
  files: OpenFile[],
  plan: PartialPlan | undefined,
  options: Omit<PrepareOptions, 'reuse'>,
  { newHasher, passedOver = 0 }: Host,
  before: Port | undefined,
): Promise<EnginePort> {
  options.signal?.throwIfAborted();
  const asked = threadsOf(options.threads, 1);
  // Nothing is waited for before the new run has the earlier one's events, since that may be disposed of meanwhile.
  const earlier = before instanceof EnginePort && before.run ? { port: before, run: before.run } : undefined;
  const engine = earlier?.port.engine ?? (await loadEngine());
  const planJson = completePlan(engine, plan);
  const run = guarded(() => engine.createRun(planJson, options.audit === true))!;
  const crew = new Crew(engine, run);
  try {
    const reused = earlier !== undefined && guarded(() => run.startFrom(earlier.run)) ? earlier.port : undefined;
    if (options.keepEvents === true) guarded(() => run.keepEvents());
    const hashing = newHasher ?? (() => engineHasher(engine));
    const digests = reused?.digests ?? new LateDigests(files, hashing);
    let bytes: Bytes = { bytesRead: reused?.bytesRead ?? 0, bytesTotal: reused?.bytesRead ?? 0 };
    if (!reused) {
      guarded(() => run.passOver(passedOver));
      await refuseWhatCannotFit(engine, files, plan);
      if (files.reduce((sum, { size }) => sum + (size ?? 0), 0) >= chunkSizes.least) crew.call(asked - 1, files);
      bytes = await readFiles(engine, run, files, options, (i, digest) => digests.take(i, digest), hashing, crew);
    }
    if (bytes.bytesRead >= chunkSizes.least) crew.call(asked - 1, []);
    await crew.gathered;
    while (run.stage() !== 'done') {
      options.onProgress?.({ stage: run.stage(), ...bytes });
      await turn(options.signal);
      check(guarded(() => run.advance()));
    }
    options.onProgress?.({ stage: 'done', ...bytes });
    return new EnginePort(engine, run, digests, reused !== undefined);
  } catch (error) {
    release({ engine, run });
    throw error;
  } finally {
    await crew.end();
  }
}

/** The threads of a run, which has begun when they are there. */
class Crew {
  /** Fulfilled once they have been called and are there, as many as start. */
  gathered: Promise<void> | undefined;
  threads: StartedThreads | undefined;
  #over = false;

  constructor(
    readonly engine: Engine,
    readonly run: EngineRun,
  ) {}

  /** Once; calling again does nothing. */
  call(count: number, files: readonly OpenFile[]): void {
    const blobs = files.flatMap(({ shared }) => (shared instanceof Blob ? [shared] : []));
    this.gathered ??= startThreads(this.engine, count, blobs).then((threads) => {
      this.threads = threads;
      if (!this.#over) guarded(() => this.run.useThreads(1 + threads.count));
    });
  }

  async end(): Promise<void> {
    this.#over = true;
    await this.gathered;
    await this.threads?.end();
  }
}

type Bytes = Pick<Progress, 'bytesRead' | 'bytesTotal'>;

/** Smaller inputs are not looked at before they are read. */
const LOOKED_AT_BYTES = 256e6;

/** Rows that are left out, if the plan says so, take no memory, and how many there are nobody knows. */
async function refuseWhatCannotFit(engine: Engine, files: OpenFile[], plan: PartialPlan | undefined): Promise<void> {
  const size = files.reduce((sum, file) => sum + (file.size ?? 0), 0);
  if (size < LOOKED_AT_BYTES || plan?.events?.unknown === 'drop' || plan?.rows?.bad === 'drop') return;
  const estimates = [];
  for (const file of files) {
    estimates.push(file.size && isAnywhere(file) ? (await inspectAnywhere(engine, file, plan)).estimate : undefined);
  }
  const sum = sumOf(estimates.filter((estimate) => estimate !== undefined));
  if (sum) refuseTooMuch(sum);
}

async function readFiles(
  engine: Engine,
  run: EngineRun,
  files: OpenFile[],
  { onProgress, signal, manifest }: PrepareOptions,
  onDigest: (file: number, digest: Digest) => void,
  newHasher: () => Hasher,
  crew: Crew,
): Promise<Bytes> {
  const sizes = files.map((file) => file.size);
  const bytes: Bytes = {
    bytesRead: 0,
    bytesTotal: sizes.includes(null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
  };
  let pieces = 0;
  /** Whether to look at the event loop now; of thousands of small files each waits for nothing. */
  const took = (size: number): boolean => {
    bytes.bytesRead += size;
    check(guarded(() => run.commit(size)));
    return ++pieces % PIECES_A_TURN === 0 || (crew.gathered !== undefined && !crew.threads);
  };
  const look = async () => {
    onProgress?.({ stage: 'reading', ...bytes });
    await turn(signal);
  };
  for (const [i, file] of files.entries()) {
    let first = true;
    const before = bytes.bytesRead;
    if (file.start) await file.start(signal);
    guarded(() => run.beginFile(file.name, file.readInto || file.range ? file.size : null, file.found === true));
    const hasher = manifest && file.once ? newHasher() : undefined;
    // Whether the threads have read the rest, or what they could: what is left is read here, which tells why they could not.
    const inChunks = async (): Promise<boolean> => {
      const stepped = async () => {
        bytes.bytesRead = before + run.position();
        onProgress?.({ stage: 'reading', ...bytes });
        await turn(signal);
      };
      if (!crew.threads || !(await readInChunks(run, file, crew.threads, stepped))) return false;
      for (let size = 1; run.position() < file.size! && size > 0; ) {
        size = await fillRange(engine, run, file, { offset: run.position(), size: WINDOW_BYTES });
        if (took(size)) await look();
      }
      return true;
    };
    if (file.readInto) {
      while (!run.wanted()) {
        const room = roomFor(engine, run, WINDOW_BYTES);
        const size = file.readInto(room);
        if (size === 0) break;
        if (first && needsCodecs(engine, room.subarray(0, size))) await loadCodecs(engine);
        first = false;
        if (took(size)) await look();
        if (crew.threads && (await inChunks())) break;
      }
    } else {
      for await (const piece of file.pieces(signal)) {
        signal?.throwIfAborted();
        if (first && needsCodecs(engine, piece)) await loadCodecs(engine);
        first &&= piece.length === 0;
        hasher?.update(piece);
        roomFor(engine, run, piece.length).set(piece);
        if (took(piece.length)) await look();
        if (run.wanted() || (await inChunks())) break;
      }
      signal?.throwIfAborted();
    }
    for (let range; (range = run.wanted()); ) {
      if (await inChunks()) continue;
      const size = await fillRange(engine, run, file, range);
      signal?.throwIfAborted();
      if (took(size)) await look();
    }
    check(guarded(() => run.endFile()));
    file.close?.();
    if (file.size !== null) bytes.bytesRead = before + file.size; // ranges leave out what is not needed
    if (hasher) onDigest(i, { bytes: bytes.bytesRead - before, sha256: hasher.hex() });
  }
  return bytes;
}
