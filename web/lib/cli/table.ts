/** causal-sessions estimate --table: the files of a finished table into the engine. */
import type { CommandEngine, EngineArguments, EngineTable } from '../engine/bindings.js';
import { check, guarded, raise, roomFor } from '../engine/engine.js';
import { closeAll, openNodeSource } from '../node/paths.js';
import { fillRange, prepareCodecs } from '../run/feed.js';
import { completePlan } from '../run/plan.js';
import { turn } from '../run/pieces.js';
import type { OpenFile } from '../run/source.js';
import type { PartialPlan } from '../types/index.js';

const WINDOW_BYTES = 1 << 20;

export interface ToldTable {
  text: string;
  refusal: string;
  notices: string;
}

/** `widths`: as the engine takes them. */
export async function estimateTable(
  engine: CommandEngine,
  { files, options }: EngineArguments,
  plan: PartialPlan,
  widths: [string, number],
  signal: AbortSignal,
): Promise<ToldTable> {
  const planJson = completePlan(engine, plan);
  check(guarded(() => engine.checkTable(planJson)));
  const opened = await openNodeSource(files.map((path) => ({ path })));
  const table = guarded(() => engine.createTable(Object.entries(options).flat(), planJson))!;
  try {
    for (const file of opened.files) await feed(engine, table, file, signal);
    const told = guarded(() => table.estimate(options['json'] !== undefined, ...widths));
    return 'error' in told ? raise(told.error) : told;
  } finally {
    table.delete();
    closeAll(opened.files);
  }
}

async function feed(engine: CommandEngine, table: EngineTable, file: OpenFile, signal: AbortSignal): Promise<void> {
  await file.start?.(signal);
  guarded(() => table.beginFile(file.name, file.readInto || file.range ? file.size : null));
  let first = true;
  const take = async (bytes: Uint8Array) => {
    if (first && bytes.length > 0) await prepareCodecs(engine, bytes);
    first &&= bytes.length === 0;
    roomFor(engine, table, bytes.length).set(bytes);
    check(guarded(() => table.commit(bytes.length)));
    await turn(signal);
  };
  for await (const piece of file.pieces(signal)) {
    for (let at = 0; at < piece.length && !table.wanted(); at += WINDOW_BYTES) await take(piece.subarray(at, at + WINDOW_BYTES));
    if (table.wanted()) break;
  }
  signal.throwIfAborted();
  for (let range; (range = table.wanted()); ) {
    const size = await fillRange(engine, table, file, range);
    check(guarded(() => table.commit(size)));
    await turn(signal);
  }
  check(guarded(() => table.endFile()));
}
