/** The files that are read as one stream, and what their first bytes tell. */
import type { EventTypeRole, Inspection, PartialPlan } from '../../lib/types/index.js';
import { sentence } from '../format.js';
import { EXAMPLE, runsUnasked, withoutRefusal, type InputFile } from '../state.js';
import { DATA } from '../words/data.js';
import type { Context } from './context.js';
import { chosenFiles, fileOf, filesBelow, isFolder, type Choose, type FolderFiles } from './folders.js';
import { LARGEST_PLAN_BYTES, planOfText } from './plan-text.js';
import { pick, same } from './plan.js';
import { asProblem } from './problem.js';
import type { Settings } from './settings.js';

/** That the table shows; event types are counted in more of them. */
const SAMPLE_ROWS = 20;

/** Of many files only the first are sampled; of the others it is seen what they are. */
const SAMPLED_FILES = 50;
const FEW_ROWS = 3;
/** Small files are asked for together, as most of the time goes by between page and worker. */
const LOOKS_AT_ONCE = 16;
const SMALL_BYTES = 1 << 20;

/** What files are may be shown so often, in milliseconds, while many are looked at. */
const BETWEEN_LOOKS = 100;

/** Keys of the plan by which files are read. */
const READING_KEYS = ['profile', 'preset', 'columns', 'input', 'time', 'rows', 'events'] as const;

export class Inputs {
  readonly #context: Context;
  readonly #settings: Settings;
  readonly #run: () => void;
  #round = 0;
  /** What the plan said of reading when the files were looked at. */
  #inspectedBy: PartialPlan = {};
  /** Somebody chose the files here; an embedder who gives files asks for runs too. */
  #byHand = false;
  /** A run that waits until nothing is left to be asked. */
  #asked = false;

  /** `run`: what small data get without being asked for. */
  constructor(context: Context, settings: Settings, run: () => void) {
    this.#context = context;
    this.#settings = settings;
    this.#run = run;
  }

