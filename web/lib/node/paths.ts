/** Files by their paths, folders and patterns. */
import { createHash } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  createReadStream,
  existsSync,
  fstatSync,
  opendirSync,
  openSync,
  readSync,
  realpathSync,
  statSync,
  type Dir,
  type Dirent,
  type Stats,
} from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Engine } from '../engine/bindings.js';
import { guarded, loadEngine, raise } from '../engine/engine.js';
import { fallbackName, openItem, openSource, originOf, type OpenFile, type Origin } from '../run/source.js';
import { EventDataError, type Digest, type Source, type SourceItem } from '../types/index.js';
import { digestOfFile, type DigestsBeside } from './digest.js';

/**
 * A file by its path; `{ path: '-' }` is standard input. Of a folder, all event files below it; of a path with `*`, `?`, `[abc]`
 * or `**` in it that is no file's own, all those that match.
 */
export interface PathSource {
  path: string | URL;
  /** Of a file, as messages and the manifest have it; the path unless it is set. */
  name?: string;
}

export type NodeSource = Source | PathSource | readonly (PathSource | SourceItem)[];

/** The files of a source, and what stands for each of them where two sources are compared. */
export interface NodeFiles {
  files: OpenFile[];
  origin: Origin;
  /** Names that were not taken when folders were searched. */
  passedOver: number;
}

/** At once, so that a run begins when it is called, unless a folder or a pattern is among it. */
export function openNodeSource(source: NodeSource): NodeFiles | Promise<NodeFiles> {
  const given: readonly unknown[] = Array.isArray(source) ? source : [source];
  const items = given.map((item) => (item instanceof URL && item.protocol === 'file:' ? { path: item } : item));
  if (!items.some(isPath)) return { files: openSource(source as Source), origin: originOf(source as Source), passedOver: 0 };
  const isPlain = (item: unknown) => !isPath(item) || fileAt(pathOf(item.path)) !== undefined;
  return items.every(isPlain) ? openItems(items) : loadEngine().then((engine) => openItems(items, engine));
}

function openItems(items: readonly unknown[], engine?: Engine): NodeFiles {
  const files: OpenFile[] = [];
  const origin: unknown[] = [];
  // Of all paths at once: what would be another file or another state of it has another digest.
  const states = createHash('sha256');
  let passedOver = 0;
  try {
    for (const [i, item] of items.entries()) {
      if (!isPath(item)) {
        files.push(openItem(item as SourceItem, fallbackName(i, items.length)));
        origin.push(...originOf([item as SourceItem]));
        states.update(`\0${origin.length}\0`);
        continue;
      }
      const found = findFiles(pathOf(item.path), engine);
      if (item.name !== undefined && found.files.length === 1) found.files[0]!.name = item.name;
      passedOver += found.passedOver;
      for (const { path, name } of found.files) {
        const file = openPath(path, name, (state) => states.update(`${resolve(path)}\0${state}\0`));
        files.push(file);
        if (!(file instanceof PathFile)) origin.push(file); // which is read only once, and never the same again
      }
    }
    origin.push(states.digest('hex'));
    return { files, origin, passedOver };
  } catch (error) {
    closeAll(files);
    throw error;
  }
}

/** `name`: of one that was looked for. */
export interface NamedPath {
  path: string;
  name?: string;
}

interface FoundFiles {
  files: NamedPath[];
  passedOver: number;
}

function pathOf(given: string | URL): string {
  if (!(given instanceof URL)) return given;
  if (given.protocol === 'file:') return fileURLToPath(given);
  throw new EventDataError('unreadable', `${given} is not a file: address; give it as { url }.`);
}

