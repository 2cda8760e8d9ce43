/** The verdict: the result in a few figures, whether a causal interpretation is ruled out and by what, and what to do next. */
import type { AuditReport, Report } from '../../lib/types/index.js';
import { hasTimeZero } from '../../lib/run/design.js';
import { button, h, setEnabled, type Child } from '../dom.js';
import { capital, count, percent, points, pointsText, sentence } from '../format.js';
import { canFixAll, FIX_ALL, nameOf } from '../model/repairs.js';
import { summaryOf } from '../model/summary.js';
import type { Actions } from '../panel.js';
import type { PlanKeys, Summary } from '../state.js';
import { controlOf, FILTERS, listed, tally } from '../words/common.js';
import { EMPTY, NO_ROWS, VERDICT } from '../words/result.js';
import { labelOf } from './fields.js';
import type { Previewed } from './findings.js';
import { notice } from './section.js';
import { reportButton } from './sharing.js';

/** Whether anything can be learned from the table, in a sentence. */
export function verdictText(audit: AuditReport | null, { findings }: Summary): string {
  if (!audit || !findings) return VERDICT.notAudited;
  const errors = audit.findings.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return VERDICT.blocked(errors.map(({ title }) => title));
  const others = tally({ ...findings, error: 0 });
  return others === '' ? VERDICT.clean : VERDICT.open(others);
}

export function announcementOf(report: Report, audit: AuditReport | null): string {
  if (report.all.sessions === 0) return `${NO_ROWS.title}. ${whyNoRows(report)}`;
  const summary = summaryOf(report, audit);
  const noticed = report.notices.length > 0 ? ` ${VERDICT.notices(report.notices.length)}` : '';
  return (
    VERDICT.announced(summary.rows, percent(summary.treatmentRate), percent(summary.outcomeRate), verdictText(audit, summary)) +
    noticed
  );
}

export function verdict(
  report: Report,
  audit: AuditReport | null,
  keys: PlanKeys,
  actions: Actions,
  pinned: boolean,
  previewed: Previewed,
): HTMLElement {
  if (report.all.sessions === 0) return blocked(report, keys, actions);
  const summary = summaryOf(report, audit);
  const errors = summary.findings?.error ?? 0;
  const counts = summary.findings && tally(summary.findings);
  const fixAll = audit !== null && canFixAll(audit);
  const fix =
    fixAll &&
    button(VERDICT.fixAll, () => actions.repair(FIX_ALL, []), { class: 'primary', 'data-key': `repair ${nameOf(FIX_ALL)}` });
  const pin = button(VERDICT.pin, () => actions.pin());
  setEnabled(pin, !pinned);
  return h(
    'div',
    { class: `verdict ${errors > 0 ? 'is-blocked' : ''}` },
    h('dl', { class: 'figures' }, figuresOf(summary)),
    h('p', { class: 'verdict-text' }, h('strong', {}, verdictText(audit, summary))),
    h(
      'p',
      { class: 'verdict-text help' },
      [
        errors > 0 && counts && sentence(capital(counts)),
        report.notices.length > 0 && VERDICT.notices(report.notices.length),
        fixAll && VERDICT.expected,
      ]
        .filter((text) => text)
        .join(' '),
    ),
    emptyGroup(report),
    h(
      'div',
      { class: 'buttons' },
      fix && previewed.add(fix),
      button(VERDICT.download, () => actions.saveZip(), { class: fixAll ? '' : 'primary' }),
      audit && reportButton(actions),
      audit && audit.findings.length > 0 && button(VERDICT.findings, () => actions.goToPart('findings')),
      pin,
    ),
    fix && previewed.place(FIX_ALL),
  );
}

function figuresOf({ rows, treatmentRate, outcomeRate, difference, interval }: Summary): Child {
  const figure = (label: Child, value: string, more: string | null = null) =>
    h('div', {}, h('dt', {}, label), h('dd', {}, value), more !== null && h('dd', { class: 'interval' }, more));
  const between = interval && VERDICT.interval(points(interval[0]).replace(' pp', ''), points(interval[1]).replace(' pp', ''));
  return [
    figure(VERDICT.rows(rows), count(rows)),
    figure([h('span', { class: 'dot is-treatment', 'aria-hidden': 'true' }), VERDICT.treated], percent(treatmentRate)),
    figure([h('span', { class: 'dot is-outcome', 'aria-hidden': 'true' }), VERDICT.outcome], percent(outcomeRate)),
    figure(VERDICT.difference, pointsText(difference), between),
  ];
}

/** An empty table is no success: it says which rule took the rows. */
function blocked(report: Report, keys: PlanKeys, actions: Actions): HTMLElement {
  const { path } = causeOf(report);
  const label = path === null ? null : labelOf(path, keys);
  return notice(
    'problem',
    h('p', {}, h('strong', {}, `${NO_ROWS.title}.`), ` ${whyNoRows(report)}`),
    path !== null && label !== null && button(NO_ROWS.toSetting(label), () => actions.goToSetting(path)),
  );
}

export function whyNoRows(report: Report): string {
  return causeOf(report).text;
}

/** From the counts: the first step at which nothing was left, and the setting that decides it. */
function causeOf({ input, sessions, trials, plan }: Report): { text: string; path: string | null } {
  if (input.events === 0) return { text: NO_ROWS.empty, path: null };
  if (sessions.kept === 0) return { text: NO_ROWS.short(sessions.created, plan.session.minEvents), path: 'session.minEvents' };
  const [start, ...steps] = trials.attrition;
  if (!start || start.rows === 0) {
    if (plan.index.kind === 'exposure') return { text: NO_ROWS.noExposure(plan.index.type), path: 'index.type' };
    return { text: NO_ROWS.noTimeZero, path: 'index.kind' };
  }
  const lost = steps
    .map(({ filter, rows }, i) => ({ filter, rows: (i === 0 ? start.rows : steps[i - 1]!.rows) - rows }))
    .filter(({ rows }) => rows > 0)
    .sort((a, b) => b.rows - a.rows);
  const reasons = lost.map(({ filter, rows }) => `${count(rows)} ${FILTERS[filter ?? ''] ?? filter}`);
  return { text: NO_ROWS.filtered(start.rows, listed(reasons)), path: PATHS[lost[0]?.filter ?? ''] ?? 'index.kind' };
}

/** The setting behind a rule that drops rows. */
const PATHS: Readonly<Record<string, string>> = {
  shortSession: 'session.minEvents',
  shortX: 'session.minEvents',
  sessionOver: 'index.minutes',
  washout: 'index.washoutHours',
  otherTreatment: 'treatment.otherTypes',
  priorOutcome: 'outcome.prior',
  outcomeBeforeTreatment: 'outcome.prior',
  outcomeInWindow: 'outcome.from',
  censored: 'index.horizonHours',
};

/** Legitimate, but more often a treatment or outcome that was left at another shop's name. */
function emptyGroup({ all, plan, notices }: Report): HTMLElement | null {
  const noticed = (code: string) => notices.some((notice) => notice.code === code); // which says more
  const timed = hasTimeZero(plan.index.kind);
  const texts = [
    all.treated === 0 && !noticed('noTreatmentEvents') && EMPTY.noTreated(plan.treatment.type, timed),
    all.treated === all.sessions && EMPTY.allTreated(plan.treatment.type, controlOf(plan), timed),
    all.outcomes === 0 && !noticed('noOutcomeEvents') && EMPTY.noOutcome(plan.outcome.type, timed),
  ].filter((text) => text !== false);
  return texts.length === 0 ? null : notice('hint', h('p', {}, `${texts.join(' ')} ${EMPTY.choose}`));
}
