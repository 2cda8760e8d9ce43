/** Report: the notebook's numbers, each with its unit, and what they do not say. */
import type { Arms, PartName, Report } from '../../lib/types.js';
import type { Actions, Panel } from '../app.js';
import { button, h, replaceChildren, scrolling, type Child } from '../dom.js';
import { capital, count, counted, decimal, NOT_AVAILABLE, percent, points, utc } from '../format.js';
import { isStale, obstacle, type State } from '../state.js';
import { REASONS, rowsText, whyNoResult } from './run-panel.js';
import { block, notice, section, waiting } from './section.js';

const PARTS: readonly PartName[] = ['train', 'validation', 'test'];

export class ReportPanel implements Panel {
  readonly element: HTMLElement;
  readonly #actions: Actions;
  readonly #stale = h('div', { class: 'slot' });
  readonly #body = h('div', { class: 'slot report' });
  #shown: Report | string | null = null;
  #shownStale: 'no' | 'yes' | 'blocked' = 'no';

  constructor(actions: Actions) {
    this.#actions = actions;
    this.element = section('report', 4, 'Report', 'What was read, what was made of it, and how the arms compare.', this.#stale, this.#body);
  }

  update(state: State): void {
    const stale = !isStale(state) ? 'no' : obstacle(state) === null ? 'yes' : 'blocked';
    if (stale !== this.#shownStale) {
      replaceChildren(
        this.#stale,
        stale !== 'no' &&
          notice('hint', h('p', {}, 'Files or settings have changed since this result was made.'), stale === 'yes' && button('Prepare again', () => this.#actions.run())),
      );
      this.#shownStale = stale;
    }
    const { run } = state;
    const next = run.kind === 'done' ? run.dataset.report : whyNoResult(state, 'Counts, the split, the arms and sample sequences appear here');
    if (next === this.#shown) return;
    this.#shown = next;
    replaceChildren(this.#body, typeof next === 'string' ? waiting(next) : describe(next));
  }
}

function describe(report: Report): Child[] {
  const { input, sessions } = report;
  return [
    h('div', { class: 'overview' }, figures([
      ['Rows read', count(input.rows)],
      ['Events used', count(input.events)],
      ['Users', count(input.users)],
      ['Sessions found', count(sessions.created)],
      ['Sessions kept', count(sessions.kept)],
      ['Sessions too short', count(sessions.tooShort)],
    ]), h('p', { class: 'prose' }, story(report))),
    issues(report),
    noRows(report),
    emptyArm(report),
    block('Split of users', 'Every user is in one part only.', splitTable(report)),
    block('Naive difference', null, liftTable(report), h('p', { class: 'prose caveat' }, caveat(report))),
    block('Sequences and vocabulary', 'Lengths are those of X, in events, after padding and cutting. Items include the special tokens.', figures(sizes(report), 'small')),
    report.samples.length > 0 && block('Sample sequences', 'From the training part, the first five events of X each.', samples(report)),
  ];
}

/** What a row of the table is. */
function rowName({ plan }: Report): string {
  return plan.index.kind === 'session' ? 'session' : 'row';
}

function noRows({ sessions, trials, plan }: Report): HTMLElement | null {
  if (sessions.kept === 0) {
    return notice('hint', h('p', {}, 'No session is long enough, so the files have their columns and no rows. Lower “Shortest session”, or give more events.'));
  }
  if (trials.rows > 0) return null;
  const missing = plan.index.kind === 'exposure' ? `no session has a “${plan.index.type}” that no treatment and no outcome precedes` : 'no session reaches it with enough events before it';
  return notice('hint', h('p', {}, `No session has a time zero, so the files have their columns and no rows: ${missing}. Choose another time zero, or other event types.`));
}

/** Legitimate, but more often a treatment or outcome that was left at another shop's name. */
function emptyArm(report: Report): HTMLElement | null {
  const { all, plan } = report;
  if (all.sessions === 0) return null;
  const timed = rowName(report) === 'row';
  const texts = timed ? [
    all.treated === 0 && `No row has a “${plan.treatment.type}” within the window after its time zero, so none is treated.`,
    all.treated === all.sessions && `Every row has a “${plan.treatment.type}” within the window after its time zero, so there is no control.`,
    all.outcomes === 0 && `No row has a “${plan.outcome.type}” in its follow-up, so none has the outcome.`,
  ] : [
    all.treated === 0 && `No session has a “${plan.treatment.type}”, so none is treated.`,
    all.treated === all.sessions && `Every session has a “${plan.treatment.type}”, so there is no control.`,
    all.outcomes === 0 && `No session has a “${plan.outcome.type}”, so none has the outcome.`,
  ].filter((text) => text !== false);
  return texts.length === 0 ? null : notice('hint', h('p', {}, `${texts.join(' ')} If another event type is meant, choose it under Settings.`));
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
    all.sessions > 0 ? `Of the ${rowName(report) === 'row' ? counted(all.sessions, 'row') : 'sessions kept'}, ${percent(all.treatmentRate)} are treated and ${percent(all.outcomeRate)} have the outcome.` : '',
  ].filter((text) => text !== '').join(' ');
}

function figures(entries: readonly (readonly [string, string])[], size = ''): HTMLElement {
  return h('dl', { class: `figures ${size}` }, entries.map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value))));
}

function issues({ input }: Report): HTMLElement | null {
  const { rows, byReason, first, unknownTypes } = input.issues;
  if (rows === 0) return null;
  return block(
    'Rows left out',
    `${rowsText(rows)} of ${count(input.rows)}.`,
    scrolling(
      'Rows left out, by reason',
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, ['Reason', 'Rows', 'First ones'].map((text) => h('th', { scope: 'col', class: text === 'Rows' ? 'number' : '' }, text)))),
        h(
          'tbody',
          {},
          Object.entries(byReason).map(([reason, affected]) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, REASONS[reason] ?? reason),
              h('td', { class: 'number' }, count(affected)),
              h(
                'td',
                {},
                h(
                  'ul',
                  { class: 'plain' },
                  first
                    .filter((issue) => issue.reason === reason)
                    .map((issue) => h('li', {}, `Row ${count(issue.row)}${input.files.length > 1 ? ` of ${issue.file}` : ''}`, issue.column && `, ${issue.column}`, issue.text && [': ', h('code', {}, issue.text)])),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
    unknownTypes.length > 0 &&
      h('p', { class: 'prose' }, `Unknown types: ${unknownTypes.map(({ type, rows: times }) => `${type} (${rowsText(times)})`).join(', ')}.`),
  );
}

function splitTable(report: Report): HTMLElement {
  const { splits, all, plan, sessions } = report;
  const row = (label: string, users: number, arms: Arms, total = false) =>
    h(
      'tr',
      { class: total ? 'total' : '' },
      h('th', { scope: 'row' }, label),
      h('td', { class: 'number' }, count(users)),
      h('td', { class: 'number' }, count(arms.sessions)),
      h('td', { class: 'number' }, share(arms.treatmentRate, 'treatment')),
      h('td', { class: 'number' }, share(arms.outcomeRate, 'outcome')),
    );
  return scrolling(
    'Split of users',
    h(
      'table',
      { class: 'split-table' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, 'Part'),
          h('th', { scope: 'col', class: 'number' }, 'Users'),
          h('th', { scope: 'col', class: 'number' }, `${capital(rowName(report))}s`),
          h('th', { scope: 'col', class: 'number' }, 'Treated', h('span', { class: 'role' }, plan.treatment.type)),
          h('th', { scope: 'col', class: 'number' }, 'Outcome', h('span', { class: 'role' }, plan.outcome.type)),
        ),
      ),
      h('tbody', {}, PARTS.map((part) => row(capital(part), splits[part].users, splits[part])), row('All', sessions.users, all, true)),
    ),
  );
}

/** A share as a number with a bar of the same colour everywhere. */
function share(value: number | null, meaning: 'treatment' | 'outcome'): Child {
  if (value === null) return h('span', { class: 'nothing' }, NOT_AVAILABLE);
  return h('span', { class: 'share' }, h('span', { class: `share-bar is-${meaning}`, 'aria-hidden': 'true', vars: { '--share': value } }), h('span', {}, percent(value)));
}

function liftTable(report: Report): HTMLElement {
  const { splits, all } = report;
  const name = rowName(report);
  const rows: [string, Arms][] = [...PARTS.map((part): [string, Arms] => [capital(part), splits[part]]), ['All', all]];
  const most = Math.max(0, ...rows.flatMap(([, arms]) => [arms.controlOutcomeRate ?? 0, arms.treatedOutcomeRate ?? 0]));
  const axis = axisEnd(most);
  return scrolling(
    'Outcome rates by arm',
    h(
      'table',
      { class: 'lift-table' },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          h('th', { scope: 'col' }, 'Part'),
          h('th', { scope: 'col', class: 'number' }, h('span', { class: 'dot is-control', 'aria-hidden': 'true' }), 'Control'),
          h('th', { scope: 'col', class: 'number' }, h('span', { class: 'dot is-treatment', 'aria-hidden': 'true' }), 'Treated'),
          h('th', { scope: 'col', class: 'number' }, 'Difference'),
          h('th', { scope: 'col', class: 'plot-head', 'aria-hidden': 'true' }, h('span', { class: 'axis' }, h('span', {}, '0%'), h('span', {}, `outcome rate`), h('span', {}, percent(axis, 0)))),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map(([label, arms], i) =>
          h(
            'tr',
            { class: i === rows.length - 1 ? 'total' : '' },
            h('th', { scope: 'row' }, label),
            rate(arms.controlOutcomeRate, arms.sessions - arms.treated, name),
            rate(arms.treatedOutcomeRate, arms.treated, name),
            h('td', { class: 'number' }, arms.naiveLift === null ? h('span', { class: 'nothing' }, NOT_AVAILABLE) : points(arms.naiveLift)),
            h('td', { class: 'plot', 'aria-hidden': 'true' }, dumbbell(arms, axis)),
          ),
        ),
      ),
    ),
  );
}

