/** Sessions: the gap that ends one, seen against the silences that there are, and what is too short. */
import type { AuditReport } from '../../lib/types/index.js';
import { GapChart } from '../charts/gap-chart.js';
import { h, replaceChildren } from '../dom.js';
import type { Actions, Panel } from '../panel.js';
import type { State } from '../state.js';
import { when } from '../store.js';
import { whyNoResult } from '../words.js';
import { labelOf, SESSIONS } from './fields.js';
import { section, waiting } from './section.js';
import { SettingsGroup, currentOf } from './settings-group.js';

const WAITING = 'The silences between events, and what each gap makes of them, appear here';

export class SessionsPanel implements Panel {
  readonly element: HTMLElement;
  readonly #settings: SettingsGroup;
  readonly #chart: GapChart;
  readonly #slot = h('div', { class: 'slot' });

  readonly #showSlot = when(
    (state: State) => [auditOf(state) ? this.#chart.element : whyNoResult(state, WAITING)],
    (content) => replaceChildren(this.#slot, typeof content === 'string' ? waiting(content) : content),
  );

  constructor(actions: Actions) {
    this.#settings = new SettingsGroup(SESSIONS, actions, '');
    this.#chart = new GapChart((hours) => actions.set('session.gapHours', hours));
    this.element = section(
      'sessions',
      'Sessions',
      'A user’s events without a long silence between them.',
      this.#slot,
      this.#settings.element,
    );
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

function auditOf({ run }: State): AuditReport | null {
  return run.kind === 'done' ? run.dataset.audit : null;
}
