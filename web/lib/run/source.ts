/** Sources: whatever a caller holds -> named files of byte pieces. */
import { EventDataError, type Digest, type Source, type SourceItem, type UrlSource } from '../types/index.js';
import { columnsProblem, isArrowTable, isColumns, piecesOfColumns } from './columns.js';
import { sliceOfBlob, slicesOf } from './slices.js';
import { UrlFile } from './url.js';
import * as WORDS from '../words.js';

/** What several threads can read at once, each by itself: a Blob within workers, or in Node the descriptor of a file. */
export type SharedFile = Blob | number;

/** One file on its way into the engine. */
export interface OpenFile {
  name: string;
  /** It was found below a folder that was given, by its name from there on. */
  found?: boolean;
  /** Bytes, where known before reading. */
  size: number | null;
  /** Asks for what is known only of the file itself; before it is read. */
  start?(signal?: AbortSignal): Promise<void>;
  /** In order; a signal ends a wait for more. */
  pieces(signal?: AbortSignal): AsyncIterable<Uint8Array>;
  /** Bytes from anywhere in the file, where that is possible; fewer at its end. */
  range?(offset: number, size: number): Promise<Uint8Array>;
  /**
   * Puts its bytes into the engine's memory, without a copy in between: fills `room` from `offset` on, or from where the
   * last call ended, and returns the bytes put there; 0 at the end.
   */
  readInto?(room: Uint8Array, offset?: number): number;
  /** What another thread can read the file from. */
  shared?: SharedFile;
  /** A stream: pieces() works only once. */
  once?: boolean;
  /** Its digest, where there is a better way than pieces(); `onBytes` as in digestOf(). */
  digest?(onBytes: (bytes: number) => void): Promise<Digest>;
  /** Gives back what reading holds, where it holds something; it may be read again, from its beginning. */
  close?(): void;
}

const PIECE_BYTES = 1 << 20;

export function openSource(source: Source): OpenFile[] {
  // An array of plain objects is one table; an array of anything else is several files.
  const items = isFileList(source) ? source : [source as SourceItem];
  if (items.length === 0) throw new EventDataError('emptyInput', WORDS.noInput);
  return items.map((item, i) => openItem(item, fallbackName(i, items.length)));
}

/** Whether any range of its bytes can be had. */
export function isAnywhere(file: OpenFile): boolean {
  return file.size !== null && (file.range !== undefined || file.readInto !== undefined);
}

/** What a source is, to tell whether another one is the same: its objects, and the names given to them, in order. */
export type Origin = readonly unknown[];

export function originOf(source: Source): Origin {
  const items = isFileList(source) ? source : [source as SourceItem];
  return items.flatMap((item) => (isNamed(item) ? [item.name, item.data] : ['', item]));
}

export function sameOrigin(one: Origin, other: Origin): boolean {
  return one.length === other.length && one.every((object, i) => object === other[i]);
}

export function fallbackName(index: number, count: number): string {
  return count === 1 ? 'input' : `input ${index + 1}`;
}

function isFileList(source: Source): source is readonly SourceItem[] {
  return Array.isArray(source) && (source.every(isColumns) || source.some((item) => !isRow(item)));
}

function isRow(item: unknown): item is object {
  return (
    typeof item === 'object' &&
    item !== null &&
    !Array.isArray(item) &&
    !isBytes(item) &&
    !(item instanceof Blob) &&
    !(item instanceof ReadableStream) &&
    !isNamed(item) &&
    !isUrl(item) &&
    !isArrowTable(item)
  );
}

function isBytes(item: unknown): item is ArrayBuffer | ArrayBufferView {
  return item instanceof ArrayBuffer || ArrayBuffer.isView(item);
}

function isNamed(item: unknown): item is { name: string; data: SourceItem; below?: true } {
  return (
    typeof item === 'object' &&
    item !== null &&
    !(item instanceof Blob) &&
    'name' in item &&
    'data' in item &&
    Object.keys(item).length === ('below' in item && item.below === true ? 3 : 2) &&
    typeof item.name === 'string' &&
    (typeof item.data === 'string' || isBytes(item.data) || item.data instanceof Blob || item.data instanceof ReadableStream)
  );
}

