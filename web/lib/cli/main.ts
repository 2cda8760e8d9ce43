/** The command as Node runs it. What it accepts and says is the engine's, as for the native one: src/text. */
import { readFileSync } from 'node:fs';
import { loadEngine } from '../engine/engine.js';
import type { EngineArguments } from '../engine/bindings.js';
import {
  EventDataError,
  inspect,
  prepare,
  readFormats,
  readPlan,
  writeDataset,
  type Dataset,
  type PrepareOptions,
  type Progress,
} from '../node.js';
import { runOf } from '../run/engine-port.js';
import { planKeyHelp } from '../run/plan.js';
import { asWrongUse, gatherPlan } from './plan.js';
import { ProgressLine } from './progress.js';
import { writeSimulation } from './simulate.js';
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
  audit: runAudit,
  verify: runVerify,
  inspect: runInspect,
  plan: runPlan,
  simulate: runSimulate,
  help: async () => print((await loadEngine()).usage()),
  version: async () => print(`causal-sessions ${version()}\n`),
};

async function main(args: string[]): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const words = (await loadEngine()).readArguments(args);
    if ('error' in words) throw new UsageError(words.error.message);
    await COMMANDS[words.command]!({ ...words, signal: stop.signal });
    return 0;
  } catch (error) {
    return await fail(error as Error, args.includes('--json'));
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
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
    const { text, exitCode } = (await loadEngine()).refusal(code ?? '', message);
    process.stderr.write(text);
    return exitCode;
  } catch {
    process.stderr.write(`causal-sessions: ${message}\n`); // without an engine nothing else can be said
    return 1;
  }
}

/** Prepares what the words ask for, hands it on, and gives its memory back. */
async function prepared(
  words: Words,
  options: PrepareOptions,
  use: (dataset: Dataset, progress: ProgressLine) => Promise<void>,
): Promise<void> {
  const { files, signal, options: given } = words;
  const plan = await gatherPlan(words);
  await readPlan(plan); // a wrong plan is told before any file is touched
  const progress = progressOf(words);
  const threads = given['threads'] === undefined ? undefined : Number(given['threads']);
  try {
    const onProgress = (state: Progress) => progress.show(state);
    const dataset = await prepare(
      files.map((path) => ({ path })),
      plan,
      { ...options, signal, threads, onProgress },
    );
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
  await prepared(words, { manifest, audit }, async (dataset, progress) => {
    const onProgress = ({ path }: { path: string }) => progress.showText(`writing ${path}`);
    const outputs = await writeDataset(dataset, folder, { formats, manifest, signal, onProgress });
    progress.clear();
    if (options['json'] !== undefined) return print(JSON.stringify({ report: dataset.report, outputs }, null, 2) + '\n');
    const run = runOf(dataset);
    if (options['quiet'] === undefined) print(run.reportText(folder, outputs));
    process.stderr.write(run.noticesText()); // where they are seen also if the report goes elsewhere
  });
}

async function runAudit(words: Words): Promise<void> {
  await prepared(words, { audit: true }, async (dataset, progress) => {
    progress.clear();
    const terminal = process.stdout.isTTY ? process.stdout.columns : 0;
    const json = words.options['json'] !== undefined;
    print(
      json
        ? new TextDecoder().decode(await dataset.write('audit'))
        : runOf(dataset).auditText(process.env['COLUMNS'] ?? '', terminal),
    );
  });
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
    else if (options['quiet'] === undefined) print(`The same: ${checked.inputs} inputs, ${checked.outputs} outputs.\n`);
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
  print(options['json'] !== undefined ? json + '\n' : (await loadEngine()).inspectionText(json));
  if (inspection.problem) throw new ToldError(inspection.problem.code, inspection.problem.message);
}

async function runPlan(words: Words): Promise<void> {
  if (words.options['help'] !== undefined) return print(await asWrongUse(planKeyHelp(words.files[0] ?? ''), 'badPlan'));
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
    print((await loadEngine()).simulationText(out, events, bytes, truth?.path ?? '', truth?.effect ?? null));
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
