/** The plan as the page edits it: only what differs from the defaults, so that it can be shown, undone and replayed. */
import type { PartialPlan, Plan } from '../../lib/types/index.js';
import { FILES } from '../words/files.js';

export type Value = string | number | boolean | null | readonly string[];

/** `session.gapHours` and the like. */
export type Path = string;

export function valueAt(plan: PartialPlan | Plan | null, path: Path): Value | undefined {
  let value: unknown = plan;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value as Value | undefined;
}

/** A copy with one value set; a value that equals the default, or undefined, leaves the key out. */
export function withValue(changes: PartialPlan, defaults: Plan | null, path: Path, value: Value | undefined): PartialPlan {
  const isDefault = value === undefined || same(value, valueAt(defaults, path));
  const [section, key] = path.split('.') as [string, string | undefined];
  if (key === undefined) {
    const { [section]: _, ...rest } = changes as Record<string, unknown>;
    return (isDefault ? rest : { [section]: value, ...rest }) as PartialPlan;
  }
  const copy = structuredClone(changes) as Record<string, Record<string, unknown>>;
  if (isDefault) {
    delete copy[section]?.[key];
    if (copy[section] && Object.keys(copy[section]).length === 0) delete copy[section];
  } else {
    (copy[section] ??= {})[key] = value;
  }
  return copy as PartialPlan;
}

/** Some sections of it. */
export function pick(plan: PartialPlan, keys: readonly (keyof PartialPlan)[]): PartialPlan {
  return Object.fromEntries(keys.flatMap((key) => (plan[key] === undefined ? [] : [[key, plan[key]]]))) as PartialPlan;
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Comma-separated names. */
export function typedList(text: string): Value | undefined {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return names.length === 0 ? undefined : names;
}

/** One format of times as it is typed, which may have commas in it; several as a list in JSON. */
export function typedFormats(text: string): Value {
  if (!text.startsWith('["')) return text;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}

/** Every changed key with its value, in the plan's order. */
export function changedKeys(changes: PartialPlan): [Path, Value][] {
  return Object.entries(changes).flatMap(([section, keys]) =>
    typeof keys === 'object' && keys !== null
      ? Object.entries(keys).map(([key, value]): [Path, Value] => [`${section}.${key}`, value as Value])
      : [[section, keys as Value] as [Path, Value]],
  );
}

/** The same run as a command; the command writes at least one format. */
export function commandLine(files: readonly string[], changes: PartialPlan, formats: readonly string[]): string {
  if (formats.length === 0) return FILES.noFormat;
  const words = ['causal-sessions', 'prepare', ...files.map(shellWord), '--out', 'OUT'];
  const lines = [words.join(' ')];
  if (!same([...formats].sort(), ['parquet', 'pickle'])) lines.push(`--format ${formats.join(',')}`);
  for (const [path, value] of changedKeys(changes)) lines.push(`--set ${shellWord(`${path}=${setText(value)}`)}`);
  return lines.join(' \\\n  ');
}

/** The same run in Node, to paste into a file. */
export function javaScript(files: readonly string[], changes: PartialPlan, formats: readonly string[]): string {
  if (formats.length === 0) return FILES.noFormat;
  const text = (value: unknown) => JSON.stringify(value).replaceAll('","', '", "');
  const sources = files.map((name) => `{ path: ${text(name)} }`);
  const plan = Object.entries(changes)
    .map(([key, value]) => `\n  ${key}: ${text(value)},`)
    .join('');
  return [
    "import { prepare, writeDataset } from 'causal-sessions';",
    '',
    `const plan = {${plan}${plan === '' ? '' : '\n'}};`,
    `const dataset = await prepare(${sources.length === 1 ? sources[0]! : `[${sources.join(', ')}]`}, plan);`,
    'console.log(dataset.report.splits.train);',
    `await writeDataset(dataset, 'OUT', { formats: ${text(formats)} });`,
    'dataset.dispose();',
  ].join('\n');
}

/** The command reads a value as JSON where it can be; text that looks like JSON needs its quotes. */
function setText(value: Value): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  try {
    JSON.parse(value);
    return JSON.stringify(value);
  } catch {
    return value;
  }
}

function shellWord(text: string): string {
  if (/^[\w./:=@%+,-]+$/.test(text) && !text.startsWith('-')) return text;
  // A file called "-x" must not look like an option.
  const safe = text.startsWith('-') ? `./${text}` : text;
  return `'${safe.replaceAll("'", `'\\''`)}'`;
}
