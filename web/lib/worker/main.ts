/** Inside the worker: answers messages with the engine of this thread. */
import { loadCodecs } from '../engine/codecs.js';
import { guarded, loadEngine } from '../engine/engine.js';
import type { Hooks } from '../run/dataset.js';
import type { EnginePort } from '../run/engine-port.js';
import { listFormats } from '../run/formats.js';
import { guessRoles, inspect } from '../run/inspect.js';
import { planKeys, readPlan } from '../run/plan.js';
import { runFiles } from '../run/prepare.js';
import { simulate, simulateTruth } from '../run/simulate.js';
import { openSource } from '../run/source.js';
import { EventDataError } from '../types/index.js';
import { takeAllModules, takeModules } from './engine.js';
import type { FromWorker, Request, Service, ToWorker } from './messages.js';
import * as WORDS from '../words.js';

const datasets = new Map<number, EnginePort>();
let lastDataset = 0;
/** Of the requests under way. */
const stops = new Map<number, AbortController>();
const scope = globalThis as unknown as {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: (event: MessageEvent<ToWorker>) => void;
};

scope.onmessage = async ({ data }) => {
  if ('modules' in data) return takeModules(data.modules);
  if ('stop' in data) return stops.get(data.stop)?.abort();
  const { id, request } = data;
  try {
    const reply = await answer(id, request);
    scope.postMessage({ id, reply }, transferables(reply));
  } catch (error) {
    const known = error instanceof EventDataError ? { code: error.code, where: error.where } : {};
    scope.postMessage({ id, error: { message: error instanceof Error ? error.message : String(error), ...known } });
  }
};

const service: Service = {
  live(name) {
    return new Promise((resolve, reject) => {
      const hold = () => {
        resolve();
        return new Promise(() => undefined);
      };
      navigator.locks.request(name, hold).catch(reject);
    });
  },
  async warmUp() {
    const engine = await loadEngine();
    await takeAllModules();
    await loadCodecs(engine);
  },
  async prepare({ source, plan, manifest, audit, keepEvents, reuse, threads }, { onProgress }) {
    const options = { onProgress, manifest, audit, keepEvents, threads };
    // Here every source is a copy; the page compares the objects, and names a dataset of the same ones alone.
    const before = reuse === undefined ? undefined : datasets.get(reuse);
    const port = await runFiles(openSource(source), plan, options, {}, before);
    datasets.set(++lastDataset, port);
    return { dataset: lastDataset, ...port.facts };
  },
  inspect,
  async chooseFiles(paths) {
    const engine = await loadEngine();
    return guarded(() => engine.chooseFiles(paths));
  },
  guessRoles,
  listFormats,
  planKeys,
  readPlan,
  simulate,
  simulateTruth,
};

type Answerer = Record<string, (...args: unknown[]) => Promise<unknown>>;

async function answer(id: number, request: Request): Promise<unknown> {
  const { kind, args } = request;
  const stop = new AbortController();
  const hooks: Hooks = {
    onProgress: (progress) => scope.postMessage({ id, progress }),
    onPiece: (piece) => scope.postMessage({ id, piece }, [piece.buffer as ArrayBuffer]),
    signal: stop.signal,
  };
  const who = 'dataset' in request ? held(request.dataset) : service;
  if ('dataset' in request && kind === 'dispose') datasets.delete(request.dataset);
  stops.set(id, stop);
  try {
    return await (who as unknown as Answerer)[kind]!(...args, hooks);
  } finally {
    stops.delete(id);
  }
}

function held(id: number): EnginePort {
  const dataset = datasets.get(id);
  if (!dataset) throw new EventDataError('badCall', WORDS.disposed);
  return dataset;
}

/** The buffers of the arrays directly inside a reply: they move to the page instead of being copied. */
function transferables(reply: unknown): Transferable[] {
  if (typeof reply !== 'object' || reply === null) return [];
  const values = Object.values('vocabulary' in reply ? (reply.vocabulary as object) : reply) as unknown[];
  return values.filter((value) => ArrayBuffer.isView(value)).map((value) => value.buffer as ArrayBuffer);
}
