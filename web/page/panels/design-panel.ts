/** Design: profile, treatment, outcome and time zero, a drawing of what they make of a session, and the delays to choose them by. */
import type { Plan } from '../../lib/types/index.js';
import { Chart } from '../charts/chart.js';
import { DelayChart } from '../charts/delay-chart.js';
import { drawDesign, notesOf, type Design } from '../charts/design-drawing.js';
import { inUnits } from '../charts/duration-handle.js';
import { h, replaceChildren, uniqueId } from '../dom.js';
import type { Path } from '../model/plan.js';
import type { Actions, Panel } from '../panel.js';
import { auditOf, type PlanKeys, type State } from '../state.js';
import { when } from '../store.js';
import { duration } from '../format.js';
import { DELAYS, DESIGN as DRAWING } from '../words/charts.js';
import { whyNoResult } from '../words/common.js';
import { FIELDS, LINES } from '../words/settings.js';
import { DESIGN, labelOf, SEQUENCES, type Current } from './fields.js';
import { section, waiting } from './section.js';
import { currentOf, SettingsGroup } from './settings-group.js';

const WINDOW = 'index.windowMinutes';
const HORIZON = 'index.horizonHours';
const MINUTE = 60;
const HOUR = 3600;

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

  readonly #delays: Readonly<Record<'treatment' | 'outcome', DelayChart>>;
  readonly #slot = h('div', { class: 'slot' });
  /** Minutes that the follow-up begins after time zero, by the settings. */
  #begins = 0;

  readonly #showDelays = when(
    (state: State) => [auditOf(state)?.delays, whyNoResult(state, DELAYS.waiting)],
    (delays, why) => {
      const { treatment, outcome } = this.#delays;
      const charts = [delays?.treatment && treatment.element, delays?.outcome && outcome.element];
      replaceChildren(this.#slot, delays ? charts : waiting(why));
    },
  );

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
    this.#delays = {
      treatment: new DelayChart('treatment', (seconds) => actions.set(WINDOW, inUnits(seconds, MINUTE))),
      outcome: new DelayChart('outcome', (seconds) =>
        actions.set(HORIZON, inUnits(Math.max(1, seconds - this.#begins * MINUTE), HOUR)),
      ),
    };
    this.#design = new SettingsGroup(DESIGN, actions, this.#typeNames.id, designLine, this.#chart.element, this.#slot);
    this.#sequences = new SettingsGroup(SEQUENCES, actions, '', sequencesLine);
    this.element = section('design', this.#design.element, this.#sequences.element, this.#typeNames);
    this.#chart.element.hidden = true; // until the engine has told the defaults
  }

  update(state: State): void {
    this.#design.update(state);
    this.#sequences.update(state);
    this.#showTypes([...new Set([...(state.plan?.events.types ?? []), ...state.eventTypes.map(({ type }) => type)])]);
    this.#showDesign(state);
    this.#showDelays(state);
    this.#updateDelays(state);
  }

  #updateDelays(state: State): void {
    const { treatment, outcome } = auditOf(state)?.delays ?? { treatment: null, outcome: null };
    const at = currentOf(state);
    const number = (path: Path) => (typeof at(path) === 'number' ? (at(path) as number) : null);
    const [window, horizon] = [number(WINDOW), number(HORIZON)];
    this.#begins = at('outcome.from') === 'windowEnd' ? (window ?? 0) : 0;
    const name = (path: Path) => labelOf(path, state.keys) ?? '';
    if (treatment) this.#delays.treatment.show(treatment, name(WINDOW), window === null ? null : window * MINUTE);
    if (outcome)
      this.#delays.outcome.show(outcome, name(HORIZON), horizon === null ? null : horizon * HOUR + this.#begins * MINUTE);
    for (const chart of Object.values(this.#delays)) chart.setDisabled(state.defaults === null);
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
