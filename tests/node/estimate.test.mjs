/** The estimate: the same from both commands and the module, and refused in words where it would mislead. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { prepare, simulate } from '../../web/dist/node.js';
import { command, makeFile, makeFolder, nativeCommand, run } from './support.mjs';

const hosts = { Node: [process.execPath, command], native: [nativeCommand] };
const events = new Uint8Array(await (await simulate({ events: 20_000, effect: 3, pace: 10, seed: 6 })).arrayBuffer());

async function estimateOf(plan) {
  const dataset = await prepare(events, plan, { audit: true });
  try {
    return await dataset.estimate();
  } finally {
    dataset.dispose();
  }
}

test('the module tells the effect with what could overturn it', async () => {
  const { estimand, refusals, adjusted, naive, rows, users } = await estimateOf({ profile: 'causal' });
  assert.match(estimand, /^The effect of “click” after an exposure/);
  assert.deepEqual(refusals, []);
  const { overlap, treated, byUser, eValue, robustnessValue, withoutGroup, balance } = adjusted;
  for (const { effect, interval95, standardError } of [overlap, treated, byUser]) {
    assert.ok(interval95[0] < effect && effect < interval95[1] && standardError > 0);
  }
  assert.ok(overlap.interval95[0] > 0 && overlap.effect < naive.difference);
  assert.equal(rows, naive.control.rows + naive.treated.rows);
  assert.ok(users > 0 && eValue.limit > 1 && robustnessValue.limit > 0);
  assert.deepEqual(
    withoutGroup.map(({ group }) => group),
    ['session', 'exposure', 'user', 'clock'],
  );
  assert.ok(balance.every(({ weightedSmd, weightedError }) => Math.abs(weightedSmd) < Math.max(0.1, 3 * weightedError)));
  assert.ok(balance.some(({ smd }) => smd > 0.2));
});

test('the module puts negative controls through the same estimate', async () => {
  const { adjusted } = await estimateOf({ profile: 'causal', estimate: { negativeControls: ['auction'] } });
  const { controls, excluding, calibration, notCalibrated } = adjusted.negativeControls;
  assert.deepEqual(
    controls.map(({ name, kind }) => [name, kind]),
    [
      ['purchase before the session', 'earlierOutcome'],
      ['auction', 'eventType'],
    ],
  );
  for (const { overlap, tooLittle } of controls) assert.notEqual(overlap === null, tooLittle === null);
  assert.equal(
    excluding,
    controls.filter(({ overlap }) => overlap && (overlap.interval95[0] > 0 || overlap.interval95[1] < 0)).length,
  );
  assert.equal(calibration, null);
  assert.match(notCalibrated, /10 event types in estimate\.negativeControls/);
  const wrong = estimateOf({ profile: 'causal', estimate: { negativeControls: ['click'] } });
  await assert.rejects(wrong, /estimate\.negativeControls is "click"; that is treatment\.type/);
});

test('the blind audit has the smallest effect, and nothing of outcomes', async () => {
  const dataset = await prepare(events, { profile: 'causal' }, { audit: true });
  const { rows, design, audit } = await dataset.blindAudit();
  const { adjusted, naive } = await dataset.estimate();
  dataset.dispose();
  assert.deepEqual(rows, { control: naive.control.rows, treated: naive.treated.rows });
  assert.deepEqual(design.effectiveRows, adjusted.effectiveRows);
  assert.deepEqual(design.balance, adjusted.balance);
  for (const { rowsIndependent, rowsAlike } of design.smallestDifference) {
    assert.ok(rowsIndependent > 0 && rowsAlike > rowsIndependent);
  }
  assert.ok(!JSON.stringify(audit).includes('utcomeRate'));
});

/** Purchases of users by turns, each an hour and a half after everything else that day. */
function withPurchasesOf(buyers) {
  const at = (seconds) => new Date(Date.UTC(2025, 8, 5) + seconds * 1000).toISOString();
  const rows = ['user_id,event_time,event_type,product_id'];
  for (let user = 0; user < 400; ++user) {
    for (let seen = 0; seen < 3; ++seen) {
      const time = user * 40 + seen * 400;
      rows.push(`u${user},${at(time)},impression,p${(user * 7 + seen) % 50}`);
      if ((user * 11 + seen * 5) % 9 === 0)
        rows.push(`u${user},${at(time + 20 + ((user * 13) % 60))},click,p${(user * 7 + seen) % 50}`);
    }
  }
  buyers.forEach((user, i) => rows.push(`u${user},${at(24_000 + i)},purchase,p1`));
  return rows.join('\n');
}

