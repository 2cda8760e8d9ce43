/** Building elements. Text is always text: nothing here reads markup, so a cell of somebody's data stays data. */

export type Child = Node | string | number | null | undefined | false | readonly Child[];

type Attribute = string | number | boolean | null | undefined;

interface Special {
  /** Listeners by event name. */
  on?: Record<string, (event: never) => void>;
  /** CSS custom properties. Set from script, since the page's policy allows no style attributes. */
  vars?: Record<string, string | number>;
}

type Props = Special & { [name: string]: Attribute | Special['on'] | Special['vars'] };

export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props?: Props,
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name === 'on') {
      for (const [event, listener] of Object.entries(value as NonNullable<Special['on']>)) {
        element.addEventListener(event, listener as EventListener);
      }
    } else if (name === 'vars') {
      for (const [key, text] of Object.entries(value as NonNullable<Special['vars']>))
        element.style.setProperty(key, String(text));
    } else {
      setAttribute(element, name, value as Attribute);
    }
  }
  append(element, children);
  return element;
}

export function setAttribute(element: Element, name: string, value: Attribute): void {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

export function replaceChildren(element: Element, ...children: Child[]): void {
  element.replaceChildren();
  append(element, children);
}

function append(element: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (Array.isArray(child)) append(element, child as readonly Child[]);
    else if (child !== null && child !== undefined && child !== false) element.append(child as Node | string);
  }
}

/** What has the focus, as seen from `near`: inside the same shadow tree, or outside of it; null where nothing has. */
export function focused(near: Element): Element | null {
  const inside = (near.getRootNode() as Document | ShadowRoot).activeElement;
  const active = inside ?? document.activeElement;
  return active === document.body ? null : active;
}

/** Ids for labels, unique in the document however many pages it holds. */
let lastId = 0;
export function uniqueId(stem: string): string {
  return `causal-sessions-${stem}-${++lastId}`;
}

export function button(label: Child, click: () => void, props: Props = {}): HTMLButtonElement {
  const element = h('button', { type: 'button', ...props, on: { click: () => isEnabled(element) && click() } }, label);
  return element;
}

/** A button that can do nothing now keeps the focus and says so, with the reason where there is one to tell. */
export function setEnabled(button: HTMLButtonElement, enabled: boolean, reason = ''): void {
  setAttribute(button, 'aria-disabled', enabled ? null : 'true');
  if (reason !== '' || button.dataset['reason'] !== undefined) {
    setAttribute(button, 'title', enabled ? null : reason);
    setAttribute(button, 'data-reason', enabled ? null : '');
  }
}

export function isEnabled(button: HTMLButtonElement): boolean {
  return button.getAttribute('aria-disabled') !== 'true';
}

/** A table that may be wider than its place: it scrolls by itself, by keyboard too, and the page does not. */
export function scrolling(label: string, table: HTMLTableElement): HTMLElement {
  return h('div', { class: 'scrolling', role: 'region', tabindex: 0, 'aria-label': label }, table);
}
