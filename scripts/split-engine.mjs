/**
 * Splits an engine in two: what a first look at the page's example calls, and the rest, which is loaded behind it or at the first call
 * of anything in it. So the first load is smaller by two fifths, and nobody has to say which function belongs where.
 *
 *   node scripts/split-engine.mjs WASM_SPLIT GLUE.mjs WHOLE.wasm FIRST.wasm REST.wasm
 *
 * WASM_SPLIT is Binaryen's; GLUE.mjs is Emscripten's for the whole. An instrumented copy runs the example and tells what it called.
 * The same engine gives the same two files. FIRST imports what stands for the functions of REST from "placeholder", by their places
 * in its table; REST imports what it needs of FIRST from "primary", and takes those places (web/lib/engine/parts.ts). In both a section
 * "pair" names the engine, since parts of two would not notice that they are.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [wasmSplit, glue, whole, first, rest] = process.argv.slice(2);
/** What clang uses by itself, and SIMD: without names of features in the file, Binaryen has to be told. */
const FEATURES = [
  ...['simd', 'bulk-memory', 'sign-ext', 'nontrapping-float-to-int', 'mutable-globals'].map((name) => `--enable-${name}`),
];
const PAGE_BYTES = 65536;
const EVENTS = 20_000;
const WINDOW_BYTES = 1 << 20;

const work = mkdtempSync(join(tmpdir(), 'split-'));
try {
  const instrumented = join(work, 'instrumented.wasm');
  const profile = join(work, 'profile');
  execFileSync(wasmSplit, ['--instrument', ...FEATURES, whole, '-o', instrumented], { stdio: 'inherit' });
  writeFileSync(profile, await profileOf(readFileSync(instrumented)));
  execFileSync(
    wasmSplit,
    ['--split', ...FEATURES, whole, `--profile=${profile}`, '-o1', first, '-o2', rest, '--export-prefix=%'],
    { stdio: 'inherit' },
  );
  const name = createHash('sha256').update(readFileSync(whole)).digest('hex').slice(0, 32);
  for (const part of [first, rest]) appendFileSync(part, customSection('pair', name));
} finally {
  rmSync(work, { recursive: true });
}

/** Both are shorter than 128 bytes, so that each length is a byte. */
function customSection(name, text) {
  return Buffer.from([0, 1 + name.length + text.length, name.length, ...Buffer.from(name + text)]);
}

/** The bytes that the instrumented code writes of what was called. */
async function profileOf(code) {
  let exports;
  const { default: createEngine } = await import(pathToFileURL(resolve(glue)).href);
  const engine = await createEngine({
    instantiateWasm(imports, done) {
      const module = new WebAssembly.Module(code);
      const instance = new WebAssembly.Instance(module, imports);
      exports = instance.exports;
      return done(instance, module);
    },
  });
  callFirst(engine);
  // Nobody asks for memory any more, so what is added is free.
  const at = engine.wasmMemory.buffer.byteLength;
  engine.wasmMemory.grow(8);
  const size = exports.__write_profile(at, 8 * PAGE_BYTES);
  if (size > 8 * PAGE_BYTES) throw new Error(`The profile has ${size} bytes.`);
  return new Uint8Array(engine.wasmMemory.buffer, at, size);
}

/** What a page calls until a result of its example is looked at, by the plan from the beginning and by the causal one. */
function callFirst(engine) {
  engine.planKeys();
  engine.listFormats();
  engine.completePlan('{}');
  const words = ['events', String(EVENTS), 'seed', '1'];
  engine.checkSimulation(words);
  const events = simulated(engine, words);
  engine.needsCodecs(events.subarray(0, 16));
  engine.needsRanges(events.subarray(0, 16));
  for (const plan of ['{}', '{"profile":"causal"}']) {
    engine.completePlan(plan);
    const found = engine.inspect('example.csv', events.subarray(0, 256 << 10), false, plan, 1000, events.length);
    engine.guessRoles(JSON.stringify(JSON.parse(found.inspection).eventTypes));
    const run = engine.createRun(JSON.stringify(JSON.parse(engine.completePlan(plan).plan)), true);
    run.keepEvents();
    read(engine, run, events);
    look(engine, run);
    const again = engine.createRun(engine.completePlan('{"profile":"causal","index":{"kind":"exposure"}}').plan, true);
    if (again.startFrom(run)) {
      advance(again);
      look(engine, again);
    }
    again.delete();
    run.delete();
  }
}

function simulated(engine, words) {
  const simulation = new engine.Simulation(words, false);
  const pieces = [];
  while (simulation.next((piece) => pieces.push(piece.slice())));
  simulation.delete();
  return Buffer.concat(pieces);
}

function read(engine, run, events) {
  run.passOver(0);
  run.beginFile('example.csv', events.length, false);
  for (let at = 0; at < events.length; at += WINDOW_BYTES) {
    const piece = events.subarray(at, at + WINDOW_BYTES);
    new Uint8Array(engine.wasmMemory.buffer, run.window(piece.length), piece.length).set(piece);
    run.commit(piece.length);
    run.wanted();
  }
  run.endFile();
  advance(run);
}

function advance(run) {
  while (run.stage() !== 'done') run.advance();
}

function look(engine, run) {
  run.inputs();
  run.keepsEvents();
  run.report();
  run.reportFiles(0, 1000);
  run.vocabulary();
  run.audit();
  run.estimate();
  const { sessions } = JSON.parse(run.listSessions('{"offset":0,"limit":25}'));
  run.lookAt(sessions[0].row);
  engine.listOutputs(['parquet', 'audit']);
}
