/** Files: formats, each file with its size, all as one zip; the plan to keep and the run as a command. */
import type { PartName, TableFormat } from '../../lib/types.js';
import { EXAMPLE, type Actions, type Panel } from '../app.js';
import { button, h, replaceChildren, uniqueId } from '../dom.js';
import { bytes, counted } from '../format.js';
import { commandLine } from '../plan.js';
import { isStale, type Output, type State } from '../state.js';
import { whyNoResult } from './run-panel.js';
import { notice, section, waiting } from './section.js';

const FORMATS: readonly { format: TableFormat; label: string; help: string }[] = [
  { format: 'parquet', label: 'Parquet', help: 'for pandas, Polars, Spark, DuckDB' },
  { format: 'pickle', label: 'Pickle', help: 'a pandas DataFrame, lists of tuples' },
  { format: 'jsonl', label: 'JSON lines', help: 'for everything else' },
];

const CONTENTS: Record<PartName, string> = {
  train: 'Training sessions',
  validation: 'Validation sessions',
  test: 'Test sessions',
};

export class FilesPanel implements Panel {
  readonly element: HTMLElement;
  readonly #actions: Actions;
  readonly #waiting = h('div', { class: 'slot' });
  readonly #ready = h('div', { class: 'slot' });
  readonly #stale = h('div', { class: 'slot' });
  readonly #boxes = new Map<TableFormat, HTMLInputElement>();
  readonly #rows = h('ul', { class: 'outputs' });
  readonly #zip: HTMLButtonElement;
  readonly #zipHelp = h('span', { class: 'help' });
  readonly #planText = h('pre', { tabindex: 0, 'aria-label': 'Plan as JSON' });
  readonly #commandText = h('pre', { tabindex: 0, 'aria-label': 'Command line' });
  #shown: Partial<State> = {};

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#zip = button('Download all as ZIP', () => actions.downloadAll(), { class: 'primary' });
    this.#ready.append(
      this.#stale,
      h('fieldset', { class: 'formats' }, h('legend', {}, 'Formats of the training sets'), FORMATS.map((entry) => this.#formatBox(entry))),
      this.#rows,
      h('div', { class: 'buttons' }, this.#zip, this.#zipHelp),
    );
    this.element = section(
      'files',
      5,
      'Files',
      'The notebook’s files under its names. The same input and plan give the same bytes.',
      this.#waiting,
      this.#ready,
      h(
        'details',
        { class: 'plan' },
        h('summary', {}, 'The same run elsewhere: plan and command'),
        copyable('Plan, every key', this.#planText, actions),
        copyable('Command', this.#commandText, actions),
      ),
    );
  }

  update(state: State): void {
    const done = state.run.kind === 'done';
    const shown = this.#shown;
    this.#ready.hidden = !done;
    this.#waiting.hidden = done;
    if (!done) replaceChildren(this.#waiting, waiting(whyNoResult(state, 'Downloads appear here')));
    for (const [format, box] of this.#boxes) box.checked = state.formats.includes(format);
    if (shown.outputs !== state.outputs || shown.formats !== state.formats) this.#showOutputs(state);
    replaceChildren(this.#stale, isStale(state) && notice('hint', h('p', {}, 'These files are of the earlier files or settings.')));
    const plan = state.plan ?? state.defaults;
    this.#planText.textContent = plan ? JSON.stringify(plan, null, 2) : 'The plan appears when the engine has loaded.';
    const names = state.files.length > 0 ? state.files.map(({ file }) => file.name) : ['EVENTS.csv'];
    const simulate = state.example ? `causal-sessions simulate --events ${EXAMPLE.events} --seed ${EXAMPLE.seed} --out ${EXAMPLE.name}\n` : '';
    this.#commandText.textContent = simulate + commandLine(names, state.changes, state.formats);
    this.#shown = state;
  }

  #formatBox({ format, label, help }: (typeof FORMATS)[number]): HTMLElement {
    const id = uniqueId(`format-${format}`);
    const box = h('input', { type: 'checkbox', id, 'data-format': format });
    box.addEventListener('change', () => this.#actions.setFormat(format, box.checked));
    this.#boxes.set(format, box);
    return h('div', { class: 'check' }, box, h('label', { for: id }, label, h('span', { class: 'help' }, help)));
  }

  #showOutputs({ outputs, formats }: State): void {
    const wanted = outputs.filter(({ file }) => file.part === null || formats.includes(file.format as TableFormat));
    replaceChildren(this.#rows, wanted.map((output) => this.#row(output)));
    const sizes = wanted.flatMap(({ state }) => (state.kind === 'ready' ? [state.blob.size] : []));
    const writing = wanted.some(({ state }) => state.kind === 'writing');
    const failed = wanted.some(({ state }) => state.kind === 'failed');
    this.#zip.disabled = wanted.length === 0 || failed;
    const total = sizes.length === wanted.length ? `, ${bytes(sizes.reduce((sum, size) => sum + size, 0))}` : '';
    this.#zipHelp.textContent = failed
      ? 'One file could not be written, so there is no ZIP of all.'
      : `${counted(wanted.length, 'file')}${total}, in the folders data and models${writing ? '; being written' : ''}.`;
  }

  #row({ file, state }: Output): HTMLElement {
    const slash = file.path.lastIndexOf('/') + 1;
    const what = file.part ? CONTENTS[file.part] : file.format === 'vocabulary' ? 'Event types and items with their ids' : 'Settings, counts and rates';
    const size = { waiting: 'not written yet', writing: 'being written', ready: '', failed: '' }[state.kind];
    return h(
      'li',
      { 'data-path': file.path },
      h('span', { class: 'output-name' }, h('code', {}, h('span', { class: 'folder' }, file.path.slice(0, slash)), file.path.slice(slash)), h('span', { class: 'help' }, state.kind === 'failed' ? state.problem.message : what)),
      h('span', { class: 'output-size' }, state.kind === 'ready' ? bytes(state.blob.size) : size),
      button('Download', () => this.#actions.download(file.path), { 'aria-label': `Download ${file.path}`, disabled: state.kind === 'writing' }),
    );
  }
}

function copyable(title: string, text: HTMLElement, actions: Actions): HTMLElement {
  const copy = button('Copy', async () => {
    try {
      await navigator.clipboard.writeText(text.textContent ?? '');
      copy.textContent = 'Copied';
      actions.announce(`${title}: copied.`);
    } catch {
      getSelection()?.selectAllChildren(text);
      copy.textContent = 'Selected; copy with the keyboard';
    }
    setTimeout(() => (copy.textContent = 'Copy'), 2500);
  }, { class: 'quiet', 'aria-label': `Copy: ${title}` });
  return h('div', { class: 'copyable' }, h('div', { class: 'copyable-head' }, h('h3', {}, title), copy), text);
}
