/**
 * <causal-sessions>: the whole page in a shadow tree, for pages and dashboards. lib/element-types.ts says what it can do.
 *
 * Each element has a state and an engine of its own. It works while it is in a document: taken out, it ends its worker
 * and keeps plan and files; put back, it starts anew with them. One that is only moved goes on.
 */
import type { CausalSessionsElement as Face, CausalSessionsEventMap } from '../../lib/element-types.js';
import { EventDataError, type Dataset, type PartialPlan } from '../../lib/types/index.js';
import { App } from '../app.js';
import type { EngineCode } from '../model/engine.js';
import type { Page } from '../panel.js';
import { styles } from '../styles/sheet.js';
import { PAGE } from '../words/common.js';

/** In Node the module can be imported, for rendering on a server; there it defines nothing. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

export class CausalSessionsElement
  extends Base
  implements Pick<Face, 'plan' | 'files' | 'ready' | 'process' | 'cancel' | 'undo' | 'redo'>
{
  static code: EngineCode;
  /** Set where the element is all of a page, so that its content is the page's. */
  static page: Page | null = null;
  static readonly observedAttributes = ['plan'];

  readonly #root = this.attachShadow({ mode: 'open' });
  #app: App | null = null;
  /** What the next app begins with. */
  #plan: PartialPlan = {};
  #files: readonly File[] = [];

  get plan(): PartialPlan {
    return copyOf(this.#app?.plan ?? this.#plan);
  }

  set plan(plan: PartialPlan | null | undefined) {
    this.#plan = copyOf(plan ?? {});
    this.#app?.replacePlan(this.#plan);
  }

  get files(): readonly File[] {
    return this.#app?.files ?? this.#files;
  }

  set files(files: File | Blob | Iterable<File | Blob> | null | undefined) {
    this.#files = asFiles(files ?? []);
    this.#app?.takeFiles(this.#files);
  }

  get ready(): Promise<void> {
    return this.#connected().ready;
  }

  /** Once nothing more is asked of the network. */
  get complete(): Promise<void> {
    return this.#connected().complete;
  }

  async process(files?: File | Blob | Iterable<File | Blob>): Promise<Dataset> {
    return this.#connected().process(files === undefined ? undefined : asFiles(files));
  }

  cancel(): void {
    this.#app?.cancel();
  }

  undo(): void {
    this.#app?.undo();
  }

  redo(): void {
    this.#app?.redo();
  }

  /** For the page: a plan from its address, which is said, and refused where the engine refuses it. */
  async loadPlan(plan: PartialPlan, from: string): Promise<void> {
    await this.#app?.loadPlan(plan, from);
  }

  refusePlan(text: string): void {
    this.#app?.refusePlan(text);
  }

  connectedCallback(): void {
    this.#upgrade('plan');
    this.#upgrade('files');
    if (this.#app) return; // moved
    this.#app = new App(
      CausalSessionsElement.code,
      {
        progress: (progress) => this.#emit('progress', progress),
        result: (dataset) => this.#emit('result', dataset),
        error: (error) => this.#emit('error', error),
        planChange: (plan) => this.#emit('planchange', copyOf(plan)),
      },
      CausalSessionsElement.page,
    );
    this.#root.adoptedStyleSheets = [styles()];
    this.#root.replaceChildren(this.#app.element);
    this.#app.replacePlan(this.#plan);
    if (this.#files.length > 0) this.#app.takeFiles(this.#files);
  }

  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (this.isConnected || !this.#app) return;
      this.#plan = this.#app.plan;
      this.#files = this.#app.files;
      this.#app.close();
      this.#app = null;
      this.#root.replaceChildren();
    });
  }

  attributeChangedCallback(_name: 'plan', _before: string | null, text: string | null): void {
    try {
      this.plan = text === null || text.trim() === '' ? {} : (JSON.parse(text) as PartialPlan);
    } catch {
      const error = new EventDataError('badPlan', PAGE.notJson);
      queueMicrotask(() => this.#emit('error', error)); // a parser sets attributes before anybody can listen
    }
  }

  #connected(): App {
    if (!this.#app) throw new EventDataError('badCall', PAGE.notConnected);
    return this.#app;
  }

  /** Takes a property that was set before the element was defined. */
  #upgrade(name: 'plan' | 'files'): void {
    if (!Object.hasOwn(this, name)) return;
    const value: unknown = this[name];
    delete (this as Partial<this>)[name];
    this[name] = value as never;
  }

  #emit<Name extends keyof CausalSessionsEventMap>(name: Name, detail: CausalSessionsEventMap[Name]['detail']): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}

/** Defines the element, once a document. */
export function defineElement(code: EngineCode): void {
  if (!('customElements' in globalThis) || customElements.get('causal-sessions')) return;
  CausalSessionsElement.code = code;
  customElements.define('causal-sessions', CausalSessionsElement);
}

/** Not by structuredClone: frameworks wrap what they hold in proxies. */
function copyOf(plan: PartialPlan): PartialPlan {
  return JSON.parse(JSON.stringify(plan)) as PartialPlan;
}

function asFiles(files: File | Blob | Iterable<File | Blob>): File[] {
  const list = files instanceof Blob ? [files] : [...files];
  return list.map((file) => (file instanceof File ? file : new File([file], nameOf(file), { type: file.type })));
}

/** A Blob has no name unless who made it gave it one. */
function nameOf(blob: Blob): string {
  const { name } = blob as Blob & { name?: unknown };
  return typeof name === 'string' && name !== '' ? name : PAGE.unnamed;
}
