/** Loading the wasm engine, and calling it. One instance a thread, loaded when first needed. */
import createEngine from '../../engine/engine.mjs';
import { EventDataError } from '../types/index.js';
import type { Engine, Failure } from './bindings.js';
import { compileFrom, fetchNow, instantiateParts, partAddresses, type PartMissing, type Parts } from './parts.js';
import { endThreads } from './threads.js';
import * as WORDS from '../words.js';

let loaded: Promise<Engine> | undefined;
/** The engine of the last load, unless it has failed since. */
let sound: Engine | undefined;
/** That engine's code, where it has two parts. */
let parts: Parts | undefined;
let compiled: Partial<Modules> = {};

/** The code of the engine, and of its codecs. */
export interface Modules {
  /** Whole, or what is needed first of it. */
  engine: WebAssembly.Module;
  /** What is left of it, or where that is. */
  rest?: WebAssembly.Module | string | undefined;
  codecs?: WebAssembly.Module;
  /** Of an engine with threads: where its glue is, and what it is, so that no thread asks for it again. */
  glue?: { address: string; code: string };
}

/** The code, where the caller has it already; otherwise it is fetched from beside the glue. */
export function useModules(modules: Modules): void {
  compiled = modules;
  if (modules.rest instanceof WebAssembly.Module) parts?.join(modules.rest);
}

/** Gives the exports as the glue calls them: with addresses above 2 GB as they are, where the instance has them as negative numbers. */
type Instantiated = (instance: WebAssembly.Instance, module: WebAssembly.Module) => WebAssembly.Exports;

/** Emscripten's way to be handed a compiled module. */
export function instantiation(name: 'engine' | 'codecs'): object {
  const module = compiled[name];
  if (!module) return {};
  return {
    instantiateWasm(imports: WebAssembly.Imports, done: Instantiated) {
      const instance = name === 'engine' ? instantiateEngine(module, imports) : new WebAssembly.Instance(module, imports);
      return done(instance, module);
    },
  };
}

function instantiateEngine(module: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Instance {
  const restOf = ({ rest }: Partial<Modules>) => (typeof rest === 'string' ? fetchNow(rest) : rest!);
  // Whichever call it is, guarded or not: the next one makes a new engine.
  const broken = ({ message }: PartMissing) => {
    giveUp();
    return new EventDataError('engineFailed', message);
  };
  parts = instantiateParts(module, imports, () => restOf(compiled), broken);
  if (compiled.rest instanceof WebAssembly.Module) parts.join(compiled.rest);
  return parts.instance;
}

/** Makes the engines of this thread in place of the usual one, from now on. */
export function useEngine(make: () => Promise<Engine>): void {
  makeEngine = make;
}

/** On a thread that may not wait for the network, so that all is fetched before. */
let makeEngine = async (): Promise<Engine> => {
  if (!compiled.engine) {
    const [engine, rest] = await Promise.all(Object.values(partAddresses).map((address) => compileFrom(address())));
    useModules({ engine: engine!, rest });
  }
  return createEngine(instantiation('engine'));
};

export function loadEngine(): Promise<Engine> {
  loaded ??= makeEngine().then(
    (engine: Engine) => (sound = engine), // no cast: the emitted typings have to agree with bindings.ts
    (error: unknown) => {
      loaded = undefined;
      throw error;
    },
  );
  return loaded;
}

/** Gives an engine something once. Quick when it has it; after a failure the next call tries again. */
export function oncePerEngine(give: (engine: Engine) => Promise<void>): (engine: Engine) => Promise<void> {
  const given = new WeakMap<Engine, Promise<void>>();
  return (engine) => {
    let promise = given.get(engine);
    if (!promise) {
      promise = give(engine);
      promise.catch(() => given.delete(engine));
      given.set(engine, promise);
    }
    return promise;
  };
}

/** Whether it is the engine that new runs are made with. */
export function isSound(engine: Engine): boolean {
  return engine === sound;
}

/** Calls into the engine; a trap (memory exhausted, above all) becomes a sentence, and the next call a new engine. */
export function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    // Emscripten's own word for an end of the thread, which memory that runs out on two at once can come to.
    if (!(error instanceof WebAssembly.RuntimeError) && !(error instanceof RangeError) && error !== 'unwind') throw error;
    giveUp();
    throw new EventDataError('outOfMemory', WORDS.outOfMemory);
  }
}

/** The next call makes a new engine. */
function giveUp(): void {
  if (sound) void endThreads(sound);
  loaded = sound = parts = undefined;
}

export function raise(failure: Failure): never {
  throw new EventDataError(failure.code, failure.message, failure.where);
}

export function check(failure: Failure | null): void {
  if (failure) raise(failure);
}

/** The engine's memory for the next bytes; the view is good until the next call into the engine. */
export function roomFor(engine: Engine, target: { window(size: number): number }, size: number): Uint8Array {
  const at = guarded(() => target.window(size));
  return bytesAt(engine, at, size);
}

/** The engine's memory, which may have grown meanwhile, on another thread too. */
export function bytesAt(engine: Engine, at: number, size: number): Uint8Array {
  return new Uint8Array(engine.wasmMemory.buffer, at, size);
}
