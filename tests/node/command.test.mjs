/** The command: what it takes, what it prints, how it ends. What it refuses is in refusals.test.mjs. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { planKeys, prepare, readPlan, simulate, simulateTruth } from '../../web/dist/node.js';
import { wrongUses } from './wrong-uses.mjs';
import {
  fingerprint,
  goldenCase,
  goldenCases,
  makeFile,
  makeFolder,
  readFolder,
  repository,
  run,
  SMALL_EVENTS,
  start,
  toText,
} from './support.mjs';

const [{ input }] = goldenCases;
/** Has every event type of the default plan, so that there is nothing to notice. */
const calm = goldenCase('typical').input;
const BODY = SMALL_EVENTS.slice(SMALL_EVENTS.indexOf('\n') + 1);

describe('ends with 0', () => {
  test("and writes the notebook's files", async (t) => {
    const out = join(makeFolder(t), 'a', 'new', 'folder');
    const { code, stdout, stderr } = await run(['prepare', input, '--out', out]);
    assert.equal(code, 0, stderr);
    const names = ['train', 'validation', 'test'].flatMap((part) =>
      ['parquet', 'pkl'].map((end) => `data/${part}_sessions.${end}`),
    );
    assert.deepEqual(
      Object.keys(readFolder(out)),
      [...names, 'README.md', 'data/processing_metadata.json', 'models/vocab.json', 'manifest.json']
        .map((path) => join(...path.split('/')))
        .sort(),
    );
    for (const name of names) assert.ok(stdout.includes(`${out}/${name}`), stdout);
    for (const [name, bytes] of Object.entries(readFolder(out))) assert.ok(bytes.length > 0, name);
  });

  test('quietly where standard error is no terminal', async (t) => {
    const { stderr, stdout } = await run(['prepare', calm, '--out', join(makeFolder(t), 'out')]);
    assert.equal(stderr, '');
    assert.doesNotMatch(stdout, /\x1b|\r/);
    assert.match(stdout, /difference\n/);
  });

  test('and says nothing at all with --quiet, where there is nothing to notice', async (t) => {
    const { code, stderr, stdout } = await run([
      'prepare',
      calm,
      '--out',
      join(makeFolder(t), 'out'),
      '--quiet',
      '--format',
      'jsonl',
    ]);
    assert.deepEqual([code, stdout, stderr], [0, '', '']);
  });

  test('and prints the report as JSON with --json', async (t) => {
    const out = join(makeFolder(t), 'out');
    const { code, stderr, stdout } = await run(['prepare', input, '--out', out, '--json', '--format', 'jsonl']);
    assert.deepEqual([code, stderr], [0, '']);
    const { report, outputs } = JSON.parse(stdout);
    const dataset = await prepare({ path: input });
    assert.deepEqual(report, dataset.report);
    dataset.dispose();
    const files = readFolder(out);
    assert.deepEqual(outputs.map(({ path }) => join(...path.split('/'))).sort(), Object.keys(files));
    for (const { path, bytes } of outputs) assert.equal(files[join(...path.split('/'))].length, bytes);
  });

  test('over earlier outputs, which it replaces', async (t) => {
    const out = join(makeFolder(t), 'out');
    const other = makeFile(t, 'events.csv', SMALL_EVENTS);
    for (const file of [other, input]) assert.equal((await run(['prepare', file, '--out', out, '--format', 'jsonl'])).code, 0);
    const fresh = join(makeFolder(t), 'out');
    assert.equal((await run(['prepare', input, '--out', fresh, '--format', 'jsonl'])).code, 0);
    assert.deepEqual(readFolder(out), readFolder(fresh));
  });

  test('with formats in any order, and one given twice', async (t) => {
    const outs = [];
    for (const list of ['jsonl,pickle', 'pickle,jsonl', 'jsonl,pickle,jsonl']) {
      outs.push(join(makeFolder(t), 'out'));
      const { code, stderr } = await run(['prepare', input, '--out', outs.at(-1), '--format', list]);
      assert.equal(code, 0, stderr);
    }
    for (const out of outs.slice(1)) assert.deepEqual(readFolder(out), readFolder(outs[0]));
  });

  test('with several files, relative paths and names with spaces', async (t) => {
    const folder = makeFile(t, 'more events.csv', SMALL_EVENTS).replace(/[\\/]more events\.csv$/, '');
    const { code, stdout, stderr } = await run(
      ['prepare', 'more events.csv', input, '--out', 'out put', '--json', '--format', 'jsonl'],
      { cwd: folder },
    );
    assert.equal(code, 0, stderr);
    assert.deepEqual(
      JSON.parse(stdout).report.input.files.map((file) => file.name),
      ['more events.csv', input],
    );
    assert.ok(existsSync(join(folder, 'out put', 'models', 'vocab.json')));
  });

  test('for --help, no arguments, and --version', async () => {
    const help = await run(['--help']);
    for (const args of [[], ['-h'], ['prepare', '--help']]) assert.deepEqual(await run(args), help);
    assert.equal(help.code, 0);
    for (const name of ['prepare', 'inspect', 'plan', 'simulate', '--out', '--plan', '--set', '--format', '--json'])
      assert.ok(help.stdout.includes(name), name);
    const { version } = JSON.parse(readFileSync(join(repository, 'web/package.json'), 'utf8'));
    assert.deepEqual(await run(['--version']), { code: 0, signal: null, stdout: `causal-sessions ${version}\n`, stderr: '' });
  });

  test('when the reader of its output goes away', async () => {
    const { child, ended } = start(['simulate', '--events', '200000', '--out', '-']);
    child.stdout.once('data', () => child.stdout.destroy());
    const { code, stderr } = await ended;
    assert.deepEqual([code, stderr], [0, '']);
  });
});

