/** One setting of the plan as a field: its label, its value, its help and what the engine says against it. */
import type { Plan } from '../../lib/types/index.js';
import { h, setAttribute, uniqueId } from '../dom.js';
import { capital, sentence } from '../format.js';
import { typedList, typedNumber, valueAt, type Value } from '../model/plan.js';
import type { Actions } from '../panel.js';
import type { Problem, State } from '../state.js';
import { when } from '../store.js';
import type { FieldSpec } from './fields.js';

/** What a select says of values that are no text. */
const PLAIN: Readonly<Record<string, Value>> = { null: null, true: true, false: false };

export class Field {
  readonly element: HTMLElement;
  readonly spec: FieldSpec;
  readonly #control: HTMLInputElement | HTMLSelectElement;
  readonly #error: HTMLElement;
  readonly #default = h('span', { class: 'default' });
  readonly #helpId: string;

  /** Says the value of the plan, unless it did already: what is being typed stays while other things change. */
  readonly #show = when(
    ({ changes, defaults }: Pick<State, 'changes' | 'defaults'>) => [changes, defaults],
    (changes, defaults) => {
      const normal = valueAt(defaults, this.spec.path);
      const changed = valueAt(changes, this.spec.path);
      const value = changed === undefined ? normal : changed; // null is a value
      this.#offer(value);
      this.#control.value = this.#text(value);
      this.#default.textContent = this.#isShown(normal) ? `Default: ${this.#label(normal)}.` : '';
      this.element.classList.toggle('field-changed', changed !== undefined);
    },
  );

  constructor(spec: FieldSpec, actions: Actions, typeNames = '') {
    this.spec = spec;
    const id = uniqueId(spec.path.replace('.', '-'));
    this.#helpId = `${id}-help`;
    this.#error = h('p', { class: 'error', id: `${id}-error`, hidden: true });
    if (typeof spec.kind === 'object') {
      this.#control = h('select', { id, 'data-path': spec.path }, spec.kind.choices.map(([value, label]) => h('option', { value }, label)));
    } else {
      this.#control = h('input', {
        id,
        type: 'text',
        'data-path': spec.path,
        autocomplete: 'off',
        autocapitalize: 'off',
        spellcheck: 'false',
        inputmode: spec.kind === 'number' ? 'decimal' : null,
        list: spec.kind === 'type' ? typeNames : null,
      });
    }
    this.#control.setAttribute('aria-describedby', this.#helpId);
    this.#control.addEventListener('change', () => actions.set(spec.path, this.#read()));
    this.element = h(
      'div',
      { class: `field ${spec.wide ? 'field-wide' : typeof spec.kind === 'object' ? 'field-choice' : ''}` },
      h('label', { for: id }, spec.meaning && h('span', { class: `dot is-${spec.meaning}`, 'aria-hidden': 'true' }), spec.label),
      spec.unit ? h('span', { class: 'with-unit' }, this.#control, h('span', { class: 'unit', 'aria-hidden': 'true' }, spec.unit)) : this.#control,
      h('p', { class: 'help', id: this.#helpId }, spec.help, ' ', this.#default),
      this.#error,
    );
    if (spec.unit) this.#control.setAttribute('aria-label', `${spec.label}, ${spec.unit}`);
  }

  show(changes: State['changes'], defaults: Plan | null): void {
    this.#show({ changes, defaults });
  }

  showError(text: string | null): void {
    this.#error.hidden = text === null;
    this.#error.textContent = text ?? '';
    setAttribute(this.#control, 'aria-invalid', text !== null);
    this.#control.setAttribute('aria-describedby', text === null ? this.#helpId : `${this.#helpId} ${this.#error.id}`);
  }

  setDisabled(disabled: boolean): void {
    this.#control.disabled = disabled;
  }

  /** A plan from elsewhere may have what no choice says. */
  #offer(value: Value | undefined): void {
    if (typeof this.spec.kind !== 'object' || value === undefined) return;
    const text = this.#text(value);
    const options = [...(this.#control as HTMLSelectElement).options];
    if (!options.some((option) => option.value === text)) this.#control.append(h('option', { value: text }, text));
  }

  /** A default that is nothing is not told, unless a choice says what it means. */
  #isShown(value: Value | undefined): value is Value {
    if (value === null) return typeof this.spec.kind === 'object';
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  }

  #read(): Value | undefined {
    const text = this.#control.value;
    if (typeof this.spec.kind === 'object') return text in PLAIN ? PLAIN[text] : text;
    switch (this.spec.kind) {
      case 'number':
        return typedNumber(text);
      case 'list':
        return typedList(text);
      default:
        return text.trim() === '' ? undefined : text.trim();
    }
  }

  #text(value: Value | undefined): string {
    if (value === undefined || (value === null && typeof this.spec.kind !== 'object')) return '';
    return Array.isArray(value) ? value.join(', ') : String(value);
  }

  #label(value: Value): string {
    if (typeof this.spec.kind === 'object') return this.spec.kind.choices.find(([key]) => key === String(value))?.[1].replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()) ?? String(value);
    return this.#text(value);
  }
}

/** At the field itself key and value need not be repeated: of 'key is value; rule' or 'key is value, but finding' the end stays. */
export function ruleText({ message }: Problem): string {
  const rule = /^.+? is .+?(?:; |, but )(.+)$/s.exec(message)?.[1];
  return sentence(capital(rule ?? message));
}
