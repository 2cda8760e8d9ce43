/** Sources: whatever a caller holds -> named files of byte pieces. */
import { EventDataError, type Source, type SourceItem } from './types.js';

/** One file on its way into the engine. */
export interface OpenFile {
  name: string;
  /** Bytes, where known before reading. */
  size: number | null;
  pieces(): AsyncIterable<Uint8Array>;
  /** A stream: pieces() works only once. */
  once?: boolean;
  /** Its digest, where there is a better way than pieces(). */
  digest?(): Promise<Digest>;
}

export interface Digest {
  bytes: number;
  sha256: string;
}

const PIECE_BYTES = 1 << 20;

export function openSource(source: Source): OpenFile[] {
  // An array of plain objects is one table; an array of anything else is several files.
  const items = isFileList(source) ? source : [source as SourceItem];
  if (items.length === 0) throw new EventDataError('emptyInput', 'There is no input: the list of files is empty.');
  return items.map((item, i) => openItem(item, items.length === 1 ? 'input' : `input ${i + 1}`));
}

function isFileList(source: Source): source is readonly SourceItem[] {
  return Array.isArray(source) && (source.length === 0 || source.some((item) => !isRow(item)));
}

function isRow(item: unknown): item is object {
  return typeof item === 'object' && item !== null && !Array.isArray(item) && !isBytes(item) && !(item instanceof Blob) &&
    !(item instanceof ReadableStream) && !isNamed(item);
}

function isBytes(item: unknown): item is ArrayBuffer | ArrayBufferView {
  return item instanceof ArrayBuffer || ArrayBuffer.isView(item);
}

function isNamed(item: unknown): item is { name: string; data: SourceItem } {
  return typeof item === 'object' && item !== null && !(item instanceof Blob) && 'name' in item && 'data' in item &&
    typeof item.name === 'string' && (typeof item.data === 'string' || isBytes(item.data) || item.data instanceof Blob ||
      item.data instanceof ReadableStream);
}

function openItem(item: SourceItem, fallbackName: string): OpenFile {
  if (isNamed(item)) return { ...openItem(item.data, fallbackName), name: item.name };
  if (item instanceof Blob) {
    const name = 'name' in item && typeof item.name === 'string' ? item.name : fallbackName;
    return { name, size: item.size, pieces: () => piecesOfBlob(item) };
  }
  if (item instanceof ReadableStream) return { name: fallbackName, size: null, pieces: () => piecesOfStream(item), once: true };
  if (typeof item === 'string') {
    const bytes = new TextEncoder().encode(item);
    return { name: fallbackName, size: bytes.length, pieces: () => piecesOfBytes(bytes) };
  }
  if (isBytes(item)) {
    const bytes = item instanceof ArrayBuffer ? new Uint8Array(item) : new Uint8Array(item.buffer, item.byteOffset, item.byteLength);
    return { name: fallbackName, size: bytes.length, pieces: () => piecesOfBytes(bytes) };
  }
  if (Array.isArray(item)) return { name: fallbackName, size: null, pieces: () => piecesOfRows(item) };
  throw new EventDataError('badSource', `${fallbackName} is ${describe(item)}; give a File or Blob, bytes, a stream, text, ` +
    'or an array of objects.');
}

function describe(item: unknown): string {
  return item === null ? 'null' : typeof item === 'object' ? 'an object' : `a ${typeof item}`;
}

async function* piecesOfBytes(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES) yield bytes.subarray(at, at + PIECE_BYTES);
}

async function* piecesOfBlob(blob: Blob): AsyncIterable<Uint8Array> {
  for (let at = 0; at < blob.size; at += PIECE_BYTES) {
    yield new Uint8Array(await blob.slice(at, at + PIECE_BYTES).arrayBuffer());
  }
}

async function* piecesOfStream(stream: ReadableStream<Uint8Array>): AsyncIterable<Uint8Array> {
  const reader = stream.getReader();
  let finished = false;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      finished = done;
      if (done) return;
      for (let at = 0; at < value.length; at += PIECE_BYTES) yield value.subarray(at, at + PIECE_BYTES);
    }
  } finally {
    if (!finished) await reader.cancel().catch(() => undefined);
  }
}

/** Rows as JSON lines, some thousand at a time. Dates become ISO text, BigInts digits. */
async function* piecesOfRows(rows: readonly object[]): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder();
  for (let at = 0; at < rows.length; at += 4096) {
    const lines = rows.slice(at, at + 4096).map((row) =>
      JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)));
    yield encoder.encode(lines.join('\n') + '\n');
  }
}
