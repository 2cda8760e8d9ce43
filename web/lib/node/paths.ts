/** Files by their paths. */
import { accessSync, closeSync, constants, createReadStream, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { fallbackName, openItem, openSource, originOf, type OpenFile, type Origin } from '../run/source.js';
import { EventDataError, type Digest, type Source, type SourceItem } from '../types/index.js';
import { digestOfFile, type DigestsBeside } from './digest.js';

/** A file by its path; `{ path: '-' }` is standard input. */
export interface PathSource {
  path: string | URL;
}

export type NodeSource = Source | PathSource | readonly (PathSource | SourceItem)[];

export function openNodeSource(source: NodeSource): OpenFile[] {
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
export function originOfNode(source: NodeSource, files: OpenFile[]): Origin {
  const items: readonly unknown[] = Array.isArray(source) ? source : [source];
  if (!items.some(isPath)) return originOf(source as Source);
  return items.flatMap((item, i) => {
    const file = files[i]!;
    if (!isPath(item)) return originOf([item as SourceItem]);
    return file instanceof PathFile ? [resolve(file.path), file.state] : [file];
  });
}

export function closeAll(files: OpenFile[]): void {
  for (const file of files) file.close?.();
}

function isPath(item: unknown): item is PathSource {
  if (typeof item !== 'object' || item === null || !('path' in item)) return false;
  return typeof item.path === 'string' || item.path instanceof URL;
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
  const stream = () => (text === '-' ? process.stdin : createReadStream(text));
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
  const reason = reasons[code] ?? `cannot be read (${code || String(error)})`;
  return new EventDataError('unreadable', `${name} ${reason}.`, { file: name });
}
