/** What each column holds, in the rows of a file that were looked at: closed to a line until somebody wants to know. */
import type { ColumnFacts, Inspection } from '../../lib/types/index.js';
import { s } from '../charts/svg.js';
import { h, replaceChildren, type Child } from '../dom.js';
import { count, shortId } from '../format.js';
import { table } from '../table.js';
import { FACTS } from '../words/data.js';
import { Fold } from './section.js';

/** Times to the microsecond stay whole. */
const LONGEST = 26;

const SKETCH = { width: 96, height: 18 } as const;

export class ColumnFactsFold {
  readonly element: HTMLElement;
  readonly #table = h('div', { class: 'slot' });
  readonly #fold = new Fold(FACTS.title, this.#table);

  constructor() {
    this.element = this.#fold.element;
  }

  show(inspection: Inspection | null, name: string): void {
    const { sample, columnNames = [] } = inspection ?? {};
    this.element.hidden = !sample;
    if (!sample) return;
    const { rows, columns } = sample;
    const { head } = FACTS;
    const more = columnNames.length - columns.length;
    this.#fold.setLine(FACTS.sample(rows));
    replaceChildren(
      this.#table,
      h('p', { class: 'table-title' }, `${FACTS.caption(name, rows)}.`),
      table(
        FACTS.caption(name, rows),
        'column-facts',
        [
          { title: head.column },
          { title: head.kind },
          head.blanks,
          head.distinct,
          { title: head.least, class: 'nowrap' },
          { title: head.greatest, class: 'nowrap' },
          { title: head.frequent, class: 'frequent' },
          { title: head.overTime },
        ],
        columns.map((facts, i) => [columnNames[i]!, ...cellsOf(facts)]),
      ),
      more > 0 && h('p', { class: 'help' }, FACTS.more(more)),
    );
  }
}

function cellsOf(facts: ColumnFacts | null): Child[] {
  const nothing = () => h('span', { class: 'nothing' }, FACTS.nothing);
  if (facts === null) return [FACTS.nested, ...Array.from({ length: 6 }, nothing)];
  const { kind, blanks, distinct, least = '', greatest = '', frequent = [], overTime } = facts;
  const common = FACTS.frequent(frequent.map(({ value, rows }) => [shortId(value, LONGEST), rows]));
  return [
    FACTS.kinds[kind],
    count(blanks),
    count(distinct),
    ...[least, greatest].map((text) => (text === '' ? nothing() : h('span', { title: text }, shortId(text, LONGEST)))),
    common === '' ? nothing() : common,
    overTime ? sketch(overTime, FACTS.overTime(least, greatest)) : nothing(),
  ];
}

function sketch(rows: readonly number[], label: string): SVGSVGElement {
  const { width, height } = SKETCH;
  const most = Math.max(...rows);
  const step = width / rows.length;
  return s(
    'svg',
    { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    rows.map((found, i) => {
      const tall = (found / most) * height;
      return found > 0 && s('rect', { x: i * step, y: height - tall, width: step - 1, height: tall, class: 'duration-bar' });
    }),
  );
}
