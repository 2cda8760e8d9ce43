/** A group of fields. The engine checks every value; its refusal stands at the field it names. */
import { h, type Child } from '../dom.js';
import { valueAt } from '../model/plan.js';
import type { Actions } from '../panel.js';
import { blame, type PlanKeys, type State } from '../state.js';
import { when } from '../store.js';
import { LINES } from '../words/settings.js';
import { ChecksField } from './checks-field.js';
import { Field, ruleText } from './field.js';
import type { Current, GroupSpec } from './fields.js';
import { Fold } from './section.js';

export function currentOf({ changes, defaults }: Pick<State, 'changes' | 'defaults'>): Current {
  return (path) => {
    const changed = valueAt(changes, path);
    return changed === undefined ? valueAt(defaults, path) : changed;
  };
}

/** Closed to one line, which says what is set, until somebody opens it or a setting in it is refused. */
export class SettingsGroup {
  readonly element: HTMLElement;
  readonly #line: (at: Current, keys: PlanKeys) => string;
  readonly #form: HTMLFieldSetElement;
  /** Made once the engine has said what the keys are. */
  #fields: readonly (Field | ChecksField)[] = [];
  readonly #make: (keys: PlanKeys) => void;
  readonly #fold: Fold;
  /** Of no field alone: three shares that do not sum to 1. */
  readonly #error = h('p', { class: 'error', hidden: true });
  readonly #section: string;

  /** `line`: the settings in a line, for who has not opened them; `more` stands below the fields. */
  constructor(
    spec: GroupSpec,
    actions: Actions,
    typeNames: string,
    line: (at: Current, keys: PlanKeys) => string,
    ...more: Child[]
  ) {
    this.#section = spec.fields[0]!.path.split('.')[0]!;
    this.#line = line;
    this.#form = h('fieldset', { class: 'fields' }, h('legend', { class: 'unseen' }, spec.title), this.#error);
    this.#make = when(
      (keys: PlanKeys) => [keys],
      (keys) => {
        this.#fields = spec.fields.flatMap((field) => {
          const key = keys.get(field.path);
          if (!key) return [];
          return [key.kind === 'channels' ? new ChecksField(field, key, actions) : new Field(field, key, actions, typeNames)];
        });
        this.#error.before(...this.#fields.map(({ element }) => element));
      },
    );
    this.#fold = new Fold(spec.title, this.#form, ...more);
    this.#fold.setLine(LINES.loading);
    this.element = this.#fold.element;
  }

  update(state: State): void {
    this.#make(state.keys);
    this.#form.disabled = state.defaults === null;
    const current = currentOf(state);
    const rule = state.keys.get('index.kind')?.choices?.find(({ value }) => value === current('index.kind'))?.traits;
    const problem = blame(state);
    let placed = false;
    for (const field of this.#fields) {
      field.show(state.changes, state.defaults);
      const mine = problem !== null && field.spec.path === problem.column;
      placed ||= mine;
      field.showError(mine ? ruleText(problem) : null);
      // A refused value must be seen to be corrected.
      field.element.hidden = !mine && field.spec.when !== undefined && !(rule && field.spec.when(current, rule));
    }
    const whole = problem !== null && problem.column === this.#section && this.#section === 'split';
    this.#error.hidden = !whole;
    this.#error.textContent = whole ? ruleText(problem) : '';
    if (placed || whole) this.#fold.element.open = true;
    if (state.defaults !== null) this.#fold.setLine(this.#line(current, state.keys));
  }
}
