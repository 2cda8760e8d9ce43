/** Data: choose or drop files, see what they hold, put the columns right. */
import { MEMORY_BYTES } from '../../lib/engine/memory.js';
import { estimateText, sumOf } from '../../lib/run/estimate.js';
import { tooMuchAdvice } from '../../lib/words.js';
import { button, h, isEnabled, replaceChildren, setEnabled } from '../dom.js';
import { bytes } from '../format.js';
import { refusalText } from '../model/problem.js';
import type { Actions, Panel } from '../panel.js';
import { badRowsOf, noted, problemOf, shownResult, waitsForRoles, type InputFile, type Run, type State } from '../state.js';
import { when } from '../store.js';
import { COLUMNS, DATA } from '../words/data.js';
import { LINES } from '../words/settings.js';
import { ColumnFields } from './columns-fields.js';
import { READING, type Current } from './fields.js';
import { EventTypes } from './event-types.js';
import { FileList } from './file-list.js';
import { InspectionTable } from './inspection-table.js';
import { refusalRepairs } from './refusal-repairs.js';
import { rowIssues } from './row-issues.js';
import { Fold, notice, section } from './section.js';
import { SettingsGroup } from './settings-group.js';

/** What a picker offers first; what a file is, its bytes tell. */
const ACCEPTED = '.csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet,.arrow,.arrows,.feather,.ipc,.gz,.zst,.zip';

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
    'aria-label': DATA.chooser,
    tabindex: -1,
  });
  readonly #notice = h('div', { class: 'slot', role: 'alert', 'data-part': 'problem', tabindex: -1 });
  readonly #list: FileList;
  readonly #columns: ColumnFields;
  readonly #rows = new InspectionTable();
  /** Columns and first rows: in sight until there is a result. */
  readonly #look: Fold;
  readonly #issues = h('div', { class: 'slot' });
  /** That the run was refused, which may have started unasked, and the reason be out of sight. */
  readonly #status = h('div', { class: 'buttons', hidden: true });
  readonly #preset = h('div', { class: 'slot' });
  readonly #types: EventTypes;
  readonly #reading: SettingsGroup;
  #replacing = false;

  readonly #showNotice = when(
    (state: State) => [state.dataNotice, state.files, state.engine, waitsForRoles(state), state.run.kind === 'failed'],
    (dataNotice, files, engine, asksTypes, refusedRun) => {
      const refused = files.flatMap((file) => problemOf(file) ?? []).map(refusalText);
      // Types that are unknown are asked about below.
      const rows = files
        .flatMap(({ inspection }) => (inspection?.note ? [noted(inspection.note)] : []))
        .filter((problem) => !(asksTypes && badRowsOf(problem)?.unknown));
      const others = files.flatMap(({ inspection }) => inspection?.notices ?? []).map(({ message }) => noted(message));
      const asked = rows.find((problem) => badRowsOf(problem));
      replaceChildren(
        this.#notice,
        typeof engine === 'object' && notice('problem', h('p', {}, engine.message)),
        dataNotice?.kind === 'problem' && notice('problem', h('p', {}, dataNotice.text)),
        (dataNotice?.kind === 'busy' || dataNotice?.kind === 'hint') && notice('hint', h('p', {}, dataNotice.text)),
        few('problem', refused, DATA.similarProblem),
        few('hint', [...rows, ...others].map(refusalText), DATA.similarRemark),
        asked &&
          !refusedRun && // which offers the same
          refusalRepairs(asked, { refusesTypes: false, again: false }, (values) => this.#actions.prepareBy(values)),
        memoryLine(files),
      );
    },
  );

  readonly #showRun = when(
    (state: State) => [state.run, shownResult(state)?.dataset],
    (run, result) => {
      replaceChildren(this.#issues, result && rowIssues(result.report));
      this.#showStatus(run);
    },
  );

  /** Closed to a line by the first result, and opened by what is to be put right. */
  readonly #showLook = when(
    (state: State) => [
      shownResult(state) !== null,
      state.files.some((file) => problemOf(file)),
      state.files.find(({ inspection }) => inspection?.columns)?.inspection,
      state.files.length > 0,
    ],
    (done, problem, inspection, any) => {
      this.#look.element.hidden = !any;
      const columns = Object.values(inspection?.columns ?? {}).filter((name) => name !== null && name !== undefined);
      this.#look.setLine(columns.join(', '));
      if (done === !this.#closed || problem) this.#look.element.open = !done || problem === true;
      this.#closed = done;
    },
  );
  #closed = true;

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
            h('p', {}, DATA.preset(preset.title)),
            h('p', { class: 'help' }, DATA.presetStart(preset.exposure !== false)),
            button(
              DATA.usePreset,
              () =>
                this.#actions.prepareBy([
                  ['preset', preset.name],
                  ['profile', preset.exposure === false ? 'notebook' : 'causal'],
                ]),
              { class: 'primary' },
            ),
          ),
      );
    },
  );

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#list = new FileList(actions);
    this.#columns = new ColumnFields(actions);
    this.#types = new EventTypes(actions);
    this.#reading = new SettingsGroup(READING, actions, '', readingLine);
    this.#choose = button(DATA.choose, () => this.#open(false), { class: 'primary', 'data-key': 'choose' });
    this.#folder = button(DATA.folder, () => this.#open(false, true));
    this.#replace = button(DATA.replace, () => this.#open(true));
    this.#example = button(DATA.example, () => actions.tryExample());
    this.#chooser.addEventListener('change', () => {
      const files = [...(this.#chooser.files ?? [])];
      this.#chooser.value = ''; // so that the same file can be chosen again
      if (files.length > 0 && this.#chooser.webkitdirectory) this.#actions.addFolder(files);
      else if (files.length > 0) this.#take(files, this.#replacing);
    });
    this.#look = new Fold(COLUMNS.title, this.#columns.element, this.#rows.element);
    this.#drop = h(
      'div',
      { class: 'drop' },
      h('div', { class: 'drop-text' }, this.#dropTitle, h('p', { class: 'help' }, DATA.drop.help)),
      h('div', { class: 'buttons' }, this.#choose, this.#folder, this.#replace, this.#example),
      this.#chooser,
    );
    this.element = section(
      'data',
      this.#list.element,
      this.#drop,
      this.#notice,
      this.#preset,
      this.#types.element,
      this.#look.element,
      this.#issues,
      this.#status,
      this.#reading.element,
    );
  }

  update(state: State): void {
    const busy = state.run.kind === 'running' || state.dataNotice?.kind === 'busy';
    const empty = state.files.length === 0;
    this.#drop.classList.toggle('drop-small', !empty);
    this.#dropTitle.textContent = empty ? DATA.drop.empty : state.example ? DATA.drop.example : DATA.drop.more;
    this.#choose.textContent = empty || state.example ? DATA.choose : DATA.add;
    this.#choose.classList.toggle('primary', empty);
    this.#replace.hidden = empty || state.example;
    this.#example.hidden = state.example;
    for (const control of [this.#choose, this.#folder, this.#replace, this.#example])
      setEnabled(control, !busy && state.engine === 'ready');
    this.#list.update(state);
    this.#showNotice(state);
    this.#showPreset(state);
    this.#columns.update(state);
    this.#reading.update(state);
    this.#showRun(state);
    this.#types.update(state);
    this.#rows.update(state);
    this.#showLook(state);
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
      if (!isEnabled(this.#choose) || !event.dataTransfer) return;
      const entries = [...event.dataTransfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
      if (entries.some((entry) => entry.isDirectory)) return this.#actions.addDropped(entries);
      const files = [...event.dataTransfer.files];
      if (files.length > 0) this.#take(files, false);
    });
  }

  #showStatus(run: Run): void {
    this.#status.hidden = run.kind !== 'failed';
    if (run.kind !== 'failed') return;
    const way = button(DATA.status.toReason, () => this.#actions.goTo('run'));
    replaceChildren(this.#status, h('span', { class: 'error' }, DATA.status.refused), way);
  }
}

/** The first of many sentences, and how many more files there are that the like is said of. */
function few(kind: 'problem' | 'hint', texts: readonly string[], similar: (files: number) => string): HTMLElement[] {
  const shown = texts.length <= SHOWN_NOTICES + 1 ? texts : texts.slice(0, SHOWN_NOTICES);
  const more = texts.length - shown.length;
  const rest = more > 0 ? [similar(more)] : [];
  return [...shown, ...rest].map((text) => notice(kind, h('p', {}, text)));
}

function readingLine(at: Current): string {
  const types = at('events.types');
  return LINES.reading(Array.isArray(types) ? types : [], String(at('time.zone') ?? ''));
}

/** What the run will need of the memory that there is: a line, or a notice where it may not be enough. */
function memoryLine(files: readonly InputFile[]): HTMLElement | null {
  if (files.some(({ inspection }) => !inspection)) return null;
  const sum = sumOf(files.map(({ inspection }) => inspection!.estimate));
  if (!sum) return null;
  const text = DATA.memory(estimateText(sum), bytes(MEMORY_BYTES));
  if (sum.leastBytes > MEMORY_BYTES) return notice('problem', h('p', {}, `${text} ${DATA.tooLarge} ${tooMuchAdvice}`));
  if (sum.bytes > MEMORY_BYTES) return notice('hint', h('p', {}, `${text} ${DATA.perhapsTooLarge} ${tooMuchAdvice}`));
  return h('p', { class: 'help memory' }, text);
}
