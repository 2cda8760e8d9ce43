/** Design: profile, treatment, outcome and time zero, and a drawing of what they make of a session. */
import type { Plan } from '../../lib/types/index.js';
import { Chart } from '../charts/chart.js';
import { drawDesign, notesOf, type Design } from '../charts/design-drawing.js';
import { h, replaceChildren, uniqueId } from '../dom.js';
import type { Actions, Panel } from '../panel.js';
import { sampledTypes, type State } from '../state.js';
import { when } from '../store.js';
import { DESIGN, SEQUENCES } from './fields.js';
import { section } from './section.js';
import { SettingsGroup } from './settings-group.js';

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

  readonly #showTypes = when(
    (types: readonly string[]) => [JSON.stringify(types)],
    (text) =>
      replaceChildren(
        this.#typeNames,
        (JSON.parse(text) as string[]).map((name) => h('option', { value: name })),
      ),
  );

  readonly #showDesign = when(
    ({ plan }: State) => [JSON.stringify(plan && designOf(plan))],
    (text) => {
      const design = JSON.parse(text) as Design | null;
      if (design === null) return;
      this.#chart.element.hidden = false;
      this.#chart.show(design);
    },
  );

  constructor(actions: Actions) {
    this.#design = new SettingsGroup(DESIGN, actions, this.#typeNames.id);
    this.#sequences = new SettingsGroup(SEQUENCES, actions, '');
    this.element = section(
      'design',
      'Design',
      'The comparison: who counts as treated, what for, and from when on.',
      this.#design.element,
      this.#chart.element,
      this.#sequences.element,
      this.#typeNames,
    );
    this.#chart.element.hidden = true; // until the engine has told the defaults
  }

  update(state: State): void {
    this.#design.update(state);
    this.#sequences.update(state);
    this.#showTypes([...new Set([...(state.plan?.events.types ?? []), ...sampledTypes(state)])]);
    this.#showDesign(state);
  }
}

/** The last numbers that the engine accepted: a refused one is not drawn. */
function designOf(plan: Plan): Design {
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
