/** Findings with their repairs: which have one and the same, what one is called, and what all of them at once are. */
import type { AuditReport, Finding } from '../../lib/types/index.js';
import type { PlanKeys } from '../state.js';
import { FIELDS } from '../words/settings.js';
import type { Path, Value } from './plan.js';

export interface Repair {
  path: Path;
  value: Value;
}

/** Findings that one repair is for; a finding without a repair stands alone. */
export interface RepairGroup {
  repair: Repair | null;
  findings: readonly Finding[];
}

/** What makes every repair of a result of the original notebook. */
export const FIX_ALL: Repair = { path: 'profile', value: 'causal' };

export function canFixAll({ findings, profile }: AuditReport): boolean {
  return profile === 'notebook' && findings.some(({ severity }) => severity === 'error');
}

/** In the order of the first finding of each. */
export function groupsOf(findings: readonly Finding[]): RepairGroup[] {
  const groups = new Map<string, { repair: Repair | null; findings: Finding[] }>();
  for (const [i, finding] of findings.entries()) {
    const repair = finding.repair && { path: finding.repair.key, value: finding.repair.value as Value };
    const name = repair ? nameOf(repair) : `alone ${i}`;
    const group = groups.get(name);
    if (group) group.findings.push(finding);
    else groups.set(name, { repair, findings: [finding] });
  }
  return [...groups.values()];
}

export function nameOf({ path, value }: Repair): string {
  return `${path}=${JSON.stringify(value)}`;
}

/** A value as the field of its key says it. */
export function valueText({ path, value }: Repair, keys: PlanKeys): string {
  const key = keys.get(path);
  const choice = key?.choices?.find((choice) => choice.value === value)?.label;
  if (choice) return choice;
  if (value === null) return path === 'sequence.padding' ? FIELDS.padding.none : FIELDS.none;
  if (path === 'index.sameItem') return value ? FIELDS.sameItem.same : FIELDS.sameItem.any;
  const text = typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : JSON.stringify(value);
  if (!key?.unit || typeof value !== 'number') return text;
  return `${text} ${value === 1 ? key.unit.replace(/s$/, '') : key.unit}`;
}
