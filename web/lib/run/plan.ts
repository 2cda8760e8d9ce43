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

export function completePlan(engine: Engine, plan: PartialPlan | undefined): string {
  const completed = guarded(() => engine.completePlan(planText(plan)));
  return 'error' in completed ? raise(completed.error) : completed.plan;
}
