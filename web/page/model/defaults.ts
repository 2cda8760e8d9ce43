/** What settings are unless they are set, which follows from others that are. */
import type { PartialPlan, Plan } from '../../lib/types/index.js';
import { pick, same, valueAt, withValue, type Path } from './plan.js';
import { asProblem } from './problem.js';

/** What completes a plan. */
interface PlanReader {
  readPlan(plan?: PartialPlan): Promise<Plan>;
}

/** What the settings are when only those are set that others follow; these themselves are changes. */
export async function readDefaults(engine: PlanReader, plan: PartialPlan): Promise<Plan> {
  const normal = await engine.readPlan();
  const base = baseOf(plan);
  const own = same(base, {}) ? normal : await engine.readPlan(base);
  const unset = base.events === undefined ? own : await engine.readPlan({ ...base, events: {} });
  const events = { ...own.events, unknown: unset.events.unknown };
  const defaults = { ...own, profile: normal.profile, preset: normal.preset, events };
  const leaders = leadersOf(plan);
  if (same(leaders, base)) return defaults;
  // Where the engine refuses the leaders, the setting to blame says so; the followers keep the profile's values till then.
  const led = await engine.readPlan(leaders).catch((error: unknown) => {
    if (asProblem(error).code !== 'badPlan') throw error;
    return defaults;
  });
  return FOLLOWERS.reduce((plan, path) => withValue(plan, null, path, valueAt(led, path)) as Plan, defaults);
}

/** All settings that may decide a default: those of the base, and of the design what follows nothing itself. */
export function leadersOf(changes: PartialPlan): PartialPlan {
  const design = pick(changes, ['events', 'treatment', 'index', 'outcome']);
  return { ...baseOf(changes), ...FOLLOWERS.reduce((plan, path) => withValue(plan, null, path, undefined), design) };
}

/** The settings that decide what others are unless they are set: profile, preset, and whether unknown types are left out. */
function baseOf({ profile, preset, events }: PartialPlan): PartialPlan {
  const dropped: PartialPlan = events?.unknown === 'drop' ? { events: { unknown: 'drop' } } : {};
  return { ...(profile === undefined ? {} : { profile }), ...(preset === undefined ? {} : { preset }), ...dropped };
}

/** Settings of the design whose default depends on others of it. */
const FOLLOWERS: readonly Path[] = ['outcome.prior', 'index.gracePeriod', 'index.washoutHours'];
