/** What was measured, as Markdown. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { repository, versions } from './contenders.mjs';

/** What others did to the machine. */
const loadAtStart = loadavg()[0];

/** Rows of the table of stages: what is shown, and the engine's name of the stage. */
const STAGES = [
  ['order', 'ordering'],
  ['sessions', 'sessions'],
  ['split', 'split'],
  ['vocabulary', 'vocabulary'],
  ['transform', 'sequences'],
  ['report', 'reporting'],
  ['hand over', 'handing over'],
];
const WRITING = [
  ['write Parquet', 'write parquet'],
  ['write pickle', 'write pickle'],
];

export function median(values) {
  const sorted = values.filter((value) => typeof value === 'number').sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Medians of the runs; null without any. */
export function summarize(results) {
  if (results.length === 0) return null;
  const of = (pick) => median(results.map(pick));
  const names = Object.keys(results[0].stages ?? {});
  const seconds = results.map((result) => result.seconds);
  return {
    runs: results.length,
    seconds: of((result) => result.seconds),
    least: Math.min(...seconds),
    most: Math.max(...seconds),
    wall: of((result) => result.wall),
    warm: of((result) => result.warm),
    peak: of((result) => result.peak),
    stages: Object.fromEntries(names.map((name) => [name, of((result) => result.stages[name])])),
    memory: results[0].memory,
    version: results[0].version,
  };
}

export const findRow = (section, id) => section?.rows.find((row) => row.id === id)?.summary ?? null;

const seconds = (value) => (value === null || value === undefined ? '' : `${value.toFixed(value < 9.995 ? 3 : 1)} s`);
const megabytes = (bytes) => (bytes ? `${Math.round(bytes / 1e6).toLocaleString('en')} MB` : '');
const titleOf = ({ events, format, input }) =>
  `${events.toLocaleString('en')} events, ${format}${input.bytes ? `, ${megabytes(input.bytes)}` : ''}`;

export function sectionLines(section) {
  const lines = [`### ${titleOf(section)}`, ''];
  if (section.input.missing) return [...lines, `Skipped: ${section.input.missing}.`, ''];
  const own = findRow(section, 'node')?.seconds;
  lines.push(
    '| | job | least to most | against wasm in Node | from the start of the process | warm | peak memory | runs |',
    '|---|--:|--:|--:|--:|--:|--:|--:|',
  );
  for (const { label, summary, failed, skipped } of section.rows) {
    if (!summary || failed) {
      lines.push(`| ${label} | ${failed ?? `skipped: ${skipped}`} | | | | | | |`);
      continue;
    }
    const { least, most, wall, warm, peak, runs } = summary;
    const ratio = own ? `${(summary.seconds / own).toFixed(2)} ×` : '';
    lines.push(
      `| ${label} | ${seconds(summary.seconds)} | ${seconds(least)} to ${seconds(most)} | ${ratio} | ${seconds(wall)} | ${seconds(warm)} | ${megabytes(peak)} | ${runs} |`,
    );
  }
  return [...lines, '', agreement(section), ''];
}

function agreement({ reference: { numpy, input } }) {
  const changed = Object.keys(numpy).filter((name) => numpy[name] !== input[name]);
  const { sessions, treated, outcomes, tokens, vocabulary } = input;
  const shown = Object.entries({ sessions, treated, outcomes, tokens, vocabulary }).map(
    ([name, value]) => `${name} ${value.toLocaleString('en')}`,
  );
  return (
    `Every time above belongs to this answer: ${shown.join(', ')}; and equal sums of event ids, item ids and minutes over X. ` +
    (changed.length === 0
      ? 'The order of equal times changes none of it.'
      : `The order of equal times changes ${changed.join(', ')}: peers are compared with \`time.ties=input\`.`)
  );
}

/** More cores than there are here, by Amdahl's law from one and two threads: computed, not measured. */
export function coreLines(sections) {
  const rows = sections.flatMap((section) => {
    const [one, two] = ['native', 'native-2'].map((id) => findRow(section, id)?.seconds);
    if (!one || !two) return [];
    const parallel = Math.min(1, 2 * (1 - two / one));
    const on = (cores) => one * (1 - parallel + parallel / cores);
    const computed = [4, 8, 16].map((cores) => `${seconds(on(cores))} (${(one / on(cores)).toFixed(1)} ×)`);
    return `| ${titleOf(section)} | ${seconds(one)} | ${seconds(two)} | ${(100 * parallel).toFixed(0)} % | ${computed.join(' | ')} |`;
  });
  if (rows.length === 0) return [];
  return [
    '### What more cores would give natively (computed)',
    '',
    '| | 1 thread, measured | 2 threads, measured | parallel share | 4 threads, computed | 8, computed | 16, computed |',
    '|---|--:|--:|--:|--:|--:|--:|',
    ...rows,
    '',
    "By Amdahl's law from the two measured columns: the share of the work that two threads halve is divided among more of them, the rest is not. Memory bandwidth, which may end sooner, is not in it.",
    '',
  ];
}

export function stageLines(sections) {
  const lines = [];
  for (const section of sections) {
    const columns = [
      ['native', 'native'],
      ['native, 2 threads', 'native-2'],
      ['wasm in Node, warm', 'node'],
      ['wasm in Chromium, warm', 'chromium'],
    ]
      .map(([label, id]) => ({ label, stages: stagesOf(findRow(section, id), section.format) }))
      .filter(({ stages }) => stages !== null);
    if (columns.length === 0 || section.only) continue;
    lines.push(
      `### Stages: ${titleOf(section)}`,
      '',
      `| | ${columns.map(({ label }) => label).join(' | ')} |`,
      `|---|${'--:|'.repeat(columns.length)}`,
    );
    for (const name of ['read', 'pool', 'read and pool', ...[...STAGES, ...WRITING].map(([shown]) => shown)]) {
      const cells = columns.map(({ stages }) => cell(stages[name], stages.total));
      if (cells.some((text) => text !== '')) lines.push(`| ${name} | ${cells.join(' | ')} |`);
    }
    lines.push(
      '',
      'Shares are of the job, without writing. From outside the engine reading and pooling are one; for text, natively, the pools are timed alone, with the same texts in the same order.',
      '',
    );
  }
  return lines;
}

/** From Parquet a dictionary is pooled once and not event by event, so what the pools take alone says nothing there. */
function stagesOf(summary, format) {
  if (!summary?.stages?.reading) return null;
  const { reading, pool, ...rest } = summary.stages;
  const shown = pool === undefined || format === 'parquet' ? { 'read and pool': reading } : { read: reading - pool, pool };
  for (const [name, key] of [...STAGES, ...WRITING]) if (key in rest) shown[name] = rest[key];
  shown.total = reading + STAGES.reduce((sum, [, key]) => sum + (rest[key] ?? 0), 0);
  return shown;
}

function cell(value, total) {
  return value === undefined ? '' : `${(value * 1000).toFixed(1)} ms, ${((100 * value) / total).toFixed(1)} %`;
}

export function machineLines(sections, { runs }, python) {
  const browser = sections.map((section) => findRow(section, 'chromium')?.version).find(Boolean);
  const system = read('/etc/os-release', /^PRETTY_NAME="?([^"\n]*)/m) ?? type();
  const known = { ...versions(python), ...(browser ? { Chromium: browser } : {}), ...builtWith() };
  const list = Object.entries(known).map(([name, version]) => `${name} ${version}`);
  return [
    '### Measured on',
    '',
    `${new Date().toISOString().slice(0, 10)}, commit ${commit()}. ${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, load ${loadAtStart.toFixed(1)} at the start; ${system}, ${type()} ${release()}.`,
    '',
    `${list.join(', ')}.`,
    '',
    `${runs === 1 ? 'One run' : `Medians of ${runs} runs`}, a process each, one contender after the other in every round; whoever took more than a minute ran once. Events are those of \`causal-sessions simulate\`; DuckDB wrote NDJSON, JSON and Parquet from the same CSV. The files are in the system's cache. ` +
      'Job: from the file to X, T, Y and the vocabulary in memory, without loading an interpreter, a library or the engine; this engine and pandas also split the users, and the engine makes its report. ' +
      'Warm: the second job in one process.',
    '',
  ];
}

function read(path, pattern) {
  return existsSync(path) ? (pattern.exec(readFileSync(path, 'utf8'))?.[1] ?? null) : null;
}

function builtWith() {
  const found = {};
  const emscripten = process.env.EMSCRIPTEN_ROOT && read(join(process.env.EMSCRIPTEN_ROOT, 'emscripten-version.txt'), /([\d.]+)/);
  if (emscripten) found.Emscripten = emscripten;
  const folder = join(repository, 'build/release/CMakeFiles');
  const settings =
    existsSync(folder) &&
    readdirSync(folder)
      .map((name) => join(folder, name, 'CMakeCXXCompiler.cmake'))
      .find(existsSync);
  if (settings) found[read(settings, /COMPILER_ID "([^"]+)"/)] = read(settings, /CXX_COMPILER_VERSION "([^"]+)"/);
  return found;
}

function commit() {
  try {
    const git = (...args) =>
      execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') ? ', changed' : '');
  } catch {
    return 'unknown';
  }
}
