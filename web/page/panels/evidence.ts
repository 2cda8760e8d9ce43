/** What the audit found: a button for each thing that a setting repairs, and the figures behind it as charts. */
import { hasTimeZero } from '../../lib/run/design.js';
import type { AuditReport, AttritionStep, Finding, PartName } from '../../lib/types/index.js';
import { describeFlow, drawFlow, type FlowStep } from '../charts/attrition-flow.js';
import { Chart } from '../charts/chart.js';
import { balanceTable, describeBalance, drawBalance, IMBALANCED, type Balance } from '../charts/love-plot.js';
import { describeMirror, drawMirror, mirrorTable, type Mirror } from '../charts/mirror.js';
import { h, type Child } from '../dom.js';
import { capital, count, counted, decimal, NOT_AVAILABLE, percent, points } from '../format.js';
import type { Path, Value } from '../model/plan.js';
import { table } from '../table.js';
import { FILTERS, REASONS, SEVERITIES, STEPS } from '../words.js';
import { figureTexts } from './figures.js';
import { block } from './section.js';

/** A button for a repair; the panel disables it when it is of other settings. */
export type Repair = (label: string, path: Path, value: Value) => HTMLButtonElement;

export function findings({ findings: found, profile }: AuditReport, repair: Repair): HTMLElement {
  const errors = found.filter(({ severity }) => severity === 'error').length;
  return block(
    'Findings',
    found.length === 0
      ? 'None: nothing that the events can show stands against a causal reading. What was not recorded cannot be seen here.'
      : `What stands between this table and a causal reading, worst first: ${tally(found)}.`,
    profile === 'notebook' &&
      errors > 0 &&
      h('div', { class: 'buttons' }, repair('Make every repair: use the profile causal', 'profile', 'causal')),
    h(
      'ul',
      { class: 'plain findings' },
      found.map((one) => finding(one, repair)),
    ),
  );
}

function tally(found: readonly Finding[]): string {
  const names = Object.keys(SEVERITIES) as Finding['severity'][];
  const numbers = names.map((severity) => [found.filter((one) => one.severity === severity).length, severity] as const);
  return numbers
    .filter(([number]) => number > 0)
    .map(([number, severity]) => counted(number, severity))
    .join(', ');
}

function finding({ severity, code, figures, consequence, repair: key }: Finding, repair: Repair): HTMLElement {
  return h(
    'li',
    { class: `finding is-${severity}` },
    h('p', {}, h('strong', { class: 'finding-severity' }, `${SEVERITIES[severity]}: ${words(code)}`)),
    h('p', { class: 'prose' }, consequence),
    h(
      'p',
      { class: 'help' },
      `${figureTexts(figures)
        .map((text) => text.replace(/^\w+/, words))
        .join(', ')}.`,
    ),
    key && repair(`Set ${key.key} to ${shown(key.value)} and run again`, key.key, key.value as Value),
  );
}

/** Of a code, neverInTrainX: never in train X. */
function words(code: string): string {
  return code.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replace(/ x$/, ' X');
}

function shown(value: unknown): string {
  return value === null ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
}

/** From the rows of the input to the parts. */
export function attrition(audit: AuditReport): HTMLElement {
  const { attrition: all, split } = audit;
  const timed = hasTimeZero(audit.indexKind);
  const rows = timed ? 'rows' : 'sessions';
  const steps: FlowStep[] = [
    { lost: [], title: 'rows read', value: all.read, note: '' },
    {
      lost: [
        ...Object.entries(all.leftOutByReason).map(([reason, number]) => ({
          text: `left out: ${(REASONS[reason] ?? reason).toLowerCase()}`,
          rows: number,
        })),
        ...(all.duplicatesDropped > 0 ? [{ text: 'exact duplicates dropped', rows: all.duplicatesDropped }] : []),
      ],
      title: 'events',
      value: all.events,
      note: `of ${counted(audit.events.users, 'user')}`,
    },
    { lost: [], title: timed ? 'possible rows' : 'sessions found', value: all.start.rows, note: arms(all.start) },
    ...(all.filters.length === 0
      ? []
      : [
          {
            lost: all.filters.map(({ filter, removed, looksPastTimeZero }) => ({
              text: `${FILTERS[filter] ?? filter}${looksPastTimeZero ? ', which looks past time zero' : ''}`,
              rows: removed,
              alarm: looksPastTimeZero,
            })),
            title: `${rows} kept`,
            value: all.end.rows,
            note: arms(all.end),
          },
        ]),
    ...partsOf(audit),
  ];
  const chart = new Chart<readonly FlowStep[]>({
    title: 'From rows to training sets',
    remark:
      split.purged > 0
        ? 'Each row is counted once, at the first rule that leaves it out.'
        : 'Each row of the input is counted once, at the first rule that leaves it out.',
    name: 'attrition',
    draw: drawFlow,
    describe: describeFlow,
    table: () => filterTable(all),
  });
  chart.show(steps);
  return chart.element;
}

function arms({ treated, control, users }: AttritionStep): string {
  return `${count(treated)} treated, ${count(control)} control, ${counted(users, 'user')}`;
}

