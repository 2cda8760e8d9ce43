/** The engine of the command: the module's, which says and accepts besides what terminals do. */
import createCommandEngine from '../../engine/command-engine.mjs';
import type { CommandEngine } from '../engine/bindings.js';
import { loadEngine } from '../engine/engine.js';
import { useNodeEngine } from '../node/engine.js';

// No cast: the emitted typings have to agree with bindings.ts.
const create = (options: object): Promise<CommandEngine> => createCommandEngine(options);
useNodeEngine(create, new URL('../../engine/command-engine.mjs', import.meta.url));

export async function commandEngine(): Promise<CommandEngine> {
  return (await loadEngine()) as CommandEngine; // since useNodeEngine()
}
