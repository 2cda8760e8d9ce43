/** The page: the element, full size, and what belongs to a whole document. */
import { defineElement } from './element.js';
import * as code from './engine.js';
import { isUndo } from './undo.js';

defineElement(code);
const element = document.querySelector('causal-sessions')!;

// A file that misses the drop zone must not replace the page.
for (const event of ['dragover', 'drop']) document.addEventListener(event, (drag) => drag.preventDefault());

// Inside the element the key is the element's own.
document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || !isUndo(event)) return;
  event.preventDefault();
  element.undo();
});
