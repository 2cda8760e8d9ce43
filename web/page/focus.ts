/**
 * Keeps the keyboard's place. What is shown anew may take away, hide or disable the control that has the focus, and a browser
 * then gives it to nobody: the next Tab begins at the top of the page. So it goes to the control of the same name instead, or
 * to the one that says it takes the other's place, or to the heading of the section.
 */
import { focused } from './dom.js';

const FOCUSABLE = 'button, input, select, summary, [tabindex="0"]';

/** Shows something in `root`. */
export function keepingFocus(root: HTMLElement, show: () => void): void {
  const before = focused(root) as HTMLElement | null;
  if (!before || !root.contains(before)) return show();
  const stage = before.closest<HTMLElement>('[data-stage]') ?? root;
  const name = nameOf(before);
  show();
  const now = focused(root) as HTMLElement | null;
  // What shows it may know better.
  if (isUsable(before) || (now !== before && now !== null && root.contains(now) && isUsable(now))) return;
  const usable = [...stage.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(isUsable);
  const next =
    usable.find((element) => nameOf(element) === name) ??
    usable.find((element) => element.dataset['takes']?.split('|').includes(name)) ??
    stage.querySelector<HTMLElement>('h2');
  next?.focus({ preventScroll: true });
}

/** What a control is called for as long as the page lives. */
function nameOf(element: HTMLElement): string {
  const { key, path } = element.dataset;
  return key ?? path ?? element.getAttribute('aria-label') ?? (element.id || (element.textContent ?? ''));
}

function isUsable(element: HTMLElement): boolean {
  return element.isConnected && element.getClientRects().length > 0 && !element.matches(':disabled');
}
