/**
 * Blobs that an engine's threads read, each by itself. A browser gives one stream faster than slices to each of them, so that of a text
 * is fetched into a ring that all of them see; src/bindings/shared_file.cpp is their side.
 *
 * What lies in the ring begins where the reader of the file has come to, and ends where the stream is. Whoever wants other bytes takes a
 * slice.
 */

import { startInline } from './inline-worker.js';

/** What threads know of a Blob. Its own number is at the first place of the state while its stream is in the ring. */
interface SharedBlob {
  blob: Blob;
  ring: Uint8Array;
  /** BigInts: whose stream it is, up to where it has come, and from where on bytes are wanted. */
  state: BigInt64Array;
}

/** By their numbers, which are the same in all threads. */
export type SharedFiles = Record<number, SharedBlob>;

const STREAMING = `onmessage = async ({ data: { number, from, shared: { blob, ring, state } } }) => {
  const isWanted = () => Atomics.load(state, 0) === BigInt(number);
  try {
    const stream = blob.slice(from).stream().getReader({ mode: 'byob' });
    let buffer = new ArrayBuffer(1 << 20);
    for (let at = from; at < blob.size && isWanted(); ) {
      const { value, done } = await stream.read(new Uint8Array(buffer));
      if (done) throw new Error('it has become shorter');
      const end = at + value.length;
      for (let taken; isWanted() && end > Number((taken = Atomics.load(state, 2))) + ring.length; ) Atomics.wait(state, 2, taken, 1000);
      const place = at % ring.length;
      ring.set(value.subarray(0, ring.length - place), place);
      if (place + value.length > ring.length) ring.set(value.subarray(ring.length - place));
      buffer = value.buffer;
      at = end;
      Atomics.store(state, 1, BigInt(at));
      Atomics.notify(state, 1);
    }
    await stream.cancel();
  } catch {
    Atomics.compareExchange(state, 0, BigInt(number), 0n);
    Atomics.notify(state, 1);
  }
};
postMessage('ready');`;

let lastNumber = 0;

/** The Blobs of one run, which are read one after the other. */
export class SharedBlobs {
  readonly files: SharedFiles;
  readonly #state = new BigInt64Array(new SharedArrayBuffer(3 * BigInt64Array.BYTES_PER_ELEMENT));
  #worker: Worker | undefined;

  /** `ringBytes`: room for what the threads of the run are ahead. */
  constructor(blobs: readonly Blob[], ringBytes: number) {
    const ring = new Uint8Array(new SharedArrayBuffer(blobs.length > 0 ? ringBytes : 0));
    this.files = Object.fromEntries(blobs.map((blob) => [++lastNumber, { blob, ring, state: this.#state }]));
  }

  numberOf(blob: Blob): number {
    return Number(Object.keys(this.files).find((number) => this.files[Number(number)]!.blob === blob));
  }

  /** Starts who fetches; it has to be there before the engine blocks this thread. Without it threads take slices. */
  async start(): Promise<void> {
    try {
      const worker = startInline([STREAMING], { name: 'streaming' });
      await new Promise((resolve, reject) => {
        worker.onmessage = resolve;
        worker.onerror = (event) => {
          event.preventDefault();
          reject(new Error(event.message));
        };
      });
      this.#worker = worker;
    } catch {
      // a policy forbids it
    }
  }

  /** From now on the file is fetched, from there on, into the ring. */
  stream(number: number, from: number): void {
    if (!this.#worker) return;
    Atomics.store(this.#state, 1, BigInt(from));
    Atomics.store(this.#state, 2, BigInt(from));
    Atomics.store(this.#state, 0, BigInt(number));
    this.#worker.postMessage({ number, from, shared: this.files[number] });
  }

  /** Of the file that is fetched no more is wanted. */
  stop(): void {
    Atomics.store(this.#state, 0, 0n);
    Atomics.notify(this.#state, 1);
    Atomics.notify(this.#state, 2);
  }

  end(): void {
    this.stop();
    this.#worker?.terminate();
  }
}
