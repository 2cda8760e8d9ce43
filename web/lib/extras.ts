/**
 * The part of the engine that audits and simulates: a module of its own, loaded when one of the two is first asked for.
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
