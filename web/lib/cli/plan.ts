/** The plan as the command's options give it. */
import { readFileSync } from 'node:fs';
import { EventDataError, type PartialPlan } from '../node.js';
import { planKeyHelp } from '../run/plan.js';
import { UsageError } from './usage.js';

export interface PlanOptions {
  plan?: string | undefined;
  profile?: string | undefined;
  set?: string[] | undefined;
}

/** --plan FILE, then --profile, then each --set on top of it. */
export function gatherPlan(values: PlanOptions): PartialPlan {
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
  if (values.profile !== undefined) setKey(plan, `profile=${values.profile}`);
  for (const setting of values.set ?? []) setKey(plan, setting);
  return plan as PartialPlan;
}

/** What a key of the plan takes, or all keys of a section; without a word, all keys. */
export async function keyHelp(words: string[]): Promise<string> {
  if (words.length > 1) throw new UsageError('plan --help takes one KEY');
  try {
    return await planKeyHelp(words[0] ?? '');
  } catch (error) {
    throw error instanceof EventDataError && error.code === 'badPlan' ? new UsageError(error.message) : error;
  }
}

function setKey(plan: unknown, setting: string): void {
  const equals = setting.indexOf('=');
  if (equals < 1) throw new UsageError(`--set ${setting}: KEY=VALUE is needed, as in session.gapHours=12`);
  const keys = setting.slice(0, equals).split('.');
  const text = setting.slice(equals + 1);
  const value = valueOf(text);
  let section = plan as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) {
    if (typeof section !== 'object' || section === null) break;
    if (typeof section[key] !== 'object' || section[key] === null || !Object.hasOwn(section, key)) define(section, key, {});
    section = section[key] as Record<string, unknown>;
  }
  if (typeof section !== 'object' || section === null) throw new UsageError(`--set ${setting}: the plan is not an object`);
  define(section, keys.at(-1)!, value);
}

/**
 * JSON where it is JSON, else plain text, as in treatment.type=cart or input.escape=\\. A number that would not be the one
 * that was typed, because it has too many digits, stays text too. gather_plan in src/cli/main.cpp reads it alike.
 */
function valueOf(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  const isOther = (number: number) => !Number.isFinite(number) || (Number.isInteger(number) && !Number.isSafeInteger(number));
  return typeof value === 'number' && isOther(value) ? text : value;
}

/** A key of its own even when it is called __proto__; the engine then refuses it by name. */
function define(section: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(section, key, { value, enumerable: true, writable: true, configurable: true });
}
