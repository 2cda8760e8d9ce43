/** The audit as people read it on a terminal; src/cli/audit.cpp prints the same. */
import { count, decimal, figureTexts, interval, share } from '../run/figures.js';
import type { AuditReport, Finding } from '../types/index.js';
import { noticeText, printable } from './print.js';

type Cells = (string | null)[];

export function printAudit(audit: AuditReport): void {
  const { events, attrition, notices } = audit;
  const out = [
    `Profile ${audit.profile}, index.kind ${audit.indexKind}: ${count(events.events)} events of ${count(events.users)} users, ${count(attrition.end.rows)} rows`,
    ...(notices.length === 0 ? [] : section(`Notices (${count(notices.length)})`, notices.map((notice) => `  ${noticeText(notice)}`))),
    ...section(`Findings (${severities(audit.findings)})`, findingsLines(audit)),
    ...section('Attrition', attritionLines(audit)),
    ...section('Leakage', leakageLines(audit)),
    ...section('Balance (means by arm, standardized differences raw and weighted)', balanceLines(audit)),
    ...section('Overlap', overlapLines(audit)),
    ...section(`Ties (${count(audit.ties.tiedEvents)} events, ${share(audit.ties.tiedShare)}; sessions of ${count(audit.ties.sessions)} changed by another rule)`, table(
      ['', 'changed', 'T', 'Y', 'cut of X', 'order of X'],
      audit.ties.under.map((row) => [row.rule, ...[row.changed, row.treatment, row.outcome, row.cut, row.order].map(count)]))),
    ...section('Gaps (sessions as the gap that ends them grows)', table(
      ['hours', 'sessions', 'treated', 'outcome', 'difference'],
      audit.gaps.curve.map((row) => [decimal(row.gapHours), count(row.sessions), share(row.treatmentRate), share(row.outcomeRate), decimal(row.naiveDifference)]))),
    ...section(`Vocabulary (${count(audit.vocabulary.items)} items, ${count(audit.vocabulary.neverInTrainX)} never in X of train, ${count(audit.vocabulary.belowMinCount)} below minCount)`, table(
      ['', 'tokens', 'known', '[UNK]', 'share'],
      Object.entries(audit.vocabulary.parts).map(([part, row]) => [part, count(row.tokens), count(row.known), count(row.unknown), share(row.unknownShare)]))),
    ...section(`Split (${splitFigures(audit)})`, table(
      ['', 'users', 'control', 'treated', 'difference', '95 % interval', 'first time zero', 'last time zero'],
      Object.entries(audit.split.parts).map(([part, row]) => [
        part, count(row.users), count(row.control), count(row.treated), decimal(row.naiveDifference),
        interval(row.interval95), row.firstTimeZero, row.lastTimeZero]))),
    ...section('Window', windowLines(audit)),
    ...section(`Ledger (from the notebook's table to index.kind ${audit.ledger.indexKind})`, table(
      ['', 'control', 'treated', 'difference', 'length SMD', 'AUC length', 'AUC padding', 'Y in X'],
      audit.ledger.steps.map((row) => [
        row.step, count(row.control), count(row.treated), decimal(row.naiveDifference), decimal(row.lengthSmd), decimal(row.aucLength),
        decimal(row.aucPadding), share(row.outcomeInX)]))),
  ];
  process.stdout.write(out.flatMap((line) => wrap(printable(line))).join('\n') + '\n');
}

/** Of the terminal, or as COLUMNS says; elsewhere lines are as long as they are. */
function lineWidth(): number {
  const asked = Number(process.env['COLUMNS']);
  const width = Number.isInteger(asked) && asked > 0 ? asked : process.stdout.isTTY ? process.stdout.columns : Infinity;
  return Math.max(width, 40);
}

/** At spaces; what follows stands a little further in than the line. */
function wrap(line: string): string[] {
  const width = lineWidth();
  const indent = line.length - line.trimStart().length;
  const lines: string[] = [];
  for (let rest = line; ; ) {
    const at = rest.length <= width ? -1 : rest.lastIndexOf(' ', width);
    if (at <= indent + 2) return [...lines, rest];
    lines.push(rest.slice(0, at));
    rest = ' '.repeat(indent + 2) + rest.slice(at + 1);
  }
}

function section(title: string, lines: string[]): string[] {
  return ['', title, ...lines];
}

function severities(findings: Finding[]): string {
  const of = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity).length;
  return `${count(of('error'))} errors, ${count(of('warning'))} warnings, ${count(of('note'))} notes`;
}

function findingsLines({ findings, profile }: AuditReport): string[] {
  if (findings.length === 0) return ['  none'];
  const all = profile === 'notebook' && findings.some(({ severity }) => severity === 'error');
  return [...findings.flatMap(findingLines), ...(all ? ['  Every repair at once: --profile causal'] : [])];
}

function findingLines({ severity, code, figures, consequence, repair }: Finding): string[] {
  const below = ' '.repeat(11);
  const lines = [`  ${severity.padEnd(7)}  ${code}`, below + consequence, below + figureTexts(figures).join(', ')];
  if (repair) lines.push(`${below}Repair: --set ${repair.key}=${typeof repair.value === 'string' ? repair.value : JSON.stringify(repair.value)}`);
  return lines;
}

