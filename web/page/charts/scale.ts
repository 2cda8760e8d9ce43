/** From values to pixels and back, straight or by logarithm. d3-scale would be 11 KB of a page that has none to spare. */

export interface Scale {
  (value: number): number;
  /** The value at a pixel, within the domain. */
  invert(pixel: number): number;
  ticks(count: number): number[];
}

type Pair = readonly [number, number];

export function linear(domain: Pair, range: Pair): Scale {
  return scale(
    domain,
    range,
    (value) => value,
    (value) => value,
    (count) => niceTicks(domain[0], domain[1], count),
  );
}

/** Of minutes: ticks are whole numbers of one unit that people think in. */
export function times(domain: Pair, range: Pair): Scale {
  const linearly = (value: number) => value;
  return scale(domain, range, linearly, linearly, (count) => {
    const span = domain[1] - domain[0];
    const step = STEPS.find((minutes) => span / minutes <= count) ?? niceTicks(0, span / DAY, count)[1]! * DAY;
    return Array.from({ length: Math.floor(span / step + 1e-9) + 1 }, (_, i) => domain[0] + i * step);
  });
}

const DAY = 1440;
/** In minutes, from a tenth of a second on. */
const STEPS = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30].map((seconds) => seconds / 60),
  ...[1, 2, 5, 10, 20, 30],
  ...[1, 2, 3, 6, 12, 24].map((hours) => hours * 60),
  ...[2, 5, 10].map((days) => days * DAY),
];

/** `domain` is above zero. */
export function logarithmic(domain: Pair, range: Pair, stops: readonly number[]): Scale {
  const inside = stops.filter((stop) => stop >= domain[0] && stop <= domain[1]);
  return scale(domain, range, Math.log, Math.exp, () => inside);
}

function scale(
  domain: Pair,
  [low, high]: Pair,
  to: (value: number) => number,
  from: (value: number) => number,
  ticks: Scale['ticks'],
): Scale {
  const [first, last] = [to(domain[0]), to(domain[1])];
  const span = last - first || 1; // one value alone is drawn at the start
  const at = (value: number) => low + ((to(value) - first) / span) * (high - low);
  const invert = (pixel: number) => from(first + Math.min(1, Math.max(0, (pixel - low) / (high - low))) * span);
  return Object.assign(at, { invert, ticks });
}

/** About `count` round numbers from `low` to `high`: multiples of 1, 2 or 5 times a power of ten. */
function niceTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([10, 5, 2].find((factor) => rough / power >= factor / Math.SQRT2) ?? 1) * power;
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return high > low ? Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12))) : [low];
}

/** The end of an axis that holds `most`: a round number, so that the last tick is the end. */
export function roundUp(most: number): number {
  if (!(most > 0)) return 1;
  const [, second = most] = niceTicks(0, most, 4);
  return Math.ceil(most / second - 1e-9) * second;
}
