/** A result in a few figures, to say at a glance and to compare with another. */
import type { AuditReport, Finding, Report } from '../../lib/types/index.js';
import type { Summary } from '../state.js';

export function summaryOf({ all }: Report, audit: AuditReport | null): Summary {
  return {
    rows: all.sessions,
    treatmentRate: all.treatmentRate,
    outcomeRate: all.outcomeRate,
    difference: all.naiveLift,
    interval: audit?.split.all.interval95 ?? null,
    findings: audit && severitiesOf(audit.findings),
  };
}

export function severitiesOf(findings: readonly Finding[]): Record<Finding['severity'], number> {
  const numbers = { error: 0, warning: 0, note: 0 };
  for (const { severity } of findings) numbers[severity]++;
  return numbers;
}
