/**
 * Large text files on several threads: helpers, each with an engine of its own, read parts of the file; this thread
 * absorbs what they make, in order, and reads what they could not. src/ingest/chunks/part_reader.h says what a part is.
 */
import { check, guarded, roomFor, type Engine, type EnginePartReader, type EngineRun } from './engine.js';
import { sliceOfBlob } from './source.js';
import { EventDataError } from './types/index.js';

/**
 * Sizes in bytes: of the least file that is read in parts, and of a part; larger from a Blob, as a browser takes a while
 * to fetch any slice. Tests have smaller ones.
 */
export const partSizes = { leastFile: 16 << 20, part: 4 << 20, blobPart: 8 << 20 };

/** Bytes behind a part for the end of its last line, as src/ingest/chunks/part_reader.h has them. */
const TAIL_BYTES = 64 << 10;
const PIECE_BYTES = 1 << 20;
/** Of a file that is no path: a part, what begins in the one before, and the tail. */
const SLICE_BYTES = (8 << 20) + 2 * TAIL_BYTES;
/** Parts a helper has before it, so that it need not wait for this thread. */
const PARTS_AHEAD = 3;

/** What several threads can read at once: a Blob, or in Node the descriptor of a file. */
export type SharedFile = Blob | number;

export type ToHelper =
  | { plan: string; task: Uint8Array; file: SharedFile | null }
  | { part: number; offset: number; size: number; partSize: number; anew: boolean; bytes: Uint8Array | null };

/** `made` is null where the part could not be read apart; the first message has no part and says that the helper works. */
export type FromHelper = { ready: true } | { part: number; made: Uint8Array | null };

/** Another thread that reads parts, in the order given. */
export interface Helper {
  post(message: ToHelper, transfer: ArrayBuffer[]): void;
  /** null: it is lost. */
  listen(heard: (message: FromHelper | null) => void): void;
}

/** Starts so many helpers; each is handed over when it can be spoken to. */
export type StartHelpers = (count: number, found: (helper: Helper) => void) => { end(): unknown };

export function threadsOf(asked: number | undefined, cores: number | undefined): number {
  if (asked === undefined) return Math.min(Math.max(cores ?? 1, 1), 8);
  if (Number.isInteger(asked) && asked >= 1 && asked <= 256) return asked;
  throw new EventDataError('badCall', `threads is ${String(asked)}; it must be a whole number from 1 to 256.`);
}

interface Member {
  helper: Helper;
  waiting: Map<number, (made: Uint8Array | null) => void>;
  anew: boolean;
  lost: boolean;
  job: object | undefined;
}

/** The helpers of one run. They join as they become ready; one that never does is never waited for. */
export class Crew {
  readonly #members: Member[] = [];
  readonly #started: { end(): unknown };

  constructor(readonly threads: number, start: StartHelpers) {
    this.#started = start(threads - 1, (helper) => this.#join(helper));
  }

  get members(): readonly Member[] {
    return this.#members;
  }

  async end(): Promise<void> {
    await this.#started.end();
  }

  #join(helper: Helper): void {
    const member: Member = { helper, waiting: new Map(), anew: false, lost: false, job: undefined };
    helper.listen((message) => {
      if (message === null) {
        member.lost = true;
        for (const done of member.waiting.values()) done(null);
        member.waiting.clear();
      } else if ('ready' in message) {
        this.#members.push(member);
      } else {
        member.waiting.get(message.part)?.(message.made);
        member.waiting.delete(message.part);
      }
    });
  }
}

/** A file that can be read in parts, and who reads it. */
export interface PartedFile {
  engine: Engine;
  run: EngineRun;
  crew: Crew;
  plan: string;
  size: number;
  shared: SharedFile | undefined;
  /** Puts the file's bytes from `offset` on into the room. */
  readInto: ((room: Uint8Array, offset: number) => number) | undefined;
  range(offset: number, size: number): Promise<Uint8Array>;
  /** Hears of every step; may throw. */
  stepped(): Promise<void>;
  signal: AbortSignal | undefined;
}

/** Reads on from where the run stands to the end of the file; false, and nothing is read, if its format has no parts. */
export async function readInParts(file: PartedFile): Promise<boolean> {
  const task = guarded(() => file.run.partTask());
  if (task) await new Parts(file, task).read();
  return task !== null;
}

