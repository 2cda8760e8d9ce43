/** Files: formats with their settings, each file with its size, all into a folder or a ZIP; the plan to keep and the run as a command. */
import { hasTimeZero } from '../../lib/run/design.js';
import type { TableFormat, TableFormatInfo } from '../../lib/types/index.js';
import { button, h, replaceChildren, setEnabled, uniqueId } from '../dom.js';
import { bytes } from '../format.js';
import { MANIFEST } from '../model/output-files.js';
import { commandLine, javaScript } from '../model/plan.js';
import type { Actions, Panel } from '../panel.js';
import { blame, EXAMPLE, isStale, shownResult, type Output, type PlanKeys, type State } from '../state.js';
import { when } from '../store.js';
import { whyNoResult } from '../words/common.js';
import { FILES } from '../words/files.js';
import { NO_ROWS } from '../words/result.js';
import { STALE } from '../words/run.js';
import { FIELDS } from '../words/settings.js';
import { Field, ruleText } from './field.js';
import type { FieldSpec } from './fields.js';
import { SavingStatus } from './saving-status.js';
import { Fold, notice, section, waiting } from './section.js';
import { linkButton, printButton, reportButton } from './sharing.js';

/** Settings of the plan that belong to one format. */
const SETTINGS: Partial<Record<TableFormat, FieldSpec>> = {
  csv: { path: 'output.csvFormulas' },
  'safetensors-padded': {
    path: 'output.padTo',
    // The format above the field says of which tensors, as the engine's words have to.
    words: FIELDS.padTo,
  },
};

