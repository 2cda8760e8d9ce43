/** Data: choose or drop files, see what they hold, put the columns right. */
import { MEMORY_BYTES, TOO_MUCH_ADVICE } from '../../lib/engine/memory.js';
import { estimateText, sumOf } from '../../lib/run/estimate.js';
import { button, h, replaceChildren } from '../dom.js';
import { bytes, count, counted, sentence } from '../format.js';
import { refusalText } from '../model/problem.js';
import type { Actions, Panel } from '../panel.js';
import { unknownTypes, type InputFile, type Run, type State } from '../state.js';
import { when } from '../store.js';
import { ColumnFields } from './columns-fields.js';
import { READING } from './fields.js';
import { FileList } from './file-list.js';
import { InspectionTable } from './inspection-table.js';
import { rowIssues } from './row-issues.js';
import { notice, section } from './section.js';
import { SettingsGroup } from './settings-group.js';

/** What a picker offers first; what a file is, its bytes tell. */
const ACCEPTED = '.csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet,.arrow,.arrows,.feather,.ipc,.gz,.zst,.zip';

const DROP_HELP =
  'CSV, TSV, JSON, JSON lines, Parquet or Arrow, one event a row; text also as gzip or zstd, all as ZIP. Several files are read as one ' +
  'stream, in their order, those of a folder by their paths. A plan or a manifest.json sets the settings.';

/** Of sentences about many files. */
const SHOWN_NOTICES = 3;

