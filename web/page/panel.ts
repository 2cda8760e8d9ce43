/** What a panel is, and what it may ask for. */
import type { Finding, TableFormat } from '../lib/types/index.js';
import type { Path, Value } from './model/plan.js';
import type { Repair } from './model/repairs.js';
import type { Query, State } from './state.js';
import type { SECTIONS } from './words/common.js';

export type Stage = keyof typeof SECTIONS;

/** What panels may ask for. */
export interface Actions {
  addFiles(files: readonly File[]): void;
  /** All files of a folder, as a browser lists them. */
  addFolder(files: readonly File[]): void;
  /** What was dropped, folders among it. */
  addDropped(entries: readonly FileSystemEntry[]): void;
  replaceFiles(files: readonly File[]): void;
  removeFile(index: number): void;
  moveFileUp(index: number): void;
  tryExample(): void;
  set(path: Path, value: Value | undefined): void;
  /** Makes the repair of findings, which are called so, and runs again. */
  repair(repair: Repair, what: readonly string[]): void;
  /** Sets all of them at once and runs again. */
  settle(values: readonly (readonly [Path, Value])[]): void;
  /** Sets all of them at once, and runs as soon as nothing about the data is left to be asked. */
  prepareBy(values: readonly (readonly [Path, Value])[]): void;
  reset(): void;
  undo(): void;
  redo(): void;
  run(): void;
  cancel(): void;
  listSessions(query: Query, offset: number): void;
  lookAt(row: number): void;
  lookAtAny(): void;
  /** Lists the rows that show what a finding says, opens the first, and goes there; null: lists all again. */
  listFinding(finding: Finding | null): void;
  /** Keeps the result in sight, to compare it with the next ones. */
  pin(): void;
  unpin(): void;
  setFormat(format: TableFormat, wanted: boolean): void;
  download(path: string): void;
  saveZip(): void;
  saveFolder(): void;
  report(how: 'download' | 'print'): void;
  /** Absent where the address is not the page's own. Whether the link was copied. */
  copyLink: (() => Promise<boolean>) | null;
  cancelSaving(): void;
  /** Scrolls to a panel and puts the focus there. */
  goTo(stage: Stage): void;
  /** The same of a part of one. */
  goToPart(part: 'findings' | 'types' | 'problem'): void;
  /** Shows the field of a plan's key and puts the focus there. */
  goToSetting(path: Path): void;
  /** Shows what a panel has changed of itself; the focus keeps its place. */
  refresh(show: () => void): void;
  /** Says a sentence to screen readers. */
  announce(text: string): void;
}

export interface Panel {
  readonly element: HTMLElement;
  update(state: State): void;
  /** Files may be dropped anywhere in `target`. */
  takeDrops?(target: HTMLElement): void;
}

/** What surrounds the element where it is all of a page. */
export interface Page {
  /** Address of the documentation's folder; null where there is none beside the page. */
  docs: string | null;
}
