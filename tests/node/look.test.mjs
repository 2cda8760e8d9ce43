/** Rows listed and looked at one by one, through the module; every rule of it is tested in tests/property/look_test.cpp. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { prepare, simulate } from '../../web/dist/node.js';
import { PARTS } from './support.mjs';

const PLANS = {
  session: undefined,
  exposure: { profile: 'causal', sequence: { maxEvents: 6 } },
  landmark: { profile: 'causal', index: { kind: 'landmark' } },
  matched: { profile: 'causal', index: { kind: 'matched' } },
};

let events;
const datasets = {};

before(async () => {
  events = await simulate({ events: 3000, seed: 9 });
  for (const [kind, plan] of Object.entries(PLANS)) datasets[kind] = await prepare(events, plan, { keepEvents: true });
});

after(() => Object.values(datasets).forEach((dataset) => dataset.dispose()));

/** [event id, item id, minutes] of X. */
function tokensOf({ events: seen, padding, startUs }) {
  const tokens = seen
    .filter(({ role }) => role === 'x')
    .map(({ eventId, itemId, timeUs }) => [eventId, itemId, (timeUs - startUs) / 60e6]);
  for (let i = 0; i < (padding?.tokens ?? 0); ++i) tokens.push([padding.eventId, padding.itemId, 0]);
  return tokens;
}

for (const kind of Object.keys(PLANS)) {
  test(`with index.kind "${kind}" every row looks as its columns say`, async () => {
    const dataset = datasets[kind];
    let rows = 0;
    for (const part of PARTS) {
      const columns = await dataset.split(part);
      const { total, sessions } = await dataset.listSessions({ part, limit: 1e6 });
      assert.equal(total, columns.index.length);
      assert.deepEqual(
        sessions.map(({ row }) => row),
        [...columns.index],
      );
      for (const [i, entry] of sessions.entries()) {
        const view = await dataset.lookAt(entry.row);
        assert.deepEqual(Object.fromEntries(Object.keys(entry).map((key) => [key, view[key]])), entry);
        assert.equal(view.part, part);
        assert.equal(view.treatment, columns.treatment[i]);
        assert.equal(view.outcome, columns.outcome[i]);
        assert.equal(view.startUs, columns.startUs[i]);
        assert.equal(view.session, `${view.user}_${columns.sessionNumbers[i]}`);
        assert.equal(view.timeZeroUs, kind === 'session' ? null : columns.rowColumns.time_zero_us[i]);
        const [from, to] = [columns.offsets[i], columns.offsets[i + 1]];
        const tokens = tokensOf(view);
        assert.equal(tokens.length, view.length);
        assert.deepEqual(
          tokens.map(([id]) => id),
          [...columns.eventIds.subarray(from, to)],
        );
        assert.deepEqual(
          tokens.map(([, id]) => id),
          [...columns.itemIds.subarray(from, to)],
        );
        tokens.forEach(([, , minutes], k) => assert.ok(Math.abs(minutes - columns.minutes[from + k]) < 1e-9));
        ++rows;
      }
    }
    assert.equal(rows, dataset.report.trials.rows);
  });
}

