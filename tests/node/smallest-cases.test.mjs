/** The smallest inputs on which the causal design was once wrong, each with the answer that is right. */
import assert from 'node:assert/strict';
import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { prepare, readPlan } from '../../web/dist/node.js';
import { PARTS, repository } from './support.mjs';

const folder = join(repository, 'tests/cases/causal');
const input = (name) => openAsBlob(join(folder, name));
const sum = (values) => values.reduce((a, b) => a + b, 0);

/** Rows of all parts with T and Y. */
async function rowsOf(t, name, plan, options) {
  const dataset = await prepare(await input(name), plan, options);
  t.after(() => dataset.dispose());
  const parts = await Promise.all(PARTS.map((part) => dataset.split(part)));
  const all = (column) => parts.flatMap((columns) => [...columns[column]]);
  return { dataset, rows: all('treatment').length, treated: sum(all('treatment')), outcomes: sum(all('outcome')) };
}

async function auditOf(t, name, plan) {
  const { dataset } = await rowsOf(t, name, plan, { audit: true });
  return dataset.audit;
}

/** Whatever these few events say of the end of the data. */
const KEEP = { profile: 'causal', outcome: { censored: 'keep' } };
/** Time zero at the exposure, with a window as long as it says. */
const UNALIGNED = { ...KEEP, index: { windowEnds: 'window', gracePeriod: 'exclude', washoutHours: 0 } };
const found = ({ findings }, code) => findings.find((finding) => finding.code === code);

describe('one treatment belongs to one trial', () => {
  test('a click at the third of three impressions treats the third alone', async (t) => {
    const { rows, treated, outcomes } = await rowsOf(t, 'three.csv', KEEP);
    assert.deepEqual([rows, treated, outcomes], [3, 1, 0]);
  });

  test('with windows that overlap it treats all three, which the audit calls an error and knows to mend', async (t) => {
    const plan = { ...KEEP, index: { windowEnds: 'window' } };
    const { rows, treated } = await rowsOf(t, 'three.csv', plan);
    assert.deepEqual([rows, treated], [3, 3]);
    const audit = await auditOf(t, 'three.csv', plan);
    assert.equal(audit.window.windowHoldsExposure, 2);
    assert.equal(audit.window.treatedAfterLaterExposure, 2);
    const { severity, repair } = found(audit, 'windowsOverlap');
    assert.deepEqual([severity, repair], ['error', { key: 'index.windowEnds', value: 'nextExposure' }]);
    const mended = await auditOf(t, 'three.csv', KEEP);
    assert.deepEqual([mended.window.windowHoldsExposure, mended.window.treatedAfterLaterExposure], [0, 0]);
    assert.equal(found(mended, 'windowsOverlap'), undefined);
  });
});

test('a click at the instant of its impression is its treatment, and is counted', async (t) => {
  const { rows, treated } = await rowsOf(t, 'same.csv', KEEP);
  assert.deepEqual([rows, treated], [3, 2]);
  const audit = await auditOf(t, 'same.csv', KEEP);
  assert.equal(audit.window.treatedAtExposureInstant, 1);
  assert.deepEqual(found(audit, 'coarseClock').figures, { treated: 1, of: 2 });
});

describe('the washout looks at the user, not at the session', () => {
  test('an impression half an hour after a click, in a session of its own, is no control', async (t) => {
    const { rows, treated, dataset } = await rowsOf(t, 'wash.csv', KEEP);
    assert.deepEqual([rows, treated], [1, 1]);
    assert.equal(dataset.report.trials.attrition.find(({ filter }) => filter === 'washout').rows, 1);
  });

  test('without it the purchase counts in both arms, and the audit says so', async (t) => {
    const plan = { ...KEEP, index: { washoutHours: 0 } };
    const { rows, treated, outcomes } = await rowsOf(t, 'wash.csv', plan);
    assert.deepEqual([rows, treated, outcomes], [2, 1, 2]);
    const audit = await auditOf(t, 'wash.csv', plan);
    assert.equal(audit.window.controlsAfterTreatment, 1);
    assert.equal(audit.split.all.outcomeEvents, 1);
    assert.deepEqual(found(audit, 'earlierTreatment').repair, { key: 'index.washoutHours', value: 24 });
  });

  test('unless it is set it is as long as the follow-up', async () => {
    assert.equal((await readPlan({ profile: 'causal', index: { horizonHours: 36 } })).index.washoutHours, 36);
    assert.equal((await readPlan({ profile: 'causal', index: { horizonHours: 36, washoutHours: 0 } })).index.washoutHours, 0);
    assert.equal((await readPlan({ index: { kind: 'exposure' } })).index.washoutHours, 0);
  });
});

