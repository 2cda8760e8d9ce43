/** The page inside the element: one state, the actions that change it, and the panels that show it. Everything heavy is in the worker. */
import type { Modules } from '../lib/engine/engine.js';
import { RemoteEngine, type StartWorker } from '../lib/worker/remote.js';
import { EventDataError, type Dataset, type Inspection, type PartialPlan, type Plan, type Progress, type SourceItem, type TableFormat } from '../lib/types/index.js';
import { h } from './dom.js';
import { counted, sentence, seconds } from './format.js';
import { Explorer, type Query } from './look.js';
import { OutputFiles } from './output-files.js';
import { same, valueAt, withValue, type Path, type Value } from './plan.js';
import { changesOf, LARGEST_PLAN_BYTES, planOfText } from './plan-text.js';
import { DataPanel } from './panels/data-panel.js';
import { DesignPanel } from './panels/design-panel.js';
import { FilesPanel } from './panels/files-panel.js';
import { LookPanel } from './panels/look-panel.js';
import { masthead } from './panels/masthead.js';
import { ResultPanel } from './panels/result-panel.js';
import { RunPanel } from './panels/run-panel.js';
import { SessionsPanel } from './panels/sessions-panel.js';
import { SplitPanel } from './panels/split-panel.js';
import { asProblem } from './problem.js';
import { EXAMPLE, initialState, obstacle, runsUnasked, type InputFile, type State } from './state.js';
import { undoKey } from './undo.js';

/** What panels may ask for. */
export interface Actions {
  addFiles(files: readonly File[]): void;
  replaceFiles(files: readonly File[]): void;
  removeFile(index: number): void;
  moveFileUp(index: number): void;
  tryExample(): void;
  /** What was dropped is nothing to read, and why. */
  refuseData(text: string): void;
  set(path: Path, value: Value | undefined): void;
  /** Sets it and runs again. */
  repair(path: Path, value: Value): void;
  /** Sets all of them at once and runs again. */
  settle(values: readonly (readonly [Path, Value])[]): void;
  reset(): void;
  undo(): void;
  redo(): void;
  run(): void;
  cancel(): void;
  listSessions(query: Query, offset: number): void;
  lookAt(row: number): void;
  lookAtAny(): void;
  setFormat(format: TableFormat, wanted: boolean): void;
  download(path: string): void;
  saveZip(): void;
  saveFolder(): void;
  cancelSaving(): void;
  /** Scrolls to a panel and puts the focus there. */
  goTo(stage: 'run' | 'result'): void;
  /** Shows the field of a plan's key and puts the focus there. */
  goToSetting(path: Path): void;
  /** Says a sentence to screen readers. */
  announce(text: string): void;
}

export interface Panel {
  readonly element: HTMLElement;
  update(state: State): void;
}

/** Where the engine's code comes from; that depends on how the page was built. */
export interface EngineCode {
  startWorker: StartWorker;
  loadModules(): Promise<Modules>;
  /** A file as the worker can read it; the file itself unless this is there. */
  open?(file: File): Promise<SourceItem>;
}

/** Who embeds the page hears of it. */
export interface Listener {
  progress(progress: Progress): void;
  result(dataset: Dataset): void;
  /** A run was refused, failed or was cancelled, or the engine could not start. */
  error(error: Error): void;
  planChange(plan: PartialPlan): void;
}

/** Enough rows to meet most event types; the table shows the first of them. */
const SAMPLE_ROWS = 500;

const KEPT_UNDO_STEPS = 100;

/** What files are may be shown so often, in milliseconds, while many are looked at. */
const BETWEEN_LOOKS = 100;

export class App implements Actions {
  readonly element: HTMLElement;
  #state: State = initialState;
  readonly #code: EngineCode;
  readonly #engine: RemoteEngine;
  readonly #listener: Listener;
  /** Rejected if the engine could not start. */
  readonly ready: Promise<void>;
  #closed = false;
  readonly #panels: readonly Panel[];
  readonly #live = h('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  #stop: AbortController | null = null;
  /** The run under way; it never fails itself. */
  #running: Promise<void> = Promise.resolve();
  /** Raised by all that ends a run, also one that has not begun. */
  #turn = 0;
  #planQuestion = 0;
  #planCheck: Promise<void> = Promise.resolve();
  /** The settings that state.defaults belong to. */
  #defaultsOf = leadersOf({});
  #inspectionRound = 0;
  /** What the plan said of reading when the files were looked at. */
  #inspectedBy: PartialPlan = {};
  #renderAsked = false;
  /** Somebody chose the files here; an embedder who gives files asks for runs too. */
  #filesByHand = false;
  /** The files of the result, where there is one. */
  #result: OutputFiles | null = null;
  #explorer: Explorer | null = null;

