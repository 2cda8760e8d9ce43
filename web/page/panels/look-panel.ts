/** Look: pick a row of the table and see its session, event by event, with what is in X and what decides T and Y. */
import type { Plan, SessionEntry, SessionEvent, SessionView } from '../../lib/types/index.js';
import { Chart } from '../charts/chart.js';
import { describeTimeline, drawTimeline, type Timeline } from '../charts/session-timeline.js';
import { button, h, replaceChildren, uniqueId, type Child } from '../dom.js';
import { capital, count, counted, duration, instant } from '../format.js';
import { PAGE_ROWS } from '../model/look.js';
import type { Actions, Panel } from '../panel.js';
import type { Look, Query, State } from '../state.js';
import { when } from '../store.js';
import { table, type Row } from '../table.js';
import { whyNoResult } from '../words.js';
import { notice, section, waiting } from './section.js';

/** So many events are in the table at once; the timeline has them all. */
const SHOWN_EVENTS = 100;

const NOT_KEPT =
  'The events were too many to be kept beside the result, so a session cannot be opened. Give fewer files, or a sample of the users.';

const ROLES: Readonly<Record<SessionEvent['role'], string>> = {
  x: 'in X',
  cut: 'cut off',
  afterTimeZero: 'after time zero',
  afterTreatment: 'from the treatment on',
};

export class LookPanel implements Panel {
  readonly element: HTMLElement;
  readonly #actions: Actions;
  readonly #waiting = h('div', { class: 'slot' });
  readonly #ready = h('div', { class: 'slot' });
  readonly #filters: Filters;
  readonly #list = h('div', { class: 'slot look-list' });
  readonly #session: OpenSession;
  readonly #notice = h('div', { class: 'slot', role: 'alert' });

