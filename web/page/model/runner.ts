/** The run and its result: starting, cancelling, and what there is to look at and to save afterwards. */
import { EventDataError, type Dataset, type Progress } from '../../lib/types/index.js';
import { counted, seconds } from '../format.js';
import { obstacle, type InputFile } from '../state.js';
import type { Context } from './context.js';
import { Explorer } from './look.js';
import { OutputFiles } from './output-files.js';
import { asProblem } from './problem.js';
import type { Settings } from './settings.js';

/** Who hears of runs. */
export interface RunListener {
  progress(progress: Progress): void;
  result(dataset: Dataset): void;
  /** It was refused, failed or was cancelled. */
  error(error: unknown): void;
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

  constructor(context: Context, settings: Settings, listener: RunListener) {
    this.#context = context;
    this.#settings = settings;
    this.#listener = listener;
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

  /** For an embedder, after the run before; what is asked for later ends it. */
  async process(): Promise<Dataset> {
    const turn = this.#turn;
    await this.#running;
    await this.#context.engine.ready;
    await this.#settings.check;
    if (turn !== this.#turn) throw cancelled();
    if (this.#state.files.length === 0) throw new EventDataError('badCall', 'There are no files to process.');
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
    const earlier = await this.#dropResult();
    const { files, changes } = this.#state;
    const stop = new AbortController();
    this.#stop = stop;
    const startedAt = performance.now();
    store.change({ run: { kind: 'running', startedAt, progress: null } });
    announce('Preparing the training sets.');
    try {
      const sources = await Promise.all(files.map((input) => engine.open(input)));
      const making = engine.prepare(sources, changes, {
        signal: stop.signal,
        audit: true,
        keepEvents: true,
        reuse: earlier,
        onProgress: (progress) => {
          if (this.#stop !== stop) return;
          store.change({ run: { kind: 'running', startedAt, progress } });
          this.#listener.progress(progress);
        },
      });
      earlier?.dispose(); // its events stay with the run that has been asked to take them
      const dataset = await making;
      const taken = (performance.now() - startedAt) / 1000;
      store.change({ run: { kind: 'done', dataset, seconds: taken, changes, files: this.#asTheyAreNow(files) } });
      announce(outcome(dataset, taken));
      this.#files = new OutputFiles(dataset, (change) => store.change(change), announce);
      this.#explorer = new Explorer(dataset, (look) => store.change({ look }));
      void this.#explorer.list({});
      await this.#files.list(this.#state.formats);
      this.#listener.result(dataset);
      return dataset;
    } catch (error) {
      if (stop.signal.aborted) {
        store.change({ run: { kind: 'cancelled' } });
        announce('Cancelled. Nothing was kept.');
        void engine.warmUp().catch(() => undefined); // a new engine, ready for the next run
      } else {
        const problem = asProblem(error);
        store.change({ run: { kind: 'failed', problem } });
        announce(problem.message);
      }
      this.#listener.error(error);
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

  /** Ends all work on the result and gives what is left of it, for the next run to take its events; then it is disposed of. */
  async #dropResult(): Promise<Dataset | null> {
    const { run } = this.#state;
    this.#explorer?.close();
    this.#explorer = null;
    this.#context.store.change({ outputs: [], manifestBytes: null, look: null, saving: { kind: 'idle' }, run: { kind: 'idle' } });
    await this.#files?.close();
    this.#files = null;
    return run.kind === 'done' ? run.dataset : null;
  }
}

function outcome({ report: { sessions, notices } }: Dataset, taken: number): string {
  const noticed = notices.length > 0 ? ` ${counted(notices.length, 'notice')} about the data first.` : '';
  const made = `${counted(sessions.kept, 'session')} of ${counted(sessions.users, 'user')}`;
  return `Done in ${seconds(taken)}: ${made}. The report and the files are below.${noticed}`;
}

function cancelled(): DOMException {
  return new DOMException('The run was cancelled.', 'AbortError');
}
