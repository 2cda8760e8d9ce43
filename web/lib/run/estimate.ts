/** What a run will need, told before it starts; src/ingest/inspection/estimate.h says how it is known. */
import { MEMORY_BYTES } from '../engine/memory.js';
import { EventDataError, type Estimate } from '../types/index.js';
import * as WORDS from '../words.js';

/** Of several files together; null where one of them cannot be told. */
export function sumOf(estimates: readonly (Estimate | undefined)[]): Estimate | null {
  const sum = { rows: 0, bytes: 0, leastBytes: 0 };
  for (const estimate of estimates) {
    if (!estimate) return null;
    for (const key of ['rows', 'bytes', 'leastBytes'] as const) sum[key] += estimate[key];
  }
  return estimates.length > 0 ? sum : null;
}

/** "About 10,000,000 events, about 0.5 GB of memory": two digits of what is a guess. */
export function estimateText({ rows, bytes }: Pick<Estimate, 'rows' | 'bytes'>): string {
  return WORDS.need(about(rows), gigabytes(bytes));
}

/** Refuses what cannot fit even if all that is guessed turns out well. */
export function refuseTooMuch({ rows, leastBytes }: Pick<Estimate, 'rows' | 'leastBytes'>): void {
  if (leastBytes <= MEMORY_BYTES) return;
  throw new EventDataError('tooLarge', WORDS.tooMuch(about(rows), gigabytes(leastBytes), gigabytes(MEMORY_BYTES)));
}

function about(rows: number): string {
  const unit = rows < 1 ? 1 : Math.max(1, 10 ** (Math.floor(Math.log10(rows)) - 1));
  return (Math.round(rows / unit) * unit).toLocaleString('en');
}

function gigabytes(bytes: number): string {
  return `${(Math.max(1, Math.round(bytes / 1e8)) / 10).toFixed(1)} GB`;
}