describe('ends with 2 over wrong use', () => {
  for (const [name, [args, rule, stdin]] of Object.entries(wrongUses(input))) {
    test(name, async (t) => {
      const cwd = makeFolder(t);
      const { code, stdout, stderr } = await run(args, { cwd, input: stdin });
      assert.equal(code, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, rule);
      assert.match(stderr, /^causal-sessions: [^\n]+\n(Try: causal-sessions --help\n)?$/);
      assert.deepEqual(readFolder(cwd), {});
    });
  }

  test('but takes a plan from standard input', async () => {
    const { code, stdout } = await run(['plan', '--plan', '-', '--set', 'split.seed=7'], {
      input: '\uFEFF{"session": {"gapHours": 3}}',
    });
    const plan = JSON.parse(stdout);
    assert.deepEqual([code, plan.session.gapHours, plan.split.seed], [0, 3, 7]);
  });

  test('tells machines, too', async () => {
    const { code, stdout } = await run(['prepare', input, '--json']);
    assert.equal(code, 2);
    assert.deepEqual(JSON.parse(stdout), {
      error: { code: 'wrongUse', message: 'prepare: missing --out DIR (where to write)', where: {} },
    });
  });
});

describe('the plan', () => {
  const planOf = async (...args) => {
    const { code, stdout, stderr } = await run(['plan', ...args]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout);
  };

  test('is printed whole, and is its own input', async (t) => {
    const plan = await planOf();
    assert.deepEqual(plan, await readPlan());
    assert.deepEqual(Object.keys(plan), [
      'profile',
      'preset',
      'input',
      'columns',
      'time',
      'events',
      'rows',
      'data',
      'session',
      'treatment',
      'outcome',
      'index',
      'sequence',
      'covariates',
      'vocabulary',
      'split',
      'estimate',
      'output',
    ]);
    assert.deepEqual(plan.session, { gapHours: 24, minEvents: 2, minEventsOf: 'session', maxHours: null });
    assert.deepEqual(plan.split, {
      kind: 'shuffle',
      seed: 42,
      train: 0.7,
      validation: 0.15,
      test: 0.15,
      folds: null,
      validationFrom: null,
      testFrom: null,
    });
    assert.deepEqual(await planOf('--plan', makeFile(t, 'plan.json', JSON.stringify(plan))), plan);
  });

  test('takes --plan, and --set over it, the last one winning', async (t) => {
    const file = makeFile(t, 'plan.json', '\ufeff{"session": {"gapHours": 3, "minEvents": 4}, "split": {"seed": 7}}');
    const plan = await planOf('--plan', file, '--set', 'session.gapHours=5', '--set', 'session.gapHours=6.5');
    assert.deepEqual(plan.session, { gapHours: 6.5, minEvents: 4, minEventsOf: 'session', maxHours: null });
    assert.equal(plan.split.seed, 7);
  });

  test('takes values as JSON, or else as text', async () => {
    const plan = await planOf(
      '--set',
      'events.types=["view","cart","buy"]',
      '--set',
      'treatment.type=cart',
      '--set',
      'outcome.type="buy"',
      '--set',
      'columns.user=2',
      '--set',
      'columns.time=at = time',
      '--set',
      'session.maxHours=null',
      '--set',
      'split={"seed": 1}',
    );
    assert.deepEqual(plan.events.types, ['view', 'cart', 'buy']);
    assert.deepEqual([plan.treatment.type, plan.outcome.type], ['cart', 'buy']);
    assert.deepEqual([plan.columns.user, plan.columns.time], [2, 'at = time']);
    assert.equal(plan.session.maxHours, null);
    assert.equal(plan.split.seed, 1);
  });

  test('is what prepare runs, and what the report repeats', async (t) => {
    const out = join(makeFolder(t), 'out');
    const file = makeFile(t, 'plan.json', '{"session": {"gapHours": 0.25}, "split": {"seed": 9}}');
    const { code, stdout } = await run([
      'prepare',
      input,
      '--out',
      out,
      '--plan',
      file,
      '--set',
      'split.seed=10',
      '--json',
      '--format',
      'jsonl',
    ]);
    assert.equal(code, 0);
    const { report } = JSON.parse(stdout);
    assert.deepEqual([report.plan.session.gapHours, report.plan.split.seed], [0.25, 10]);
    const dataset = await prepare({ path: input }, { session: { gapHours: 0.25 }, split: { seed: 10 } });
    const written = [
      'models/vocab.json',
      'data/processing_metadata.json',
      ...['train', 'validation', 'test'].map((part) => `data/${part}_sessions.jsonl`),
    ]
      .map((path) => readFileSync(join(out, path), 'utf8'))
      .join('\n----\n');
    assert.equal(written, await fingerprint(dataset));
    dataset.dispose();
  });

  test('has help of each key', async () => {
    const helpOf = async (...args) => {
      const { code, stdout, stderr } = await run(['plan', '--help', ...args]);
      assert.deepEqual([code, stderr], [0, '']);
      return stdout;
    };
    assert.equal(
      await helpOf('index.kind'),
      [
        'index.kind',
        '  Time zero. When the history (X) ends. Both groups need the same starting point; otherwise they are not comparable.',
        '  It takes: one of',
        '    "session"  None',
        '    "exposure"  Each exposure',
        '    "landmark"  Fixed time after session start',
        '    "matched"  Matched to treated sessions',
        '  Default: "session", in the profile causal "exposure"',
        '',
      ].join('\n'),
    );
    assert.match(
      await helpOf('session.maxHours'),
      /\n {2}It takes: a number of hours from 0 to 1,000,000, or null\n {2}Default: null\n$/,
    );
    const keysIn = (text) => [...text.matchAll(/^\S+$/gm)].map(([key]) => key);
    const paths = (await planKeys()).map(({ key }) => key);
    assert.deepEqual(
      keysIn(await helpOf('session')),
      paths.filter((path) => path.startsWith('session.')),
    );
    const all = await helpOf();
    assert.deepEqual(keysIn(all), paths);
    assert.deepEqual(await run(['plan', '-h']), await run(['plan', '--help']));
    for (const key of paths) assert.ok(all.includes(await helpOf(key)), key);
  });

  test('can come through standard input', async () => {
    const { code, stdout } = await run(['plan', '--plan', '-'], { input: '{"split": {"seed": 11}}' });
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).split.seed, 11);
  });
});

