/** causal-sessions in Node: the same names, and paths. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect as inspectSource, prepareFiles, type DirectFile } from './prepare.js';
import type { Hasher } from './digest.js';
import { digestOfPath, nodeHasher } from './node-digest.js';
import { openSource, type Digest, type OpenFile } from './source.js';
import { EventDataError, type Dataset, type HashedFile, type Inspection, type PartialPlan, type PrepareOptions, type Source, type TableFormat } from './types.js';

export { listFormats, readFormats, readPlan, simulate, simulatePieces } from './prepare.js';
export * from './types.js';

/** A file by its path; `{ path: '-' }` is standard input. */
export interface PathSource {
  path: string | URL;
}

export type NodeSource = Source | PathSource | readonly PathSource[];

export async function prepare(source: NodeSource, plan?: PartialPlan, options: PrepareOptions = {}): Promise<Dataset> {
  const files = openNodeSource(source);
  try {
    if (options.manifest) for (const file of files) if (file instanceof PathFile && !file.once) file.digest().catch(() => undefined);
    return await prepareFiles(files, plan, options, nodeHasher);
  } finally {
    for (const file of files) if (file instanceof PathFile) file.close();
  }
}

export async function inspect(source: NodeSource, plan?: PartialPlan, rows?: number): Promise<Inspection> {
  const file = openNodeSource(source)[0]!;
  if (!(file instanceof PathFile)) return inspectSource(source as Source, plan, rows);
  try {
    return await inspectSource({ name: file.name, data: file.start() }, plan, rows);
  } finally {
    file.close();
  }
}

function openNodeSource(source: NodeSource): OpenFile[] {
  const items = Array.isArray(source) ? source : [source];
  if (items.length === 0 || !items.every(isPath)) return openSource(source as Source);
  return items.map((item) => new PathFile(item.path));
}

function isPath(item: unknown): item is PathSource {
  return typeof item === 'object' && item !== null && 'path' in item && (typeof item.path === 'string' || item.path instanceof URL);
}

/** Reads a path straight into the engine's memory. Opened when it is first needed. */
class PathFile implements DirectFile {
  readonly name: string;
  readonly size: number | null;
  readonly once: boolean;
  readonly #path: string;
  #digest: Promise<Digest> | undefined;
  readonly #descriptor: number;
  #open = true;

