/** Sessions: the gap that ends one, seen against the pauses that there are, and what is too short. */
import { GapChart } from '../charts/gap-chart.js';
import { h, replaceChildren } from '../dom.js';
import type { Actions, Panel } from '../panel.js';
import { auditOf, type State } from '../state.js';
import { when } from '../store.js';
import { GAPS } from '../words/charts.js';
import { whyNoResult } from '../words/common.js';
import { LINES } from '../words/settings.js';
import { labelOf, SESSIONS, type Current } from './fields.js';
import { section, waiting } from './section.js';
import { SettingsGroup, currentOf } from './settings-group.js';

export class SessionsPanel implements Panel {
  readonly element: HTMLElement;
  readonly #settings: SettingsGroup;
  readonly #chart: GapChart;
  readonly #slot = h('div', { class: 'slot' });

  readonly #showSlot = when(
    (state: State) => [auditOf(state) ? this.#chart.element : whyNoResult(state, GAPS.waiting)],
    (content) => replaceChildren(this.#slot, typeof content === 'string' ? waiting(content) : content),
  );

  constructor(actions: Actions) {
    this.#settings = new SettingsGroup(SESSIONS, actions, '', line, this.#slot);
    this.#chart = new GapChart((hours) => actions.set('session.gapHours', hours));
    this.element = section('sessions', this.#settings.element);
  }

  update(state: State): void {
    this.#settings.update(state);
    this.#showSlot(state);
    const audit = auditOf(state);
    if (!audit) return;
    this.#chart.show(audit.gaps, labelOf('session.gapHours', state.keys) ?? '');
    this.#chart.setDisabled(state.defaults === null);
    const gap = currentOf(state)('session.gapHours');
    if (typeof gap === 'number' && gap > 0) this.#chart.setGap(gap);
  }
}

function line(at: Current): string {
  const number = (path: string) => Number(at(path) ?? 0);
  return LINES.sessions(number('session.gapHours'), number('session.minEvents'), at('session.minEventsOf') === 'session');
}
