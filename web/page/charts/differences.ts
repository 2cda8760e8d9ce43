/** Unadjusted differences of outcome rates, treated minus untreated, with their 95% intervals, a line each. */
import { scaleLinear } from 'd3-scale';
import { points } from '../format.js';
import { named } from '../words/common.js';
import { DIFFERENCE, VERDICT } from '../words/result.js';
import { bottomAxis } from './axis.js';
import { label, s, straight, widthOf } from './svg.js';

export interface Difference {
  name: string;
  /** Shares; null where an arm has no rows. */
  value: number | null;
  interval: readonly [number, number] | null;
  /** The one that the others are beside. */
  strong?: boolean;
}

const ROW = 28;

export function drawDifferences(rows: readonly Difference[], width: number, control: string): SVGSVGElement {
  const left = Math.max(...rows.map(({ name }) => widthOf(name))) + 12;
  const right = width - 78;
  const values = rows.flatMap(({ value, interval }) => [value ?? 0, ...(interval ?? [])]);
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const margin = (most - least || 0.01) * 0.06;
  const x = scaleLinear([least - margin, most + margin], [left, right]);
  const bottom = rows.length * ROW + 4;
  return s(
    'svg',
    { width, height: bottom + 40, viewBox: `0 0 ${width} ${bottom + 40}` },
    straight(x(0), 0, x(0), bottom, 'chart-zero'),
    rows.map(({ name, value, interval, strong }, i) => {
      const y = i * ROW + ROW / 2;
      const kind = strong ? 'is-strong' : '';
      return s(
        'g',
        {},
        label(0, y + 4, name, 'start', kind),
        interval && straight(x(interval[0]), y, x(interval[1]), y, 'chart-interval'),
        value !== null && s('circle', { cx: x(value), cy: y, r: 5, class: 'chart-dot' }),
        label(width, y + 4, points(value), 'end', `${value === null ? 'is-quiet' : ''} ${kind}`),
      );
    }),
    bottomAxis(bottom, left, right, {
      scale: x,
      ticks: 5,
      format: (value) => points(value).replace(' pp', ''),
      title: named(DIFFERENCE.axis, control),
    }),
  );
}

export function describeDifferences(rows: readonly Difference[]): string {
  return rows
    .map(
      ({ name, value, interval }) =>
        `${name}: ${points(value)}${interval ? `, ${VERDICT.interval(points(interval[0]), points(interval[1]))}` : ''}.`,
    )
    .join(' ');
}
