/** The frame that all panels share: number, title and purpose on the left, the work on the right. */
import { h, uniqueId, type Child } from '../dom.js';

/** A stage on the way from data to files; numberStages() numbers it. */
export function section(name: string, title: string, purpose: string, ...body: Child[]): HTMLElement {
  return frame(name, '', title, purpose, body);
}

/** What is done between two stages, which has no number. */
export function actionSection(name: string, title: string, purpose: string, ...body: Child[]): HTMLElement {
  return frame(name, '▸', title, purpose, body);
}

/** In the order given. */
export function numberStages(sections: readonly HTMLElement[]): void {
  const places = sections.map((element) => element.querySelector('.stage-number')!).filter((place) => place.textContent === '');
  for (const [i, place] of places.entries()) place.textContent = String(i + 1);
}

function frame(name: string, mark: string, title: string, purpose: string, body: readonly Child[]): HTMLElement {
  const id = uniqueId(name);
  return h(
    'section',
    { class: `stage stage-${name}`, 'aria-labelledby': id, 'data-stage': name },
    h(
      'div',
      { class: 'stage-head' },
      h('span', { class: 'stage-number', 'aria-hidden': 'true' }, mark),
      h('h2', { id, tabindex: -1 }, title),
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
