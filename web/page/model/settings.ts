/** The settings: what somebody changed of the plan, what went before, and whether the engine accepts it. */
import type { PartialPlan } from '../../lib/types/index.js';
import { withoutRefusal } from '../state.js';
import { CHANGES } from '../words/settings.js';
import type { Context } from './context.js';
import { leadersOf, readDefaults } from './defaults.js';
import { changesOf } from './plan-text.js';
import { same, withValue, type Path, type Value } from './plan.js';
import { asProblem } from './problem.js';

const KEPT_UNDO_STEPS = 100;

/** Who hears of the settings. */
export interface SettingsListener {
  /** Somebody changed them here. */
  edited(changes: PartialPlan): void;
  /** The engine has said what it thinks of the last change. */
  checked(): void;
}

export class Settings {
  readonly #context: Context;
  readonly #listener: SettingsListener;
  /** Done when the engine has said whether the plan holds. */
  #check: Promise<void>;
  #question = 0;
  /** The settings that the state's defaults belong to. */
  #defaultsOf = leadersOf({});

  constructor(context: Context, listener: SettingsListener) {
    this.#context = context;
    this.#listener = listener;
    this.#check = context.engine.ready.catch(() => undefined);
  }

  /** Of the last change. */
  get check(): Promise<void> {
    return this.#check;
  }

  get #state() {
    return this.#context.store.state;
  }

  set(path: Path, value: Value | undefined): void {
    this.#editTo(withValue(this.#state.changes, this.#state.defaults, path, value));
  }

  setAll(values: readonly (readonly [Path, Value])[]): void {
    const { changes, defaults } = this.#state;
    this.#editTo(values.reduce((next, [path, value]) => withValue(next, defaults, path, value), changes));
    this.#context.announce(CHANGES.set(values.map(([path]) => this.#state.keys.get(path)?.label ?? path)));
  }

  reset(): void {
    if (this.#editTo({})) this.#context.announce(CHANGES.reset);
  }

  undo(): void {
    const changes = this.#state.past.at(-1);
    if (!changes) return;
    this.#edit(changes, this.#state.past.slice(0, -1), [...this.#state.future, this.#state.changes]);
    this.#context.announce(CHANGES.undone);
  }

  redo(): void {
    const changes = this.#state.future.at(-1);
    if (!changes) return;
    this.#edit(changes, this.#pastWithNow(), this.#state.future.slice(0, -1));
    this.#context.announce(CHANGES.redone);
  }

  /** Takes the place of all settings, for an embedder, who hears nothing of it. */
  replace(plan: PartialPlan): void {
    this.#change(plan, this.#pastWithNow());
  }

  /** Settings that somebody wrote elsewhere take the place of all here, unless the engine refuses them. */
  async load(plan: PartialPlan, from: string): Promise<void> {
    const { engine, store, announce } = this.#context;
    await engine.ready;
    try {
      await engine.readPlan(plan);
      this.#editTo(changesOf(plan, await readDefaults(engine, plan)));
      const text = CHANGES.loaded(from);
      store.change({ planNotice: { kind: 'hint', text } });
      announce(text);
    } catch (error) {
      this.refuse(CHANGES.ignored(from, asProblem(error).message));
    }
  }

  refuse(text: string): void {
    this.#context.store.change({ planNotice: { kind: 'problem', text } });
    this.#context.announce(text);
  }

  #pastWithNow(): readonly PartialPlan[] {
    return [...this.#state.past, this.#state.changes].slice(-KEPT_UNDO_STEPS);
  }

  /** Whether that is a change. */
  #editTo(changes: PartialPlan): boolean {
    if (same(changes, this.#state.changes)) return false;
    this.#edit(changes, this.#pastWithNow());
    return true;
  }

  #edit(changes: PartialPlan, past: readonly PartialPlan[], future: readonly PartialPlan[] = []): void {
    this.#change(changes, past, future);
    this.#listener.edited(changes);
  }

  #change(changes: PartialPlan, past: readonly PartialPlan[], future: readonly PartialPlan[] = []): void {
    // A refusal belongs to the settings that it was about; a result stays, and says that it is of other settings.
    this.#context.store.change({ changes, past, future, planNotice: null, fixed: null, ...withoutRefusal(this.#state) });
    const check = (this.#check = this.#askEngine());
    void check.then(() => check === this.#check && this.#listener.checked());
  }

  /** Asks the engine whether the plan holds; a later question makes the answer to an earlier one void. */
  async #askEngine(): Promise<void> {
    const { engine, store } = this.#context;
    const question = ++this.#question;
    try {
      await engine.ready;
      const { changes } = this.#state;
      const leaders = leadersOf(changes);
      if (!same(leaders, this.#defaultsOf)) {
        const defaults = await readDefaults(engine, changes);
        if (question !== this.#question) return;
        this.#defaultsOf = leaders;
        if (!same(defaults, this.#state.defaults)) store.change({ defaults }); // what is being typed stays
      }
      const plan = await engine.readPlan(changes);
      if (question === this.#question) store.change({ plan, planProblem: null });
    } catch (error) {
      if (question === this.#question) store.change({ planProblem: asProblem(error) });
    }
  }
}
