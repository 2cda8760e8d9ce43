/** Tries repairs out before they are made, on the events that the result has kept, while nothing else is to do. */
import type { Dataset } from '../../lib/types/index.js';
import { LIVE_SECONDS, type Done, type Preview } from '../state.js';
import type { Context } from './context.js';
import { withValue } from './plan.js';
import { asProblem } from './problem.js';
import { canFixAll, FIX_ALL, groupsOf, nameOf, type Repair } from './repairs.js';
import { summaryOf } from './summary.js';

/** A person who has just changed something goes on to change something else. */
const IDLE_MS = 600;

export class RepairPreviews {
  readonly #context: Context;
  #turn = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Nothing more is tried; what is under way is not waited for. */
  stop(): void {
    this.#turn++;
    if (this.#context.store.state.previews.size > 0) this.#context.store.change({ previews: new Map() });
  }

  async start(result: Done): Promise<void> {
    const { dataset, seconds } = result;
    const turn = ++this.#turn;
    if (!dataset.audit || !dataset.keepsEvents || seconds > LIVE_SECONDS) return;
    const repairs = groupsOf(dataset.audit.findings).flatMap(({ repair }) => (repair ? [repair] : []));
    if (canFixAll(dataset.audit)) repairs.unshift(FIX_ALL);
    if (repairs.length === 0) return;
    const found = new Map<string, Preview>(repairs.map((repair) => [nameOf(repair), 'waiting']));
    this.#context.store.change({ previews: new Map(found) });
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    for (const repair of repairs) {
      if (turn !== this.#turn) return;
      const entry = await this.#try(repair, result).catch(asProblem);
      if (turn !== this.#turn) return;
      found.set(nameOf(repair), entry);
      this.#context.store.change({ previews: new Map(found) });
    }
  }

  async #try({ path, value }: Repair, { dataset, changes, files }: Done) {
    const { engine, store } = this.#context;
    const sources = await Promise.all(files.map((input) => engine.open(input)));
    const plan = withValue(changes, store.state.defaults, path, value);
    // Nothing is read, so no helpers are needed.
    const tried: Dataset = await engine.prepare(sources, plan, { reuse: dataset, threads: 1 });
    const summary = summaryOf(tried.report, null);
    tried.dispose();
    return summary;
  }
}
