/**
 * The part of the engine that audits, simulates, looks at single sessions and writes some of the formats: a module of its
 * own, loaded when one of them is first asked for.
 *
 * It shares the engine's memory and its table of functions, through which the engine calls it; scripts/split-engine.mjs
 * cuts the two apart.
 */
import type { Engine } from './bindings.js';
import { compiledModule, oncePerEngine } from './engine.js';

/** The code, from beside the engine. */
let fetchExtras = async (): Promise<WebAssembly.Module> => {
  const response = await fetch(new URL('../../engine/extras.wasm', import.meta.url));
  return WebAssembly.compile(await response.arrayBuffer());
};

/** Where files are not fetched. */
export function fetchExtrasBy(compile: () => Promise<WebAssembly.Module>): void {
  fetchExtras = compile;
}

/** The formats of files that are written without it. */
const IN_ENGINE: readonly string[] = ['parquet', 'pickle', 'parquet-flat', 'jsonl', 'csv', 'vocabulary', 'metadata', 'audit'];

/** Gives the engine its second part. */
export const loadExtras = oncePerEngine(async (engine) => {
  const module = compiledModule('extras') ?? (await fetchExtras());
  await WebAssembly.instantiate(module, { primary: engine.wasmExports });
});

/** What writing a file of this format needs. */
export async function loadForFormat(engine: Engine, format: string | undefined): Promise<void> {
  if (format !== undefined && !IN_ENGINE.includes(format)) await loadExtras(engine);
}
