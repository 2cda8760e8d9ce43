/** The plan in the page's address: read when the page opens and when the address changes, and kept current. Never data. */
import type { PartialPlan } from '../../lib/types/index.js';
import { fragmentOf, planOfFragment } from '../model/plan-text.js';
import { CHANGES } from '../words/settings.js';
import type { CausalSessionsElement } from './element.js';

/** Several changes in a row are one of the address; browsers refuse more than some hundred a minute. */
const QUIET_MS = 300;

export function followAddress(element: CausalSessionsElement): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let written = '';
  const read = () => {
    const fragment = location.hash.slice(1);
    if (fragment === written) return;
    written = fragment;
    try {
      void element.loadPlan(planOfFragment(fragment), CHANGES.link);
    } catch (error) {
      element.refusePlan((error as Error).message);
    }
  };
  const write = (changes: PartialPlan) => {
    written = fragmentOf(changes);
    history.replaceState(history.state, '', written === '' ? location.pathname + location.search : `#${written}`);
  };
  element.addEventListener('planchange', (event) => {
    clearTimeout(timer);
    timer = setTimeout(write, QUIET_MS, (event as CustomEvent<PartialPlan>).detail);
  });
  addEventListener('hashchange', read);
  if (location.hash.length > 1) read();
}
