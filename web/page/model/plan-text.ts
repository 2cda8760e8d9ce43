/** Plans from elsewhere: a .json file of the plan or a manifest, and the page's address. The engine checks what they say. */
import type { PartialPlan, Plan } from '../../lib/types/index.js';
import { CHANGES } from '../words/settings.js';
import { changedKeys, withValue, type Value } from './plan.js';

/** A plan is far smaller; events are often larger. */
export const LARGEST_PLAN_BYTES = 1_000_000;

/** The plan in a file's text: its own keys alone, or those of a manifest; null where the text is something else. */
export function planOfText(text: string, defaults: Plan): PartialPlan | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  if (isObject(value['plan']) && 'inputs' in value && 'outputs' in value) return value['plan'] as PartialPlan;
  const keys = Object.keys(value);
  const known = keys.filter(
    (key) => key in defaults && (key === 'profile' || key === 'preset' ? typeof value[key] === 'string' : isObject(value[key])),
  );
  // One unknown key is a mistake in a plan, which the engine names; a table has no key of a plan that holds an object.
  return known.length > 0 && known.length >= keys.length - 1 ? (value as PartialPlan) : null;
}

/** Only what differs from the profile's defaults, so that a complete plan and a short one look alike. */
export function changesOf(plan: PartialPlan, defaults: Plan): PartialPlan {
  let changes: PartialPlan = {};
  for (const [path, value] of changedKeys(plan)) changes = withValue(changes, defaults, path, value);
  return changes;
}

/** `profile=causal&session.gapHours=12`: keys and values as the command's --set takes them. */
export function fragmentOf(changes: PartialPlan): string {
  return changedKeys(changes)
    .map(
      ([path, value]) => `${path}=${escaped(typeof value === 'string' && !looksLikeJson(value) ? value : JSON.stringify(value))}`,
    )
    .join('&');
}

/** Throws a sentence where it is no plan. */
export function planOfFragment(fragment: string): PartialPlan {
  const changes: Record<string, unknown> = {};
  for (const word of fragment.split('&').filter((word) => word !== '')) {
    const at = word.indexOf('=');
    const [section, key, more] = unescaped(at < 0 ? word : word.slice(0, at)).split('.');
    if (at < 0 || !section || section === '__proto__' || more !== undefined) throw new Error(CHANGES.noSetting(unescaped(word)));
    const value = valueIn(unescaped(word.slice(at + 1)));
    if (key === undefined) changes[section] = value;
    else changes[section] = { ...(isObject(changes[section]) ? changes[section] : {}), [key]: value };
  }
  return changes as PartialPlan;
}

function valueIn(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}

function looksLikeJson(text: string): boolean {
  return typeof valueIn(text) !== 'string' || text.startsWith('"');
}

/** What may stand in a fragment as it is stays readable. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/%(2C|3A|2F|40|5B|5D|20|22)/g, (code, hex: string) =>
    hex === '20' || hex === '22' ? code : decodeURIComponent(code),
  );
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