test('a window longer than the follow-up is refused', async () => {
  const plan = { profile: 'causal', index: { windowMinutes: 60, horizonHours: 0.05 } };
  await assert.rejects(prepare(await input('winhor.csv'), plan), {
    code: 'badPlan',
    where: { column: 'index.horizonHours' },
    message: /index\.horizonHours is 0\.05; .*index\.windowMinutes/,
  });
});

test('the audit counts events that are left after duplicates are dropped', async (t) => {
  const { gaps, ties, events, attrition } = await auditOf(t, 'dup.csv', { events: { duplicates: 'drop' } });
  assert.equal(gaps.curve.find(({ gapHours }) => gapHours === 24).sessions, 2);
  assert.equal(gaps.histogram.zero, 0);
  assert.equal(ties.tiedEvents, 0);
  assert.equal(events.events, 6);
  assert.equal(attrition.events, 6);
});

test('a treatment of the exposed item needs items', async () => {
  const plan = { profile: 'causal', index: { sameItem: true } };
  await assert.rejects(prepare(await input('noitem.csv'), plan), { message: /columns\.item|index\.sameItem/ });
});

test('immortal time is an interval that holds what either arm may get', async (t) => {
  // One more user ends the data, with an impression and nothing before it.
  const audit = await auditOf(t, 'imm20.csv', { ...UNALIGNED, session: { minEvents: 2 } });
  const { interval, naiveDifference, leftOut, untreatedWindowOutcomes } = audit.leakage.immortalTime;
  const rounded = [naiveDifference, ...interval].map((value) => value.toFixed(3));
  // 0 of 8 treated and 7 of 12 untreated rows; of the latter 4 bought inside the window, and may belong to either arm.
  assert.deepEqual([leftOut, untreatedWindowOutcomes, ...rounded], [0, 4, '-0.583', '-0.583', '-0.042']);
  assert.ok(interval[0] <= -0.3 && -0.3 <= interval[1], 'the difference by who would have clicked');
  assert.ok(found(audit, 'immortalTime'));
});

describe('the grace period', () => {
  test('gives way to "exclude" where "align" has no meaning', async () => {
    const grace = async (plan) => (await readPlan({ profile: 'causal', ...plan })).index.gracePeriod;
    assert.equal(await grace({}), 'align');
    assert.equal(await grace({ index: { windowEnds: 'window' } }), 'exclude');
    assert.equal(await grace({ index: { kind: 'landmark' } }), 'exclude');
    assert.equal(await grace({ index: { kind: 'matched' } }), 'exclude');
    assert.equal(await grace({ outcome: { from: 'windowEnd' } }), 'exclude');
    assert.equal((await readPlan({})).index.gracePeriod, 'exclude');
  });

  for (const [name, plan] of Object.entries({
    'a window that goes on': { index: { gracePeriod: 'align', windowEnds: 'window' } },
    'a landmark': { index: { gracePeriod: 'align', kind: 'landmark' } },
    'outcomes after the window': { index: { gracePeriod: 'align' }, outcome: { from: 'windowEnd' } },
  })) {
    test(`"align" with ${name} is refused by its key`, () =>
      assert.rejects(readPlan({ profile: 'causal', ...plan }), { code: 'badPlan', message: /index\.gracePeriod/ }));
  }
});

describe('the end of the data', () => {
  const late = async (t, plan) => {
    const text = await (await input('same.csv')).text();
    const users = Array.from(
      { length: 700 },
      (_, i) => `u${i},2025-09-0${5 + (i % 4)} 10:00:00,impression,x\nu${i},2025-09-0${5 + (i % 4)} 10:00:09,impression,x\n`,
    ).join('');
    const dataset = await prepare(`${text}${users}wrong,2099-01-01 00:00:00,impression,x\n`, plan, { audit: true });
    t.after(() => dataset.dispose());
    return dataset;
  };

  test('is not where one wrong clock says, and a notice tells of it', async (t) => {
    const { report, audit } = await late(t, { profile: 'causal' });
    const notice = report.notices.find(({ code }) => code === 'lateEvents');
    assert.deepEqual([notice.counts, notice.key], [{ events: 1, of: 1410 }, 'data.end']);
    assert.ok(audit.window.dataHours < 24 * 5, `${audit.window.dataHours}`);
    assert.ok(audit.window.censoredLeftOut > 0);
  });

  test('is where the plan says', async (t) => {
    const { report, audit } = await late(t, { profile: 'causal', data: { end: '2025-09-08 12:00' } });
    assert.equal(report.plan.data.end, '2025-09-08 12:00');
    assert.equal(
      report.notices.some(({ code }) => code === 'lateEvents'),
      false,
    );
    assert.equal(audit.window.dataHours, 84);
  });

  test('must be a date', () =>
    assert.rejects(readPlan({ data: { end: 'soon' } }), { code: 'badPlan', message: /data\.end is "soon"; it must be a date/ }));
});
