/** The files in their order, what each is, and the buttons to move and remove them. */
import type { Inspection } from '../../lib/types/index.js';
import { button, h, replaceChildren } from '../dom.js';
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
  #all = false;

  readonly update = when(
    ({ files, example, run }: State) => [files, example, run.kind === 'running'],
    (files, example, busy) => this.#show(files, example, busy),
  );

  constructor(actions: Actions) {
    this.#actions = actions;
  }

  /** Hundreds of files are listed short, unless somebody wants to see them all. */
  #show(files: readonly InputFile[], example: boolean, busy: boolean): void {
    this.element.hidden = files.length === 0;
    this.#all &&= files.length > SHOWN_FILES;
    const shown = files.slice(0, this.#all ? MOST_SHOWN : files.length <= SHOWN_FILES + 1 ? files.length : SHOWN_FILES);
    const label = files.length <= MOST_SHOWN ? FILE_LIST.showAll : FILE_LIST.show(MOST_SHOWN);
    const more = files.slice(shown.length);
    const showAll = () => {
      this.#all = true;
      this.#show(files, example, busy);
      this.element.querySelectorAll<HTMLElement>('li')[SHOWN_FILES]?.querySelector('button')?.focus();
    };
    replaceChildren(
      this.element,
      shown.map((input, i) => this.#line(input, files.length > 1 ? i : null, example, busy)),
      more.length > 0 &&
        h(
          'li',
          { class: 'more-files' },
          h('span', { class: 'file-name' }, h('span', { class: 'help' }, describeAll(more))),
          !this.#all &&
            button(label, showAll, {
              class: 'quiet',
              'aria-label': FILE_LIST.spoken(label, label === FILE_LIST.showAll ? files.length : null),
            }),
        ),
    );
  }

  /** `place`: from 0 on, where there are several files. */
  #line(input: InputFile, place: number | null, example: boolean, disabled: boolean): HTMLElement {
    const { name } = input;
    const index = place ?? 0;
    const what = h('span', { class: 'help' }, describe(input, example));
    const act = (label: string, spoken: string, action: () => void) =>
      button(label, action, { class: 'quiet', 'aria-label': spoken, 'aria-disabled': disabled ? 'true' : null });
    return h(
      'li',
      {},
      place !== null && h('span', { class: 'file-order', 'aria-hidden': 'true' }, `${place + 1}.`),
      h('span', { class: 'file-name' }, h('span', { class: 'name' }, name), what),
      h(
        'span',
        { class: 'buttons' },
        index > 0 && act(FILE_LIST.up, FILE_LIST.upOf(name), () => this.#actions.moveFileUp(index)),
        act(FILE_LIST.remove, FILE_LIST.removeOf(name), () => this.#actions.removeFile(index)),
      ),
    );
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
