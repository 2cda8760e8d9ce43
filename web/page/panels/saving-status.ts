/** How far saving is, a way to stop it, and how it ended. */
import { button, focused, h, isEnabled, replaceChildren } from '../dom.js';
import type { Actions } from '../panel.js';
import type { Saving } from '../state.js';
import { SAVING } from '../words/files.js';
import { notice } from './section.js';

export class SavingStatus {
  readonly element = h('div', { class: 'slot saving' });
  readonly #bar = h('progress', { max: 1, value: 0, 'aria-label': SAVING.progress });
  readonly #text = h('span', { class: 'progress-stage' });
  readonly #figures = h('span', { class: 'progress-figures' });
  readonly #cancel: HTMLButtonElement;
  readonly #progress: HTMLElement;
  readonly #outcome = h('div', { class: 'slot' });
  /** The button pressed last, and the one that had the focus when Cancel took it. */
  #pressed: HTMLElement | null = null;
  #before: HTMLElement | null = null;

  constructor(actions: Actions) {
    this.#cancel = button(SAVING.cancel, () => actions.cancelSaving(), { 'aria-label': SAVING.cancelSpoken });
    const text = h('p', { class: 'progress-text' }, this.#text, this.#figures);
    this.#progress = h('div', { class: 'progress saving-progress', hidden: true }, this.#bar, text, this.#cancel);
    this.element.append(this.#progress, this.#outcome);
  }

  /** A press anywhere in the panel that this belongs to. */
  notePress(target: Element): void {
    this.#pressed = target.closest('button');
  }

  update(saving: Saving): void {
    const running = saving.kind === 'running';
    if (!running) this.#giveFocusBack();
    this.#progress.hidden = !running;
    this.element.hidden = saving.kind === 'idle';
    if (!running) return replaceChildren(this.#outcome, describe(saving));
    replaceChildren(this.#outcome);
    this.#bar.value = saving.share;
    this.#text.textContent = saving.text;
    this.#figures.textContent = saving.figures;
    this.#takeFocus();
  }

  /** The button that was pressed can do nothing while its work runs; what can be done is to stop it. */
  #takeFocus(): void {
    const active = focused(this.element);
    const lost = active === null || (active instanceof HTMLButtonElement && !isEnabled(active));
    if (!lost || this.#before) return;
    this.#before = this.#pressed;
    this.#cancel.focus({ preventScroll: true });
  }

  #giveFocusBack(): void {
    if (focused(this.element) === this.#cancel) this.#before?.focus({ preventScroll: true });
    this.#before = null;
  }
}

function describe(saving: Exclude<Saving, { kind: 'running' }>): HTMLElement | null {
  switch (saving.kind) {
    case 'idle':
      return null;
    case 'done':
      return h('p', {}, saving.text);
    case 'cancelled':
      return notice('hint', h('p', {}, h('strong', {}, SAVING.cancelled), SAVING.nothingSaved));
    case 'failed':
      return notice('problem', h('p', {}, h('strong', {}, SAVING.failed), ` ${saving.problem.message}`));
  }
}