  constructor(code: EngineCode, listener: Listener) {
    this.#code = code;
    this.#engine = new RemoteEngine(code.startWorker);
    this.#listener = listener;
    const data = new DataPanel(this);
    this.#panels = [
      data,
      new SessionsPanel(this),
      new DesignPanel(this),
      new SplitPanel(this),
      new RunPanel(this),
      new ResultPanel(this),
      new LookPanel(this),
      new FilesPanel(this),
    ];
    this.element = h(
      'div',
      { class: 'causal-sessions', on: { keydown: (event: KeyboardEvent) => this.#hearUndo(event) } },
      h('div', { class: 'layout' }, masthead(), this.#panels.map((panel) => panel.element), this.#live),
    );
    data.takeDrops(this.element);
    this.#render();
    this.ready = this.#loadEngine();
    this.ready.catch((error: unknown) => this.#fail(error));
    this.#planCheck = this.ready.catch(() => undefined);
  }

  /** Ends the worker and everything under way; the memory goes with it. */
  close(): void {
    this.#closed = true;
    this.cancel();
    void this.#result?.close();
    this.#engine.close();
  }

  get state(): State {
    return this.#state;
  }

  // --- for the embedder --------------------------------------------------------------------------

  /** What differs from the defaults. */
  get plan(): PartialPlan {
    return this.#state.changes;
  }

  get files(): readonly File[] {
    return this.#state.files.map(({ file }) => file);
  }

  /** Takes the place of all settings; a run under way is ended. */
  replacePlan(plan: PartialPlan): void {
    if (same(plan, this.#state.changes)) return; // frameworks give back what they were told
    this.cancel();
    this.#setChanges(plan, this.#pastWithNow());
  }

  /** The same of the files. */
  takeFiles(files: readonly File[]): void {
    this.cancel();
    this.#setFiles(files.map(asInput), false, false);
  }

  /** Runs on these files, or on those that are there; what is asked for later ends it. */
  async process(files?: readonly File[]): Promise<Dataset> {
    if (files) this.takeFiles(files);
    else this.cancel();
    const turn = this.#turn;
    await this.#running;
    await this.ready;
    await this.#planCheck;
    if (turn !== this.#turn) throw cancelled();
    if (this.#state.files.length === 0) throw new EventDataError('badCall', 'There are no files to process.');
    return this.#perform();
  }

  // --- data ------------------------------------------------------------------------------------

  async addFiles(files: readonly File[]): Promise<void> {
    if (await this.#tookPlan(files)) return;
    if (this.#state.example) return this.replaceFiles(files);
    this.#chooseFiles([...this.#state.files, ...files.map(asInput)]);
  }

  replaceFiles(files: readonly File[]): void {
    this.#chooseFiles(files.map(asInput));
  }

  removeFile(index: number): void {
    this.#chooseFiles(this.#state.files.filter((_, i) => i !== index));
  }

  moveFileUp(index: number): void {
    const files = [...this.#state.files];
    files.splice(index - 1, 0, ...files.splice(index, 1));
    this.#chooseFiles(files);
  }

  async tryExample(): Promise<void> {
    this.#change({ dataNotice: { kind: 'busy', text: 'Simulating the example.' } });
    try {
      const blob = await this.#engine.simulate({ events: EXAMPLE.events, seed: EXAMPLE.seed });
      this.#setFiles([asInput(new File([blob], EXAMPLE.name, { type: 'text/csv' }))], true);
    } catch (error) {
      this.#change({ dataNotice: { kind: 'problem', text: asProblem(error).message } });
    }
  }

  refuseData(text: string): void {
    this.#change({ dataNotice: { kind: 'problem', text } });
  }

  /** By hand, which must not disturb a run. */
  #chooseFiles(files: readonly InputFile[]): void {
    if (this.#state.run.kind !== 'running') this.#setFiles(files, false);
  }

  #setFiles(files: readonly InputFile[], example: boolean, byHand = true): void {
    this.#filesByHand = byHand;
    this.#change({ files, example, dataNotice: null, ...this.#withoutRefusal() });
    void this.#inspectFiles();
  }

  async #inspectFiles(): Promise<void> {
    const { files } = this.#state;
    const round = ++this.#inspectionRound;
    if (!(await this.ready.then(() => true, () => false))) return;
    await this.#planCheck;
    if (round !== this.#inspectionRound) return;
    const plan = this.#planToInspectWith();
    this.#inspectedBy = pick(plan, READING_KEYS);
    const found: Inspection[] = [];
    let shownAt = -Infinity;
    let changed = false;
    for (const { file } of files) {
      try {
        found.push(await this.#inspect(file, plan));
      } catch (error) {
        found.push({ name: file.name, compression: null, problem: { code: 'unreadable', message: asProblem(error).message } });
      }
      if (round !== this.#inspectionRound) return;
      if (found.length < files.length && performance.now() - shownAt < BETWEEN_LOOKS) continue;
      shownAt = performance.now();
      changed = this.#showInspections(found) || changed;
    }
    const problem = this.#state.files.find(({ inspection }) => inspection?.problem)?.inspection?.problem;
    if (changed && problem) this.announce(sentence(problem.message));
    else if (changed) this.announce(`${counted(files.length, 'file')} ready.`);
    this.#runUnasked();
  }

  /** Of the first files; false if they say what is known. */
  #showInspections(found: readonly Inspection[]): boolean {
    const known = this.#state.files;
    const files = known.map((entry, i) => (i < found.length && !same(entry.inspection, found[i]) ? { ...entry, inspection: found[i]! } : entry));
    if (files.every((entry, i) => entry === known[i])) return false;
    // A result stays the result of these files: looking at them is no change.
    const { run } = this.#state;
    this.#change({ files, ...(run.kind === 'done' && run.files === known ? { run: { ...run, files } } : {}) });
    return true;
  }

  /** As a run would read them; where the plan does not hold, a wrong setting elsewhere must not hide the data. */
  #planToInspectWith(): PartialPlan {
    const { changes, planProblem } = this.#state;
    return planProblem ? pick(changes, ['columns']) : changes;
  }

  /** Small data have their first result as soon as nothing stands in its way. */
  #runUnasked(): void {
    if (this.#filesByHand && runsUnasked(this.#state)) void this.run();
  }

  /** A run that was cancelled took the worker with it, and what else was asked of it; that is asked again. */
  async #inspect(file: File, plan: PartialPlan): Promise<Inspection> {
    for (;;) {
      try {
        return await this.#engine.inspect(await this.#open(file), plan, SAMPLE_ROWS);
      } catch (error) {
        if ((error as Error).name !== 'AbortError' || this.#closed) throw error;
      }
    }
  }

  // --- settings --------------------------------------------------------------------------------

  set(path: Path, value: Value | undefined): void {
    const changes = withValue(this.#state.changes, this.#state.defaults, path, value);
    if (same(changes, this.#state.changes)) return;
    this.#edit(changes, this.#pastWithNow());
  }

  repair(path: Path, value: Value): void {
    this.settle([[path, value]]);
  }

  settle(values: readonly (readonly [Path, Value])[]): void {
    let { changes } = this.#state;
    for (const [path, value] of values) changes = withValue(changes, this.#state.defaults, path, value);
    if (!same(changes, this.#state.changes)) this.#edit(changes, this.#pastWithNow());
    const paths = values.map(([path]) => path);
    this.announce(`${paths.join(' and ')} ${paths.length === 1 ? 'is' : 'are'} set.`);
    void this.run();
  }

  reset(): void {
    if (same(this.#state.changes, {})) return;
    this.#edit({}, this.#pastWithNow());
    this.announce('All settings are back to their defaults.');
  }

  undo(): void {
    const changes = this.#state.past.at(-1);
    if (!changes) return;
    this.#edit(changes, this.#state.past.slice(0, -1), [...this.#state.future, this.#state.changes]);
    this.announce('The last change of the settings is undone.');
  }

  redo(): void {
    const changes = this.#state.future.at(-1);
    if (!changes) return;
    this.#edit(changes, this.#pastWithNow(), this.#state.future.slice(0, -1));
    this.announce('The change of the settings is made again.');
  }

  /** Settings that somebody wrote elsewhere take the place of all here, unless the engine refuses them. */
  async loadPlan(plan: PartialPlan, from: string): Promise<void> {
    await this.ready;
    try {
      await this.#engine.readPlan(plan);
      const changes = changesOf(plan, await this.#readDefaults(plan));
      if (!same(changes, this.#state.changes)) this.#edit(changes, this.#pastWithNow());
      this.#change({ planNotice: { kind: 'hint', text: `The settings are those of ${from}.` } });
      this.announce(`The settings are those of ${from}.`);
    } catch (error) {
      this.refusePlan(`The settings of ${from} were not taken: ${asProblem(error).message}`);
    }
  }

  refusePlan(text: string): void {
    this.#change({ planNotice: { kind: 'problem', text } });
    this.announce(text);
  }

  /** Whether what was dropped is a plan, or a manifest, and no events. */
  async #tookPlan(files: readonly File[]): Promise<boolean> {
    const [file] = files;
    const { defaults } = this.#state;
    if (!file || files.length > 1 || !defaults || file.size > LARGEST_PLAN_BYTES || !/\.json$/i.test(file.name)) return false;
    const plan = planOfText(await file.text().catch(() => ''), defaults);
    if (plan) await this.loadPlan(plan, file.name);
    return plan !== null;
  }

  #pastWithNow(): readonly PartialPlan[] {
    return [...this.#state.past, this.#state.changes].slice(-KEPT_UNDO_STEPS);
  }

  #hearUndo(event: KeyboardEvent): void {
    const key = undoKey(event);
    if (!key) return;
    event.preventDefault();
    this[key]();
  }

  /** Of the embedder's own changes it hears nothing. */
  #edit(changes: PartialPlan, past: readonly PartialPlan[], future: readonly PartialPlan[] = []): void {
    this.#setChanges(changes, past, future);
    this.#listener.planChange(changes);
  }

  #setChanges(changes: PartialPlan, past: readonly PartialPlan[], future: readonly PartialPlan[] = []): void {
    // A refusal belongs to the settings that it was about; a result stays, and says that it is of other settings.
    this.#change({ changes, past, future, planNotice: null, ...this.#withoutRefusal() });
    const check = (this.#planCheck = this.#checkPlan());
    void check.then(() => {
      if (check !== this.#planCheck) return;
      if (same(pick(this.#planToInspectWith(), READING_KEYS), this.#inspectedBy)) this.#runUnasked();
      else void this.#inspectFiles();
    });
  }

  /** How a run ended is of no interest any more, unless it ended well. */
  #withoutRefusal(): Partial<State> {
    const { kind } = this.#state.run;
    return kind === 'done' || kind === 'running' ? {} : { run: { kind: 'idle' } };
  }

  /** Asks the engine whether the plan holds; a later question makes the answer to an earlier one void. */
  async #checkPlan(): Promise<void> {
    const question = ++this.#planQuestion;
    try {
      await this.ready;
      const { changes } = this.#state;
      const leaders = leadersOf(changes);
      if (!same(leaders, this.#defaultsOf)) {
        const defaults = await this.#readDefaults(changes);
        if (question !== this.#planQuestion) return;
        this.#defaultsOf = leaders;
        if (!same(defaults, this.#state.defaults)) this.#change({ defaults }); // what is being typed stays
      }
      const plan = await this.#engine.readPlan(changes);
      if (question === this.#planQuestion) this.#change({ plan, planProblem: null });
    } catch (error) {
      if (question === this.#planQuestion) this.#change({ planProblem: asProblem(error) });
    }
  }

  // --- run -------------------------------------------------------------------------------------

  async run(): Promise<void> {
    await this.#planCheck;
    if (this.#state.run.kind === 'running' || obstacle(this.#state)) return;
    await this.#perform().catch(() => undefined); // the state says why
  }

  #perform(): Promise<Dataset> {
    const run = this.#prepare();
    this.#running = run.then(() => undefined, () => undefined);
    return run;
  }

  async #prepare(): Promise<Dataset> {
    const earlier = await this.#dropResult();
    const { files, changes } = this.#state;
    const stop = new AbortController();
    this.#stop = stop;
    const startedAt = performance.now();
    this.#change({ run: { kind: 'running', startedAt, progress: null } });
    this.announce('Preparing the training sets.');
    try {
      const sources = await Promise.all(files.map(({ file }) => this.#open(file)));
      const making = this.#engine.prepare(sources, changes, {
        signal: stop.signal,
        audit: true,
        keepEvents: true,
        reuse: earlier,
        onProgress: (progress) => {
          if (this.#stop !== stop) return;
          this.#change({ run: { kind: 'running', startedAt, progress } });
          this.#listener.progress(progress);
        },
      });
      earlier?.dispose(); // its events stay with the run that has been asked to take them
      const dataset = await making;
      const taken = (performance.now() - startedAt) / 1000;
      this.#change({ run: { kind: 'done', dataset, seconds: taken, changes, files: this.#asTheyAreNow(files) } });
      const { sessions, notices } = dataset.report;
      const noticed = notices.length > 0 ? ` ${counted(notices.length, 'notice')} about the data first.` : '';
      this.announce(`Done in ${seconds(taken)}: ${counted(sessions.kept, 'session')} of ${counted(sessions.users, 'user')}. The report and the files are below.${noticed}`);
      this.#result = new OutputFiles(dataset, (change) => this.#change(change), (text) => this.announce(text));
      this.#explorer = new Explorer(dataset, (look) => this.#change({ look }));
      void this.#explorer.list({});
      await this.#result.list(this.#state.formats);
      this.#listener.result(dataset);
      return dataset;
    } catch (error) {
      if (stop.signal.aborted) {
        this.#change({ run: { kind: 'cancelled' } });
        this.announce('Cancelled. Nothing was kept.');
        void this.#engine.warmUp().catch(() => undefined); // a new engine, ready for the next run
      } else {
        const problem = asProblem(error);
        this.#change({ run: { kind: 'failed', problem } });
        this.announce(problem.message);
      }
      this.#fail(error);
      throw error;
    } finally {
      if (this.#stop === stop) this.#stop = null;
    }
  }

  /** Files that were looked at while the run was under way are the same files. */
  #asTheyAreNow(files: readonly InputFile[]): readonly InputFile[] {
    const now = this.#state.files;
    return now.length === files.length && now.every(({ file }, i) => file === files[i]!.file) ? now : files;
  }

  cancel(): void {
    this.#turn++;
    this.#stop?.abort(cancelled());
  }

  /** Ends all work on the result and gives what is left of it, for the next run to take its events; then it is disposed of. */
  async #dropResult(): Promise<Dataset | null> {
    const { run } = this.#state;
    this.#explorer?.close();
    this.#explorer = null;
    this.#change({ outputs: [], manifestBytes: null, look: null, saving: { kind: 'idle' }, run: { kind: 'idle' } });
    await this.#result?.close();
    this.#result = null;
    return run.kind === 'done' ? run.dataset : null;
  }

  // --- look ------------------------------------------------------------------------------------

  listSessions(query: Query, offset: number): void {
    void this.#explorer?.list(query, Math.max(0, offset));
  }

  lookAt(row: number): void {
    void this.#explorer?.open(row);
  }

  lookAtAny(): void {
    void this.#explorer?.openAny();
  }

  // --- files -----------------------------------------------------------------------------------

  setFormat(format: TableFormat, wanted: boolean): void {
    const { tableFormats, formats } = this.#state;
    const next = tableFormats.map(({ name }) => name).filter((name) => (name === format ? wanted : formats.includes(name)));
    this.#change({ formats: next });
    void this.#result?.list(next);
  }

  download(path: string): void {
    this.#result?.download(path);
  }

  saveZip(): void {
    void this.#result?.saveZip();
  }

  saveFolder(): void {
    void this.#result?.saveFolder();
  }

  cancelSaving(): void {
    this.#result?.cancel();
  }

  // --- plumbing --------------------------------------------------------------------------------

  goTo(stage: 'run' | 'result'): void {
    const panel = this.element.querySelector<HTMLElement>(`.stage-${stage}`);
    panel?.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
    panel?.querySelector('h2')?.focus({ preventScroll: true });
  }

  goToSetting(path: Path): void {
    const control = this.element.querySelector<HTMLElement>(`[data-path="${path}"]`);
    for (let fold = control?.closest('details'); fold; fold = fold.parentElement?.closest('details')) fold.open = true;
    control?.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
    control?.focus({ preventScroll: true });
  }

  announce(text: string): void {
    this.#live.textContent = text;
  }

  /** Loads everything the engine needs now, so that the page asks the network for nothing later. */
  async #loadEngine(): Promise<void> {
    try {
      this.#engine.useModules(await this.#code.loadModules());
      await this.#engine.warmUp();
      const [defaults, tableFormats] = await Promise.all([this.#readDefaults({}), this.#engine.listFormats()]);
      this.#change({ engine: 'ready', defaults, plan: defaults, tableFormats });
    } catch (error) {
      this.#change({
        engine: { message: `The engine could not start: ${sentence(asProblem(error).message)} Reload the page; a current browser with WebAssembly SIMD is needed.` },
      });
      throw error;
    }
  }

  /** What the settings are when only those are set that others follow; these themselves are changes. */
  async #readDefaults(plan: PartialPlan): Promise<Plan> {
    const normal = await this.#engine.readPlan();
    const base = baseOf(plan);
    const own = same(base, {}) ? normal : await this.#engine.readPlan(base);
    const defaults = { ...own, profile: normal.profile, events: { ...own.events, unknown: normal.events.unknown } };
    const leaders = leadersOf(plan);
    if (same(leaders, base)) return defaults;
    // Where the engine refuses the leaders, the setting to blame says so; the followers keep the profile's values till then.
    const led = await this.#engine.readPlan(leaders).catch((error: unknown) => {
      if (asProblem(error).code !== 'badPlan') throw error;
      return defaults;
    });
    return FOLLOWERS.reduce((plan, path) => withValue(plan, null, path, valueAt(led, path)) as Plan, defaults);
  }

  async #open(file: File): Promise<SourceItem> {
    return this.#code.open ? this.#code.open(file) : file;
  }

  #fail(error: unknown): void {
    if (!this.#closed) this.#listener.error(error instanceof Error ? error : new Error(String(error)));
  }

  #change(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    if (this.#renderAsked || this.#closed) return;
    this.#renderAsked = true;
    queueMicrotask(() => this.#render());
  }

  #render(): void {
    this.#renderAsked = false;
    for (const panel of this.#panels) panel.update(this.#state);
  }
}

function cancelled(): DOMException {
  return new DOMException('The run was cancelled.', 'AbortError');
}

/** The settings that decide what others are unless they are set: the profile, and whether unknown types are left out. */
function baseOf({ profile, events }: PartialPlan): PartialPlan {
  return { ...(profile === undefined ? {} : { profile }), ...(events?.unknown === 'drop' ? { events: { unknown: 'drop' } } : {}) };
}

/** Settings of the design whose default depends on others of it. */
const FOLLOWERS: readonly Path[] = ['outcome.prior', 'index.gracePeriod', 'index.washoutHours'];

/** All settings that may decide a default: those of the base, and of the design what follows nothing itself. */
function leadersOf(changes: PartialPlan): PartialPlan {
  const design = pick(changes, ['events', 'treatment', 'index', 'outcome']);
  return { ...baseOf(changes), ...FOLLOWERS.reduce((plan, path) => withValue(plan, null, path, undefined), design) };
}

/** Keys of the plan by which files are read. */
const READING_KEYS = ['profile', 'columns', 'input', 'time', 'rows', 'events'] as const;

function pick(plan: PartialPlan, keys: readonly (keyof PartialPlan)[]): PartialPlan {
  return Object.fromEntries(keys.flatMap((key) => (plan[key] === undefined ? [] : [[key, plan[key]]]))) as PartialPlan;
}

function asInput(file: File): InputFile {
  return { file, inspection: null };
}
