/** Run: start, progress, cancel, and how it ended. */
import { sumOf } from '../../lib/run/estimate.js';
import type { Progress } from '../../lib/types/index.js';
import type { Actions, Panel } from '../app.js';
import { button, focused, h, replaceChildren } from '../dom.js';
import { bytes, capital, count, counted, percent, seconds } from '../format.js';
import { changedKeys, type Path, type Value } from '../plan.js';
import { badRowsOf, refusalText } from '../problem.js';
import { blame, isStale, obstacle, RUN_UNASKED_BYTES, type Problem, type Run, type State } from '../state.js';
import { unplaced } from './settings.js';
import { notice, section } from './section.js';

/** The engine's names for rows that cannot be used. */
export const REASONS: Readonly<Record<string, string>> = {
  missingUser: 'No user',
  missingTime: 'No time',
  missingType: 'No event type',
  badTime: 'Not a time',
  unknownType: 'Unknown event type',
  wrongCellCount: 'Wrong number of cells',
  nestedValue: 'Object or list instead of a value',
  badValue: 'A value that stands for nothing',
  otherHeader: 'Another header',
};

/** Reading takes most of the time; the stages after it share the rest of the bar. */
const READING_SHARE = 0.7;
const STAGES: readonly (readonly [string, string])[] = [
  ['reading', 'Reading'],
  ['ordering', 'Putting events in order'],
  ['auditing', 'Auditing the events'],
  ['sessions', 'Cutting sessions'],
  ['trials', 'Finding time zeros and arms'],
  ['split', 'Splitting users'],
  ['vocabulary', 'Building the vocabulary'],
  ['auditing', 'Auditing the rows'],
  ['sequences', 'Building sequences'],
  ['reporting', 'Counting for the report'],
  ['done', 'Handing over the result'],
];

