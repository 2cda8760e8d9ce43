/** The command as Node runs it. What it accepts and says is the engine's, as for the native one: src/text. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { EngineArguments } from '../engine/bindings.js';
import {
  EventDataError,
  inspect,
  prepare,
  readFormats,
  readPlan,
  writeDataset,
  writeReport,
  type Dataset,
  type NodeSource,
  type PartialPlan,
  type PrepareOptions,
  type Progress,
} from '../node.js';
import { runOf } from '../run/engine-port.js';
import { commandEngine } from './engine.js';
import { gatherOtherPlan, gatherPlan, planKeyHelp } from './plan.js';
import { ProgressLine } from './progress.js';
import { writeSimulation } from './simulate.js';
import { estimateTable } from './table.js';
import { UsageError } from './usage-error.js';
import { verify } from './verify.js';

/** A refusal that the JSON on standard output holds already. */
class ToldError extends EventDataError {}

/** The words of the command, and what stops it. */
interface Words extends EngineArguments {
  signal: AbortSignal;
}

const COMMANDS: Record<string, (words: Words) => Promise<void>> = {
  prepare: runPrepare,
  partial: runNatively,
  merge: runNatively,
  audit: runAudit,
  estimate: runEstimate,
  verify: runVerify,
  inspect: runInspect,
  plan: runPlan,
  simulate: runSimulate,
  help: async () => print((await commandEngine()).usage()),
  version: async () => print(`causal-sessions ${version()}\n`),
};

