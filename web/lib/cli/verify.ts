/** causal-sessions verify: the inputs are the manifest's, a new run gives its outputs, and they are the files on disk. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadEngine } from '../engine/engine.js';
import { EventDataError, prepare, readPlan, type Dataset, type Manifest, type Progress } from '../node.js';
import { digestOfFile, nodeHasher } from '../node/digest.js';
import { findFiles, type NamedPath } from '../node/paths.js';
import { UsageError } from './usage-error.js';

export interface VerifyOptions {
  /** The input files in the manifest's order; without any, they are looked for by name. */
  inputs: string[];
  /** Where; without it, beside the manifest. */
  folder: string | undefined;
  signal: AbortSignal;
  onProgress(progress: Progress): void;
}

export async function verify(path: string, options: VerifyOptions): Promise<{ inputs: number; outputs: number }> {
  const manifest = readManifest(path);
  const plan = await readPlan(manifest.plan);
  const inputs = await findInputs(path, manifest, options);
  const { signal, onProgress } = options;
  for (const [i, input] of inputs.entries()) await checkInput(input.path, manifest.inputs[i]!, signal);
  const audit = manifest.outputs.some((output) => output.path === 'audit.json');
  const dataset = await prepare(inputs, plan, { signal, onProgress, audit });
  try {
    const known = new Set((await dataset.files()).map((file) => file.path));
    for (const output of manifest.outputs) {
      signal.throwIfAborted();
      if (!known.has(output.path)) throw differs(`${output.path} is not a file that this version writes`);
      await checkOutput(dataset, manifest, output, dirname(path));
    }
    await checkLedger(dataset, manifest);
  } finally {
    dataset.dispose();
  }
  return { inputs: manifest.inputs.length, outputs: manifest.outputs.length };
}

function differs(message: string): EventDataError {
  return new EventDataError('differs', message);
}

function wrongUse(message: string): UsageError {
  return new UsageError(message);
}

function readManifest(path: string): Manifest {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw wrongUse(`the manifest ${path} cannot be read`);
  }
  let manifest: Partial<Manifest> | null = null;
  try {
    manifest = JSON.parse(text) as Partial<Manifest>;
  } catch {
    // said below
  }
  const isObject = (value: unknown) => typeof value === 'object' && value !== null;
  const isEntry = (key: string) => (entry: unknown) =>
    isObject(entry) &&
    typeof (entry as Record<string, unknown>)[key] === 'string' &&
    Number.isSafeInteger((entry as { bytes: unknown }).bytes);
  const usable =
    isObject(manifest) &&
    isObject(manifest!.engine) &&
    'plan' in manifest! &&
    isObject(manifest!.rows) &&
    Array.isArray(manifest!.inputs) &&
    manifest!.inputs.every(isEntry('name')) &&
    Array.isArray(manifest!.outputs) &&
    manifest!.outputs.every(isEntry('path'));
  if (!usable) throw wrongUse(`${path} is not a manifest of causal-sessions`);
  return manifest as Manifest;
}

async function findInputs(path: string, manifest: Manifest, { inputs, folder }: VerifyOptions): Promise<NamedPath[]> {
  const engine = await loadEngine();
  if (inputs.length > 0) {
    const files = inputs.flatMap((input) => findFiles(input, engine).files);
    if (files.length === manifest.inputs.length) return files;
    throw wrongUse(`the manifest has ${manifest.inputs.length} inputs, and ${files.length} files were given`);
  }
  return manifest.inputs.map(({ name }) => {
    const places = engine.placesOf(name).map((place) => join(folder ?? dirname(path), place));
    const there = places.find((place) => statSync(place, { throwIfNoEntry: false })?.isFile());
    if (there !== undefined) return name.includes('/') ? { path: there, name } : { path: there };
    throw differs(
      `the input ${places[0]} is not there; name its folder with --inputs DIR, or give the files behind the manifest`,
    );
  });
}

async function checkInput(path: string, expected: Manifest['inputs'][number], signal: AbortSignal): Promise<void> {
  const { bytes, sha256 } = await digestOfFile(path, () => signal.throwIfAborted()).catch(() => {
    signal.throwIfAborted();
    throw differs(`${path} cannot be read`);
  });
  if (bytes !== expected.bytes) throw differs(`${path} has ${bytes} bytes; the input of the manifest has ${expected.bytes}`);
  if (sha256 !== expected.sha256) {
    throw differs(`${path} is not the input of the manifest: its SHA-256 is ${sha256}, not ${expected.sha256 ?? 'known'}`);
  }
}

async function checkOutput(
  dataset: Dataset,
  manifest: Manifest,
  expected: Manifest['outputs'][number],
  folder: string,
): Promise<void> {
  const path = join(folder, expected.path);
  if (!statSync(path, { throwIfNoEntry: false })) throw differs(`${path} is missing`);
  const comparison = new Comparison(path);
  const hasher = nodeHasher();
  let bytes = 0;
  try {
    await dataset.writePieces(expected.path, (piece) => {
      hasher.update(piece);
      bytes += piece.length;
      comparison.take(piece);
    });
    comparison.finish();
  } finally {
    comparison.close();
  }
  const replayed = bytes === expected.bytes && hasher.hex() === expected.sha256;
  if (replayed && !comparison.differs) return;
  const place = comparison.place(expected.path);
  if (replayed) {
    throw differs(
      `${expected.path} is not what was written: it differs from the replay, which is as the manifest says, at ${place}`,
    );
  }
  const { version } = dataset.report.engine;
  throw differs(
    `${expected.path}: the replay (engine ${version}) is not what the manifest (engine ${manifest.engine.version}) says; ` +
      (comparison.differs ? `the file on disk differs from it at ${place}` : "the file on disk is the replay's"),
  );
}

/** Compares bytes as they come with a file. */
class Comparison {
  differs = false;
  readonly #descriptor: number;
  #position = 0;
  #lines = 0;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'r');
  }

  take(bytes: Uint8Array): void {
    if (this.differs) return;
    const there = Buffer.alloc(bytes.length);
    let got = 0;
    for (let size; got < there.length && (size = readSync(this.#descriptor, there, got, there.length - got, null)) > 0; )
      got += size;
    if (got === bytes.length && there.equals(bytes)) {
      this.#position += got;
      for (let at = -1; (at = there.indexOf(10, at + 1)) !== -1; ) this.#lines++;
      return;
    }
    this.differs = true;
    for (let at = 0; at < got && there[at] === bytes[at]; at++) {
      this.#position++;
      if (there[at] === 10) this.#lines++;
    }
  }

  /** After the last byte: the file must end there too. */
  finish(): void {
    this.differs ||= readSync(this.#descriptor, Buffer.alloc(1)) > 0;
  }

  /** The first difference as people count: from 1. */
  place(path: string): string {
    const byte = `byte ${this.#position + 1}`;
    return /\.jsonl?$/.test(path) ? `line ${this.#lines + 1} (${byte})` : byte;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

async function checkLedger(dataset: Dataset, manifest: Manifest): Promise<void> {
  const again = JSON.parse(new TextDecoder().decode(await dataset.manifest([]))) as Manifest;
  for (const [key, value] of Object.entries(again.rows)) {
    const there = JSON.stringify((manifest.rows as Record<string, unknown>)[key]) ?? 'nothing';
    const replayed = JSON.stringify(value);
    if (there !== replayed) throw differs(`the manifest's rows.${key} is ${there}; the replay's is ${replayed}`);
  }
}
