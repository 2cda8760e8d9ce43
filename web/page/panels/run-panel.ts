/** Run: start, progress, cancel, and how it ended. */
import { sumOf } from '../../lib/run/estimate.js';
import type { Progress } from '../../lib/types/index.js';
import { button, h, replaceChildren, setEnabled } from '../dom.js';
import { bytes, percent, seconds } from '../format.js';
import { changedKeys } from '../model/plan.js';
import { refusalText } from '../model/problem.js';
import type { Actions, Panel } from '../panel.js';
import {
  blame,
  bytesOf,
  obstacle,
  RUN_UNASKED_BYTES,
  shownResult,
  problemOf,
  waitsForRoles,
  waitsForRows,
  type Run,
  type State,
} from '../state.js';
import { when } from '../store.js';
import { NO_ROWS } from '../words/result.js';
import { rate, RUN, WAITS } from '../words/run.js';
import { CHANGES } from '../words/settings.js';
import { labelOf, unplaced } from './fields.js';
import { refusalRepairs } from './refusal-repairs.js';
import { actionSection, notice } from './section.js';
import { whyNoRows } from './verdict.js';

/** Reading takes most of the time; the stages after it share the rest of the bar. */
const READING_SHARE = 0.7;

/** A run that follows a change shows how far it is only where that can be read. */
const SHOWN_AFTER_SECONDS = 0.5;

/** A number of events from which a speed says something. */
const MANY_EVENTS = 10_000;

export class RunPanel implements Panel {
  readonly element: HTMLElement;
  readonly #actions: Actions;
  readonly #start: HTMLButtonElement;
  readonly #cancel: HTMLButtonElement;
  readonly #obstacle = h('p', { class: 'help' });
  readonly #way: HTMLButtonElement;
  #goOn: () => void = () => undefined;
  readonly #bar = h('progress', { max: 1, value: 0, 'aria-label': RUN.progress });
  #position = 0;
  readonly #stage = h('span', { class: 'progress-stage' });
  readonly #figures = h('span', { class: 'progress-figures' });
  readonly #progress: HTMLElement;
  readonly #outcome = h('div', { class: 'slot' });
  readonly #reset: HTMLButtonElement;
  readonly #changed = h('p', { class: 'help changed-keys' });
  /** About the plan, where no field can say it. */
  readonly #other = h('div', { class: 'slot', role: 'alert' });

