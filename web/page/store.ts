/** The page's one state, and showing what has changed of it. */
import { initialState, type State } from './state.js';

/** Changes of one turn are shown together. */
export class Store {
  readonly #show: (state: State) => void;
  #state = initialState;
  #asked = false;
  #closed = false;

  constructor(show: (state: State) => void) {
    this.#show = show;
  }

  get state(): State {
    return this.#state;
  }

  get closed(): boolean {
    return this.#closed;
  }

  change(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    if (this.#asked || this.#closed) return;
    this.#asked = true;
    queueMicrotask(() => this.show());
  }

  show(): void {
    this.#asked = false;
    this.#show(this.#state);
  }

  /** Nothing is shown any more. */
  close(): void {
    this.#closed = true;
  }
}

/** What has to be called with every state, and shows one only where what is selected is not what it was. */
export function when<From, Values extends readonly unknown[]>(
  select: (from: From) => readonly [...Values],
  show: (...values: Values) => void,
): (from: From) => void {
  let shown: readonly unknown[] | null = null;
  return (from) => {
    const values = select(from);
    if (shown?.length === values.length && values.every((value, i) => value === shown![i])) return;
    shown = values;
    show(...(values as unknown as Values));
  };
}
