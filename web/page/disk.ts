/** Files on their way to the disk: into a folder, into a ZIP, or as a download. Each is made while it is written. */
import { makeZip } from 'client-zip';
import { EventDataError, type Dataset } from '../lib/types/index.js';
import { SAVING } from './words/files.js';

/** The browser's pickers, where it has them; the standard library's types leave them out. */
declare global {
  interface Window {
    showDirectoryPicker?(options: { id: string; mode: 'readwrite' }): Promise<FileSystemDirectoryHandle>;
    showSaveFilePicker?(options: {
      id: string;
      suggestedName: string;
      types: { description: string; accept: Record<string, string[]> }[];
    }): Promise<FileSystemFileHandle & { remove?(): Promise<void> }>;
  }
}

export interface FileToSave {
  path: string;
  bytes: number;
  open(): ReadableStream<Blob>;
}

type OnBytes = (file: number, bytes: number) => void;

/** Small enough that copying a batch does not hold the page up. */
const BATCH_BYTES = 1 << 20;

/**
 * The bytes of one file of a dataset. The engine makes a file in one go, so pieces cannot be held back: what the disk
 * has not taken yet waits here, one file's bytes at most, in Blobs, which the browser may keep outside memory.
 */
export function streamOf(dataset: Dataset, path: string, signal: AbortSignal): ReadableStream<Blob> {
  let batch: Uint8Array[] = [];
  let size = 0;
  let ended = false;
  return new ReadableStream<Blob>({
    start(controller) {
      const flush = () => {
        if (!ended && size > 0) controller.enqueue(new Blob(batch as BlobPart[]));
        batch = [];
        size = 0;
      };
      const end = (last: () => void) => {
        if (!ended) last();
        ended = true;
      };
      signal.addEventListener('abort', () => end(() => controller.error(signal.reason)), { once: true });
      const take = (piece: Uint8Array) => {
        if (ended) return;
        batch.push(piece);
        size += piece.length;
        if (size >= BATCH_BYTES) flush();
      };
      dataset.writePieces(path, take).then(
        () => end(() => (flush(), controller.close())),
        (error: unknown) => end(() => controller.error(error)),
      );
    },
    cancel() {
      ended = true;
    },
  });
}

/** Blobs in order; by hand, since not every browser iterates over a stream. */
async function* blobsOf(stream: ReadableStream<Blob>): AsyncGenerator<Blob> {
  const reader = stream.getReader();
  try {
    for (let step; !(step = await reader.read()).done; ) yield step.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * Writes files below a folder. A browser writes beside a file and replaces it when its stream is closed; all streams are
 * closed at the end, so that whatever goes wrong before leaves the files that were there, and nothing new.
 */
export async function saveToFolder(
  root: FileSystemDirectoryHandle,
  files: readonly FileToSave[],
  signal: AbortSignal,
  onBytes: OnBytes,
): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  const writables: FileSystemWritableFileStream[] = [];
  const replaced: string[] = [];
  try {
    for (const { path } of files) writables.push(await openBeside(root, path, undo));
    for (const [i, file] of files.entries()) {
      for await (const blob of blobsOf(file.open())) {
        signal.throwIfAborted();
        await writables[i]!.write(blob);
        onBytes(i, blob.size);
      }
    }
    signal.throwIfAborted();
    for (const [i, { path }] of files.entries()) {
      await writables[i]!.close();
      replaced.push(path);
    }
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => undefined);
    throw unwritable(error, SAVING.folder(root.name), replaced);
  }
}

async function openBeside(
  root: FileSystemDirectoryHandle,
  path: string,
  undo: (() => Promise<void>)[],
): Promise<FileSystemWritableFileStream> {
  const names = path.split('/');
  const name = names.pop()!;
  let folder = root;
  for (const part of names) folder = await entry(folder, part, undo, (create) => folder.getDirectoryHandle(part, { create }));
  const file = await entry(folder, name, undo, (create) => folder.getFileHandle(name, { create }));
  const writable = await file.createWritable();
  undo.push(() => writable.abort());
  return writable;
}

/** A file or folder below a folder; one that was not there is made, and removed again if all comes to nothing. */
async function entry<Handle>(
  folder: FileSystemDirectoryHandle,
  name: string,
  undo: (() => Promise<void>)[],
  get: (create: boolean) => Promise<Handle>,
): Promise<Handle> {
  try {
    return await get(false);
  } catch (error) {
    if ((error as Error).name !== 'NotFoundError') throw error;
  }
  const made = await get(true);
  undo.push(() => folder.removeEntry(name));
  return made;
}

/** Stored, not compressed: most formats are dense already, and the page stays free. */
export function zipOf(files: readonly FileToSave[], onBytes: OnBytes): ReadableStream<Uint8Array> {
  const lastModified = new Date();
  async function* bytes(file: FileToSave, i: number): AsyncGenerator<Uint8Array> {
    for await (const blob of blobsOf(file.open())) {
      yield new Uint8Array(await blob.arrayBuffer());
      onBytes(i, blob.size);
    }
  }
  async function* entries() {
    for (const [i, file] of files.entries()) yield { name: file.path, input: bytes(file, i), lastModified };
  }
  return makeZip(entries());
}

/** Streams into the file that somebody picked; until all is there, the file stays what it was. */
export async function saveToFile(
  file: Awaited<ReturnType<NonNullable<Window['showSaveFilePicker']>>>,
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  try {
    await stream.pipeTo(await file.createWritable(), { signal });
  } catch (error) {
    // The picker leaves an empty file behind where there was none.
    const isEmpty = async () => (await file.getFile()).size === 0;
    if (await isEmpty().catch(() => false)) await file.remove?.().catch(() => undefined);
    throw unwritable(error, SAVING.file(file.name), []);
  }
}

export function downloadBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser takes the bytes after this turn; a minute is enough for any dialog to have begun.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

export async function blobOf(file: FileToSave, onBytes: (bytes: number) => void): Promise<Blob> {
  const parts: Blob[] = [];
  for await (const blob of blobsOf(file.open())) {
    parts.push(blob);
    onBytes(blob.size);
  }
  return new Blob(parts);
}

/** The browser's refusals as one sentence; everything else passes as it is. */
export function unwritable(error: unknown, place: string, replaced: readonly string[]): unknown {
  if (!(error instanceof DOMException) || error.name === 'AbortError') return error;
  return new EventDataError(
    'unwritable',
    SAVING.unwritable(place, SAVING.reasons[error.name] ?? error.message.replace(/\.$/, ''), replaced),
  );
}
