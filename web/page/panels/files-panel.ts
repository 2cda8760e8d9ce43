/** Files: formats with their settings, each file with its size, all into a folder or a ZIP; the plan to keep and the run as a command. */
import { hasTimeZero } from '../../lib/run/design.js';
import type { PartName, TableFormat, TableFormatInfo } from '../../lib/types/index.js';
import { button, h, replaceChildren, uniqueId } from '../dom.js';
import { bytes, counted } from '../format.js';
import { MANIFEST } from '../model/output-files.js';
import { commandLine, javaScript } from '../model/plan.js';
import type { Actions, Panel } from '../panel.js';
import { blame, EXAMPLE, isStale, obstacle, type Output, type PlanKeys, type State } from '../state.js';
import { when } from '../store.js';
import { whyNoResult } from '../words.js';
import { Field, ruleText } from './field.js';
import type { FieldSpec } from './fields.js';
import { SavingStatus } from './saving-status.js';
import { notice, section, waiting } from './section.js';

/** Settings of the plan that belong to one format. */
const SETTINGS: Partial<Record<TableFormat, FieldSpec>> = {
  csv: { path: 'output.csvFormulas' },
  'safetensors-padded': {
    path: 'output.padTo',
    // The format above the field says of which tensors, as the engine's words have to.
    words: { label: 'Tokens a session', help: 'Empty: as many as the longest sequence has.' },
  },
};

const CONTENTS: Record<PartName | 'vocabulary' | 'metadata', string> = {
  train: 'Training sessions',
  validation: 'Validation sessions',
  test: 'Test sessions',
  vocabulary: 'Event types and items with their ids',
  metadata: 'Settings, counts and rates',
};

export class FilesPanel implements Panel {
  readonly element: HTMLElement;
  readonly #actions: Actions;
  readonly #waiting = h('div', { class: 'slot' });
  readonly #ready = h('div', { class: 'slot' });
  readonly #stale = h('div', { class: 'slot' });
  readonly #formats = h('fieldset', { class: 'formats', hidden: true }, h('legend', {}, 'Formats of the training sets'));
  readonly #choices = new Map<TableFormat, FormatChoice>();
  readonly #list = h('ul', { class: 'outputs' });
  readonly #rows = new Map<string, OutputRow>();
  readonly #folder: HTMLButtonElement | null;
  readonly #zip: HTMLButtonElement;
  readonly #help = h('span', { class: 'help' });
  readonly #saving: SavingStatus;
  readonly #planText = h('pre', { tabindex: 0, 'aria-label': 'Plan as JSON' });
  readonly #commandText = h('pre', { tabindex: 0, 'aria-label': 'Command line' });
  readonly #scriptText = h('pre', { tabindex: 0, 'aria-label': 'JavaScript' });

