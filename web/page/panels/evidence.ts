/** The evidence behind the verdict, closed to a line each: counts, the rules that removed rows, split, balance, lengths, repairs. */
import { hasTimeZero } from '../../lib/run/design.js';
import type { AuditReport, AttritionStep, PartName, Report } from '../../lib/types/index.js';
import { describeFlow, drawFlow, type FlowStep } from '../charts/attrition-flow.js';
import { Chart } from '../charts/chart.js';
import { balanceTable, describeBalance, drawBalance, IMBALANCED, type Balance } from '../charts/love-plot.js';
import { describeMirror, drawMirror, mirrorTable, type Mirror } from '../charts/mirror.js';
import { h, replaceChildren, type Child } from '../dom.js';
import { capital, count, counted, decimal, NOT_AVAILABLE, percent, points, utc } from '../format.js';
import { table } from '../table.js';
import { controlOf, FILTERS, GROUPS, named, REASONS, STEPS, USES_THE_FUTURE } from '../words/common.js';
import { BALANCE, COUNTS, FLOW, LEDGER, LENGTHS, OVERLAP, SIZES, SPLIT_TABLE } from '../words/result.js';
import { termsLine } from './glossary.js';
import { Fold } from './section.js';
import { certificate } from './split-table.js';

/** Charts stay what they are while results change, so that one that is open neither closes nor jumps. */
export class Evidence {
  readonly element = h('div', { class: 'folds' });
  readonly #counts = slot();
  readonly #split = slot();
  readonly #balance = slot();
  readonly #sizes = slot();
  readonly #ledger = slot();
  readonly #flow = new Chart<readonly FlowStep[]>({
    title: FLOW.title,
    remark: '',
    name: 'attrition',
    draw: drawFlow,
    describe: describeFlow,
    table: () => filterTable(this.#attrition!, this.#control),
  });
  readonly #love = new Chart<Balance>({
    title: BALANCE.title,
    remark: BALANCE.remark(IMBALANCED),
    name: 'balance',
    legend: [
      ['is-ring', BALANCE.before],
      ['is-dot', BALANCE.after],
    ],
    draw: drawBalance,
    describe: describeBalance,
    table: (rows) => balanceTable(rows, this.#control),
  });
  readonly #overlap = mirrorChart(OVERLAP.title, 'overlap', '');
  readonly #lengths = mirrorChart(LENGTHS.title, 'lengths', LENGTHS.remark);
  readonly #folds = {
    counts: new Fold(COUNTS.title, this.#counts),
    flow: new Fold(FLOW.title, this.#flow.element, termsLine('event', 'session', 'row', 'washout', 'censored')),
    split: new Fold(SPLIT_TABLE.title, this.#split),
    balance: new Fold(BALANCE.both, this.#balance, termsLine('covariates', 'lovePlot', 'smd', 'propensity', 'overlap', 'auc')),
    sizes: new Fold(SIZES.title, this.#sizes, termsLine('history', 'vocabulary', 'item')),
    lengths: new Fold(LENGTHS.title, this.#lengths.element),
    ledger: new Fold(LEDGER.title, this.#ledger, termsLine('startingPoint', 'leak', 'auc')),
  };
  #attrition: AuditReport['attrition'] | null = null;
  #control: string = GROUPS.control;

  constructor() {
    this.element.append(...Object.values(this.#folds).map(({ element }) => element));
  }

  show(report: Report, audit: AuditReport | null): void {
    const { counts, flow, split, balance, sizes, lengths, ledger } = this.#folds;
    const rows = report.all.sessions;
    this.#control = controlOf(report.plan);
    for (const fold of [flow, balance, lengths, ledger]) fold.element.hidden = audit === null || rows === 0;
    for (const fold of [split, sizes]) fold.element.hidden = rows === 0;
    counts.setLine(COUNTS.line(report.input.events, report.sessions.kept));
    replaceChildren(this.#counts, overview(report));
    split.setLine(splitLine(report));
    replaceChildren(this.#split, certificate(report, audit));
    sizes.setLine(SIZES.line(decimal(report.sequenceLength?.mean ?? 0), counted(report.vocabulary.items, 'item')));
    replaceChildren(this.#sizes, h('p', { class: 'help' }, SIZES.remark), figures(sizesOf(report), 'small'));
    if (!audit || rows === 0) return;
    flow.element.hidden = false;
    flow.setLine(`${count(audit.attrition.read)} → ${count(audit.attrition.end.rows)}`);
    this.#attrition = audit.attrition;
    this.#flow.setRemark(hasTimeZero(audit.indexKind) ? FLOW.remark : FLOW.remarkSessions);
    this.#flow.show(flowOf(audit, this.#control));
    this.#showBalance(audit);
    lengths.element.hidden = audit.lengths.control.length === 0;
    this.#lengths.show(lengthsOf(audit, this.#control));
    replaceChildren(this.#ledger, ledgerTable(audit, this.#control));
  }

  /** Without a time zero the covariates are cut by the treatment too, and tell nothing of how the groups differed. */
  #showBalance({ balance: rows, indexKind, overlap }: AuditReport): void {
    const text = (words: string) => h('p', { class: 'prose' }, words);
    if (rows.length === 0 || !hasTimeZero(indexKind)) {
      this.#folds.balance.setLine('');
      return replaceChildren(this.#balance, text(rows.length === 0 ? BALANCE.noRows : BALANCE.noTimeZero));
    }
    this.#folds.balance.setLine(describeBalance(rows));
    this.#love.show(rows);
    if (overlap) {
      this.#overlap.setRemark(
        OVERLAP.remark(
          overlap.fittedRows === 0,
          overlap.auc === null ? NOT_AVAILABLE : decimal(overlap.auc, 2),
          overlap.outside1Percent,
        ),
      );
      this.#overlap.show(overlapOf(overlap, this.#control));
    }
    replaceChildren(this.#balance, this.#love.element, overlap ? this.#overlap.element : text(OVERLAP.none));
  }
}

function slot(): HTMLElement {
  return h('div', { class: 'slot' });
}

function mirrorChart(title: string, name: string, remark: string): Chart<Mirror> {
  return new Chart<Mirror>({ title, remark, name, draw: drawMirror, describe: describeMirror, table: mirrorTable });
}

function figures(entries: readonly (readonly [string, string])[], size = ''): HTMLElement {
  return h(
    'dl',
    { class: `figures ${size}` },
    entries.map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value))),
  );
}

function overview(report: Report): Child {
  const { input, sessions, all } = report;
  return [
    figures([
      [COUNTS.rowsRead, count(input.rows)],
      [COUNTS.events, count(input.events)],
      [COUNTS.users, count(input.users)],
      [COUNTS.found, count(sessions.created)],
      [COUNTS.kept, count(sessions.kept)],
      [COUNTS.short, count(sessions.tooShort)],
      [COUNTS.rows, count(all.sessions)],
    ]),
    h('p', { class: 'prose' }, story(report)),
  ];
}

function story({ input, sessions }: Report): string {
  const { first, last, digitsCut, tiedEvents } = input.time;
  return [
    input.issues.rows === 0 ? COUNTS.allUsed : '',
    first && last ? COUNTS.span(utc(first), utc(last)) : COUNTS.noEvents,
    tiedEvents > 0 ? COUNTS.tied(tiedEvents) : '',
    digitsCut > 0 ? COUNTS.cut(digitsCut) : '',
    sessions.tooShort > 0 ? COUNTS.tooShort(sessions.eventsInTooShort) : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}

function splitLine({ splits }: Report): string {
  const names = (Object.keys(splits) as PartName[]).filter((name) => splits[name].sessions > 0);
  return names.map((name) => `${name} ${count(splits[name].sessions)}`).join(', ');
}

function sizesOf({ sequenceLength: length, vocabulary }: Report): [string, string][] {
  const lengths: [string, string][] = length
    ? [
        [SIZES.mean, decimal(length.mean)],
        [SIZES.median, decimal(length.median)],
        [SIZES.shortest, count(length.min)],
        [SIZES.longest, count(length.max)],
        [SIZES.p95, decimal(length.p95)],
      ]
    : [];
  return [...lengths, [SIZES.types, count(vocabulary.events)], [SIZES.items, count(vocabulary.items)]];
}

/** From the rows of the input to the sets. */
/** At the start rows without a treatment stand beside those with the comparator; a rule then leaves them out. */
function flowOf(audit: AuditReport, control: string): FlowStep[] {
  const { attrition: all } = audit;
  const timed = hasTimeZero(audit.indexKind);
  return [
    { lost: [], title: FLOW.read, value: all.read, note: '' },
    {
      lost: [
        ...Object.entries(all.leftOutByReason).map(([reason, rows]) => ({ text: FLOW.skipped(REASONS[reason] ?? reason), rows })),
        ...(all.duplicatesDropped > 0 ? [{ text: FLOW.duplicates, rows: all.duplicatesDropped }] : []),
      ],
      title: FLOW.events,
      value: all.events,
      note: FLOW.of(audit.events.users),
    },
    { lost: [], title: timed ? FLOW.possible : FLOW.sessions, value: all.start.rows, note: groups(all.start) },
    ...(all.filters.length === 0
      ? []
      : [
          {
            lost: all.filters.map(({ filter, removed, looksPastTimeZero }) => ({
              text: `${FILTERS[filter] ?? filter}${looksPastTimeZero ? USES_THE_FUTURE : ''}`,
              rows: removed,
              alarm: looksPastTimeZero,
            })),
            title: FLOW.kept,
            value: all.end.rows,
            note: named(groups(all.end), control),
          },
        ]),
    ...partsOf(audit),
  ];
}

function groups({ treated, control, users }: AttritionStep): string {
  return FLOW.groups(treated, control, users);
}

function partsOf({ split }: AuditReport): FlowStep[] {
  const names = (Object.keys(split.parts) as PartName[]).filter((name) => split.parts[name].rows > 0);
  if (names.length === 0) return [];
  const used = names.reduce((sum, name) => sum + split.parts[name].rows, 0);
  const lost = split.purged > 0 ? [{ text: FLOW.purged, rows: split.purged }] : [];
  return [
    { lost, title: FLOW.split, value: used, note: names.map((name) => `${name} ${count(split.parts[name].rows)}`).join(', ') },
  ];
}

function filterTable({ start, filters }: AuditReport['attrition'], control: string) {
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
    head: FLOW.head.map((title) => named(title, control)),
    rows: [
      line(FLOW.start, '', start),
      ...filters.map(({ filter, removed, after }) => line(capital(FILTERS[filter] ?? filter), count(removed), after)),
    ],
  };
}

function overlapOf(overlap: NonNullable<AuditReport['overlap']>, groupBelow: string): Mirror {
  const bins = overlap.treated.histogram.length;
  return {
    edges: Array.from({ length: bins + 1 }, (_, i) => i / bins),
    control: overlap.control.histogram,
    treated: overlap.treated.histogram,
    axis: OVERLAP.axis,
    groupBelow,
    format: (edge) => percent(edge, 0),
    name: (i) => LENGTHS.range(percent(i / bins, 0), percent((i + 1) / bins, 0)),
  };
}

function lengthsOf({ lengths: { edges, control, treated } }: AuditReport, groupBelow: string): Mirror {
  const range = (i: number) => LENGTHS.range(count(edges[i]!), count(edges[i + 1]! - 1));
  return {
    edges,
    control,
    treated,
    axis: LENGTHS.axis,
    groupBelow,
    evenly: true,
    format: count,
    name: (i) => (edges[i + 1]! - edges[i]! === 1 ? count(edges[i]!) : range(i)),
  };
}

function ledgerTable({ ledger: { steps } }: AuditReport, control: string): Child {
  const auc = (value: number | null) => (value === null ? NOT_AVAILABLE : decimal(value, 2));
  return [
    h('p', { class: 'help' }, LEDGER.remark),
    table(
      LEDGER.title,
      'ledger-table',
      LEDGER.head(control),
      steps.map((step) => [
        STEPS[step.step] ?? step.step,
        count(step.control),
        count(step.treated),
        points(step.naiveDifference),
        auc(step.aucLength),
        percent(step.outcomeInX),
      ]),
    ),
  ];
}
