/**
 * The page inside the element: one state, the models that change it, and the panels that show it. Everything heavy is in the
 * worker.
 */
import type { Dataset, Finding, PartialPlan, Progress, TableFormat } from '../lib/types/index.js';
import { button, h } from './dom.js';
import { keepingFocus } from './focus.js';
import type { Context } from './model/context.js';
import { PageEngine, type EngineCode } from './model/engine.js';
import { Inputs } from './model/inputs.js';
import { same, type Path, type Value } from './model/plan.js';
import { fragmentOf } from './model/plan-text.js';
import { nameOf, type Repair } from './model/repairs.js';
import { Runner } from './model/runner.js';
import { Settings } from './model/settings.js';
import { summaryOf } from './model/summary.js';
import type { Actions, Page, Stage } from './panel.js';
import { ActionBar } from './panels/action-bar.js';
import { fixedText } from './panels/compared.js';
import { Glossary } from './panels/glossary.js';
import { makePanels } from './panels/index.js';
import { masthead } from './panels/masthead.js';
import { Navigation } from './panels/navigation.js';
import { announcementOf } from './panels/verdict.js';
import { shownResult, type Fixed, type Query, type State } from './state.js';
import { Store } from './store.js';
import { undoKey } from './undo.js';
import { PAGE } from './words/common.js';
import { LINK } from './words/files.js';
import { PINNED } from './words/result.js';

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
  /** As the engine has it. */
  readonly complete: Promise<void>;
  readonly copyLink: (() => Promise<boolean>) | null;
  readonly #store: Store;
  readonly #engine: PageEngine;
  readonly #settings: Settings;
  readonly #inputs: Inputs;
  readonly #runner: Runner;
  readonly #live = h('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });

  /** The settings were changed here since they were last checked. */
  #edited = false;

  /** `page` is null where what is shown is a part of another's page. */
  constructor(code: EngineCode, listener: Listener, page: Page | null = null) {
    this.copyLink = page && (() => this.#copyLink());
    const stages = makePanels(this);
    const sections = stages.map((panel) => panel.element);
    const [navigation, bar] = [new Navigation(this, sections), new ActionBar(this)];
    const panels = [...stages, navigation, bar];
    const glossary = new Glossary();
    this.element = h(
      'div',
      { class: 'causal-sessions', on: { keydown: (event: KeyboardEvent) => this.#hearUndo(event) } },
      h(
        'div',
        { class: 'layout' },
        button(PAGE.skip, () => this.goTo(shownResult(this.#store.state) ? 'result' : 'data'), { class: 'skip' }),
        masthead(page),
        navigation.element,
        h(page ? 'main' : 'div', { class: 'stages' }, sections),
      ),
      bar.element,
      glossary.element,
      this.#live,
    );
    glossary.listen(this.element);
    for (const panel of stages) panel.takeDrops?.(this.element);
    this.#store = new Store((state) => {
      keepingFocus(this.element, () => panels.forEach((panel) => panel.update(state)));
      this.#goToFirstResult(state);
    });
    this.#store.show();
    this.#engine = new PageEngine(code, this.#store);
    this.ready = this.#engine.ready;
    this.complete = this.#engine.complete;
    const context: Context = { store: this.#store, engine: this.#engine, announce: (text) => this.announce(text) };
    const error = (error: unknown) => {
      if (!this.#store.closed) listener.error(error instanceof Error ? error : new Error(String(error)));
    };
    this.ready.catch(error);
    this.#settings = new Settings(context, {
      edited: (changes) => {
        this.#edited = true;
        listener.planChange(changes);
      },
      checked: () => {
        this.#inputs.followSettings();
        if (this.#edited) this.#runner.runSoon();
        this.#edited = false;
      },
    });
    this.#runner = new Runner(context, this.#settings, {
      progress: (progress) => listener.progress(progress),
      result: (dataset) => listener.result(dataset),
      error,
      describe: ({ dataset: { report, audit } }) => {
        const { fixed } = this.#store.state;
        return `${fixed ? `${fixedText(fixed)} ` : ''}${announcementOf(report, audit)}`;
      },
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
    void this.#inputs.replace(files);
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

  repair(repair: Repair, what: readonly string[]): void {
    const result = shownResult(this.#store.state);
    this.#settings.setAll([[repair.path, repair.value]]);
    if (result) {
      const { report, audit } = result.dataset;
      const fixed: Fixed = { what, repair: nameOf(repair), before: summaryOf(report, audit), after: null };
      this.#store.change({ fixed });
    }
    this.run();
  }

  settle(values: readonly (readonly [Path, Value])[]): void {
    this.#settings.setAll(values);
    this.run();
  }

  prepareBy(values: readonly (readonly [Path, Value])[]): void {
    const before = this.plan;
    this.#inputs.runWhenClear();
    this.#settings.setAll(values);
    if (same(before, this.plan)) this.#inputs.followSettings();
  }

  refresh(show: () => void): void {
    keepingFocus(this.element, show);
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

  listFinding(finding: Finding | null): void {
    void this.#runner.explorer?.listFinding(finding);
    if (finding) this.goTo('look');
  }

  pin(): void {
    const result = shownResult(this.#store.state);
    if (!result) return;
    const { report, audit } = result.dataset;
    this.#store.change({ pinned: { summary: summaryOf(report, audit), plan: report.plan } });
    this.announce(PINNED.pinned);
  }

  unpin(): void {
    this.#store.change({ pinned: null });
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

  report(how: 'download' | 'print'): void {
    this.#runner.files?.report(how);
  }

  cancelSaving(): void {
    this.#runner.files?.cancel();
  }

  async #copyLink(): Promise<boolean> {
    const fragment = fragmentOf(this.plan);
    try {
      await navigator.clipboard.writeText(location.href.replace(/#.*/, '') + (fragment === '' ? '' : `#${fragment}`));
      this.announce(LINK.copiedSpoken);
      return true;
    } catch {
      this.announce(LINK.failedSpoken);
      return false;
    }
  }

  goTo(stage: Stage): void {
    this.#goToElement(`.stage-${stage}`);
  }

  goToPart(part: 'findings' | 'types' | 'problem'): void {
    this.#goToElement(`[data-part=${part}]`);
  }

  /** To its heading, where it has one. */
  #goToElement(selector: string): void {
    const target = this.element.querySelector<HTMLElement>(selector);
    openAround(target);
    target?.scrollIntoView({ behavior: scrolling() });
    (target?.querySelector<HTMLElement>('h2, h3[tabindex]') ?? target)?.focus({ preventScroll: true });
  }

  /** Once for files that were chosen here: who has just chosen them looks elsewhere. */
  #goToFirstResult({ run, unseen }: State): void {
    if (!unseen || run.kind !== 'done') return;
    this.#store.change({ unseen: false });
    this.goTo('result');
  }

  goToSetting(path: Path): void {
    const control = this.element.querySelector<HTMLElement>(`[data-path="${path}"]`);
    openAround(control);
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

/** All that is closed around it. */
function openAround(element: Element | null): void {
  for (let fold = element?.closest('details'); fold; fold = fold.parentElement?.closest('details')) fold.open = true;
}

function scrolling(): ScrollBehavior {
  return matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth';
}
