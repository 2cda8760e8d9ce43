#!/usr/bin/env node
/** The command: `causal-sessions prepare FILE... --out DIR`. Exit codes: 0 done, 1 data refused, 2 wrong use. */
import { createWriteStream, readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { ProgressLine } from './cli/progress.js';
import { verify } from './cli/verify.js';
import { printable, printInspection, printReport } from './cli/print.js';
import { EventDataError, inspect, listFormats, prepare, readFormats, readPlan, simulatePieces, writeDataset, type PartialPlan } from './node.js';

const USAGE = `causal-sessions: event streams -> training sets (X, T, Y) for causal models

  causal-sessions prepare FILE... --out DIR   sessions, vocabulary and split, as the files of the notebook
  causal-sessions verify MANIFEST [FILE...]   runs a manifest again and compares; nothing is written
  causal-sessions inspect FILE                detected format and columns, first rows; nothing is run
  causal-sessions plan                        the whole plan, checked, with the defaults filled in
  causal-sessions simulate --out FILE         an event stream to try things with

A FILE of - is standard input. Several files are one stream, in the given order.

  --out DIR            where prepare writes: data/*_sessions.*, data/processing_metadata.json, models/vocab.json, manifest.json
  --plan FILE          the plan, JSON; every key is optional
  --set KEY=VALUE      one key of the plan, as in --set session.gapHours=12; again for more
  --format LIST        table formats, as in --format parquet,csv (default parquet,pickle):
FORMATS
  --no-manifest        write no manifest.json
  --threads N          threads that read a large file (default: as many as the machine has, up to 8)
  --inputs DIR         where verify finds the inputs, unless they are beside the manifest or given
  --events N --seed N  of simulate (defaults 100000 and 1)
  --rows N             how many rows inspect shows (default 10)
  --json               machine-readable output
  --quiet              no progress, no report
  --help, --version

Exit codes: 0 done, 1 the data was refused or differs, 2 wrong use.
`;

class UsageError extends Error {}

/** A refusal that the JSON on standard output holds already. */
class ToldError extends EventDataError {}

const OPTIONS = {
  out: { type: 'string' },
  plan: { type: 'string' },
  set: { type: 'string', multiple: true },
  format: { type: 'string' },
  'no-manifest': { type: 'boolean' },
  threads: { type: 'string' },
  inputs: { type: 'string' },
  events: { type: 'string' },
  seed: { type: 'string' },
  rows: { type: 'string' },
  json: { type: 'boolean' },
  quiet: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>['values'];

const COMMANDS: Record<string, { options: (keyof typeof OPTIONS)[]; run(files: string[], values: Values, signal: AbortSignal): Promise<void> }> = {
  prepare: { options: ['out', 'plan', 'set', 'format', 'no-manifest', 'threads', 'json', 'quiet'], run: runPrepare },
  verify: { options: ['inputs', 'json', 'quiet'], run: runVerify },
  inspect: { options: ['plan', 'set', 'rows', 'json'], run: runInspect },
  plan: { options: ['plan', 'set', 'json'], run: runPlan },
  simulate: { options: ['out', 'events', 'seed', 'json', 'quiet'], run: runSimulate },
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
    if (values.help || (name === undefined && args.length === 0)) return print(await usage());
    const command = name === undefined ? undefined : COMMANDS[name];
    if (!command) throw new UsageError(name === undefined ? 'a command is missing' : `there is no command "${name}"; there are ${Object.keys(COMMANDS).join(', ')}`);
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
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function fail(error: unknown, json: boolean): number {
  if ((error as Error).name === 'AbortError') {
    process.stderr.write('causal-sessions: stopped; nothing was written.\n');
    return 130;
  }
  const wrongUse = error instanceof UsageError || (error instanceof EventDataError && ['badPlan', 'badFormat', 'badCall'].includes(error.code));
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
  const plan = gatherPlan(values);
  const formats = await readFormats(values.format?.split(',') ?? ['parquet', 'pickle']);
  await readPlan(plan); // a wrong plan is told before any file is touched
  const manifest = values['no-manifest'] !== true;
  const progress = new ProgressLine(process.stderr, values.json === true || values.quiet === true);
  try {
    const dataset = await prepare(files.map((path) => ({ path })), plan, { signal, manifest, threads, onProgress: (state) => progress.show(state) });
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

async function runVerify(files: string[], values: Values, signal: AbortSignal): Promise<void> {
  const [manifest, ...inputs] = files;
  if (manifest === undefined) throw new UsageError('verify needs a MANIFEST');
  const progress = new ProgressLine(process.stderr, values.json === true || values.quiet === true);
  try {
    const checked = await verify(manifest, { inputs, folder: values.inputs, signal, onProgress: (state) => progress.show(state) });
    progress.clear();
    if (values.json) print(JSON.stringify({ same: true, ...checked }) + '\n');
    else if (!values.quiet) print(`The same: ${checked.inputs} inputs, ${checked.outputs} outputs.\n`);
  } finally {
    progress.clear();
  }
}

async function runInspect(files: string[], values: Values): Promise<void> {
  if (files.length !== 1) throw new UsageError('inspect needs one FILE');
  if (values.rows !== undefined && !/^\d{1,4}$/.test(values.rows)) throw new UsageError(`--rows is ${values.rows}; it must be a whole number up to 9999`);
  const inspection = await inspect({ path: files[0]! }, gatherPlan(values), Number(values.rows ?? 10));
  if (values.json) print(JSON.stringify(inspection, null, 2) + '\n');
  else printInspection(inspection);
  if (inspection.problem) throw new ToldError(inspection.problem.code, inspection.problem.message);
}

async function runPlan(files: string[], values: Values): Promise<void> {
  if (files.length !== 0) throw new UsageError('plan takes no FILE; give the plan with --plan');
  print(JSON.stringify(await readPlan(gatherPlan(values)), null, 2) + '\n');
}

async function runSimulate(files: string[], values: Values, signal: AbortSignal): Promise<void> {
  if (files.length !== 0) throw new UsageError('simulate takes no FILE');
  if (!values.out) throw new UsageError('simulate needs --out FILE (or - for standard output)');
  const options = { events: Number(values.events ?? 100_000), seed: Number(values.seed ?? 1) };
  const partial = `${values.out}.${process.pid}.partial`;
  const stream: Writable = values.out === '-' ? process.stdout : createWriteStream(partial);
  try {
    let bytes = 0;
    const failed = new Promise<never>((_resolve, reject) => stream.once('error', reject));
    failed.catch(() => undefined);
    await simulatePieces(options, (piece) => {
      bytes += piece.length;
      stream.write(piece);
    }, async () => {
      signal.throwIfAborted();
      if (stream.writableNeedDrain) await Promise.race([failed, new Promise((resolve) => stream.once('drain', resolve))]);
    });
    if (stream === process.stdout) return;
    stream.end();
    await finished(stream);
    await rename(partial, values.out);
    if (values.json) print(JSON.stringify({ path: values.out, bytes, ...options }) + '\n');
    else if (!values.quiet) print(`${values.out}: ${options.events.toLocaleString('en')} events, ${bytes.toLocaleString('en')} bytes\n`);
  } catch (error) {
    // Opening may still be under way, and would put the file back.
    if (stream !== process.stdout && !stream.closed) await new Promise((resolve) => stream.once('close', resolve).destroy());
    await rm(partial, { force: true }).catch(() => undefined);
    if ((error as Error).name === 'AbortError' || error instanceof EventDataError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code) throw new EventDataError('unwritable', `${values.out} cannot be written (${code}).`);
    throw error;
  }
}

/** --plan FILE, then each --set on top of it. */
function gatherPlan(values: Values): PartialPlan {
  let plan: unknown = {};
  if (values.plan !== undefined) {
    let text: string;
    try {
      text = readFileSync(values.plan === '-' ? 0 : values.plan, 'utf8');
    } catch (error) {
      throw new UsageError(`the plan ${values.plan} cannot be read (${(error as NodeJS.ErrnoException).code})`);
    }
    try {
      plan = JSON.parse(text.replace(/^\uFEFF/, ''));
    } catch (error) {
      throw new UsageError(`the plan ${values.plan} is not JSON: ${(error as Error).message}`);
    }
  }
  for (const setting of values.set ?? []) setKey(plan, setting);
  return plan as PartialPlan;
}

function setKey(plan: unknown, setting: string): void {
  const equals = setting.indexOf('=');
  if (equals < 1) throw new UsageError(`--set ${setting}: KEY=VALUE is needed, as in session.gapHours=12`);
  const keys = setting.slice(0, equals).split('.');
  const text = setting.slice(equals + 1);
  let value: unknown = text;
  try {
    value = JSON.parse(text);
  } catch {
    // plain text, as in treatment.type=cart
  }
  let section = plan as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) {
    if (typeof section !== 'object' || section === null) break;
    if (typeof section[key] !== 'object' || section[key] === null || !Object.hasOwn(section, key)) define(section, key, {});
    section = section[key] as Record<string, unknown>;
  }
  if (typeof section !== 'object' || section === null) throw new UsageError(`--set ${setting}: the plan is not an object`);
  define(section, keys.at(-1)!, value);
}

/** A key of its own even when it is called __proto__; the engine then refuses it by name. */
function define(section: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(section, key, { value, enumerable: true, writable: true, configurable: true });
}

async function usage(): Promise<string> {
  const formats = await listFormats();
  const lines = formats.map(({ name, description }) => `                         ${name.padEnd(20)}${description}`);
  return USAGE.replace('FORMATS', lines.join('\n'));
}

function version(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.exitCode = await main(process.argv.slice(2));
