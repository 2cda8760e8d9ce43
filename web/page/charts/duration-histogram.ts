/** A histogram over durations, on the axis of a line that is moved along it. */
import { count, duration, short } from '../format.js';
import { DURATIONS } from '../words/charts.js';
import { leftAxis } from './axis.js';
import { LARGEST, LEFT, RIGHT } from './duration-handle.js';
import { upTo, type Scale } from './scale.js';
import { label, s, straight } from './svg.js';

/** Of the note on what is not shown. */
const BELOW = 16;

export interface DurationBins {
  /** Seconds: counts[i] lie in edges[i] .. edges[i + 1]. */
  edges: readonly number[];
  counts: readonly number[];
  /** Those that the axis has no place for. */
  underASecond: number;
  longer: number;
  /** What is counted. */
  what: string;
}

export function durationHistogram(
  bins: DurationBins,
  x: Scale,
  [top, bottom]: readonly [number, number],
  width: number,
): SVGGElement {
  const { edges, counts, underASecond, longer, what } = bins;
  const y = upTo(Math.max(...counts), [bottom, top + 10]);
  const bars = counts.map((found, i) => {
    const [from, to] = [x(edges[i]!), x(Math.min(LARGEST, edges[i + 1]!))];
    return (
      found > 0 &&
      s(
        'rect',
        { x: from, y: y(found), width: Math.max(0.5, to - from - 1), height: bottom - y(found), class: 'duration-bar' },
        s('title', {}, DURATIONS.bin(duration(edges[i]!), duration(edges[i + 1]!), count(found))),
      )
    );
  });
  const outside = [underASecond > 0 && DURATIONS.under(count(underASecond), what), longer > 0 && DURATIONS.over(count(longer))];
  const said = outside.filter((text) => text !== false);
  return s(
    'g',
    {},
    leftAxis(LEFT, width - RIGHT, { scale: y, format: short, title: what }),
    bars,
    straight(LEFT, bottom, width - RIGHT, bottom, 'chart-axis'),
    said.length > 0 && label(LEFT, bottom + BELOW, DURATIONS.notShown(said), 'start', 'is-quiet'),
  );
}
