/** What was thrown, as the page says it. */
import { EventDataError } from '../../lib/types/index.js';
import { sentence } from '../format.js';
import type { Problem } from '../state.js';
import { DATA, REFUSAL } from '../words/data.js';

export function asProblem(error: unknown): Problem {
  if (error instanceof EventDataError) {
    const { row } = error.where;
    const column = error.where.column ?? (error.code === 'badPlan' ? /^(\w+\.\w+) is /.exec(error.message)?.[1] : undefined);
    return {
      code: error.code,
      message: sentence(error.message),
      ...(column === undefined ? {} : { column }),
      ...(row === undefined ? {} : { row }),
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  // The browser's words for a file that was changed, moved or deleted since it was chosen.
  if (/requested file/i.test(message)) return { message: DATA.changed };
  return { message: sentence(message) };
}

/** How times may be meant, as the engine's sentence lists it: formats, and what stands first in them. */
export function timeFormatsOf(message: string): { first: 'd' | 'm' | 'Y' | null; format: string | string[] }[] {
  return [...message.matchAll(/(?:: set time\.format| or) to (\[[^\]]*\]|"[^"]*")/g)].map(([, format]) => {
    const [, first] = /^\W*?%([dmY])/.exec(format!) ?? [];
    return { first: (first as 'd' | 'm' | 'Y' | undefined) ?? null, format: JSON.parse(format!) as string | string[] };
  });
}

/** The engine's sentence in this page's words: what a plan would say is chosen in fields and pressed on buttons here. */
export function refusalText({ code, message }: Pick<Problem, 'code' | 'message'>): string {
  if (code === 'badRows') {
    message = message
      .replace(' is not one of events.types', REFUSAL.unknownType)
      .replace(/\. Add the types to events\.types, or set events\.unknown to "add"( or "drop")?/, '')
      .replace(/: set time\.format to .*?(?=\. \d|\.?$)/, '')
      .replace(/\. Name the column of the event type in columns\.type, .*?(?=\. |$)/, '')
      .replace(/\. Set rows\.bad to "drop" to leave such rows out and count them/, '')
      .replace(/, so check which columns are read \(columns\), and how \(input, time\)/, REFUSAL.checkColumns);
  }
  return sentence(
    message
      .replace(
        /\. Name the (right one|column) in the plan: columns\.\w+(, or all of them as a list, of which the first that has a value counts)?(?=\. |\.?$)/,
        REFUSAL.chooseColumn,
      )
      .replace(/\. Name the columns in the plan: columns\.[\w, .]+?(?=\. |\.?$)/, REFUSAL.chooseColumns)
      .replace(/; name the columns by number in the plan, as in \{.*\}\}/s, REFUSAL.chooseNumber),
  );
}
