/** Sessions: the gap that ends one, seen against the silences that there are, and what is too short. */
import type { Actions, Panel } from '../app.js';
import { GapChart } from '../charts/gap-chart.js';
import { h, replaceChildren } from '../dom.js';
import type { State } from '../state.js';
import { whyNoResult } from './run-panel.js';
import { section, waiting } from './section.js';
import { currentOf, SESSIONS, SettingsGroup } from './settings.js';

export class SessionsPanel implements Panel {
  readonly element: HTMLElement;
  readonly #settings: SettingsGroup;
  readonly #chart: GapChart;
  readonly #slot = h('div', { class: 'slot' });
  #shown: HTMLElement | string | null = null;

  constructor(actions: Actions) {
    this.#settings = new SettingsGroup(SESSIONS, actions, '');
    this.#chart = new GapChart((hours) => actions.set('session.gapHours', hours));
    this.element = section('sessions', 2, 'Sessions', 'A user’s events without a long silence between them.', this.#slot, this.#settings.element);
  }

  update(state: State): void {
    this.#settings.update(state);
    const { run } = state;
    const audit = run.kind === 'done' ? run.dataset.audit : null;
    const next = audit ? this.#chart.element : whyNoResult(state, 'The silences between events, and what each gap makes of them, appear here');
    if (next !== this.#shown) {
      this.#shown = next;
      replaceChildren(this.#slot, typeof next === 'string' ? waiting(next) : next);
    }
    if (!audit) return;
    this.#chart.show(audit.gaps);
    this.#chart.setDisabled(state.defaults === null);
    const gap = currentOf(state)('session.gapHours');
    if (typeof gap === 'number' && gap > 0) this.#chart.setGap(gap);
  }
}
