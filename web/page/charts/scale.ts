/** Scales of d3, as the charts here use them. */
import { scaleLinear, type ScaleLinear, type ScaleLogarithmic } from 'd3-scale';
import { utcTicks } from 'd3-time';

export type Scale = ScaleLinear<number, number> | ScaleLogarithmic<number, number>;

/** Ticks of a left axis, which is short, unless it says otherwise. */
export const FEW = 3;

/** From zero to a round number that holds `most`, so that the last tick is the end. */
export function upTo(most: number, range: readonly [number, number], ticks = FEW): ScaleLinear<number, number> {
  return scaleLinear([0, most > 0 ? most : 1], range).nice(ticks);
}

const DAY = 1440;

/**
 * About `count` times from 0 to `minutes`, whole numbers of a unit that people think in. To d3 they are instants since 1970;
 * longer spans are split by days, as weeks and months of a calendar do not begin where an elapsed time does.
 */
export function elapsedTicks(minutes: number, count: number): number[] {
  if (minutes / count > 3 * DAY)
    return scaleLinear([0, minutes / DAY], [])
      .ticks(count)
      .map((days) => days * DAY);
  return utcTicks(new Date(0), new Date(minutes * 60_000), count).map((time) => time.getTime() / 60_000);
}