class Parts {
  readonly #parts: (Promise<Uint8Array | null> | undefined)[] = [];
  readonly #owners: Member[] = [];
  readonly #job: Extract<ToHelper, { task: Uint8Array }>;
  readonly #partBytes: number;
  readonly #firstEnd: number;
  readonly #count: number;
  /** This thread reads every so manieth part; 0: only the first, as absorbing what many make is work enough. */
  readonly #own: number;
  readonly #stopped: Promise<never>;
  #next = 1;
  /** Fetched and not yet passed. */
  #slices: { offset: number; size: number; bytes: Promise<Uint8Array> }[] = [];

  constructor(readonly file: PartedFile, task: Uint8Array) {
    const { run, size, crew: { threads }, signal } = file;
    const position = run.position();
    this.#job = { plan: file.plan, task, file: file.shared ?? null };
    this.#own = threads <= 3 ? threads : 0;
    this.#partBytes = file.shared instanceof Blob ? partSizes.blobPart : partSizes.part;
    this.#firstEnd = position + (this.#own ? this.#partBytes : 0);
    this.#count = 1 + Math.ceil(Math.max(0, size - this.#firstEnd) / this.#partBytes);
    this.#stopped = new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
    this.#stopped.catch(() => undefined);
  }

  async read(): Promise<void> {
    for (let part = 0; part < this.#count; ++part) {
      this.#give(part);
      if (!(await this.#absorb(part))) await this.#readHere(part);
      await this.file.stepped();
    }
  }

  #beginOf(part: number): number {
    return Math.min(this.file.size, part === 0 ? 0 : this.#firstEnd + (part - 1) * this.#partBytes);
  }

  #isOwn(part: number): boolean {
    return part === 0 || (this.#own > 0 && part % this.#own === 0);
  }

  /** Gives the helpers their next parts, while this thread is at part `now`. */
  #give(now: number): void {
    this.#next = Math.max(this.#next, now + (this.#isOwn(now) ? 1 : 0));
    for (let round = 0; round < PARTS_AHEAD; ++round) {
      for (const member of this.file.crew.members) {
        while (this.#isOwn(this.#next)) ++this.#next;
        if (this.#next >= this.#count) return;
        if (!member.lost && member.waiting.size <= round) this.#givePart(member, this.#next++);
      }
    }
  }

  #givePart(member: Member, part: number): void {
    if (member.job !== this.#job) {
      member.helper.post(this.#job, []);
      member.job = this.#job;
      member.anew = false;
    }
    const offset = this.#beginOf(part);
    const partSize = this.#beginOf(part + 1) - offset;
    const size = Math.min(partSize + TAIL_BYTES, this.file.size - offset);
    this.#owners[part] = member;
    this.#parts[part] = new Promise((done) => member.waiting.set(part, done));
    const send = (bytes: Uint8Array | null) => {
      member.helper.post({ part, offset, size, partSize, anew: member.anew, bytes }, bytes ? [bytes.buffer as ArrayBuffer] : []);
      member.anew = false;
    };
    if (this.file.shared !== undefined) send(null);
    else void this.file.range(offset, size).then((bytes) => send(bytes.slice()));
  }

  async #absorb(part: number): Promise<boolean> {
    const pending = this.#parts[part];
    this.#parts[part] = undefined;
    if (!pending) return false;
    const made = await Promise.race([pending, this.#stopped]);
    const { engine, run } = this.file;
    const owner = this.#owners[part]!;
    if (made) {
      const room = guarded(() => run.partRoom(made.length)); // which may move the memory
      engine.HEAPU8.set(made, room);
      if (guarded(() => run.absorb(this.file.crew.members.indexOf(owner), this.#beginOf(part)))) return true;
    }
    owner.anew = true;
    return false;
  }

  /** Reads up to the first line end at or behind the end of the part. */
  async #readHere(part: number): Promise<void> {
    const { run, signal } = this.file;
    this.#next = Math.max(this.#next, part + 1);
    const end = this.#beginOf(part + 1);
    if (!this.file.readInto) {
      void this.#slice(run.position());
      void this.#slice(this.#beginOf(this.#parts[part + 1] && this.#own ? part + this.#own : part + 1));
    }
    for (;;) {
      signal?.throwIfAborted();
      const at = run.position();
      const tail = at >= end;
      const size = await this.#step(at, tail ? TAIL_BYTES : Math.min(PIECE_BYTES, end - at), tail);
      if (tail || size === 0) break;
      await this.file.stepped();
    }
  }

  async #step(at: number, most: number, tail: boolean): Promise<number> {
    const { engine, run, readInto } = this.file;
    let size: number;
    const upToLine = (bytes: Uint8Array) => (tail ? bytes.subarray(0, bytes.indexOf(10) + 1 || bytes.length) : bytes);
    if (readInto) {
      const room = roomFor(engine, run, most);
      size = upToLine(room.subarray(0, readInto(room, at))).length;
    } else {
      const bytes = upToLine((await this.#bytesAt(at)).subarray(0, most));
      roomFor(engine, run, bytes.length).set(bytes);
      size = bytes.length;
    }
    if (size > 0) check(guarded(() => run.commit(size)));
    return size;
  }

  async #bytesAt(offset: number): Promise<Uint8Array> {
    const slice = this.#slice(offset);
    return (await slice.bytes).subarray(offset - slice.offset);
  }

  /** The slice with the byte at `offset`; it is fetched if it is not there. */
  #slice(offset: number) {
    const { run, range } = this.file;
    this.#slices = this.#slices.filter((slice) => slice.offset + slice.size > run.position());
    let slice = this.#slices.find((known) => known.offset <= offset && offset < known.offset + known.size);
    if (!slice) {
      slice = { offset, size: SLICE_BYTES, bytes: range(offset, SLICE_BYTES) };
      slice.bytes.catch(() => undefined); // told when its turn comes
      this.#slices.push(slice);
    }
    return slice;
  }
}

/** A helper's side: reads the parts it is told to, in order, while the next one's bytes are on their way. */
export function serveParts(
  loadEngine: () => Promise<Engine>,
  post: (message: FromHelper, transfer: ArrayBuffer[]) => void,
  readInto?: (descriptor: number, room: Uint8Array, offset: number) => number,
): (message: ToHelper) => void {
  let job: Extract<ToHelper, { task: Uint8Array }>;
  let reader: EnginePartReader | undefined;
  const queue: { message: Extract<ToHelper, { part: number }>; job: typeof job; bytes?: Promise<Uint8Array | null> }[] = [];
  let busy = false;
  const fetch = (entry: (typeof queue)[number] | undefined) => {
    if (!entry || entry.bytes) return;
    const { message: { bytes, offset, size }, job: { file } } = entry;
    entry.bytes = file instanceof Blob ? sliceOfBlob(file, offset, size) : Promise.resolve(bytes);
    entry.bytes.catch(() => undefined);
  };
  let readerJob: typeof job | undefined;
  const read = async (entry: (typeof queue)[number]): Promise<Uint8Array | null> => {
    const { offset, size, partSize, anew } = entry.message;
    const engine = await loadEngine();
    fetch(entry);
    const bytes = await entry.bytes!;
    fetch(queue[1]);
    if (anew || readerJob !== entry.job) {
      reader?.delete();
      reader = undefined;
    }
    reader ??= guarded(() => engine.createPartReader(entry.job.plan, entry.job.task));
    readerJob = entry.job;
    const room = roomFor(engine, reader!, size);
    let filled = bytes?.length ?? 0;
    if (bytes) room.set(bytes);
    else filled = readInto!(entry.job.file as number, room, offset);
    return guarded(() => reader!.read(filled, partSize));
  };
  const work = async () => {
    busy = true;
    for (let entry; (entry = queue[0]); queue.shift()) {
      let made: Uint8Array | null = null;
      try {
        made = await read(entry);
      } catch {
        reader = undefined; // the part is read where the others are absorbed, and what is wrong with it told there
      }
      post({ part: entry.message.part, made }, made ? [made.buffer as ArrayBuffer] : []);
    }
    busy = false;
  };
  void loadEngine().then(() => post({ ready: true }, []), () => undefined);
  return (message) => {
    if ('task' in message) {
      job = message;
      return;
    }
    queue.push({ message, job });
    if (queue.length === 2) fetch(queue[1]);
    if (!busy) void work();
  };
}
