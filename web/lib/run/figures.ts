/** The audit's figures as text, on a terminal and on the page. */

/** Figures in a line; {rows, share} as one, and so are the two ends of an interval. */
export function figureTexts(figures: Record<string, unknown>, prefix = ''): string[] {
  return Object.entries(figures).flatMap(([key, value]) => {
    const name = prefix + key;
    if (typeof value === 'object' && value !== null) {
      const { rows, share: part } = value as { rows?: number; share?: number | null };
      if (rows !== undefined && part !== undefined) return rows === 0 ? [] : [`${name} ${count(rows)} (${share(part)})`];
      if (isInterval(value)) return [`${name} ${interval(value)}`];
      return figureTexts(value as Record<string, unknown>, `${name} `);
    }
    if (typeof value !== 'number') return [`${name} ${value ?? 'n/a'}`];
    return [`${name} ${/share|percent/i.test(key) ? share(value) : Number.isInteger(value) ? count(value) : decimal(value)}`];
  });
}

function isInterval(value: object): value is [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every((end) => typeof end === 'number');
}

export function interval(ends: readonly [number, number] | null): string {
  return ends === null ? 'n/a' : `${decimal(ends[0])} .. ${decimal(ends[1])}`;
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

export function share(value: number | null): string {
  return value === null ? 'n/a' : `${(value * 100).toFixed(2)} %`;
}

export function decimal(value: number | null): string {
  return value === null ? 'n/a' : value.toFixed(Math.abs(value) >= 100 ? 1 : 4);
}
