/** The frame that all panels share: number, title and purpose on the left, the work on the right. */
import { h, uniqueId, type Child } from '../dom.js';

export function section(name: string, number: number | null, title: string, purpose: string, ...body: Child[]): HTMLElement {
  const id = uniqueId(name);
  return h(
    'section',
    { class: `stage stage-${name}`, 'aria-labelledby': id, 'data-stage': name },
    h(
      'div',
      { class: 'stage-head' },
      h('span', { class: 'stage-number', 'aria-hidden': 'true' }, number ?? '▸'),
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
