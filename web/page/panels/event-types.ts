/** What each event type of the files is to the study: guessed from its name, asked of whoever reads it, and set at once. */
import type { EventRole, EventTypeRole, Plan } from '../../lib/types/index.js';
import { button, h, replaceChildren, uniqueId } from '../dom.js';
import { count } from '../format.js';
import type { Path, Value } from '../model/plan.js';
import type { Actions } from '../panel.js';
import { proposedColumns, shownResult, waitsForPreset, waitsForRoles, type State } from '../state.js';
import { when } from '../store.js';
import { ROLES } from '../words/data.js';
import { Fold } from './section.js';

/** Of a type; those that are ignored are left out and counted. */
type Choice = EventRole | 'ignored';

/** Roles that one type has, and the keys that say which. */
const SINGLE = [
  ['exposure', 'index.type'],
  ['treatment', 'treatment.type'],
  ['outcome', 'outcome.type'],
] as const;

/** Where there are more types, the column is another one. */
const MOST_SHOWN = 60;

export class EventTypes {
  readonly element = h('div', { class: 'slot', 'data-part': 'types', tabindex: -1 });
  readonly #actions: Actions;
  readonly #fold: Fold;
  readonly #folded = h('div', { class: 'slot' });
  /** Roles while they are chosen; null while they are those of the plan. */
  #draft: Map<string, Choice> | null = null;
  #profile = 'causal';
  #types: readonly EventTypeRole[] = [];
  #columns: readonly (readonly [Path, Value])[] = [];
  #plan: Plan | null = null;
  #exact: ReadonlyMap<string, number> | null = null;
  #waits = false;
  /** The types are those of columns that are not the right ones. */
  #otherwise = false;

  readonly update = when(
    (state: State) => [
      state.eventTypes,
      state.plan,
      waitsForRoles(state),
      shownResult(state)?.dataset.report.input.types,
      JSON.stringify(proposedColumns(state)),
      waitsForPreset(state),
    ],
    (types, plan, waits, exact, columns, otherwise) => {
      const asked = waits && (types !== this.#types || !this.#waits);
      if (!waits && (types !== this.#types || this.#waits)) this.#draft = null;
      [this.#types, this.#plan, this.#waits, this.#otherwise] = [types, plan, waits, otherwise];
      this.#exact = exact ? new Map(exact.map(({ type, events }) => [type, events])) : null;
      this.#columns = JSON.parse(columns) as [Path, Value][];
      if (asked) {
        this.#profile = 'causal';
        this.#draft = new Map(types.map(({ type, role }) => [type, role]));
      }
      this.#show();
    },
  );

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#fold = new Fold(ROLES.title, this.#folded);
  }

  #show(): void {
    this.element.hidden = this.#types.length === 0 || this.#plan === null || this.#otherwise;
    if (this.element.hidden) return replaceChildren(this.element);
    const { exposure, treatment, outcome } = this.#single(this.#draft === null);
    this.#fold.setLine(ROLES.line(exposure, treatment, outcome));
    if (!this.#waits) {
      const change = button(ROLES.change, () => this.#begin(), { 'data-key': 'change roles', 'data-takes': 'use roles' });
      replaceChildren(this.#folded, this.#draft ? this.#choices() : [this.#table(), h('div', { class: 'buttons' }, change)]);
      return replaceChildren(this.element, this.#fold.element);
    }
    const columns = this.#columns.map(([path, value]) => [path.replace('columns.', ''), String(value)] as const);
    replaceChildren(
      this.element,
      h(
        'div',
        { class: 'notice notice-hint event-types' },
        h('h3', {}, ROLES.question),
        h('p', {}, ROLES.guessed),
        columns.length > 0 && h('p', {}, ROLES.columns(columns)),
        this.#choices(),
      ),
    );
  }

  /** The types of the roles that one has, or undefined. */
  #single(planned: boolean): Record<'exposure' | 'treatment' | 'outcome', string | undefined> {
    const plan = this.#plan;
    const has = (role: EventRole) => this.#types.find(({ type }) => this.#draft?.get(type) === role)?.type;
    return planned
      ? { exposure: plan?.index.type, treatment: plan?.treatment.type, outcome: plan?.outcome.type }
      : { exposure: has('exposure'), treatment: has('treatment'), outcome: has('outcome') };
  }

  #planned(type: string): Choice {
    const { exposure, treatment, outcome } = this.#single(true);
    const { types, unknown } = this.#plan!.events;
    if (type === treatment) return 'treatment';
    if (type === outcome) return 'outcome';
    if (type === exposure) return 'exposure';
    return unknown === 'drop' && !types.includes(type) ? 'ignored' : 'other';
  }

  #begin(): void {
    this.#profile = this.#plan!.profile;
    this.#draft = new Map(this.#types.map(({ type }) => [type, this.#planned(type)]));
    this.#show();
    this.element.querySelector('select')?.focus();
  }

  #table(): HTMLElement {
    const shown = this.#types.slice(0, MOST_SHOWN).map(({ type, rows }) => ({ type, rows: this.#exact?.get(type) ?? rows }));
    const most = Math.max(...shown.map(({ rows }) => rows));
    const head = h(
      'tr',
      {},
      h('th', { scope: 'col' }, ROLES.type),
      h('th', { scope: 'col', class: 'number' }, this.#exact ? ROLES.events : ROLES.sampled),
      h('td', { class: 'bar-cell', 'aria-hidden': 'true' }),
      h('th', { scope: 'col' }, ROLES.role),
    );
    const rows = shown.map(({ type, rows }) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, type),
        h('td', { class: 'number' }, count(rows)),
        h(
          'td',
          { class: 'bar-cell', 'aria-hidden': 'true' },
          h('span', { class: 'count-bar', vars: { '--share': rows / most } }),
        ),
        h('td', {}, this.#draft ? this.#select(type, this.#draft) : ROLES.names[this.#planned(type)]),
      ),
    );
    const more = this.#types.length - shown.length;
    return h(
      'div',
      {},
      h('table', { class: 'event-type-table' }, h('thead', {}, head), h('tbody', {}, rows)),
      more > 0 && h('p', { class: 'help' }, ROLES.more(more)),
    );
  }

  #select(type: string, draft: Map<string, Choice>): HTMLSelectElement {
    const roles = Object.keys(ROLES.names) as Choice[];
    const select = h(
      'select',
      { 'data-key': `role ${type}`, 'aria-label': ROLES.roleOf(type) },
      roles.map((role) => h('option', { value: role }, ROLES.names[role])),
    );
    select.value = draft.get(type) ?? 'other';
    select.addEventListener('change', () => {
      const role = select.value as Choice;
      // What one type alone can be goes from the one that had it.
      if (SINGLE.some(([single]) => single === role))
        for (const [other, had] of draft) if (had === role) draft.set(other, 'other');
      draft.set(type, role);
      this.#actions.refresh(() => this.#show());
    });
    return select;
  }

