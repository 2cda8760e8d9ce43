/** Look: pick a training row and see its session, event by event, with what is in X and what decides T and Y. */
import type { Plan, SessionEntry, SessionEvent, SessionSort, SessionView } from '../../lib/types/index.js';
import { Chart } from '../charts/chart.js';
import { describeTimeline, drawTimeline, type Timeline } from '../charts/session-timeline.js';
import { button, h, replaceChildren, setEnabled, uniqueId, type Child } from '../dom.js';
import { count, duration, instant, shortId } from '../format.js';
import { PAGE_ROWS } from '../model/look.js';
import type { Actions, Panel } from '../panel.js';
import { shownResult, type Look, type Query, type State } from '../state.js';
import { when } from '../store.js';
import { table, type Column, type Row } from '../table.js';
import { BLANK, controlOf, GROUPS, named, PARTS, whyNoResult } from '../words/common.js';
import { LOOK, SESSION } from '../words/look.js';
import { Fold, notice, section, waiting } from './section.js';

/** So many events are in the table at once; the timeline has them all. */
const SHOWN_EVENTS = 100;

export class LookPanel implements Panel {
  readonly element: HTMLElement;
  readonly #actions: Actions;
  readonly #waiting = h('div', { class: 'slot' });
  readonly #ready = h('div', { class: 'slot' });
  readonly #filters: Filters;
  readonly #finding = h('div', { class: 'slot look-finding' });
  readonly #list = h('div', { class: 'slot look-list' });
  readonly #session: OpenSession;
  readonly #notice = h('div', { class: 'slot', role: 'alert' });
  #control: string = GROUPS.control;

