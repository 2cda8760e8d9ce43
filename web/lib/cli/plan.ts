/** The plan as the command's options give it. */
import { readFileSync } from 'node:fs';
import type { EngineArguments } from '../engine/bindings.js';
import { EventDataError, type PartialPlan } from '../node.js';
import { planAgainst, planOfWords } from '../run/plan.js';
import { UsageError } from './usage-error.js';

/** --plan FILE, then --profile, then each --set on top of it. */
export async function gatherPlan({ options: { plan, profile }, settings }: EngineArguments): Promise<PartialPlan> {
  return asWrongUse(planOfWords(plan === undefined ? null : readText(plan), plan ?? '', profile ?? null, settings), 'badCall');
}

/** The plan behind --against, which is not the plan; nothing without it. */
export async function gatherOtherPlan({ options: { against } }: EngineArguments, plan: PartialPlan) {
  return against === undefined ? undefined : asWrongUse(planAgainst(readText(against), against, plan), 'badCall');
}

/** Of a file, or of standard input. */
function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch {
    throw new UsageError(`the plan ${path} cannot be read`);
  }
}

/** A refusal with this code, which the engine gives to words that are no plan, is one of wrong use. */
export async function asWrongUse<T>(answer: Promise<T>, code: EventDataError['code']): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof EventDataError && error.code === code ? new UsageError(error.message) : error;
  }
}
