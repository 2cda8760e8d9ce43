/** The bar that stays in sight: how things stand, and what can be done about it from anywhere. */
import { button, h, setEnabled } from '../dom.js';
import { changedKeys } from '../model/plan.js';
import { summaryOf } from '../model/summary.js';
import type { Actions, Panel } from '../panel.js';
import { isStale, obstacle, shownResult, type State } from '../state.js';
import { tally } from '../words/common.js';
import { BAR, RUN } from '../words/run.js';
import { linkButton, reportButton } from './sharing.js';

export class ActionBar implements Panel {
  readonly element: HTMLElement;
  readonly #text = h('span', { class: 'bar-text' });
  readonly #changes = h('span', { class: 'bar-changes help' });
  readonly #update: HTMLButtonElement;
  readonly #undo: HTMLButtonElement;
  readonly #redo: HTMLButtonElement;
  readonly #download: HTMLButtonElement;
  readonly #report: HTMLButtonElement;

  constructor(actions: Actions) {
    this.#update = button(RUN.again, () => actions.run(), { class: 'primary', 'data-key': 'update' });
    this.#undo = button(RUN.undo, () => actions.undo(), { title: 'Ctrl+Z' });
    this.#redo = button(RUN.redo, () => actions.redo(), { title: 'Ctrl+Shift+Z' });
    this.#download = button(RUN.download, () => actions.saveZip());
    this.#report = reportButton(actions);
    this.element = h(
      'section',
      { class: 'action-bar', 'aria-label': BAR.label, 'data-stage': 'bar' },
      h('p', { class: 'bar-state' }, this.#text, this.#changes),
      h(
        'div',
        { class: 'buttons' },
        [this.#update, this.#undo, this.#redo, this.#download],
        h('span', { class: 'buttons bar-more' }, this.#report, linkButton(actions)),
      ),
    );
  }

  update(state: State): void {
    const { run } = state;
    const running = run.kind === 'running';
    const result = shownResult(state);
    const changed = changedKeys(state.changes).length;
    this.#text.textContent = stateText(state);
    this.#changes.textContent = changed === 0 ? '' : BAR.changed(changed);
    this.#update.textContent = result ? RUN.again : BAR.start;
    setEnabled(
      this.#update,
      !running && state.files.length > 0 && obstacle(state) === null && (result === null || isStale(state)),
    );
    setEnabled(this.#undo, state.past.length > 0);
    setEnabled(this.#redo, state.future.length > 0);
    const idle = run.kind === 'done' && run.dataset.report.all.sessions > 0 && state.saving.kind !== 'running';
    setEnabled(this.#download, idle && state.outputs.length > 0);
    setEnabled(this.#report, idle && state.outputs.length > 0 && run.dataset.audit !== null);
  }
}

function stateText(state: State): string {
  const { run, files } = state;
  switch (run.kind) {
    case 'running':
      return BAR.updating;
    case 'failed':
      return BAR.refused;
    case 'cancelled':
      return BAR.cancelled;
    case 'idle':
      return files.length === 0 ? BAR.empty : BAR.files(files.length);
    case 'done': {
      if (isStale(state)) return BAR.stale;
      const { rows, findings } = summaryOf(run.dataset.report, run.dataset.audit);
      return rows === 0 ? BAR.blocked : BAR.done(rows, findings === null ? '' : tally(findings));
    }
  }
}
