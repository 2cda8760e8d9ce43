/** The figures of a finding as text, whatever they are; src/text/audit_text.cpp says them on a terminal. */
import { count, NOT_AVAILABLE } from '../format.js';

/** Figures in a line; {rows, share} as one, and so are the two ends of an interval. */
export function figureTexts(figures: Record<string, unknown>, prefix = ''): string[] {
  return Object.entries(figures).flatMap(([key, value]) => {
    const name = prefix + key;
    if (typeof value === 'object' && value !== null) {
      const { rows, share: part } = value as { rows?: number; share?: number | null };
      if (rows !== undefined && part !== undefined) return rows === 0 ? [] : [`${name} ${count(rows)} (${share(part)})`];
      if (isInterval(value)) return [`${name} ${decimal(value[0])} .. ${decimal(value[1])}`];
      return figureTexts(value as Record<string, unknown>, `${name} `);
    }
    if (typeof value !== 'number') return [`${name} ${value ?? NOT_AVAILABLE}`];
    return [`${name} ${/share|percent/i.test(key) ? share(value) : Number.isInteger(value) ? count(value) : decimal(value)}`];
  });
}

function isInterval(value: object): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((end) => typeof end === 'number');
}

function share(value: number | null): string {
  return value === null ? NOT_AVAILABLE : `${(value * 100).toFixed(2)} %`;
}

function decimal(value: number): string {
  return value.toFixed(Math.abs(value) >= 100 ? 1 : 4);
}
