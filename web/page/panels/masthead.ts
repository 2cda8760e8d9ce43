/** Promise and the statement that data stays here; the name comes from who embeds this. */
import { h } from '../dom.js';
import { PAGE } from '../words/common.js';

export function masthead(): HTMLElement {
  return h(
    'header',
    { class: 'masthead' },
    h('slot', { name: 'heading' }),
    h(
      'p',
      { class: 'private' },
      lock(),
      h('span', {}, h('strong', {}, PAGE.private), PAGE.device, h('slot', { name: 'statement' })),
    ),
    h('p', { class: 'promise' }, PAGE.promise),
  );
}

function lock(): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(namespace, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', 'M5 7V5a3 3 0 0 1 6 0v2m-7 0h8v6.5H4z');
  svg.append(path);
  return svg;
}
