/** A Love plot: standardized differences of the groups’ means before time zero, raw and weighted by the propensity. */
import type { AuditReport } from '../../lib/types/index.js';
import { decimal, NOT_AVAILABLE } from '../format.js';
import { named } from '../words/common.js';
import { BALANCE } from '../words/result.js';
import { bottomAxis } from './axis.js';
import type { Table } from './chart.js';
import { upTo } from './scale.js';
import { label, s, straight, widthOf } from './svg.js';

export type Balance = AuditReport['balance'];

/** Differences above it are usually called imbalance (Austin 2009). */
export const IMBALANCED = 0.1;

const TICKS = 5;
const ROW = 24;
const TOP = 20;
/** Room for half of the last tick’s number. */
const RIGHT = 24;

export function covariateName(covariate: string): string {
  return covariate.replaceAll('_', ' ');
}

export function drawBalance(rows: Balance, width: number): SVGSVGElement {
  const sorted = [...rows].sort((a, b) => Math.abs(b.smd ?? 0) - Math.abs(a.smd ?? 0));
  const left = Math.min(width * 0.5, Math.max(...rows.map(({ covariate }) => widthOf(covariate))) + 12);
  const most = Math.max(
    2 * IMBALANCED,
    ...rows.flatMap(({ smd, weightedSmd }) => [Math.abs(smd ?? 0), Math.abs(weightedSmd ?? 0)]),
  );
  const x = upTo(most, [left, width - RIGHT], TICKS);
  const bottom = TOP + rows.length * ROW;
  return s(
    'svg',
    { width, height: bottom + 40, viewBox: `0 0 ${width} ${bottom + 40}` },
    straight(x(IMBALANCED), TOP - 4, x(IMBALANCED), bottom, 'chart-limit'),
    label(x(IMBALANCED), 11, `${IMBALANCED}`, 'middle', 'is-limit'),
    sorted.map(({ covariate, smd, weightedSmd }, i) => {
      const y = TOP + i * ROW + ROW / 2;
      const [raw, weighted] = [smd === null ? null : x(Math.abs(smd)), weightedSmd === null ? null : x(Math.abs(weightedSmd))];
      return s(
        'g',
        {},
        straight(left, y, width - RIGHT, y, 'chart-grid'),
        label(0, y + 4, covariateName(covariate)),
        raw !== null && weighted !== null && straight(raw, y, weighted, y, 'chart-between'),
        raw !== null && s('circle', { cx: raw, cy: y, r: 5, class: 'chart-ring' }),
        weighted !== null && s('circle', { cx: weighted, cy: y, r: 4.5, class: 'chart-dot' }),
        raw === null && label(left + 4, y + 4, NOT_AVAILABLE, 'start', 'is-quiet'),
      );
    }),
    bottomAxis(bottom, left, width - RIGHT, {
      scale: x,
      ticks: TICKS,
      format: (value) => String(Number(value.toFixed(2))),
      title: BALANCE.axis,
    }),
  );
}

export function describeBalance(rows: Balance): string {
  const above = rows.filter(({ smd }) => Math.abs(smd ?? 0) > IMBALANCED);
  const after = rows.filter(({ weightedSmd }) => Math.abs(weightedSmd ?? 0) > IMBALANCED);
  return BALANCE.describe(rows.length, above.length, after.length, IMBALANCED);
}

export function balanceTable(rows: Balance, control: string): Table {
  const number = (value: number | null) => (value === null ? NOT_AVAILABLE : decimal(value, 2));
  return {
    head: BALANCE.head.map((title) => named(title, control)),
    rows: rows.map(({ covariate, control, treated, smd, weightedSmd }) => [
      covariateName(covariate),
      number(control),
      number(treated),
      number(smd),
      number(weightedSmd),
    ]),
  };
}
