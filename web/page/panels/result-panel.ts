/** Result: the verdict first, then what stands behind it. */
import { h, replaceChildren, setEnabled } from '../dom.js';
import { summaryOf } from '../model/summary.js';
import type { Actions, Panel } from '../panel.js';
import { isStale, shownResult, type State } from '../state.js';
import { when } from '../store.js';
import { controlOf, GROUPS, whyNoResult } from '../words/common.js';
import { RESULT } from '../words/result.js';
import { STALE } from '../words/run.js';
import { fixedCard, pinnedCard } from './compared.js';
import { Comparison } from './comparison.js';
import { EstimateCard } from './estimate.js';
import { Evidence } from './evidence.js';
import { findings, Previewed, type Opened } from './findings.js';
import { notices } from './notices.js';
import { notice, section, waiting } from './section.js';
import { verdict } from './verdict.js';

export class ResultPanel implements Panel {
  readonly element: HTMLElement;
  readonly #actions: Actions;
  readonly #waiting = h('div', { class: 'slot' });
  readonly #verdict = h('div', { class: 'slot' });
  readonly #stale = h('div', { class: 'slot' });
  readonly #compared = h('div', { class: 'slot' });
  readonly #notices = h('div', { class: 'slot' });
  readonly #findings = h('div', { class: 'slot' });
  readonly #estimate: EstimateCard;
  readonly #comparison = new Comparison();
  readonly #evidence = new Evidence();
  readonly #body: HTMLElement;
  readonly #opened: Opened = new Map();
  #previewed: Previewed | null = null;

  readonly #showResult = when(
    (state: State) => [shownResult(state)?.dataset ?? whyNoResult(state, RESULT.waiting), state.keys, state.pinned !== null],
    (result, keys, pinned) => {
      const none = typeof result === 'string';
      this.#body.hidden = none;
      replaceChildren(this.#waiting, none && waiting(result));
      if (none) return;
      const { report, audit } = result;
      const actions = this.#actions;
      const previewed = (this.#previewed = new Previewed(summaryOf(report, audit)));
      const { nulls } = report.plan.input;
      replaceChildren(this.#verdict, verdict(report, audit, keys, actions, pinned, previewed));
      replaceChildren(this.#notices, notices(report.notices, { known: nulls, previewed, keys, actions }));
      replaceChildren(
        this.#findings,
        audit && report.all.sessions > 0 && findings(audit, { keys, actions, previewed, opened: this.#opened }),
      );
      this.#comparison.show(report, audit);
      this.#evidence.show(report, audit);
    },
  );

  readonly #showCompared = when(
    (state: State) => [shownResult(state)?.dataset, state.pinned, state.fixed, state.keys],
    (result, pinned, fixed, keys) => {
      const { report, audit } = result ?? { report: null, audit: null };
      replaceChildren(
        this.#compared,
        fixedCard(fixed, this.#actions),
        pinned && report && pinnedCard(pinned, summaryOf(report, audit), report.plan, keys, this.#actions),
      );
    },
  );

  readonly #showStale = when(
    (state: State) => [isStale(state)],
    (stale) => replaceChildren(this.#stale, stale && notice('hint', h('p', {}, STALE.result))),
  );

  readonly #showEstimate = when(
    (state: State) => [state.estimate, state.keys, shownResult(state)?.dataset],
    (estimate, keys, result) => this.#estimate.show(estimate, keys, result ? controlOf(result.report.plan) : GROUPS.control),
  );

  readonly #showPreviews = when(
    ({ previews }: State) => [previews, this.#previewed],
    (previews, previewed) => previewed?.show(previews),
  );

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#estimate = new EstimateCard(actions);
    this.#body = h(
      'div',
      { class: 'slot report', hidden: true },
      this.#verdict,
      this.#stale,
      this.#compared,
      this.#notices,
      this.#findings,
      this.#estimate.element,
      this.#comparison.element,
      this.#evidence.element,
    );
    this.element = section('result', this.#waiting, this.#body);
  }

  update(state: State): void {
    this.#showStale(state);
    this.#showResult(state);
    this.#showCompared(state);
    this.#showEstimate(state);
    this.#showPreviews(state);
    // A repair is of the settings that the result was made with.
    const usable = !isStale(state) && state.run.kind !== 'running';
    for (const repair of this.#previewed?.buttons ?? []) setEnabled(repair, usable, STALE.repairs);
  }
}
