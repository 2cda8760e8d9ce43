/** The wasm engine: loading it, and its bindings as types. One instance a thread, loaded when first needed. */
import createEngine from '../engine/engine.mjs';
import type { CodecBridge } from './codecs.js';
import { TOO_MUCH_ADVICE } from './estimate.js';
import { EventDataError, type SplitColumns, type TableFormatInfo, type Vocabulary, type Where } from './types/index.js';

export interface Failure {
  code: string;
  message: string;
  where: Where;
}

/** A range of a file's bytes. */
export interface Range {
  offset: number;
  size: number;
}

/** The preview of a file that is read by ranges. */
export interface EngineInspection {
  wanted(): Range | null;
  window(size: number): number;
  commit(size: number): void;
  result(): string;
  delete(): void;
}

/** One run inside the engine; `delete()` frees its memory. */
export interface EngineRun {
  /** `size`: null where the file cannot be read by ranges. */
  beginFile(name: string, size: number | null): void;
  /** The range that has to come next, through window() and commit(); null: the bytes in order, or no more. */
  wanted(): Range | null;
  /** Address of room for `size` bytes, good until the next call. */
  window(size: number): number;
  commit(size: number): Failure | null;
  /** What a part reader needs, if the file at hand can be read in parts; src/ingest/event_reader.h says more. */
  partTask(): Uint8Array | null;
  /** Bytes of the file that have been committed or absorbed. */
  position(): number;
  /** Address of room for what a part reader made, for absorb(). */
  partRoom(size: number): number;
  absorb(reader: number, offset: number): boolean;
  endFile(): Failure | null;
  /** Before the first file. */
  keepEvents(): void;
  keepsEvents(): boolean;
  /** Instead of files; false if the other run keeps no events or its plan reads otherwise. */
  startFrom(earlier: EngineRun): boolean;
  stage(): string;
  advance(): Failure | null;
  report(): string;
  /** JSON text; empty unless the run was created with an audit. */
  audit(): string;
  /** JSON texts, as the query is; both need the extras. The row has to be one of a run that keeps its events. */
  listSessions(queryJson: string): string;
  lookAt(row: number): string;
  vocabulary(): Vocabulary;
  split(part: string): SplitColumns | Failure;
  write(path: string, onPiece: (bytes: Uint8Array) => void): Failure | null;
  digest(path: string): { bytes: number; sha256: string } | Failure;
  manifest(inputSha256: string[], outputs: { path: string; format: string; bytes: number; sha256: string }[]): string;
  delete(): void;
}

/** Reads parts of a file for another engine. */
export interface EnginePartReader {
  window(size: number): number;
  /** null: the part cannot be read apart. */
  read(size: number, partSize: number): Uint8Array | null;
  delete(): void;
}

export interface EngineHasher {
  window(size: number): number;
  update(size: number): void;
  hex(): string;
  delete(): void;
}

export interface EngineSimulation {
  next(onPiece: (bytes: Uint8Array) => void): boolean;
  /** JSON text. */
  truth(): string;
  delete(): void;
}

export interface Engine {
  HEAPU8: Uint8Array;
  /** What the extras are linked with. */
  wasmExports: WebAssembly.ModuleImports;
  /** Null for a plan that completePlan refuses. */
  createRun(planJson: string, audit: boolean): EngineRun | null;
  completePlan(planJson: string): { plan: string } | { error: Failure };
  inspect(
    name: string,
    bytes: Uint8Array,
    last: boolean,
    planJson: string,
    rows: number,
    size: number | null,
  ): { inspection: string } | { error: Failure };
  /** Whether a file that begins so needs the codecs; with fewer than four bytes, whether it may. */
  needsCodecs(start: Uint8Array): boolean;
  /** Set by loadCodecs. */
  codecs?: CodecBridge;
  createPartReader(planJson: string, task: Uint8Array): EnginePartReader;
  /** Whether a file that begins with these bytes is read by ranges. */
  needsRanges(start: Uint8Array): boolean;
  /** Null for a plan that completePlan refuses. */
  inspectRanges(name: string, start: Uint8Array, size: number, planJson: string, rows: number): EngineInspection | null;
  listOutputs(formats: string[]): { path: string; format: string; part: string | null }[];
  listFormats(): TableFormatInfo[];
  Hasher: new () => EngineHasher;
  /**
   * Simulations need the extras, as a run with an audit does, a look at sessions and some formats. Options are names and
   * texts in turns; null for those that the other two take.
   */
  checkSimulation(words: string[]): Failure | null;
  Simulation: new (words: string[], withTruth: boolean) => EngineSimulation;
  /** JSON text. */
  simulateTruth(words: string[]): string;
}

let loaded: Promise<Engine> | undefined;
/** The engine of the last load, unless it has failed since. */
let sound: Engine | undefined;
let compiled: Partial<Modules> = {};

/** The code of the engine, of its part that is loaded on demand, and of its codecs. */
export interface Modules {
  engine: WebAssembly.Module;
  extras: WebAssembly.Module;
  codecs: WebAssembly.Module;
}

/** The code, where the caller has it already; otherwise it is fetched from beside the glue. */
export function useModules(modules: Modules): void {
  compiled = modules;
}

export function compiledModule(name: keyof Modules): WebAssembly.Module | undefined {
  return compiled[name];
}

/** Emscripten's way to be handed a compiled module. */
export function instantiation(name: keyof Modules): object {
  const module = compiled[name];
  if (!module) return {};
  return {
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      const instance = new WebAssembly.Instance(module, imports);
      done(instance);
      return instance.exports;
    },
  };
}

export function loadEngine(): Promise<Engine> {
  loaded ??= (createEngine(instantiation('engine')) as Promise<Engine>).then(
    (engine) => (sound = engine),
    (error: unknown) => {
      loaded = undefined;
      throw error;
    },
  );
  return loaded;
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
    if (!(error instanceof WebAssembly.RuntimeError) && !(error instanceof RangeError)) throw error;
    loaded = sound = undefined;
    throw new EventDataError(
      'outOfMemory',
      `The engine ran out of memory: WebAssembly has 4 GB at most, about 100 million events. ${TOO_MUCH_ADVICE}`,
    );
  }
}

export function raise(failure: Failure): never {
  throw new EventDataError(failure.code, failure.message, failure.where);
}

export function check(failure: Failure | null): void {
  if (failure) raise(failure);
}

/** The plan as the engine reads it. Numbers that JSON cannot hold become text, so that the refusal shows them. */
export function planText(plan: unknown): string {
  if (plan === undefined) return '';
  const odd = (value: unknown) => typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value));
  try {
    const text = JSON.stringify(plan, (_key, value: unknown) => (odd(value) ? String(value) : value)) as string | undefined;
    if (text !== undefined) return text;
  } catch {
    // a cycle
  }
  throw new EventDataError('badPlan', 'The plan cannot be written as JSON; it must be a plain object.');
}

/** The engine's memory for the next bytes; the view is good until the next call into the engine. */
export function roomFor(engine: Engine, target: { window(size: number): number }, size: number): Uint8Array {
  const at = guarded(() => target.window(size));
  return engine.HEAPU8.subarray(at, at + size);
}