describe('inspect', () => {
  test('shows format, columns and first rows', async () => {
    const { code, stdout, stderr } = await run(['inspect', input]);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /csv, separator ","/);
    for (const pair of [/user +USER_ID/, /time +event_timestamp/, /type +event_type/, /item +product_id/])
      assert.match(stdout, pair);
  });

  test('tells what the columns hold, of the first rows, and says so', async (t) => {
    const rows = Array.from({ length: 40 }, (_, i) => `u${i % 4},2026-03-${10 + (i % 20)},${i % 4 ? 'view' : 'cart'},${i}`);
    const file = makeFile(t, 'events.csv', `user_id,timestamp,event_type,price\n${rows.join('\n')}\n`);
    const { stdout } = await run(['inspect', file]);
    assert.match(stdout, /Columns in the first 40 rows:/);
    assert.match(stdout, /user_id +text +0 +4 +u0 +u3 +u0 10, u1 10, u2 10/);
    assert.match(stdout, /timestamp +time +0 +20 +2026-03-10 +2026-03-29/);
    assert.match(stdout, /price +number +0 +40 +0 +39\n/);
    assert.match(stdout, /Those rows over time: [▁▂▃▄▅▆▇█ ]{20,24}\n/);
    const { sample } = JSON.parse((await run(['inspect', file, '--json'])).stdout);
    assert.equal(sample.rows, 40);
    assert.deepEqual(sample.columns[2].frequent, [
      { value: 'view', rows: 30 },
      { value: 'cart', rows: 10 },
    ]);
  });

  test('tells machines the same', async () => {
    const { code, stdout } = await run(['inspect', input, '--json']);
    assert.equal(code, 0);
    const found = JSON.parse(stdout);
    assert.deepEqual(found.columns, { user: 'USER_ID', time: 'event_timestamp', type: 'event_type', item: 'product_id' });
    assert.equal(found.problem, null);
    assert.equal(found.rows.length, 10);
  });

  test('shows what it can of a file that a run would refuse, and ends with 1', async (t) => {
    const { code, stdout, stderr } = await run(['inspect', makeFile(t, 'events.csv', 'who,when\na,b\n')]);
    assert.equal(code, 1);
    assert.match(stdout, /who +when/);
    assert.match(stderr, /no column looks like the user/);
  });

  test('is one JSON document with --json, with a problem too', async (t) => {
    const { code, stdout, stderr } = await run(['inspect', makeFile(t, 'events.csv', 'who,when\na,b\n'), '--json']);
    assert.equal(code, 1);
    const { columnNames, problem } = JSON.parse(stdout);
    assert.deepEqual(columnNames, ['who', 'when']);
    assert.equal(stderr, `causal-sessions: ${problem.message}\n`);
  });

  test('keeps control characters of the data from the terminal', async (t) => {
    const { stdout } = await run(['inspect', makeFile(t, 'events.csv', 'user_id,ts,event\n\x1b[31mred,2025-09-05,click\n')]);
    assert.doesNotMatch(stdout, /\x1b/);
  });
});

