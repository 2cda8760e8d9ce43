/** A table given as one array a column -> a JSON object of columns for the engine. */
import { EventDataError, type ColumnArrays } from '../types/index.js';
import * as WORDS from '../words.js';

type Cells = ArrayLike<unknown>;

const CELLS_PER_PIECE = 16_384;

/** A plain object whose values are all arrays or typed arrays. */
export function isColumns(item: unknown): item is ColumnArrays {
  if (!isPlainObject(item)) return false;
  const columns = Object.values(item);
  return columns.length > 0 && columns.every(isCells);
}

/** What is wrong with an object that is meant to be columns, as the end of a sentence; null if nothing is. */
export function columnsProblem(item: unknown): string | null {
  if (isArrowTable(item)) return 'is an Arrow table; pass tableToIPC(table), its bytes.';
  if (!isPlainObject(item)) return null;
  const columns = Object.entries(item);
  const other = columns.find(([, cells]) => !isCells(cells));
  if (other) {
    if (!columns.some(([, cells]) => isCells(cells))) return null;
    return `has the column "${other[0]}", which is no array; in an object of columns each of them is one.`;
  }
  const lengths = columns.map(([name, cells]) => [name, (cells as Cells).length] as const);
  if (lengths.every(([, length]) => length === lengths[0]![1])) return null;
  const shown = lengths.slice(0, 20).map(([name, length]) => `"${name}" has ${length}`);
  const more = lengths.length > shown.length ? ` and ${lengths.length - shown.length} more columns` : '';
  return `has columns that are not of one length: ${shown.join(', ')}${more} cells.`;
}

/** An apache-arrow Table, by its shape: this package does not depend on that one. */
export function isArrowTable(item: unknown): boolean {
  return (
    typeof item === 'object' &&
    item !== null &&
    'schema' in item &&
    'batches' in item &&
    Array.isArray(item.batches) &&
    typeof item.schema === 'object' &&
    item.schema !== null &&
    'fields' in item.schema &&
    Array.isArray(item.schema.fields)
  );
}

function isCells(value: unknown): value is Cells {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function isPlainObject(item: unknown): item is Record<string, unknown> {
  if (typeof item !== 'object' || item === null) return false;
  const prototype: unknown = Object.getPrototypeOf(item);
  return prototype === null || prototype === Object.prototype;
}

export async function* piecesOfColumns(columns: ColumnArrays): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder();
  for (const [c, [name, cells]] of Object.entries<Cells>(columns).entries()) {
    yield encoder.encode(`${c === 0 ? '{' : '],'}${JSON.stringify(name)}:[`);
    for (let at = 0; at < cells.length; at += CELLS_PER_PIECE) {
      const some: unknown[] = Array.prototype.slice.call(cells, at, at + CELLS_PER_PIECE);
      yield encoder.encode((at === 0 ? '' : ',') + cellsText(some, at, name));
    }
  }
  yield encoder.encode(']}');
}

/** Cells as a row's values are written: Dates become ISO text, BigInts digits; what JSON does not have becomes null. */
function cellsText(cells: readonly unknown[], before: number, column: string): string {
  const digits = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value);
  try {
    // Without a look at every value, which is much faster, unless there are BigInts.
    const text = JSON.stringify(cells, typeof cells[0] === 'bigint' ? digits : undefined);
    return text.slice(1, -1);
  } catch {
    return cells.map((cell, i) => cellText(cell, digits, before + i + 1, column)).join();
  }
}

function cellText(cell: unknown, digits: (key: string, value: unknown) => unknown, row: number, column: string): string {
  try {
    return JSON.stringify(cell, digits) ?? 'null';
  } catch (error) {
    throw new EventDataError('badSource', WORDS.cellNotJson(row, column, (error as Error).message), { row, column });
  }
}