  readonly update = when(
    (state: State) => [state.look, state.run, shownResult(state)?.dataset],
    (look, run, result) => {
      const some = result !== undefined && result.report.all.sessions > 0;
      this.#ready.hidden = !some;
      this.#waiting.hidden = some;
      replaceChildren(this.#waiting, !some && waiting(whyNoResult({ run }, LOOK.waiting)));
      if (!some) return;
      this.#control = controlOf(result.report.plan);
      this.#filters.update(look, this.#control);
      replaceChildren(this.#finding, look?.finding != null && this.#describeFinding(look.finding));
      replaceChildren(this.#list, this.#describeList(look, run.kind === 'done'));
      const refused = look?.problem ?? (result.keepsEvents ? null : LOOK.notKept);
      replaceChildren(this.#notice, refused !== null && notice('hint', h('p', {}, refused)));
      this.#session.show(look?.view ?? null, result.report.plan);
    },
  );

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#filters = new Filters(actions);
    this.#session = new OpenSession();
    this.#ready.append(this.#filters.element, this.#finding, this.#list, this.#notice, this.#session.element);
    this.element = section('look', this.#waiting, this.#ready);
  }

  #describeFinding(title: string): Child {
    return notice(
      'hint',
      h(
        'p',
        {},
        LOOK.ofFinding(title),
        ' ',
        button(LOOK.allRows, () => this.#actions.listFinding(null), { class: 'quiet' }),
      ),
    );
  }

  /** `alive`: the rows can be asked for, and no run is about to take their place. */
  #describeList(look: Look | null, alive: boolean): Child {
    if (!look?.list) return h('p', { class: 'help' }, LOOK.listing);
    const { total, sessions } = look.list;
    if (total === 0) return h('p', { class: 'help' }, LOOK.noMatch);
    const timed = sessions.some(({ timeZeroUs }) => timeZeroUs !== null);
    const last = look.offset + sessions.length;
    const previous = button(LOOK.previous, () => this.#actions.listSessions(look.query, look.offset - PAGE_ROWS));
    const next = button(LOOK.next, () => this.#actions.listSessions(look.query, last));
    const random = button(LOOK.random, () => this.#actions.lookAtAny(), { title: LOOK.randomTitle });
    setEnabled(previous, alive && look.offset > 0);
    setEnabled(next, alive && last < total);
    setEnabled(random, alive);
    const { head } = LOOK;
    const column = (sort: SessionSort, title: string): Column => this.#column(look, sort, title);
    return [
      table(
        LOOK.table,
        'look-table',
        [
          column('session', head.session),
          column('part', head.set),
          column('treatment', head.group),
          column('outcome', head.outcome),
          { ...column('length', head.length), number: true },
          { ...column('time', timed ? head.timeZero : head.begins), class: 'nowrap' },
        ],
        sessions.map((entry) => this.#row(entry, look)),
      ),
      h(
        'div',
        { class: 'buttons look-pages' },
        previous,
        next,
        random,
        h('span', { class: 'help' }, LOOK.place(look.offset + 1, last, total)),
      ),
    ];
  }

  /** Its head sorts the rows: from the least first, then the other way, then as the table has them. */
  #column({ query }: Look, sort: SessionSort, title: string): Column {
    const order = query.sort !== sort ? null : query.descending ? 'descending' : 'ascending';
    const next = order === null ? { sort, descending: false } : order === 'ascending' ? { sort, descending: true } : {};
    const asked = { ...query, sort: undefined, descending: undefined, ...next };
    return {
      title: button(title, () => this.#actions.listSessions(asked, 0), {
        class: 'sort',
        'data-key': `sort ${sort}`,
        title: LOOK.sortBy(title),
      }),
      sorted: order,
    };
  }

  #row({ row, session, part, treatment, outcome, length, timeZeroUs, startUs }: SessionEntry, { view }: Look): Row {
    return {
      cells: [
        button([shortId(session), h('span', { class: 'unseen' }, LOOK.row(row))], () => this.#actions.lookAt(row), {
          class: 'quiet session-id',
          title: session,
        }),
        part === null ? LOOK.noSet : PARTS[part].toLowerCase(),
        arm(treatment, this.#control),
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

const arm = (treatment: 0 | 1, control: string) => (treatment ? badge('treatment', GROUPS.treated) : badge('control', control));
const yes = (outcome: 0 | 1) => (outcome ? badge('outcome', LOOK.outcome) : badge('none', LOOK.noOutcome));

type Filter = 'text' | 'part' | 'treatment' | 'outcome';

/** What is asked for; every change asks at once. */
class Filters {
  readonly element: HTMLElement;
  readonly #controls: Record<Filter, HTMLInputElement | HTMLSelectElement>;
  /** What else is asked for, which is chosen elsewhere. */
  #kept: Omit<Query, Filter> = {};
  #finding: Query['finding'];

  constructor(actions: Actions) {
    const ask = () => actions.listSessions({ ...this.#kept, ...this.#query() }, 0);
    const field = (label: string, control: HTMLInputElement | HTMLSelectElement) => {
      control.id = uniqueId('look');
      control.addEventListener(control instanceof HTMLInputElement ? 'input' : 'change', ask);
      return h('div', { class: 'field' }, h('label', { for: control.id }, label), control);
    };
    const choices = (entries: readonly (readonly [string, string])[]) =>
      h(
        'select',
        {},
        h('option', { value: '' }, LOOK.filters.any),
        entries.map(([value, text]) => h('option', { value }, text)),
      );
    this.#controls = {
      text: h('input', { type: 'text', autocomplete: 'off', spellcheck: 'false' }),
      part: choices([...Object.entries(PARTS)]),
      treatment: choices([
        ['1', LOOK.filters.treated],
        ['0', LOOK.filters.untreated],
      ]),
      outcome: choices([
        ['1', LOOK.filters.withOutcome],
        ['0', LOOK.filters.without],
      ]),
    };
    this.element = h(
      'div',
      { class: 'fields look-filters', role: 'search', 'aria-label': LOOK.filters.label },
      field(LOOK.filters.text, this.#controls.text),
      field(LOOK.filters.set, this.#controls.part),
      field(LOOK.filters.group, this.#controls.treatment),
      field(LOOK.filters.outcome, this.#controls.outcome),
    );
  }

  update(look: Look | null, control: string): void {
    const { text, part, treatment, outcome, ...kept } = look?.query ?? {};
    const [, , untreated] = (this.#controls.treatment as HTMLSelectElement).options;
    untreated!.textContent = named(LOOK.filters.untreated, control);
    this.#kept = kept;
    // A finding's rows are listed without what was asked for before.
    if (look === null || kept.finding !== this.#finding) {
      const values = { text, part, treatment, outcome };
      for (const [name, control] of Object.entries(this.#controls)) control.value = String(values[name as Filter] ?? '');
    }
    this.#finding = kept.finding;
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
  readonly #opened: Fold;
  readonly #head = h('div', { class: 'look-head', 'data-part': 'session' });
  readonly #table = h('div', { class: 'slot' });
  readonly #fold = new Fold(SESSION.table, this.#table);
  readonly #evenly = h('input', { type: 'checkbox', id: uniqueId('evenly') });
  readonly #chart = new Chart<Timeline>({
    title: SESSION.title,
    remark: SESSION.remark,
    name: 'session',
    draw: drawTimeline,
    describe: describeTimeline,
  });
  #shown: SessionView | null = null;
  #plan: Plan | null = null;

  constructor() {
    this.#evenly.addEventListener('change', () => this.#draw());
    const toggle = h('p', { class: 'look-evenly' }, this.#evenly, ' ', h('label', { for: this.#evenly.id }, SESSION.evenly));
    this.#opened = new Fold(SESSION.open, this.#head, this.#chart.element, toggle, this.#fold.element);
    this.element = this.#opened.element;
    this.element.classList.add('look-session');
    this.#opened.element.open = true;
  }

  show(view: SessionView | null, plan: Plan): void {
    this.element.hidden = view === null;
    if (view === this.#shown && plan === this.#plan) return;
    this.#shown = view;
    this.#plan = plan;
    if (!view) return;
    this.#opened.setLine(SESSION.said(view.session, SESSION.line(view.events.length)));
    this.#fold.setLine(SESSION.line(view.events.length));
    replaceChildren(
      this.#head,
      h('h3', { tabindex: -1 }, h('code', {}, view.session)),
      h('span', { class: 'badges' }, arm(view.treatment, controlOf(plan)), yes(view.outcome)),
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
    const { head } = SESSION;
    const rest = events.length - most;
    replaceChildren(
      this.#table,
      table(
        SESSION.title,
        'look-events',
        [
          { title: head.event, number: true },
          { title: head.time, class: 'nowrap' },
          head.since,
          { title: head.type },
          { title: head.item },
          { title: head.role },
        ],
        events.slice(0, most).map((event, i) => eventRow(event, i, view.startUs)),
      ),
      rest > 0 &&
        h(
          'p',
          {},
          button(SESSION.more(rest), () => this.#showEvents(view, events.length), { class: 'quiet' }),
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
      item === null ? h('span', { class: 'nothing' }, BLANK) : h('span', { title: item }, shortId(item)),
      [decides && [badge(decides, SESSION[decides]), ' '], badge('none', SESSION.roles[role])],
    ],
    class: role === 'x' ? 'in-x' : 'outside-x',
  };
}

function story(view: SessionView): string {
  const { part, trial, timeZeroUs, startUs, treatmentUs, outcomeUs, censored, padding, length } = view;
  const { story: says } = SESSION;
  const after = (us: number) => {
    const seconds = (us - (timeZeroUs ?? startUs)) / 1e6;
    // A design may put time zero a microsecond before the treatment.
    return says.after(timeZeroUs !== null && seconds < 0.01 ? says.just : duration(seconds, true), timeZeroUs !== null);
  };
  return [
    says.set(part === null ? null : PARTS[part], view.user),
    says.begins(instant(startUs)),
    timeZeroUs === null ? '' : says.timeZero(trial, instant(timeZeroUs)),
    says.x(length, padding?.tokens ?? 0),
    treatmentUs === null ? says.noTreatment : says.treatment(after(treatmentUs)),
    outcomeUs === null ? says.noOutcome : says.outcome(after(outcomeUs)),
    censored ? says.censored : '',
  ]
    .filter((text) => text !== '')
    .join(' ');
}