  constructor(path: string | URL) {
    const text = path instanceof URL ? fileURLToPath(path) : path;
    this.#path = text;
    this.name = text === '-' ? 'standard input' : text;
    try {
      this.#descriptor = text === '-' ? 0 : openSync(text, 'r');
    } catch (error) {
      throw unreadable(this.name, error);
    }
    const stats = fstatSync(this.#descriptor);
    if (stats.isDirectory()) {
      this.close();
      throw new EventDataError('unreadable', `${this.name} is a directory; give the event files themselves.`, { file: this.name });
    }
    this.size = stats.isFile() ? stats.size : null;
    this.once = text === '-' || !stats.isFile();
  }

  readInto(room: Uint8Array): number {
    for (;;) {
      try {
        return readSync(this.#descriptor, room, 0, room.length, null);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        if (code === 'EOF') return 0; // a closed pipe on Windows
        if (code !== 'EAGAIN') throw unreadable(this.name, error);
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5); // standard input that does not block
      }
    }
  }

  /** Reads the file again, beside the run if it is asked for before. */
  digest(): Promise<Digest> {
    this.#digest ??= digestOfPath(this.#path).catch((error: unknown) => {
      throw unreadable(this.name, error);
    });
    return this.#digest;
  }

  async *pieces(): AsyncIterable<Uint8Array> {
    for (;;) {
      const room = new Uint8Array(1 << 20);
      const size = this.readInto(room);
      if (size === 0) return;
      yield room.subarray(0, size);
    }
  }

  /** The first bytes as a stream, for a preview. */
  start(): ReadableStream<Uint8Array> {
    const pieces = this.pieces()[Symbol.asyncIterator]();
    return new ReadableStream({
      async pull(controller) {
        const { value, done } = await pieces.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
    });
  }

  close(): void {
    if (this.#open && this.#descriptor !== 0) closeSync(this.#descriptor);
    this.#open = false;
  }
}

function unreadable(name: string, error: unknown): EventDataError {
  const reasons: Record<string, string> = {
    ENOENT: 'does not exist',
    EACCES: 'may not be read by this user',
    EISDIR: 'is a directory; give the event files themselves',
  };
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return new EventDataError('unreadable', `${name} ${reasons[code] ?? `cannot be read (${code || String(error)})`}.`, { file: name });
}

export interface WriteOptions {
  /** Without any, the notebook's two: Parquet and pickle. */
  formats?: TableFormat[];
  /** Whether manifest.json is written beside the files; true unless set. */
  manifest?: boolean;
  onProgress?: (progress: { path: string; filesDone: number; filesTotal: number }) => void;
  signal?: AbortSignal | undefined;
}

export interface WrittenFile {
  path: string;
  bytes: number;
  /** Absent where no manifest was asked for. */
  sha256?: string;
}

/**
 * Writes a dataset's files below `directory`: each beside its place first, all renamed at the end, so that whatever
 * goes wrong before leaves the files that were there.
 */
export async function writeDataset(dataset: Dataset, directory: string, options: WriteOptions = {}): Promise<WrittenFile[]> {
  const files = await dataset.files(options.formats ?? ['parquet', 'pickle']);
  const staged: { from: string; to: string }[] = [];
  const written: WrittenFile[] = [];
  const hashed: HashedFile[] = [];
  const stage = async (path: string, fill: (from: string) => Promise<number>): Promise<number> => {
    const to = join(directory, path);
    const from = join(dirname(to), `.${process.pid}.${staged.length}.partial`);
    await mkdir(dirname(to), { recursive: true });
    if (await isDirectory(to)) throw new EventDataError('unwritable', `${to} is a directory; a file is to be written there.`);
    staged.push({ from, to });
    return fill(from);
  };
  try {
    for (const [filesDone, file] of files.entries()) {
      options.signal?.throwIfAborted();
      options.onProgress?.({ path: file.path, filesDone, filesTotal: files.length });
      const hasher = options.manifest === false ? undefined : nodeHasher();
      const bytes = await stage(file.path, (from) => writeFile(dataset, file.path, from, hasher));
      if (hasher) hashed.push({ ...file, bytes, sha256: hasher.hex() });
      written.push(hashed.length > 0 ? { path: file.path, bytes, sha256: hashed.at(-1)!.sha256 } : { path: file.path, bytes });
      await new Promise(setImmediate); // lets an interrupt be heard between two files
    }
    if (options.manifest !== false) {
      const text = await dataset.manifest(hashed);
      await stage('manifest.json', async (from) => writeWhole(from, text));
    }
    options.signal?.throwIfAborted();
    for (const { from, to } of staged) await rename(from, to);
    return written;
  } catch (error) {
    await Promise.all(staged.map(({ from }) => rm(from, { force: true })));
    throw unwritable(directory, error);
  }
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then((stats) => stats.isDirectory(), () => false);
}

async function writeWhole(to: string, bytes: Uint8Array): Promise<number> {
  const file = await open(to, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
    return bytes.length;
  } finally {
    await file.close();
  }
}

async function writeFile(dataset: Dataset, path: string, to: string, hasher: Hasher | undefined): Promise<number> {
  const file = await open(to, 'w');
  try {
    let bytes = 0;
    let queue = Promise.resolve();
    // Pieces come while the engine runs and are written in order; a failure surfaces at the end.
    await dataset.writePieces(path, (piece) => {
      bytes += piece.length;
      hasher?.update(piece);
      queue = queue.then(() => file.writeFile(piece));
      queue.catch(() => undefined);
    });
    await queue;
    await file.sync();
    return bytes;
  } finally {
    await file.close();
  }
}

function unwritable(directory: string, error: unknown): unknown {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === undefined || error instanceof EventDataError || !(error instanceof Error) || error.name === 'AbortError') return error;
  const reasons: Record<string, string> = {
    ENOTDIR: 'a file stands where a folder is needed',
    EEXIST: 'a file stands where a folder is needed',
    EACCES: 'this user may not write there',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
  };
  return new EventDataError('unwritable', `${path ?? directory} cannot be written: ${reasons[code] ?? code}. Nothing was changed.`);
}