  #choices(): HTMLElement {
    const name = uniqueId('profile');
    const radio = (value: string, label: string) => {
      const input = h('input', { type: 'radio', name, value, 'data-key': `start ${value}` });
      input.checked = this.#profile === value;
      input.addEventListener('change', () => (this.#profile = value));
      return h('label', { class: 'choice' }, input, ' ', label);
    };
    const single = this.#single(false);
    const missing = SINGLE.flatMap(([role]) => (single[role] === undefined ? [ROLES.names[role].toLowerCase()] : []));
    const use = button(ROLES.use, () => this.#settle(), { class: 'primary', 'data-key': 'use roles' });
    return h(
      'div',
      { class: 'event-types-choices' },
      this.#table(),
      h(
        'fieldset',
        { class: 'choices' },
        h('legend', {}, ROLES.start),
        radio('causal', ROLES.causal),
        radio('notebook', ROLES.notebook),
      ),
      missing.length > 0 && h('p', { class: 'help' }, ROLES.missing(missing)),
      h('div', { class: 'buttons' }, use),
    );
  }

  #settle(): void {
    const draft = this.#draft!;
    const taken = this.#types.map(({ type }) => type).filter((type) => draft.get(type) !== 'ignored');
    const [single, planned] = [this.#single(false), this.#single(true)];
    // A role that no type has keeps its type, of which a notice then says that no event has it.
    const kept = SINGLE.flatMap(([role]) => (single[role] === undefined && planned[role] ? [planned[role]] : []));
    this.#draft = null;
    this.#actions.prepareBy([
      ['profile', this.#profile],
      ...this.#columns,
      ['events.types', [...new Set([...taken, ...kept])]],
      ['events.unknown', taken.length < this.#types.length ? 'drop' : 'add'],
      ...SINGLE.flatMap(([role, path]): [Path, Value][] => (single[role] === undefined ? [] : [[path, single[role]]])),
    ]);
  }
}
