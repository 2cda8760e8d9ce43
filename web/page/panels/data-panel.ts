/** Data: choose or drop files, see what they hold, put the columns right. */
import { MEMORY_BYTES, TOO_MUCH_ADVICE } from '../../lib/engine/memory.js';
import { estimateText, sumOf } from '../../lib/run/estimate.js';
import type { Inspection, Role } from '../../lib/types/index.js';
import type { Actions, Panel } from '../app.js';
import { button, focused, h, replaceChildren, scrolling, setAttribute, uniqueId } from '../dom.js';
import { bytes, count, counted, sentence } from '../format.js';
import { valueAt } from '../plan.js';
import { refusalText } from '../problem.js';
import { EXAMPLE, unknownTypes, type InputFile, type State } from '../state.js';
import { rowIssues } from './row-issues.js';
import { notice, section } from './section.js';
import { labelOf, READING, SettingsGroup } from './settings.js';

const HELP: Readonly<Record<Role, string>> = { user: 'Whose event it is.', time: 'When it happened.', type: 'What happened.', item: 'On what; optional.' };
const ROLES = (Object.keys(HELP) as Role[]).map((role) => ({ role, label: labelOf(`columns.${role}`)!, help: HELP[role] }));

/** What a picker offers first; what a file is, its bytes tell. */
const ACCEPTED = '.csv,.tsv,.txt,.json,.jsonl,.ndjson,.parquet,.arrow,.arrows,.feather,.ipc,.gz,.zst';

const SHOWN_ROWS = 8;
/** Of a table's columns; those with a role are shown wherever they stand. */
const SHOWN_COLUMNS = 50;
/** Of many files, and of sentences about them. */
const SHOWN_FILES = 10;
const SHOWN_NOTICES = 3;
const SEPARATORS: Record<string, string> = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' };

export class DataPanel implements Panel {
  readonly element: HTMLElement;
  readonly #actions: Actions;
  readonly #drop: HTMLElement;
  readonly #dropTitle = h('p', { class: 'drop-title' });
  readonly #choose: HTMLButtonElement;
  readonly #replace: HTMLButtonElement;
  readonly #example: HTMLButtonElement;
  readonly #chooser = h('input', { type: 'file', accept: ACCEPTED, multiple: true, hidden: true, 'aria-label': 'Event files', tabindex: -1 });
  readonly #notice = h('div', { class: 'slot', role: 'alert' });
  readonly #list = h('ol', { class: 'file-list', 'aria-label': 'Files, read in this order as one stream' });
  readonly #columns: ColumnFields;
  readonly #preview = h('div', { class: 'slot' });
  readonly #issues = h('div', { class: 'slot' });
  /** How the run ended, which may have started unasked and be out of sight. */
  readonly #status = h('div', { class: 'buttons', hidden: true });
  readonly #typesHint = h('div', { class: 'slot' });
  readonly #reading: SettingsGroup;
  #replacing = false;
  #allFiles = false;
  #shown: Partial<State> = {};
  #shownPreview: unknown[] = [];

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#columns = new ColumnFields(actions);
    this.#reading = new SettingsGroup(READING, actions, '');
    this.#choose = button('Choose files', () => this.#open(false), { class: 'primary' });
    this.#replace = button('Replace files', () => this.#open(true));
    this.#example = button('Try the example', () => actions.tryExample());
    this.#chooser.addEventListener('change', () => {
      const files = [...(this.#chooser.files ?? [])];
      this.#chooser.value = ''; // so that the same file can be chosen again
      if (files.length > 0) this.#take(files, this.#replacing);
    });
    this.#drop = h(
      'div',
      { class: 'drop' },
      h('div', { class: 'drop-text' }, this.#dropTitle, h('p', { class: 'help' }, 'CSV, TSV, JSON, JSON lines, Parquet or Arrow, one event a row; text also as gzip or zstd. Several files are read as one stream, in their order. A plan or a manifest.json sets the settings.')),
      h('div', { class: 'buttons' }, this.#choose, this.#replace, this.#example),
      this.#chooser,
    );
    this.element = section(
      'data',
      1,
      'Data',
      'Events with a user, a time and a type; an item where there is one.',
      this.#list,
      this.#drop,
      this.#notice,
      this.#columns.element,
      this.#preview,
      this.#typesHint,
      this.#issues,
      this.#status,
      this.#reading.element,
    );
  }

