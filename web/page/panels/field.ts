/** One setting of the plan as a field: its label, its value, its help and what the engine says against it. */
import type { Plan, PlanKey } from '../../lib/types/index.js';
import { h, setAttribute, uniqueId } from '../dom.js';
import { capital, sentence } from '../format.js';
import { same, typedFormats, typedList, valueAt, type Value } from '../model/plan.js';
import type { Actions } from '../panel.js';
import type { Problem, State } from '../state.js';
import { when } from '../store.js';
import { termOf } from '../words/glossary.js';
import { FIELDS } from '../words/settings.js';
import type { Choices, FieldSpec } from './fields.js';
import { whatIs } from './glossary.js';

/** What a select says of values that are no text. */
const PLAIN: Readonly<Record<string, Value>> = { null: null, true: true, false: false };

const NUMBERS: readonly PlanKey['kind'][] = ['number', 'whole', 'hours', 'minutes'];
const LISTS: readonly PlanKey['kind'][] = ['types', 'texts', 'columns'];

/** A browser keeps to itself what was typed and is no number. The engine gets this, and says what the key takes. */
const NO_NUMBER = 'no number';

export class Field {
  readonly element: HTMLElement;
  readonly spec: FieldSpec;
  readonly #key: PlanKey;
  /** Of a select. */
  readonly #choices: Choices | null;
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
      if (value !== NO_NUMBER || !this.#control.validity.badInput) this.#control.value = this.#text(value);
      this.#default.textContent = this.#isShown(normal) ? FIELDS.defaultIs(this.#label(normal)) : '';
      this.element.classList.toggle('field-changed', changed !== undefined);
    },
  );

  /** `typeNames`: the id of the list that event types are chosen from. */
  constructor(spec: FieldSpec, key: PlanKey, actions: Actions, typeNames = '') {
    const { label = key.label, help = key.help } = spec.words ?? {};
    const { unit } = key;
    const term = termOf(spec.path);
    this.spec = spec;
    this.#key = key;
    this.#choices = spec.words?.choices ?? choicesOf(key);
    const id = uniqueId(spec.path.replace('.', '-'));
    this.#helpId = `${id}-help`;
    this.#error = h('p', { class: 'error', id: `${id}-error`, hidden: true });
    if (this.#choices) {
      const options = this.#choices.map(([value, label]) => h('option', { value }, label));
      this.#control = h('select', { id, 'data-path': spec.path }, options);
    } else {
      this.#control = h('input', {
        id,
        'data-path': spec.path,
        autocomplete: 'off',
        autocapitalize: 'off',
        spellcheck: 'false',
        list: key.kind === 'type' ? typeNames : null,
        ...(this.#isNumber ? numberOf(key) : { type: 'text' }),
      });
    }
    this.#control.setAttribute('aria-describedby', this.#helpId);
    this.#control.addEventListener('change', () => actions.set(spec.path, this.#read()));
    this.element = h(
      'div',
      { class: `field ${spec.wide || hasLong(this.#choices) ? 'field-wide' : this.#choices ? 'field-choice' : ''}` },
      h(
        'div',
        { class: 'field-head' },
        h('label', { for: id }, spec.meaning && h('span', { class: `dot is-${spec.meaning}`, 'aria-hidden': 'true' }), label),
        term && whatIs(term),
      ),
      unit ? withUnit(this.#control, unit) : this.#control,
      h('p', { class: 'help', id: this.#helpId }, help, ' ', this.#default),
      this.#error,
    );
    if (unit) this.#control.setAttribute('aria-label', `${label}, ${unit}`);
  }

  get #isNumber(): boolean {
    return NUMBERS.includes(this.#key.kind);
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
    if (!this.#choices || value === undefined) return;
    const text = this.#text(value);
    const options = [...(this.#control as HTMLSelectElement).options];
    if (!options.some((option) => option.value === text)) this.#control.append(h('option', { value: text }, text));
  }

  /** A default that is nothing is not told, unless a choice says what it means. */
  #isShown(value: Value | undefined): value is Value {
    if (value === null) return this.#choices !== null;
    return value !== undefined && !(Array.isArray(value) && value.length === 0);
  }

  #read(): Value | undefined {
    const text = this.#control.value;
    if (this.#choices) return text in PLAIN ? PLAIN[text] : text;
    if (LISTS.includes(this.#key.kind)) return typedList(text);
    if (this.#key.kind === 'files') return typedJson(text);
    if (this.#control.validity.badInput) return NO_NUMBER;
    if (text.trim() === '') return undefined;
    if (this.#key.kind === 'formats') return typedFormats(text.trim());
    return this.#isNumber ? Number(text) : text.trim();
  }

  #text(value: Value | undefined): string {
    if (value === undefined || (value === null && !this.#choices)) return '';
    if (this.#isNumber && typeof value !== 'number') return ''; // a browser would complain of it
    if (this.#key.kind === 'files') return same(value, []) ? '' : JSON.stringify(value);
    if (!Array.isArray(value)) return String(value);
    return this.#key.kind === 'formats' ? JSON.stringify(value) : value.join(', ');
  }

  #label(value: Value): string {
    if (!this.#choices) return this.#text(value);
    const label = this.#choices.find(([key]) => key === String(value))?.[1];
    return label?.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase()) ?? String(value);
  }
}

/** A narrow select would cut what it says. */
function hasLong(choices: Choices | null): boolean {
  return choices?.some(([, label]) => label.length > 20) ?? false;
}

/** A list of objects is typed as JSON; what is none the engine refuses. */
function typedJson(text: string): Value | undefined {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text.trim();
  }
}

/** What a select offers. */
function choicesOf({ kind, choices }: PlanKey): Choices | null {
  if (kind === 'preset' && choices)
    return [['null', FIELDS.none], ...choices.map(({ value, label }) => [value, capital(label)] as const)];
  return kind === 'choice' && choices ? choices.map(({ value, label }) => [value, label]) : null;
}

function withUnit(control: HTMLElement, unit: string): HTMLElement {
  return h('span', { class: 'with-unit' }, control, h('span', { class: 'unit', 'aria-hidden': 'true' }, unit));
}

/** The attributes of an input for a number within the limits of a key. */
function numberOf({ kind, low, high }: PlanKey) {
  const whole = kind === 'whole';
  return { type: 'number', inputmode: whole ? 'numeric' : 'decimal', min: low, max: high, step: whole ? 1 : 'any' };
}

/** At the field itself key and value need not be repeated: of 'key is value; rule' or 'key is value, but finding' the end stays. */
export function ruleText({ message }: Problem): string {
  const rule = /^.+? is .+?(?:; |, but )(.+)$/s.exec(message)?.[1];
  return sentence(capital(rule ?? message));
}
