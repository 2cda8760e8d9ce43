/**
 * Large text files on several threads: helpers read chunks of the file; this thread absorbs what they make, in order, and
 * reads what they could not.
 */
import type { Engine, EngineRun } from '../engine/bindings.js';
import { check, guarded, roomFor } from '../engine/engine.js';
import { chunkSizes, type Crew, type Member, type ToHelper } from './crew.js';
import type { SharedFile } from './source.js';

/** Bytes behind a chunk for the end of its last line, as src/ingest/chunks/chunk_reader.h has them. */
const TAIL_BYTES = 64 << 10;
const PIECE_BYTES = 1 << 20;
/** Of a file that is no path: a chunk, what begins in the one before, and the tail. */
const SLICE_BYTES = (8 << 20) + 2 * TAIL_BYTES;
/** Chunks a helper has before it, so that it need not wait for this thread. */
const CHUNKS_AHEAD = 3;

/** A file that can be read in chunks, and who reads it. */
export interface ChunkedFile {
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

/** Reads on from where the run stands to the end of the file; false, and nothing is read, if its format has no chunks. */
export async function readInChunks(file: ChunkedFile): Promise<boolean> {
  const task = guarded(() => file.run.chunkTask());
  if (task) await new Chunks(file, task).read();
  return task !== null;
}

class Chunks {
  readonly #chunks: (Promise<Uint8Array | null> | undefined)[] = [];
  readonly #owners: Member[] = [];
  readonly #job: Extract<ToHelper, { task: Uint8Array }>;
  readonly #chunkBytes: number;
  readonly #firstEnd: number;
  readonly #count: number;
  /**
   * This thread reads every chunk whose number is a multiple of this; 0: only the first, as absorbing what many make is work
   * enough.
   */
  readonly #own: number;
  readonly #stopped: Promise<never>;
  #next = 1;
  /** Fetched and not yet passed. */
  #slices: { offset: number; size: number; bytes: Promise<Uint8Array> }[] = [];

  constructor(
    readonly file: ChunkedFile,
    task: Uint8Array,
  ) {
    const {
      run,
      size,
      crew: { threads },
      signal,
    } = file;
    const position = run.position();
    this.#job = { plan: file.plan, task, file: file.shared ?? null };
    this.#own = threads <= 3 ? threads : 0;
    this.#chunkBytes = file.shared instanceof Blob ? chunkSizes.blobChunk : chunkSizes.chunk;
    this.#firstEnd = position + (this.#own ? this.#chunkBytes : 0);
    this.#count = 1 + Math.ceil(Math.max(0, size - this.#firstEnd) / this.#chunkBytes);
    this.#stopped = new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
    this.#stopped.catch(() => undefined);
  }

  async read(): Promise<void> {
    for (let chunk = 0; chunk < this.#count; ++chunk) {
      this.#give(chunk);
      if (!(await this.#absorb(chunk))) await this.#readHere(chunk);
      await this.file.stepped();
    }
  }

  #beginOf(chunk: number): number {
    return Math.min(this.file.size, chunk === 0 ? 0 : this.#firstEnd + (chunk - 1) * this.#chunkBytes);
  }

  #isOwn(chunk: number): boolean {
    return chunk === 0 || (this.#own > 0 && chunk % this.#own === 0);
  }

  /** Gives the helpers their next chunks, while this thread is at chunk `now`. */
  #give(now: number): void {
    this.#next = Math.max(this.#next, now + (this.#isOwn(now) ? 1 : 0));
    for (let round = 0; round < CHUNKS_AHEAD; ++round) {
      for (const member of this.file.crew.members) {
        while (this.#isOwn(this.#next)) ++this.#next;
        if (this.#next >= this.#count) return;
        if (!member.lost && member.waiting.size <= round) this.#giveChunk(member, this.#next++);
      }
    }
  }

  #giveChunk(member: Member, chunk: number): void {
    if (member.job !== this.#job) {
      member.helper.post(this.#job, []);
      member.job = this.#job;
      member.anew = false;
    }
    const offset = this.#beginOf(chunk);
    const chunkSize = this.#beginOf(chunk + 1) - offset;
    const size = Math.min(chunkSize + TAIL_BYTES, this.file.size - offset);
    this.#owners[chunk] = member;
    this.#chunks[chunk] = new Promise((done) => member.waiting.set(chunk, done));
    const send = (bytes: Uint8Array | null) => {
      const transfer = bytes ? [bytes.buffer as ArrayBuffer] : [];
      member.helper.post({ chunk, offset, size, chunkSize, anew: member.anew, bytes }, transfer);
      member.anew = false;
    };
    if (this.file.shared !== undefined) send(null);
    else void this.file.range(offset, size).then((bytes) => send(bytes.slice()));
  }

  async #absorb(chunk: number): Promise<boolean> {
    const pending = this.#chunks[chunk];
    this.#chunks[chunk] = undefined;
    if (!pending) return false;
    const made = await Promise.race([pending, this.#stopped]);
    const { engine, run } = this.file;
    const owner = this.#owners[chunk]!;
    if (made) {
      const room = guarded(() => run.chunkRoom(made.length)); // which may move the memory
      engine.HEAPU8.set(made, room);
      if (guarded(() => run.absorb(this.file.crew.members.indexOf(owner), this.#beginOf(chunk)))) return true;
    }
    owner.anew = true;
    return false;
  }

  /** Reads up to the first line end at or behind the end of the chunk. */
  async #readHere(chunk: number): Promise<void> {
    const { run, signal } = this.file;
    this.#next = Math.max(this.#next, chunk + 1);
    const end = this.#beginOf(chunk + 1);
    if (!this.file.readInto) {
      void this.#slice(run.position());
      void this.#slice(this.#beginOf(this.#chunks[chunk + 1] && this.#own ? chunk + this.#own : chunk + 1));
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
