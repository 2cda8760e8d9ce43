/** The audit as people read it on a terminal; src/cli/audit.cpp prints the same. */
import { count, decimal, figureTexts, share } from '../figures.js';
import type { AuditReport, Finding } from '../types.js';
import { printable } from './print.js';

type Cells = (string | null)[];

export function printAudit(audit: AuditReport): void {
  const { events, attrition } = audit;
  const out = [
    `Profile ${audit.profile}, index.kind ${audit.indexKind}: ${count(events.events)} events of ${count(events.users)} users, ${count(attrition.end.rows)} rows`,
    ...section('Findings', audit.findings.length === 0 ? ['  none'] : audit.findings.flatMap(findingLines)),
    ...section('Attrition', attritionLines(audit)),
    ...section('Leakage', leakageLines(audit)),
    ...section('Balance (means by arm, standardized differences raw and weighted)', table(
      ['', 'control', 'treated', 'raw', 'weighted'],
      audit.balance.map((row) => [row.covariate, decimal(row.control), decimal(row.treated), decimal(row.smd), decimal(row.weightedSmd)]))),
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
    ...section(`Split (${count(audit.split.usersInSeveralParts)} users in several parts, ${count(audit.split.purged)} rows purged)`, table(
      ['', 'users', 'control', 'treated', 'difference', '95 % interval', 'first time zero', 'last time zero'],
      Object.entries(audit.split.parts).map(([part, row]) => [
        part, count(row.users), count(row.control), count(row.treated), decimal(row.naiveDifference),
        row.interval95 ? `${decimal(row.interval95[0])} .. ${decimal(row.interval95[1])}` : 'n/a', row.firstTimeZero, row.lastTimeZero]))),
    ...section('Window', windowLines(audit)),
    ...section(`Ledger (from the notebook's table to index.kind ${audit.ledger.indexKind})`, table(
      ['', 'control', 'treated', 'difference', 'length SMD', 'AUC length', 'AUC padding', 'Y in X'],
      audit.ledger.steps.map((row) => [
        row.step, count(row.control), count(row.treated), decimal(row.naiveDifference), decimal(row.lengthSmd), decimal(row.aucLength),
        decimal(row.aucPadding), share(row.outcomeInX)]))),
  ];
  process.stdout.write(out.map(printable).join('\n') + '\n');
}

function section(title: string, lines: string[]): string[] {
  return ['', title, ...lines];
}

function findingLines({ severity, code, figures, consequence, repair }: Finding): string[] {
  const lines = [`  ${severity.padEnd(7)}  ${code}: ${figureTexts(figures).join(', ')}`, `           ${consequence}`];
  if (repair) lines.push(`           --set ${repair.key}=${typeof repair.value === 'string' ? repair.value : JSON.stringify(repair.value)}`);
  return lines;
}

function attritionLines({ attrition }: AuditReport): string[] {
  const cells = (name: string, removed: string, step: typeof attrition.end, note: string): Cells => [
    name, removed, count(step.rows), count(step.sessions), count(step.users), share(step.treatmentRate), share(step.controlOutcomeRate),
    share(step.treatedOutcomeRate), note];
  return [
    `  ${count(attrition.read)} rows read, ${count(attrition.leftOut)} left out, ${count(attrition.duplicatesDropped)} duplicates dropped`,
    ...table(
      ['', 'removed', 'rows', 'sessions', 'users', 'treated', 'control Y', 'treated Y', ''],
      [
        cells('start', '', attrition.start, ''),
        ...attrition.filters.map((step) => cells(step.filter, count(step.removed), step.after, step.looksPastTimeZero ? 'looks past time zero' : '')),
      ]),
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
      `difference ${decimal(immortal.naiveDifference)}, at most ${decimal(immortal.bound)} off`);
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

function windowLines({ window }: AuditReport): string[] {
  return [
    `  ${count(window.sessions)} sessions: ${count(window.beginWithinGapOfFirstEvent)} begin within a gap of the first event, ${count(window.openAtLastEvent)} are open at the last`,
    `  ${count(window.rows)} rows: ${count(window.censoredRows)} are cut by the end of the data, ${count(window.censoredLeftOut)} were left out for it`,
    `  Data of ${decimal(window.dataHours)} hours, follow-up of ${decimal(window.followUpHours)}`,
  ];
}

function table(head: string[], rows: Cells[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_cell, column) => Math.max(...all.map((cells) => (cells[column] ?? 'n/a').length)));
  return all.map((cells) => ('  ' + cells.map((cell, i) => (i === 0 ? (cell ?? 'n/a').padEnd(widths[i]!) : (cell ?? 'n/a').padStart(widths[i]!))).join('  ')).trimEnd());
}
