/** A setting that takes several of the key's choices: a box to tick for each. */
import type { PlanKey } from '../../lib/types/index.js';
import { h, setAttribute, uniqueId } from '../dom.js';
import { valueAt } from '../model/plan.js';
import type { Actions } from '../panel.js';
import type { State } from '../state.js';
import { when } from '../store.js';
import type { FieldSpec } from './fields.js';

export class ChecksField {
  readonly element: HTMLElement;
  readonly spec: FieldSpec;
  readonly #boxes: ReadonlyMap<string, HTMLInputElement>;
  readonly #set: HTMLElement;
  readonly #helpId: string;
  readonly #error: HTMLElement;

  /** Ticks what the plan has. */
  readonly #show = when(
    ({ changes, defaults }: Pick<State, 'changes' | 'defaults'>) => [changes, defaults],
    (changes, defaults) => {
      const changed = valueAt(changes, this.spec.path);
      const value = changed === undefined ? valueAt(defaults, this.spec.path) : changed;
      for (const [name, box] of this.#boxes) box.checked = Array.isArray(value) && (value as readonly unknown[]).includes(name);
      this.element.classList.toggle('field-changed', changed !== undefined);
    },
  );

  constructor(spec: FieldSpec, { label, help, choices = [] }: PlanKey, actions: Actions) {
    this.spec = spec;
    const id = uniqueId(spec.path.replace('.', '-'));
    this.#helpId = `${id}-help`;
    this.#error = h('p', { class: 'error', id: `${id}-error`, hidden: true });
    const change = () => {
      const ticked = [...this.#boxes].filter(([, box]) => box.checked).map(([name]) => name);
      actions.set(spec.path, ticked.length === 0 ? undefined : ticked);
    };
    this.#boxes = new Map(
      choices.map(({ value }) => [
        value,
        h('input', { type: 'checkbox', id: uniqueId('check'), 'data-key': `${spec.path} ${value}`, on: { change } }),
      ]),
    );
    const line = ({ value, label }: (typeof choices)[number]) => {
      const box = this.#boxes.get(value)!;
      return h('div', { class: 'check' }, box, h('label', { for: box.id }, label));
    };
    this.#set = h(
      'fieldset',
      { 'data-path': spec.path, tabindex: -1, 'aria-describedby': this.#helpId },
      h('legend', {}, label),
      h('div', { class: 'checks' }, choices.map(line)),
    );
    this.element = h(
      'div',
      { class: 'field field-wide' },
      this.#set,
      h('p', { class: 'help', id: this.#helpId }, help),
      this.#error,
    );
  }

  show(changes: State['changes'], defaults: State['defaults']): void {
    this.#show({ changes, defaults });
  }

  showError(text: string | null): void {
    this.#error.hidden = text === null;
    this.#error.textContent = text ?? '';
    setAttribute(this.#set, 'aria-describedby', text === null ? this.#helpId : `${this.#helpId} ${this.#error.id}`);
  }
}
