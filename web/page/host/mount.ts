/** The page around the element, full size, and what belongs to a whole document. */
import type { EngineCode } from '../model/engine.js';
import { undoKey } from '../undo.js';
import { followAddress } from './address.js';
import { CausalSessionsElement, defineElement } from './element.js';

/** `docs`: where the documentation is; null where it is not beside the page. */
export function mount(code: EngineCode, docs: string | null): CausalSessionsElement {
  CausalSessionsElement.page = { docs };
  defineElement(code);
  const element = document.querySelector<CausalSessionsElement>('causal-sessions')!;
  followAddress(element);

  // A file that misses the drop zone must not replace the page.
  for (const event of ['dragover', 'drop']) document.addEventListener(event, (drag) => drag.preventDefault());

  // Inside the element the key is the element's own.
  document.addEventListener('keydown', (event) => {
    const key = undoKey(event);
    if (event.defaultPrevented || !key) return;
    event.preventDefault();
    element[key]();
  });
  return element;
}
