/** The profile "causal" from the module and both commands: columns, channels, covariates, the same bytes. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeFile, makeFolder, nativeCommand, parseCsv, PARTS, readFolder, repository, run } from './support.mjs';

const { listFormats, prepare, simulate } = await import(join(repository, 'web/dist/node.js'));
const PLAN = { profile: 'causal', sequence: { channels: ['gap', 'hour', 'weekday', 'toTimeZero'] }, split: { folds: 4 } };
const events = await (await simulate({ events: 20_000, seed: 3 })).text();

// Time zero is at the exposure, the last event of X; aligned it is later, by a delay that the window of 5 minutes holds.
for (const [gracePeriod, latest] of [
  ['exclude', 0],
  ['align', 5],
])
  test(`columns of a split carry channels and row columns, gracePeriod "${gracePeriod}"`, async (t) => {
    const dataset = await prepare({ name: 'events.csv', data: events }, { ...PLAN, index: { gracePeriod } });
    t.after(() => dataset.dispose());
    assert.equal(dataset.vocabulary.eventTypes[0], '[PAD]');
    let rows = 0;
    let anyLater = false;
    for (const part of PARTS) {
      const { offsets, minutes, startUs, channels, rowColumns, treatment } = await dataset.split(part);
      rows += treatment.length;
      assert.deepEqual(Object.keys(channels), ['gap_minutes', 'hour', 'weekday', 'minutes_to_time_zero']);
      assert.deepEqual(Object.keys(rowColumns), ['trial', 'time_zero_us', 'censored', 'fold']);
      for (const values of Object.values(channels)) assert.equal(values.length, minutes.length);
      for (let row = 0; row < treatment.length; ++row) {
        assert.ok(rowColumns.fold[row] >= 0 && rowColumns.fold[row] < 4);
        const last = offsets[row + 1] - 1;
        const toZero = channels.minutes_to_time_zero[last];
        assert.ok(toZero >= 0 && toZero <= latest, `an exposure is the last token of X, or not long before: ${toZero}`);
        anyLater ||= toZero > 0;
        for (let at = offsets[row]; at <= last; ++at) {
          const time = startUs[row] + minutes[at] * 60e6;
          assert.ok(Math.abs(rowColumns.time_zero_us[row] - channels.minutes_to_time_zero[at] * 60e6 - time) < 2);
          const date = new Date(time / 1000 + 0.01);
          assert.equal(channels.hour[at], date.getUTCHours());
          assert.equal(channels.weekday[at], (date.getUTCDay() + 6) % 7);
          if (at > offsets[row]) assert.ok(Math.abs(channels.gap_minutes[at] - (minutes[at] - minutes[at - 1])) < 1e-6);
        }
      }
    }
    assert.equal(rows, dataset.report.trials.rows);
    assert.ok(rows > 1000);
    assert.equal(anyLater, latest > 0);
  });

test('covariates are what X tells, as numbers', async (t) => {
  const dataset = await prepare({ name: 'events.csv', data: events }, { profile: 'causal' });
  t.after(() => dataset.dispose());
  const decoder = new TextDecoder();
  const [header, ...cells] = parseCsv(decoder.decode(await dataset.write('train', 'covariates-csv')));
  const lines = decoder
    .decode(await dataset.write('train', 'jsonl'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(cells.length, lines.length);
  const types = dataset.vocabulary.eventTypes;
  // No row has a click or purchase before time zero, and the number of events is the sum of those of each type.
  for (const name of ['events', 'events_click', 'events_purchase']) assert.ok(!header.includes(name), name);
  for (const [i, line] of lines.entries()) {
    const row = Object.fromEntries(header.map((name, at) => [name, cells[i][at]]));
    for (const name of ['index', 'session_id', 'user_id', 'trial', 'time_zero_us', 'treatment', 'outcome']) {
      assert.equal(row[name], String(line[name]), name);
    }
    const { sequence } = line;
    assert.equal(Number(row.span_minutes), sequence.at(-1)[2]);
    for (const type of ['auction', 'impression']) {
      assert.equal(Number(row[`events_${type}`]), sequence.filter(([event]) => types[event] === type).length, type);
    }
    const turns = (Number(row.time_zero_us) % 86_400_000_000) / 86_400_000_000;
    assert.ok(Math.abs(Number(row.hour_sin) - Math.sin(2 * Math.PI * turns)) < 1e-12);
  }
});

test('covariates without a time zero are refused in words, and not offered', async (t) => {
  const dataset = await prepare({ name: 'events.csv', data: events });
  t.after(() => dataset.dispose());
  await assert.rejects(dataset.write('train', 'covariates'), {
    code: 'badPlan',
    message: /index\.kind "session" has none; set profile to "causal"/,
  });
  assert.ok(!(await dataset.files()).some(({ format }) => format.startsWith('covariates')));
});

for (const kind of ['exposure', 'landmark', 'matched']) {
  test(`${kind}: every format, natively and in Node, is the same bytes`, {
    skip: existsSync(nativeCommand) ? false : 'there is no native command',
  }, async (t) => {
    const folder = makeFolder(t);
    const input = makeFile(t, 'events.csv', events);
    const formats = (await listFormats()).map(({ name }) => name).join(',');
    const args = [
      'prepare',
      input,
      '--profile',
      'causal',
      '--format',
      formats,
      '--quiet',
      '--set',
      `index.kind=${kind}`,
      '--set',
      'sequence.channels=["gap","hour","weekday","toTimeZero"]',
      '--set',
      'split.kind=time',
      '--set',
      'split.folds=3',
    ];
    for (const [name, program] of [
      ['node', undefined],
      ['native', [nativeCommand]],
    ]) {
      const { code, stderr } = await run([...args, '--out', join(folder, name)], { program });
      assert.equal(code, 0, stderr);
    }
    const [a, b] = [readFolder(join(folder, 'node')), readFolder(join(folder, 'native'))];
    assert.deepEqual(Object.keys(a), Object.keys(b));
    for (const path of Object.keys(a)) assert.ok(a[path].equals(b[path]), path);
  });
}