  readonly #showOutcome = when(
    ({ run, changes, defaults }: State) => {
      const unknown = changes.events?.unknown ?? defaults?.events.unknown;
      const ended = run.kind === 'running' && run.before ? run.before : run;
      return [ended, ended.kind === 'failed' && unknown === 'error'];
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
    this.#start = button(RUN.start, () => actions.run(), { class: 'primary', 'data-key': 'start', 'data-takes': 'cancel' });
    this.#cancel = button(RUN.cancel, () => actions.cancel(), { 'data-key': 'cancel', 'data-takes': 'start' });
    this.#way = button('', () => this.#goOn(), { class: 'quiet', 'data-key': 'way on' });
    this.#progress = h('div', { class: 'progress' }, this.#bar, h('p', { class: 'progress-text' }, this.#stage, this.#figures));
    this.#reset = button(RUN.reset, () => actions.reset(), { class: 'quiet' });
    this.element = actionSection(
      'run',
      RUN.purpose(bytes(RUN_UNASKED_BYTES)),
      h('div', { class: 'buttons settings-end' }, this.#changed, this.#reset),
      this.#other,
      h('div', { class: 'buttons run-buttons' }, this.#start, this.#cancel, this.#obstacle, this.#way),
      this.#progress,
      this.#outcome,
    );
  }

  update(state: State): void {
    const { run } = state;
    const elapsed = run.kind === 'running' ? (performance.now() - run.startedAt) / 1000 : 0;
    const shown = run.kind === 'running' && (run.before === null || elapsed > SHOWN_AFTER_SECONDS);
    const hindered = obstacle(state);
    this.#start.hidden = shown;
    setEnabled(
      this.#start,
      run.kind !== 'running' && (hindered === null || (state.files.length > 0 && state.engine === 'ready')),
    );
    this.#start.textContent = shownResult(state) ? RUN.again : RUN.start;
    this.#cancel.hidden = !shown;
    this.#showWay(state, run.kind === 'running' ? null : hindered);
    this.#progress.hidden = !shown;
    this.#showSettings(state);
    if (run.kind === 'running') this.#showProgress(run.progress, elapsed, rowsIn(state));
    this.#showOutcome(state);
    this.#showOther(state);
  }

  /** What a run waits for, and the way there. */
  #showWay(state: State, hindered: string | null): void {
    const { files, run } = state;
    const problem = files.find((file) => problemOf(file));
    const first = run.kind === 'idle' && state.engine === 'ready' && files.length > 0;
    const blamed = state.planProblem?.column;
    let [text, label]: [string, string] = [hindered ?? '', ''];
    if (state.planProblem && blamed && labelOf(blamed, state.keys)) {
      label = WAITS.setting;
      this.#goOn = () => this.#actions.goToSetting(blamed);
    } else if (first && problem) {
      [text, label] = [WAITS.problem(problem.name), WAITS.toProblem];
      this.#goOn = () => this.#actions.goToPart('problem');
    } else if (first && waitsForRoles(state)) {
      [text, label] = [WAITS.types, WAITS.toTypes];
      this.#goOn = () => this.#actions.goToPart('types');
    } else if (first && waitsForRows(state)) {
      [text, label] = [WAITS.rows, WAITS.toRows];
      this.#goOn = () => this.#actions.goToPart('problem');
    } else if (first && hindered === null && bytesOf(state) > RUN_UNASKED_BYTES) {
      text = WAITS.large(bytes(RUN_UNASKED_BYTES));
    }
    this.#obstacle.textContent = text;
    this.#way.textContent = label;
    this.#way.hidden = label === '';
  }

  #showSettings({ changes, keys }: State): void {
    const changed = changedKeys(changes);
    setEnabled(this.#reset, changed.length > 0);
    this.#changed.textContent =
      changed.length === 0 ? CHANGES.none : CHANGES.some(changed.map(([path]) => labelOf(path, keys) ?? path));
  }

  #showProgress(progress: Progress | null, elapsed: number, rows: number | null): void {
    const { stage = 'reading', bytesRead = 0, bytesTotal = null } = progress ?? {};
    const from = progress ? this.#position : 0; // one name is there twice
    const position = Math.max(
      0,
      RUN.stages.findIndex(([name], i) => i >= from && name === stage),
    );
    this.#position = position;
    const read = stage === 'reading' ? (bytesTotal ? bytesRead / bytesTotal : 0) : 1;
    const share = Math.min(1, READING_SHARE * read + ((1 - READING_SHARE) * position) / (RUN.stages.length - 1));
    this.#bar.value = share;
    this.#stage.textContent = `${RUN.stages[position]![1]}, ${percent(share, 0)}`;
    const figures: string[] = [];
    if (bytesRead > 0) {
      figures.push(bytesTotal === null ? bytes(bytesRead) : `${bytes(bytesRead)} of ${bytes(bytesTotal)}`);
      if (stage === 'reading' && elapsed > 0) figures.push(`${bytes(bytesRead / elapsed)}/s`);
      if (stage === 'reading' && elapsed > 0 && bytesTotal && rows)
        figures.push(RUN.speed(rate((rows * bytesRead) / bytesTotal / elapsed)));
    }
    if (share > 0.05 && elapsed > 0.5) figures.push(RUN.left(seconds((elapsed * (1 - share)) / share)));
    this.#figures.textContent = figures.join(' · ');
  }

  /** `refusesTypes`: the plan stops at unknown event types. */
  #describe(run: Run, refusesTypes: boolean): HTMLElement | null {
    switch (run.kind) {
      case 'idle':
      case 'running':
        return null;
      case 'cancelled':
        return notice('hint', h('p', {}, h('strong', {}, RUN.cancelled), ` ${RUN.nothingMade}`));
      case 'failed':
        return notice(
          'problem',
          h('p', {}, h('strong', {}, RUN.refused), ` ${refusalText(run.problem)}`),
          refusalRepairs(run.problem, { refusesTypes, again: true }, (values) => this.#actions.settle(values)),
        );
      case 'done': {
        const { report, reusedEvents } = run.dataset;
        const { input, sessions, all, notices } = report;
        if (all.sessions === 0)
          return h('p', { class: 'done error' }, h('strong', {}, `${NO_ROWS.title}.`), ` ${whyNoRows(report)}`);
        const made = RUN.made(all.sessions, sessions.kept, sessions.users);
        return h(
          'p',
          { class: 'done' },
          h('strong', {}, RUN.done(run.seconds)),
          `${made}${reusedEvents ? RUN.notReread : ''}.`,
          notices.length > 0 && RUN.noticed(notices.length),
          !reusedEvents &&
            input.events >= MANY_EVENTS &&
            h('span', { class: 'help' }, ` ${RUN.speed(rate(input.events / run.seconds))}`),
        );
      }
    }
  }
}

/** As the files' first bytes have it; null where one does not tell. */
function rowsIn({ files }: State): number | null {
  return sumOf(files.map(({ inspection }) => inspection?.estimate))?.rows ?? null;
}
