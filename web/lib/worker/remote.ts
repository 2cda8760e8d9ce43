/**
 * An engine in a worker of its own, spoken to from here.
 *
 * Aborting a signal ends the worker at once, with all it held; the next call starts a fresh one.
 */
import type { Modules } from '../engine/engine.js';
import { threadsOf } from '../run/chunks.js';
import { PreparedDataset, type Formats, type Hooks, type Port } from '../run/dataset.js';
import { originOf } from '../run/source.js';
import {
  EventDataError,
  type Dataset,
  type HashedFile,
  type EventTypeRole,
  type Inspection,
  type OutputFile,
  type PartialPlan,
  type PartName,
  type Plan,
  type PlanKey,
  type PrepareOptions,
  type SessionQuery,
  type SimulateOptions,
  type Source,
  type TableFormatInfo,
  type Truth,
  type Watch,
} from '../types/index.js';
import type { ArgsOf, FromWorker, ReplyTo, Request, Service, ToWorker } from './messages.js';
import * as WORDS from '../words.js';

/** What a request is asked with. */
interface Asking extends Watch {
  onPiece?: Hooks['onPiece'];
  /** What is handed over with it. */
  transfer?: Transferable[];
}

interface Pending extends Pick<Asking, 'onProgress' | 'onPiece'> {
  resolve(reply: unknown): void;
  reject(error: unknown): void;
}

export type StartWorker = () => Worker;

class Connection {
  readonly #worker: Worker;
  readonly #onEnd: () => void;
  readonly #pending = new Map<number, Pending>();
  readonly #over = new AbortController();
  #nextId = 1;

  constructor(worker: Worker, onEnd: () => void) {
    this.#worker = worker;
    this.#onEnd = onEnd;
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.end(new EventDataError('engineFailed', WORDS.engineEnded(event.message)));
    };
    this.#watch();
  }

  /** A worker that the browser ends says nothing; but what it holds a lock of is free then. */
  #watch(): void {
    const { locks } = navigator as Partial<Navigator>;
    if (!locks) return;
    const name = `causal-sessions ${crypto.randomUUID()}`;
    const { signal } = this.#over;
    const watched = new WeakRef(this); // the browser may hold on to a request that has been given up
    this.ask('live', [name])
      .then(() => locks.request(name, { signal }, () => undefined))
      .then(() => watched.deref()?.end(new EventDataError('engineFailed', WORDS.engineEnded(WORDS.workerGone))))
      .catch(() => undefined); // a page that may have no locks does without
  }

  hand(modules: Modules): void {
    this.#worker.postMessage({ modules } satisfies ToWorker);
  }

  ask<K extends keyof Service>(kind: K, args: ArgsOf<K>, asking: Asking = {}): Promise<ReplyTo<K>> {
    return this.#ask({ kind, args } as Request, asking) as Promise<ReplyTo<K>>;
  }

  askOf<K extends keyof Port>(dataset: number, kind: K, args: ArgsOf<K>, asking: Asking = {}): Promise<ReplyTo<K>> {
    return this.#ask({ dataset, kind, args } as Request, asking) as Promise<ReplyTo<K>>;
  }

  #ask(request: Request, { signal, transfer = [], ...hooks }: Asking): Promise<unknown> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      if (this.#over.signal.aborted) return reject(this.#over.signal.reason); // nobody is there to answer
      this.#pending.set(id, { resolve, reject, ...hooks });
      signal?.addEventListener('abort', () => this.#abandon(id, signal.reason), { once: true });
      try {
        this.#worker.postMessage({ id, request } satisfies ToWorker, transfer);
      } catch (error) {
        this.#pending.delete(id);
        reject(error);
      }
    });
  }

  /** Ends the worker; everything still asked for fails with `reason`. */
  end(reason: unknown): void {
    if (this.#over.signal.aborted) return;
    this.#over.abort(reason);
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
      pending.resolve(message.reply);
    }
  }
}

/** Streams cannot be copied to a worker, only handed over. */
function streamsIn(source: Source): Transferable[] {
  return itemsOf(source).filter((item) => item instanceof ReadableStream);
}

function itemsOf(source: Source): unknown[] {
  const items = (Array.isArray(source) ? source : [source]) as unknown[];
  return items.map((item) => (typeof item === 'object' && item !== null && 'data' in item ? item.data : item));
}