test('the command shows the same without outcomes, whoever has them', async (t) => {
  const design = ['--profile', 'causal', '--set', 'data.end=2025-09-25'];
  const buyers = Array.from({ length: 60 }, (_, i) => i * 3);
  const inputs = [buyers, buyers.map((user) => (user * 7 + 5) % 400)].map((users) =>
    makeFile(t, 'events.csv', withPurchasesOf(users)),
  );
  for (const program of Object.values(hosts).filter((words) => existsSync(words.at(-1)))) {
    for (const more of [[], ['--json']]) {
      const told = await Promise.all(inputs.map((input) => run(['audit', input, ...design, '--blind', ...more], { program })));
      assert.equal(told[0].code, 0, told[0].stderr);
      assert.equal(told[0].stdout, told[1].stdout);
      const [full, other] = await Promise.all(inputs.map((input) => run(['audit', input, ...design, ...more], { program })));
      assert.notEqual(full.stdout, other.stdout);
    }
  }
  const { code, stderr } = await run(['audit', inputs[0], '--blind', '--report', 'report.html']);
  assert.equal(code, 2);
  assert.match(stderr, /--blind looks at no outcome/);
});

test('the module refuses in words, without a figure', async () => {
  const { refusals, adjusted, naive } = await estimateOf({});
  assert.deepEqual(
    refusals.map(({ code, key }) => [code, key]),
    [['indexKind', 'index.kind']],
  );
  assert.equal(adjusted, null);
  assert.equal(naive, null);
  const plain = await prepare(events, { profile: 'causal' });
  await assert.rejects(plain.estimate(), /there is none; prepare with \{ audit: true \}/);
  plain.dispose();
});

for (const [host, program] of Object.entries(hosts)) {
  describe(`the estimate of the command in ${host}`, { skip: !existsSync(program.at(-1)) }, () => {
    test('is the module’s as JSON', async (t) => {
      const input = makeFile(t, 'events.csv', events);
      const { code, stdout, stderr } = await run(['estimate', input, '--profile', 'causal', '--json'], { program });
      assert.equal(code, 0, stderr);
      assert.deepEqual(JSON.parse(stdout), await estimateOf({ profile: 'causal' }));
    });

    test('has the question first, then the adjusted answer, the unadjusted one, and what could overturn it', async (t) => {
      const input = makeFile(t, 'events.csv', events);
      const { code, stdout } = await run(['estimate', input, '--profile', 'causal', '--threads', '1'], { program });
      assert.equal(code, 0);
      assert.match(
        stdout,
        /^The effect of [^\n]+\n\n[^\n]+\n +Adjusted difference +\+\d+\.\d pp [^\n]+\n +Unadjusted difference +\+\d+\.\d pp/,
      );
      assert.match(stdout, /causal only if nothing else drives both treatment and outcome/);
      assert.ok(stdout.indexOf('What could overturn it') < stdout.indexOf('Other averages'));
    });

    test('is refused with a reason and the key that mends it', async (t) => {
      const input = makeFile(t, 'events.csv', events);
      const refused = await run(['estimate', input, '--json'], { program });
      assert.equal(refused.code, 1);
      assert.equal(JSON.parse(refused.stdout).refusals[0].key, 'index.kind');
      assert.match(
        refused.stderr,
        /^causal-sessions: no effect is estimated: Rows of index\.kind session have no time zero\. Set index\.kind to exposure\n$/,
      );
      const text = await run(['estimate', input], { program });
      assert.match(text.stdout, /\nNo effect is estimated\n +Rows of index\.kind session have no time zero/);
    });
  });
}