  get #state() {
    return this.#context.store.state;
  }

  /** From an embedder, who ends a run before. */
  take(files: readonly File[]): void {
    this.#set(files.map(asInput), false, false);
  }

  async add(chosen: readonly File[]): Promise<void> {
    const files = await this.#withoutPlans(chosen);
    if (files.length === 0) return;
    if (this.#state.example) return this.replace(files);
    this.#choose([...this.#state.files, ...files.map(asInput)]);
  }

  /** Of a folder that was chosen. */
  async addFolder(files: readonly File[]): Promise<void> {
    const listed = files.map((file) => ({ file, path: file.webkitRelativePath || file.name }));
    await this.#addFound(async (choose) => [await chosenFiles(listed, choose)]);
  }

  /** In the order in which they were dropped, those of a folder in theirs. */
  async addDropped(entries: readonly FileSystemEntry[]): Promise<void> {
    await this.#addFound(async (choose) => {
      const found: FolderFiles[] = [];
      for (const entry of entries) {
        if (isFolder(entry)) found.push(await filesBelow(entry, choose));
        else found.push({ files: [{ file: await fileOf(entry), path: entry.name }], passedOver: 0 });
      }
      return found;
    });
  }

  async #addFound(find: (choose: Choose) => Promise<FolderFiles[]>): Promise<void> {
    const { engine, store } = this.#context;
    if (this.#state.run.kind === 'running') return;
    store.change({ dataNotice: { kind: 'busy', text: DATA.listing } });
    try {
      const found = await find((paths) => engine.chooseFiles(paths));
      const passedOver = found.reduce((sum, each) => sum + each.passedOver, 0);
      const hidden = passedOver > 0 ? DATA.hidden(passedOver) : '';
      const files = found.flatMap((each) => each.files).map(({ file, path }) => ({ ...asInput(file), name: path }));
      if (files.length === 0) return this.refuse(DATA.emptyFolder(hidden));
      store.change({ dataNotice: null });
      this.#choose([...(this.#state.example ? [] : this.#state.files), ...files]);
      if (hidden) store.change({ dataNotice: { kind: 'hint', text: hidden } });
    } catch (error) {
      this.refuse(DATA.folderFailed(asProblem(error).message));
    }
  }

  async replace(chosen: readonly File[]): Promise<void> {
    const files = await this.#withoutPlans(chosen);
    if (files.length > 0) this.#choose(files.map(asInput));
  }

  remove(index: number): void {
    this.#choose(this.#state.files.filter((_, i) => i !== index));
  }

  moveUp(index: number): void {
    const files = [...this.#state.files];
    files.splice(index - 1, 0, ...files.splice(index, 1));
    this.#choose(files);
  }

  async tryExample(): Promise<void> {
    const { engine, store } = this.#context;
    store.change({ dataNotice: { kind: 'busy', text: DATA.simulating } });
    try {
      const blob = await engine.simulate({ events: EXAMPLE.events, seed: EXAMPLE.seed });
      this.#set([asInput(new File([blob], EXAMPLE.name, { type: 'text/csv' }))], true);
    } catch (error) {
      store.change({ dataNotice: { kind: 'problem', text: asProblem(error).message } });
    }
  }

  refuse(text: string): void {
    this.#context.store.change({ dataNotice: { kind: 'problem', text } });
  }

  /** A run is asked for, whatever the size of the data is; it begins once the files have been looked at and nothing is left open. */
  runWhenClear(): void {
    this.#asked = true;
  }

  /** After a change of the settings: the files are looked at again if they would be read otherwise. */
  followSettings(): void {
    if (same(pick(this.#planToInspectWith(), READING_KEYS), this.#inspectedBy)) this.#runUnasked();
    else void this.#inspectAll();
  }

  /** By hand, which must not disturb a run. */
  #choose(files: readonly InputFile[]): void {
    if (this.#state.run.kind !== 'running') this.#set(files, false);
  }

  #set(files: readonly InputFile[], example: boolean, byHand = true): void {
    this.#byHand = byHand;
    this.#asked = false;
    const { store } = this.#context;
    store.change({ files, example, dataNotice: null, unseen: byHand, fixed: null, pinned: null, ...withoutRefusal(this.#state) });
    void this.#inspectAll();
  }

  async #inspectAll(): Promise<void> {
    const { engine, announce } = this.#context;
    const { files } = this.#state;
    const round = ++this.#round;
    if (
      !(await engine.ready.then(
        () => true,
        () => false,
      ))
    )
      return;
    await this.#settings.check;
    if (round !== this.#round) return;
    const plan = this.#planToInspectWith();
    this.#inspectedBy = pick(plan, READING_KEYS);
    const found: Inspection[] = [];
    let shownAt = -Infinity;
    let changed = false;
    while (found.length < files.length) {
      const next = files.slice(found.length, found.length + LOOKS_AT_ONCE);
      const large = next.findIndex(({ file }) => file.size > SMALL_BYTES);
      const together = large < 0 ? next : next.slice(0, Math.max(1, large));
      const rows = found.length < SAMPLED_FILES ? SAMPLE_ROWS : FEW_ROWS;
      found.push(...(await Promise.all(together.map((input) => this.#look(input, plan, rows)))));
      if (round !== this.#round) return;
      if (found.length === files.length || performance.now() - shownAt < BETWEEN_LOOKS) continue;
      shownAt = performance.now();
      changed = this.#show(found) || changed;
    }
    // The columns that are seen and the types that are asked about change at once: else the old types would be asked about.
    const eventTypes = await this.#rolesOf(found);
    if (round !== this.#round) return;
    changed = this.#show(found, eventTypes) || changed;
    const problem = this.#state.files.find(({ inspection }) => inspection?.problem)?.inspection?.problem;
    if (changed && problem) announce(sentence(problem.message));
    else if (changed) announce(DATA.ready(files.length));
    this.#runUnasked();
  }

  /** The types of all files with the roles that they may have. */
  async #rolesOf(found: readonly Inspection[]): Promise<EventTypeRole[]> {
    const told = found.flatMap(({ eventTypes }) => (eventTypes ? [eventTypes] : []));
    if (told.length < 2) return told[0] ?? [];
    const rows = new Map<string, number>();
    for (const { type, rows: more } of told.flat()) rows.set(type, (rows.get(type) ?? 0) + more);
    return this.#context.engine.guessRoles([...rows].map(([type, rows]) => ({ type, rows })));
  }

  /** Of the first files, and the types of all; false if the files say what is known. */
  #show(inspected: readonly Inspection[], types: readonly EventTypeRole[] = this.#state.eventTypes): boolean {
    const found = withoutEmptyParts(inspected);
    const known = this.#state.files;
    const files = known.map((entry, i) =>
      i < found.length && entry.inspection !== found[i] && !same(entry.inspection, found[i])
        ? { ...entry, inspection: found[i]! }
        : entry,
    );
    const { run, eventTypes } = this.#state;
    const told = same(types, eventTypes) ? {} : { eventTypes: types };
    const changed = files.some((entry, i) => entry !== known[i]);
    // A result stays the result of these files: looking at them is no change.
    const result = run.kind === 'done' && run.files === known ? { run: { ...run, files } } : {};
    if (changed) this.#context.store.change({ files, ...result, ...told });
    else if (told.eventTypes) this.#context.store.change(told);
    return changed;
  }

  /** As a run would read them; where the plan does not hold, a wrong setting elsewhere must not hide the data. */
  #planToInspectWith(): PartialPlan {
    const { changes, planProblem } = this.#state;
    return planProblem ? pick(changes, ['columns']) : changes;
  }

  /** Small data have their first result as soon as nothing stands in its way. */
  #runUnasked(): void {
    if (!this.#asked && !this.#byHand) return;
    if (!runsUnasked(this.#state, this.#asked)) return;
    this.#asked = false;
    this.#run();
  }

  async #look(input: InputFile, plan: PartialPlan, rows: number): Promise<Inspection> {
    try {
      return await this.#inspect(input, plan, rows);
    } catch (error) {
      return { name: input.name, compression: null, problem: { code: 'unreadable', message: asProblem(error).message } };
    }
  }

  /** A run that was cancelled took the worker with it, and what else was asked of it; that is asked again. */
  async #inspect(input: InputFile, plan: PartialPlan, rows: number): Promise<Inspection> {
    const { engine, store } = this.#context;
    for (;;) {
      try {
        return await engine.inspect(await engine.open(input), plan, rows);
      } catch (error) {
        if ((error as Error).name !== 'AbortError' || store.closed) throw error;
      }
    }
  }

  /** Takes a plan or a manifest out of what was chosen, whatever else there is; its settings are loaded first. */
  async #withoutPlans(files: readonly File[]): Promise<File[]> {
    const data: File[] = [];
    for (const file of files) {
      const plan = await this.#planIn(file);
      if (plan) await this.#settings.load(plan, file.name);
      else data.push(file);
    }
    return data;
  }

  async #planIn(file: File): Promise<PartialPlan | null> {
    const { defaults } = this.#state;
    if (!defaults || file.size > LARGEST_PLAN_BYTES || !/\.json$/i.test(file.name)) return null;
    return planOfText(await file.text().catch(() => ''), defaults);
  }
}

function asInput(file: File): InputFile {
  return { file, name: file.webkitRelativePath || file.name, inspection: null };
}

/** A part without rows, as Spark writes it, adds nothing where others have some, and stands in nobody's way. */
function withoutEmptyParts(found: readonly Inspection[]): readonly Inspection[] {
  if (!found.some(({ problem }) => !problem)) return found;
  return found.map((one) => (one.problem?.code === 'emptyInput' ? { ...one, problem: null, note: one.problem.message } : one));
}
