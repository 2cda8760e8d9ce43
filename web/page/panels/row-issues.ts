/** Rows left out, by reason, the first ones with their numbers. */
import type { Report } from '../../lib/types.js';
import { h, scrolling } from '../dom.js';
import { count } from '../format.js';
import { REASONS, rowsText } from './run-panel.js';
import { block } from './section.js';

export function rowIssues({ input }: Report): HTMLElement | null {
  const { rows, byReason, first, unknownTypes } = input.issues;
  if (rows === 0) return null;
  return block(
    'Rows left out',
    `${rowsText(rows)} of ${count(input.rows)}.`,
    scrolling(
      'Rows left out, by reason',
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, ['Reason', 'Rows', 'First ones'].map((text) => h('th', { scope: 'col', class: text === 'Rows' ? 'number' : '' }, text)))),
        h(
          'tbody',
          {},
          Object.entries(byReason).map(([reason, affected]) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, REASONS[reason] ?? reason),
              h('td', { class: 'number' }, count(affected)),
              h(
                'td',
                {},
                h(
                  'ul',
                  { class: 'plain' },
                  first
                    .filter((issue) => issue.reason === reason)
                    .map((issue) => h('li', {}, `Row ${count(issue.row)}${input.files.length > 1 ? ` of ${issue.file}` : ''}`, issue.column && `, ${issue.column}`, issue.text && [': ', h('code', {}, issue.text)])),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
    unknownTypes.length > 0 &&
      h('p', { class: 'prose' }, `Unknown types: ${unknownTypes.map(({ type, rows: times }) => `${type} (${rowsText(times)})`).join(', ')}.`),
  );
}