  readonly #makeChoices = when(
    ({ tableFormats, keys }: State) => [tableFormats, keys],
    (formats, keys) => {
      this.#choices.clear();
      for (const format of formats) this.#choices.set(format.name, new FormatChoice(format, keys, this.#actions));
      this.#formats.append(...[...this.#choices.values()].map(({ element }) => element));
      this.#formats.hidden = formats.length === 0;
    },
  );

  /** Rows stay what they are while sizes come in, so that a button keeps its focus. */
  readonly #showOutputs = when(
    ({ outputs, manifestBytes }: State) => [outputs, manifestBytes],
    (outputs, manifestBytes) => {
      const wanted = [...outputs.map(({ file }) => file.path), MANIFEST];
      for (const path of wanted) if (!this.#rows.has(path)) this.#rows.set(path, new OutputRow(path, this.#actions));
      const rows = wanted.map((path) => this.#rows.get(path)!.element);
      const same = rows.length === this.#list.children.length && rows.every((row, i) => this.#list.children[i] === row);
      if (!same) this.#list.replaceChildren(...rows);
      for (const output of outputs) this.#rows.get(output.file.path)!.show(...describe(output));
      const what = 'Inputs, plan, counts and these files by SHA-256; “causal-sessions verify” checks it';
      this.#rows.get(MANIFEST)!.show(what, manifestBytes === null ? 'made when saved' : bytes(manifestBytes));
    },
  );

  readonly #showSaving = when(
    ({ saving }: State) => [saving],
    (saving) => this.#saving.update(saving),
  );

  readonly #showStale = when(
    (state: State) => [isStale(state), obstacle(state) === null],
    (stale, canRun) => {
      const text = h('p', {}, 'These files are of the earlier files or settings.');
      const again = button('Prepare again', () => this.#actions.run());
      replaceChildren(this.#stale, stale && notice('hint', text, canRun && again));
    },
  );

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#folder =
      'showDirectoryPicker' in window ? button('Save to a folder', () => actions.saveFolder(), { class: 'primary' }) : null;
    this.#zip = button('Download all as ZIP', () => actions.saveZip(), { class: this.#folder ? '' : 'primary' });
    this.#saving = new SavingStatus(actions);
    this.#ready.append(
      h('div', { class: 'buttons' }, h('span', { class: 'buttons' }, this.#folder, this.#zip), this.#help),
      this.#saving.element,
      this.#list,
    );
    this.element = section(
      'files',
      'Files',
      'The same input and plan give the same bytes.',
      this.#stale,
      this.#formats,
      this.#waiting,
      this.#ready,
      h(
        'details',
        { class: 'plan' },
        h('summary', {}, 'The same run elsewhere: plan, command and JavaScript'),
        copyable('Plan, every key', this.#planText, actions),
        copyable('Command', this.#commandText, actions),
        copyable('JavaScript, in Node', this.#scriptText, actions),
      ),
    );
    this.element.addEventListener('click', ({ target }) => this.#saving.notePress(target as Element), true);
  }

  update(state: State): void {
    const done = state.run.kind === 'done';
    this.#ready.hidden = !done;
    this.#waiting.hidden = done;
    if (!done) replaceChildren(this.#waiting, waiting(whyNoResult(state, 'Downloads appear here')));
    this.#makeChoices(state);
    for (const choice of this.#choices.values()) choice.update(state);
    this.#showOutputs(state);
    this.#showButtons(state);
    this.#showSaving(state);
    this.#showStale(state);
    this.#showElsewhere(state);
  }

  #showButtons({ outputs, saving, manifestBytes }: State): void {
    const failed = outputs.filter(({ state }) => state.kind === 'failed').length;
    const idle = saving.kind !== 'running' && outputs.length > 0 && failed === 0;
    for (const control of [this.#folder, this.#zip]) if (control) control.disabled = !idle;
    const sizes = outputs.flatMap(({ state }) => (state.kind === 'ready' ? [state.digest.bytes] : []));
    const total =
      sizes.length === outputs.length ? `, ${bytes(sizes.reduce((sum, size) => sum + size, manifestBytes ?? 0))}` : '';
    this.#help.textContent =
      failed > 0
        ? `${counted(failed, 'file')} cannot be made. Untick the format or change its setting.`
        : `${counted(outputs.length + 1, 'file')}${total}, with the folders data and models.`;
  }

  #showElsewhere(state: State): void {
    const plan = state.plan ?? state.defaults;
    this.#planText.textContent = plan ? JSON.stringify(plan, null, 2) : 'The plan appears when the engine has loaded.';
    const names = state.files.length > 0 ? state.files.map(({ file }) => file.name) : ['EVENTS.csv'];
    const simulate = state.example
      ? `causal-sessions simulate --events ${EXAMPLE.events} --seed ${EXAMPLE.seed} --out ${EXAMPLE.name}\n`
      : '';
    this.#scriptText.textContent = javaScript(names, state.changes, state.formats);
    this.#commandText.textContent = simulate + commandLine(names, state.changes, state.formats);
  }
}

/** A format to tick, for whom it is, and its setting where it has one. */
class FormatChoice {
  readonly element: HTMLElement;
  readonly #format: TableFormat;
  readonly #needsTimeZero: boolean;
  readonly #box: HTMLInputElement;
  readonly #field: Field | null;

  constructor({ name, label, description, needsTimeZero }: TableFormatInfo, keys: PlanKeys, actions: Actions) {
    const id = uniqueId(`format-${name}`);
    const spec = SETTINGS[name];
    const key = spec && keys.get(spec.path);
    this.#format = name;
    this.#needsTimeZero = needsTimeZero;
    this.#box = h('input', { type: 'checkbox', id, 'data-format': name, 'aria-describedby': `${id}-help` });
    this.#box.addEventListener('change', () => actions.setFormat(name, this.#box.checked));
    this.#field = spec && key ? new Field(spec, key, actions) : null;
    this.element = h(
      'div',
      { class: 'format' },
      this.#box,
      h('label', { for: id }, label),
      h('p', { class: 'help', id: `${id}-help` }, description),
      this.#field?.element,
    );
  }

  update(state: State): void {
    this.#box.checked = state.formats.includes(this.#format);
    // One that was chosen stays, so that it can be taken back.
    this.element.hidden = this.#needsTimeZero && !this.#box.checked && state.plan !== null && !hasTimeZero(state.plan.index.kind);
    if (!this.#field) return;
    this.#field.element.hidden = !this.#box.checked;
    this.#field.setDisabled(state.defaults === null);
    this.#field.show(state.changes, state.defaults);
    const problem = blame(state);
    const mine = problem?.column === this.#field.spec.path;
    this.#field.showError(mine ? ruleText(problem) : this.#refusal(state));
    if (mine) this.#field.element.hidden = false; // a refused value must be seen to be corrected
  }

  /** Why the files of this format cannot be made, as long as the setting is still the one that they were refused for. */
  #refusal(state: State): string | null {
    const failed = isStale(state)
      ? undefined
      : state.outputs.find((output) => output.file.format === this.#format && output.state.kind === 'failed');
    return failed?.state.kind === 'failed' ? failed.state.problem.message : null;
  }
}

class OutputRow {
  readonly element: HTMLElement;
  readonly #what = h('span', { class: 'help' });
  readonly #size = h('span', { class: 'output-size' });

  constructor(path: string, actions: Actions) {
    const slash = path.lastIndexOf('/') + 1;
    const name = h('code', {}, slash > 0 && [h('span', { class: 'folder' }, path.slice(0, slash)), h('wbr')], path.slice(slash));
    const download = button('Download', () => actions.download(path), { 'aria-label': `Download ${path}` });
    this.element = h('li', { 'data-path': path }, h('span', { class: 'output-name' }, name, this.#what), this.#size, download);
  }

  show(what: string, size: string): void {
    this.#what.textContent = what;
    this.#size.textContent = size;
  }
}

function describe({ file, state }: Output): [what: string, size: string] {
  const what = CONTENTS[file.part ?? (file.format as 'vocabulary' | 'metadata')];
  switch (state.kind) {
    case 'waiting':
      return [what, 'made when saved'];
    case 'measuring':
      return [what, 'being measured'];
    case 'ready':
      return [what, bytes(state.digest.bytes)];
    case 'failed':
      return [`Cannot be made: ${state.problem.message}`, ''];
  }
}

function copyable(title: string, text: HTMLElement, actions: Actions): HTMLElement {
  const copy = button(
    'Copy',
    async () => {
      try {
        await navigator.clipboard.writeText(text.textContent ?? '');
        copy.textContent = 'Copied';
        actions.announce(`${title}: copied.`);
      } catch {
        getSelection()?.selectAllChildren(text);
        copy.textContent = 'Selected; copy with the keyboard';
      }
      setTimeout(() => (copy.textContent = 'Copy'), 2500);
    },
    { class: 'quiet', 'aria-label': `Copy: ${title}` },
  );
  return h('div', { class: 'copyable' }, h('div', { class: 'copyable-head' }, h('h3', {}, title), copy), text);
}
