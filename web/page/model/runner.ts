/** The run and its result: starting, cancelling, and what there is to look at and to save afterwards. */
import { EventDataError, type Dataset, type Progress } from '../../lib/types/index.js';
import { isStale, LIVE_SECONDS, obstacle, shownResult, type Done, type InputFile } from '../state.js';
import { RUN } from '../words/run.js';
import type { Context } from './context.js';
import { Explorer } from './look.js';
import { OutputFiles } from './output-files.js';
import { RepairPreviews } from './previews.js';
import { asProblem } from './problem.js';
import type { Settings } from './settings.js';
import { summaryOf } from './summary.js';

/** Several changes in a row are one run. */
const QUIET_MS = 400;

/** Who hears of runs. */
export interface RunListener {
  progress(progress: Progress): void;
  result(dataset: Dataset): void;
  /** It was refused, failed or was cancelled. */
  error(error: unknown): void;
  /** The result in a sentence, for who cannot see it. */
  describe(result: Done): string;
}

export class Runner {
  readonly #context: Context;
  readonly #settings: Settings;
  readonly #listener: RunListener;
  #stop: AbortController | null = null;
  /** The run under way; it never fails itself. */
  #running: Promise<void> = Promise.resolve();
  /** Raised by all that ends a run, also one that has not begun. */
  #turn = 0;
  /** Of the result, where there is one. */
  #files: OutputFiles | null = null;
  #explorer: Explorer | null = null;
  readonly #previews: RepairPreviews;
  /** The files whose last run was over before anybody had to wait. */
  #quick: readonly InputFile[] | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(context: Context, settings: Settings, listener: RunListener) {
    this.#context = context;
    this.#settings = settings;
    this.#listener = listener;
    this.#previews = new RepairPreviews(context);
  }

  get #state() {
    return this.#context.store.state;
  }

  /** The files of the result, where there is one. */
  get files(): OutputFiles | null {
    return this.#files;
  }

  /** Its sessions. */
  get explorer(): Explorer | null {
    return this.#explorer;
  }

  /** Unless something stands in the way. */
  async run(): Promise<void> {
    await this.#settings.check;
    if (this.#state.run.kind === 'running' || obstacle(this.#state)) return;
    await this.#perform().catch(() => undefined); // the state says why
  }

  /** After a change by hand: where a run takes no time, nobody needs to ask for it. */
  runSoon(): void {
    clearTimeout(this.#timer);
    const ripe = () => {
      const { run, files } = this.#state;
      if (this.#context.store.closed || this.#quick === null || !sameFiles(this.#quick, files)) return;
      if (run.kind === 'running') return this.runSoon();
      if (run.kind === 'idle' || run.kind === 'failed' || isStale(this.#state)) void this.run();
    };
    this.#timer = setTimeout(ripe, QUIET_MS);
  }

  /** For an embedder, after the run before; what is asked for later ends it. */
  async process(): Promise<Dataset> {
    const turn = this.#turn;
    await this.#running;
    await this.#context.engine.ready;
    await this.#settings.check;
    if (turn !== this.#turn) throw cancelled();
    if (this.#state.files.length === 0) throw new EventDataError('badCall', RUN.noFiles);
    return this.#perform();
  }

  cancel(): void {
    this.#turn++;
    this.#stop?.abort(cancelled());
  }

  #perform(): Promise<Dataset> {
    const run = this.#prepare();
    this.#running = run.then(
      () => undefined,
      () => undefined,
    );
    return run;
  }

  async #prepare(): Promise<Dataset> {
    const { engine, store, announce } = this.#context;
    const before = shownResult(this.#state);
    const earlier = await this.#dropResult();
    const { files, changes } = this.#state;
    const stop = new AbortController();
    this.#stop = stop;
    const startedAt = performance.now();
    store.change({ run: { kind: 'running', startedAt, progress: null, before } });
    if (!before) announce(RUN.announced);
    try {
      const sources = await Promise.all(files.map((input) => engine.open(input)));
      const making = engine.prepare(sources, changes, {
        signal: stop.signal,
        audit: true,
        keepEvents: true,
        reuse: earlier,
        onProgress: (progress) => {
          if (this.#stop !== stop) return;
          store.change({ run: { kind: 'running', startedAt, progress, before } });
          this.#listener.progress(progress);
        },
      });
      earlier?.dispose(); // its events stay with the run that has been asked to take them
      const dataset = await making;
      const taken = (performance.now() - startedAt) / 1000;
      const done: Done = { kind: 'done', dataset, seconds: taken, changes, files: this.#asTheyAreNow(files) };
      this.#quick = taken <= LIVE_SECONDS ? done.files : null;
      const { fixed } = this.#state;
      const summary = summaryOf(dataset.report, dataset.audit);
      const estimate = dataset.audit && summary.rows > 0 ? 'waiting' : null;
      store.change({ run: done, estimate, ...(fixed ? { fixed: { ...fixed, after: summary } } : {}) });
      announce(this.#listener.describe(done));
      this.#files = new OutputFiles(dataset, (change) => store.change(change), announce);
      this.#explorer = new Explorer(dataset, (look) => store.change({ look }));
      // Findings are of one result.
      void this.#explorer.list({ ...this.#state.look?.query, finding: undefined });
      if (estimate) void this.#estimate(dataset);
      await this.#files.list(this.#state.formats);
      void this.#previews.start(done);
      this.#listener.result(dataset);
      return dataset;
    } catch (error) {
      store.change({ outputs: [], manifestBytes: null, look: null, fixed: null, estimate: null });
      if (stop.signal.aborted) {
        store.change({ run: { kind: 'cancelled' } });
        announce(`${RUN.cancelled} ${RUN.nothingMade}`);
        void engine.warmUp().catch(() => undefined); // a new engine, ready for the next run
      } else {
        const problem = asProblem(error);
        store.change({ run: { kind: 'failed', problem } });
        announce(`${RUN.refused} ${problem.message}`);
      }
      this.#listener.error(error);
      throw error;
    } finally {
      if (this.#stop === stop) this.#stop = null;
    }
  }

  /** What it tells is of no use once the next run has begun. */
  async #estimate(dataset: Dataset): Promise<void> {
    const told = await dataset.estimate().catch(asProblem);
    const { run } = this.#state;
    if (run.kind === 'done' && run.dataset === dataset) this.#context.store.change({ estimate: told });
  }

  /** Files that were looked at while the run was under way are the same files. */
  #asTheyAreNow(files: readonly InputFile[]): readonly InputFile[] {
    const now = this.#state.files;
    return now.length === files.length && now.every(({ file }, i) => file === files[i]!.file) ? now : files;
  }

  /**
   * Ends all work on the result and gives what is left of it, for the next run to take its events; then it is disposed of. What it
   * told stays in sight until there is another.
   */
  async #dropResult(): Promise<Dataset | null> {
    const { run } = this.#state;
    clearTimeout(this.#timer);
    this.#previews.stop();
    this.#explorer?.close();
    this.#explorer = null;
    this.#context.store.change({ saving: { kind: 'idle' } });
    await this.#files?.close();
    this.#files = null;
    return run.kind === 'done' ? run.dataset : null;
  }
}

/** However much was found out about them since. */
function sameFiles(some: readonly InputFile[], others: readonly InputFile[]): boolean {
  return some.length === others.length && some.every(({ file }, i) => file === others[i]!.file);
}

function cancelled(): DOMException {
  return new DOMException(RUN.aborted, 'AbortError');
}
