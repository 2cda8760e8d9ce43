/** Axes as all charts have them: quiet lines, numbers in the small size, the unit said once. */
import { FEW, type Scale } from './scale.js';
import { label, s, straight } from './svg.js';

interface AxisOptions {
  scale: Scale;
  /** Where they are, or about how many. */
  ticks?: readonly number[] | number;
  format: (value: number) => string;
  /** What the numbers are, at the end of the axis. */
  title?: string;
}

/** Below a plot. Ticks whose labels would touch the one before are left out. */
export function bottomAxis(y: number, from: number, to: number, { scale, ticks = 6, format, title }: AxisOptions): SVGGElement {
  let free = -Infinity;
  const marks = valuesOf(scale, ticks).flatMap((value) => {
    const [x, text] = [scale(value), format(value)];
    const half = (text.length * 6.6) / 2;
    if (x - half < free) return [];
    free = x + half + 8;
    const middle = Math.min(Math.max(x, from + half), to + 14 - half);
    return [straight(x, y, x, y + 4, 'chart-axis'), label(middle, y + 17, text, 'middle', 'is-quiet')];
  });
  return s(
    'g',
    {},
    straight(from, y, to, y, 'chart-axis'),
    marks,
    title !== undefined && label(to, y + 34, title, 'end', 'is-quiet'),
  );
}

/** Left of a plot, with a quiet line across it at every tick. */
export function leftAxis(x: number, to: number, { scale, ticks = FEW, format, title }: AxisOptions): SVGGElement {
  const values = valuesOf(scale, ticks);
  const marks = values.map((value) => {
    const y = scale(value);
    return [straight(x, y, to, y, 'chart-grid'), label(x - 6, y + 4, format(value), 'end', 'is-quiet')];
  });
  const top = Math.min(...values.map((value) => scale(value)));
  return s('g', {}, marks, title !== undefined && label(x, top - 8, title, 'start', 'is-strong'));
}

function valuesOf(scale: Scale, ticks: readonly number[] | number): readonly number[] {
  return typeof ticks === 'number' ? scale.ticks(ticks) : ticks;
}
