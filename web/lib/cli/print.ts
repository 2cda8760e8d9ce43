/** The report as people read it on a terminal. */
import type { WrittenFile } from '../node.js';
import { estimateText } from '../run/estimate.js';
import type { Arms, Inspection, Notice, Report, Role } from '../types/index.js';

export function printReport(report: Report, directory: string, outputs: WrittenFile[]): void {
  const { input, sessions, sequenceLength: lengths } = report;
  const out: string[] = [];
  for (const file of input.files) {
    const columns = Object.entries(file.columns).map(([role, name]) => `${role} = ${name ?? 'none'}`);
    out.push(`${file.name}: ${file.format}, ${count(file.rows)} rows (${columns.join(', ')})`);
  }
  out.push(
    `${count(input.events)} events of ${count(input.users)} users, ${input.time.first ?? 'n/a'} to ${input.time.last ?? 'n/a'}`,
  );
  if (input.issues.rows > 0) {
    const reasons = Object.entries(input.issues.byReason).map(([reason, rows]) => `${reason} ${count(rows)}`);
    out.push(`${count(input.issues.rows)} rows left out: ${reasons.join(', ')}`);
    for (const issue of input.issues.first) {
      out.push(`  row ${count(issue.row)}${issue.line === null ? '' : ` (line ${count(issue.line)})`}: ${issue.reason}${issue.text ? ` ${JSON.stringify(issue.text)}` : ''}`);
    }
  }
  out.push(`${count(sessions.created)} sessions, ${count(sessions.kept)} kept, ${count(sessions.tooShort)} too short`);
  if (report.plan.index.kind !== 'session') out.push(`${count(report.trials.rows)} rows with a time zero (${report.plan.index.kind})`);
  out.push(`Vocabulary: ${count(report.vocabulary.events)} event types, ${count(report.vocabulary.items)} items`);
  out.push(`Treated (${report.plan.treatment.type}): ${share(report.all.treatmentRate)}; outcome (${report.plan.outcome.type}): ${share(report.all.outcomeRate)}`);
  if (lengths) {
    out.push(
      `Sequence length: mean ${lengths.mean.toFixed(1)}, median ${lengths.median.toFixed(1)}, ` +
        `min ${lengths.min}, max ${lengths.max}, 95th percentile ${lengths.p95.toFixed(1)}`,
    );
  }
  out.push('', ...splitTable(report), '', ...sampleLines(report));
  for (const file of outputs) out.push(`${directory}/${file.path}  ${count(file.bytes)} bytes`);
  process.stdout.write(out.map(printable).join('\n') + '\n');
}

function splitTable(report: Report): string[] {
  const head = ['', report.plan.index.kind === 'session' ? 'sessions' : 'rows', 'users', 'treated', 'outcome', 'control Y', 'treated Y', 'naive lift'];
  const row = (name: string, arms: Arms & { users: number }) => [
    name,
    count(arms.sessions),
    count(arms.users),
    share(arms.treatmentRate),
    share(arms.outcomeRate),
    share(arms.controlOutcomeRate),
    share(arms.treatedOutcomeRate),
    share(arms.naiveLift),
  ];
  const rows = [head, ...Object.entries(report.splits).map(([name, arms]) => row(name, arms))];
  const widths = head.map((_cell, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const lines = rows.map((cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '));
  return [...lines, 'The naive lift compares who chose the treatment with who did not; it is not a causal effect.'];
}

function sampleLines(report: Report): string[] {
  return report.samples.flatMap((sample) => [
    `Session ${sample.sessionId}: T = ${sample.treatment}, Y = ${sample.outcome}, ${count(sample.length)} tokens`,
    ...sample.events.map((event, i) => `  ${i + 1}. ${event.type} (item ${event.itemId}, ${event.minutes.toFixed(1)} min)`),
    ...(sample.length > sample.events.length ? [`  ... ${count(sample.length - sample.events.length)} more`] : []),
    '',
  ]);
}

/** Where they are seen also if the report goes elsewhere; src/cli/print_report.cpp prints the same. */
export function printNotices(notices: readonly Notice[]): void {
  for (const notice of notices) process.stderr.write(`causal-sessions: notice: ${printable(noticeText(notice))}\n`);
}

export function noticeText({ message, key }: Notice): string {
  return key === null || message.includes(key) ? message : `${message} (${key})`;
}

export function printInspection(inspection: Inspection): void {
  const out: string[] = [];
  if (inspection.format) {
    const separator = inspection.separator ? `, separator ${JSON.stringify(inspection.separator)}` : '';
    out.push(`${inspection.name}: ${inspection.format}${separator}${inspection.header === false ? ', no header' : ''}`);
  }
  if (inspection.columns) {
    for (const role of Object.keys(inspection.columns) as Role[]) {
      const name = inspection.columns[role];
      const type = inspection.columnTypes?.[inspection.columnNames!.indexOf(name ?? '')];
      out.push(`  ${role.padEnd(5)} ${name ?? 'none'}${type ? ` (${type})` : ''}`);
    }
  }
  if (inspection.moreColumns) out.push('  There may be further columns: not all of the file was looked at.');
  const rows = [inspection.columnNames ?? [], ...(inspection.rows ?? [])];
  const widths = (inspection.columnNames ?? []).map((_name, i) => Math.min(40, Math.max(...rows.map((cells) => (cells[i] ?? '').length))));
  for (const cells of rows) {
    if (cells.length > 0) out.push('  ' + widths.map((width, i) => clip(cells[i] ?? '', width).padEnd(width)).join('  ').trimEnd());
  }
  if (inspection.estimate) out.push(`  ${estimateText(inspection.estimate)}`);
  if (inspection.note) out.push(`  ${inspection.note}`);
  for (const notice of inspection.notices ?? []) out.push(`  ${noticeText(notice)}`);
  if (out.length > 0) process.stdout.write(out.map(printable).join('\n') + '\n');
}

/** Control characters in somebody's data must not drive the terminal. */
export function printable(line: string): string {
  return line.replace(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function clip(text: string, width: number): string {
  return text.length > width ? text.slice(0, width - 1) + '…' : text;
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function share(value: number | null): string {
  return value === null ? 'n/a' : `${(value * 100).toFixed(2)} %`;
}