function rate(value: number | null, rows: number, name: string): HTMLElement {
  return h('td', { class: 'number', title: `of ${counted(rows, name)}` }, value === null ? h('span', { class: 'nothing' }, NOT_AVAILABLE) : percent(value, 2));
}

/** Control and treated as two dots on one axis; an empty arm has no dot. */
function dumbbell({ controlOutcomeRate: control, treatedOutcomeRate: treated }: Arms, axis: number): HTMLElement {
  const dot = (value: number | null, arm: string) => value !== null && h('span', { class: `mark is-${arm}`, vars: { '--at': value / axis } });
  const both = control !== null && treated !== null;
  return h(
    'span',
    { class: 'dumbbell' },
    both && h('span', { class: 'between', vars: { '--from': Math.min(control, treated) / axis, '--to': Math.max(control, treated) / axis } }),
    dot(control, 'control'),
    dot(treated, 'treatment'),
  );
}

/** The next round share that holds all values. */
function axisEnd(most: number): number {
  return [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((end) => most <= end) ?? 1;
}

function caveat(report: Report): string {
  const { plan, all } = report;
  const empty = all.naiveLift === null && all.sessions > 0 ? `n/a: one arm has no ${rowName(report)}, so there is nothing to compare. ` : '';
  return `${empty}This is a comparison, not an effect. Who has a “${plan.treatment.type}” may differ from the others already before it, and the difference above mixes that with whatever it did. Estimating the effect is what the training sets are for.`;
}

function samples({ samples: entries }: Report): HTMLElement {
  return h(
    'div',
    { class: 'samples' },
    entries.map((sample) =>
      h(
        'figure',
        { class: 'sample' },
        h(
          'figcaption',
          {},
          h('code', { class: 'sample-id', title: sample.sessionId }, sample.sessionId),
          h(
            'span',
            { class: 'badges' },
            h('span', { class: `badge ${sample.treatment ? 'is-treatment' : 'is-control'}` }, sample.treatment ? 'treated' : 'control'),
            h('span', { class: `badge ${sample.outcome ? 'is-outcome' : 'is-none'}` }, sample.outcome ? 'outcome' : 'no outcome'),
          ),
        ),
        h(
          'ol',
          { class: 'events' },
          sample.events.map((event) =>
            h(
              'li',
              {},
              h('span', { class: 'event-time' }, `${decimal(event.minutes)} min`),
              h('span', { class: 'event-type' }, event.type),
              h('span', { class: 'event-item', title: `${event.item}, item ${count(event.itemId)}` }, event.item),
            ),
          ),
        ),
        h('p', { class: 'help' }, sample.length > sample.events.length ? `and ${counted(sample.length - sample.events.length, 'more event', 'more events')}` : `${counted(sample.length, 'event')} in all`),
      ),
    ),
  );
}