export class DataPanel implements Panel {
  readonly element: HTMLElement;
  readonly #actions: Actions;
  readonly #drop: HTMLElement;
  readonly #dropTitle = h('p', { class: 'drop-title' });
  readonly #choose: HTMLButtonElement;
  readonly #folder: HTMLButtonElement;
  readonly #replace: HTMLButtonElement;
  readonly #example: HTMLButtonElement;
  readonly #chooser = h('input', {
    type: 'file',
    accept: ACCEPTED,
    multiple: true,
    hidden: true,
    'aria-label': 'Event files',
    tabindex: -1,
  });
  readonly #notice = h('div', { class: 'slot', role: 'alert' });
  readonly #list: FileList;
  readonly #columns: ColumnFields;
  readonly #rows = new InspectionTable();
  readonly #issues = h('div', { class: 'slot' });
  /** How the run ended, which may have started unasked and be out of sight. */
  readonly #status = h('div', { class: 'buttons', hidden: true });
  readonly #preset = h('div', { class: 'slot' });
  readonly #typesHint = h('div', { class: 'slot' });
  readonly #reading: SettingsGroup;
  #replacing = false;

  readonly #showNotice = when(
    ({ dataNotice, files, engine }: State) => [dataNotice, files, engine],
    (dataNotice, files, engine) => {
      const refused = files.flatMap(({ inspection }) => (inspection?.problem ? [refusalText(inspection.problem)] : []));
      const notes = files.flatMap(({ inspection }) => [
        ...(inspection?.note ? [`${inspection.note}.`] : []),
        ...(inspection?.notices ?? []).map(({ message }) => sentence(message)),
      ]);
      replaceChildren(
        this.#notice,
        typeof engine === 'object' && notice('problem', h('p', {}, engine.message)),
        dataNotice?.kind === 'problem' && notice('problem', h('p', {}, dataNotice.text)),
        (dataNotice?.kind === 'busy' || dataNotice?.kind === 'hint') && notice('hint', h('p', {}, dataNotice.text)),
        few('problem', refused, 'There is a problem with'),
        few('hint', notes, 'A similar remark is made of'),
        memoryLine(files),
      );
    },
  );

  readonly #showRun = when(
    ({ run }: State) => [run],
    (run) => {
      replaceChildren(this.#issues, run.kind === 'done' && rowIssues(run.dataset.report));
      this.#showStatus(run);
    },
  );

  readonly #showTypes = when(
    (state: State) => [state.files, state.plan],
    (files, plan) => {
      const unknown = unknownTypes({ files, plan });
      const are = unknown.length === 1 ? 'is' : 'are';
      replaceChildren(
        this.#typesHint,
        unknown.length > 0 &&
          notice(
            'hint',
            h('p', {}, `The first rows also have ${quotedList(unknown)}, which ${are} not among the known types.`),
            button('Accept all event types', () => this.#actions.set('events.unknown', 'add')),
          ),
      );
    },
  );

  /** What the files look like is offered, and never taken unasked. */
  readonly #showPreset = when(
    ({ files }: State) => [files],
    (files) => {
      const preset = files.map(({ inspection }) => inspection?.preset).find((known) => known);
      replaceChildren(
        this.#preset,
        preset &&
          notice(
            'hint',
            h('p', {}, `This looks like ${preset.title}.`),
            button('Use the settings for it', () => this.#actions.set('preset', preset.name)),
          ),
      );
    },
  );

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#list = new FileList(actions);
    this.#columns = new ColumnFields(actions);
    this.#reading = new SettingsGroup(READING, actions, '');
    this.#choose = button('Choose files', () => this.#open(false), { class: 'primary' });
    this.#folder = button('Choose a folder', () => this.#open(false, true));
    this.#replace = button('Replace files', () => this.#open(true));
    this.#example = button('Try the example', () => actions.tryExample());
    this.#chooser.addEventListener('change', () => {
      const files = [...(this.#chooser.files ?? [])];
      this.#chooser.value = ''; // so that the same file can be chosen again
      if (files.length > 0 && this.#chooser.webkitdirectory) this.#actions.addFolder(files);
      else if (files.length > 0) this.#take(files, this.#replacing);
    });
    this.#drop = h(
      'div',
      { class: 'drop' },
      h('div', { class: 'drop-text' }, this.#dropTitle, h('p', { class: 'help' }, DROP_HELP)),
      h('div', { class: 'buttons' }, this.#choose, this.#folder, this.#replace, this.#example),
      this.#chooser,
    );
    this.element = section(
      'data',
      'Data',
      'Events with a user, a time and a type; an item where there is one.',
      this.#list.element,
      this.#drop,
      this.#notice,
      this.#preset,
      this.#columns.element,
      this.#rows.element,
      this.#typesHint,
      this.#issues,
      this.#status,
      this.#reading.element,
    );
  }

  update(state: State): void {
    const busy = state.run.kind === 'running' || state.dataNotice?.kind === 'busy';
    const empty = state.files.length === 0;
    this.#drop.classList.toggle('drop-small', !empty);
    const dropped = empty ? 'event files' : state.example ? 'your own files' : 'more files';
    this.#dropTitle.textContent = `Drop ${dropped} here`;
    this.#choose.textContent = empty || state.example ? 'Choose files' : 'Add files';
    this.#choose.classList.toggle('primary', empty);
    this.#replace.hidden = empty || state.example;
    this.#example.hidden = state.example;
    for (const control of [this.#choose, this.#folder, this.#replace, this.#example])
      control.disabled = busy || state.engine !== 'ready';
    this.#list.update(state);
    this.#showNotice(state);
    this.#showPreset(state);
    this.#columns.update(state, busy);
    this.#reading.update(state);
    this.#showRun(state);
    this.#showTypes(state);
    this.#rows.update(state);
  }

  #open(replacing: boolean, folder = false): void {
    this.#replacing = replacing;
    this.#chooser.webkitdirectory = folder;
    this.#chooser.click();
  }

  #take(files: File[], replacing: boolean): void {
    if (replacing) this.#actions.replaceFiles(files);
    else this.#actions.addFiles(files);
  }

  /** The drop zone shows that files would be taken. */
  takeDrops(target: HTMLElement): void {
    const mark = (over: boolean) => this.#drop.classList.toggle('drop-over', over);
    target.addEventListener('dragover', (event) => {
      event.preventDefault();
      mark(true);
    });
    target.addEventListener('dragleave', (event) => {
      if (!target.contains(event.relatedTarget as Node | null)) mark(false);
    });
    target.addEventListener('drop', (event) => {
      event.preventDefault();
      mark(false);
      if (this.#choose.disabled || !event.dataTransfer) return;
      const entries = [...event.dataTransfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
      if (entries.some((entry) => entry.isDirectory)) return this.#actions.addDropped(entries);
      const files = [...event.dataTransfer.files];
      if (files.length > 0) this.#take(files, false);
    });
  }

  #showStatus(run: Run): void {
    this.#status.hidden = run.kind !== 'done' && run.kind !== 'failed';
    if (run.kind === 'done') {
      const { sessions, input } = run.dataset.report;
      const made = `${counted(sessions.kept, 'session')} of ${counted(sessions.users, 'user')}`;
      const text = `${counted(input.events, 'event')} became ${made}.`;
      replaceChildren(
        this.#status,
        h('span', {}, text),
        button('Go to the result', () => this.#actions.goTo('result')),
      );
    } else if (run.kind === 'failed') {
      const text = 'The run was refused, and nothing was made.';
      const way = button('Go to the reason', () => this.#actions.goTo('run'));
      replaceChildren(this.#status, h('span', { class: 'error' }, text), way);
    }
  }
}

/** The first of many sentences, and how many more files there are that the like is said of. */
function few(kind: 'problem' | 'hint', texts: readonly string[], what: string): HTMLElement[] {
  const shown = texts.length <= SHOWN_NOTICES + 1 ? texts : texts.slice(0, SHOWN_NOTICES);
  const more = texts.length - shown.length;
  const rest = more > 0 ? [`${what} ${counted(more, 'more file', 'more files')}.`] : [];
  return [...shown, ...rest].map((text) => notice(kind, h('p', {}, text)));
}

/** What the run will need of the memory that there is: a line, or a notice where it may not be enough. */
function memoryLine(files: readonly InputFile[]): HTMLElement | null {
  if (files.some(({ inspection }) => !inspection)) return null;
  const sum = sumOf(files.map(({ inspection }) => inspection!.estimate));
  if (!sum) return null;
  const text = `${estimateText(sum)} of ${bytes(MEMORY_BYTES)}.`;
  if (sum.leastBytes > MEMORY_BYTES) return notice('problem', h('p', {}, `${text} They do not fit. ${TOO_MUCH_ADVICE}`));
  if (sum.bytes > MEMORY_BYTES) return notice('hint', h('p', {}, `${text} They may not fit. ${TOO_MUCH_ADVICE}`));
  return h('p', { class: 'help memory' }, text);
}

function quotedList(names: readonly string[]): string {
  const shown = names.slice(0, 6).map((name) => `“${name}”`);
  if (names.length > 6) shown.push(`${count(names.length - 6)} more`);
  return shown.length === 1 ? shown[0]! : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