describe('simulate', () => {
  test('writes the same events for the same seed, to a file or to standard output', async (t) => {
    const path = join(makeFolder(t), 'events.csv');
    const { code, stdout } = await run(['simulate', '--out', path, '--events', '3000', '--seed', '7', '--json']);
    assert.equal(code, 0);
    const bytes = readFileSync(path);
    assert.deepEqual(JSON.parse(stdout), {
      path,
      bytes: bytes.length,
      events: 3000,
      seed: 7,
      truth: path.replace('.csv', '.truth.json'),
    });
    const piped = await run(['simulate', '--out', '-', '--events', '3000', '--seed', '7']);
    assert.equal(piped.stdout, toText(bytes));
    assert.equal(toText(bytes).trimEnd().split('\n').length, 3001);
    assert.notEqual((await run(['simulate', '--out', '-', '--events', '3000', '--seed', '8'])).stdout, piped.stdout);
  });

  test('writes the truth beside the events, unless told not to', async (t) => {
    const folder = makeFolder(t);
    const options = [
      '--events',
      '3000',
      '--effect',
      '-1.5',
      '--confounding',
      '0.5',
      '--users',
      '40',
      '--items',
      '100',
      '--days',
      '3',
      '--late',
      '0.01',
      '--draws',
      '5000',
    ];
    const { code, stdout } = await run(['simulate', '--out', 'some.events.csv', ...options], { cwd: folder });
    assert.equal(code, 0);
    assert.deepEqual(readdirSync(folder).sort(), ['some.events.csv', 'some.events.truth.json']);
    const truth = JSON.parse(readFileSync(join(folder, 'some.events.truth.json'), 'utf8'));
    assert.match(
      stdout,
      new RegExp(`some.events.truth.json: the effect of a click is ${truth.effect.toFixed(4)}, by Monte Carlo\n$`),
    );
    assert.ok(truth.effect < 0 && truth.effect > -1, `${truth.effect}`);
    assert.ok(Math.abs(truth.effect - (truth.riskTreated - truth.riskUntreated)) < 1e-9);
    assert.match(truth.estimand, /^[^\n]+within 24 hours[^\n]+\.$/);
    assert.deepEqual(truth.options, {
      events: 3000,
      users: 40,
      items: 100,
      days: 3,
      effect: -1.5,
      confounding: 0.5,
      pace: 1,
      linger: 1,
      impulse: 0,
      hidden: 0,
      overlap: 0,
      carryover: 0,
      varying: 0,
      coarseClock: 0,
      lateShare: 0.01,
      seed: 1,
      draws: 5000,
    });
    for (const effect of [truth.effectOnTreated, truth.effectOnOverlap]) assert.ok(effect < 0 && effect > -1, `${effect}`);
    const users = new Set(
      readFileSync(join(folder, 'some.events.csv'), 'utf8')
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[0]),
    );
    assert.equal(users.size, 40);

    const bare = makeFolder(t);
    assert.equal((await run(['simulate', '--out', 'events', '--events', '300', '--no-truth'], { cwd: bare })).code, 0);
    assert.deepEqual(readdirSync(bare), ['events']);
  });

  test('takes what makes streams hard, by name', async (t) => {
    const wanted = { pace: 10, linger: 2, impulse: 0.05, hidden: 0.5, overlap: 1, carryover: -0.2, varying: 0.3, coarseClock: 1 };
    const words = Object.entries({ ...wanted, effect: -2 }).flatMap(([name, value]) => [
      `--${name === 'coarseClock' ? 'coarse-clock' : name}`,
      `${value}`,
    ]);
    const folder = makeFolder(t);
    const { code, stderr } = await run(['simulate', '--out', 'events.csv', '--events', '3000', '--draws', '2000', ...words], {
      cwd: folder,
    });
    assert.equal(code, 0, stderr);
    const { options } = JSON.parse(readFileSync(join(folder, 'events.truth.json'), 'utf8'));
    assert.deepEqual({ ...options, ...wanted, effect: -2 }, options);
    const times = readFileSync(join(folder, 'events.csv'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[1]);
    assert.ok(
      times.every((time) => /:\d\d(\.0+)?$/.test(time)),
      'a clock that ticks once a second',
    );
  });

  test('has the same truth in JavaScript', async () => {
    const options = { events: 3000, effect: 1, draws: 2000 };
    const truth = await simulateTruth(options);
    assert.deepEqual({ ...truth.options, ...options }, truth.options);
    assert.ok(truth.effect > 0 && truth.standardError > 0);
    const none = await simulateTruth({ events: 3000, effect: 0, draws: 2000 });
    assert.equal(none.effect, 0);
    assert.notEqual(await (await simulate({ ...options, confounding: 3 })).text(), await (await simulate(options)).text());
    for (const [wrong, message] of [
      [{ effect: 11 }, /^simulate\.effect is 11; it must be a number from -10 to 10$/],
      [{ effect: NaN }, /^simulate\.effect is NaN;/],
      [{ events: null }, /^simulate\.events is null;/],
      [{ events: [5] }, /^simulate\.events is \[5\];/],
      [{ evnts: 5 }, /^simulate\.evnts is not an option; there are events, users,/],
    ]) {
      for (const call of [simulate, simulateTruth])
        await assert.rejects(call(wrong), { name: 'EventDataError', code: 'badPlan', message });
    }
  });

  test('makes what prepare takes', async (t) => {
    const { stdout: events } = await run(['simulate', '--out', '-', '--events', '3000']);
    const { code, stdout } = await run(['prepare', '-', '--out', join(makeFolder(t), 'out'), '--json', '--format', 'jsonl'], {
      input: events,
    });
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).report.input.events, 3000);
  });
});

