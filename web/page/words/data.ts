/** What the data section says: files, columns, the first rows, rows that were skipped. */
import { count, counted } from '../format.js';
import { listed } from './common.js';

export const DATA = {
  chooser: 'Event files',
  drop: {
    empty: 'Drop event files here',
    example: 'Drop your own files here',
    more: 'Drop more files here',
    help:
      'CSV, TSV, JSON, JSON lines, Parquet or Arrow, one event per row. Text files may be gzip- or zstd-compressed, and all files ' +
      'may be in a ZIP. Multiple files are combined in the order listed. Drop a plan or manifest.json to load its settings.',
  },
  choose: 'Choose files',
  add: 'Add files',
  folder: 'Choose a folder',
  replace: 'Replace files',
  example: 'Try example data',
  simulating: 'Simulating the example data.',
  listing: 'Looking for the files of the folder.',
  hidden: (names: number) => `${counted(names, 'hidden name')} skipped: names that begin with . or _ are not data.`,
  emptyFolder: (hidden: string) => `The folder has no file to read. ${hidden}`.trim(),
  folderFailed: (reason: string) => `The folder cannot be read: ${reason}`,
  ready: (files: number) => `${counted(files, 'file')} ready.`,
  similarProblem: (files: number) => `${counted(files, 'more file')} ${files === 1 ? 'has' : 'have'} a similar problem.`,
  similarRemark: (files: number) => `A similar remark applies to ${counted(files, 'more file')}.`,
  tooLarge: 'They do not fit.',
  perhapsTooLarge: 'They may not fit.',
  memory: (estimate: string, memory: string) => `${estimate}; there is room for ${memory}.`,
  preset: (title: string) => `This looks like ${title}.`,
  presetStart: (causal: boolean) =>
    causal
      ? 'The other settings start from the causal ones: each exposure starts a row, and nothing after it is in the history.'
      : 'It has no event that a treatment could follow, so the other settings start from the notebook’s: not valid for causal estimates.',
  usePreset: 'Use the settings for it',
  status: {
    refused: 'Stopped: no files were created.',
    toReason: 'Go to the reason',
  },
  changed: 'A file could not be read: it was changed, moved or deleted after you chose it. Choose it again.',
} as const;

/** What the event types of the files are to the study. */
export const ROLES = {
  title: 'Event types and their roles',
  question: 'What do these events mean?',
  guessed:
    'The roles below are guessed from the names. The treatment is the event whose effect you want to measure, the outcome what you ' +
    'hope to influence, and the exposure what each row of the table starts with.',
  columns: (columns: readonly (readonly [string, string])[]) =>
    `Columns were guessed from their values: ${listed(columns.map(([role, name]) => `${role === 'type' ? 'event type' : role} from “${name}”`))}.`,
  type: 'Event type',
  events: 'Events',
  sampled: 'In the first rows',
  role: 'Role',
  roleOf: (type: string) => `Role of ${type}`,
  names: { exposure: 'Exposure', treatment: 'Treatment', outcome: 'Outcome', other: 'Other', ignored: 'Ignored' },
  line: (exposure = 'none', treatment = 'none', outcome = 'none') =>
    `exposure ${exposure}, treatment ${treatment}, outcome ${outcome}`,
  more: (types: number) => `${counted(types, 'more type')}. So many are seldom event types; check the column of the event type.`,
  start: 'Starting point for the other settings',
  causal: 'Causal (recommended): each exposure starts a row, and nothing after it is in the history',
  notebook: 'Original notebook: reproduces its output exactly, not valid for causal estimates',
  missing: (roles: readonly string[]) =>
    `No event type is the ${listed(roles)} yet. Choose one for each role that your question has.`,
  use: 'Use these roles',
  change: 'Change roles',
} as const;