export class RunPanel implements Panel {
  readonly element: HTMLElement;
  readonly #actions: Actions;
  readonly #start: HTMLButtonElement;
  readonly #cancel: HTMLButtonElement;
  readonly #obstacle = h('p', { class: 'help' });
  readonly #bar = h('progress', { max: 1, value: 0, 'aria-label': 'Progress of the run' });
  #position = 0;
  readonly #stage = h('span', { class: 'progress-stage' });
  readonly #figures = h('span', { class: 'progress-figures' });
  readonly #progress: HTMLElement;
  readonly #outcome = h('div', { class: 'slot' });
  readonly #undo: HTMLButtonElement;
  readonly #redo: HTMLButtonElement;
  readonly #reset: HTMLButtonElement;
  readonly #changed = h('p', { class: 'help changed-keys' });
  /** About the plan, where no field can say it. */
  readonly #other = h('div', { class: 'slot', role: 'alert' });
  #shownRun: Run | null = null;
  /** The focus was in here when the run began, and is given to Cancel meanwhile. */
  #hasFocus = false;

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#start = button('Prepare training sets', () => actions.run(), { class: 'primary' });
    this.#cancel = button('Cancel', () => actions.cancel());
    this.#progress = h('div', { class: 'progress' }, this.#bar, h('p', { class: 'progress-text' }, this.#stage, this.#figures));
    this.#undo = button('Undo', () => actions.undo(), { class: 'quiet', title: 'Ctrl+Z' });
    this.#redo = button('Redo', () => actions.redo(), { class: 'quiet', title: 'Ctrl+Shift+Z' });
    this.#reset = button('Reset to defaults', () => actions.reset(), { class: 'quiet' });
    this.element = section(
      'run',
      null,
      'Run',
      `Up to ${bytes(RUN_UNASKED_BYTES)} the first run starts by itself; after that this button does.`,
      h('div', { class: 'buttons settings-end' }, this.#undo, this.#redo, this.#reset, this.#changed),
      this.#other,
      h('div', { class: 'buttons run-buttons' }, this.#start, this.#cancel, this.#obstacle),
      this.#progress,
      this.#outcome,
    );
  }

  update(state: State): void {
    const { run } = state;
    const running = run.kind === 'running';
    const hindered = obstacle(state);
    const pressedHere = this.element.getRootNode().contains(focused(this.element)); // else the focus stays where it is
    this.#start.hidden = running;
    this.#start.disabled = hindered !== null && (state.files.length === 0 || state.engine !== 'ready');
    this.#start.textContent = isStale(state) ? 'Prepare again' : 'Prepare training sets';
    this.#cancel.hidden = !running;
    this.#obstacle.textContent = running ? '' : (hindered ?? '');
    this.#progress.hidden = !running;
    this.#showSettings(state);
    if (running) this.#showProgress(run.progress, (performance.now() - run.startedAt) / 1000, rowsIn(state));
    if (run !== this.#shownRun) {
      if (running && this.#shownRun?.kind !== 'running') {
        this.#hasFocus = pressedHere;
        if (pressedHere) this.#cancel.focus({ preventScroll: true });
      } else if (!running && this.#hasFocus && this.#focusIsLost()) {
        this.#start.focus({ preventScroll: true });
      }
      replaceChildren(this.#outcome, this.#describe(state));
      this.#shownRun = run;
    }
  }

  #showSettings(state: State): void {
    this.#undo.disabled = state.past.length === 0;
    this.#redo.disabled = state.future.length === 0;
    const changed = changedKeys(state.changes);
    this.#reset.disabled = changed.length === 0;
    this.#changed.textContent = changed.length === 0 ? 'All settings are at their defaults.' : `${capital(plural(changed.length))} from the defaults: ${changed.map(([path]) => path).join(', ')}.`;
    const { planNotice } = state;
    const problem = unplaced(blame(state));
    const key = `${planNotice?.text} ${problem}`;
    if (this.#other.dataset['key'] === key) return;
    this.#other.dataset['key'] = key;
    replaceChildren(this.#other, planNotice && notice(planNotice.kind, h('p', {}, planNotice.text)), problem !== null && notice('problem', h('p', {}, problem)));
  }

  /** A hidden button drops the focus it had. */
  #focusIsLost(): boolean {
    const active = focused(this.element);
    return active === null || active === this.#cancel;
  }

  #showProgress(progress: Progress | null, elapsed: number, rows: number | null): void {
    const { stage = 'reading', bytesRead = 0, bytesTotal = null } = progress ?? {};
    const from = progress ? this.#position : 0; // one name is there twice
    const position = Math.max(0, STAGES.findIndex(([name], i) => i >= from && name === stage));
    this.#position = position;
    const read = stage === 'reading' ? (bytesTotal ? bytesRead / bytesTotal : 0) : 1;
    const share = Math.min(1, READING_SHARE * read + ((1 - READING_SHARE) * position) / (STAGES.length - 1));
    this.#bar.value = share;
    this.#stage.textContent = `${STAGES[position]![1]}, ${percent(share, 0)}`;
    const figures: string[] = [];
    if (bytesRead > 0) {
      figures.push(bytesTotal === null ? bytes(bytesRead) : `${bytes(bytesRead)} of ${bytes(bytesTotal)}`);
      if (stage === 'reading' && elapsed > 0) figures.push(`${bytes(bytesRead / elapsed)}/s`);
      if (stage === 'reading' && elapsed > 0 && bytesTotal && rows) figures.push(`about ${rate((rows * bytesRead) / bytesTotal / elapsed)} events/s`);
    }
    if (share > 0.05 && elapsed > 0.5) figures.push(`about ${seconds((elapsed * (1 - share)) / share)} left`);
    this.#figures.textContent = figures.join(' · ');
  }

  #describe(state: State): HTMLElement | null {
    const { run } = state;
    switch (run.kind) {
      case 'idle':
      case 'running':
        return null;
      case 'cancelled':
        return notice('hint', h('p', {}, h('strong', {}, 'Cancelled.'), ' Nothing was kept. Change what you like and prepare again.'));
      case 'failed':
        return notice('problem', h('p', {}, h('strong', {}, 'Refused, and nothing was made.'), ` ${refusalText(run.problem)}`), this.#repairs(state, run.problem));
      case 'done': {
        const { input, sessions, trials, plan, notices } = run.dataset.report;
        const rows = plan.index.kind === 'session' ? '' : `${counted(trials.rows, 'row')} in `;
        return h(
          'p',
          { class: 'done' },
          h('strong', {}, `Done in ${seconds(run.seconds)}.`),
          ` ${counted(input.events, 'event')} became ${rows}${counted(sessions.kept, 'session')} of ${counted(sessions.users, 'user')}.`,
          notices.length > 0 && ` ${counted(notices.length, 'notice stands', 'notices stand')} above the result.`,
          h('span', { class: 'help' }, run.dataset.reusedEvents ? ' Reading was not repeated.' : input.events >= 10_000 ? ` ${rate(input.events / run.seconds)} events/s` : ''),
        );
      }
    }
  }

  /** What would make the same file pass, one press away. */
  #repairs({ defaults, changes }: State, problem: Problem): HTMLElement | null {
    const bad = badRowsOf(problem);
    if (!bad) return null;
    const offer = (label: string, values: readonly (readonly [Path, Value] | false)[]) =>
      button(`${label} and run again`, () => this.#actions.settle(values.filter((value) => value !== false)));
    const known = (changes.events?.unknown ?? defaults?.events.unknown) !== 'error';
    const dropBad: readonly [Path, Value] | false = bad.others > 0 && ['rows.bad', 'drop'];
    return h(
      'div',
      { class: 'buttons' },
      bad.unknown > 0 && !known && bad.canLeaveOut(bad.others) &&
        offer(dropBad ? 'Accept all event types, leave rows that cannot be read out, count them' : 'Accept all event types', [['events.unknown', 'add'], dropBad]),
      (bad.unknown === 0 || !known) && bad.canLeaveOut(bad.rows) && offer('Leave such rows out, count them', [bad.unknown > 0 && ['events.unknown', 'drop'], dropBad]),
    );
  }
}

/** As the files' first bytes have it; null where one does not tell. */
function rowsIn({ files }: State): number | null {
  return sumOf(files.map(({ inspection }) => inspection?.estimate))?.rows ?? null;
}

/** Two digits: a speed is no count. */
function rate(perSecond: number): string {
  return count(Number(perSecond.toPrecision(2)));
}

function plural(changes: number): string {
  return changes === 1 ? 'one change' : `${count(changes)} changes`;
}

/** Used by the panels below while there is no result. */
export function whyNoResult({ run }: State, what: string): string {
  switch (run.kind) {
    case 'running':
      return `${what} when the run is done.`;
    case 'failed':
      return `There is no result: the run was refused. What to do is said under Run.`;
    case 'cancelled':
      return `There is no result: the run was cancelled.`;
    default:
      return `${what} after a run.`;
  }
}

export function rowsText(rows: number): string {
  return rows === 1 ? '1 row' : `${count(rows)} rows`;
}
