/** What <causal-sessions> can do. Importing `causal-sessions/element` defines it; web/docs/element.md shows it at work. */
import type { Dataset, PartialPlan, Progress } from './types/index.js';

export type * from './types/index.js';

/** All of them bubble, and leave shadow trees. */
export interface CausalSessionsEventMap {
  progress: CustomEvent<Progress>;
  /**
   * A run is done; `report.notices` says what may be wrong with its data. The dataset is the element's: it is disposed of with
   * the next run, or when the element is taken out.
   */
  result: CustomEvent<Dataset>;
  /**
   * A run was refused (an EventDataError with code and place) or cancelled (an AbortError), the attribute `plan` is not
   * JSON, or the engine could not start.
   */
  error: CustomEvent<Error>;
  /** Somebody changed a setting in the element. */
  planchange: CustomEvent<PartialPlan>;
}

export declare class CausalSessionsElement extends HTMLElement {
  /**
   * What differs from the defaults. Setting it replaces all settings and ends a run under way; the attribute `plan` is the
   * same as JSON.
   */
  get plan(): PartialPlan;
  set plan(plan: PartialPlan | null | undefined);

  /** The files read as one stream. Setting them takes the place of those before and ends a run under way. */
  get files(): readonly File[];
  set files(files: File | Blob | Iterable<File | Blob> | null | undefined);

  /** Resolved when the engine has been loaded; from then on it asks the network for nothing. */
  readonly ready: Promise<void>;

  /** Runs on these files, or on those that are there, as the button does. The latest call wins. */
  process(files?: File | Blob | Iterable<File | Blob>): Promise<Dataset>;

  /** Ends the run under way. */
  cancel(): void;

  /** Takes back the last change of the settings. */
  undo(): void;

  /** Makes again what was taken back last. */
  redo(): void;

  addEventListener<Name extends keyof CausalSessionsEventMap>(
    type: Name,
    listener: (this: CausalSessionsElement, event: CausalSessionsEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;

  removeEventListener<Name extends keyof CausalSessionsEventMap>(
    type: Name,
    listener: (this: CausalSessionsElement, event: CausalSessionsEventMap[Name]) => unknown,
    options?: boolean | EventListenerOptions,
  ): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

/** Properties and listeners as JSX takes them, in React from version 19 on. */
export type CausalSessionsProps = Partial<Pick<CausalSessionsElement, 'plan' | 'files'>> & {
  [Name in keyof CausalSessionsEventMap as `on${Name}`]?: (event: CausalSessionsEventMap[Name]) => void;
};

declare global {
  interface HTMLElementTagNameMap {
    'causal-sessions': CausalSessionsElement;
  }
}
