/** The files in their order, what each is, and the buttons to move and remove them. */
import type { Inspection } from '../../lib/types/index.js';
import { button, focused, h, setAttribute, setEnabled, setText } from '../dom.js';
import { bytes } from '../format.js';
import type { Actions } from '../panel.js';
import { EXAMPLE, type InputFile, type State } from '../state.js';
import { when } from '../store.js';
import { FILE_LIST } from '../words/data.js';
import { isNameless } from './columns-fields.js';

/** Of many files: at first, and at most. */
const SHOWN_FILES = 10;
const MOST_SHOWN = 500;

export class FileList {
  readonly element = h('ol', { class: 'file-list', 'aria-label': FILE_LIST.label });
  readonly #actions: Actions;
  /** Lines stay where they are while their files are looked at: what is being pressed, or has the focus, is still there. */
  #lines = new Map<File, FileLine>();
  readonly #more: MoreFiles;
  #all = false;

  readonly update = when(
    ({ files, example, run }: State) => [files, example, run.kind === 'running'],
    (files, example, busy) => this.#show(files, example, busy),
  );

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#more = new MoreFiles();
  }

  /** Hundreds of files are listed short, unless somebody wants to see them all. */
  #show(files: readonly InputFile[], example: boolean, busy: boolean): void {
    this.element.hidden = files.length === 0;
    this.#all &&= files.length > SHOWN_FILES;
    const shown = files.slice(0, this.#all ? MOST_SHOWN : files.length <= SHOWN_FILES + 1 ? files.length : SHOWN_FILES);
    const lines = shown.map(({ file }) => this.#lines.get(file) ?? new FileLine(this.#actions));
    this.#lines = new Map(shown.map(({ file }, i) => [file, lines[i]!]));
    for (const [i, line] of lines.entries()) line.update(shown[i]!, files.length > 1 ? i : null, example, busy);
    this.#more.update(files, shown.length, this.#all, () => {
      this.#all = true;
      this.#show(files, example, busy);
      this.element.querySelectorAll<HTMLElement>('li')[SHOWN_FILES]?.querySelector('button')?.focus();
    });
    this.#arrange([...lines.map((line) => line.element), ...(files.length > shown.length ? [this.#more.element] : [])]);
  }

  #arrange(wanted: readonly HTMLElement[]): void {
    const active = focused(this.element);
    const keep = new Set(wanted);
    for (const line of [...this.element.children]) if (!keep.has(line as HTMLElement)) line.remove();
    for (const [i, line] of wanted.entries()) {
      const there = this.element.children[i];
      if (there !== line) this.element.insertBefore(line, there ?? null);
    }
    // What is moved loses the focus.
    if (active instanceof HTMLElement && this.element.contains(active) && focused(this.element) !== active) {
      active.focus({ preventScroll: true });
    }
  }
}

/** A file: its place, its name, what it is, its buttons. */
class FileLine {
  readonly element = h('li');
  readonly #order = h('span', { class: 'file-order', 'aria-hidden': 'true' });
  readonly #name = h('span', { class: 'name' });
  readonly #what = h('span', { class: 'help' });
  readonly #up: HTMLButtonElement;
  readonly #remove: HTMLButtonElement;
  #index = 0;

  constructor(actions: Actions) {
    this.#up = button(FILE_LIST.up, () => actions.moveFileUp(this.#index), { class: 'quiet' });
    this.#remove = button(FILE_LIST.remove, () => actions.removeFile(this.#index), { class: 'quiet' });
    this.element.append(
      this.#order,
      h('span', { class: 'file-name' }, this.#name, this.#what),
      h('span', { class: 'buttons' }, this.#up, this.#remove),
    );
  }

  /** `place`: from 0 on, where there are several files. */
  update(input: InputFile, place: number | null, example: boolean, disabled: boolean): void {
    const { name } = input;
    this.#index = place ?? 0;
    this.#order.hidden = place === null;
    this.#up.hidden = this.#index === 0;
    setText(this.#order, `${this.#index + 1}.`);
    setText(this.#name, name);
    setText(this.#what, describe(input, example));
    setAttribute(this.#up, 'aria-label', FILE_LIST.upOf(name));
    setAttribute(this.#remove, 'aria-label', FILE_LIST.removeOf(name));
    for (const button of [this.#up, this.#remove]) setEnabled(button, !disabled);
  }
}

/** The files that are not listed. */
class MoreFiles {
  readonly #what = h('span', { class: 'help' });
  readonly #button: HTMLButtonElement;
  readonly element: HTMLElement;
  #showAll = () => {};

  constructor() {
    this.#button = button('', () => this.#showAll(), { class: 'quiet' });
    this.element = h('li', { class: 'more-files' }, h('span', { class: 'file-name' }, this.#what), this.#button);
  }

  update(files: readonly InputFile[], shown: number, all: boolean, showAll: () => void): void {
    if (files.length === shown) return;
    const label = files.length <= MOST_SHOWN ? FILE_LIST.showAll : FILE_LIST.show(MOST_SHOWN);
    this.#showAll = showAll;
    this.#button.hidden = all;
    setText(this.#what, describeAll(files.slice(shown)));
    setText(this.#button, label);
    setAttribute(this.#button, 'aria-label', FILE_LIST.spoken(label, label === FILE_LIST.showAll ? files.length : null));
  }
}

function describe({ file, inspection }: InputFile, example: boolean): string {
  const size = bytes(file.size);
  if (example) return FILE_LIST.simulated(EXAMPLE.events, size);
  if (!inspection) return FILE_LIST.waiting(size);
  const { compression, format, header, files } = inspection;
  const readable = format ? formatName(inspection) : !isNameless(inspection) && FILE_LIST.unreadable;
  const noHeader = (header === false || isNameless(inspection)) && FILE_LIST.noHeader;
  return [files && FILE_LIST.zip(files), compression, readable, noHeader, size].filter((text) => text).join(', ');
}

/** Files that are not listed. */
function describeAll(files: readonly InputFile[]): string {
  const size = bytes(files.reduce((sum, { file }) => sum + file.size, 0));
  const waiting = files.filter(({ inspection }) => !inspection).length;
  return FILE_LIST.more(files.length, size, waiting);
}

function formatName({ format, separator = ',' }: Inspection): string {
  if (format !== 'csv') return FILE_LIST.formats[format!];
  if (separator === '\t') return 'TSV';
  return separator === ',' ? 'CSV' : FILE_LIST.separated(FILE_LIST.separators[separator] ?? separator);
}
