/** Design: profile, treatment, outcome and time zero, and a drawing of what they make of a session. */
import type { Plan } from '../../lib/types/index.js';
import { Chart } from '../charts/chart.js';
import { drawDesign, notesOf, type Design } from '../charts/design-drawing.js';
import { h, replaceChildren, uniqueId } from '../dom.js';
import type { Actions, Panel } from '../panel.js';
import { sampledTypes, type PlanKeys, type State } from '../state.js';
import { when } from '../store.js';
import { duration } from '../format.js';
import { DESIGN as DRAWING } from '../words/charts.js';
import { FIELDS, LINES } from '../words/settings.js';
import { DESIGN, SEQUENCES, type Current } from './fields.js';
import { section } from './section.js';
import { SettingsGroup } from './settings-group.js';

export class DesignPanel implements Panel {
  readonly element: HTMLElement;
  readonly #typeNames = h('datalist', { id: uniqueId('types') });
  readonly #design: SettingsGroup;
  readonly #sequences: SettingsGroup;
  readonly #chart = new Chart<Design>({
    title: DRAWING.title,
    remark: DRAWING.remark,
    name: 'design',
    legend: [
      ['is-exposure', DRAWING.legend.exposure],
      ['is-treatment', DRAWING.legend.treatment],
      ['is-outcome', DRAWING.legend.outcome],
      ['is-event', DRAWING.legend.event],
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
    this.#design = new SettingsGroup(DESIGN, actions, this.#typeNames.id, designLine, this.#chart.element);
    this.#sequences = new SettingsGroup(SEQUENCES, actions, '', sequencesLine);
    this.element = section('design', this.#design.element, this.#sequences.element, this.#typeNames);
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
    sameItem: index.sameItem,
  };
}

function designLine(at: Current): string {
  const text = (path: string) => String(at(path) ?? '');
  const [treatment, outcome, kind] = [text('treatment.type'), text('outcome.type'), text('index.kind')];
  if (kind === 'session') return LINES.notebook(treatment, outcome);
  const start =
    kind === 'exposure'
      ? LINES.exposure(text('index.type'))
      : kind === 'landmark'
        ? LINES.landmark(Number(at('index.minutes') ?? 0))
        : LINES.matched;
  const window = kind === 'matched' ? '' : LINES.within(Number(at('index.windowMinutes') ?? 0));
  return LINES.timed(start, treatment, window, outcome, duration(Number(at('index.horizonHours') ?? 0) * 3600));
}

function sequencesLine(at: Current, keys: PlanKeys): string {
  const label = (path: string) =>
    keys
      .get(path)
      ?.choices?.find(({ value }) => value === at(path))
      ?.label.toLowerCase() ?? String(at(path));
  return LINES.sequences(
    Number(at('sequence.maxEvents') ?? 0),
    label('sequence.keep'),
    at('sequence.padding') === null ? FIELDS.padding.none : FIELDS.padding.auction,
  );
}
