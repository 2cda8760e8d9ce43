/** Shared by the tests beside it: where things are, how to run the command, how to look at a folder. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
export const command = join(repository, 'web/dist/cli.js');
export const nativeCommand = join(repository, 'build/release/causal-sessions');

const cases = join(repository, 'tests/cases/notebook');
export const PARTS = ['train', 'validation', 'test'];
export const TABLE_FORMATS = ['parquet', 'pickle', 'jsonl'];

/** The golden cases: an input, and what the notebook made of it. */
export const goldenCases = readdirSync(cases)
  .sort()
  .map((name) => ({
    name,
    input: join(cases, name, 'events.csv'),
    expected: (file) => readFileSync(join(cases, name, 'expected', file)),
  }));

export const goldenCase = (name) => goldenCases.find((entry) => entry.name === name);

/** A folder that is gone after the test. */
export function makeFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'causal-sessions-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes `content` to `name` in a folder of its own and gives the path. */
export function makeFile(t, name, content) {
  const path = join(makeFolder(t), name);
  writeFileSync(path, content);
  return path;
}

/** Relative path -> bytes of every file below `folder`. */
export function readFolder(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort();
  return Object.fromEntries(paths.map((path) => [relative(folder, path), readFileSync(path)]));
}

/** Runs the command and waits for its end; `program` defaults to the one in Node. */
export async function run(args, { input, program = [process.execPath, command], cwd } = {}) {
  const { child, ended } = start(args, { program, cwd });
  child.stdin.on('error', () => undefined); // it may end before it has read everything
  child.stdin.end(input ?? '');
  return ended;
}

/** Starts the command and leaves its standard input open. */
export function start(args, { program = [process.execPath, command], cwd } = {}) {
  const child = spawn(program[0], [...program.slice(1), ...args], { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].setEncoding('utf8').on('data', (text) => (texts[name] += text));
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, ...texts }));
  });
  return { child, ended };
}

/** Rows of cells -> CSV text, quoted where needed. */
export function csv(rows) {
  const cell = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((cells) => cells.map((value) => cell(String(value))).join(',') + '\n').join('');
}

/** The same for text written by `csv` or by pandas; quoted cells keep their newlines. */
export function parseCsv(text) {
  const rows = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n|$)/g)) {
    rows.at(-1).push(quoted !== undefined ? quoted.replaceAll('""', '"') : plain);
    if (end === '\n') rows.push([]);
    if (end === '') break;
  }
  rows.pop();
  return rows;
}

const HEADER = ['USER_ID', 'event_timestamp', 'event_type', 'product_id'];

/** A CSV with the notebook's columns. */
export const eventsCsv = (rows) => csv([HEADER, ...rows]);

/** A file that the command accepts: two sessions, one treated. */
export const SMALL_EVENTS = eventsCsv([
  ['u1', '2025-09-05 10:00:00', 'auction', ''],
  ['u1', '2025-09-05 10:00:01', 'impression', 'p1'],
  ['u1', '2025-09-05 10:00:02', 'click', 'p1'],
  ['u2', '2025-09-05 11:00:00', 'auction', ''],
  ['u2', '2025-09-05 11:00:30', 'impression', 'p2'],
]);

export const toText = (bytes) => new TextDecoder().decode(bytes);

/** All that a dataset writes as text, in one string: equal strings are equal results. */
export async function fingerprint(dataset) {
  const files = [dataset.write('vocabulary'), dataset.write('metadata'), ...PARTS.map((part) => dataset.write(part, 'jsonl'))];
  return (await Promise.all(files)).map(toText).join('\n----\n');
}

/** So many events of a shop whose exposures have this type, and the plan for it: what texts of the input do to outputs. */
export function shopWithType(exposure, count) {
  const events = Array.from({ length: count }, (_, i) => ({
    user: `u${i % 9}`,
    time: i * 40,
    type: i % 3 ? exposure : 'cart',
    item: 'a',
  }));
  const plan = {
    profile: 'causal',
    time: { unit: 's' },
    events: { types: [exposure, 'cart', 'paid'], withoutItem: {} },
    treatment: { type: 'cart' },
    outcome: { type: 'paid' },
    index: { type: exposure },
  };
  return { events, plan };
}
