/** A result in a few figures, to say at a glance and to compare with another. */
import type { AuditReport, Finding, Report } from '../../lib/types/index.js';

export interface Summary {
  rows: number;
  treatmentRate: number | null;
  outcomeRate: number | null;
  difference: number | null;
  interval: readonly [number, number] | null;
  /** Null where nothing was audited. */
  findings: Readonly<Record<Finding['severity'], number>> | null;
}

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
