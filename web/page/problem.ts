/** What was thrown, as the page says it. */
import { EventDataError } from '../lib/types.js';
import { sentence } from './format.js';
import type { Problem } from './state.js';

export function asProblem(error: unknown): Problem {
  if (error instanceof EventDataError) {
    const { row } = error.where;
    const column = error.where.column ?? (error.code === 'badPlan' ? /^(\w+\.\w+) is /.exec(error.message)?.[1] : undefined);
    return { code: error.code, message: sentence(error.message), ...(column === undefined ? {} : { column }), ...(row === undefined ? {} : { row }) };
  }
  const message = error instanceof Error ? error.message : String(error);
  // The browser's words for a file that was changed, moved or deleted since it was chosen.
  if (/requested file/i.test(message)) return { message: 'A file could not be read: it was changed, moved or deleted after you chose it. Choose it again.' };
  return { message: sentence(message) };
}
