/** The plan as the command's options give it. */
import { readFileSync } from 'node:fs';
import { EventDataError, type PartialPlan } from '../node.js';
import { planKeyHelp, planOfWords } from '../run/plan.js';
import { UsageError } from './usage-error.js';

export interface PlanOptions {
  plan?: string | undefined;
  profile?: string | undefined;
  set?: string[] | undefined;
}

/** --plan FILE, then --profile, then each --set on top of it. */
export async function gatherPlan(values: PlanOptions): Promise<PartialPlan> {
  return asked(planOfWords(values.plan === undefined ? null : readText(values.plan), values.plan ?? '', values.profile ?? null, values.set ?? []));
}

/** Of a file, or of standard input. */
function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch {
    throw new UsageError(`the plan ${path} cannot be read`);
  }
}

/** What a key of the plan takes, or all keys of a section; without a word, all keys. */
export async function keyHelp(words: string[]): Promise<string> {
  if (words.length > 1) throw new UsageError('plan --help takes one KEY');
  return asked(planKeyHelp(words[0] ?? ''), 'badPlan');
}

/** The engine's refusal of words that are no plan is one of wrong use. */
async function asked<T>(answer: Promise<T>, wrongUse: EventDataError['code'] = 'badCall'): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof EventDataError && error.code === wrongUse ? new UsageError(error.message) : error;
  }
}
