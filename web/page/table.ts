/** Tables as all panels have them: the first cell names its row, numbers are aligned on the right, wide ones scroll by themselves. */
import { h, scrolling, type Child } from './dom.js';

export interface Column {
  title: Child;
  number?: boolean;
  /** How the rows are sorted by it; null where they could be. */
  sorted?: 'ascending' | 'descending' | null;
  /** Of its cells. */
  class?: string;
}

export interface Row {
  cells: readonly Child[];
  class?: string;
  current?: boolean;
}

/** Columns that are given as text hold numbers, but the first. */
export function table(
  label: string,
  kind: string,
  columns: readonly (string | Column)[],
  rows: readonly (Row | readonly Child[])[],
): HTMLElement {
  const full = columns.map((column, i): Column => (typeof column === 'string' ? { title: column, number: i > 0 } : column));
  const kindOf = ({ number, class: own = '' }: Column) => `${number ? 'number' : ''} ${own}`.trim() || null;
  return scrolling(
    label,
    h(
      'table',
      { class: kind },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          full.map(({ title, number, sorted }) =>
            h('th', { scope: 'col', class: number ? 'number' : null, 'aria-sort': sorted }, title),
          ),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map((row) => {
          const { cells, class: own, current } = 'cells' in row ? row : { cells: row, class: undefined, current: false };
          return h(
            'tr',
            { class: own, 'aria-current': current },
            cells.map((cell, i) =>
              i === 0 && !full[0]!.number ? h('th', { scope: 'row' }, cell) : h('td', { class: kindOf(full[i]!) }, cell),
            ),
          );
        }),
      ),
    ),
  );
}