function attritionLines({ attrition }: AuditReport): string[] {
  const cells = (name: string, removed: string, step: typeof attrition.end): Cells => [
    name, removed, count(step.rows), count(step.sessions), count(step.users), share(step.treatmentRate), share(step.controlOutcomeRate),
    share(step.treatedOutcomeRate)];
  return [
    `  ${count(attrition.read)} rows read, ${count(attrition.leftOut)} left out, ${count(attrition.duplicatesDropped)} duplicates dropped`,
    ...table(
      ['', 'removed', 'rows', 'sessions', 'users', 'treated', 'control Y', 'treated Y'],
      [
        cells('start', '', attrition.start),
        ...attrition.filters.map((step) => cells(`${step.filter}${step.looksPastTimeZero ? ' *' : ''}`, count(step.removed), step.after)),
      ]),
    ...(attrition.filters.some((step) => step.looksPastTimeZero) ? ['  * looks past time zero'] : []),
  ];
}

function balanceLines({ balance }: AuditReport): string[] {
  const rows = balance.filter((row) => row.control !== 0 || row.treated !== 0);
  const nothing = balance.length - rows.length;
  return [
    ...table(
      ['', 'control', 'treated', 'raw', 'weighted'],
      rows.map((row) => [row.covariate, decimal(row.control), decimal(row.treated), decimal(row.smd), decimal(row.weightedSmd)])),
    ...(nothing === 0 ? [] : [`  ${count(nothing)} more are 0 in both arms`]),
  ];
}

function leakageLines({ leakage }: AuditReport): string[] {
  const kinds = { 'outcome that counts, in X': leakage.outcomeInX, 'any outcome in X': leakage.outcomeInHistory,
    'treatment that counts, in X': leakage.treatmentInX, 'any treatment in X': leakage.treatmentInHistory, padding: leakage.padding.rows };
  const { aucOfTreatment: auc, aucOfOutcomeFromToken: token, outcomeBeforeTreatment: before, immortalTime: immortal } = leakage;
  const lines = table(
    ['rows with', 'control, Y=0', 'control, Y=1', 'treated, Y=0', 'treated, Y=1'],
    Object.entries(kinds).map(([name, arms]) => [
      name, ...[arms.controlNoOutcome, arms.controlOutcome, arms.treatedNoOutcome, arms.treatedOutcome].map((part) => `${count(part.rows)} (${share(part.share)})`)]));
  lines.push(
    `  AUC of T from length ${decimal(auc.length)}, span ${decimal(auc.span)}, last event ${decimal(auc.lastEvent)}, padding ${decimal(auc.padding)}`,
    `  AUC of Y from an outcome token: control ${decimal(token.control)}, treated ${decimal(token.treated)}`,
    `  Treated rows with an outcome: ${count(before.rows)}; the first precedes the treatment in ${share(before.firstShare)}, all do in ${share(before.allShare)}`);
  if (immortal) {
    lines.push(`  Immortal time: ${count(immortal.leftOut)} rows left out, ${count(immortal.untreatedWindowOutcomes)} untreated outcomes in the window; ` +
      `difference ${decimal(immortal.naiveDifference)}, whichever arms they belong to ${interval(immortal.interval)}`);
  }
  return lines;
}

function overlapLines({ overlap }: AuditReport): string[] {
  if (!overlap) return ['  n/a: the training part lacks an arm'];
  return [
    `  Propensity of ${count(overlap.fittedRows)} training rows: AUC ${decimal(overlap.auc)}, outside 0.01 .. 0.99 ${share(overlap.outside1Percent)}, outside 0.05 .. 0.95 ${share(overlap.outside5Percent)}`,
    `  Effective sample size: control ${decimal(overlap.control.effectiveSampleSize)} of ${count(overlap.control.rows)}, treated ${decimal(overlap.treated.effectiveSampleSize)} of ${count(overlap.treated.rows)}`,
  ];
}

function splitFigures({ split }: AuditReport): string {
  const { outcomeEvents } = split.all;
  const texts = [`${count(split.usersInSeveralParts)} users in several parts`, `${count(split.purged)} rows purged`];
  if (outcomeEvents !== null) texts.push(`${count(outcomeEvents)} distinct outcome events`);
  return texts.join(', ');
}

function windowLines({ window }: AuditReport): string[] {
  const figures: [number | null, string][] = [
    [window.windowHoldsExposure, 'windows hold a later exposure'],
    [window.treatedAfterLaterExposure, 'treatments follow one'],
    [window.treatedAtExposureInstant, 'treatments have the instant of their exposure'],
    [window.controlsAfterTreatment, 'controls follow a treatment of their user within a horizon'],
  ];
  const told = figures.flatMap(([figure, words]) => (figure === null ? [] : [`${count(figure)} ${words}`]));
  return [
    `  ${count(window.sessions)} sessions: ${count(window.beginWithinGapOfFirstEvent)} begin within a gap of the first event, ${count(window.openAtLastEvent)} are open at the last`,
    `  ${count(window.rows)} rows: ${count(window.censoredRows)} are cut by the end of the data, ${count(window.censoredLeftOut)} were left out for it`,
    `  Data of ${decimal(window.dataHours)} hours, follow-up of ${decimal(window.followUpHours)}`,
    ...(told.length === 0 ? [] : [`  ${told.join(', ')}`]),
  ];
}

/** Columns that do not fit into a line stand below, beside the first one again. */
function table(head: string[], rows: Cells[]): string[] {
  const all = [head, ...rows].map((cells) => cells.map((cell) => cell ?? 'n/a'));
  const widths = head.map((_cell, column) => 2 + Math.max(...all.map((cells) => cells[column]!.length)));
  const lines: string[] = [];
  for (let from = 1; from < head.length; ) {
    let to = from;
    for (let width = widths[0]!; to === from || (to < head.length && width + widths[to]! <= lineWidth()); ++to) width += widths[to]!;
    for (const cells of all) {
      const right = cells.slice(from, to).map((cell, i) => cell.padStart(widths[from + i]!));
      lines.push(`  ${cells[0]!.padEnd(widths[0]! - 2)}${right.join('')}`.trimEnd());
    }
    from = to;
  }
  return lines;
}
