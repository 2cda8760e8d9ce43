/** Rows that were skipped, by reason, the first ones with their numbers. */
import type { Report, RowIssue } from '../../lib/types/index.js';
import { h, type Child } from '../dom.js';
import { count } from '../format.js';
import { table } from '../table.js';
import { REASONS } from '../words/common.js';
import { ISSUES } from '../words/data.js';
import { block } from './section.js';

export function rowIssues({ input }: Report): HTMLElement | null {
  const { rows, byReason, first, unknownTypes } = input.issues;
  if (rows === 0) return null;
  return block(
    ISSUES.title,
    ISSUES.remark(rows, input.rows),
    table(
      ISSUES.table,
      '',
      [ISSUES.head[0], ISSUES.head[1], { title: ISSUES.head[2] }],
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
    unknownTypes.length > 0 && h('p', { class: 'prose' }, ISSUES.unknown(unknownTypes.map(({ type, rows }) => [type, rows]))),
  );
}

function place({ row, file, column, text }: RowIssue, severalFiles: boolean): Child[] {
  return [ISSUES.row(row, severalFiles ? file : null), column && `, ${column}`, text && [': ', h('code', {}, text)]];
}
