/** Result: what was made, how the arms compare, and what stands against a causal reading of it. */
import { hasTimeZero } from '../../lib/run/design.js';
import type { Arms, AuditReport, PartName, Report } from '../../lib/types/index.js';
import { Chart } from '../charts/chart.js';
import { describeDifferences, drawDifferences, type Difference } from '../charts/differences.js';
import { button, h, replaceChildren, type Child } from '../dom.js';
import { capital, count, counted, decimal, NOT_AVAILABLE, percent, points, utc } from '../format.js';
import type { Actions, Panel } from '../panel.js';
import { isStale, obstacle, type PlanKeys, type State } from '../state.js';
import { when } from '../store.js';
import { table } from '../table.js';
import { whyNoResult } from '../words.js';
import { attrition, balance, findings, ledger, lengths, type Repair } from './evidence.js';
import { labelOf } from './fields.js';
import { notices } from './notices.js';
import { block, notice, section, waiting } from './section.js';

const PARTS: readonly PartName[] = ['train', 'validation', 'test'];

const WAITING = 'Counts, the arms, findings with their repairs, and charts of what was made appear here';

export class ResultPanel implements Panel {
  readonly element: HTMLElement;
  readonly #actions: Actions;
  readonly #stale = h('div', { class: 'slot' });
  readonly #body = h('div', { class: 'slot report' });
  #repairs: HTMLButtonElement[] = [];

  readonly #showResult = when(
    (state: State) => [state.run.kind === 'done' ? state.run.dataset : whyNoResult(state, WAITING), state.keys],
    (result, keys) => {
      this.#repairs = [];
      const content = typeof result === 'string' ? waiting(result) : this.#describe(result.report, result.audit, keys);
      replaceChildren(this.#body, content);
    },
  );

  readonly #showStale = when(
    (state: State) => [isStale(state), obstacle(state) === null],
    (stale, canRun) => {
      const text = h('p', {}, 'Files or settings have changed since this result was made.');
      replaceChildren(this.#stale, stale && notice('hint', text, canRun && button('Prepare again', () => this.#actions.run())));
    },
  );

  constructor(actions: Actions) {
    this.#actions = actions;
    this.element = section(
      'result',
      'Result',
      'What was made, how the arms compare, and what stands against a causal reading.',
      this.#stale,
      this.#body,
    );
  }