export const FILE_LIST = {
  label: 'Files, combined in this order',
  showAll: 'Show all',
  show: (files: number) => `Show ${count(files)}`,
  spoken: (label: string, files: number | null) => `${label}${files === null ? '' : ` ${count(files)}`} files`,
  up: 'Move up',
  upOf: (name: string) => `Move ${name} up`,
  remove: 'Remove',
  removeOf: (name: string) => `Remove ${name}`,
  simulated: (events: number, size: string) => `${counted(events, 'simulated event')}, ${size}`,
  waiting: (size: string) => `${size}, being looked at`,
  unreadable: 'not readable',
  noHeader: 'no header',
  zip: (files: number) => `ZIP of ${counted(files, 'file')}`,
  more: (files: number, size: string, waiting: number) =>
    `${count(files)} more, ${size}${waiting > 0 ? `, ${count(waiting)} being looked at` : ''}`,
  separators: { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar', ' ': 'space', '\x01': 'Control-A' } as Record<
    string,
    string
  >,
  separated: (by: string) => `CSV separated by ${by}`,
  formats: { json: 'JSON', ndjson: 'JSON lines', parquet: 'Parquet', arrow: 'Arrow' },
} as const;

export const COLUMNS = {
  title: 'Columns',
  line: (columns: readonly string[]) => `Columns: ${columns.join(', ')}`,
  byName: 'Detected from the column name.',
  none: 'None',
  choose: 'Choose a column',
  guessed: (name: string) => `${name} (guessed)`,
  detect: 'Detect automatically',
  ambiguous: 'Several columns could be it; choose one.',
  missing: 'Choose the column.',
  constant: (value: string) => `“${value}” for all rows`,
  number: (i: number) => `Column ${i}`,
  named: (name: string, i: number) => `${name} (column ${i})`,
} as const;

export const PREVIEW = {
  title: (rows: number, name: string, columns: string) => `First ${counted(rows, 'row')} of ${name}${columns}`,
  some: (shown: number, all: number) => `, ${count(shown)} of ${counted(all, 'column')}`,
  row: 'Row',
  unused: 'not used',
  columnsOnly: (name: string, columns: string, more: number) =>
    `The columns of ${name}: ${columns}${more > 0 ? ` and ${count(more)} more` : ''}.`,
  noRows: ' It has no rows.',
} as const;

/** What the columns hold, in the rows that were looked at. */
export const FACTS = {
  title: 'What the columns hold',
  sample: (rows: number) => `in the first ${counted(rows, 'row')}`,
  caption: (name: string, rows: number) => `Columns of ${name} in its first ${counted(rows, 'row')}`,
  head: {
    column: 'Column',
    kind: 'Values',
    blanks: 'Blank',
    distinct: 'Distinct',
    least: 'Least',
    greatest: 'Greatest',
    frequent: 'Most frequent',
    overTime: 'Over time',
  },
  kinds: { blank: 'none', time: 'times', number: 'numbers', text: 'text' },
  nested: 'not shown',
  nothing: '–',
  frequent: (values: readonly (readonly [string, number])[]) =>
    values.map(([value, rows]) => `${value} (${count(rows)})`).join(', '),
  overTime: (least: string, greatest: string) => `Rows over time, from ${least} to ${greatest}`,
  more: (columns: number) => `${counted(columns, 'more column')} not described.`,
} as const;

export const ISSUES = {
  title: 'Skipped rows',
  remark: (rows: number, of: number) => `${count(rows)} of ${counted(of, 'row')} skipped.`,
  table: 'Skipped rows, by reason',
  head: ['Reason', 'Rows', 'First ones'],
  row: (row: number, file: string | null) => `Row ${count(row)}${file === null ? '' : ` of ${file}`}`,
  unknown: (types: readonly (readonly [string, number])[]) =>
    `Unknown event types: ${types.map(([type, rows]) => `${type} (${counted(rows, 'row')})`).join(', ')}.`,
} as const;

/** The engine's sentences in this page's words: what a plan would say is chosen in fields and pressed on buttons here. */
export const REFUSAL = {
  unknownType: ' is not one of the event types to use',
  checkColumns: '; check the columns, and how cells and times are read',
  chooseColumn: '. Choose it under Columns',
  chooseColumns: '. Choose them under Columns',
  chooseNumber: '. Choose the columns by number under Columns',
} as const;
