/** What would make the same file pass, one press away. */
import { button, h } from '../dom.js';
import type { Path, Value } from '../model/plan.js';
import { timeFormatsOf } from '../model/problem.js';
import { badRowsOf, type Problem } from '../state.js';
import { REPAIRS } from '../words/run.js';

/** `refusesTypes`: the plan stops at unknown event types. `again`: a run was refused, which a press repeats. */
export function refusalRepairs(
  problem: Problem,
  { refusesTypes, again }: { refusesTypes: boolean; again: boolean },
  settle: (values: readonly (readonly [Path, Value])[]) => void,
): HTMLElement | null {
  const bad = badRowsOf(problem);
  if (!bad) return null;
  const offer = (label: string, values: readonly (readonly [Path, Value] | false)[]) =>
    button(again ? REPAIRS.again(label) : label, () => settle(values.filter((value) => value !== false)));
  const dropBad: readonly [Path, Value] | false = bad.others > 0 && ['rows.bad', 'drop'];
  const dropUnknown: readonly [Path, Value] | false = bad.unknown > 0 && ['events.unknown', 'drop'];
  const skip = !dropUnknown ? REPAIRS.rows : dropBad ? REPAIRS.rowsAndUnknown : REPAIRS.unknown;
  return h(
    'div',
    { class: 'buttons' },
    timeFormatsOf(problem.message).map(({ first, format }) =>
      offer(REPAIRS.timeFormat(first, [format].flat().join(', ')), [['time.format', format]]),
    ),
    bad.unknown > 0 &&
      refusesTypes &&
      bad.canLeaveOut(bad.others) &&
      offer(dropBad ? REPAIRS.both : REPAIRS.types, [['events.unknown', 'add'], dropBad]),
    (bad.unknown === 0 || refusesTypes) && bad.canLeaveOut(bad.rows) && offer(skip, [dropUnknown, dropBad]),
  );
}
