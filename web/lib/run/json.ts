/** What a caller gives as plain values, as the JSON that the engine reads. */
import { EventDataError } from '../types/index.js';
import * as WORDS from '../words.js';

/** The plan as the engine reads it. Numbers that JSON cannot hold become text, so that the refusal shows them. */
export function planText(plan: unknown): string {
  if (plan === undefined) return '';
  const odd = (value: unknown) => typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value));
  try {
    const text = JSON.stringify(plan, (_key, value: unknown) => (odd(value) ? String(value) : value)) as string | undefined;
    if (text !== undefined) return text;
  } catch {
    // a cycle
  }
  throw new EventDataError('badPlan', WORDS.planNotJson);
}
