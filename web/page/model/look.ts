/** Looking at sessions one by one: what was asked for, the page of rows that answers it, and the session that is open. */
import { isListed } from '../../lib/run/session-query.js';
import type { Dataset, Finding } from '../../lib/types/index.js';
import type { Look, Query } from '../state.js';
import { asProblem } from './problem.js';

export const PAGE_ROWS = 8;

const NOTHING: Look = { query: {}, offset: 0, list: null, view: null, problem: null, finding: null };

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
      this.#tell({ query, offset, list, problem: null, ...(list.total === 0 ? { view: null } : {}) });
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
      if (question === this.#question) this.#tell({ view, problem: null });
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

  /** The rows that show what a finding says, and the first of them; null: all rows again, as the other filters ask. */
  async listFinding(finding: Pick<Finding, 'code' | 'title'> | null): Promise<void> {
    const { query } = this.#look;
    if (!finding) {
      this.#tell({ finding: null });
      return this.list({ ...query, finding: undefined });
    }
    if (!isListed(finding.code)) return;
    this.#tell({ finding: finding.title, view: null });
    await this.list({ finding: finding.code, sort: query.sort, descending: query.descending });
  }

  #tell(change: Partial<Look>): void {
    if (this.#closed) return;
    this.#look = { ...this.#look, ...change };
    this.#change(this.#look);
  }
}