/** A table in which age drives both t and y, and t adds a tenth to the risk of y; `cells`: of further columns, by row. */
function tableOf(rows, head = '', cells = () => '') {
  let state = 7;
  const share = () => (state = (state * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32;
  const lines = Array.from({ length: rows }, (_, row) => {
    const age = 20 + Math.floor(50 * share());
    const t = Number(share() < 0.2 + (0.5 * (age - 20)) / 50);
    const y = Number(share() < 0.1 + (0.4 * (age - 20)) / 50 + 0.1 * t);
    return `${age},${t},${y}${cells(row, t, y)}\n`;
  });
  return `age,t,y${head}\n${lines.join('')}`;
}

const skipped = !existsSync(nativeCommand) && 'the native command is not built';

test('both commands tell the same of a finished table, whoever made it', { skip: skipped }, async (t) => {
  const folder = makeFolder(t);
  const [made, packed] = [join(folder, 'made.csv'), join(folder, 'made.csv.gz')];
  const text = tableOf(4000, ',channel,who', (row) => `,${row % 3 ? 'web' : 'shop'},user ${row % 2000}`);
  writeFileSync(made, text);
  writeFileSync(packed, gzipSync(text));
  const input = makeFile(t, 'events.csv', events);
  const out = join(folder, 'out');
  const prepared = ['prepare', input, '--out', out, '--profile', 'causal', '--format', 'covariates,covariates-csv'];
  assert.equal((await run(prepared)).code, 0);
  const roles = ['--treatment', 't', '--outcome', 'y', '--user', 'who'];
  for (const words of [
    [made, ...roles],
    [packed, ...roles, '--covariates', 'age,channel', '--json'],
    [join(out, 'data', '*_covariates.parquet'), '--json'],
    [join(out, 'data', '*_covariates.csv')],
    [made, ...roles, '--covariates', 'age,missing'],
    [made, ...roles, '--covariates', 'age,who'],
    [made, '--treatment', 'age', '--outcome', 'y', '--json'],
    [made, ...roles, '--set', 'session.gapHours=3'],
    [made, ...roles, '--set', 'input.separator=;'],
    [join(folder, 'none.csv')],
  ]) {
    const [node, native] = await Promise.all(
      Object.values(hosts).map((program) => run(['estimate', '--table', ...words], { program })),
    );
    assert.deepEqual(node, native, words.join(' '));
  }
});

test('the table of covariates tells what its events told', async (t) => {
  const input = makeFile(t, 'events.csv', events);
  const out = join(makeFolder(t), 'out');
  assert.equal((await run(['prepare', input, '--out', out, '--profile', 'causal', '--format', 'covariates'])).code, 0);
  const told = await run(['estimate', '--table', join(out, 'data', '*_covariates.parquet'), '--json']);
  assert.equal(told.code, 0, told.stderr);
  const { table, estimand, ...found } = JSON.parse(told.stdout);
  const { estimand: _, warnings: __, ...expected } = await estimateOf({ profile: 'causal' });
  const { negativeControls } = found.adjusted; // which need events
  assert.deepEqual([negativeControls.controls, negativeControls.calibration], [[], null]);
  assert.match(negativeControls.notCalibrated, /^A finished table has no events/);
  assert.deepEqual(found, { ...expected, warnings: [], adjusted: { ...expected.adjusted, negativeControls } });
  assert.match(estimand, /^The effect of “treatment” being 1/);
  assert.deepEqual([table.treatment, table.outcome, table.user], ['treatment', 'outcome', 'user_id']);
  assert.match(told.stderr, /A table shows neither how its rows were chosen/);
});

test('both commands say the same, byte for byte', {
  skip: skipped,
}, async (t) => {
  const input = makeFile(t, 'events.csv', events);
  for (const more of [['--json'], [], ['--set', 'split.folds=3'], ['--set', 'estimate.negativeControls=["auction"]']]) {
    const args = ['estimate', input, '--profile', 'causal', ...more];
    const [node, native] = await Promise.all(Object.values(hosts).map((program) => run(args, { program })));
    assert.deepEqual(node, native);
  }
});
