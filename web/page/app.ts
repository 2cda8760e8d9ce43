/**
 * The page inside the element: one state, the models that change it, and the panels that show it. Everything heavy is in the
 * worker.
 */
import type { Dataset, PartialPlan, Progress, TableFormat } from '../lib/types/index.js';
import { h } from './dom.js';
import type { Context } from './model/context.js';
import { PageEngine, type EngineCode } from './model/engine.js';
import { Inputs } from './model/inputs.js';
import { same, type Path, type Value } from './model/plan.js';
import { Runner } from './model/runner.js';
import { Settings } from './model/settings.js';
import type { Actions } from './panel.js';
import { makePanels } from './panels/index.js';
import { masthead } from './panels/masthead.js';
import type { Query } from './state.js';
import { Store } from './store.js';
import { undoKey } from './undo.js';

/** Who embeds the page hears of it. */
export interface Listener {
  progress(progress: Progress): void;
  result(dataset: Dataset): void;
  /** A run was refused, failed or was cancelled, or the engine could not start. */
  error(error: Error): void;
  planChange(plan: PartialPlan): void;
}

export class App implements Actions {
  readonly element: HTMLElement;
  /** Rejected if the engine could not start. */
  readonly ready: Promise<void>;
  readonly #store: Store;
  readonly #engine: PageEngine;
  readonly #settings: Settings;
  readonly #inputs: Inputs;
  readonly #runner: Runner;
  readonly #live = h('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });

  constructor(code: EngineCode, listener: Listener) {
    const panels = makePanels(this);
    this.element = h(
      'div',
      { class: 'causal-sessions', on: { keydown: (event: KeyboardEvent) => this.#hearUndo(event) } },
      h(
        'div',
        { class: 'layout' },
        masthead(),
        panels.map((panel) => panel.element),
        this.#live,
      ),
    );
    for (const panel of panels) panel.takeDrops?.(this.element);
    this.#store = new Store((state) => panels.forEach((panel) => panel.update(state)));
    this.#store.show();
    this.#engine = new PageEngine(code, this.#store);
    this.ready = this.#engine.ready;
    const context: Context = { store: this.#store, engine: this.#engine, announce: (text) => this.announce(text) };
    const error = (error: unknown) => {
      if (!this.#store.closed) listener.error(error instanceof Error ? error : new Error(String(error)));
    };
    this.ready.catch(error);
    this.#settings = new Settings(context, {
      edited: (changes) => listener.planChange(changes),
      checked: () => this.#inputs.followSettings(),
    });
    this.#runner = new Runner(context, this.#settings, {
      progress: (progress) => listener.progress(progress),
      result: (dataset) => listener.result(dataset),
      error,
    });
    this.#inputs = new Inputs(context, this.#settings, () => this.run());
  }

  /** Ends the worker and everything under way; the memory goes with it. */
  close(): void {
    this.#store.close();
    this.cancel();
    void this.#runner.files?.close();
    this.#engine.close();
  }

  // --- for the embedder --------------------------------------------------------------------------

  /** What differs from the defaults. */
  get plan(): PartialPlan {
    return this.#store.state.changes;
  }

  get files(): readonly File[] {
    return this.#store.state.files.map(({ file }) => file);
  }

  /** Takes the place of all settings; a run under way is ended. */
  replacePlan(plan: PartialPlan): void {
    if (same(plan, this.plan)) return; // frameworks give back what they were told
    this.cancel();
    this.#settings.replace(plan);
  }

  /** The same of the files. */
  takeFiles(files: readonly File[]): void {
    this.cancel();
    this.#inputs.take(files);
  }

  /** Runs on these files, or on those that are there; what is asked for later ends it. */
  async process(files?: readonly File[]): Promise<Dataset> {
    if (files) this.takeFiles(files);
    else this.cancel();
    return this.#runner.process();
  }

  async loadPlan(plan: PartialPlan, from: string): Promise<void> {
    await this.#settings.load(plan, from);
  }

  refusePlan(text: string): void {
    this.#settings.refuse(text);
  }

  // --- for the panels ----------------------------------------------------------------------------

  addFiles(files: readonly File[]): void {
    void this.#inputs.add(files);
  }

  addFolder(files: readonly File[]): void {
    void this.#inputs.addFolder(files);
  }

  addDropped(entries: readonly FileSystemEntry[]): void {
    void this.#inputs.addDropped(entries);
  }

  replaceFiles(files: readonly File[]): void {
    this.#inputs.replace(files);
  }

  removeFile(index: number): void {
    this.#inputs.remove(index);
  }

  moveFileUp(index: number): void {
    this.#inputs.moveUp(index);
  }

  tryExample(): void {
    void this.#inputs.tryExample();
  }

  set(path: Path, value: Value | undefined): void {
    this.#settings.set(path, value);
  }

  repair(path: Path, value: Value): void {
    this.settle([[path, value]]);
  }

  settle(values: readonly (readonly [Path, Value])[]): void {
    this.#settings.setAll(values);
    this.run();
  }

  reset(): void {
    this.#settings.reset();
  }

  undo(): void {
    this.#settings.undo();
  }

  redo(): void {
    this.#settings.redo();
  }

  run(): void {
    void this.#runner.run();
  }

  cancel(): void {
    this.#runner.cancel();
  }

  listSessions(query: Query, offset: number): void {
    void this.#runner.explorer?.list(query, Math.max(0, offset));
  }

  lookAt(row: number): void {
    void this.#runner.explorer?.open(row);
  }

  lookAtAny(): void {
    void this.#runner.explorer?.openAny();
  }

  setFormat(format: TableFormat, wanted: boolean): void {
    const { tableFormats, formats } = this.#store.state;
    const next = tableFormats.map(({ name }) => name).filter((name) => (name === format ? wanted : formats.includes(name)));
    this.#store.change({ formats: next });
    void this.#runner.files?.list(next);
  }

  download(path: string): void {
    this.#runner.files?.download(path);
  }

  saveZip(): void {
    void this.#runner.files?.saveZip();
  }

  saveFolder(): void {
    void this.#runner.files?.saveFolder();
  }

  cancelSaving(): void {
    this.#runner.files?.cancel();
  }

  goTo(stage: 'run' | 'result'): void {
    const panel = this.element.querySelector<HTMLElement>(`.stage-${stage}`);
    panel?.scrollIntoView({ behavior: scrolling() });
    panel?.querySelector('h2')?.focus({ preventScroll: true });
  }

  goToSetting(path: Path): void {
    const control = this.element.querySelector<HTMLElement>(`[data-path="${path}"]`);
    for (let fold = control?.closest('details'); fold; fold = fold.parentElement?.closest('details')) fold.open = true;
    control?.scrollIntoView({ block: 'center', behavior: scrolling() });
    control?.focus({ preventScroll: true });
  }

  announce(text: string): void {
    this.#live.textContent = text;
  }

  #hearUndo(event: KeyboardEvent): void {
    const key = undoKey(event);
    if (!key) return;
    event.preventDefault();
    this[key]();
  }
}

function scrolling(): ScrollBehavior {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
}