describe('an interrupt ends with 130 and leaves what was there', {
  skip: process.platform === 'win32' && 'there are no signals',
}, () => {
  async function makeUsedFolder(t) {
    const out = join(makeFolder(t), 'out');
    assert.equal((await run(['prepare', input, '--out', out, '--format', 'jsonl'])).code, 0);
    return { out, earlier: readFolder(out) };
  }

  for (const signal of ['SIGINT', 'SIGTERM']) {
    test(`${signal} half-way through a long input`, { timeout: 30_000 }, async (t) => {
      const { out, earlier } = await makeUsedFolder(t);
      const { child, ended } = start(['prepare', '-', '--out', out, '--format', 'jsonl']);
      child.stdin.on('error', () => undefined);
      const rows = BODY.repeat(4000);
      child.stdin.write(SMALL_EVENTS);
      let sent = 0;
      while (sent < 40e6 && !child.stdin.destroyed) {
        await new Promise((resolve) => child.stdin.write(rows, resolve));
        sent += rows.length;
        if (sent > 20e6 && !child.killed) child.kill(signal);
      }
      const { code, stdout, stderr } = await ended;
      child.stdin.destroy();
      assert.deepEqual([code, stdout, stderr], [130, '', 'causal-sessions: stopped; nothing was written.\n']);
      assert.deepEqual(readFolder(out), earlier);
    });
  }

  test('while nothing comes through standard input', { timeout: 30_000 }, async (t) => {
    const { out, earlier } = await makeUsedFolder(t);
    const { child, ended } = start(['prepare', '-', '--out', out, '--format', 'jsonl']);
    t.after(() => child.kill('SIGKILL'));
    // More than a pipe holds: once it is written, the command is reading.
    await new Promise((resolve) => child.stdin.write(SMALL_EVENTS + BODY.repeat(8000), resolve));
    await sleep(200);
    child.kill('SIGINT');
    assert.equal((await Promise.race([ended, sleep(5000, { code: 'still waiting' })])).code, 130);
    assert.deepEqual(readFolder(out), earlier);
  });

  test('simulate leaves no half-written file', { timeout: 30_000 }, async (t) => {
    const folder = makeFolder(t);
    const { child, ended } = start(['simulate', '--events', '50000000', '--out', join(folder, 'events.csv')]);
    while (readdirSync(folder).length === 0) await sleep(10);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    assert.deepEqual([code, stderr], [130, 'causal-sessions: stopped; nothing was written.\n']);
    assert.deepEqual(readFolder(folder), {});
  });
});
