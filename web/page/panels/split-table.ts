/** Who is in each set, from when to when, and whether anybody is in several. */
import { hasTimeZero } from '../../lib/run/design.js';
import type { Arms, AuditReport, PartName, Report } from '../../lib/types/index.js';
import { h, type Child } from '../dom.js';
import { count, NOT_AVAILABLE, percent } from '../format.js';
import { table } from '../table.js';
import { ALL, PARTS } from '../words/common.js';
import { SPLIT_TABLE } from '../words/result.js';

export const PART_NAMES = Object.keys(PARTS) as PartName[];

export function certificate(report: Report, audit: AuditReport | null): Child {
  const shared = audit?.split.usersInSeveralParts ?? 0;
  const purged = audit && audit.split.purged > 0 ? SPLIT_TABLE.purged(audit.split.purged) : '';
  const sentence = shared === 0 ? SPLIT_TABLE.own : SPLIT_TABLE.shared(shared);
  return [h('p', { class: 'help' }, sentence + purged), splitTable(report, audit)];
}

function splitTable(report: Report, audit: AuditReport | null): HTMLElement {
  const { splits, all, plan, sessions } = report;
  const { head } = SPLIT_TABLE;
  const span = (part: PartName) => {
    const { firstTimeZero: first, lastTimeZero: last } = audit?.split.parts[part] ?? { firstTimeZero: null, lastTimeZero: null };
    return first && last
      ? [h('span', { class: 'nowrap' }, minute(first)), SPLIT_TABLE.to, h('span', { class: 'nowrap' }, minute(last))]
      : nothing();
  };
  const row = (label: string, users: number, arms: Arms, times: Child) => [
    label,
    count(users),
    count(arms.sessions),
    share(arms.treatmentRate, 'treatment'),
    share(arms.outcomeRate, 'outcome'),
    audit && times,
  ];
  const title = (text: string, role: string) => [text, h('span', { class: 'role' }, role)];
  return table(
    SPLIT_TABLE.title,
    'split-table',
    [
      head.set,
      head.users,
      head.rows,
      { title: title(head.treated, plan.treatment.type), number: true },
      { title: title(head.outcome, plan.outcome.type), number: true },
      { title: audit && title(hasTimeZero(plan.index.kind) ? head.timeZero : head.begins, SPLIT_TABLE.utc), class: 'times' },
    ],
    [
      ...PART_NAMES.map((part) => row(PARTS[part], splits[part].users, splits[part], span(part))),
      { cells: row(ALL, sessions.users, all, ''), class: 'total' },
    ],
  );
}

/** To the minute: a table's worth of a time in UTC. */
function minute(text: string): string {
  return text.replace('T', ' ').slice(0, 16);
}

/** A share as a number with a bar of the same colour everywhere. */
function share(value: number | null, meaning: 'treatment' | 'outcome'): Child {
  if (value === null) return nothing();
  return h(
    'span',
    { class: 'share' },
    h('span', { class: `share-bar is-${meaning}`, 'aria-hidden': 'true', vars: { '--share': value } }),
    h('span', {}, percent(value)),
  );
}

export function nothing(): HTMLElement {
  return h('span', { class: 'nothing' }, NOT_AVAILABLE);
}