/** A URL cannot be copied to a worker; its text can. */
function sendable(source: Source): Source {
  const sent = (item: unknown) => {
    if (item instanceof URL) return { url: item.href };
    const { url } = (item ?? {}) as { url?: unknown };
    return url instanceof URL ? { ...(item as object), url: url.href } : item;
  };
  return (Array.isArray(source) ? source.map(sent) : sent(source)) as Source;
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
    this.#connection?.hand(modules);
  }

  /** Starts the worker and loads the engine with all its modules, so that nothing is fetched later. */
  async warmUp(): Promise<void> {
    await this.#connect().ask('warmUp', []);
  }

  async prepare(source: Source, plan?: PartialPlan, options: PrepareOptions = {}): Promise<Dataset> {
    const { onProgress, signal, manifest = false, audit = false, keepEvents = false, threads } = options;
    signal?.throwIfAborted();
    const most = threadsOf(threads, navigator.hardwareConcurrency);
    const through = this.#connect();
    const origin = originOf(source);
    const before = options.reuse instanceof PreparedDataset ? options.reuse.eventsOf(origin) : undefined;
    const reuse = before instanceof RemotePort && before.through === through ? before.id : undefined;
    const stop = () => through.end(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const order = { source: sendable(source), plan, manifest, audit, keepEvents, reuse, threads: most };
      const transfer = streamsIn(source);
      const { dataset, ...facts } = await through.ask('prepare', [order], { onProgress, transfer });
      return new PreparedDataset(facts, new RemotePort(through, dataset), origin);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async inspect(source: Source, plan?: PartialPlan, rows?: number): Promise<Inspection> {
    return this.#connect().ask('inspect', [sendable(source), plan, rows], { transfer: streamsIn(source) });
  }

  async chooseFiles(paths: readonly string[]): Promise<{ taken: Uint32Array; passedOver: number }> {
    return this.#connect().ask('chooseFiles', [paths]);
  }

  async guessRoles(types: readonly Omit<EventTypeRole, 'role'>[]): Promise<EventTypeRole[]> {
    return this.#connect().ask('guessRoles', [types]);
  }

  async listFormats(): Promise<TableFormatInfo[]> {
    return this.#connect().ask('listFormats', []);
  }

  async planKeys(): Promise<PlanKey[]> {
    return this.#connect().ask('planKeys', []);
  }

  async readPlan(plan?: PartialPlan): Promise<Plan> {
    return this.#connect().ask('readPlan', [plan]);
  }

  async simulate(options: SimulateOptions = {}): Promise<Blob> {
    return this.#connect().ask('simulate', [options]);
  }

  async simulateTruth(options: SimulateOptions = {}): Promise<Truth> {
    return this.#connect().ask('simulateTruth', [options]);
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
  return new DOMException(WORDS.engineClosed, 'AbortError');
}

/** A run in the worker at the other end. */
class RemotePort implements Port {
  constructor(
    readonly through: Connection,
    readonly id: number,
  ) {}

  split(part: PartName) {
    return this.#ask('split', [part]);
  }

  listSessions(query: SessionQuery) {
    return this.#ask('listSessions', [query]);
  }

  lookAt(row: number) {
    return this.#ask('lookAt', [row]);
  }

  files(formats: Formats) {
    return this.#ask('files', [formats]);
  }

  write(path: string, { onPiece }: Hooks) {
    return this.#ask('write', [path], { onPiece });
  }

  digest(path: string) {
    return this.#ask('digest', [path]);
  }

  reportHtml(exactCounts: boolean, manifestSha256: string) {
    return this.#ask('reportHtml', [exactCounts, manifestSha256]);
  }

  estimate() {
    return this.#ask('estimate', []);
  }

  blindAudit() {
    return this.#ask('blindAudit', []);
  }

  manifest(files: readonly (OutputFile | HashedFile)[], { onProgress, signal }: Hooks) {
    return this.#ask('manifest', [files], { onProgress, signal });
  }

  dispose() {
    return this.#ask('dispose', []);
  }

  #ask<K extends keyof Port>(kind: K, args: ArgsOf<K>, asking?: Asking): Promise<ReplyTo<K>> {
    return this.through.askOf(this.id, kind, args, asking);
  }
}