describe('the list', () => {
  test('shows fifty rows from the first on unless asked otherwise', async () => {
    const { total, sessions } = await datasets.exposure.listSessions();
    assert.equal(total, datasets.exposure.report.trials.rows);
    assert.deepEqual(
      sessions.map(({ row }) => row),
      Array.from({ length: 50 }, (_, i) => i),
    );
    const next = await datasets.exposure.listSessions({ offset: 50, limit: 2 });
    assert.deepEqual(
      next.sessions.map(({ row }) => row),
      [50, 51],
    );
    assert.deepEqual((await datasets.exposure.listSessions({ offset: total + 5 })).sessions, []);
  });

  test('takes part, T, Y and text together', async () => {
    const all = (await datasets.session.listSessions({ limit: 1e6 })).sessions;
    const text = all[7].session.slice(2, -1);
    const found = await datasets.session.listSessions({ part: 'train', treatment: 1, outcome: 0, text, limit: 1e6 });
    const expected = all.filter(
      (entry) => entry.part === 'train' && entry.treatment === 1 && entry.outcome === 0 && entry.session.includes(text),
    );
    assert.deepEqual(found.sessions, expected);
  });

  test('is sorted by each of its columns, and rows that are alike stay in order', async () => {
    const all = (await datasets.exposure.listSessions({ limit: 1e6 })).sessions;
    const parts = [...PARTS, null];
    const text = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
    const number = (entry) => Number(entry.session.slice(entry.user.length + 1));
    const orders = {
      session: (a, b) => text(a.user, b.user) || number(a) - number(b),
      part: (a, b) => parts.indexOf(a.part) - parts.indexOf(b.part),
      treatment: (a, b) => a.treatment - b.treatment,
      outcome: (a, b) => a.outcome - b.outcome,
      length: (a, b) => a.length - b.length,
      time: (a, b) => a.timeZeroUs - b.timeZeroUs,
    };
    for (const [sort, order] of Object.entries(orders)) {
      for (const descending of [false, true]) {
        const expected = all.toSorted((a, b) => (descending ? order(b, a) : order(a, b)));
        const found = await datasets.exposure.listSessions({ sort, descending, limit: 1e6 });
        assert.deepEqual(found.sessions, expected, `${sort} ${descending}`);
        const page = await datasets.exposure.listSessions({ sort, descending, offset: 30, limit: 5 });
        assert.deepEqual(page, { total: all.length, sessions: expected.slice(30, 35) });
      }
    }
  });

  test('has as many rows of a finding as the audit counts', async () => {
    const plans = [
      undefined,
      { outcome: { prior: 'ignore' } },
      { profile: 'causal' },
      { profile: 'causal', index: { gracePeriod: 'exclude' }, events: { duplicates: 'keep' } },
      { profile: 'causal', index: { kind: 'landmark', minutes: 10 } },
      { profile: 'causal', index: { kind: 'matched' } },
    ];
    const counts = {
      outcomeInX: ({ rows }) => rows,
      treatmentInX: ({ rows }) => rows,
      paddingInOneArm: ({ control, treated }) => control.rows + treated.rows,
      outcomeBeforeTreatment: ({ first }) => first,
      censoredRows: ({ rows }) => rows,
      coarseClock: ({ treated }) => treated,
      armDecidedInWindow: ({ treated }) => treated,
    };
    const seen = new Set();
    for (const options of [
      { events: 20000, seed: 4 },
      { events: 20000, seed: 5, coarseClock: 60 },
    ]) {
      const source = await simulate(options);
      for (const plan of plans) {
        const dataset = await prepare(source, plan, { keepEvents: true, audit: true });
        for (const { code, figures } of dataset.audit.findings) {
          if (!counts[code]) continue;
          seen.add(code);
          const { total, sessions } = await dataset.listSessions({ finding: code, limit: 3 });
          assert.equal(total, counts[code](figures), `${code} of ${JSON.stringify(plan)}`);
          assert.equal(sessions.length, Math.min(3, total));
        }
        dataset.dispose();
      }
    }
    assert.deepEqual([...seen].sort(), Object.keys(counts).sort());
  });

  test('has for every finding that rows can be listed by a rule that some rows follow and others do not', async () => {
    const source = await simulate({ events: 20000, seed: 5 });
    const dataset = await prepare(source, {}, { keepEvents: true });
    const { total: all } = await dataset.listSessions({ limit: 0 });
    await assert.rejects(dataset.listSessions({ finding: 'imbalance' }), (error) => {
      const codes = /finding \(([^)]*)\)/.exec(error.message)[1].split(', ');
      assert.equal(codes.length, 15);
      return true;
    });
    for (const finding of ['tiesChangeSessions', 'paddingTellsTreatment', 'lengthTellsTreatment']) {
      const { total } = await dataset.listSessions({ finding, limit: 0 });
      assert.ok(total > 0 && total < all, `${finding}: ${total} of ${all}`);
    }
    dataset.dispose();
  });

  test('is there without kept events', async () => {
    const dataset = await prepare(events);
    assert.deepEqual(await dataset.listSessions(), await datasets.session.listSessions());
    dataset.dispose();
  });
});

test('what cannot be listed or looked at is told', async () => {
  const dataset = await prepare(events);
  const refused = (promise, message) => assert.rejects(promise, { name: 'EventDataError', code: 'badCall', message });
  await refused(dataset.lookAt(0), /keeps no events .* \{ keepEvents: true \}/);
  const { rows } = datasets.session.report.trials;
  for (const row of [-1, rows, 0.5, '0', NaN])
    await refused(datasets.session.lookAt(row), new RegExp(`the table has ${rows} rows`));
  for (const query of [
    { part: 'all' },
    { treatment: 2 },
    { outcome: true },
    { text: 5 },
    { text: '\ud800' },
    { offset: -1 },
    { limit: 1.5 },
    { user: 'u' },
    { sort: 'user' },
    { descending: 1 },
    { finding: 'noRows' },
  ]) {
    await refused(dataset.listSessions(query), /^Sessions cannot be listed by /);
  }
  await refused(dataset.listSessions({ finding: 'outcomeInX' }), /keeps no events .* \{ keepEvents: true \}/);
  dataset.dispose();
  await refused(dataset.listSessions(), /disposed/);
});