  update(state: State): void {
    this.#showStale(state);
    this.#showResult(state);
    // A repair is of the settings that the result was made with.
    for (const repair of this.#repairs) repair.disabled = isStale(state) || state.run.kind === 'running';
  }

  #describe(report: Report, audit: AuditReport | null, keys: PlanKeys): Child[] {
    const repair: Repair = (label, path, value) => {
      const element = button(label, () => this.#actions.repair(path, value), {});
      this.#repairs.push(element);
      return element;
    };
    return [
      notices(report.notices, { known: report.plan.input.nulls, repair, keys, actions: this.#actions }),
      overview(report),
      noRows(report, keys),
      emptyArm(report),
      naiveDifference(report, audit),
      audit && findings(audit, repair),
      certificate(report, audit),
      audit && attrition(audit),
      audit && balance(audit),
      block(
        'Sequences and vocabulary',
        'Lengths are those of X, in events, after padding and cutting. Items include the special tokens.',
        figures(sizes(report), 'small'),
      ),
      audit && lengths(audit),
      audit && ledger(audit),
    ];
  }
}

function overview(report: Report): HTMLElement {
  const { input, sessions } = report;
  return h(
    'div',
    { class: 'overview' },
    figures([
      ['Rows read', count(input.rows)],
      ['Events used', count(input.events)],
      ['Users', count(input.users)],
      ['Sessions found', count(sessions.created)],
      ['Sessions kept', count(sessions.kept)],
      ['Sessions too short', count(sessions.tooShort)],
    ]),
    h('p', { class: 'prose' }, story(report)),
  );
}

/** What a row of the table is. */
function rowName({ plan }: Report): string {
  return hasTimeZero(plan.index.kind) ? 'row' : 'session';
}

function noRows({ sessions, trials, plan }: Report, keys: PlanKeys): HTMLElement | null {
  if (sessions.kept === 0) {
    const lower = `Lower “${labelOf('session.minEvents', keys)}”, or give more events.`;
    return notice('hint', h('p', {}, `No session is long enough, so the files have their columns and no rows. ${lower}`));
  }
  if (trials.rows > 0) return null;
  const missing =
    plan.index.kind === 'exposure'
      ? `no session has a “${plan.index.type}” that no treatment and no outcome precedes`
      : 'no session reaches it with enough events before it';
  return notice(
    'hint',
    h(
      'p',
      {},
      `No session has a time zero, so the files have their columns and no rows: ${missing}. Choose another time zero, or other event types.`,
    ),
  );
}

/** Legitimate, but more often a treatment or outcome that was left at another shop's name. */
function emptyArm(report: Report): HTMLElement | null {
  const { all, plan } = report;
  if (all.sessions === 0) return null;
  const noticed = (code: string) => report.notices.some((notice) => notice.code === code); // which says more
  const noTreatment = all.treated === 0 && !noticed('noTreatmentEvents');
  const noOutcome = all.outcomes === 0 && !noticed('noOutcomeEvents');
  const timed = rowName(report) === 'row';
  const texts = (
    timed
      ? [
          noTreatment && `No row has a “${plan.treatment.type}” within the window after its time zero, so none is treated.`,
          all.treated === all.sessions &&
            `Every row has a “${plan.treatment.type}” within the window after its time zero, so there is no control.`,
          noOutcome && `No row has a “${plan.outcome.type}” in its follow-up, so none has the outcome.`,
        ]
      : [
          noTreatment && `No session has a “${plan.treatment.type}”, so none is treated.`,
          all.treated === all.sessions && `Every session has a “${plan.treatment.type}”, so there is no control.`,
          noOutcome && `No session has a “${plan.outcome.type}”, so none has the outcome.`,
        ]
  ).filter((text) => text !== false);
  return texts.length === 0
    ? null
    : notice('hint', h('p', {}, `${texts.join(' ')} If another event type is meant, choose it under Design.`));
}

function sizes({ sequenceLength: length, vocabulary }: Report): [string, string][] {
  const lengths: [string, string][] = length
    ? [
        ['Mean length', decimal(length.mean)],
        ['Median', decimal(length.median)],
        ['Shortest', count(length.min)],
        ['Longest', count(length.max)],
        ['95th percentile', decimal(length.p95)],
      ]
    : [];
  return [...lengths, ['Event types', count(vocabulary.events)], ['Items', count(vocabulary.items)]];
}

function story(report: Report): string {
  const { input, sessions, all } = report;
  const { first, last, digitsCut, tiedEvents } = input.time;
  return [
    input.issues.rows === 0 ? 'Every row was used.' : '',
    first && last ? `Events are from ${utc(first)} to ${utc(last)}.` : 'There are no events.',
    tiedEvents > 0 ? `${counted(tiedEvents, 'event shares', 'events share')} the time with another of the same user.` : '',
    digitsCut > 0 ? `${counted(digitsCut, 'time')} had digits beyond the microsecond, which were cut.` : '',
    sessions.tooShort > 0 ? `The sessions that were too short had ${counted(sessions.eventsInTooShort, 'event')}.` : '',
    all.sessions > 0
      ? `Of the ${rowName(report) === 'row' ? counted(all.sessions, 'row') : 'sessions kept'}, ${percent(all.treatmentRate)} are treated and ${percent(all.outcomeRate)} have the outcome.`
      : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}

function figures(entries: readonly (readonly [string, string])[], size = ''): HTMLElement {
  return h(
    'dl',
    { class: `figures ${size}` },
    entries.map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value))),
  );
}

/** That no user is on both sides, and who is in each part, from when to when. */
function certificate(report: Report, audit: AuditReport | null): HTMLElement {
  const shared = audit?.split.usersInSeveralParts ?? 0;
  const purged =
    audit && audit.split.purged > 0
      ? ` ${counted(audit.split.purged, 'row')} whose follow-up reaches into the next part are in none.`
      : '';
  const sentence = shared === 0 ? 'Every user is in one part only.' : `${counted(shared, 'user')} are in more than one part.`;
  return block('Split of users', sentence + purged, splitTable(report, audit));
}

function splitTable(report: Report, audit: AuditReport | null): HTMLElement {
  const { splits, all, plan, sessions } = report;
  const span = (part: PartName) => {
    const { firstTimeZero: first, lastTimeZero: last } = audit?.split.parts[part] ?? { firstTimeZero: null, lastTimeZero: null };
    return first && last
      ? [h('span', { class: 'nowrap' }, minute(first)), ' to ', h('span', { class: 'nowrap' }, minute(last))]
      : nothing();
  };
  const row = (label: string, users: number, arms: Arms, times: Child) => [
    label,
    count(users),
    count(arms.sessions),
    share(arms.treatmentRate, 'treatment'),
    share(arms.outcomeRate, 'outcome'),
    audit && times,
  ];
  const title = (text: string, role: string) => [text, h('span', { class: 'role' }, role)];
  return table(
    'Split of users',
    'split-table',
    [
      'Part',
      'Users',
      `${capital(rowName(report))}s`,
      { title: title('Treated', plan.treatment.type), number: true },
      { title: title('Outcome', plan.outcome.type), number: true },
      { title: audit && title(hasTimeZero(plan.index.kind) ? 'Time zero' : 'Sessions begin', 'UTC'), class: 'times' },
    ],
    [
      ...PARTS.map((part) => row(capital(part), splits[part].users, splits[part], span(part))),
      { cells: row('All', sessions.users, all, ''), class: 'total' },
    ],
  );
}

/** To the minute: a table's worth of a time in UTC. */
function minute(text: string): string {
  return text.replace('T', ' ').slice(0, 16);
}

/** A share as a number with a bar of the same colour everywhere. */
function share(value: number | null, meaning: 'treatment' | 'outcome'): Child {
  if (value === null) return nothing();
  return h(
    'span',
    { class: 'share' },
    h('span', { class: `share-bar is-${meaning}`, 'aria-hidden': 'true', vars: { '--share': value } }),
    h('span', {}, percent(value)),
  );
}

function naiveDifference(report: Report, audit: AuditReport | null): HTMLElement {
  const rows = differences(report, audit);
  const chart = new Chart<readonly Difference[]>({
    title: 'Naive difference',
    remark: `Share with the outcome “${report.plan.outcome.type}” among the treated minus that among the others, with 95 % intervals: clustered by user where users have several rows, else Newcombe’s.`,
    name: 'naive-difference',
    draw: drawDifferences,
    describe: describeDifferences,
  });
  chart.show(rows);
  return h('div', { class: 'block' }, chart.element, liftTable(report, rows), h('p', { class: 'prose caveat' }, caveat(report)));
}

function differences({ splits, all }: Report, audit: AuditReport | null): Difference[] {
  const parts = PARTS.filter((part) => splits[part].sessions > 0).map((part): Difference => {
    return { name: capital(part), value: splits[part].naiveLift, interval: audit?.split.parts[part].interval95 ?? null };
  });
  return [...parts, { name: 'All', value: all.naiveLift, interval: audit?.split.all.interval95 ?? null }];
}

function liftTable(report: Report, rows: readonly Difference[]): HTMLElement {
  const { splits, all } = report;
  const name = rowName(report);
  const arms: [string, Arms][] = [...PARTS.map((part): [string, Arms] => [capital(part), splits[part]]), ['All', all]];
  const arm = (kind: string, title: string) => ({
    title: [h('span', { class: `dot is-${kind}`, 'aria-hidden': 'true' }), title],
    number: true,
  });
  return table(
    'Outcome rates by arm',
    'lift-table',
    ['Part', arm('control', 'Control'), arm('treatment', 'Treated'), 'Difference', '95 % interval'],
    arms.map(([label, part], i) => {
      const interval = rows.find((row) => row.name === label)?.interval;
      const cells = [
        label,
        rate(part.controlOutcomeRate, part.sessions - part.treated, name),
        rate(part.treatedOutcomeRate, part.treated, name),
        part.naiveLift === null ? nothing() : points(part.naiveLift),
        interval ? `${points(interval[0]).replace(' pp', '')} to ${points(interval[1])}` : nothing(),
      ];
      return { cells, class: i === arms.length - 1 ? 'total' : '' };
    }),
  );
}

function nothing(): HTMLElement {
  return h('span', { class: 'nothing' }, NOT_AVAILABLE);
}

function rate(value: number | null, rows: number, name: string): HTMLElement {
  return value === null ? nothing() : h('span', { title: `of ${counted(rows, name)}` }, percent(value, 2));
}

function caveat(report: Report): string {
  const { plan, all } = report;
  const empty =
    all.naiveLift === null && all.sessions > 0 ? `n/a: one arm has no ${rowName(report)}, so there is nothing to compare. ` : '';
  return `${empty}This is a comparison, not an effect. Who has a “${plan.treatment.type}” may differ from the others already before it, and the difference above mixes that with whatever it did. Estimating the effect is what the training sets are for.`;
}
