/** The engine of the command: the module's, which says and accepts besides what terminals do. */
import createCommandEngine from '../../engine/command-engine.mjs';
import type { CommandEngine } from '../engine/bindings.js';
import { loadEngine, useEngine } from '../engine/engine.js';

// No cast: the emitted typings have to agree with bindings.ts.
const make = (): Promise<CommandEngine> => createCommandEngine();
useEngine(make);

export async function commandEngine(): Promise<CommandEngine> {
  return (await loadEngine()) as CommandEngine; // since useEngine()
}
