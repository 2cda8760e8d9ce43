/** Numbers, sizes and sentences as the page shows them. English, thousands separators, no value without its unit. */

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const decimals = [0, 1, 2].map(
  (digits) => new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits }),
);

export const NOT_AVAILABLE = 'n/a';

export function count(value: number): string {
  return whole.format(value);
}

/** "1 session", "2 sessions". */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function decimal(value: number, digits: 0 | 1 | 2 = 1): string {
  const text = decimals[digits]!.format(value);
  return /^-[0.]*$/.test(text) ? text.slice(1) : text.replace('-', '−');
}

/** A share as a percentage; n/a where there was nothing to divide by. */
export function percent(share: number | null, digits: 0 | 1 | 2 = 1): string {
  return share === null ? NOT_AVAILABLE : `${decimal(share * 100, digits)}%`;
}

/** A difference of two shares, signed, in percentage points. */
export function points(difference: number | null): string {
  if (difference === null) return NOT_AVAILABLE;
  const text = decimal(Math.abs(difference) * 100);
  const sign = text === '0.0' ? '' : difference < 0 ? '−' : '+';
  return `${sign}${text} pp`;
}

export function bytes(size: number): string {
  if (size < 1000) return counted(size, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = size;
  let unit = -1;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${decimal(value, value < 0.1 ? 2 : value < 10 ? 1 : 0)} ${units[unit]}`;
}

export function seconds(value: number): string {
  if (value < 60) return `${decimal(value, value < 0.1 ? 2 : value < 10 ? 1 : 0)} s`;
  const rounded = Math.round(value);
  return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
}

/** A time as the report gives it, to the second, always said to be UTC. */
export function utc(text: string): string {
  return `${text.replace('T', ' ').replace(/(\.\d+)?\s*(Z|UTC|\+00:00)?$/, '')} UTC`;
}

/** An id that is too long for a table: its beginning and its end tell it from others. */
export function shortId(id: string, most = 20): string {
  return id.length <= most ? id : `${id.slice(0, 10)}…${id.slice(-8)}`;
}

/** A difference of two shares in a sentence: "+9.4 points". */
export function pointsText(difference: number | null): string {
  return points(difference).replace(' pp', ' points');
}

/** A message as a sentence: a capital first, a full stop last. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const DURATIONS: readonly (readonly [seconds: number, unit: string, word: string])[] = [
  [86_400, 'd', 'day'],
  [3600, 'h', 'hour'],
  [60, 'min', 'minute'],
  [1, 's', 'second'],
];

/** "30 min", "1.5 h"; in words "30 minutes". A day is said in hours until two of them. */
export function duration(inSeconds: number, inWords = false): string {
  const [size, unit, word] = DURATIONS.find(([size]) => inSeconds >= (size === 86_400 ? 2 * size : size)) ?? DURATIONS.at(-1)!;
  const value = Number((inSeconds / size).toFixed(2));
  return inWords ? `${value} ${word}${value === 1 ? '' : 's'}` : `${value} ${unit}`;
}

/** "12 k", "3.4 M": where a number stands on an axis. */
export function short(value: number): string {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))} M`;
  return value >= 10_000 ? `${Number((value / 1000).toPrecision(3))} k` : count(value);
}

/** Microseconds since 1970 to the second, always said to be UTC. */
export function instant(us: number): string {
  return utc(new Date(us / 1000).toISOString().slice(0, 19));
}
