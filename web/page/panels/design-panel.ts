/** Design: profile, treatment, outcome and time zero, and a drawing of what they make of a session. */
import type { Actions, Panel } from '../app.js';
import { Chart } from '../charts/chart.js';
import { drawDesign, notesOf, type Design } from '../charts/design-drawing.js';
import { h, replaceChildren, uniqueId } from '../dom.js';
import { same } from '../plan.js';
import { sampledTypes, type State } from '../state.js';
import { section } from './section.js';
import { DESIGN, SEQUENCES, SettingsGroup } from './settings.js';

export class DesignPanel implements Panel {
  readonly element: HTMLElement;
  readonly #typeNames = h('datalist', { id: uniqueId('types') });
  readonly #design: SettingsGroup;
  readonly #sequences: SettingsGroup;
  readonly #chart = new Chart<Design>({
    title: 'What goes into X, T and Y',
    remark: 'Two sessions as lines of events, not to scale, with this plan’s numbers.',
    name: 'design',
    legend: [
      ['is-exposure', 'exposure'],
      ['is-treatment', 'treatment'],
      ['is-outcome', 'outcome'],
      ['is-event', 'other event'],
    ],
    draw: drawDesign,
    describe: (design) => notesOf(design).join(' '),
  });
  #shown: Design | null = null;
  #shownTypes: readonly string[] = [];

  constructor(actions: Actions) {
    this.#design = new SettingsGroup(DESIGN, actions, this.#typeNames.id);
    this.#sequences = new SettingsGroup(SEQUENCES, actions, '');
    this.element = section('design', 3, 'Design', 'The comparison: who counts as treated, what for, and from when on.', this.#design.element, this.#chart.element, this.#sequences.element, this.#typeNames);
    this.#chart.element.hidden = true; // until the engine has told the defaults
  }

  update(state: State): void {
    this.#design.update(state);
    this.#sequences.update(state);
    const types = [...new Set([...(state.plan?.events.types ?? []), ...sampledTypes(state)])];
    if (!same(types, this.#shownTypes)) replaceChildren(this.#typeNames, types.map((name) => h('option', { value: name })));
    this.#shownTypes = types;
    const design = designOf(state);
    if (design === null || same(design, this.#shown)) return;
    this.#shown = design;
    this.#chart.element.hidden = false;
    this.#chart.show(design);
  }
}

/** The last numbers that the engine accepted: a refused one is not drawn. */
function designOf({ plan }: State): Design | null {
  if (!plan) return null;
  const { index, outcome, sequence } = plan;
  return {
    kind: index.kind,
    treatment: plan.treatment.type,
    outcome: outcome.type,
    exposure: index.type,
    minutes: index.minutes,
    windowMinutes: index.windowMinutes,
    horizonHours: index.horizonHours,
    windowEnds: index.windowEnds,
    gracePeriod: index.gracePeriod,
    washoutHours: index.washoutHours,
    controls: index.controls,
    maxEvents: sequence.maxEvents,
    keep: sequence.keep,
    from: outcome.from,
    prior: outcome.prior,
  };
}
