/** How the groups compare: the unadjusted difference in each set, and the same as a table. */
import type { Arms, AuditReport, Report } from '../../lib/types/index.js';
import { Chart } from '../charts/chart.js';
import { describeDifferences, drawDifferences, type Difference } from '../charts/differences.js';
import { h, replaceChildren } from '../dom.js';
import { percent, points } from '../format.js';
import { table } from '../table.js';
import { ALL, controlOf, GROUPS, named, PARTS } from '../words/common.js';
import { DIFFERENCE } from '../words/result.js';
import { termsLine } from './glossary.js';
import { Fold } from './section.js';
import { nothing, PART_NAMES } from './split-table.js';

export class Comparison {
  readonly element: HTMLElement;
  readonly #chart = new Chart<readonly Difference[]>({
    title: DIFFERENCE.title,
    remark: '',
    name: 'naive-difference',
    draw: (rows, width) => drawDifferences(rows, width, this.#control),
    describe: describeDifferences,
  });
  readonly #table = h('div', { class: 'slot' });
  readonly #fold = new Fold(DIFFERENCE.table, this.#table, termsLine('groups', 'difference', 'points', 'interval'));
  readonly #caveat = h('p', { class: 'prose caveat' });
  #control: string = GROUPS.control;

  constructor() {
    this.element = h('div', { class: 'block' }, this.#chart.element, this.#caveat, this.#fold.element);
  }

  show(report: Report, audit: AuditReport | null): void {
    const { plan, all } = report;
    const rows = differences(report, audit);
    const control = (this.#control = controlOf(plan));
    this.element.hidden = all.sessions === 0;
    // With one group alone there is nothing to draw.
    this.#chart.element.hidden = all.naiveLift === null;
    this.#chart.setRemark(DIFFERENCE.remark(plan.outcome.type, control, audit !== null));
    if (all.naiveLift !== null) this.#chart.show(rows);
    this.#fold.setLine(named(DIFFERENCE.line(percent(all.controlOutcomeRate), percent(all.treatedOutcomeRate)), control));
    replaceChildren(this.#table, liftTable(report, rows));
    this.#caveat.textContent = `${all.naiveLift === null ? DIFFERENCE.empty : ''}${DIFFERENCE.caveat(plan.treatment.type)}`;
  }
}

function differences({ splits, all }: Report, audit: AuditReport | null): Difference[] {
  const parts = PART_NAMES.filter((part) => splits[part].sessions > 0).map((part): Difference => {
    return { name: PARTS[part], value: splits[part].naiveLift, interval: audit?.split.parts[part].interval95 ?? null };
  });
  return [...parts, { name: ALL, value: all.naiveLift, interval: audit?.split.all.interval95 ?? null, strong: true }];
}

function liftTable({ plan, splits, all }: Report, rows: readonly Difference[]): HTMLElement {
  const arms: [string, Arms][] = [...PART_NAMES.map((part): [string, Arms] => [PARTS[part], splits[part]]), [ALL, all]];
  const [set, control, treated, difference, interval] = DIFFERENCE.head;
  const name = named(control, controlOf(plan));
  const arm = (kind: string, title: string) => ({
    title: [h('span', { class: `dot is-${kind}`, 'aria-hidden': 'true' }), title],
    number: true,
  });
  return table(
    DIFFERENCE.table,
    'lift-table',
    [set, arm('control', name), arm('treatment', treated), difference, interval],
    arms.map(([label, part], i) => {
      const found = rows.find((row) => row.name === label)?.interval;
      const cells = [
        label,
        rate(part.controlOutcomeRate, part.sessions - part.treated),
        rate(part.treatedOutcomeRate, part.treated),
        part.naiveLift === null ? nothing() : points(part.naiveLift),
        found ? `${points(found[0]).replace(' pp', '')} to ${points(found[1])}` : nothing(),
      ];
      return { cells, class: i === arms.length - 1 ? 'total' : '' };
    }),
  );
}

function rate(value: number | null, rows: number): HTMLElement {
  return value === null ? nothing() : h('span', { title: DIFFERENCE.of(rows) }, percent(value));
}
