/** The glossary: a dialog above the page, and the controls that open it at a term. Closing it gives the focus back. */
import { button, h, uniqueId } from '../dom.js';
import { GLOSSARY, HELP, type Term } from '../words/glossary.js';

/** Heard by the one dialog of the page, whatever panel it comes from. */
const ASKED = 'glossary';

export class Glossary {
  readonly element: HTMLDialogElement;
  readonly #entries: ReadonlyMap<Term, HTMLElement>;

  constructor() {
    const id = uniqueId('glossary');
    this.#entries = new Map(
      (Object.keys(GLOSSARY) as Term[]).map((term) => [term, h('dt', { tabindex: -1 }, GLOSSARY[term].term)]),
    );
    this.element = h(
      'dialog',
      { class: 'glossary', 'aria-labelledby': id, closedby: 'any' },
      h(
        'div',
        { class: 'glossary-head' },
        h('h2', { id }, HELP.title),
        button(HELP.close, () => this.element.close()),
      ),
      h(
        'dl',
        {},
        [...this.#entries].map(([term, name]) => h('div', {}, name, h('dd', {}, GLOSSARY[term].text))),
      ),
    );
  }

  /** Opens it for whatever in `root` asks. */
  listen(root: HTMLElement): void {
    root.addEventListener(ASKED, (event) => this.#open((event as CustomEvent<Term | null>).detail));
  }

  #open(term: Term | null): void {
    this.element.showModal();
    const entry = term && this.#entries.get(term);
    if (!entry) return;
    entry.scrollIntoView({ block: 'center' });
    entry.focus({ preventScroll: true });
  }
}

/** Opens the glossary at its beginning. */
export function glossaryButton(): HTMLButtonElement {
  return asking(null, HELP.title, { class: 'quiet', 'data-key': 'glossary' });
}

/** A question mark that opens the glossary at a term. */
export function whatIs(term: Term): HTMLButtonElement {
  return asking(term, '?', { class: 'what', 'aria-label': HELP.what(GLOSSARY[term].term) });
}

/** The terms that a part of the page uses, each leading to its entry. */
export function termsLine(...terms: readonly Term[]): HTMLElement {
  const links = terms.map((term) => asking(term, GLOSSARY[term].term, { class: 'quiet term' }));
  return h('p', { class: 'help terms' }, HELP.terms, links);
}

function asking(term: Term | null, label: string, props: Record<string, string>): HTMLButtonElement {
  const control = button(label, () => control.dispatchEvent(new CustomEvent(ASKED, { bubbles: true, detail: term })), {
    'aria-haspopup': 'dialog',
    ...props,
  });
  return control;
}
