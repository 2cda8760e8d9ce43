/** The page's engine: a worker, and its code, which is loaded once so that the network is asked for nothing later. */
import type { Modules } from '../../lib/engine/engine.js';
import type { NamedSource, SourceItem } from '../../lib/types/index.js';
import { RemoteEngine, type StartWorker } from '../../lib/worker/remote.js';
import { sentence } from '../format.js';
import type { InputFile } from '../state.js';
import type { Store } from '../store.js';
import { PAGE } from '../words/common.js';
import { readDefaults } from './defaults.js';
import { asProblem } from './problem.js';

/** Where the engine's code comes from; that depends on how the page was built. */
export interface EngineCode {
  startWorker: StartWorker;
  /** What is needed first, or all. */
  loadModules(): Promise<Modules>;
  loadAllModules?(): Promise<Modules>;
  /** A file as the worker can read it; the file itself unless this is there. */
  open?(file: File): Promise<SourceItem>;
}

export class PageEngine extends RemoteEngine {
  /** Rejected if the engine could not start. */
  readonly ready: Promise<void>;
  /** Fulfilled when all its code is here, so that the network is asked for nothing from then on. */
  readonly complete: Promise<void>;
  readonly #code: EngineCode;
  readonly #store: Store;

  constructor(code: EngineCode, store: Store) {
    super(code.startWorker);
    this.#code = code;
    this.#store = store;
    this.ready = this.#load();
    this.complete = this.ready.then(() => this.#loadAll());
    this.complete.catch(() => undefined); // what needs the rest asks for it again, and says why it cannot be had
  }

  async open({ file, name }: Pick<InputFile, 'file' | 'name'>): Promise<SourceItem> {
    const item = this.#code.open ? await this.#code.open(file) : file;
    if (name === file.name) return item;
    return { name, below: true, data: item instanceof Blob ? item : (item as NamedSource).data };
  }

  async #load(): Promise<void> {
    try {
      this.useModules(await this.#code.loadModules());
      const [defaults, planKeys, tableFormats] = await Promise.all([readDefaults(this, {}), this.planKeys(), this.listFormats()]);
      const keys = new Map(planKeys.map((key) => [key.key, key]));
      this.#store.change({ engine: 'ready', keys, defaults, plan: defaults, tableFormats });
    } catch (error) {
      const reason = sentence(asProblem(error).message);
      this.#store.change({ engine: { message: PAGE.engineFailed(reason) } });
      throw error;
    }
  }

  async #loadAll(): Promise<void> {
    if (this.#code.loadAllModules) this.useModules(await this.#code.loadAllModules());
    await this.warmUp();
  }
}
