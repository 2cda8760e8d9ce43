/**
 * An engine in a worker of its own, spoken to from here.
 *
 * Aborting a signal ends the worker at once, with all it held; the next call starts a fresh one.
 */
import type { Modules } from './engine.js';
import type { FromWorker, Replies, Request, ToWorker } from './messages.js';
import { partSizes, threadsOf } from './parts.js';
import { concatenate } from './prepare.js';
import { originOf, sameOrigin, type Origin } from './source.js';
import {
  EventDataError,
  type Dataset,
  type Digest,
  type HashedFile,
  type Inspection,
  type OutputFile,
  type PartialPlan,
  type PartName,
  type Plan,
  type PrepareOptions,
  type Progress,
  type SessionList,
  type SessionQuery,
  type SessionView,
  type SimulateOptions,
  type Source,
  type TableFormat,
  type TableFormatInfo,
  type Truth,
  type Watch,
} from './types/index.js';

interface Hooks extends Watch {
  onPiece?: (bytes: Uint8Array) => void;
}

interface Pending extends Pick<Hooks, 'onProgress' | 'onPiece'> {
  resolve(reply: never): void;
  reject(error: unknown): void;
}

export type StartWorker = () => Worker;

class Connection {
  readonly #worker: Worker;
  readonly #onEnd: () => void;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  constructor(worker: Worker, onEnd: () => void) {
    this.#worker = worker;
    this.#onEnd = onEnd;
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.end(new EventDataError('engineFailed', `The engine could not go on: ${event.message || 'its worker did not start'}.`));
    };
  }

  ask<Kind extends Request['kind']>(
    request: Extract<Request, { kind: Kind }>,
    { signal, ...hooks }: Hooks = {},
  ): Promise<Replies[Kind]> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, ...hooks });
      signal?.addEventListener('abort', () => this.#abandon(id, signal.reason), { once: true });
      try {
        this.#worker.postMessage({ id, request } satisfies ToWorker, handedOver(request));
      } catch (error) {
        this.#pending.delete(id);
        reject(error);
      }
    });
  }

  /** Ends the worker; everything still asked for fails with `reason`. */
  end(reason: unknown): void {
    this.#worker.terminate();
    this.#onEnd();
    for (const pending of this.#pending.values()) pending.reject(reason);
    this.#pending.clear();
  }

  /** Nobody waits for this any more; the worker stops where it hears the message. */
  #abandon(id: number, reason: unknown): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    this.#worker.postMessage({ stop: id } satisfies ToWorker);
    pending.reject(reason);
  }

  #receive(message: FromWorker): void {
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    if ('progress' in message) return pending.onProgress?.(message.progress);
    if ('piece' in message) return pending.onPiece?.(message.piece);
    this.#pending.delete(message.id);
    if ('error' in message) {
      const { code, message: text, where } = message.error;
      pending.reject(code ? new EventDataError(code, text, where) : new Error(text));
    } else {
      pending.resolve(message.reply as never);
    }
  }
}

/** Streams and ports cannot be copied to a worker, only handed over. */
function handedOver(request: Request): Transferable[] {
  if (!('source' in request)) return [];
  const streams = itemsOf(request.source).filter((item) => item instanceof ReadableStream);
  return 'helpers' in request ? [...streams, ...request.helpers] : streams;
}

function itemsOf(source: Source): unknown[] {
  const items = (Array.isArray(source) ? source : [source]) as unknown[];
  return items.map((item) => (typeof item === 'object' && item !== null && 'data' in item ? item.data : item));
}

/** Whether some of it is worth several threads. */
function isLarge(source: Source): boolean {
  return itemsOf(source).some((item) => {
    const size = item instanceof Blob ? item.size : item instanceof ArrayBuffer || ArrayBuffer.isView(item) ? item.byteLength : 0;
    return size >= partSizes.leastFile;
  });
}

/** Workers that read parts for the one that holds the engine. One that cannot start is never heard of there. */
class Helpers {
  readonly #workers: Worker[] = [];
  readonly ports: MessagePort[] = [];

  constructor(count: number, start: StartWorker) {
    try {
      while (this.ports.length < count) {
        const worker = start();
        this.#workers.push(worker);
        worker.onerror = (event) => event.preventDefault();
        const { port1, port2 } = new MessageChannel();
        worker.postMessage({ serve: port1 } satisfies ToWorker, [port1]);
        this.ports.push(port2);
      }
    } catch {
      // as many as there are
    }
  }

  end(): void {
    for (const worker of this.#workers) worker.terminate();
  }
}

export class RemoteEngine {
  readonly #startWorker: StartWorker;
  #modules: Modules | undefined;
  #connection: Connection | undefined;
  #closed = false;

  constructor(startWorker: StartWorker) {
    this.#startWorker = startWorker;
  }

  /** Hands the code to every worker from now on, so that one in the place of a cancelled one asks nothing of the network. */
  useModules(modules: Modules): void {
    this.#modules = modules;
  }

  /** Starts the worker and loads the engine with all its parts, so that nothing is fetched later. */
  async warmUp(): Promise<void> {
    await this.#connect().ask({ kind: 'warmUp' });
  }

