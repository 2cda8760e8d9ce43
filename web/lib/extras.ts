/**
 * The part of the engine that audits, simulates, looks at single sessions and writes some of the formats: a module of its
 * own, loaded when one of them is first asked for.
 *
 * It shares the engine's memory and its table of functions, through which the engine calls it; scripts/split-engine.mjs
 * cuts the two apart.
 */
import { compiledModule, type Engine } from './engine.js';

/** The code, from beside the engine. */
let fetchExtras = async (): Promise<WebAssembly.Module> => {
  const response = await fetch(new URL('../engine/extras.wasm', import.meta.url));
  return WebAssembly.compile(await response.arrayBuffer());
};

/** Where files are not fetched. */
export function fetchExtrasBy(compile: () => Promise<WebAssembly.Module>): void {
  fetchExtras = compile;
}

/** The formats of files that are written without it. */
const IN_ENGINE: readonly string[] = ['parquet', 'pickle', 'parquet-flat', 'jsonl', 'csv', 'vocabulary', 'metadata', 'audit'];

/** What writing a file of this format needs. */
export async function loadForFormat(engine: Engine, format: string | undefined): Promise<void> {
  if (format !== undefined && !IN_ENGINE.includes(format)) await loadExtras(engine);
}

const loading = new WeakMap<Engine, Promise<void>>();

/** Gives the engine its second part. Quick when it has it. */
export function loadExtras(engine: Engine): Promise<void> {
  let promise = loading.get(engine);
  if (!promise) {
    promise = load(engine);
    promise.catch(() => loading.delete(engine));
    loading.set(engine, promise);
  }
  return promise;
}

async function load(engine: Engine): Promise<void> {
  const module = compiledModule('extras') ?? (await fetchExtras());
  await WebAssembly.instantiate(module, { primary: engine.wasmExports });
}
