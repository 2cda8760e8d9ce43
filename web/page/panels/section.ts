/** The frame that all panels share: number, title and purpose, and below them the work. */
import { h, uniqueId, type Child } from '../dom.js';
import type { Stage } from '../panel.js';
import { SECTIONS } from '../words/common.js';

/** A stage on the way from data to files; numberStages() numbers it. */
export function section(name: Stage, ...body: Child[]): HTMLElement {
  return frame(name, '', SECTIONS[name][1], body);
}

/** What is done between two stages, which has no number. */
export function actionSection(name: Stage, purpose: string, ...body: Child[]): HTMLElement {
  return frame(name, '▸', purpose, body);
}

/** In the order given. */
export function numberStages(sections: readonly HTMLElement[]): void {
  const places = sections.map((element) => element.querySelector('.stage-number')!).filter((place) => place.textContent === '');
  for (const [i, place] of places.entries()) place.textContent = String(i + 1);
}

function frame(name: Stage, mark: string, purpose: string, body: readonly Child[]): HTMLElement {
  const id = uniqueId(name);
  return h(
    'section',
    { class: `stage stage-${name}`, 'aria-labelledby': id, 'data-stage': name },
    h(
      'div',
      { class: 'stage-head' },
      h('span', { class: 'stage-number', 'aria-hidden': 'true' }, mark),
      h('h2', { id, tabindex: -1 }, SECTIONS[name][0]),
      h('p', { class: 'purpose' }, purpose),
    ),
    h('div', { class: 'stage-body' }, ...body),
  );
}

/** What stands where a panel has nothing to show yet. */
export function waiting(text: string): HTMLElement {
  return h('p', { class: 'waiting' }, text);
}

export function notice(kind: 'problem' | 'hint', ...body: Child[]): HTMLElement {
  return h('div', { class: `notice notice-${kind}` }, ...body);
}

/** A part of a panel with a heading of its own. */
export function block(title: string, remark: string | null, ...body: Child[]): HTMLElement {
  return h('div', { class: 'block' }, h('h3', {}, title), remark && h('p', { class: 'help' }, remark), ...body);
}

/** What is closed to one line, which says what is in it, until somebody opens it. */
export class Fold {
  readonly element: HTMLDetailsElement;
  readonly #title = h('span', { class: 'fold-title' });
  readonly #line = h('span', { class: 'fold-line' });

  constructor(title: string, ...body: Child[]) {
    this.#title.textContent = title;
    const summary = h('summary', { class: 'fold-summary', 'data-key': `fold ${title}` }, this.#title, ' ', this.#line);
    this.element = h('details', { class: 'fold' }, summary, h('div', { class: 'fold-body' }, ...body));
  }

  setTitle(title: string): void {
    this.#title.textContent = title;
  }

  setLine(text: string): void {
    this.#line.textContent = text;
  }
}
