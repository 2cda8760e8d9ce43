/** Split: who is in which set, as keys of the plan and as a bar. */
import { h, replaceChildren } from '../dom.js';
import { percent } from '../format.js';
import type { Actions, Panel } from '../panel.js';
import type { PlanKeys, State } from '../state.js';
import { when } from '../store.js';
import { PARTS as NAMES } from '../words/common.js';
import { LINES, SPLIT as WORDS } from '../words/settings.js';
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
    const picture = h('div', { class: 'block' }, this.#bar, this.#rule);
    this.#settings = new SettingsGroup(SPLIT, actions, '', line, picture);
    this.element = section('split', this.#settings.element);
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
    const from = (value: unknown) => String(value ?? WORDS.byShare);
    return [[], WORDS.dates(from(validationFrom), from(testFrom))];
  }
  const parts = PARTS.map((name) => [NAMES[name], at(`split.${name}`)] as const);
  const areShares = parts.every(([, share]) => typeof share === 'number' && share >= 0 && share <= 1);
  const usable = areShares && Math.abs(parts.reduce((sum, [, share]) => sum + (share as number), 0) - 1) < 1e-6;
  const rules: Readonly<Record<string, string>> = { shuffle: WORDS.shuffle, hash: WORDS.hash, time: WORDS.time };
  return [usable ? (parts as Parts) : [], usable ? (rules[kind] ?? '') : WORDS.sum(parts.map(([, share]) => share))];
}

/** As many as can be told apart. */
const SHOWN_FOLDS = 20;

function folds(value: unknown): [Parts, string] {
  const number = typeof value === 'number' && value >= 2 ? Math.floor(value) : 5;
  const parts = Array.from({ length: number }, (_, i) => [`${i + 1}`, 1 / number] as const);
  return [number <= SHOWN_FOLDS ? parts : [], WORDS.folds(number)];
}

function shareText(share: number): string {
  return percent(share, Number.isInteger(Math.round(share * 1e6) / 1e4) ? 0 : 1);
}

function line(at: Current, keys: PlanKeys): string {
  const kind = at('split.kind');
  const method = keys.get('split.kind')?.choices?.find(({ value }) => value === kind)?.label ?? '';
  if (kind === 'folds') return LINES.folds(method, Number(at('split.folds') ?? 5));
  const shares = PARTS.map((name): [string, number] => [NAMES[name].toLowerCase(), Number(at(`split.${name}`) ?? 0)]);
  return at('split.validationFrom') || at('split.testFrom') ? method : LINES.split(method, shares);
}