  async prepare(source: Source, plan?: PartialPlan, options: PrepareOptions = {}): Promise<Dataset> {
    const { onProgress, signal, manifest, audit, keepEvents, threads } = options;
    signal?.throwIfAborted();
    const count = threadsOf(threads, navigator.hardwareConcurrency);
    const through = this.#connect();
    const origin = originOf(source);
    const reuse = options.reuse instanceof RemoteDataset ? options.reuse.idAt(through, origin) : undefined;
    const helpers = new Helpers(isLarge(source) ? count - 1 : 0, () => this.#start());
    const stop = () => through.end(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const asked = { manifest: manifest === true, audit: audit === true, keepEvents: keepEvents === true };
      const reply = await through.ask({ kind: 'prepare', source, plan, ...asked, reuse, helpers: helpers.ports }, { onProgress });
      return new RemoteDataset(through, reply, origin);
    } finally {
      signal?.removeEventListener('abort', stop);
      helpers.end();
    }
  }

  async inspect(source: Source, plan?: PartialPlan, rows?: number): Promise<Inspection> {
    return this.#connect().ask({ kind: 'inspect', source, plan, rows });
  }

  async listFormats(): Promise<TableFormatInfo[]> {
    return this.#connect().ask({ kind: 'listFormats' });
  }

  async readPlan(plan?: PartialPlan): Promise<Plan> {
    return this.#connect().ask({ kind: 'readPlan', plan });
  }

  async simulate(options: SimulateOptions = {}): Promise<Blob> {
    return this.#connect().ask({ kind: 'simulate', options });
  }

  async simulateTruth(options: SimulateOptions = {}): Promise<Truth> {
    return this.#connect().ask({ kind: 'simulateTruth', options });
  }

  /** Ends the worker for good, and with it everything that was asked or made. */
  close(): void {
    this.#closed = true;
    this.#connection?.end(closed());
  }

  #connect(): Connection {
    if (this.#closed) throw closed();
    this.#connection ??= new Connection(this.#start(), () => (this.#connection = undefined));
    return this.#connection;
  }

  #start(): Worker {
    const worker = this.#startWorker();
    if (this.#modules) worker.postMessage({ modules: this.#modules } satisfies ToWorker);
    return worker;
  }
}

function closed(): DOMException {
  return new DOMException('The engine has been closed.', 'AbortError');
}

class RemoteDataset implements Dataset {
  readonly report;
  readonly vocabulary;
  readonly audit;
  readonly keepsEvents;
  readonly reusedEvents;
  readonly #through: Connection;
  readonly #id: number;
  readonly #origin: Origin;

  constructor(through: Connection, reply: Replies['prepare'], origin: Origin) {
    this.#through = through;
    this.#id = reply.dataset;
    this.#origin = reply.keepsEvents ? origin : [{}]; // not held for nothing
    this.keepsEvents = reply.keepsEvents;
    this.reusedEvents = reply.reusedEvents;
    this.report = reply.report;
    this.vocabulary = reply.vocabulary;
    this.audit = reply.audit;
  }

  /** What the worker knows it by, if that is the one, and the files are the same objects. */
  idAt(through: Connection, origin: Origin): number | undefined {
    return through === this.#through && sameOrigin(origin, this.#origin) ? this.#id : undefined;
  }

  split(part: PartName) {
    return this.#through.ask({ kind: 'split', dataset: this.#id, part });
  }

  listSessions(query: SessionQuery = {}): Promise<SessionList> {
    return this.#through.ask({ kind: 'listSessions', dataset: this.#id, query });
  }

  lookAt(row: number): Promise<SessionView> {
    return this.#through.ask({ kind: 'lookAt', dataset: this.#id, row });
  }

  files(formats?: (TableFormat | 'audit')[]): Promise<OutputFile[]> {
    return this.#through.ask({ kind: 'files', dataset: this.#id, formats });
  }

  async writePieces(path: string, onPiece: (bytes: Uint8Array) => void): Promise<void> {
    await this.#through.ask({ kind: 'write', dataset: this.#id, path }, { onPiece });
  }

  async write(name: PartName | 'vocabulary' | 'metadata' | 'audit', format: TableFormat = 'parquet'): Promise<Uint8Array> {
    const file = (await this.files()).find((entry) =>
      entry.part === null ? entry.format === name : entry.part === name && entry.format === format);
    if (!file) throw new EventDataError('badCall', `There is no file "${name}" in the format "${format}".`);
    const pieces: Uint8Array[] = [];
    await this.writePieces(file.path, (piece) => pieces.push(piece));
    return concatenate(pieces);
  }

  digest(path: string): Promise<Digest> {
    return this.#through.ask({ kind: 'digest', dataset: this.#id, path });
  }

  async manifest(files: readonly (OutputFile | HashedFile)[], watch: Watch = {}): Promise<Uint8Array> {
    watch.signal?.throwIfAborted();
    return this.#through.ask({ kind: 'manifest', dataset: this.#id, files }, watch);
  }

  dispose(): void {
    void this.#through.ask({ kind: 'dispose', dataset: this.#id }).catch(() => undefined);
  }
}
