/** The plan: checked and completed by the engine. */
import type { Engine } from '../engine/bindings.js';
import { guarded, loadEngine, raise } from '../engine/engine.js';
import type { PartialPlan, Plan, PlanKey } from '../types/index.js';
import { planText } from './json.js';

/** Checks a plan and fills in the defaults. */
export async function readPlan(plan?: PartialPlan): Promise<Plan> {
  return JSON.parse(completePlan(await loadEngine(), plan)) as Plan;
}

/** The keys of a plan, in its order. */
export async function planKeys(): Promise<PlanKey[]> {
  return JSON.parse((await loadEngine()).planKeys()) as PlanKey[];
}

/** What a terminal says of a key, of all keys of a section, or, of an empty path, of all keys. */
export async function planKeyHelp(path: string): Promise<string> {
  const told = (await loadEngine()).planKeyHelp(path);
  return 'error' in told ? raise(told.error) : told.help;
}

/** The plan of a command's options, not yet checked: that of a file, then a profile, then each setting on top of it. */
export async function planOfWords(
  text: string | null,
  file: string,
  profile: string | null,
  settings: readonly string[],
): Promise<PartialPlan> {
  const engine = await loadEngine();
  const gathered = guarded(() => engine.planOfWords(text, file, profile, settings));
  return 'error' in gathered ? raise(gathered.error) : (JSON.parse(gathered.plan) as PartialPlan);
}

/** The plan of a file that `plan` is compared with, complete, and whether both read events alike. */
export async function planAgainst(
  text: string,
  file: string,
  plan: PartialPlan,
): Promise<{ plan: PartialPlan; readsAlike: boolean }> {
  const engine = await loadEngine();
  const planJson = completePlan(engine, plan);
  const other = guarded(() => engine.planAgainst(text, file, planJson));
  return 'error' in other ? raise(other.error) : { plan: JSON.parse(other.plan) as PartialPlan, readsAlike: other.readsAlike };
}

export function completePlan(engine: Engine, plan: PartialPlan | undefined): string {
  const completed = guarded(() => engine.completePlan(planText(plan)));
  return 'error' in completed ? raise(completed.error) : completed.plan;
}
