/** The plan: checked and completed by the engine. */
import type { Engine } from '../engine/bindings.js';
import { guarded, loadEngine, raise } from '../engine/engine.js';
import type { PartialPlan, Plan } from '../types/index.js';
import { planText } from './json.js';

/** Checks a plan and fills in the defaults. */
export async function readPlan(plan?: PartialPlan): Promise<Plan> {
  return JSON.parse(completePlan(await loadEngine(), plan)) as Plan;
}

export function completePlan(engine: Engine, plan: PartialPlan | undefined): string {
  const completed = guarded(() => engine.completePlan(planText(plan)));
  return 'error' in completed ? raise(completed.error) : completed.plan;
}