function isUrl(item: unknown): item is UrlSource | URL {
  if (item instanceof URL) return true;
  if (typeof item !== 'object' || item === null || !('url' in item)) return false;
  const { url, name, ...others } = item as Partial<UrlSource>;
  const named = name === undefined || typeof name === 'string';
  return named && (typeof url === 'string' || url instanceof URL) && Object.keys(others).length === 0;
}

export function openItem(item: SourceItem, fallbackName: string): OpenFile {
  if (isUrl(item)) return item instanceof URL ? new UrlFile(item) : new UrlFile(item.url, item.name);
  if (isNamed(item)) return { ...openItem(item.data, item.name), name: item.name, found: item.below === true };
  if (item instanceof Blob) {
    // A browser says where a file is below a folder that was chosen.
    const { name = fallbackName, webkitRelativePath } = item as Partial<File>;
    return {
      name: webkitRelativePath || name,
      found: !!webkitRelativePath,
      size: item.size,
      ...('FileReaderSync' in globalThis && { shared: item }),
      pieces: () => piecesOfBlob(item),
      range: (offset, size) => sliceOfBlob(item, offset, size),
    };
  }
  if (item instanceof ReadableStream) {
    return { name: fallbackName, size: null, pieces: (signal) => piecesOfStream(item, fallbackName, signal), once: true };
  }
  if (typeof item === 'string') {
    return openBytes(new TextEncoder().encode(item), fallbackName);
  }
  if (isBytes(item)) {
    const bytes =
      item instanceof ArrayBuffer ? new Uint8Array(item) : new Uint8Array(item.buffer, item.byteOffset, item.byteLength);
    return openBytes(bytes, fallbackName);
  }
  if (Array.isArray(item)) return { name: fallbackName, size: null, pieces: () => piecesOfRows(item) };
  const problem = columnsProblem(item);
  if (problem !== null) throw new EventDataError('badSource', `${fallbackName} ${problem}`);
  if (isColumns(item)) return { name: fallbackName, size: null, pieces: () => piecesOfColumns(item) };
  throw new EventDataError('badSource', WORDS.noSource(fallbackName, describe(item)));
}

/** Bytes at hand as a file. */
export function openBytes(bytes: Uint8Array, name: string): OpenFile {
  return {
    name,
    size: bytes.length,
    pieces: () => piecesOfBytes(bytes),
    range: async (offset, size) => bytes.subarray(offset, offset + size),
  };
}

function describe(item: unknown): string {
  return item === null ? 'null' : typeof item === 'object' ? 'an object' : `a ${typeof item}`;
}

async function* piecesOfBytes(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

async function* piecesOfBlob(blob: Blob): AsyncIterable<Uint8Array> {
  // The first piece alone: it may show that the rest is read otherwise.
  if (blob.size > 0) yield await sliceOfBlob(blob, 0, PIECE_BYTES);
  for await (const slice of slicesOf(blob, PIECE_BYTES)) yield* piecesOfBytes(slice);
}

async function* piecesOfStream(
  stream: ReadableStream<Uint8Array>,
  name: string,
  signal?: AbortSignal,
): AsyncIterable<Uint8Array> {
  if (stream.locked) throw new EventDataError('badSource', WORDS.streamTaken(name));
  const reader = stream.getReader();
  const stop = () => void reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener('abort', stop, { once: true });
  let finished = false;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      finished = done;
      if (done) return;
      if (!(value instanceof Uint8Array)) {
        throw new EventDataError('badSource', WORDS.streamGave(name, describe(value)));
      }
      for (let at = 0; at < value.length; at += PIECE_BYTES) yield value.subarray(at, at + PIECE_BYTES);
    }
  } finally {
    signal?.removeEventListener('abort', stop);
    if (!finished) await reader.cancel().catch(() => undefined);
  }
}

/** Rows as JSON lines, some thousand at a time. Dates become ISO text, BigInts digits. */
async function* piecesOfRows(rows: readonly object[]): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder();
  for (let at = 0; at < rows.length; at += 4096) {
    const lines = rows.slice(at, at + 4096).map((row, i) => rowText(row, at + i + 1));
    yield encoder.encode(lines.join('\n') + '\n');
  }
}

function rowText(row: object, number: number): string {
  try {
    return JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
  } catch (error) {
    throw new EventDataError('badSource', WORDS.rowNotJson(number, (error as Error).message), { row: number });
  }
}
