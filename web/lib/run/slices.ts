/** A Blob from its beginning to its end, while what comes next is on its way: a browser fetches all of it from another process. */

import { startInline } from '../engine/inline-worker.js';

/** Of what is asked for at once. */
const SLICE_BYTES = 4 << 20;
/** Slices that have been asked for and not been taken. */
const AHEAD = 4;

export async function sliceOfBlob(blob: Blob, offset: number, size: number): Promise<Uint8Array> {
  return new Uint8Array(await blob.slice(offset, offset + size).arrayBuffer());
}

/** A thread that has work of its own takes nothing from a browser meanwhile: in a worker another one fetches. */
export async function* slicesOf(blob: Blob, from: number): AsyncIterable<Uint8Array> {
  const fetcher = 'FileReaderSync' in globalThis && blob.size - from > SLICE_BYTES ? startFetcher(blob, from) : undefined;
  const slices: Promise<Uint8Array>[] = [];
  let asked = from;
  const ask = () => {
    const at = asked;
    const fetchHere = () => sliceOfBlob(blob, at, SLICE_BYTES);
    // What the other one cannot give is fetched here, where the reason is told.
    const slice = fetcher ? fetcher.next().then((bytes) => bytes ?? fetchHere()) : fetchHere();
    slice.catch(() => undefined); // told when its turn comes, which a stopped run does not wait for
    slices.push(slice);
    asked += SLICE_BYTES;
  };
  try {
    for (let at = from; at < blob.size; at += SLICE_BYTES) {
      while (asked < blob.size && slices.length < (fetcher ? AHEAD : 2)) ask();
      yield await slices.shift()!;
    }
  } finally {
    fetcher?.end();
  }
}

/** Fetches the slices in turn. A stream is fetched three times as fast as slices are; where there is none to read into, slices. */
const FETCHING = `let blob, at, stream, turn = Promise.resolve();
const fetchNext = async (size) => {
  const end = Math.min(at + size, blob.size);
  try {
    stream ??= blob.slice(at).stream().getReader({ mode: 'byob' });
  } catch {
    const bytes = new FileReaderSync().readAsArrayBuffer(blob.slice(at, end));
    at = end;
    return bytes;
  }
  let bytes = new ArrayBuffer(end - at);
  for (let filled = 0; at < end; ) {
    const { value, done } = await stream.read(new Uint8Array(bytes, filled));
    if (done) throw new Error('it has become shorter');
    bytes = value.buffer;
    filled += value.byteLength;
    at += value.byteLength;
  }
  return bytes;
};
onmessage = ({ data }) => {
  if (data.blob) return void ([blob, at] = [data.blob, data.from]);
  turn = turn.then(() => fetchNext(data)).then(
    (bytes) => postMessage(bytes, [bytes]),
    () => postMessage(null),
  );
};`;

/** Once it cannot give one, it gives none any more. */
function startFetcher(blob: Blob, from: number): { next(): Promise<Uint8Array | null>; end(): void } | undefined {
  let worker: Worker;
  try {
    worker = startInline([FETCHING], { name: 'fetching' });
  } catch {
    return undefined; // a policy forbids it
  }
  let lost = false;
  const waiting: ((bytes: Uint8Array | null) => void)[] = [];
  const lose = () => {
    lost = true;
    for (const give of waiting.splice(0)) give(null);
  };
  worker.onmessage = ({ data }: MessageEvent<ArrayBuffer | null>) => (data ? waiting.shift()?.(new Uint8Array(data)) : lose());
  worker.onerror = (event) => {
    event.preventDefault();
    lose();
  };
  worker.postMessage({ blob, from });
  return {
    next: () =>
      new Promise((resolve) => {
        if (lost) return resolve(null);
        waiting.push(resolve);
        worker.postMessage(SLICE_BYTES);
      }),
    end: () => worker.terminate(),
  };
}