async function main(args: string[]): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const words = (await commandEngine()).readArguments(args);
    if ('error' in words) throw new UsageError(words.error.message);
    if (words.options['memory'] !== undefined) {
      throw new UsageError('--memory works in the native command alone; in Node a run takes up to 4 GB, and no disk');
    }
    await COMMANDS[words.command]!({ ...words, signal: stop.signal });
    return 0;
  } catch (error) {
    return await fail(error as Error, args.includes('--json'));
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function runNatively(words: Words): Promise<void> {
  throw new UsageError(`${words.command} works in the native command alone`);
}

async function fail(error: Error, json: boolean): Promise<number> {
  const code =
    error.name === 'AbortError'
      ? 'stopped'
      : error instanceof UsageError
        ? 'wrongUse'
        : error instanceof EventDataError
          ? error.code
          : undefined;
  const message = code === undefined ? `unexpected: ${error.stack ?? String(error)}` : error.message;
  if (json && code !== 'stopped' && !(error instanceof ToldError)) {
    const where = error instanceof EventDataError ? error.where : {};
    print(JSON.stringify({ error: { code: code ?? 'wrongUse', message, where } }) + '\n');
  }
  try {
    const { text, exitCode } = (await commandEngine()).refusal(code ?? '', message);
    process.stderr.write(text);
    return exitCode;
  } catch {
    process.stderr.write(`causal-sessions: ${message}\n`); // without an engine nothing else can be said
    return 1;
  }
}

type Use = (dataset: Dataset, progress: ProgressLine) => Promise<void>;

/** The plan, and what it is to be run on. */
interface Job {
  plan: PartialPlan;
  source: NodeSource;
}

/** A wrong plan is told before any file is touched. */
async function jobOf(words: Words): Promise<Job> {
  const plan = await gatherPlan(words);
  await readPlan(plan);
  return { plan, source: words.files.map((path) => ({ path })) };
}

/** Prepares what the words ask for, hands it on, and gives its memory back. */
async function prepared(words: Words, { plan, source }: Job, options: PrepareOptions, use: Use): Promise<void> {
  const { signal, options: given } = words;
  const progress = progressOf(words);
  const threads = given['threads'] === undefined ? undefined : Number(given['threads']);
  try {
    const onProgress = (state: Progress) => progress.show(state);
    const dataset = await prepare(source, plan, { ...options, signal, threads, onProgress });
    try {
      await use(dataset, progress);
    } finally {
      dataset.dispose();
    }
  } finally {
    progress.clear();
  }
}

async function runPrepare(words: Words): Promise<void> {
  const { options, signal } = words;
  const names = options['format']?.split(',') ?? ['parquet', 'pickle'];
  const audit = names.includes('audit');
  const tables = await readFormats(names.filter((name) => name !== 'audit'));
  const formats = audit ? [...tables, 'audit' as const] : tables;
  const folder = options['out']!;
  const manifest = options['no-manifest'] === undefined;
  const report = options['report'];
  const reportCounts = countsOf(words);
  await prepared(words, await jobOf(words), { manifest, audit: audit || report !== undefined }, async (dataset, progress) => {
    const onProgress = ({ path }: { path: string }) => progress.showText(`writing ${path}`);
    const outputs = await writeDataset(dataset, folder, { formats, manifest, report, reportCounts, signal, onProgress });
    progress.clear();
    if (options['json'] !== undefined) return print(JSON.stringify({ report: dataset.report, outputs }, null, 2) + '\n');
    const [engine, run] = [await commandEngine(), runOf(dataset)];
    if (options['quiet'] === undefined) print(engine.reportText(run, folder, outputs));
    process.stderr.write(engine.noticesText(run)); // where they are seen also if the report goes elsewhere
  });
}

async function runAudit(words: Words): Promise<void> {
  const job = await jobOf(words);
  const other = await gatherOtherPlan(words, job.plan);
  if (other) return runComparison(words, job, other);
  await prepared(words, job, { audit: true }, async (dataset, progress) => {
    const report = words.options['report'];
    if (report !== undefined) await writeReport(dataset, report, { counts: countsOf(words) });
    progress.clear();
    const json = words.options['json'] !== undefined;
    const engine = await commandEngine();
    if (words.options['blind'] !== undefined) {
      const run = runOf(dataset);
      return print(json ? run.blindAudit() : engine.blindText(run, ...widths()));
    }
    print(json ? new TextDecoder().decode(await dataset.write('audit')) : engine.auditText(runOf(dataset), ...widths()));
  });
}

async function runEstimate(words: Words): Promise<void> {
  if (words.options['table'] !== undefined) return runTable(words);
  await prepared(words, await jobOf(words), { audit: true }, async (dataset, progress) => {
    progress.showText('estimate');
    const [engine, run] = [await commandEngine(), runOf(dataset)];
    const { text, refusal } = engine.estimateText(run, words.options['json'] !== undefined, ...widths());
    progress.clear();
    print(text);
    process.stderr.write(engine.noticesText(run));
    if (refusal !== '') throw new ToldError('noEstimate', refusal);
  });
}

async function runTable(words: Words): Promise<void> {
  const progress = progressOf(words);
  progress.showText('estimate');
  try {
    const { text, refusal, notices } = await estimateTable(
      await commandEngine(),
      words,
      await gatherPlan(words),
      widths(),
      words.signal,
    );
    progress.clear();
    print(text);
    process.stderr.write(notices);
    if (refusal !== '') throw new ToldError('noEstimate', refusal);
  } finally {
    progress.clear();
  }
}

/** Reads the events once where both plans read alike. */
async function runComparison(
  words: Words,
  { plan, source }: Job,
  other: { plan: PartialPlan; readsAlike: boolean },
): Promise<void> {
  const file = words.options['against']!;
  const once = words.files.some(isStream);
  const engine = await commandEngine();
  const readTwice = engine.readTwiceText(file);
  if (once && !other.readsAlike) throw new UsageError(readTwice);
  const held = once ? words.files.map((path) => (isStream(path) ? streamOf(path) : { path })) : source;
  await prepared(words, { plan, source: held }, { audit: true, keepEvents: true }, async (dataset) => {
    if (once && !dataset.keepsEvents) throw new EventDataError('unreadable', readTwice); // there was no room for the events
    await prepared(words, { plan: other.plan, source: held }, { audit: true, reuse: dataset }, async (against, progress) => {
      progress.clear();
      const [run, second] = [runOf(dataset), runOf(against)];
      const json = words.options['json'] !== undefined;
      print(json ? engine.comparison(run, second) : engine.comparisonText(run, second, file, ...widths()));
    });
  });
}

function isStream(path: string): boolean {
  return path === '-' || (existsSync(path) && statSync(path).isFIFO());
}

/** As an object of its own, so that a second run knows it for the same. */
function streamOf(path: string) {
  const stream = path === '-' ? process.stdin : createReadStream(path);
  return { name: path === '-' ? 'standard input' : path, data: Readable.toWeb(stream) as ReadableStream<Uint8Array> };
}

function countsOf({ options }: Words): 'exact' | 'suppressed' {
  return options['report-counts'] === undefined ? 'suppressed' : 'exact';
}

/** The environment's COLUMNS, and those of the terminal. */
function widths(): [string, number] {
  return [process.env['COLUMNS'] ?? '', process.stdout.isTTY ? process.stdout.columns : 0];
}

async function runVerify(words: Words): Promise<void> {
  const {
    options,
    signal,
    files: [manifest, ...inputs],
  } = words;
  const progress = progressOf(words);
  try {
    const onProgress = (state: Progress) => progress.show(state);
    const checked = await verify(manifest!, { inputs, folder: options['inputs'], signal, onProgress });
    progress.clear();
    if (options['json'] !== undefined) print(JSON.stringify({ same: true, ...checked }) + '\n');
    else if (options['quiet'] === undefined) print((await commandEngine()).verifiedText(checked.inputs, checked.outputs));
  } finally {
    progress.clear();
  }
}

async function runInspect(words: Words): Promise<void> {
  const {
    options,
    files: [path],
  } = words;
  const inspection = await inspect({ path: path! }, await gatherPlan(words), Number(options['rows'] ?? 10));
  const json = JSON.stringify(inspection, null, 2);
  print(options['json'] !== undefined ? json + '\n' : (await commandEngine()).inspectionText(json));
  if (inspection.problem) throw new ToldError(inspection.problem.code, inspection.problem.message);
}

async function runPlan(words: Words): Promise<void> {
  if (words.options['help'] !== undefined) return print(await planKeyHelp(words.files[0] ?? ''));
  print(JSON.stringify(await readPlan(await gatherPlan(words)), null, 2) + '\n');
}

async function runSimulate({ options, simulation, signal }: Words): Promise<void> {
  const out = options['out']!;
  const { bytes, events, truth } = await writeSimulation(out, simulation, options['no-truth'] === undefined, signal);
  if (out === '-') return;
  if (options['json'] !== undefined) {
    return print(
      JSON.stringify({ path: out, bytes, events, seed: Number(simulation['seed'] ?? 1), truth: truth?.path ?? null }) + '\n',
    );
  }
  if (options['quiet'] === undefined)
    print((await commandEngine()).simulationText(out, events, bytes, truth?.path ?? '', truth?.effect ?? null));
}

function progressOf({ options }: Words): ProgressLine {
  return new ProgressLine(process.stderr, options['json'] !== undefined || options['quiet'] !== undefined);
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function print(text: string): void {
  process.stdout.write(text);
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.exitCode = await main(process.argv.slice(2));
