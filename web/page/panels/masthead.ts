/** Promise, the statement that data stays here, which who embeds this may put another way, and the way to help; the name is theirs too. */
import { h, type Child } from '../dom.js';
import type { Page } from '../panel.js';
import { ABOUT, PAGE } from '../words/common.js';
import { glossaryButton } from './glossary.js';

/** The build's. */
declare const __VERSION__: string;

export function masthead(page: Page | null): HTMLElement {
  return h(
    'header',
    { class: 'masthead' },
    h('slot', { name: 'heading' }),
    h(
      'p',
      { class: 'private' },
      lock(),
      h('span', {}, h('slot', { name: 'privacy' }, h('strong', {}, PAGE.private), PAGE.device), h('slot', { name: 'statement' })),
    ),
    h('p', { class: 'promise' }, PAGE.promise),
    h(
      'ul',
      { class: 'about plain' },
      about(page).map((entry) => h('li', {}, entry)),
    ),
  );
}

function about(page: Page | null): Child[] {
  const always = [glossaryButton(), ABOUT.version(__VERSION__)];
  if (page === null) return always;
  if (page.docs === null) return [...always, ABOUT.license, ABOUT.noDocs];
  // Leaving the page would lose its result.
  const link = (file: string, text: string) =>
    h(
      'a',
      { href: `${page.docs}${file}.html`, target: '_blank', rel: 'noopener' },
      text,
      h('span', { class: 'unseen' }, ABOUT.newTab),
    );
  return [link('index', ABOUT.docs), ...always, link('license', ABOUT.license)];
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