/** What surely is no folder and no pattern. */
function fileAt(path: string): FoundFiles | undefined {
  const isFile = path === '-' || (existsSync(path) ? !statOf(path)?.isDirectory() : !/[*?[]/.test(path));
  return isFile ? { files: [{ path }], passedOver: 0 } : undefined;
}

/** The files that a path stands for. */
export function findFiles(path: string, engine: Engine | undefined): FoundFiles {
  const file = fileAt(path);
  if (file || !engine) return file ?? { files: [{ path }], passedOver: 0 };
  const folder = statOf(path)?.isDirectory() ?? false;
  if (!folder && !guarded(() => engine.isPattern(path))) return { files: [{ path }], passedOver: 0 };
  return searchFiles(engine, path.replaceAll(sep, '/'), !folder);
}

/** Lists the folders that the engine asks for. */
function searchFiles(engine: Engine, word: string, pattern: boolean): FoundFiles {
  const search = guarded(() => new engine.FileSearch(word, pattern));
  try {
    for (let folder; (folder = guarded(() => search.folder())) !== null; ) {
      const entries = openFolder(folder);
      if (!entries) continue;
      try {
        const identity = realpathSync(folder).replaceAll(sep, '/');
        if (!guarded(() => search.begin(identity))) continue;
        guarded(() => {
          for (let entry; (entry = entries.readSync()) !== null; ) search.add(entry.name, kindOf(folder!, entry));
        });
      } catch (error) {
        throw unreadable(folder, error);
      } finally {
        entries.closeSync();
      }
    }
    const found = guarded(() => search.found());
    if ('error' in found) return raise(found.error);
    const { paths, before, passedOver } = found;
    return { files: paths.map((path) => ({ path, name: path.slice(before.length) })), passedOver };
  } finally {
    search.delete();
  }
}

/** As the engine counts kinds; src/ingest/file_search.h. */
function kindOf(folder: string, entry: Dirent): number {
  if (entry.isFile()) return 0;
  if (entry.isDirectory()) return 1;
  const target = statOf(join(folder, entry.name));
  if (target?.isDirectory()) return 2;
  return target === undefined || target.isFile() ? 0 : 3; // a link to nothing is refused where it is opened
}

/** Why there is none is told where the file is opened. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Its names come one by one, as there may be tens of thousands; undefined if there is no such folder. */
function openFolder(folder: string): Dir | undefined {
  try {
    return opendirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(folder, error);
  }
}

export function closeAll(files: OpenFile[]): void {
  for (const file of files) file.close?.();
}

function isPath(item: unknown): item is PathSource {
  if (typeof item !== 'object' || item === null || !('path' in item)) return false;
  return typeof item.path === 'string' || item.path instanceof URL;
}

function openPath(path: string, found: string | undefined, onState: (state: string) => void): OpenFile {
  const name = found ?? (path === '-' ? 'standard input' : path);
  try {
    const stats = path === '-' ? fstatSync(0) : statSync(path);
    if (stats.isFile()) {
      if (path !== '-') accessSync(path, constants.R_OK);
      onState([stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join());
      return new PathFile(name, stats.size, path, found !== undefined);
    }
  } catch (error) {
    throw unreadable(name, error);
  }
  // Pipes and terminals may keep us waiting, so they are read without blocking the thread.
  const stream = () => (path === '-' ? process.stdin : createReadStream(path));
  return { name, size: null, pieces: (signal) => piecesOfPipe(stream(), name, signal), once: true };
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
export class PathFile implements OpenFile {
  #beside: DigestsBeside | undefined = undefined;
  #place = 0;
  #opened: number | undefined = undefined;

  constructor(
    readonly name: string,
    readonly size: number,
    readonly path: string,
    readonly found = false,
  ) {}

  get shared(): number {
    return this.#descriptor;
  }

  /** Who hashes it while the run reads it, and its place among what is hashed. */
  hashedBeside(beside: DigestsBeside, place: number): void {
    this.#beside = beside;
    this.#place = place;
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
        const place = offset === undefined ? null : offset + filled;
        const size = readSync(this.#descriptor, room, filled, room.length - filled, place);
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
      return await (this.#beside?.digest(this.#place) ?? digestOfFile(this.hashable, onBytes));
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
  };
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const reason = reasons[code] ?? `cannot be read (${code || String(error)})`;
  return new EventDataError('unreadable', `${name} ${reason}.`, { file: name });
}
