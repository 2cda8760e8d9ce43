/** The first rows of a file, and what each of its columns is. */
import type { Inspection } from '../../lib/types/index.js';
import { h, replaceChildren, scrolling } from '../dom.js';
import { count } from '../format.js';
import type { PlanKeys, State } from '../state.js';
import { when } from '../store.js';
import { BLANK } from '../words/common.js';
import { COLUMNS, PREVIEW } from '../words/data.js';
import { ColumnFactsFold } from './column-facts.js';
import { rolesOf } from './roles.js';

const SHOWN_ROWS = 8;
/** Of a table's columns; those with a role are shown wherever they stand. */
const SHOWN_COLUMNS = 50;

/** The event types that have a colour. */
interface Meanings {
  treatment: string | undefined;
  outcome: string | undefined;
}

export class InspectionTable {
  readonly #rows = h('div', { class: 'slot' });
  readonly #facts = new ColumnFactsFold();
  readonly element = h('div', { class: 'slot' }, this.#rows, this.#facts.element);

  /** Of the first file that has rows, or else the columns of the first that has columns. */
  readonly update = when(
    ({ files, plan, keys }: State) => {
      const input =
        files.find(({ inspection }) => inspection?.rows && inspection.rows.length > 0) ??
        files.find(({ inspection }) => inspection?.columnNames && !inspection.problem);
      return [input?.inspection, input?.name ?? '', plan?.treatment.type, plan?.outcome.type, keys];
    },
    (inspection, name, treatment, outcome, keys) => {
      replaceChildren(this.#rows, inspection && describe(inspection, name, { treatment, outcome }, keys));
      this.#facts.show(inspection ?? null, name);
    },
  );
}

function describe(inspection: Inspection, name: string, meanings: Meanings, keys: PlanKeys): HTMLElement[] {
  const { rows = [], columnNames = [] } = inspection;
  return rows.length > 0 && columnNames.length > 0 ? firstRows(inspection, name, meanings, keys) : [columnsOnly(inspection)];
}

function firstRows(inspection: Inspection, name: string, meanings: Meanings, keys: PlanKeys): HTMLElement[] {
  const { columnNames = [], columns, guesses } = inspection;
  const rows = (inspection.rows ?? []).slice(0, SHOWN_ROWS);
  const withColumn = rolesOf(keys).flatMap(({ role, label }) => {
    const column = columns?.[role];
    if (column) return [[column, { role, label }] as const];
    const guess = guesses?.[role];
    return guess ? [[guess, { role, label: COLUMNS.guessed(label) }] as const] : [];
  });
  const roleOf = new Map(withColumn);
  const shown = columnNames.flatMap((name, k) => (k < SHOWN_COLUMNS || roleOf.has(name) ? [{ name, k }] : []));
  const meaning = (name: string, cell: string | undefined) => {
    if (roleOf.get(name)?.role !== 'type') return '';
    return cell === meanings.treatment ? 'is-treatment' : cell === meanings.outcome ? 'is-outcome' : '';
  };
  const some = shown.length < columnNames.length ? PREVIEW.some(shown.length, columnNames.length) : '';
  const caption = PREVIEW.title(rows.length, name, some);
  const head = shown.map(({ name }) => {
    const found = roleOf.get(name);
    const role = h('span', { class: 'role' }, found?.label ?? PREVIEW.unused);
    return h('th', { scope: 'col', class: found ? 'has-role' : 'no-role' }, name, role);
  });
  const lines = rows.map((row, i) => {
    const cells = shown.map(({ name, k }) => {
      const cell = row[k];
      const empty = cell === undefined || cell === '';
      const content = empty ? h('span', { class: 'nothing' }, BLANK) : h('span', { class: `cell ${meaning(name, cell)}` }, cell);
      return h('td', { class: roleOf.has(name) ? 'has-role' : 'no-role' }, content);
    });
    return h('tr', {}, h('td', { class: 'number row-number' }, count(i + 1)), cells);
  });
  const table = h(
    'table',
    { class: 'inspection' },
    h('thead', {}, h('tr', {}, h('th', { scope: 'col', class: 'number' }, PREVIEW.row), head)),
    h('tbody', {}, lines),
  );
  return [h('p', { class: 'table-title' }, `${caption}.`), scrolling(caption, table)];
}

/** In place of a table without rows. */
function columnsOnly({ name, columnNames = [], note }: Inspection): HTMLElement {
  const more = columnNames.length - SHOWN_COLUMNS;
  const rows = note === undefined ? PREVIEW.noRows : ''; // a note says why there are none
  return h('p', { class: 'help' }, PREVIEW.columnsOnly(name, columnNames.slice(0, SHOWN_COLUMNS).join(', '), more) + rows);
}
