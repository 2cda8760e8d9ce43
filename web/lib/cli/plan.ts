/** The plan as the command's options give it. */
import { readFileSync } from 'node:fs';
import type { EngineArguments, Failure } from '../engine/bindings.js';
import { guarded, raise } from '../engine/engine.js';
import type { EventDataError, PartialPlan } from '../node.js';
import { completePlan } from '../run/plan.js';
import { commandEngine } from './engine.js';
import { UsageError } from './usage-error.js';

/** --plan FILE, then --profile, then each --set on top of it; not yet checked. */
export async function gatherPlan({ options: { plan, profile }, settings }: EngineArguments): Promise<PartialPlan> {
  const text = plan === undefined ? null : readText(plan);
  const engine = await commandEngine();
  const gathered = guarded(() => engine.planOfWords(text, plan ?? '', profile ?? null, settings));
  return 'error' in gathered ? raiseAsWrongUse(gathered.error, 'badCall') : (JSON.parse(gathered.plan) as PartialPlan);
}

/** The plan behind --against, which is not the plan, complete, and whether both read events alike; nothing without it. */
export async function gatherOtherPlan({ options: { against } }: EngineArguments, plan: PartialPlan) {
  if (against === undefined) return undefined;
  const text = readText(against);
  const engine = await commandEngine();
  const planJson = completePlan(engine, plan);
  const other = guarded(() => engine.planAgainst(text, against, planJson));
  if ('error' in other) return raiseAsWrongUse(other.error, 'badCall');
  return { plan: JSON.parse(other.plan) as PartialPlan, readsAlike: other.readsAlike };
}

/** What a terminal says of a key, of all keys of a section, or, of an empty path, of all keys. */
export async function planKeyHelp(path: string): Promise<string> {
  const told = (await commandEngine()).planKeyHelp(path);
  return 'error' in told ? raiseAsWrongUse(told.error, 'badPlan') : told.help;
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
function raiseAsWrongUse(failure: Failure, code: EventDataError['code']): never {
  if (failure.code === code) throw new UsageError(failure.message);
  return raise(failure);
}
