/** Results on their way to the disk: written piece by piece into Blobs, which the browser may keep outside memory. */
import { makeZip } from 'client-zip';
import type { Dataset } from '../lib/types.js';

/** Small enough that copying a batch does not hold the page up. */
const BATCH_BYTES = 4 << 20;

export async function writeToBlob(dataset: Dataset, path: string): Promise<Blob> {
  const parts: Blob[] = [];
  let batch: Uint8Array[] = [];
  let size = 0;
  const flush = () => {
    parts.push(new Blob(batch as BlobPart[]));
    batch = [];
    size = 0;
  };
  await dataset.writePieces(path, (piece) => {
    batch.push(piece);
    size += piece.length;
    if (size >= BATCH_BYTES) flush();
  });
  flush();
  return new Blob(parts);
}

/** Stored, not compressed: Parquet is dense already, and the page stays free. */
export async function zipBlob(files: readonly { path: string; blob: Blob }[]): Promise<Blob> {
  const lastModified = new Date();
  const entries = files.map(({ path, blob }) => ({ name: path, input: blob, lastModified }));
  return new Response(makeZip(entries), { headers: { 'Content-Type': 'application/zip' } }).blob();
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
