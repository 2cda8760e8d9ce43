/** causal-sessions in Node: the same names, and paths. */
import { accessSync, closeSync, constants, createReadStream, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { availableParallelism } from 'node:os';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Hasher } from './digest.js';
import { fetchExtrasBy } from './extras.js';
import { digestOfFile, digestsBeside, nodeHasher, type DigestsBeside } from './node-digest.js';
import { startHelpers } from './node-parts.js';
import { threadsOf } from './parts.js';
import { inspectFile, prepareFiles, type DirectFile } from './prepare.js';
import { fallbackName, openItem, openSource, originOf, type OpenFile, type Origin } from './source.js';
import {
  EventDataError,
  type Dataset,
  type Digest,
  type HashedFile,
  type Inspection,
  type PartialPlan,
  type PrepareOptions,
  type Source,
  type SourceItem,
  type TableFormat,
} from './types/index.js';

export { listFormats, readFormats, readPlan, simulate, simulatePieces, simulateTruth } from './prepare.js';
export * from './types/index.js';

fetchExtrasBy(async () => WebAssembly.compile(await readFile(new URL('../engine/extras.wasm', import.meta.url))));

/** A file by its path; `{ path: '-' }` is standard input. */
export interface PathSource {
  path: string | URL;
}

export type NodeSource = Source | PathSource | readonly (PathSource | SourceItem)[];

/** Paths of the files that a dataset was made of, which are not to be written over. */
const inputsOf = new WeakMap<Dataset, readonly string[]>();

export async function prepare(source: NodeSource, plan?: PartialPlan, options: PrepareOptions = {}): Promise<Dataset> {
  const files = openNodeSource(source);
  const hashed = options.manifest && !options.reuse ? hashBeside(files) : undefined;
  try {
    const threads = threadsOf(options.threads, availableParallelism());
    const dataset = await prepareFiles(files, plan, { ...options, threads }, nodeHasher, startHelpers, originOfNode(source, files));
    inputsOf.set(dataset, files.flatMap((file) => (file instanceof PathFile ? [file.path] : [])));
    return dataset;
  } catch (error) {
    hashed?.end();
    throw error;
  } finally {
    closeAll(files);
  }
}

/** Reads all files once more while the run does; what cannot be read is told by the manifest. */
function hashBeside(files: readonly OpenFile[]): DigestsBeside | undefined {
  const paths = files.filter((file) => file instanceof PathFile);
  if (paths.length === 0) return undefined;
  const beside = digestsBeside([...new Set(paths.map(({ hashable }) => hashable))]);
  for (const file of paths) file.beside = beside;
  return beside;
}

export async function inspect(source: NodeSource, plan?: PartialPlan, rows?: number): Promise<Inspection> {
  const files = openNodeSource(source);
  try {
    return await inspectFile(files[0]!, plan, rows);
  } finally {
    closeAll(files);
  }
}

function openNodeSource(source: NodeSource): OpenFile[] {
  const items: readonly unknown[] = Array.isArray(source) ? source : [source];
  if (!items.some(isPath)) return openSource(source as Source);
  const files: OpenFile[] = [];
  try {
    for (const [i, item] of items.entries()) {
      files.push(isPath(item) ? openPath(item.path) : openItem(item as SourceItem, fallbackName(i, items.length)));
    }
    return files;
  } catch (error) {
    closeAll(files);
    throw error;
  }
}

/** Of a path, what would be another file or another state of it; never twice the same of one that is read only once. */
function originOfNode(source: NodeSource, files: OpenFile[]): Origin {
  const items: readonly unknown[] = Array.isArray(source) ? source : [source];
  if (!items.some(isPath)) return originOf(source as Source);
  return items.flatMap((item, i) => {
    const file = files[i]!;
    if (!isPath(item)) return originOf([item as SourceItem]);
    return file instanceof PathFile ? [resolve(file.path), file.state] : [file];
  });
}

function closeAll(files: OpenFile[]): void {
  for (const file of files) file.close?.();
}

function isPath(item: unknown): item is PathSource {
  return typeof item === 'object' && item !== null && 'path' in item && (typeof item.path === 'string' || item.path instanceof URL);
}

function openPath(path: string | URL): OpenFile {
  if (path instanceof URL && path.protocol !== 'file:') {
    throw new EventDataError('unreadable', `${path} is not a file: address; fetch it and give the response's body.`);
  }
  const text = path instanceof URL ? fileURLToPath(path) : path;
  const name = text === '-' ? 'standard input' : text;
  try {
    const stats = text === '-' ? fstatSync(0) : statSync(text);
    if (stats.isDirectory()) {
      throw new EventDataError('unreadable', `${name} is a directory; give the event files themselves`, { file: name });
    }
    if (stats.isFile()) {
      if (text !== '-') accessSync(text, constants.R_OK);
      return new PathFile(name, stats, text);
    }
  } catch (error) {
    throw unreadable(name, error);
  }
  // Pipes and terminals may keep us waiting, so they are read without blocking the thread.
  return { name, size: null, pieces: (signal) => piecesOfPipe(text === '-' ? process.stdin : createReadStream(text), name, signal), once: true };
}