  update(state: State): void {
    const shown = this.#shown;
    const busy = state.run.kind === 'running' || state.dataNotice?.kind === 'busy';
    const empty = state.files.length === 0;
    this.#drop.classList.toggle('drop-small', !empty);
    this.#dropTitle.textContent = empty ? 'Drop event files here' : state.example ? 'Drop your own files here' : 'Drop more files here';
    this.#choose.textContent = empty || state.example ? 'Choose files' : 'Add files';
    this.#choose.classList.toggle('primary', empty);
    this.#replace.hidden = empty || state.example;
    this.#example.hidden = state.example;
    for (const control of [this.#choose, this.#replace, this.#example]) control.disabled = busy || state.engine !== 'ready';
    if (shown.files !== state.files || shown.run !== state.run) this.#showFiles(state);
    if (shown.dataNotice !== state.dataNotice || shown.files !== state.files || shown.engine !== state.engine) this.#showNotice(state);
    this.#columns.update(state, busy);
    this.#reading.update(state);
    if (shown.run !== state.run) {
      replaceChildren(this.#issues, state.run.kind === 'done' && rowIssues(state.run.dataset.report));
      this.#showStatus(state);
    }
    if (shown.files !== state.files || shown.plan !== state.plan || shown.changes !== state.changes) this.#showTypes(state);
    if (shown.files !== state.files || shown.plan !== state.plan || shown.changes !== state.changes) this.#showPreview(state);
    this.#shown = state;
  }

  #open(replacing: boolean): void {
    this.#replacing = replacing;
    this.#chooser.click();
  }

  #take(files: File[], replacing: boolean): void {
    if (replacing) this.#actions.replaceFiles(files);
    else this.#actions.addFiles(files);
  }

  /** Files may be dropped anywhere in `target`; the drop zone shows that they would be taken. */
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
      const folder = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).find((entry) => entry?.isDirectory);
      if (folder) return this.#actions.refuseData(`${folder.name} is a folder. Drop the files that are in it.`);
      const files = [...event.dataTransfer.files];
      if (files.length > 0) this.#take(files, false);
    });
  }

  #showNotice({ dataNotice, files, engine }: State): void {
    const refused = files.flatMap(({ inspection }) => (inspection?.problem ? [refusalText(inspection.problem)] : []));
    const notes = files.flatMap(({ inspection }) => [...(inspection?.note ? [`${inspection.note}.`] : []), ...(inspection?.notices ?? []).map(({ message }) => sentence(message))]);
    replaceChildren(
      this.#notice,
      typeof engine === 'object' && notice('problem', h('p', {}, engine.message)),
      dataNotice?.kind === 'problem' && notice('problem', h('p', {}, dataNotice.text)),
      dataNotice?.kind === 'busy' && notice('hint', h('p', {}, dataNotice.text)),
      few('problem', refused, 'There is a problem with'),
      few('hint', notes, 'A similar remark is made of'),
      memoryLine(files),
    );
  }

  /** Hundreds of files are listed short, unless somebody wants to see them all. */
  #showFiles(state: State): void {
    const { files, example, run } = state;
    const busy = run.kind === 'running';
    this.#list.hidden = files.length === 0;
    this.#allFiles &&= files.length > SHOWN_FILES;
    const shown = this.#allFiles || files.length <= SHOWN_FILES + 1 ? files : files.slice(0, SHOWN_FILES);
    const more = files.slice(shown.length);
    replaceChildren(
      this.#list,
      shown.map((input, i) =>
        h(
          'li',
          {},
          files.length > 1 && h('span', { class: 'file-order', 'aria-hidden': 'true' }, `${i + 1}.`),
          h(
            'span',
            { class: 'file-name' },
            h('span', { class: 'name' }, input.file.name),
            h('span', { class: 'help' }, describe(input, example)),
          ),
          h(
            'span',
            { class: 'buttons' },
            i > 0 && button('Move up', () => this.#actions.moveFileUp(i), { class: 'quiet', 'aria-label': `Move ${input.file.name} up`, disabled: busy }),
            button('Remove', () => this.#actions.removeFile(i), { class: 'quiet', 'aria-label': `Remove ${input.file.name}`, disabled: busy }),
          ),
        ),
      ),
      more.length > 0 &&
        h(
          'li',
          { class: 'more-files' },
          h('span', { class: 'file-name' }, h('span', { class: 'help' }, describeAll(more))),
          button('Show all', () => {
            this.#allFiles = true;
            this.#showFiles(state);
            this.#list.querySelectorAll<HTMLElement>('li')[SHOWN_FILES]?.querySelector('button')?.focus();
          }, { class: 'quiet', 'aria-label': `Show all ${count(files.length)} files` }),
        ),
    );
  }

  #showStatus({ run }: State): void {
    this.#status.hidden = run.kind !== 'done' && run.kind !== 'failed';
    if (run.kind === 'done') {
      const { sessions, input } = run.dataset.report;
      replaceChildren(this.#status, h('span', {}, `${counted(input.events, 'event')} became ${counted(sessions.kept, 'session')} of ${counted(sessions.users, 'user')}.`), button('Go to the result', () => this.#actions.goTo('result')));
    } else if (run.kind === 'failed') {
      replaceChildren(this.#status, h('span', { class: 'error' }, 'The run was refused, and nothing was made.'), button('Go to the reason', () => this.#actions.goTo('run')));
    }
  }

  #showTypes(state: State): void {
    const unknown = unknownTypes(state);
    replaceChildren(
      this.#typesHint,
      unknown.length > 0 &&
        notice(
          'hint',
          h('p', {}, `The first rows also have ${quotedList(unknown)}, which ${unknown.length === 1 ? 'is' : 'are'} not among the known types.`),
          button('Accept all event types', () => this.#actions.set('events.unknown', 'add')),
        ),
    );
  }

  #showPreview({ files, plan }: State): void {
    const input = files.find(({ inspection }) => inspection?.rows && inspection.rows.length > 0);
    const inspection = input?.inspection;
    const columnsOf = inspection ? null : files.find(({ inspection }) => inspection?.columnNames && !inspection.problem)?.inspection;
    const next = [inspection, columnsOf, plan?.treatment.type, plan?.outcome.type];
    if (next.every((part, i) => part === this.#shownPreview[i])) return;
    this.#shownPreview = next;
    if (!inspection?.rows || !inspection.columnNames) return replaceChildren(this.#preview, columnsOf && columnsOnly(columnsOf));
    const { columnNames, columns } = inspection;
    const rows = inspection.rows.slice(0, SHOWN_ROWS);
    const roleOf = new Map(ROLES.flatMap(({ role, label }) => (columns?.[role] ? [[columns[role], { role, label }] as const] : [])));
    const shown = columnNames.flatMap((name, k) => (k < SHOWN_COLUMNS || roleOf.has(name) ? [{ name, k }] : []));
    const meaning = (name: string, cell: string | undefined) => {
      if (roleOf.get(name)?.role !== 'type') return '';
      return cell === plan?.treatment.type ? 'is-treatment' : cell === plan?.outcome.type ? 'is-outcome' : '';
    };
    const some = shown.length < columnNames.length ? `, ${count(shown.length)} of ${counted(columnNames.length, 'column')}` : '';
    const caption = `The first ${counted(rows.length, 'row')} of ${input!.file.name}${some}`;
    replaceChildren(
      this.#preview,
      h('p', { class: 'table-title' }, `${caption}.`),
      scrolling(
        caption,
        h(
          'table',
          { class: 'preview' },
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('th', { scope: 'col', class: 'number' }, 'Row'),
              shown.map(({ name }) => {
                const found = roleOf.get(name);
                return h('th', { scope: 'col', class: found ? 'has-role' : 'no-role' }, name, h('span', { class: 'role' }, found?.label ?? 'not used'));
              }),
            ),
          ),
          h(
            'tbody',
            {},
            rows.map((row, i) =>
              h(
                'tr',
                {},
                h('td', { class: 'number row-number' }, count(i + 1)),
                shown.map(({ name, k }) => {
                  const cell = row[k];
                  const empty = cell === undefined || cell === '';
                  return h(
                    'td',
                    { class: roleOf.has(name) ? 'has-role' : 'no-role' },
                    empty ? h('span', { class: 'nothing' }, 'empty') : h('span', { class: `cell ${meaning(name, cell)}` }, cell),
                  );
                }),
              ),
            ),
          ),
        ),
      ),
    );
  }
}

/** The first of many sentences, and how many more files there are that the like is said of. */
function few(kind: 'problem' | 'hint', texts: readonly string[], what: string): HTMLElement[] {
  const shown = texts.length <= SHOWN_NOTICES + 1 ? texts : texts.slice(0, SHOWN_NOTICES);
  const more = texts.length - shown.length;
  return [...shown, ...(more > 0 ? [`${what} ${counted(more, 'more file', 'more files')}.`] : [])].map((text) => notice(kind, h('p', {}, text)));
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

/** In place of a table without rows. */
function columnsOnly({ name, columnNames = [], note }: Inspection): HTMLElement {
  const more = columnNames.length - SHOWN_COLUMNS;
  const names = `${columnNames.slice(0, SHOWN_COLUMNS).join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}`;
  const rows = note === undefined ? ' It has no rows.' : ''; // a note says why there are none
  return h('p', { class: 'help' }, `The columns of ${name}: ${names}.${rows}`);
}

/** More are put into a select when somebody turns to it: thousands of options take a browser seconds. */
const OPTIONS_AT_ONCE = 500;

/** One select for each role; "Automatic" leaves the choice to the engine. */
class ColumnFields {
  readonly element = h('fieldset', { class: 'fields columns-fields' });
  readonly #fields = new Map<Role, { select: HTMLSelectElement; found: HTMLElement; error: HTMLElement }>();
  /** Puts all options into a select that has only the chosen one yet. */
  readonly #toOffer = new Map<Role, () => void>();
  #shown: readonly unknown[] = [];

  constructor(actions: Actions) {
    this.element.append(h('legend', {}, 'Columns'));
    for (const { role, label } of ROLES) {
      const id = uniqueId(`column-${role}`);
      const select = h('select', { id, 'data-path': `columns.${role}`, 'aria-describedby': `${id}-help` });
      const error = h('p', { class: 'error', id: `${id}-error`, hidden: true });
      select.addEventListener('change', () => {
        const [kind, text] = [select.value.slice(0, 1), select.value.slice(1)];
        actions.set(`columns.${role}`, kind === '' ? undefined : kind === '#' ? Number(text) : text);
      });
      const offer = () => {
        this.#toOffer.get(role)?.();
        this.#toOffer.delete(role);
      };
      for (const event of ['focus', 'pointerdown']) select.addEventListener(event, offer);
      const found = h('span');
      this.#fields.set(role, { select, found, error });
      this.element.append(
        h('div', { class: 'field' }, h('label', { for: id }, label), select, h('p', { class: 'help', id: `${id}-help` }, found), error),
      );
    }
  }

  update(state: State, busy: boolean): void {
    const inspections = state.files.flatMap(({ inspection }) => (inspection && (inspection.columnNames || isNameless(inspection)) ? [inspection] : []));
    this.element.hidden = inspections.length === 0;
    this.element.disabled = busy;
    const blamed = inspections.find(({ problem }) => problem);
    const next = [...inspections, JSON.stringify(state.changes.columns)];
    if (next.length === this.#shown.length && next.every((part, i) => part === this.#shown[i])) return;
    this.#shown = next;
    const options = columnOptions(inspections);
    for (const { role, help } of ROLES) {
      const { select, found, error } = this.#fields.get(role)!;
      const chosen = valueAt(state.changes, `columns.${role}`);
      const detected = inspections.map(({ columns }) => columns?.[role]).find((name) => name);
      const value = typeof chosen === 'number' ? `#${chosen}` : typeof chosen === 'string' ? `=${chosen}` : '';
      const byName = chosen === undefined || chosen === null;
      found.textContent = byName && detected ? 'Found by its name.' : help;
      const automatic = byName ? (detected ?? (role === 'item' ? 'None' : 'Choose a column')) : 'Find by name';
      const missing = value !== '' && !options.some((option) => option.value === value) ? [{ value, label: String(chosen) }] : [];
      const offered = [...options, ...missing].filter(({ label }) => !byName || label !== detected);
      const offer = (some: typeof offered) => {
        replaceChildren(select, h('option', { value: '' }, automatic), some.map((option) => h('option', { value: option.value }, option.label)));
        select.value = value;
      };
      this.#toOffer.delete(role);
      if (offered.length <= OPTIONS_AT_ONCE || focused(select) === select) {
        offer(offered);
      } else {
        offer(offered.filter((option) => option.value === value));
        this.#toOffer.set(role, () => offer(offered));
      }
      const wrong = blamed !== undefined && (blamedRole(blamed) === role || (isNameless(blamed) && role !== 'item' && byName));
      error.hidden = !wrong;
      error.textContent = wrong ? (blamed.problem!.code === 'ambiguousColumn' ? 'More than one column could be it; choose one.' : 'Choose the column.') : '';
      setAttribute(select, 'aria-invalid', wrong);
      setAttribute(select, 'aria-describedby', wrong ? `${select.id}-help ${error.id}` : `${select.id}-help`);
    }
  }
}

/** By name where the name is there and unique; by number, from 1, where not. */
function columnOptions(inspections: readonly Inspection[]): { value: string; label: string }[] {
  const options = new Map<string, string>();
  for (const inspection of inspections) {
    const { header = !isNameless(inspection), columnNames = NUMBERS } = inspection;
    const last = new Map(columnNames.map((name, i) => [name, i]));
    const twice = new Set(columnNames.filter((name, i) => last.get(name) !== i));
    for (const [i, name] of columnNames.entries()) {
      const byNumber = header === false || name === '' || twice.has(name);
      options.set(byNumber ? `#${i + 1}` : `=${name}`, byNumber && header !== false ? `${name} (column ${i + 1})` : header === false ? `Column ${i + 1}` : name);
    }
  }
  return [...options].map(([value, label]) => ({ value, label }));
}

/** Columns to choose from by number, until the first choice has told the engine that the file has no header. */
const NUMBERS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

function isNameless({ problem, columnNames }: Inspection): boolean {
  return problem?.code === 'missingColumn' && columnNames === undefined;
}

/** The engine's sentence names the plan key of the column it could not find. */
function blamedRole({ problem }: Inspection): string | undefined {
  return problem ? /columns\.(user|time|type|item)\b/.exec(problem.message)?.[1] : undefined;
}

function describe({ file, inspection }: InputFile, example: boolean): string {
  const size = bytes(file.size);
  if (example) return `${counted(EXAMPLE.events, 'simulated event')}, ${size}`;
  if (!inspection) return `${size}, being looked at`;
  const { compression, format, header } = inspection;
  const readable = format ? formatName(inspection) : !isNameless(inspection) && 'not readable';
  const noHeader = (header === false || isNameless(inspection)) && 'no header';
  return [compression, readable, noHeader, size].filter((text) => text).join(', ');
}

/** Files that are not listed. */
function describeAll(files: readonly InputFile[]): string {
  const size = bytes(files.reduce((sum, { file }) => sum + file.size, 0));
  const waiting = files.filter(({ inspection }) => !inspection).length;
  return `${count(files.length)} more, ${size}${waiting > 0 ? `, ${count(waiting)} being looked at` : ''}`;
}

function formatName({ format, separator = ',' }: Inspection): string {
  if (format !== 'csv') return { json: 'JSON', ndjson: 'JSON lines', parquet: 'Parquet', arrow: 'Arrow' }[format!];
  if (separator === '\t') return 'TSV';
  return separator === ',' ? 'CSV' : `CSV separated by ${SEPARATORS[separator] ?? separator}`;
}

function quotedList(names: readonly string[]): string {
  const shown = names.slice(0, 6).map((name) => `“${name}”`);
  if (names.length > 6) shown.push(`${count(names.length - 6)} more`);
  return shown.length === 1 ? shown[0]! : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
