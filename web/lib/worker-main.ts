/** Inside the worker: answers messages with the engine of this thread. */
import type { FromWorker, Replies, Request, ToWorker } from './messages.js';
import { useModules } from './engine.js';
import { inspect, listFormats, prepare, readPlan, simulate, warmUp } from './prepare.js';
import { EventDataError, type Dataset, type Progress } from './types.js';

const datasets = new Map<number, Dataset>();
/** Of requests that can be stopped half-way. */
const stops = new Map<number, AbortController>();
const scope = globalThis as unknown as {
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
  onmessage: (event: MessageEvent<ToWorker>) => void;
};

scope.onmessage = async ({ data }) => {
  if ('modules' in data) return useModules(data.modules);
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
      const dataset = await prepare(request.source, request.plan, { onProgress, manifest: request.manifest, audit: request.audit });
      datasets.set(id, dataset);
      return { dataset: id, report: dataset.report, vocabulary: dataset.vocabulary, audit: dataset.audit };
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
    case 'split':
      return held(request.dataset).split(request.part);
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
