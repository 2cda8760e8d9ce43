/** Looking at sessions one by one: what was asked for, the page of rows that answers it, and the session that is open. */
import type { Dataset, Finding } from '../../lib/types/index.js';
import type { Look, Query } from '../state.js';
import { FINDINGS } from '../words/result.js';
import { exampleOf } from './examples.js';
import { asProblem } from './problem.js';

export const PAGE_ROWS = 8;

/** So many rows are opened in search of an example. */
const TRIED_ROWS = 400;
const TRIED_AT_ONCE = 50;

const NOTHING: Look = { query: {}, offset: 0, list: null, view: null, problem: null, example: null };

export class Explorer {
  readonly #dataset: Dataset;
  readonly #change: (look: Look) => void;
  #look = NOTHING;
  #question = 0;
  #closed = false;

  constructor(dataset: Dataset, change: (look: Look) => void) {
    this.#dataset = dataset;
    this.#change = change;
  }

  close(): void {
    this.#closed = true;
  }

  /** Rows of the query, from `offset` on; the first one is opened where none is. */
  async list(query: Query, offset = 0): Promise<void> {
    const question = ++this.#question;
    try {
      const list = await this.#dataset.listSessions({ ...query, offset, limit: PAGE_ROWS });
      if (question !== this.#question) return;
      this.#tell({ query, offset, list, problem: null, ...(list.total === 0 ? { view: null, example: null } : {}) });
      const [first] = list.sessions;
      if (first && !this.#look.view && this.#dataset.keepsEvents) await this.open(first.row);
    } catch (error) {
      if (question === this.#question) this.#tell({ query, offset, list: null, problem: asProblem(error).message });
    }
  }

  async open(row: number): Promise<void> {
    const question = ++this.#question;
    try {
      const view = await this.#dataset.lookAt(row);
      if (question === this.#question) this.#tell({ view, problem: null, example: null });
    } catch (error) {
      if (question === this.#question) this.#tell({ problem: asProblem(error).message });
    }
  }

  /** Any of the rows that the query asks for, each as likely as the others. */
  async openAny(): Promise<void> {
    const { query, list } = this.#look;
    if (!list || list.total === 0) return;
    const position = Math.floor(Math.random() * list.total);
    await this.list(query, position - (position % PAGE_ROWS));
    const entry = this.#look.list?.sessions[position % PAGE_ROWS];
    if (entry) await this.open(entry.row);
  }

  /** Opens the first row that shows what a finding says; true if there is one among those that are tried. */
  async openExample({ code, title }: Pick<Finding, 'code' | 'title'>): Promise<boolean> {
    const wanted = exampleOf(code);
    if (!wanted) return false;
    const question = ++this.#question;
    this.#tell({ problem: FINDINGS.searching });
    try {
      let tried = 0;
      for (let total = 1; tried < Math.min(total, TRIED_ROWS); ) {
        const list = await this.#dataset.listSessions({ ...wanted.query, offset: tried, limit: TRIED_AT_ONCE });
        total = list.total;
        for (const { row } of list.sessions) {
          tried++;
          const view = await this.#dataset.lookAt(row);
          if (question !== this.#question) return false;
          if (!wanted.shows(view, this.#dataset.report.plan)) continue;
          this.#tell({ view, problem: null, example: title });
          return true;
        }
      }
      this.#tell({ problem: FINDINGS.noExample(title, tried) });
    } catch (error) {
      if (question === this.#question) this.#tell({ problem: asProblem(error).message });
    }
    return false;
  }

  #tell(change: Partial<Look>): void {
    if (this.#closed) return;
    this.#look = { ...this.#look, ...change };
    this.#change(this.#look);
  }
}
