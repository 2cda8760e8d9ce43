/** The command: `causal-sessions prepare FILE... --out DIR`. Exit codes: 0 done, 1 data refused, 2 wrong use. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { EventDataError, inspect, prepare, readFormats, readPlan, writeDataset, type Progress } from '../node.js';
import { usage } from '../run/plan.js';
import { gatherPlan, keyHelp } from './plan.js';
import { printAudit } from './print-audit.js';
import { printable, printInspection, printNotices, printReport } from './print.js';
import { ProgressLine } from './progress.js';
import { SIMULATE_OPTIONS, writeSimulation } from './simulate.js';
import { UsageError } from './usage-error.js';
import { verify } from './verify.js';

/** A refusal that the JSON on standard output holds already. */
class ToldError extends EventDataError {}

const OPTIONS = {
  out: { type: 'string' },
  plan: { type: 'string' },
  profile: { type: 'string' },
  set: { type: 'string', multiple: true },
  format: { type: 'string' },
  'no-manifest': { type: 'boolean' },
  threads: { type: 'string' },
  inputs: { type: 'string' },
  events: { type: 'string' },
  users: { type: 'string' },
  items: { type: 'string' },
  days: { type: 'string' },
  effect: { type: 'string' },
  confounding: { type: 'string' },
  pace: { type: 'string' },
  linger: { type: 'string' },
  impulse: { type: 'string' },
  hidden: { type: 'string' },
  overlap: { type: 'string' },
  carryover: { type: 'string' },
  varying: { type: 'string' },
  'coarse-clock': { type: 'string' },
  late: { type: 'string' },
  seed: { type: 'string' },
  draws: { type: 'string' },
  'no-truth': { type: 'boolean' },
  rows: { type: 'string' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>['values'];

interface Command {
  options: (keyof typeof OPTIONS)[];
  run(files: string[], values: Values, signal: AbortSignal): Promise<void>;
}

const COMMANDS: Record<string, Command> = {
  prepare: { options: ['out', 'plan', 'profile', 'set', 'format', 'no-manifest', 'threads', 'json', 'quiet'], run: runPrepare },
  audit: { options: ['plan', 'profile', 'set', 'threads', 'json', 'quiet'], run: runAudit },
  verify: { options: ['inputs', 'json', 'quiet'], run: runVerify },
  inspect: { options: ['plan', 'profile', 'set', 'rows', 'json'], run: runInspect },
  plan: { options: ['plan', 'profile', 'set', 'json', 'help'], run: runPlan },
  simulate: { options: ['out', ...SIMULATE_OPTIONS, 'no-truth', 'json', 'quiet'], run: runSimulate },
};

async function main(args: string[]): Promise<number> {
  const json = args.includes('--json');
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const { values, positionals } = parse(args);
    if (values.version) return print(`causal-sessions ${version()}\n`);
    const [name, ...files] = positionals;
    // Of plan it is help of the plan's keys.
    if ((values.help && args[0] !== 'plan') || args.length === 0) return print(await usage());
    const command = name === undefined ? undefined : COMMANDS[name];
    if (name === undefined) throw new UsageError('a command is missing');
    if (!command) throw new UsageError(`there is no command "${name}"; there are ${Object.keys(COMMANDS).join(', ')}`);
    for (const option of Object.keys(values) as (keyof typeof OPTIONS)[]) {
      if (!command.options.includes(option)) throw new UsageError(`${name} has no option --${option}`);
    }
    await command.run(files, values, stop.signal);
    return 0;
  } catch (error) {
    return fail(error, json);
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args: joinNegative(args), options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** `--effect -2` becomes `--effect=-2`: parseArgs would take the number for an option. */
function joinNegative(args: string[]): string[] {
  const joined: string[] = [];
  for (const arg of args) {
    const before = joined.at(-1)?.slice(2) ?? '';
    if (/^-[\d.]/.test(arg) && (SIMULATE_OPTIONS as readonly string[]).includes(before)) joined.push(`${joined.pop()}=${arg}`);
    else joined.push(arg);
  }
  return joined;
}

function fail(error: unknown, json: boolean): number {
  if ((error as Error).name === 'AbortError') {
    process.stderr.write('causal-sessions: stopped; nothing was written.\n');
    return 130;
  }
  const wrongUse =
    error instanceof UsageError || (error instanceof EventDataError && ['badPlan', 'badFormat', 'badCall'].includes(error.code));
  const known = wrongUse || error instanceof EventDataError;
  const message = known ? (error as Error).message : `unexpected: ${(error as Error).stack ?? String(error)}`;
  if (json && !(error instanceof ToldError)) {
    const { code = 'wrongUse', where = {} } = error instanceof EventDataError ? error : {};
    process.stdout.write(JSON.stringify({ error: { code, message, where } }) + '\n');
  }
  process.stderr.write(`causal-sessions: ${message.split('\n').map(printable).join('\n')}\n`);
  if (error instanceof UsageError) process.stderr.write('Try: causal-sessions --help\n');
  return wrongUse ? 2 : 1;
}

async function runPrepare(files: string[], values: Values, signal: AbortSignal): Promise<void> {
  if (files.length === 0) throw new UsageError('prepare needs at least one FILE');
  if (values.out === undefined || values.out === '') throw new UsageError('prepare needs --out DIR');
  const threads = readThreads(values.threads);
  const plan = await gatherPlan(values);
  const names = values.format?.split(',') ?? ['parquet', 'pickle'];
  const audit = names.includes('audit');
  const tables = await readFormats(names.filter((name) => name !== 'audit'));
  const formats = audit ? [...tables, 'audit' as const] : tables;
  await readPlan(plan); // a wrong plan is told before any file is touched
  const manifest = values['no-manifest'] !== true;
  const progress = new ProgressLine(process.stderr, values.json === true || values.quiet === true);
  try {
    const onProgress = (state: Progress) => progress.show(state);
    const dataset = await prepare(files.map((path) => ({ path })), plan, { signal, manifest, audit, threads, onProgress });
    try {
      const outputs = await writeDataset(dataset, values.out, {
        formats,
        manifest,
        signal,
        onProgress: ({ path }) => progress.showText(`writing ${path}`),
      });
      progress.clear();
      if (values.json) print(JSON.stringify({ report: dataset.report, outputs }, null, 2) + '\n');
      else if (!values.quiet) printReport(dataset.report, values.out, outputs);
      if (!values.json) printNotices(dataset.report.notices);
    } finally {
      dataset.dispose();
    }
  } finally {
    progress.clear();
  }
}

function readThreads(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= 256) return Number(text);
  throw new UsageError(`--threads is ${text}; it must be a whole number from 1 to 256`);
}

async function runAudit(files: string[], values: Values, signal: AbortSignal): Promise<void> {
  if (files.length === 0) throw new UsageError('audit needs at least one FILE');
  const threads = readThreads(values.threads);
  const plan = await gatherPlan(values);
  await readPlan(plan);
  const progress = new ProgressLine(process.stderr, values.json === true || values.quiet === true);
  try {
    const onProgress = (state: Progress) => progress.show(state);
    const dataset = await prepare(files.map((path) => ({ path })), plan, { signal, audit: true, threads, onProgress });
    try {
      progress.clear();
      if (values.json) print(new TextDecoder().decode(await dataset.write('audit')));
      else printAudit(dataset.audit!);
    } finally {
      dataset.dispose();
    }
  } finally {
    progress.clear();
  }
}

async function runVerify(files: string[], values: Values, signal: AbortSignal): Promise<void> {
  const [manifest, ...inputs] = files;
  if (manifest === undefined) throw new UsageError('verify needs a MANIFEST');
  const progress = new ProgressLine(process.stderr, values.json === true || values.quiet === true);
  try {
    const onProgress = (state: Progress) => progress.show(state);
    const checked = await verify(manifest, { inputs, folder: values.inputs, signal, onProgress });
    progress.clear();
    if (values.json) print(JSON.stringify({ same: true, ...checked }) + '\n');
    else if (!values.quiet) print(`The same: ${checked.inputs} inputs, ${checked.outputs} outputs.\n`);
  } finally {
    progress.clear();
  }
}

async function runInspect(files: string[], values: Values): Promise<void> {
  if (files.length !== 1) throw new UsageError('inspect needs one FILE');
  if (values.rows !== undefined && !/^\d{1,4}$/.test(values.rows)) {
    throw new UsageError(`--rows is ${values.rows}; it must be a whole number up to 9999`);
  }
  const inspection = await inspect({ path: files[0]! }, await gatherPlan(values), Number(values.rows ?? 10));
  if (values.json) print(JSON.stringify(inspection, null, 2) + '\n');
  else printInspection(inspection);
  if (inspection.problem) throw new ToldError(inspection.problem.code, inspection.problem.message);
}

async function runPlan(files: string[], values: Values): Promise<void> {
  if (values.help) return void print(await keyHelp(files));
  if (files.length !== 0) throw new UsageError('plan takes no FILE; give the plan with --plan');
  print(JSON.stringify(await readPlan(await gatherPlan(values)), null, 2) + '\n');
}

async function runSimulate(files: string[], values: Values, signal: AbortSignal): Promise<void> {
  if (files.length !== 0) throw new UsageError('simulate takes no FILE');
  if (!values.out) throw new UsageError('simulate needs --out FILE (or - for standard output)');
  const { bytes, events, truth } = await writeSimulation(values.out, values, values['no-truth'] !== true, signal);
  if (values.out === '-') return;
  const seed = Number(values.seed ?? 1);
  if (values.json) {
    return void print(JSON.stringify({ path: values.out, bytes, events, seed, truth: truth?.path ?? null }) + '\n');
  }
  if (values.quiet) return;
  print(`${values.out}: ${events.toLocaleString('en')} events, ${bytes.toLocaleString('en')} bytes\n`);
  if (truth) print(`${truth.path}: the effect of a click is ${truth.effect.toFixed(4)}, by Monte Carlo\n`);
}

function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.exitCode = await main(process.argv.slice(2));
