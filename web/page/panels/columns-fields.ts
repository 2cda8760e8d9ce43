/** Which column is the user, the time, the type and the item. */
import type { ColumnName, Inspection, Plan, Role } from '../../lib/types/index.js';
import { focused, h, replaceChildren, setAttribute, uniqueId } from '../dom.js';
import type { Value } from '../model/plan.js';
import type { Actions } from '../panel.js';
import type { PlanKeys, State } from '../state.js';
import { when } from '../store.js';
import { COLUMNS } from '../words/data.js';
import { rolesOf } from './roles.js';

/** More are put into a select when somebody turns to it: thousands of options take a browser seconds. */
const OPTIONS_AT_ONCE = 500;

/** What the selects are filled from; the columns that the plan names, as JSON. */
interface Shown {
  columns: string;
  keys: PlanKeys;
  inspections: readonly Inspection[];
}

/** One select for each role; "Automatic" leaves the choice to the engine. */
export class ColumnFields {
  readonly element = h('fieldset', { class: 'fields columns-fields' });
  readonly #actions: Actions;
  readonly #fields = new Map<Role, { select: HTMLSelectElement; found: HTMLElement; error: HTMLElement }>();
  /** Puts all options into a select that has only the chosen one yet. */
  readonly #toOffer = new Map<Role, () => void>();

  readonly #make = when(
    (keys: PlanKeys) => [keys],
    (keys) => this.#makeFields(keys),
  );

  readonly #show = when(
    ({ columns, keys, inspections }: Shown) => [columns, keys, ...inspections],
    (columns, keys, ...inspections) => this.#offer(inspections, keys, JSON.parse(columns) as Partial<Plan['columns']>),
  );

  constructor(actions: Actions) {
    this.#actions = actions;
    this.element.append(h('legend', { class: 'unseen' }, COLUMNS.title));
  }

  #makeFields(keys: PlanKeys): void {
    for (const { role, label } of rolesOf(keys)) {
      const id = uniqueId(`column-${role}`);
      const select = h('select', { id, 'data-path': `columns.${role}`, 'aria-describedby': `${id}-help` });
      const error = h('p', { class: 'error', id: `${id}-error`, hidden: true });
      select.addEventListener('change', () => {
        const [kind, text] = [select.value.slice(0, 1), select.value.slice(1)];
        const value = kind === '' ? undefined : kind === '#' ? Number(text) : kind === '@' ? (JSON.parse(text) as Value) : text;
        this.#actions.set(`columns.${role}`, value);
      });
      const offer = () => {
        this.#toOffer.get(role)?.();
        this.#toOffer.delete(role);
      };
      for (const event of ['focus', 'pointerdown']) select.addEventListener(event, offer);
      const found = h('span');
      this.#fields.set(role, { select, found, error });
      const help = h('p', { class: 'help', id: `${id}-help` }, found);
      this.element.append(h('div', { class: 'field' }, h('label', { for: id }, label), select, help, error));
    }
  }

  update({ files, changes, keys }: State): void {
    this.#make(keys);
    const inspections = files.flatMap(({ inspection }) => (inspection && mayBeChosenFrom(inspection) ? [inspection] : []));
    this.element.hidden = inspections.length === 0;
    this.#show({ inspections, keys, columns: JSON.stringify(changes.columns ?? {}) });
  }

  #offer(inspections: readonly Inspection[], keys: PlanKeys, columns: Partial<Plan['columns']>): void {
    const blamed = inspections.find(({ problem }) => problem);
    const options = columnOptions(inspections);
    for (const { role, help } of rolesOf(keys)) {
      const { select, found, error } = this.#fields.get(role)!;
      const chosen = columns[role];
      const detected = inspections.map(({ columns }) => columns?.[role]).find((name) => name);
      const byName = chosen === undefined || chosen === null;
      const value = byName ? '' : optionOf(chosen);
      found.textContent = byName && detected ? COLUMNS.byName : help;
      const guessed = inspections.map(({ guesses }) => guesses?.[role]).find((name) => name);
      const automatic = byName
        ? (detected ?? (guessed ? COLUMNS.guessed(guessed) : role === 'item' ? COLUMNS.none : COLUMNS.choose))
        : COLUMNS.detect;
      const missing =
        value !== '' && !options.some((option) => option.value === value) ? [{ value, label: labelOf(chosen) }] : [];
      const offered = [...options, ...missing].filter(({ label }) => !byName || label !== detected);
      const offer = (some: typeof offered) => {
        const named = some.map((option) => h('option', { value: option.value }, option.label));
        replaceChildren(select, h('option', { value: '' }, automatic), named);
        select.value = value;
      };
      this.#toOffer.delete(role);
      if (offered.length <= OPTIONS_AT_ONCE || focused(select) === select) {
        offer(offered);
      } else {
        offer(offered.filter((option) => option.value === value));
        this.#toOffer.set(role, () => offer(offered));
      }
      const wrong =
        blamed !== undefined &&
        !guessed &&
        (blamedRoles(blamed).includes(role) || (isNameless(blamed) && role !== 'item' && byName));
      error.hidden = !wrong;
      const ambiguous = blamed?.problem?.code === 'ambiguousColumn';
      error.textContent = !wrong ? '' : ambiguous ? COLUMNS.ambiguous : COLUMNS.missing;
      setAttribute(select, 'aria-invalid', wrong);
      setAttribute(select, 'aria-describedby', wrong ? `${select.id}-help ${error.id}` : `${select.id}-help`);
    }
  }
}

/** What a select has for a column: by name, by number, or, of several and of a constant, as JSON. */
function optionOf(column: ColumnName): string {
  return typeof column === 'number' ? `#${column}` : typeof column === 'string' ? `=${column}` : `@${JSON.stringify(column)}`;
}

function labelOf(column: ColumnName | undefined): string {
  if (Array.isArray(column)) return column.join(', ');
  return typeof column === 'object' && column !== null ? COLUMNS.constant(String(column.value)) : String(column);
}

/** By name where the name is there and unique; by number, from 1, where not; behind them places inside of nested values. */
function columnOptions(inspections: readonly Inspection[]): { value: string; label: string }[] {
  const options = new Map<string, string>();
  for (const inspection of inspections) {
    const { header = !isNameless(inspection), columnNames = NUMBERS, paths = [] } = inspection;
    const last = new Map(columnNames.map((name, i) => [name, i]));
    const twice = new Set(columnNames.filter((name, i) => last.get(name) !== i));
    for (const [i, name] of columnNames.entries()) {
      const byNumber = header === false || name === '' || twice.has(name);
      const label = header === false ? COLUMNS.number(i + 1) : byNumber ? COLUMNS.named(name, i + 1) : name;
      options.set(byNumber ? `#${i + 1}` : `=${name}`, label);
    }
    for (const path of paths) options.set(`=${path}`, path);
  }
  return [...options].map(([value, label]) => ({ value, label }));
}

/** Columns to choose from by number, until the first choice has told the engine that the file has no header. */
const NUMBERS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

function mayBeChosenFrom(inspection: Inspection): boolean {
  return inspection.columnNames !== undefined || isNameless(inspection);
}

export function isNameless({ problem, columnNames }: Inspection): boolean {
  return problem?.code === 'missingColumn' && columnNames === undefined;
}

/** The engine's sentence names the plan keys of the columns it could not find. */
function blamedRoles({ problem }: Inspection): string[] {
  return [...(problem?.message.matchAll(/columns\.(user|time|type|item)\b/g) ?? [])].map((found) => found[1]!);
}
