/** The limits this project has set itself (ratios hold within one run on one machine), and whether they were kept. */
import { findRow } from './report.mjs';
import { measureSizes, SIZE_BUDGETS } from './sizes.mjs';

const MILLION = 1_000_000;

/** A line each: kept, missed with the figure, or not measured in this run. */
export function budgetLines(sections) {
  const row = (events, format, id) =>
    findRow(
      sections.find((section) => section.events === events && section.format === format),
      id,
    );
  const lines = [];
  /** `figure`: null where something was not measured. `show`: how it reads. */
  const atMost = (text, figure, limit, show) => {
    const verdict =
      figure === null || !Number.isFinite(figure)
        ? 'not measured'
        : `${figure <= limit ? 'met' : '**missed**'} (${show(figure)})`;
    lines.push(`- ${text}: ${verdict}`);
  };
  const seconds = (summary) => summary?.seconds ?? null;
  const ratio = (a, b) => (a && b ? a / b : null);
  // A million if it was measured, or else the largest size.
  const sizes = sections.filter(({ only }) => !only).map(({ events }) => events);
  const size = sizes.includes(MILLION) ? MILLION : Math.max(...sizes);
  const node = row(size, 'csv', 'node');
  const native = row(size, 'csv', 'native');
  const kilobytes = (value) => `${(value / 1000).toFixed(1)} KB`;
  const share = (value) => `1/${(1 / value).toFixed(1)}`;
  const times = (value) => `${value.toFixed(2)} times`;

  const peer = (subject, count, summary, id, name, part) =>
    atMost(
      `${count.toLocaleString('en')} events: ${subject} takes at most 1/${part} of ${name}`,
      ratio(seconds(summary), seconds(row(count, 'csv', id))),
      1 / part,
      share,
    );
  peer('wasm in Node', size, node, 'duckdb-wasm', 'DuckDB-Wasm', 10);
  for (const events of sizes.filter((count, i) => sizes.indexOf(count) === i)) {
    const native2 = row(events, 'csv', 'native-2');
    peer('native code on two threads', events, native2, 'polars-2', 'Polars on two threads', 4);
    peer('native code on two threads', events, native2, 'duckdb-2', 'DuckDB on two threads', 7);
    for (const [format, least] of [
      ['csv', events < 10 * MILLION ? 1.5 : 1.8],
      ['parquet', 1.6],
    ]) {
      atMost(
        `${events.toLocaleString('en')} events of ${format}: a second thread makes native code ${least} times as fast or more`,
        ratio(-seconds(row(events, format, 'native')), seconds(row(events, format, 'native-2'))),
        -least,
        (value) => times(-value),
      );
    }
    const bytes = (id) => row(events, 'csv', id)?.memory?.engineBytes;
    atMost(
      `${events.toLocaleString('en')} events: a second thread takes at most 15 % more memory natively`,
      ratio(bytes('native-2'), bytes('native')),
      1.15,
      times,
    );
  }
  atMost('wasm takes at most 1.5 times native', ratio(engineSeconds(node), engineSeconds(native)), 1.5, times);
  atMost('a Chromium worker is within 15 % of Node', ratio(seconds(row(size, 'csv', 'chromium')), seconds(node)), 1.15, times);
  atMost(
    '10,000,000 events take at most 10.5 times 1,000,000 as wasm',
    ratio(seconds(row(10 * MILLION, 'csv', 'node')), seconds(row(MILLION, 'csv', 'node'))),
    10.5,
    times,
  );
  atMost(
    '10,000,000 events take at most 10.5 times 1,000,000 natively',
    ratio(seconds(row(10 * MILLION, 'csv', 'native')), seconds(row(MILLION, 'csv', 'native'))),
    10.5,
    times,
  );
  for (const format of ['ndjson', 'json']) {
    const bytes = sections.find((section) => section.events === size && section.format === format)?.input.bytes;
    const rate = ratio(bytes, row(size, format, 'node')?.stages.reading);
    atMost(`${format} is read in wasm at 250 MB/s or more`, rate && -rate / 1e6, -250, (value) => `${Math.round(-value)} MB/s`);
  }
  atMost(
    'an event from Parquet costs no more than from CSV',
    ratio(seconds(row(size, 'parquet', 'node')), seconds(node)),
    1,
    times,
  );
  atMost(
    'the three Parquet files are written in the time of the job',
    ratio(node?.stages['write parquet'], node?.warm),
    1,
    times,
  );
  for (const events of sizes.filter((count, i) => sizes.indexOf(count) === i)) {
    const pools = row(events, 'csv', 'native')?.memory?.poolBytes;
    for (const [id, name] of [
      ['native', 'natively'],
      ['node', 'in Node, arrays and garbage of JavaScript included,'],
    ]) {
      if (id === 'node' && events < MILLION) continue; // 32 MB to begin with and compiled code are not the events'
      const grown = row(events, 'csv', id)?.memory?.engineBytes;
      const each = pools && grown ? (grown - pools) / events : null;
      atMost(
        `${events.toLocaleString('en')} events: ${name} at most 60 bytes an event beside the string pools`,
        each,
        60,
        (value) => `${value.toFixed(1)} bytes`,
      );
    }
  }
  const measured = measureSizes();
  for (const { group, what, bytes } of SIZE_BUDGETS)
    atMost(`${what} is at most ${bytes / 1000} KB gzipped`, measured[group].total, bytes, kilobytes);
  return [`### Budgets, at ${size.toLocaleString('en')} events of CSV unless said otherwise`, '', ...lines, ''];
}

/** From the file to the finished table, wasm warm (native code has nothing to warm); what crosses to JavaScript afterwards has no counterpart natively. */
function engineSeconds(summary) {
  if (!summary?.stages?.reading) return null;
  const { pool, 'handing over': handing, 'write parquet': parquet, 'write pickle': pickle, ...stages } = summary.stages;
  return Object.values(stages).reduce((sum, value) => sum + value, 0);
}
