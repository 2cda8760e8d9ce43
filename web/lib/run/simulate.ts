/** Event streams with a known truth. */
import type { Engine } from '../engine/bindings.js';
import { check, guarded, loadEngine } from '../engine/engine.js';
import type { SimulateOptions, Truth } from '../types/index.js';
import { planText } from './json.js';
import { throughPieces } from './pieces.js';

/** A simulated event stream as CSV, in pieces; returns the truth as JSON text if asked for. */
export async function simulatePieces(
  options: SimulateOptions,
  onPiece: (bytes: Uint8Array) => void,
  between?: () => Promise<void>,
  withTruth = false,
): Promise<string | undefined> {
  const engine = await loadEngine();
  const words = checkedWords(engine, options);
  const simulation = guarded(() => new engine.Simulation(words, withTruth));
  try {
    while (throughPieces(onPiece, (hand) => guarded(() => simulation.next(hand)))) await between?.();
    return withTruth ? simulation.truth() : undefined;
  } finally {
    simulation.delete();
  }
}

export async function simulate(options: SimulateOptions = {}): Promise<Blob> {
  const pieces: Uint8Array[] = [];
  await simulatePieces(options, (piece) => pieces.push(piece));
  return new Blob(pieces as BlobPart[], { type: 'text/csv' });
}

/** The effect that the stream of the same options has. */
export async function simulateTruth(options: SimulateOptions = {}): Promise<Truth> {
  const engine = await loadEngine();
  const words = checkedWords(engine, options);
  return JSON.parse(guarded(() => engine.simulateTruth(words))) as Truth;
}

const EXAMPLE_EVENTS = 20_000;

/** Options as the engine reads them: names and texts in turns. */
function checkedWords(engine: Engine, options: SimulateOptions): string[] {
  const { events = EXAMPLE_EVENTS, ...others } = options;
  const words: string[] = [];
  for (const [name, value] of Object.entries({ events, ...others }) as [string, unknown][]) {
    const isPlain = ['number', 'bigint', 'string'].includes(typeof value); // commands have numbers as text
    if (value !== undefined) words.push(name, isPlain ? String(value) : planText({ value }).slice('{"value":'.length, -1));
  }
  check(engine.checkSimulation(words));
  return words;
}