  readonly update = when(
    ({ look, run }: State) => [look, run],
    (look, run) => {
      const done = run.kind === 'done';
      this.#ready.hidden = !done;
      this.#waiting.hidden = done;
      replaceChildren(this.#waiting, !done && waiting(whyNoResult({ run }, 'Sessions to look at, one by one, appear here')));
      if (!done) return;
      this.#filters.update(look);
      replaceChildren(this.#list, this.#describeList(look));
      const refused = look?.problem ?? (run.dataset.keepsEvents ? null : NOT_KEPT);
      replaceChildren(this.#notice, refused !== null && notice('problem', h('p', {}, refused)));
      this.#session.show(look?.view ?? null, run.dataset.report.plan);
    },
  );

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#filters = new Filters(actions);
    this.#session = new OpenSession();
    this.#ready.append(this.#filters.element, this.#list, this.#notice, this.#session.element);
    this.element = section('look', 'Look', 'One session at a time, as the table has it.', this.#waiting, this.#ready);
  }

  #describeList(look: Look | null): Child {
    if (!look?.list) return h('p', { class: 'help' }, 'The rows are being listed.');
    const { total, sessions } = look.list;
    if (total === 0) return h('p', { class: 'help' }, 'No row is like that. Change what is asked for.');
    const timed = sessions.some(({ timeZeroUs }) => timeZeroUs !== null);
    const last = look.offset + sessions.length;
    return [
      table(
        'Rows of the table',
        'look-table',
        [
          { title: 'Session' },
          { title: 'Part' },
          { title: 'Arm' },
          { title: 'Outcome' },
          'Length of X',
          { title: timed ? 'Time zero' : 'Begins', class: 'nowrap' },
        ],
        sessions.map((entry) => this.#row(entry, look)),
      ),
      h(
        'div',
        { class: 'buttons look-pages' },
        button('Previous', () => this.#actions.listSessions(look.query, look.offset - PAGE_ROWS), {
          disabled: look.offset === 0,
        }),
        button('Next', () => this.#actions.listSessions(look.query, last), { disabled: last >= total }),
        button('Any one', () => this.#actions.lookAtAny(), { title: 'Opens a row drawn from all that are asked for' }),
        h('span', { class: 'help' }, `${count(look.offset + 1)} to ${count(last)} of ${counted(total, 'row')}`),
      ),
    ];
  }

  #row({ row, session, part, treatment, outcome, length, timeZeroUs, startUs }: SessionEntry, { view }: Look): Row {
    return {
      cells: [
        button(session, () => this.#actions.lookAt(row), { class: 'quiet session-id', 'aria-label': `Look at ${session}` }),
        part ?? 'none',
        arm(treatment),
        yes(outcome),
        count(length),
        instant(timeZeroUs ?? startUs),
      ],
      current: view?.row === row,
    };
  }
}

function badge(kind: string, text: string): HTMLElement {
  return h('span', { class: `badge is-${kind}` }, text);
}

const arm = (treatment: 0 | 1) => (treatment ? badge('treatment', 'treated') : badge('control', 'control'));
const yes = (outcome: 0 | 1) => (outcome ? badge('outcome', 'outcome') : badge('none', 'no outcome'));

/** What is asked for; every change asks at once. */
class Filters {
  readonly element: HTMLElement;
  readonly #controls: Record<keyof Query, HTMLInputElement | HTMLSelectElement>;

  constructor(actions: Actions) {
    const ask = () => actions.listSessions(this.#query(), 0);
    const field = (label: string, control: HTMLInputElement | HTMLSelectElement) => {
      control.id = uniqueId('look');
      control.addEventListener(control instanceof HTMLInputElement ? 'input' : 'change', ask);
      return h('div', { class: 'field' }, h('label', { for: control.id }, label), control);
    };
    const choices = (entries: readonly (readonly [string, string])[]) =>
      h(
        'select',
        {},
        h('option', { value: '' }, 'Any'),
        entries.map(([value, text]) => h('option', { value }, text)),
      );
    this.#controls = {
      text: h('input', { type: 'text', autocomplete: 'off', spellcheck: 'false' }),
      part: choices([
        ['train', 'Train'],
        ['validation', 'Validation'],
        ['test', 'Test'],
      ]),
      treatment: choices([
        ['1', 'Treated'],
        ['0', 'Control'],
      ]),
      outcome: choices([
        ['1', 'With the outcome'],
        ['0', 'Without'],
      ]),
    };
    this.element = h(
      'div',
      { class: 'fields look-filters', role: 'search', 'aria-label': 'Which rows to list' },
      field('User or session contains', this.#controls.text),
      field('Part', this.#controls.part),
      field('Arm', this.#controls.treatment),
      field('Outcome', this.#controls.outcome),
    );
  }

  update(look: Look | null): void {
    if (look === null) for (const control of Object.values(this.#controls)) control.value = '';
  }

  #query(): Query {
    const { text, part, treatment, outcome } = this.#controls;
    const bit = (value: string) => (value === '' ? undefined : (Number(value) as 0 | 1));
    return {
      text: text.value.trim() || undefined,
      part: (part.value || undefined) as Query['part'],
      treatment: bit(treatment.value),
      outcome: bit(outcome.value),
    };
  }
}

class OpenSession {
  readonly element: HTMLElement;
  readonly #head = h('div', { class: 'look-head' });
  readonly #table = h('div', { class: 'slot' });
  readonly #evenly = h('input', { type: 'checkbox', id: uniqueId('evenly') });
  readonly #chart = new Chart<Timeline>({
    title: 'Events of the session',
    remark: 'A dot an event, a line a type. What is shaded is X; pale events are not in it.',
    name: 'session',
    draw: drawTimeline,
    describe: describeTimeline,
  });
  #shown: SessionView | null = null;
  #plan: Plan | null = null;

  constructor() {
    this.#evenly.addEventListener('change', () => this.#draw());
    const toggle = h(
      'p',
      { class: 'look-evenly' },
      this.#evenly,
      ' ',
      h('label', { for: this.#evenly.id }, 'Space events evenly'),
    );
    this.element = h('div', { class: 'slot look-session', hidden: true }, this.#head, this.#chart.element, toggle, this.#table);
  }

  show(view: SessionView | null, plan: Plan): void {
    this.element.hidden = view === null;
    if (view === this.#shown && plan === this.#plan) return;
    this.#shown = view;
    this.#plan = plan;
    if (!view) return;
    replaceChildren(
      this.#head,
      h('h3', {}, h('code', {}, view.session)),
      h('span', { class: 'badges' }, arm(view.treatment), yes(view.outcome)),
      h('p', { class: 'prose' }, story(view)),
    );
    this.#draw();
    this.#showEvents(view, SHOWN_EVENTS);
  }

  #draw(): void {
    const view = this.#shown;
    if (!view || !this.#plan) return;
    const minutes = (us: number | null) => (us === null ? null : (us - view.startUs) / 60e6);
    this.#chart.show({
      events: view.events.map(({ timeUs, type, item, role, decides }) => ({
        minutes: minutes(timeUs)!,
        type,
        item,
        part: decides ?? (role === 'x' ? 'x' : 'other'),
      })),
      timeZero: minutes(view.timeZeroUs),
      window: minutes(view.windowEndUs),
      treatment: this.#plan.treatment.type,
      outcome: this.#plan.outcome.type,
      evenly: this.#evenly.checked,
    });
  }

  #showEvents(view: SessionView, most: number): void {
    const { events } = view;
    const rest = events.length - most;
    replaceChildren(
      this.#table,
      table(
        'Events of the session',
        'look-events',
        [
          { title: 'Event', number: true },
          { title: 'Time', class: 'nowrap' },
          'Since the first',
          { title: 'Type' },
          { title: 'Item' },
          { title: 'Place' },
        ],
        events.slice(0, most).map((event, i) => eventRow(event, i, view.startUs)),
      ),
      rest > 0 &&
        h(
          'p',
          {},
          button(`Show ${counted(rest, 'more event')}`, () => this.#showEvents(view, events.length), { class: 'quiet' }),
        ),
    );
  }
}

function eventRow({ timeUs, type, item, role, decides }: SessionEvent, i: number, startUs: number): Row {
  return {
    cells: [
      count(i + 1),
      instant(timeUs),
      duration((timeUs - startUs) / 1e6),
      type,
      item ?? h('span', { class: 'nothing' }, 'none'),
      [ROLES[role], decides && [' ', badge(decides, decides === 'treatment' ? 'T' : 'Y')]],
    ],
    class: role === 'x' ? 'in-x' : 'outside-x',
  };
}

function story(view: SessionView): string {
  const { part, trial, timeZeroUs, startUs, treatmentUs, outcomeUs, censored, padding, length } = view;
  const from = timeZeroUs === null ? 'the first event' : 'time zero';
  const after = (us: number) => {
    const seconds = (us - (timeZeroUs ?? startUs)) / 1e6;
    return `${timeZeroUs !== null && seconds < 0.01 ? 'just' : duration(seconds, true)} after ${from}`; // a design may put time zero a microsecond before the treatment
  };
  return [
    `${part === null ? 'In no part' : `${capital(part)} part`}, user ${view.user}.`,
    `The session begins at ${instant(startUs)}${timeZeroUs === null ? '' : `, time zero ${trial === null ? '' : `of its row ${count(trial)} `}is at ${instant(timeZeroUs)}`}.`,
    `X has ${counted(length, 'event')}${padding ? `, ${count(padding.tokens)} of them padding` : ''}.`,
    treatmentUs === null ? 'T is 0.' : `T is 1: the treatment is ${after(treatmentUs)}.`,
    outcomeUs === null ? 'Y is 0.' : `Y is 1: the outcome is ${after(outcomeUs)}.`,
    censored ? 'The end of the data cuts its follow-up.' : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}
