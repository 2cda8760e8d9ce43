/** Inside the worker: answers messages with the engine of this thread. */
import type { FromWorker, Replies, Request, ToWorker } from './messages.js';
import { loadEngine, useModules } from './engine.js';
import { serveParts, type FromHelper, type StartHelpers } from './parts.js';
import { inspect, listFormats, prepareFiles, readPlan, simulate, simulateTruth, warmUp } from './prepare.js';
import { openSource, type Origin } from './source.js';
import { EventDataError, type Dataset, type Progress } from './types/index.js';

const datasets = new Map<number, Dataset>();
/** Of requests that can be stopped half-way. */
const stops = new Map<number, AbortController>();
const scope = globalThis as unknown as {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: (event: MessageEvent<ToWorker>) => void;
};

scope.onmessage = async ({ data }) => {
  if ('modules' in data) return useModules(data.modules);
  if ('serve' in data) return serve(data.serve);
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

async function answer(id: number, request: Request): Promise<Replies[keyof Replies]> {
  const onProgress = (progress: Progress) => scope.postMessage({ id, progress });
  switch (request.kind) {
    case 'prepare': {
      const { source, plan, manifest, audit, keepEvents, reuse, helpers } = request;
      const options = { onProgress, manifest, audit, keepEvents, reuse: reuse === undefined ? null : datasets.get(reuse), threads: helpers.length + 1 };
      // Here every source is a copy; the page compares the objects, and names a dataset of the same ones alone.
      const origin: Origin = [];
      const made = await prepareFiles(openSource(source), plan, options, undefined, helpersAt(helpers), origin);
      datasets.set(id, made);
      const { report, vocabulary, audit: found, keepsEvents, reusedEvents } = made;
      return { dataset: id, report, vocabulary, audit: found, keepsEvents, reusedEvents };
    }
    case 'inspect':
      return inspect(request.source, request.plan, request.rows);
    case 'listFormats':
      return listFormats();
    case 'readPlan':
      return readPlan(request.plan);
    case 'warmUp':
      return warmUp() as Promise<undefined>;
    case 'simulate':
      return simulate(request.options);
    case 'simulateTruth':
      return simulateTruth(request.options);
    case 'split':
      return held(request.dataset).split(request.part);
    case 'listSessions':
      return held(request.dataset).listSessions(request.query);
    case 'lookAt':
      return held(request.dataset).lookAt(request.row);
    case 'files':
      return held(request.dataset).files(request.formats);
    case 'write':
      await held(request.dataset).writePieces(request.path, (piece) => {
        scope.postMessage({ id, piece }, [piece.buffer as ArrayBuffer]);
      });
      return undefined;
    case 'digest':
      return held(request.dataset).digest(request.path);
    case 'manifest': {
      const stop = new AbortController();
      stops.set(id, stop);
      return held(request.dataset).manifest(request.files, { onProgress, signal: stop.signal }).finally(() => stops.delete(id));
    }
    case 'dispose':
      datasets.get(request.dataset)?.dispose();
      datasets.delete(request.dataset);
      return undefined;
  }
}

/** Reads parts for the worker at the other end. */
function serve(port: MessagePort): void {
  const hear = serveParts(loadEngine, (message, transfer) => port.postMessage(message, transfer));
  port.onmessage = ({ data }) => hear(data);
}

/** The helpers that the page has started. */
function helpersAt(ports: MessagePort[]): StartHelpers {
  return (_count, found) => {
    for (const port of ports) {
      found({
        post: (message, transfer) => port.postMessage(message, transfer),
        listen: (heard) => (port.onmessage = ({ data }: MessageEvent<FromHelper>) => heard(data)),
      });
    }
    return { end: () => ports.forEach((port) => port.close()) };
  };
}

function held(id: number): Dataset {
  const dataset = datasets.get(id);
  if (!dataset) throw new EventDataError('badCall', 'The dataset has been disposed of.');
  return dataset;
}

/** The buffers of the arrays directly inside a reply: they move to the page instead of being copied. */
function transferables(reply: unknown): Transferable[] {
  if (typeof reply !== 'object' || reply === null) return [];
  const values = Object.values('vocabulary' in reply ? (reply.vocabulary as object) : reply) as unknown[];
  return values.filter((value) => ArrayBuffer.isView(value)).map((value) => value.buffer as ArrayBuffer);
}
