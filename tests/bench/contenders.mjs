/** Who is measured: this project's engine in its targets, and the peers. A contender that cannot run here says why. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
export const PEERS = ['duckdb', 'duckdb-wasm', 'polars', 'pandas', 'arquero', 'notebook'];
export const FORMATS = ['csv', 'ndjson', 'json', 'parquet'];
/** It takes quadratic time: a minute for this many, more than an hour for a million. */
export const NOTEBOOK_EVENTS = 100_000;

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const native = (name) => join(repository, 'build/release', name);
const command = join(repository, 'web/dist/cli.js');

/** The interpreter that scripts/python-env made, or the one it named. */
export function findPython() {
  const own = join(repository, 'build/python/bin/python');
  return process.env.BENCH_PYTHON ?? (existsSync(own) ? own : null);
}

function pythonPeer(python, peer, { threads, label, formats = FORMATS, otherwise, imports = peer }) {
  let missing = python === null && 'no Python; scripts/python-env makes it';
  if (!missing && !canImport(python, imports)) missing = `this Python has no ${imports}`;
  const env = { BENCH_THREADS: String(threads ?? 1), PYTHONWARNINGS: 'ignore' };
  const start = (input, format) => ({ program: python, args: [here(`peers/${peer}_job.py`), input, format], env });
  return { id: threads ? `${peer}-${threads}` : peer, peer, label, formats, otherwise, missing, start };
}

function canImport(python, module) {
  try {
    execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function nodePeer(peer, { label, formats, otherwise, packageName }) {
  const missing = !existsSync(here(`node_modules/${packageName}`)) && `${packageName} is not installed in tests/bench`;
  const file = here(`peers/${peer}-job.mjs`);
  const start = (input, format) => ({ program: process.execPath, args: ['--max-old-space-size=16000', file, input, format] });
  return { id: peer, peer, label, formats, otherwise, missing, start };
}

export function listPeers(wanted = PEERS, python = findPython()) {
  const peers = [
    () => pythonPeer(python, 'polars', { threads: 2, label: 'Polars, 2 threads' }),
    () => pythonPeer(python, 'polars', { threads: 1, label: 'Polars, 1 thread' }),
    () => pythonPeer(python, 'duckdb', { threads: 2, label: 'DuckDB, 2 threads' }),
    () => pythonPeer(python, 'duckdb', { threads: 1, label: 'DuckDB, 1 thread' }),
    () => pythonPeer(python, 'pandas', { label: 'pandas, vectorised' }),
    () =>
      nodePeer('duckdb-wasm', {
        label: 'DuckDB-Wasm in Node',
        formats: ['csv'],
        otherwise: 'its extensions for JSON and Parquet would be fetched from the network',
        packageName: '@duckdb/duckdb-wasm',
      }),
    () =>
      nodePeer('arquero', {
        label: 'Arquero in Node',
        formats: ['csv', 'ndjson', 'json'],
        otherwise: 'it does not read Parquet',
        packageName: 'arquero',
      }),
    () => ({
      ...pythonPeer(python, 'notebook', {
        label: 'the notebook',
        formats: ['csv'],
        otherwise: 'measured with CSV alone',
        imports: 'pandas',
      }),
      mostEvents: NOTEBOOK_EVENTS,
    }),
  ];
  return peers.map((make) => make()).filter(({ peer }) => wanted.includes(peer));
}

/** `chromium`: its path, or null. */
export function listOwn(chromium) {
  const isBuilt = existsSync(native('bench'));
  const job = (file, env) => (input, format) => ({ program: process.execPath, args: [here(file), input, format], env });
  const common = { peer: 'own', formats: FORMATS };
  return [
    ...[1, 2].map((threads) => ({
      ...common,
      id: threads === 1 ? 'node' : 'node-2',
      label: threads === 1 ? '**this, wasm in Node**' : 'this, wasm in Node, 2 threads',
      missing: false,
      start: job('engine-job.mjs', { BENCH_THREADS: String(threads) }),
    })),
    ...[1, 2].map((threads) => ({
      ...common,
      id: threads === 1 ? 'chromium' : 'chromium-2',
      label: threads === 1 ? '**this, wasm in a Chromium worker**' : 'this, wasm in 2 Chromium workers',
      missing: chromium === null && 'no Chromium; scripts/toolchain browser installs it',
      start: job('chromium-job.mjs', { CHROMIUM: chromium ?? '', BENCH_THREADS: String(threads) }),
    })),
    ...[1, 2].map((threads) => ({
      ...common,
      id: threads === 1 ? 'native' : 'native-2',
      label: threads === 1 ? '**this, native**' : '**this, native, 2 threads**',
      missing: !isBuilt && 'build/release/bench is not built',
      start: (input) => ({ program: native('bench'), args: [input], env: { BENCH_THREADS: String(threads) } }),
    })),
    {
      ...common,
      id: 'node-command',
      label: 'this, command in Node, files written, all cores',
      missing: false,
      start: prepareWith([process.execPath, command]),
    },
    {
      ...common,
      id: 'native-command',
      label: 'this, native command, files written, all cores',
      missing: !existsSync(native('causal-sessions')) && 'build/release/causal-sessions is not built',
      start: prepareWith([native('causal-sessions')]),
    },
  ];
}

/** The command with its defaults: Parquet and pickle files, JSON files, a manifest with all digests. */
function prepareWith([program, ...first]) {
  return (input) => {
    const out = mkdtempSync(join(tmpdir(), 'causal-sessions-bench-'));
    const args = [...first, 'prepare', input, '--out', out, '--json'];
    return { program, args, isCommand: true, cleanUp: () => rmSync(out, { recursive: true, force: true }) };
  };
}

/** The answer that counts: this engine's, with equal times in the order of NumPy's sort or of the input. */
export const referenceRun = (input, ties) => ({
  program: process.execPath,
  args: [here('engine-job.mjs'), input],
  env: { BENCH_TIES: ties, BENCH_ONCE: '1' },
});

/** Name -> version of what takes part. */
export function versions(python) {
  const found = { Node: process.version.slice(1) };
  for (const name of ['@duckdb/duckdb-wasm', 'arquero']) {
    const file = here(`node_modules/${name}/package.json`);
    if (existsSync(file)) found[name] = JSON.parse(readFileSync(file, 'utf8')).version;
  }
  if (python === null) return found;
  for (const name of ['duckdb', 'polars', 'pandas', 'numpy', 'pyarrow']) {
    if (canImport(python, name))
      found[name] = execFileSync(python, ['-c', `import ${name}; print(${name}.__version__)`], { encoding: 'utf8' }).trim();
  }
  found.Python = execFileSync(python, ['-c', 'import platform; print(platform.python_version())'], { encoding: 'utf8' }).trim();
  return found;
}
