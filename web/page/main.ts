import { App } from './app.js';

const app = new App();
document.querySelector('#app')!.replaceWith(app.element);

// A file that misses the drop zone must not replace the page.
for (const event of ['dragover', 'drop']) document.addEventListener(event, (drag) => drag.preventDefault());

document.addEventListener('keydown', (event) => {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'z';
  if (!isUndo || isTextField(event.target)) return;
  event.preventDefault();
  app.undo();
});

/** Text fields have an undo of their own. */
function isTextField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === 'text';
}
