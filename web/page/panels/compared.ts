/** A result beside another: what a repair changed, and the one that was pinned. */
import type { Plan } from '../../lib/types/index.js';
import { button, h, type Child } from '../dom.js';
import { count, percent, pointsText } from '../format.js';
import { same, valueAt, type Value } from '../model/plan.js';
import { valueText } from '../model/repairs.js';
import type { Actions } from '../panel.js';
import type { Fixed, Pinned, PlanKeys, Summary } from '../state.js';
import { table } from '../table.js';
import { listed, tally } from '../words/common.js';
import { FIXED, PINNED } from '../words/result.js';
import { labelOf } from './fields.js';
import { notice } from './section.js';

/** Nothing until the run after the repair is over. */
export function fixedCard(fixed: Fixed | null, actions: Actions): HTMLElement | null {
  if (!fixed?.after) return null;
  const text = fixedText(fixed);
  return h(
    'div',
    { class: 'fixed' },
    notice(
      'hint',
      h('p', {}, text),
      button(FIXED.undo, () => actions.undo(), {
        'data-takes': `repair ${fixed.repair}`,
        'data-key': 'undo the repair',
        'aria-label': FIXED.undoSpoken(what(fixed)),
      }),
    ),
  );
}

function what({ what: titles }: Fixed): string {
  return titles.length === 0
    ? FIXED.all
    : listed(titles.map((title, i) => (i === 0 ? title : title.charAt(0).toLowerCase() + title.slice(1))));
}

export function fixedText(fixed: Fixed): string {
  const { before, after } = fixed;
  const head = fixed.what.length === 0 ? FIXED.changed(FIXED.all) : FIXED.fixed(what(fixed));
  if (!after) return head;
  return [
    head,
    FIXED.difference(before.difference, after.difference),
    before.rows !== after.rows && FIXED.rows(before.rows, after.rows),
  ]
    .filter((text) => text)
    .join(' ');
}

export function pinnedCard(pinned: Pinned, now: Summary, plan: Plan, keys: PlanKeys, actions: Actions): HTMLElement {
  const line = (label: string, of: (summary: Summary) => string): Child[] => [label, of(pinned.summary), of(now)];
  const differs = !same(pinned.plan, plan);
  return h(
    'div',
    { class: 'block pinned' },
    h('h3', {}, PINNED.title),
    table(PINNED.title, 'pinned-table', PINNED.head, [
      line(PINNED.rows, ({ rows }) => count(rows)),
      line(PINNED.treated, ({ treatmentRate }) => percent(treatmentRate)),
      line(PINNED.outcome, ({ outcomeRate }) => percent(outcomeRate)),
      line(PINNED.difference, ({ difference }) => pointsText(difference)),
      line(PINNED.findings, ({ findings }) => (findings && tally(findings)) || '0'),
    ]),
    h('p', { class: 'help' }, differs ? PINNED.settings(differences(pinned.plan, plan, keys)) : PINNED.pinned),
    h(
      'div',
      { class: 'buttons' },
      differs && button(PINNED.again, () => actions.pin()),
      button(PINNED.unpin, () => actions.unpin(), { class: 'quiet' }),
    ),
  );
}

/** The settings in which two plans differ, each with both of its values. */
function differences(before: Plan, now: Plan, keys: PlanKeys): string[] {
  return [...keys.keys()].flatMap((path) => {
    const [old, value] = [valueAt(before, path), valueAt(now, path)];
    if (old === undefined || value === undefined || same(old, value)) return [];
    const said = (value: Value) => valueText({ path, value }, keys);
    return [PINNED.setting(labelOf(path, keys) ?? path, said(old), said(value))];
  });
}
