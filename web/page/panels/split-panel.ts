/** Split: which users are in which part, as keys of the plan and as a bar. */
import { h, replaceChildren } from '../dom.js';
import { capital, percent } from '../format.js';
import type { Actions, Panel } from '../panel.js';
import type { State } from '../state.js';
import { when } from '../store.js';
import { SPLIT, type Current } from './fields.js';
import { section } from './section.js';
import { SettingsGroup, currentOf } from './settings-group.js';

const PARTS = ['train', 'validation', 'test'] as const;

export class SplitPanel implements Panel {
  readonly element: HTMLElement;
  readonly #settings: SettingsGroup;
  readonly #bar = h('div', { class: 'split-bar', role: 'img' });
  readonly #rule = h('p', { class: 'help' });

  readonly #show = when(
    ({ changes, defaults }: State) => [changes, defaults],
    (changes, defaults) => {
      const at = currentOf({ changes, defaults });
      const kind = String(at('split.kind') ?? '');
      const [parts, rule] = kind === 'folds' ? folds(at('split.folds')) : shares(kind, at);
      this.#bar.hidden = parts.length === 0;
      this.#rule.textContent = rule;
      this.#bar.setAttribute('aria-label', parts.map(([name, share]) => `${name} ${shareText(share)}`).join(', '));
      replaceChildren(
        this.#bar,
        parts.map(([name, share]) => {
          const title = h('span', { class: 'split-name' }, `${name} `);
          const text = kind !== 'folds' && shareText(share);
          return share > 0 && h('span', { class: 'split-part', vars: { '--share': share } }, title, text);
        }),
      );
    },
  );

  constructor(actions: Actions) {
    this.#settings = new SettingsGroup(SPLIT, actions, '');
    this.element = section(
      'split',
      'Split',
      'Every user is in one part only, so that no model is tested on whom it knows.',
      this.#settings.element,
      h('div', { class: 'block' }, this.#bar, this.#rule),
    );
  }

  update(state: State): void {
    this.#settings.update(state);
    this.#show(state);
  }
}

type Parts = readonly (readonly [string, number])[];

function shares(kind: string, at: Current): [Parts, string] {
  const [validationFrom, testFrom] = [at('split.validationFrom'), at('split.testFrom')];
  if (kind === 'time' && (validationFrom || testFrom)) {
    const from = (value: unknown) => String(value ?? 'its share on');
    const rule = 'Rows whose follow-up reaches into the next part are left out and counted.';
    return [[], `By time zero: validation from ${from(validationFrom)}, test from ${from(testFrom)}. ${rule}`];
  }
  const parts = PARTS.map((name) => [capital(name), at(`split.${name}`)] as const);
  const areShares = parts.every(([, share]) => typeof share === 'number' && share >= 0 && share <= 1);
  const usable = areShares && Math.abs(parts.reduce((sum, [, share]) => sum + (share as number), 0) - 1) < 1e-6;
  const rules: Readonly<Record<string, string>> = {
    shuffle: 'Users are shuffled with NumPy’s generator and cut at these shares.',
    hash: 'A salted hash of the user decides, so a user stays in a part when data are added.',
    time:
      'The earliest rows are for training, the latest for the test; rows whose follow-up reaches into the next part are ' +
      'left out and counted.',
  };
  return [usable ? (parts as Parts) : [], usable ? (rules[kind] ?? '') : 'The bar appears when the three shares sum to 1.'];
}

/** As many as can be told apart. */
const SHOWN_FOLDS = 20;

function folds(value: unknown): [Parts, string] {
  const number = typeof value === 'number' && value >= 2 ? Math.floor(value) : 5;
  const parts = Array.from({ length: number }, (_, i) => [`${i + 1}`, 1 / number] as const);
  const rule = `All rows are in the training part, with a column that says which of ${number} folds the user is in.`;
  return [number <= SHOWN_FOLDS ? parts : [], rule];
}

function shareText(share: number): string {
  return percent(share, Number.isInteger(Math.round(share * 1e6) / 1e4) ? 0 : 1);
}
