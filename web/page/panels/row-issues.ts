/** Rows left out, by reason, the first ones with their numbers. */
import type { Report, RowIssue } from '../../lib/types/index.js';
import { h, type Child } from '../dom.js';
import { count } from '../format.js';
import { table } from '../table.js';
import { REASONS, rowsText } from '../words.js';
import { block } from './section.js';

export function rowIssues({ input }: Report): HTMLElement | null {
  const { rows, byReason, first, unknownTypes } = input.issues;
  if (rows === 0) return null;
  return block(
    'Rows left out',
    `${rowsText(rows)} of ${count(input.rows)}.`,
    table(
      'Rows left out, by reason',
      '',
      ['Reason', 'Rows', { title: 'First ones' }],
      Object.entries(byReason).map(([reason, affected]) => [
        REASONS[reason] ?? reason,
        count(affected),
        h(
          'ul',
          { class: 'plain' },
          first.filter((issue) => issue.reason === reason).map((issue) => h('li', {}, place(issue, input.files.length > 1))),
        ),
      ]),
    ),
    unknownTypes.length > 0 &&
      h(
        'p',
        { class: 'prose' },
        `Unknown types: ${unknownTypes.map(({ type, rows: times }) => `${type} (${rowsText(times)})`).join(', ')}.`,
      ),
  );
}

function place({ row, file, column, text }: RowIssue, severalFiles: boolean): Child[] {
  return [`Row ${count(row)}${severalFiles ? ` of ${file}` : ''}`, column && `, ${column}`, text && [': ', h('code', {}, text)]];
}
