/** What the models share. */
import type { Store } from '../store.js';
import type { PageEngine } from './engine.js';

export interface Context {
  readonly store: Store;
  readonly engine: PageEngine;
  /** Says a sentence to screen readers. */
  announce(text: string): void;
}
