/** What the run says: its start, how far it is, how it ended, and the bar that stays in sight. */
import { count, counted, seconds } from '../format.js';

export const RUN = {
  purpose: (size: string) => `Files up to ${size} run automatically, and changes do where a run takes under a second.`,
  start: 'Create training data',
  again: 'Update results',
  cancel: 'Cancel',
  undo: 'Undo',
  redo: 'Redo',
  reset: 'Reset to defaults',
  download: 'Download',
  progress: 'Progress of the run',
  announced: 'Creating the training data.',
  cancelled: 'Cancelled.',
  aborted: 'The run was cancelled.',
  noFiles: 'There are no files to process.',
  nothingMade: 'No files were created.',
  refused: 'Stopped: no files were created.',
  stages: [
    ['reading', 'Reading'],
    ['ordering', 'Ordering events'],
    ['auditing', 'Auditing events'],
    ['sessions', 'Making sessions'],
    ['trials', 'Finding time zeros and groups'],
    ['split', 'Splitting'],
    ['vocabulary', 'Building the vocabulary'],
    ['auditing', 'Auditing rows'],
    ['sequences', 'Building histories'],
    ['reporting', 'Writing the report'],
    ['done', 'Handing over the result'],
  ],
  speed: (perSecond: string) => `about ${perSecond} events/s`,
  left: (time: string) => `about ${time} left`,
  notReread: ' (file not re-read)',
  done: (time: number) => `Done in ${seconds(time)}`,
  made: (rows: number, sessions: number, users: number) =>
    `: ${counted(rows, 'training row')} from ${counted(sessions, 'session')} and ${counted(users, 'user')}`,
  noticed: (notices: number) => ` ${counted(notices, 'notice')} about the data.`,
} as const;

/** Why a run cannot start. */
export const OBSTACLES = {
  loading: 'The engine is still loading.',
  saving: 'Files are being saved.',
  noFiles: 'Choose a file or try the example data first.',
  setting: 'Fix the highlighted setting first.',
} as const;

/** What the first run waits for. */
export const WAITS = {
  types: 'Waiting: choose the event types first.',
  toTypes: 'Go to the event types',
  rows: 'Waiting: choose how to read the rows first.',
  toRows: 'Go to the rows',
  problem: (file: string) => `Waiting: fix the problem with ${file} first.`,
  toProblem: 'Go to the problem',
  setting: 'Go to the setting',
  large: (size: string) => `Files over ${size} wait for this button.`,
} as const;

/** What would make the same file pass, one press away. */
export const REPAIRS = {
  again: (repair: string) => `${repair} and run again`,
  both: 'Use the event types in this file, skip unreadable rows',
  types: 'Use the event types in this file',
  rows: 'Skip unreadable rows',
  unknown: 'Skip rows of other types',
  timeFormat: (first: 'd' | 'm' | 'Y' | null, format: string) =>
    `Read ${first === null ? `times as ${format}` : `the ${{ d: 'day', m: 'month', Y: 'year' }[first]} first`}`,
  rowsAndUnknown: 'Skip unreadable rows and other types',
} as const;

export const BAR = {
  label: 'State and actions',
  start: 'Run',
  empty: 'No data yet',
  files: (files: number) => `${counted(files, 'file')}, no result yet`,
  running: (stage: string, share: string) => `${stage}, ${share}`,
  updating: 'Updating…',
  refused: 'Stopped: no files were created',
  cancelled: 'Cancelled',
  stale: 'These results are out of date',
  blocked: 'No training rows',
  done: (rows: number, findings: string) => `${counted(rows, 'training row')}${findings === '' ? '' : ` · ${findings}`}`,
  changed: (settings: number) => `${counted(settings, 'setting')} changed`,
} as const;

export const STALE = {
  result: 'These results are out of date.',
  files: 'These downloads are out of date.',
  repairs: 'Update the results first',
} as const;

/** Two digits: a speed is no count. */
export function rate(perSecond: number): string {
  return count(Number(perSecond.toPrecision(2)));
}
