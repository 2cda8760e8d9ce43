/** Another shop's data by plan alone: other names, other event types, no item column. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { prepare } from '../../web/dist/node.js';
import { makeFile, makeFolder, PARTS, readFolder, run, toText } from './support.mjs';

const EVENTS = `client_id,event,timestamp
501,catalog,2019-11-01 17:59:13.250000
501,product1,2019-11-01 17:59:28.500000
502,main,2019-11-01 18:00:00.000000
501,cart,2019-11-01 17:59:43.250000
501,payment_done,2019-11-01 18:05:00.000001
502,catalog,2019-11-01 18:01:30.000000
503,catalog,2019-11-02 09:00:00.000000
503,cart,2019-11-02 09:00:15.000000
501,main,2019-11-01 18:45:00.000001
501,catalog,2019-11-01 18:46:00.000001
502,payment_done,2019-11-01 18:31:30.000000
502,main,2019-11-01 19:01:30.000001
`;

const TYPES = ['main', 'catalog', 'product1', 'cart', 'payment_done'];
const plan = {
  events: { types: TYPES },
  session: { gapHours: 0.5 },
  treatment: { type: 'cart' },
  outcome: { type: 'payment_done' },
};

const UNKNOWN_ITEM = 2;
const seconds = (value) => value / 60;
const expected = [
  {
    session_id: '501_1',
    sequence: [
      [1, UNKNOWN_ITEM, 0],
      [2, UNKNOWN_ITEM, seconds(15.25)],
    ],
    treatment: 1,
    outcome: 1,
  },
  {
    session_id: '501_2',
    sequence: [
      [0, UNKNOWN_ITEM, 0],
      [1, UNKNOWN_ITEM, 1],
    ],
    treatment: 0,
    outcome: 0,
  },
  // Half an hour exactly before the payment: the same session. The event a microsecond later than that is alone.
  {
    session_id: '502_1',
    sequence: [
      [0, UNKNOWN_ITEM, 0],
      [1, UNKNOWN_ITEM, 1.5],
      [4, UNKNOWN_ITEM, 31.5],
    ],
    treatment: 0,
    outcome: 1,
  },
  { session_id: '503_1', sequence: [[1, UNKNOWN_ITEM, 0]], treatment: 1, outcome: 0 },
];

async function rowsOf(dataset) {
  const texts = await Promise.all(PARTS.map((part) => dataset.write(part, 'jsonl')));
  const rows = texts.flatMap((bytes) =>
    toText(bytes)
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line)),
  );
  return rows
    .sort((a, b) => a.index - b.index)
    .map(({ session_id, sequence, treatment, outcome }) => ({ session_id, sequence, treatment, outcome }));
}

test('treatment and outcome are whatever the plan names', async () => {
  const dataset = await prepare(EVENTS, plan);
  assert.deepEqual(await rowsOf(dataset), expected);
  assert.deepEqual(dataset.vocabulary.eventTypes, TYPES);
  assert.equal(dataset.vocabulary.size, 3);
  const { report } = dataset;
  assert.deepEqual(report.input.files[0].columns, { user: 'client_id', time: 'timestamp', type: 'event', item: null });
  assert.deepEqual(report.sessions, { created: 5, kept: 4, tooShort: 1, eventsInTooShort: 1, users: 3 });
  assert.equal(report.all.naiveLift, 0);
  dataset.dispose();
});

test('padding is an event type of that shop, or none', async () => {
  const dataset = await prepare(EVENTS, { ...plan, sequence: { padding: 'main' } });
  const rows = await rowsOf(dataset);
  dataset.dispose();
  const last = rows.at(-1).sequence;
  assert.equal(last.length, 2);
  assert.deepEqual(last[1].slice(0, 1), [0]);
  assert.deepEqual(rows.slice(0, 3), expected.slice(0, 3));
});

test('unlisted types can be left out and counted, or taken as they come', async () => {
  const few = { ...plan, events: { types: ['cart', 'payment_done', 'catalog'], unknown: 'drop' } };
  const dropped = await prepare(EVENTS, few);
  const { byReason, unknownTypes } = dropped.report.input.issues;
  assert.deepEqual(Object.values(byReason), [4]);
  assert.deepEqual(unknownTypes, [
    { type: 'main', rows: 3, firstRow: 3 },
    { type: 'product1', rows: 1, firstRow: 2 },
  ]);
  assert.equal(dropped.report.input.events, 8);
  assert.equal(dropped.report.input.rows, 12);
  dropped.dispose();

  const added = await prepare(EVENTS, { ...plan, events: { types: ['cart'], unknown: 'add' } });
  assert.deepEqual(added.vocabulary.eventTypes, ['cart', 'catalog', 'product1', 'main', 'payment_done']);
  added.dispose();
});

test('an arm without sessions has no rate and no lift', async () => {
  const dataset = await prepare(EVENTS, { ...plan, session: { gapHours: 0.5, minEvents: 3 }, treatment: { type: 'main' } });
  assert.deepEqual(dataset.report.all, {
    sessions: 2,
    treated: 1,
    outcomes: 2,
    treatmentRate: 0.5,
    outcomeRate: 1,
    controlOutcomeRate: 1,
    treatedOutcomeRate: 1,
    naiveLift: 0,
  });
  const one = await prepare(EVENTS, { ...plan, session: { gapHours: 0.5, minEvents: 4 } });
  assert.deepEqual(one.report.all, {
    sessions: 1,
    treated: 1,
    outcomes: 1,
    treatmentRate: 1,
    outcomeRate: 1,
    controlOutcomeRate: null,
    treatedOutcomeRate: 1,
    naiveLift: null,
  });
  dataset.dispose();
  one.dispose();
});

test('the command does the same by --set', async (t) => {
  const out = join(makeFolder(t), 'out');
  const sets = [
    `events.types=${JSON.stringify(TYPES)}`,
    'session.gapHours=0.5',
    'treatment.type=cart',
    'outcome.type=payment_done',
  ];
  const { code, stderr } = await run([
    'prepare',
    makeFile(t, 'shop.csv', EVENTS),
    '--out',
    out,
    '--format',
    'jsonl',
    ...sets.flatMap((set) => ['--set', set]),
  ]);
  assert.equal(code, 0, stderr);
  const dataset = await prepare(EVENTS, plan);
  const files = readFolder(out);
  for (const part of PARTS)
    assert.equal(toText(files[join('data', `${part}_sessions.jsonl`)]), toText(await dataset.write(part, 'jsonl')));
  dataset.dispose();
});
