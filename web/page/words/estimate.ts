/** What is said of the adjusted effect. */
import type { Effect, ValueEffect } from '../../lib/types/index.js';
import { count, counted, decimal, percent, points, pointsText } from '../format.js';

const valued = ({ effect, interval95: [low, high] }: Effect) =>
  `${decimal(effect, 2)} (95% interval ${decimal(low, 2)} to ${decimal(high, 2)})`;

const ends = ([low, high]: readonly [number, number]) => `${points(low).replace(' pp', '')} to ${points(high)}`;

export const ESTIMATE = {
  title: 'Adjusted effect',
  waiting: 'The adjusted effect is being estimated…',
  chart: 'Adjusted and unadjusted difference',
  remark:
    'Difference of outcome rates, treated minus untreated, with 95% intervals. Rows count by how open their treatment was (overlap weights).',
  adjusted: 'Adjusted',
  unadjusted: 'Unadjusted',
  /** Which side of no effect the interval lies on. */
  more: (effect: number, interval: readonly [number, number]) =>
    `Treated rows had the outcome ${size(effect)} more often than comparable untreated ones (95% interval ${ends(interval)}).`,
  less: (effect: number, interval: readonly [number, number]) =>
    `Treated rows had the outcome ${size(effect)} less often than comparable untreated ones (95% interval ${ends(interval)}).`,
  unclear: (effect: number, interval: readonly [number, number]) =>
    `Compared with similar untreated rows, treated ones differ by ${pointsText(effect)}, and the data fit no difference too (95% interval ${ends(interval)}).`,
  naive: (difference: number | null) => `Unadjusted, the difference is ${pointsText(difference)}.`,
  value: ({ column, cap, cappedRows, overlap, naive }: ValueEffect, control: string) =>
    `Sum of “${column}” over a row’s outcomes, treated minus ${control}: ${valued(overlap)}; unadjusted, ${valued(naive)}.${cap === null ? '' : ` No row counts as more than ${decimal(cap, 2)}, which ${counted(cappedRows, 'row')} would.`}`,
  caution: 'It is adjusted for what is recorded, and causal only if nothing else drives both treatment and outcome.',
  otherPlans: (plans: number) =>
    `${counted(plans, 'other plan was', 'other plans were')} tried on these events. An interval does not count how a plan was chosen.`,
  warned: (titles: readonly string[]) => `The audit puts it in doubt: ${titles.join('; ')}. See the findings above.`,
  size: (rows: number, users: number, effective: number) =>
    `${counted(rows, 'row')} of ${counted(users, 'user')}, worth ${count(Math.floor(effective))} users with equally many rows.`,
  none: 'No adjusted effect is shown.',
  failed: (message: string) => `The adjusted effect could not be estimated: ${message}`,
  toSetting: (label: string) => `Go to “${label}”`,
  overturn: 'What could overturn it',
  eValue: (estimate: string, limit: string) =>
    `Something unrecorded that goes with treatment and outcome both by a risk ratio of ${estimate} could explain it away; one of ${limit} could move the interval to no effect (E-values).`,
  robustness: (estimate: string, limit: string) =>
    `The same holds for something that explains ${estimate} of what is left of both, or ${limit} for the interval (robustness values).`,
  yardstick: 'For comparison, how the adjusted difference moves without what is recorded of one kind:',
  withoutHead: ['Left out', 'Change'],
  groups: {
    session: 'the session so far',
    exposure: 'the exposures and their items',
    user: 'the user’s earlier sessions',
    clock: 'hour, weekday and day',
    columns: 'the columns of your file',
  },
  controls: 'Negative controls',
  controlsRemark:
    'Outcomes that the treatment cannot have caused, put through the same estimate. Any difference comes from something else.',
  controlsHead: ['Control', 'Difference', '95% interval'],
  notTold: (name: string, reason: string) => `${name}: not told. ${reason}`,
  calibrated: (controls: number, ratio: string, ends: readonly string[]) =>
    `Calibrated by ${counted(controls, 'control')}, the ratio of outcome rates is ${ratio} (95% interval ${ends.join(' to ')}).`,
  details: 'Other averages, calendar weeks and balance',
  others: 'Other averages',
  othersHead: ['Averaged over', 'Difference', '95% interval'],
  treated: 'the treated (ATT)',
  all: 'all rows (ATE)',
  byUser: 'users, each counted once',
  notAll: (share: number) =>
    `No average over all rows is shown, since ${percent(share)} of the propensities lie outside of 0.01 to 0.99.`,
  risks: (treated: number, control: number, ratio: string | null) =>
    `Outcome rate: ${percent(treated)} treated, ${percent(control)} untreated${ratio === null ? '' : `; ratio ${ratio}`}.`,
  ratio: (ratio: string, low: string, high: string) => `${ratio} (${low} to ${high})`,
  weeks: 'By calendar week',
  weeksHead: ['From', 'Rows', 'Adjusted', '95% interval'],
  balance: 'Balance of the groups after weighting',
  balanceHead: ['Feature', 'Before', 'After'],
  balanceRemark:
    'Differences of the groups in standard deviations. Above 0.1, and by more than chance, no effect would be shown.',
} as const;

function size(effect: number): string {
  return pointsText(Math.abs(effect)).replace('+', '');
}
