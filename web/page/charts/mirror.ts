/** Two histograms over one axis, treated above and control below, each as shares of its own arm, so that their shapes compare. */
import { scaleLinear } from 'd3-scale';
import { capital, count, percent } from '../format.js';
import { GROUPS, named } from '../words/common.js';
import { MIRROR } from '../words/charts.js';
import { bottomAxis } from './axis.js';
import type { Table } from './chart.js';
import { upTo } from './scale.js';
import { label, s, straight } from './svg.js';

export interface Mirror {
  /** Bin i lies in edges[i] .. edges[i + 1]. */
  edges: readonly number[];
  control: readonly number[];
  treated: readonly number[];
  axis: string;
  /** What the control group is called. */
  groupBelow: string;
  /** Bins are of one width, whatever their edges are. */
  evenly?: boolean;
  format(edge: number): string;
  /** What is in bin i. */
  name(i: number): string;
}

const LEFT = 40;
const HALF = 84;

const sum = (bins: readonly number[]) => bins.reduce((total, rows) => total + rows, 0);

export function drawMirror(mirror: Mirror, width: number): SVGSVGElement {
  const { edges, control, treated } = mirror;
  const x = scaleLinear(mirror.evenly ? [0, edges.length - 1] : [edges[0]!, edges.at(-1)!], [LEFT, width - 12]);
  const at = (i: number) => x(mirror.evenly ? i : edges[i]!);
  const shares = [treated, control].map((bins) => bins.map((rows) => rows / (sum(bins) || 1)));
  const height = upTo(Math.max(...shares.flat()), [0, HALF]);
  const most = height.domain()[1]!;
  const middle = HALF + 20;
  const bottom = middle + HALF;
  const bars = (bins: readonly number[], rows: readonly number[], up: boolean) =>
    bins.map((share, i) => {
      const [from, to, tall] = [at(i), at(i + 1), height(share)];
      return (
        share > 0 &&
        s(
          'rect',
          {
            x: from + 0.5,
            y: up ? middle - tall : middle,
            width: Math.max(0.5, to - from - 1),
            height: tall,
            class: up ? 'bar is-treatment' : 'bar is-control',
          },
          s(
            'title',
            {},
            `${up ? MIRROR.treated : capital(mirror.groupBelow)}, ${mirror.name(i)}: ${count(rows[i]!)}, ${percent(share)}`,
          ),
        )
      );
    });
  return s(
    'svg',
    { width, height: bottom + 40, viewBox: `0 0 ${width} ${bottom + 40}` },
    [-1, 1].map((side) => [
      straight(LEFT, middle + side * HALF, width - 12, middle + side * HALF, 'chart-grid'),
      label(LEFT - 6, middle + side * HALF + 4, percent(most, most < 0.05 ? 1 : 0), 'end', 'is-quiet'),
    ]),
    label(LEFT - 6, middle + 4, '0', 'end', 'is-quiet'),
    label(LEFT, 12, `${GROUPS.treated}, ${count(sum(treated))}`, 'start', 'is-treatment'),
    bars(shares[0]!, treated, true),
    bars(shares[1]!, control, false),
    straight(LEFT, middle, width - 12, middle, 'chart-axis'),
    label(LEFT, bottom + 34, `${mirror.groupBelow}, ${count(sum(control))}`, 'start', 'is-control'),
    bottomAxis(bottom, LEFT, width - 12, {
      scale: x,
      ticks: mirror.evenly ? x.ticks(10).filter((value) => edges[value] !== undefined) : 6,
      format: (value) => mirror.format(mirror.evenly ? edges[value]! : value),
      title: mirror.axis,
    }),
  );
}

export function describeMirror({ control, treated, axis, groupBelow }: Mirror): string {
  return named(MIRROR.describe(axis, count(sum(treated)), count(sum(control))), groupBelow);
}

export function mirrorTable({ control, treated, axis, groupBelow, name }: Mirror): Table {
  return {
    head: [axis, capital(groupBelow), MIRROR.treated],
    rows: control.map((rows, i) => [name(i), count(rows), count(treated[i]!)]),
  };
}
