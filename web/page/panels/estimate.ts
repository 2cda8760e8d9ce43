/** The adjusted effect: a sentence, one figure with it, the unadjusted difference and zero; what could overturn it is a click away. */
import type { AdjustedEffects, Effect, EffectEstimate, NegativeControls } from '../../lib/types/index.js';
import { Chart } from '../charts/chart.js';
import { describeDifferences, drawDifferences, type Difference } from '../charts/differences.js';
import { button, h, replaceChildren, type Child } from '../dom.js';
import { count, decimal, percent, points, sentence } from '../format.js';
import type { Actions } from '../panel.js';
import type { PlanKeys, State } from '../state.js';
import { table } from '../table.js';
import { GROUPS, named } from '../words/common.js';
import { ESTIMATE } from '../words/estimate.js';
import { labelOf } from './fields.js';
import { block, Fold, notice } from './section.js';

export class EstimateCard {
  readonly element: HTMLElement;
  readonly #actions: Actions;
  readonly #title = h('h3', {}, ESTIMATE.title);
  readonly #says = h('div', { class: 'slot' });
  readonly #chart = new Chart<readonly Difference[]>({
    title: ESTIMATE.chart,
    remark: ESTIMATE.remark,
    name: 'adjusted-difference',
    draw: (rows, width) => drawDifferences(rows, width, this.#control),
    describe: describeDifferences,
  });
  readonly #details = h('div', { class: 'slot' });
  #control: string = GROUPS.control;

  constructor(actions: Actions) {
    this.#actions = actions;
    this.element = h(
      'section',
      { class: 'block estimate', 'aria-label': ESTIMATE.title, hidden: true },
      this.#title,
      this.#says,
      this.#chart.element,
      this.#details,
    );
  }

  /** `control`: what the untreated are called. */
  show(estimate: State['estimate'], keys: PlanKeys, control: string): void {
    this.#control = control;
    this.element.hidden = estimate === null;
    this.#chart.element.hidden = this.#title.hidden = true;
    replaceChildren(this.#details);
    if (estimate === null) return;
    if (estimate === 'waiting') return replaceChildren(this.#says, h('p', { class: 'help' }, ESTIMATE.waiting));
    if ('message' in estimate) return replaceChildren(this.#says, notice('hint', h('p', {}, ESTIMATE.failed(estimate.message))));
    const told = estimate;
    if (!told.adjusted) return replaceChildren(this.#says, this.#refusals(told, keys));
    const { overlap } = told.adjusted;
    this.#chart.element.hidden = this.#title.hidden = false;
    replaceChildren(
      this.#says,
      h(
        'p',
        { class: 'prose' },
        h('strong', {}, named(answerOf(overlap), control)),
        ' ',
        ESTIMATE.naive(told.naive?.difference ?? null),
      ),
      told.adjusted.value && h('p', { class: 'prose' }, ESTIMATE.value(told.adjusted.value, control)),
      h('p', { class: 'help' }, ESTIMATE.caution),
      told.otherPlans > 0 && h('p', { class: 'help' }, ESTIMATE.otherPlans(told.otherPlans)),
      told.warnings.length > 0 && h('p', {}, ESTIMATE.warned(told.warnings.map(({ title }) => title))),
      told.adjusted.negativeControls.excluding > 0 && notice('hint', h('p', {}, told.adjusted.negativeControls.meaning)),
    );
    this.#chart.setRemark(named(ESTIMATE.remark, control));
    this.#chart.show([
      { name: ESTIMATE.adjusted, value: overlap.effect, interval: overlap.interval95, strong: true },
      { name: ESTIMATE.unadjusted, value: told.naive?.difference ?? null, interval: told.naive?.interval95 ?? null },
    ]);
    replaceChildren(this.#details, folds(told, told.adjusted, control));
  }

  #refusals({ refusals }: EffectEstimate, keys: PlanKeys): HTMLElement {
    const told = refusals.map(({ message, key }, i) => {
      const label = key === null ? null : labelOf(key, keys);
      return h(
        'p',
        { class: 'help' },
        i === 0 && [h('strong', {}, ESTIMATE.none), ' '],
        sentence(message),
        ' ',
        key !== null &&
          label !== null &&
          button(ESTIMATE.toSetting(label), () => this.#actions.goToSetting(key), { class: 'quiet' }),
      );
    });
    return h('div', {}, told);
  }
}

function answerOf({ effect, interval95 }: Effect): string {
  const side = interval95[0] > 0 ? ESTIMATE.more : interval95[1] < 0 ? ESTIMATE.less : ESTIMATE.unclear;
  return side(effect, interval95);
}

const between = ([low, high]: readonly [number, number]) => `${points(low).replace(' pp', '')} to ${points(high)}`;

function folds(estimate: EffectEstimate, adjusted: AdjustedEffects, control: string): Child[] {
  const { rows, users, effectiveUsers } = estimate;
  const fold = (title: string, ...children: Child[]) => new Fold(title, ...children).element;
  return [
    fold(ESTIMATE.overturn, overturn(adjusted)),
    fold(ESTIMATE.controls, controls(adjusted.negativeControls)),
    fold(
      ESTIMATE.details,
      h('p', { class: 'help' }, ESTIMATE.size(rows, users, effectiveUsers)),
      block(ESTIMATE.others, null, others(adjusted, control)),
      adjusted.weeks.length > 0 && block(ESTIMATE.weeks, null, weeks(adjusted)),
      block(ESTIMATE.balance, ESTIMATE.balanceRemark, balance(adjusted)),
    ),
  ];
}

function overturn({ eValue, robustnessValue, withoutGroup }: AdjustedEffects): Child[] {
  return [
    eValue && h('p', {}, ESTIMATE.eValue(decimal(eValue.estimate, 2), decimal(eValue.limit, 2))),
    robustnessValue && h('p', {}, ESTIMATE.robustness(percent(robustnessValue.estimate), percent(robustnessValue.limit))),
    withoutGroup.length > 0 && [
      h('p', {}, ESTIMATE.yardstick),
      table(
        ESTIMATE.overturn,
        '',
        ESTIMATE.withoutHead,
        withoutGroup.map(({ group, change }) => [ESTIMATE.groups[group], points(change)]),
      ),
    ],
  ];
}

function controls({ controls, meaning, calibration, notCalibrated }: NegativeControls): Child[] {
  const told = controls.flatMap(({ name, overlap }) =>
    overlap ? [[name, points(overlap.effect), between(overlap.interval95)]] : [],
  );
  return [
    h('p', { class: 'help' }, ESTIMATE.controlsRemark),
    told.length > 0 && table(ESTIMATE.controls, '', ESTIMATE.controlsHead, told),
    ...controls.map(({ name, tooLittle }) => tooLittle !== null && h('p', { class: 'help' }, ESTIMATE.notTold(name, tooLittle))),
    meaning !== null && h('p', {}, meaning),
    calibration
      ? h(
          'p',
          {},
          ESTIMATE.calibrated(
            calibration.controls,
            decimal(calibration.riskRatio.ratio, 2),
            calibration.riskRatio.interval95.map((end) => decimal(end, 2)),
          ),
        )
      : h('p', { class: 'help' }, notCalibrated),
  ];
}

function others({ treated, all, byUser, risk, riskRatio, clippedShare }: AdjustedEffects, control: string): Child[] {
  const averages: [string, Effect | null][] = [
    [ESTIMATE.treated, treated],
    [ESTIMATE.all, all],
    [ESTIMATE.byUser, byUser],
  ];
  const ratio =
    riskRatio &&
    ESTIMATE.ratio(decimal(riskRatio.ratio, 2), decimal(riskRatio.interval95[0], 2), decimal(riskRatio.interval95[1], 2));
  return [
    table(
      ESTIMATE.others,
      '',
      ESTIMATE.othersHead,
      averages.flatMap(([name, effect]) => (effect ? [[name, points(effect.effect), between(effect.interval95)]] : [])),
    ),
    !all && h('p', { class: 'help' }, ESTIMATE.notAll(clippedShare)),
    h('p', {}, named(ESTIMATE.risks(risk.treated, risk.control, ratio), control)),
  ];
}

function weeks({ weeks }: AdjustedEffects): HTMLElement {
  return table(
    ESTIMATE.weeks,
    '',
    ESTIMATE.weeksHead,
    weeks.map(({ from, rows, overlap }) => [from.slice(0, 10), count(rows), points(overlap.effect), between(overlap.interval95)]),
  );
}

function balance({ balance }: AdjustedEffects): HTMLElement {
  return table(
    ESTIMATE.balance,
    '',
    ESTIMATE.balanceHead,
    balance.map(({ feature, smd, weightedSmd }) => [feature.replaceAll('_', ' '), decimal(smd, 2), decimal(weightedSmd, 2)]),
  );
}