function partsOf({ split }: AuditReport): FlowStep[] {
  const names = (Object.keys(split.parts) as PartName[]).filter((name) => split.parts[name].rows > 0);
  if (names.length === 0) return [];
  const used = names.reduce((sum, name) => sum + split.parts[name].rows, 0);
  const lost = split.purged > 0 ? [{ text: 'whose follow-up reaches into the next part', rows: split.purged }] : [];
  return [
    { lost, title: 'in parts', value: used, note: names.map((name) => `${name} ${count(split.parts[name].rows)}`).join(', ') },
  ];
}

function filterTable({ start, filters }: AuditReport['attrition']) {
  const line = (
    name: string,
    removed: string,
    { rows, sessions, users, treatmentRate, controlOutcomeRate, treatedOutcomeRate }: AttritionStep,
  ) => [
    name,
    removed,
    count(rows),
    count(sessions),
    count(users),
    percent(treatmentRate),
    percent(controlOutcomeRate),
    percent(treatedOutcomeRate),
  ];
  return {
    head: ['After', 'Left out', 'Rows', 'Sessions', 'Users', 'Treated', 'Outcome, control', 'Outcome, treated'],
    rows: [
      line('Start', '', start),
      ...filters.map(({ filter, removed, after }) => line(capital(FILTERS[filter] ?? filter), count(removed), after)),
    ],
  };
}

/** Without a time zero the covariates are cut by the treatment too, and tell nothing of how the arms differed. */
export function balance({ balance: rows, indexKind, overlap }: AuditReport): Child {
  if (rows.length === 0 || !hasTimeZero(indexKind)) {
    return block(
      'Balance and overlap',
      null,
      h(
        'p',
        { class: 'prose' },
        rows.length === 0
          ? 'There are no rows to compare.'
          : 'Not shown: without a time zero X of the treated is cut by the treatment, so a comparison of the arms would show the cut. Choose a time zero under Design, or the profile causal.',
      ),
    );
  }
  const love = new Chart<Balance>({
    title: 'Balance before time zero',
    remark: `How far the arms’ means lie apart, in standard deviations. Above ${IMBALANCED}, the line, arms are usually called imbalanced.`,
    name: 'balance',
    legend: [
      ['is-ring', 'as it is'],
      ['is-dot', 'weighted by a logistic propensity'],
    ],
    draw: drawBalance,
    describe: describeBalance,
    table: balanceTable,
  });
  love.show(rows);
  return [
    love.element,
    overlap
      ? overlapChart(overlap)
      : block(
          'Overlap of the arms',
          null,
          h('p', { class: 'prose' }, 'Not shown: the training part lacks one of the arms, so no propensity can be fitted.'),
        ),
  ];
}

function overlapChart(overlap: NonNullable<AuditReport['overlap']>): HTMLElement {
  const chart = new Chart<Mirror>({
    title: 'Overlap of the arms',
    remark: `Propensity to be treated, of a logistic model of the covariates above. It ranks a treated row above an untreated one in ${percent(overlap.auc)} of pairs; ${percent(overlap.outside1Percent)} of rows lie outside 1% to 99%.`,
    name: 'overlap',
    draw: drawMirror,
    describe: describeMirror,
    table: mirrorTable,
  });
  const bins = overlap.treated.histogram.length;
  chart.show({
    edges: Array.from({ length: bins + 1 }, (_, i) => i / bins),
    control: overlap.control.histogram,
    treated: overlap.treated.histogram,
    axis: 'propensity',
    format: (edge) => percent(edge, 0),
    name: (i) => `${percent(i / bins, 0)} to ${percent((i + 1) / bins, 0)}`,
  });
  return chart.element;
}

export function lengths({ lengths: { edges, control, treated } }: AuditReport): HTMLElement | null {
  if (control.length === 0) return null;
  const chart = new Chart<Mirror>({
    title: 'Lengths of X by arm',
    remark:
      'Share of each arm’s rows by events in X. Where the shapes differ, the length tells the arm. Longer bins hold more lengths.',
    name: 'lengths',
    draw: drawMirror,
    describe: describeMirror,
    table: mirrorTable,
  });
  chart.show({
    edges,
    control,
    treated,
    axis: 'events in X',
    evenly: true,
    format: count,
    name: (i) => (edges[i + 1]! - edges[i]! === 1 ? count(edges[i]!) : `${count(edges[i]!)} to ${count(edges[i + 1]! - 1)}`),
  });
  return chart.element;
}

export function ledger({ ledger: { steps } }: AuditReport): HTMLElement {
  const auc = (value: number | null) => (value === null ? NOT_AVAILABLE : decimal(value, 2));
  return block(
    'One repair at a time',
    'From the notebook’s table on; each line has the repairs above it too. An AUC of 0.5 tells nothing of the arm, 1 tells it.',
    table(
      'One repair at a time',
      'ledger-table',
      ['Step', 'Control', 'Treated', 'Difference', 'AUC of T from length', 'Y in X of T = 0, Y = 1'],
      steps.map((step) => [
        STEPS[step.step] ?? step.step,
        count(step.control),
        count(step.treated),
        points(step.naiveDifference),
        auc(step.aucLength),
        percent(step.outcomeInX),
      ]),
    ),
  );
}