export class FilesPanel implements Panel {
  readonly element: HTMLElement;
  readonly #actions: Actions;
  readonly #waiting = h('div', { class: 'slot' });
  readonly #ready = h('div', { class: 'slot' });
  readonly #stale = h('div', { class: 'slot' });
  readonly #formats = h('fieldset', { class: 'formats', hidden: true }, h('legend', { class: 'unseen' }, FILES.formats));
  readonly #formatFold = new Fold(FILES.formats, this.#formats);
  readonly #choices = new Map<TableFormat, FormatChoice>();
  readonly #list = h('ul', { class: 'outputs' });
  readonly #listFold = new Fold(FILES.each, this.#list);
  readonly #rows = new Map<string, OutputRow>();
  readonly #folder: HTMLButtonElement | null;
  readonly #zip: HTMLButtonElement;
  /** To download, and to print. */
  readonly #reports: readonly HTMLButtonElement[];
  readonly #help = h('span', { class: 'help' });
  readonly #saving: SavingStatus;
  readonly #planText = h('pre', { tabindex: 0, 'aria-label': FILES.planLabel });
  readonly #commandText = h('pre', { tabindex: 0, 'aria-label': FILES.commandLabel });
  readonly #scriptText = h('pre', { tabindex: 0, 'aria-label': FILES.scriptLabel });

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
      this.#rows.get(MANIFEST)!.show(FILES.manifest, manifestBytes === null ? FILES.unknownSize : bytes(manifestBytes));
    },
  );

  readonly #showSaving = when(
    ({ saving }: State) => [saving],
    (saving) => this.#saving.update(saving),
  );

  readonly #showStale = when(
    (state: State) => [isStale(state)],
    (stale) => replaceChildren(this.#stale, stale && notice('hint', h('p', {}, STALE.files))),
  );

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#folder =
      'showDirectoryPicker' in window ? button(FILES.toFolder, () => actions.saveFolder(), { class: 'primary' }) : null;
    this.#zip = button(FILES.zip, () => actions.saveZip(), { class: this.#folder ? '' : 'primary' });
    this.#reports = [reportButton(actions), printButton(actions)];
    this.#saving = new SavingStatus(actions);
    this.#ready.append(
      h(
        'div',
        { class: 'buttons' },
        h('span', { class: 'buttons' }, this.#folder, this.#zip, this.#reports, linkButton(actions)),
        this.#help,
      ),
      this.#saving.element,
      this.#listFold.element,
    );
    this.element = section(
      'files',
      this.#stale,
      this.#formatFold.element,
      this.#waiting,
      this.#ready,
      new Fold(
        FILES.elsewhere,
        copyable(FILES.plan, this.#planText, actions),
        copyable(FILES.command, this.#commandText, actions),
        copyable(FILES.script, this.#scriptText, actions),
      ).element,
    );
    this.element.addEventListener('click', ({ target }) => this.#saving.notePress(target as Element), true);
  }

  update(state: State): void {
    const result = shownResult(state)?.dataset.report;
    const some = result !== undefined && result.all.sessions > 0;
    this.#ready.hidden = !some;
    this.#waiting.hidden = some;
    if (!some) replaceChildren(this.#waiting, waiting(result ? NO_ROWS.noFiles : whyNoResult(state, FILES.waiting)));
    this.#formatFold.setLine(formatsLine(state));
    this.#makeChoices(state);
    for (const choice of this.#choices.values()) if (choice.update(state)) this.#formatFold.element.open = true;
    this.#showOutputs(state);
    this.#showButtons(state);
    this.#showSaving(state);
    this.#showStale(state);
    this.#showElsewhere(state);
  }

  #showButtons({ run, outputs, saving, manifestBytes }: State): void {
    const failed = outputs.filter(({ state }) => state.kind === 'failed').length;
    const idle = run.kind === 'done' && saving.kind !== 'running' && outputs.length > 0 && failed === 0;
    for (const control of [this.#folder, this.#zip]) if (control) setEnabled(control, idle);
    for (const control of this.#reports) setEnabled(control, idle && run.dataset.audit !== null);
    const sizes = outputs.flatMap(({ state }) => (state.kind === 'ready' ? [state.digest.bytes] : []));
    const total =
      sizes.length === outputs.length ? `, ${bytes(sizes.reduce((sum, size) => sum + size, manifestBytes ?? 0))}` : '';
    this.#listFold.setLine(outputs.map(({ file }) => file.path.split('/').at(-1)).join(', '));
    this.#help.textContent = failed > 0 ? FILES.someFailed(failed) : FILES.summary(outputs.length + 1, total);
  }

  #showElsewhere(state: State): void {
    const plan = state.plan ?? state.defaults;
    this.#planText.textContent = plan ? JSON.stringify(plan, null, 2) : FILES.planWaiting;
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

  /** Whether something here is to be put right. */
  update(state: State): boolean {
    this.#box.checked = state.formats.includes(this.#format);
    // One that was chosen stays, so that it can be taken back.
    this.element.hidden = this.#needsTimeZero && !this.#box.checked && state.plan !== null && !hasTimeZero(state.plan.index.kind);
    if (!this.#field) return false;
    this.#field.element.hidden = !this.#box.checked;
    this.#field.setDisabled(state.defaults === null);
    this.#field.show(state.changes, state.defaults);
    const problem = blame(state);
    const mine = problem?.column === this.#field.spec.path;
    const refusal = mine ? ruleText(problem) : this.#refusal(state);
    this.#field.showError(refusal);
    if (mine) this.#field.element.hidden = false; // a refused value must be seen to be corrected
    return refusal !== null;
  }

  /** Why the files of this format cannot be made, as long as the setting is still the one that they were refused for. */
  #refusal(state: State): string | null {
    const failed = isStale(state)
      ? undefined
      : state.outputs.find((output) => output.file.format === this.#format && output.state.kind === 'failed');
    return failed?.state.kind === 'failed' ? failed.state.problem.message : null;
  }
}

function formatsLine({ tableFormats, formats }: State): string {
  const labels = tableFormats.filter(({ name }) => formats.includes(name)).map(({ label }) => label);
  return labels.length === 0 ? FIELDS.none : labels.join(', ');
}

class OutputRow {
  readonly element: HTMLElement;
  readonly #what = h('span', { class: 'help' });
  readonly #size = h('span', { class: 'output-size' });

  constructor(path: string, actions: Actions) {
    const slash = path.lastIndexOf('/') + 1;
    const name = h('code', {}, slash > 0 && [h('span', { class: 'folder' }, path.slice(0, slash)), h('wbr')], path.slice(slash));
    const download = button(FILES.download, () => actions.download(path), { 'aria-label': FILES.downloadOf(path) });
    this.element = h('li', { 'data-path': path }, h('span', { class: 'output-name' }, name, this.#what), this.#size, download);
  }

  show(what: string, size: string): void {
    this.#what.textContent = what;
    this.#size.textContent = size;
  }
}

function describe({ file, state }: Output): [what: string, size: string] {
  const what = FILES.contents[file.part ?? (file.format as 'vocabulary' | 'metadata' | 'dictionary')];
  switch (state.kind) {
    case 'waiting':
      return [what, FILES.unknownSize];
    case 'measuring':
      return [what, FILES.measuring];
    case 'ready':
      return [what, bytes(state.digest.bytes)];
    case 'failed':
      return [FILES.failed(state.problem.message), ''];
  }
}

function copyable(title: string, text: HTMLElement, actions: Actions): HTMLElement {
  const copy = button(
    FILES.copy,
    async () => {
      try {
        await navigator.clipboard.writeText(text.textContent ?? '');
        copy.textContent = FILES.copied;
        actions.announce(FILES.copiedOf(title));
      } catch {
        getSelection()?.selectAllChildren(text);
        copy.textContent = FILES.select;
      }
      setTimeout(() => (copy.textContent = FILES.copy), 2500);
    },
    { class: 'quiet', 'aria-label': FILES.copyOf(title) },
  );
  return h('div', { class: 'copyable' }, h('div', { class: 'copyable-head' }, h('h3', {}, title), copy), text);
}
