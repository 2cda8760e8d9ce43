/** Run: start, progress, cancel, and how it ended. */
import { hasTimeZero } from '../../lib/run/design.js';
import { sumOf } from '../../lib/run/estimate.js';
import type { Progress } from '../../lib/types/index.js';
import { button, focused, h, replaceChildren } from '../dom.js';
import { bytes, capital, count, counted, percent, seconds } from '../format.js';
import { changedKeys, type Path, type Value } from '../model/plan.js';
import { badRowsOf, refusalText } from '../model/problem.js';
import type { Actions, Panel } from '../panel.js';
import { blame, isStale, obstacle, RUN_UNASKED_BYTES, type Problem, type Run, type State } from '../state.js';
import { when } from '../store.js';
import { unplaced } from './fields.js';
import { actionSection, notice } from './section.js';

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
  /** The focus was in here when the run began, and is given to Cancel meanwhile. */
  #hasFocus = false;
  #wasRunning = false;

  readonly #showOutcome = when(
    ({ run, changes, defaults }: State) => {
      const unknown = changes.events?.unknown ?? defaults?.events.unknown;
      return [run, run.kind === 'failed' && unknown === 'error'];
    },
    (run, refusesTypes) => replaceChildren(this.#outcome, this.#describe(run, refusesTypes)),
  );

  readonly #showOther = when(
    (state: State) => [state.planNotice?.kind, state.planNotice?.text, unplaced(blame(state))],
    (kind, text, problem) => {
      const noticed = kind !== undefined && notice(kind, h('p', {}, text));
      replaceChildren(this.#other, noticed, problem !== null && notice('problem', h('p', {}, problem)));
    },
  );

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#start = button('Prepare training sets', () => actions.run(), { class: 'primary' });
    this.#cancel = button('Cancel', () => actions.cancel());
    this.#progress = h('div', { class: 'progress' }, this.#bar, h('p', { class: 'progress-text' }, this.#stage, this.#figures));
    this.#undo = button('Undo', () => actions.undo(), { class: 'quiet', title: 'Ctrl+Z' });
    this.#redo = button('Redo', () => actions.redo(), { class: 'quiet', title: 'Ctrl+Shift+Z' });
    this.#reset = button('Reset to defaults', () => actions.reset(), { class: 'quiet' });
    this.element = actionSection(
      'run',
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
    this.#moveFocus(running, pressedHere);
    this.#showOutcome(state);
    this.#showOther(state);
  }

  /** To the button that is there, where it was on the one that is not. */
  #moveFocus(running: boolean, pressedHere: boolean): void {
    if (running && !this.#wasRunning) {
      this.#hasFocus = pressedHere;
      if (pressedHere) this.#cancel.focus({ preventScroll: true });
    } else if (!running && this.#wasRunning && this.#hasFocus && this.#focusIsLost()) {
      this.#start.focus({ preventScroll: true });
    }
    this.#wasRunning = running;
  }

  #showSettings(state: State): void {
    this.#undo.disabled = state.past.length === 0;
    this.#redo.disabled = state.future.length === 0;
    const changed = changedKeys(state.changes);
    this.#reset.disabled = changed.length === 0;
    const names = changed.map(([path]) => path).join(', ');
    const text = `${capital(plural(changed.length))} from the defaults: ${names}.`;
    this.#changed.textContent = changed.length === 0 ? 'All settings are at their defaults.' : text;
  }

  /** A hidden button drops the focus it had. */
  #focusIsLost(): boolean {
    const active = focused(this.element);
    return active === null || active === this.#cancel;
  }

  #showProgress(progress: Progress | null, elapsed: number, rows: number | null): void {
    const { stage = 'reading', bytesRead = 0, bytesTotal = null } = progress ?? {};
    const from = progress ? this.#position : 0; // one name is there twice
    const position = Math.max(
      0,
      STAGES.findIndex(([name], i) => i >= from && name === stage),
    );
    this.#position = position;
    const read = stage === 'reading' ? (bytesTotal ? bytesRead / bytesTotal : 0) : 1;
    const share = Math.min(1, READING_SHARE * read + ((1 - READING_SHARE) * position) / (STAGES.length - 1));
    this.#bar.value = share;
    this.#stage.textContent = `${STAGES[position]![1]}, ${percent(share, 0)}`;
    const figures: string[] = [];
    if (bytesRead > 0) {
      figures.push(bytesTotal === null ? bytes(bytesRead) : `${bytes(bytesRead)} of ${bytes(bytesTotal)}`);
      if (stage === 'reading' && elapsed > 0) figures.push(`${bytes(bytesRead / elapsed)}/s`);
      if (stage === 'reading' && elapsed > 0 && bytesTotal && rows)
        figures.push(`about ${rate((rows * bytesRead) / bytesTotal / elapsed)} events/s`);
    }
    if (share > 0.05 && elapsed > 0.5) figures.push(`about ${seconds((elapsed * (1 - share)) / share)} left`);
    this.#figures.textContent = figures.join(' · ');
  }

  /** `refusesTypes`: the plan stops at unknown event types. */
  #describe(run: Run, refusesTypes: boolean): HTMLElement | null {
    switch (run.kind) {
      case 'idle':
      case 'running':
        return null;
      case 'cancelled':
        return notice(
          'hint',
          h('p', {}, h('strong', {}, 'Cancelled.'), ' Nothing was kept. Change what you like and prepare again.'),
        );
      case 'failed':
        return notice(
          'problem',
          h('p', {}, h('strong', {}, 'Refused, and nothing was made.'), ` ${refusalText(run.problem)}`),
          this.#repairs(run.problem, refusesTypes),
        );
      case 'done': {
        const { input, sessions, trials, plan, notices } = run.dataset.report;
        const rows = hasTimeZero(plan.index.kind) ? `${counted(trials.rows, 'row')} in ` : '';
        return h(
          'p',
          { class: 'done' },
          h('strong', {}, `Done in ${seconds(run.seconds)}.`),
          ` ${counted(input.events, 'event')} became ${rows}${counted(sessions.kept, 'session')} of ${counted(sessions.users, 'user')}.`,
          notices.length > 0 && ` ${counted(notices.length, 'notice stands', 'notices stand')} above the result.`,
          h(
            'span',
            { class: 'help' },
            run.dataset.reusedEvents
              ? ' Reading was not repeated.'
              : input.events >= 10_000
                ? ` ${rate(input.events / run.seconds)} events/s`
                : '',
          ),
        );
      }
    }
  }

  /** What would make the same file pass, one press away. */
  #repairs(problem: Problem, refusesTypes: boolean): HTMLElement | null {
    const bad = badRowsOf(problem);
    if (!bad) return null;
    const offer = (label: string, values: readonly (readonly [Path, Value] | false)[]) =>
      button(`${label} and run again`, () => this.#actions.settle(values.filter((value) => value !== false)));
    const dropBad: readonly [Path, Value] | false = bad.others > 0 && ['rows.bad', 'drop'];
    return h(
      'div',
      { class: 'buttons' },
      bad.unknown > 0 &&
        refusesTypes &&
        bad.canLeaveOut(bad.others) &&
        offer(dropBad ? 'Accept all event types, leave rows that cannot be read out, count them' : 'Accept all event types', [
          ['events.unknown', 'add'],
          dropBad,
        ]),
      (bad.unknown === 0 || refusesTypes) &&
        bad.canLeaveOut(bad.rows) &&
        offer('Leave such rows out, count them', [bad.unknown > 0 && ['events.unknown', 'drop'], dropBad]),
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
