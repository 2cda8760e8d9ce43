/**
 * Cuts the linked engine in two: what every page load needs, and what is first needed by an audit, a simulation, a look
 * at single sessions, or a format of tables that few ask for.
 *
 *   node scripts/split-engine.mjs ENGINE.wasm EXTRAS.wasm   (run by the wasm build; ENGINE has names, and is replaced)
 *
 * EXTRAS gets the functions that ON_DEMAND marks (src/core/on_demand.h) and all that is reached through them alone. It
 * shares memory and table with ENGINE, whose calls into it go through the table: they trap until it is loaded, which
 * web/lib/extras.ts does. Uses Binaryen: https://emscripten.org/docs/optimizing/Module-Splitting.html.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const [engine, extras] = process.argv.slice(2).map((path) => resolve(path));

/** As Binaryen prints names. */
function escaped(name) {
  return name.replace(/[ ()]/g, (letter) => `\\${letter.charCodeAt(0).toString(16)}`);
}

/** The ways in, up to their parameters. */
const ENTRANCES = [
  'Auditor::look_at_events',
  'Auditor::look_at_rows',
  'list_sessions_json',
  'session_view_json',
  'Simulator::Simulator',
  'Simulator::next',
  'simulate_truth',
  'write_arrow_file',
  'write_arrow_stream',
  'write_covariates',
  'write_covariates_csv',
  'write_npz',
  'write_safetensors',
  'write_safetensors_padded',
  '(anonymous namespace)::simulate_options',
  '(anonymous namespace)::truth_text',
].map((name) => escaped(`causal_sessions::${name}(`));

/** What the compiler may use. No reference types, so that both modules share the one table. */
const FEATURES = ['simd', 'bulk-memory', 'sign-ext', 'nontrapping-float-to-int', 'mutable-globals'].map(
  (name) => `--enable-${name}`,
);

function binaryen(program, args) {
  const root = execFileSync('em-config', ['BINARYEN_ROOT'], { encoding: 'utf8' }).trim();
  return execFileSync(join(root, 'bin', program), args, { encoding: 'utf8', maxBuffer: 1 << 28 });
}

/** Of the graph that wasm-opt prints: names to the names they call, and those that are called from outside or by table. */
function readCallGraph(dot) {
  const calls = new Map();
  const roots = [];
  for (const line of dot.split('\n')) {
    const call = /^ {2}"(.*)" -> "(.*)"; \/\/ call/.exec(line);
    const node = /^ {2}"(.*)" \[style="filled(, rounded)?"(?:, fillcolor="(\w+)")?\]/.exec(line);
    if (call) {
      calls.get(call[1]).push(call[2]);
    } else if (node) {
      const [, name, byTable, colour] = node;
      if (!calls.has(name)) calls.set(name, []);
      if (byTable || colour === 'gray') roots.push(name);
    }
  }
  return { calls, roots };
}

/** Without those that `isClosed`, and what is behind them alone. */
function reachedFrom(roots, calls, isClosed) {
  const reached = new Set();
  const open = [...roots];
  while (open.length) {
    const name = open.pop();
    if (reached.has(name) || isClosed(name)) continue;
    reached.add(name);
    open.push(...calls.get(name));
  }
  return reached;
}

const work = mkdtempSync(join(dirname(engine), 'split-'));
try {
  const { calls, roots } = readCallGraph(binaryen('wasm-opt', [engine, ...FEATURES, '--print-call-graph', '-o', join(work, 'unused')]));
  const missing = ENTRANCES.filter((entrance) => ![...calls.keys()].some((name) => name.startsWith(entrance)));
  if (missing.length) throw new Error(`${engine} has no function ${missing.join(', ')}: inlined, renamed, or without names?`);
  const kept = reachedFrom(roots, calls, (name) => ENTRANCES.some((entrance) => name.startsWith(entrance)));
  const moved = [...calls.keys()].filter((name) => !kept.has(name));

  const list = join(work, 'functions');
  const parts = [join(work, 'engine.wasm'), join(work, 'extras.wasm')];
  writeFileSync(list, moved.join('\n'));
  binaryen('wasm-split', [
    '--split', engine, ...FEATURES, '--no-placeholders', `--split-funcs=@${list}`, '--export-prefix=%', '-o1', parts[0], '-o2', parts[1],
  ]);
  // Each alone has functions with one caller left that had two, which -O3 then inlines: 2 KB less, gzipped. The table of the
  // first has null entries, of which Binaryen knows among reference types alone.
  for (const part of parts) binaryen('wasm-opt', [part, ...FEATURES, '--enable-reference-types', '-O3', '-o', part]);
  renameSync(parts[1], extras);
  renameSync(parts[0], engine);
} finally {
  rmSync(work, { recursive: true });
}
