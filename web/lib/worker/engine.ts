/** The engine of a worker: the one with threads where its page is isolated. */
import createEngine from '../../engine/engine.mjs';
import type { Engine } from '../engine/bindings.js';
import { instantiation, useEngine, useModules, type Modules } from '../engine/engine.js';
import { startInline } from '../engine/inline-worker.js';
import { fetchAllModules, fetchModules } from '../engine/modules.js';
import { sharedMemory, useThreads } from '../engine/threads.js';

let modules: Modules | undefined;
/** The page has handed over none. */
let fetchedHere = false;

/** The code, where the page has it already. */
export function takeModules(given: Modules): void {
  modules = given;
  useModules(given);
}

/** What is not needed yet, where nobody else fetches it. */
export async function takeAllModules(): Promise<void> {
  if (fetchedHere) takeModules(await fetchAllModules());
}

useEngine(async (): Promise<Engine> => {
  fetchedHere ||= modules === undefined;
  modules ??= await fetchModules();
  useModules(modules);
  if (fetchedHere) void takeAllModules().catch(() => undefined); // a call that needs more asks for it again
  if (!modules.glue) return createEngine(instantiation('engine'));
  const { address, code } = modules.glue;
  useThreads(() => startThread(code));
  const { default: create } = (await import(/* @vite-ignore */ address)) as { default: typeof createEngine };
  return create({ ...instantiation('engine'), wasmMemory: sharedMemory() });
});

/** A worker of the glue, which is told by its name what it is for. */
function startThread(glue: string): Worker {
  const files = `addEventListener('message', ({ data: { sharedFiles } }) => {
  if (sharedFiles) globalThis.sharedFiles = { ...globalThis.sharedFiles, ...sharedFiles };
});
`;
  return startInline([files, glue], { type: 'module', name: 'em-pthread' });
}
