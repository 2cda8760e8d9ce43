/** The wasm engine: loading it, and its bindings as types. One instance a thread, loaded when first needed. */
import createEngine from '../engine/engine.mjs';
import { EventDataError, type SplitColumns, type TableFormatInfo, type Vocabulary, type Where } from './types.js';

export interface Failure {
  code: string;
  message: string;
  where: Where;
}

/** One run inside the engine; `delete()` frees its memory. */
export interface EngineRun {
  beginFile(name: string): void;
  /** Address of room for `size` bytes, good until the next call. */
  window(size: number): number;
  commit(size: number): Failure | null;
  endFile(): Failure | null;
  stage(): string;
  advance(): Failure | null;
  report(): string;
  vocabulary(): Vocabulary;
  split(part: string): SplitColumns | Failure;
  write(path: string, onPiece: (bytes: Uint8Array) => void): Failure | null;
  digest(path: string): { bytes: number; sha256: string } | Failure;
  manifest(inputSha256: string[], outputs: { path: string; format: string; bytes: number; sha256: string }[]): string;
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
  delete(): void;
}

export interface Engine {
  HEAPU8: Uint8Array;
  /** Null for a plan that completePlan refuses. */
  createRun(planJson: string): EngineRun | null;
  completePlan(planJson: string): { plan: string } | { error: Failure };
  inspect(
    name: string,
    bytes: Uint8Array,
    last: boolean,
    planJson: string,
    rows: number,
  ): { inspection: string } | { error: Failure };
  listOutputs(formats: string[]): { path: string; format: string; part: string | null }[];
  listFormats(): TableFormatInfo[];
  Hasher: new () => EngineHasher;
  Simulation: new (events: number, seed: number) => EngineSimulation;
}

let loaded: Promise<Engine> | undefined;

export function loadEngine(): Promise<Engine> {
  loaded ??= (createEngine() as Promise<Engine>).catch((error: unknown) => {
    loaded = undefined;
    throw error;
  });
  return loaded;
}

/** Calls into the engine; a trap (memory exhausted, above all) becomes a sentence, and the next call a new engine. */
export function guarded<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError) && !(error instanceof RangeError)) throw error;
    loaded = undefined;
    throw new EventDataError(
      'outOfMemory',
      'The engine ran out of memory: WebAssembly has 4 GB at most, about 50 million events. ' +
        'Give it fewer events, or split the input by user.',
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
  return JSON.stringify(plan, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
}