async function* piecesOfPipe(stream: Readable, name: string, signal?: AbortSignal): AsyncIterable<Uint8Array> {
  const stop = () => void stream.destroy();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    for await (const piece of stream) yield piece as Uint8Array;
  } catch (error) {
    signal?.throwIfAborted();
    throw unreadable(name, error);
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** Reads a regular file straight into the engine's memory. It is open only while it is read: a run may have thousands. */
class PathFile implements DirectFile {
  readonly size: number;
  /** Another one after any change to the file. */
  readonly state: string;
  /** Who hashes it while the run reads it. */
  beside: DigestsBeside | undefined;
  #opened: number | undefined;

  constructor(
    readonly name: string,
    stats: Stats,
    readonly path: string,
  ) {
    this.size = stats.size;
    this.state = [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join();
  }

  get shared(): number {
    return this.#descriptor;
  }

  get hashable(): string | number {
    return this.path === '-' ? 0 : this.path;
  }

  get #descriptor(): number {
    return (this.#opened ??= this.path === '-' ? 0 : openSync(this.path, 'r'));
  }

  readInto(room: Uint8Array, offset?: number): number {
    try {
      let filled = 0;
      do {
        const size = readSync(this.#descriptor, room, filled, room.length - filled, offset === undefined ? null : offset + filled);
        if (size === 0) break;
        filled += size;
      } while (offset !== undefined && filled < room.length);
      return filled;
    } catch (error) {
      throw unreadable(this.name, error);
    }
  }

  /** Reads the file again. */
  async digest(onBytes: (bytes: number) => void): Promise<Digest> {
    try {
      return await (this.beside?.digest(this.hashable) ?? digestOfFile(this.hashable, onBytes));
    } catch (error) {
      throw unreadable(this.name, error);
    }
  }

  async *pieces(): AsyncIterable<Uint8Array> {
    for (;;) {
      const room = new Uint8Array(1 << 20);
      const size = this.readInto(room);
      if (size === 0) return;
      yield room.subarray(0, size);
    }
  }

  close(): void {
    if (this.#opened !== undefined && this.path !== '-') closeSync(this.#opened);
    this.#opened = undefined;
  }
}

function unreadable(name: string, error: unknown): EventDataError {
  if (error instanceof EventDataError) return error;
  const reasons: Record<string, string> = {
    ENOENT: 'does not exist',
    EACCES: 'may not be read by this user',
    EISDIR: 'is a directory; give the event files themselves',
  };
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return new EventDataError('unreadable', `${name} ${reasons[code] ?? `cannot be read (${code || String(error)})`}.`, { file: name });
}

export interface WriteOptions {
  /** Without any, the notebook's two: Parquet and pickle. 'audit' writes audit.json of a dataset that has one. */
  formats?: (TableFormat | 'audit')[];
  /** Whether manifest.json is written beside the files; true unless set. */
  manifest?: boolean;
  onProgress?: (progress: { path: string; filesDone: number; filesTotal: number }) => void;
  signal?: AbortSignal | undefined;
}

export interface WrittenFile {
  path: string;
  bytes: number;
  /** Absent where no manifest was asked for, and of the manifest itself. */
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
    for (const input of inputsOf.get(dataset) ?? []) {
      if (await isSameFile(input, to)) throw new EventDataError('unwritable', `${to} is an input of this run, and would be written over; choose another folder.`);
    }
    staged.push({ from, to });
    return fill(from);
  };
  const filesTotal = files.length + (options.manifest === false ? 0 : 1);
  try {
    for (const [filesDone, file] of files.entries()) {
      options.signal?.throwIfAborted();
      options.onProgress?.({ path: file.path, filesDone, filesTotal });
      const hasher = options.manifest === false ? undefined : nodeHasher();
      const bytes = await stage(file.path, (from) => writeFile(dataset, file.path, from, hasher));
      if (hasher) hashed.push({ ...file, bytes, sha256: hasher.hex() });
      written.push(hashed.length > 0 ? { path: file.path, bytes, sha256: hashed.at(-1)!.sha256 } : { path: file.path, bytes });
      await new Promise(setImmediate); // lets an interrupt be heard between two files
    }
    if (options.manifest !== false) {
      options.onProgress?.({ path: 'manifest.json', filesDone: files.length, filesTotal });
      const text = await dataset.manifest(hashed, { signal: options.signal });
      written.push({ path: 'manifest.json', bytes: await stage('manifest.json', async (from) => writeWhole(from, text)) });
    }
    options.signal?.throwIfAborted();
    for (const { from, to } of staged) await rename(from, to);
    return written;
  } catch (error) {
    await Promise.all(staged.map(({ from }) => rm(from, { force: true })));
    throw unwritable(directory, error);
  }
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => stat(path, { bigint: true }).catch(() => undefined)));
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
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
