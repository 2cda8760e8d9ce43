/** The native command and the one in Node: the same files, byte for byte, and the same sentences. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { listFormats } from '../../web/dist/node.js';
import { dataRefusals, planRefusals, toPlan } from './refusals.mjs';
import { wrongUses } from './wrong-uses.mjs';
import {
  command,
  goldenCases,
  makeFile,
  makeFolder,
  nativeCommand,
  readFolder,
  repository,
  run,
  SMALL_EVENTS,
  toText,
} from './support.mjs';

const skip =
  !existsSync(nativeCommand) &&
  'there is no build/release/causal-sessions; build it with cmake --preset release && cmake --build --preset release';
const native = (args, options) => run(args, { ...options, program: [nativeCommand] });
const tables = await listFormats();
const settingsFor = (formats) => ['--format', formats.map(({ name }) => name).join(','), '--set', 'output.padTo=16'];

async function assertSameOutputs(t, input, ...settings) {
  const formats = tables.filter(({ needsTimeZero }) => !needsTimeZero || settings.includes('causal'));
  const [here, there] = [join(makeFolder(t), 'out'), join(makeFolder(t), 'out')];
  const [inNode, outside] = await Promise.all([
    run(['prepare', input, '--out', here, '--json', ...settingsFor(formats), ...settings]),
    native(['prepare', input, '--out', there, '--json', ...settingsFor(formats), ...settings]),
  ]);
  assert.deepEqual([inNode.code, outside.code], [0, 0], inNode.stderr + outside.stderr);
  const [ours, theirs] = [readFolder(here), readFolder(there)];
  assert.deepEqual(Object.keys(theirs), Object.keys(ours));
  assert.equal(Object.keys(ours).length, 3 * formats.length + 4); // and dictionary, metadata, vocabulary, manifest
  for (const [name, bytes] of Object.entries(ours)) assert.ok(bytes.equals(theirs[name]), `${name} differs`);
  assert.deepEqual(JSON.parse(outside.stdout), JSON.parse(inNode.stdout));
}

describe('native and WebAssembly give the same bytes', { skip }, () => {
  for (const { name, input } of goldenCases) test(`for the golden case ${name}`, (t) => assertSameOutputs(t, input));

  describe('for 20,000 simulated events', () => {
    const folder = mkdtempSync(join(tmpdir(), 'causal-sessions-'));
    const events = join(folder, 'events.csv');
    after(() => rmSync(folder, { recursive: true }));
    before(async () => {
      assert.equal((await run(['simulate', '--out', events, '--events', '20000', '--seed', '11'])).code, 0);
    });

    test('which are the same themselves', async (t) => {
      const path = join(makeFolder(t), 'events.csv');
      assert.equal((await native(['simulate', '--out', path, '--events', '20000', '--seed', '11'])).code, 0);
      assert.ok(readFileSync(path).equals(readFileSync(events)));
    });

    test('and so is their truth, whatever is simulated', async (t) => {
      const [here, there] = [makeFolder(t), makeFolder(t)];
      const options = [
        '--out',
        'other.csv',
        '--events',
        '9000',
        '--effect',
        '-0.7',
        '--confounding=1.5',
        '--users',
        '50',
        '--items',
        '90',
        '--days',
        '2.5',
        '--late',
        '.03',
        '--seed',
        '4294967295',
        '--draws',
        '3000',
      ];
      assert.equal((await run(['simulate', ...options], { cwd: here })).code, 0);
      assert.equal((await native(['simulate', ...options], { cwd: there })).code, 0);
      const [ours, theirs] = [readFolder(here), readFolder(there)];
      assert.deepEqual(Object.keys(ours), ['other.csv', 'other.truth.json']);
      assert.deepEqual(theirs, ours);
      const [piped, natively] = await Promise.all(
        [run, native].map((program) => program(['simulate', '--out', '-', ...options.slice(2)])),
      );
      assert.equal(natively.stdout, piped.stdout);
      assert.equal(piped.stdout, toText(ours['other.csv']));
    });

    test("with the plan's defaults", (t) => assertSameOutputs(t, events));

    test('with everything set otherwise', (t) =>
      assertSameOutputs(
        t,
        events,
        ...[
          'session.gapHours=0.3',
          'session.minEvents=3',
          'session.maxHours=2',
          'time.ties=priority',
          'time.zone=+05:30',
          'sequence.maxEvents=7',
          'sequence.keep=last',
          'sequence.minEvents=4',
          'sequence.padding=impression',
          'vocabulary.fitOn=train',
          'vocabulary.minCount=2',
          'split.seed=7',
          'split.train=0.5',
          'split.validation=0.25',
          'split.test=0.25',
          'treatment.type=impression',
          'outcome.type=click',
        ].flatMap((set) => ['--set', set]),
      ));

    for (const profile of ['notebook', 'causal']) {
      test(`told by the profile ${profile}`, async (t) => {
        const args = ['prepare', events, '--out', join(makeFolder(t), 'out'), '--profile', profile];
        const here = await run(args);
        const there = await native(args);
        assert.deepEqual(there, here);
        assert.match(here.stdout, /\n20,000 events of /);
      });
    }

    test('with the profile causal', (t) => assertSameOutputs(t, events, '--profile', 'causal', '--set', 'split.folds=3'));

    for (const profile of ['notebook', 'causal']) {
      test(`audited by the profile ${profile}`, async () => {
        const args = ['audit', events, '--profile', profile];
        const [here, there, text, otherText] = await Promise.all([
          run([...args, '--json']),
          native([...args, '--json']),
          run(args),
          native(args),
        ]);
        assert.deepEqual([here.code, there.code], [0, 0], here.stderr + there.stderr);
        assert.equal(there.stdout, here.stdout);
        assert.equal(otherText.stdout, text.stdout);
        const audit = JSON.parse(here.stdout);
        assert.equal(audit.profile, profile);
        assert.equal(audit.leakage.outcomeInX.rows === 0, profile === 'causal');
      });
    }

    test('audited against another plan, also of events that are read once', async (t) => {
      const against = makeFile(t, 'causal.json', '{"profile": "causal"}');
      const otherZone = makeFile(t, 'zone.json', '{"time": {"zone": "+01:00"}, "session": {"gapHours": 2}}');
      const input = readFileSync(events);
      const both = async (args, options) => {
        const [here, there] = await Promise.all([run(args, options), native(args, options)]);
        assert.deepEqual(there, here);
        assert.equal(here.code, 0, here.stderr);
        return here.stdout;
      };
      const audits = await Promise.all(
        ['notebook', 'causal'].map(async (profile) =>
          JSON.parse((await run(['audit', events, '--profile', profile, '--json'])).stdout),
        ),
      );
      const text = await both(['audit', events, '--against', against, '--json']);
      const compared = JSON.parse(text);
      for (const [i, side] of ['plan', 'against'].entries()) {
        const { all } = audits[i].split;
        assert.equal(compared[side].rows, all.rows);
        assert.equal(compared[side].naiveDifference, all.naiveDifference);
        assert.deepEqual(compared[side].interval95, all.interval95);
        const others = audits[1 - i].findings.map(({ code }) => code);
        const own = audits[i].findings.filter(({ code }) => !others.includes(code));
        assert.deepEqual(
          compared.findings[side].map(({ code }) => code),
          [...new Set(own.map(({ code }) => code))],
        );
      }
      assert.deepEqual(
        compared.settings.find(({ key }) => key === 'index.kind'),
        { key: 'index.kind', plan: 'session', against: 'exposure' },
      );
      assert.equal(await both(['audit', '-', '--against', against, '--json'], { input }), text);
      assert.match(await both(['audit', events, '--against', against]), /unadjusted difference +\+\d+\.\d pp +\+\d+\.\d pp\n/);
      const zoned = JSON.parse(await both(['audit', events, '--against', otherZone, '--json']));
      assert.deepEqual(
        zoned.settings.map(({ key }) => key),
        ['time.zone', 'session.gapHours'],
      );
    });

    test('audited in a narrow terminal, whose lines it keeps to', async () => {
      const [here, there] = await Promise.all(
        [[process.execPath, command], [nativeCommand]].map((program) =>
          run(['audit', events], { program: ['/usr/bin/env', 'COLUMNS=60', ...program] }),
        ),
      );
      assert.equal(there.stdout, here.stdout);
      const lines = here.stdout.split('\n');
      assert.deepEqual(
        lines.filter((line) => line.length > 60),
        [],
      );
      const wide = await run(['audit', events]);
      assert.ok(wide.stdout.split('\n').some((line) => line.length > 100));
      const words = (text) => new Set(text.split(/\s+/));
      assert.deepEqual(words(here.stdout), words(wide.stdout), 'nothing is left out');
    });

    test('with stable ties and a plan from a file', (t) =>
      assertSameOutputs(
        t,
        events,
        '--plan',
        makeFile(t, 'plan.json', '{"time": {"ties": "input"}, "session": {"gapHours": 0.1}}'),
      ));
  });

  test('for an input without a kept session', (t) =>
    assertSameOutputs(t, makeFile(t, 'events.csv', SMALL_EVENTS), '--set', 'session.minEvents=100'));

  test('told of rows that are dropped', async (t) => {
    const input = makeFile(
      t,
      'events.csv',
      `${SMALL_EVENTS}u3,"yester\tday \x1b[1m",click,p\nu3,2025-09-05,"ein ""ü""",p\n,2025-09-05,click,p\n`,
    );
    const args = ['prepare', input, '--out', join(makeFolder(t), 'out'), '--set', 'events.unknown=drop'];
    const here = await run(args);
    assert.deepEqual(await native(args), here);
    assert.match(here.stdout, /\n3 rows skipped: /);
  });

  test('for rows that are dropped', (t) =>
    assertSameOutputs(
      t,
      makeFile(
        t,
        'events.csv',
        `${SMALL_EVENTS}u3,yesterday,click,p\nu3,2025-09-05,view,p\n,2025-09-05,click,p\nu3,2025-09-05\n`,
      ),
      '--set',
      'events.unknown=drop',
    ));

  test('for JSON lines', async (t) => {
    const lines = Array.from({ length: 500 }, (_, i) =>
      JSON.stringify({ uid: i % 9, ts: 1757066400 + i * 61.25, event: i % 50 ? 'impression' : 'click', sku: `p${i % 31}` }),
    );
    await assertSameOutputs(t, makeFile(t, 'events.jsonl', lines.join('\n')));
  });

  test('for the plan', async () => {
    const [ours, theirs] = [await run(['plan', '--set', 'split.seed=3']), await native(['plan', '--set', 'split.seed=3'])];
    assert.deepEqual(JSON.parse(theirs.stdout), JSON.parse(ours.stdout));
  });
});

describe('native and WebAssembly refuse in the same words', { skip }, () => {
  for (const wrong of [
    '--events=0',
    '--events 1e10',
    '--users 500 --events 1000',
    '--items 5',
    '--days 0',
    '--effect 2x',
    '--effect -11',
    '--confounding nan',
    '--late 0.6',
    '--seed -1',
    '--seed 4294967296',
    '--draws 0',
    '--effect=',
  ]) {
    test(`simulate ${wrong}`, async (t) => {
      const cwd = makeFolder(t);
      const args = ['simulate', '--out', 'x.csv', ...wrong.split(' ')];
      const [inNode, outside] = await Promise.all([run(args, { cwd }), native(args, { cwd })]);
      assert.deepEqual([outside.code, inNode.code], [2, 2]);
      assert.equal(outside.stderr.split('\n')[0], inNode.stderr.split('\n')[0]);
      assert.match(inNode.stderr, /^causal-sessions: simulate\.\w+ is /);
      assert.deepEqual(readFolder(cwd), {});
    });
  }

  const firstLine = (text) => text.split('\n')[0];

  for (const { name, content, exitCode } of dataRefusals) {
    test(name, async (t) => {
      const path = makeFile(t, 'events.csv', content);
      const out = join(makeFolder(t), 'out');
      const [ours, theirs] = await Promise.all([run(['prepare', path, '--out', out]), native(['prepare', path, '--out', out])]);
      assert.deepEqual([ours.code, theirs.code], [exitCode, exitCode]);
      assert.equal(firstLine(theirs.stderr), firstLine(ours.stderr));
      assert.equal(theirs.stdout, '');
      assert.equal(existsSync(out), false);
      const [told, toldNatively] = await Promise.all(
        [run, native].map((program) => program(['prepare', path, '--out', out, '--json'])),
      );
      assert.deepEqual(JSON.parse(toldNatively.stdout), JSON.parse(told.stdout));
    });
  }

  test('help and version', async () => {
    for (const args of [['--help'], ['prepare', '-h'], ['--version'], []]) assert.deepEqual(await native(args), await run(args));
  });

  const keyWords = [
    [],
    ['session'],
    ['index.kind'],
    ['sesion'],
    ['session.gap'],
    ['session', 'split'],
    ['session', '--json'],
    ['sesion', '--json'],
  ];
  for (const words of keyWords) {
    test(['help of the plan', ...words].join(' '), async () => {
      const here = await run(['plan', '--help', ...words]);
      assert.deepEqual(await native(['plan', '--help', ...words]), here);
      assert.deepEqual(await native(['plan', ...words, '-h']), here);
    });
  }

  test('a file for plan', async () => assert.deepEqual(await native(['plan', 'session']), await run(['plan', 'session'])));

  test('verify and simulate, for machines', async (t) => {
    const out = join(makeFolder(t), 'out');
    assert.equal((await run(['prepare', goldenCases[0].input, '--out', out, '--format', 'jsonl'])).code, 0);
    const verify = ['verify', join(out, 'manifest.json'), goldenCases[0].input, '--json'];
    const simulate = ['simulate', '--out', join(out, 'events.csv'), '--events', '1000', '--draws', '100'];
    for (const args of [verify, [...simulate, '--json'], simulate]) {
      const here = await run(args);
      assert.equal(here.code, 0, here.stderr);
      assert.deepEqual(await native(args), here);
    }
  });

  for (const { name, settings, exitCode } of planRefusals) {
    if (Object.values(settings).some((value) => typeof value === 'number' && !Number.isFinite(value))) continue;
    test(name, async (t) => {
      const plan = makeFile(t, 'plan.json', JSON.stringify(toPlan(settings)));
      const [ours, theirs] = await Promise.all([run(['plan', '--plan', plan]), native(['plan', '--plan', plan])]);
      assert.deepEqual([ours.code, theirs.code], [exitCode, exitCode]);
      assert.equal(firstLine(theirs.stderr), firstLine(ours.stderr));
    });
  }

  test('an input that would be written over', async (t) => {
    const out = makeFolder(t);
    const input = makeFile(t, 'events.csv', SMALL_EVENTS);
    assert.equal((await run(['prepare', input, '--out', out, '--format', 'csv', '--no-manifest'])).code, 0);
    const again = join(out, 'data', 'train_sessions.csv');
    writeFileSync(again, SMALL_EVENTS);
    const [ours, theirs] = await Promise.all(
      [run, native].map((program) => program(['prepare', again, '--out', out, '--format', 'csv'])),
    );
    assert.deepEqual([ours.code, theirs.code], [1, 1], ours.stderr + theirs.stderr);
    assert.equal(firstLine(theirs.stderr), firstLine(ours.stderr));
    assert.equal(readFileSync(again, 'utf8'), SMALL_EVENTS);
  });

  test('a directory, a missing file, a format that there is not', async (t) => {
    const out = join(makeFolder(t), 'out');
    const missing = join(out, 'missing.csv');
    assert.equal(
      firstLine((await native(['prepare', missing, '--out', out])).stderr),
      firstLine((await run(['prepare', missing, '--out', out])).stderr),
    );
    const wrong = [
      [1, [makeFolder(t)]],
      [1, [missing]],
      [2, [goldenCases[0].input, '--format', 'xlsx']],
    ];
    for (const [exitCode, args] of wrong) {
      const theirs = await native(['prepare', ...args, '--out', out]);
      assert.equal(theirs.code, exitCode, theirs.stderr);
      assert.equal(existsSync(out), false);
    }
  });
});

describe('native and WebAssembly inspect alike', { skip }, () => {
  const { tableFromArrays, tableToIPC } = createRequire(`${repository}/web/package.json`)('apache-arrow');
  const lines = 'user,time,type,item\nü1,5,click,"a ""b"""\n\x1b[31mu2,6,impression,\n';
  const table = () =>
    tableFromArrays({ user: ['a', 'b', 'a'], time: new Float64Array([1, 2, 3]), type: ['click', 'impression', 'click'] });
  const columns = (count) =>
    JSON.stringify({ user: Array(count).fill('u'), time: Array(count).fill(5), type: Array(count).fill('click') });
  const inputs = {
    CSV: () => lines,
    'tabs, without a header': () => 'a\t1757030400\tclick\nb\t1757030401\tclick\n',
    NDJSON: () => '{"uid":"日本","ts":1757066400,"event":"click","x":{"y":1}}\n',
    'a JSON object of columns': () => columns(40_000),
    'the same in gzip': () => gzipSync(columns(40_000)),
    gzip: () => gzipSync(lines),
    'an Arrow stream': () => tableToIPC(table(), 'stream'),
    'an Arrow file': () => tableToIPC(table(), 'file'),
    'an Arrow file in gzip': () => gzipSync(tableToIPC(table(), 'file')),
    Parquet: async (t) => {
      const out = join(makeFolder(t), 'out');
      assert.equal((await native(['prepare', goldenCases[0].input, '--out', out, '--format', 'parquet', '--quiet'])).code, 0);
      return readFileSync(join(out, 'data/train_sessions.parquet'));
    },
    'what a run would refuse': () => 'who,when\na,b\n',
    'an empty file': () => '',
    'a long line': () => 'user,time,type,note\n' + `u,5,click,${'n'.repeat(300_000)}\n`.repeat(3),
  };
  for (const [name, make] of Object.entries(inputs)) {
    for (const args of [['--json'], [], ['--json', '--rows', '1'], ['--set', 'columns.user=2', '--json']]) {
      test(`${name} ${args.join(' ')}`, async (t) => {
        const path = makeFile(t, 'events', await make(t));
        const [ours, theirs] = await Promise.all([run(['inspect', path, ...args]), native(['inspect', path, ...args])]);
        assert.deepEqual(theirs, ours);
        const input = readFileSync(path);
        const piped = { ...(await native(['inspect', '-', ...args], { input })) };
        assert.equal(piped.stdout.replaceAll('standard input', path), ours.stdout);
      });
    }
  }

  for (const [name, [args, rule, stdin]] of Object.entries(wrongUses(goldenCases[0].input))) {
    test(`wrong use: ${name}`, async (t) => {
      const cwd = makeFolder(t);
      const [inNode, outside] = await Promise.all([run(args, { cwd, input: stdin }), native(args, { cwd, input: stdin })]);
      assert.match(outside.stderr, rule);
      assert.deepEqual(outside, inNode);
      assert.equal(outside.code, 2);
      assert.deepEqual(readFolder(cwd), {});
    });
  }

  test('a plan on standard input', async () => {
    const [args, options] = [['plan', '--plan', '-', '--set', 'split.seed=7'], { input: '\uFEFF{"session": {"gapHours": 3}}' }];
    const outside = await native(args, options);
    assert.equal(outside.code, 0, outside.stderr);
    assert.deepEqual(outside, await run(args, options));
  });

  test('wrong use', async () => {
    for (const args of [[], ['a', 'b'], ['a', '--rows', 'many'], ['a', '--rows', '-1']]) {
      assert.equal((await native(['inspect', ...args])).code, 2);
      assert.equal((await run(['inspect', ...args])).code, 2);
    }
  });
});

test('the native command takes a format that is given twice', { skip }, async (t) => {
  const out = join(makeFolder(t), 'out');
  const { code, stderr } = await native(['prepare', goldenCases[0].input, '--out', out, '--format', 'jsonl,jsonl']);
  assert.equal(code, 0, stderr);
  assert.equal(Object.keys(readFolder(out)).length, 7);
});

describe('the native command', { skip }, () => {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    test(`stops at ${signal} and leaves nothing`, { timeout: 60_000 }, async (t) => {
      const out = join(makeFolder(t), 'out');
      const child = spawn(nativeCommand, ['prepare', '-', '--out', out]);
      let stderr = '';
      child.stderr.on('data', (text) => (stderr += text));
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.stdin.on('error', () => undefined);
      // More than a pipe holds, so some of it has been read once it is all written.
      await new Promise((resolve) => child.stdin.write(SMALL_EVENTS + 'u,2025-09-05,click,p\n'.repeat(20_000), resolve));
      child.kill(signal);
      assert.equal(await ended, 130);
      assert.equal(stderr, 'causal-sessions: stopped; nothing was written.\n');
      assert.equal(existsSync(out), false);
    });
  }

  const noTerminal = spawnSync('script', ['--version']).status !== 0 && 'there is no script(1) to give the command a terminal';
  test('shows on a terminal how far it is', { skip: noTerminal }, (t) => {
    const args = ['prepare', goldenCases[0].input, '--out', join(makeFolder(t), 'out'), '--format', 'jsonl'];
    const { stdout } = spawnSync('script', ['-qec', [nativeCommand, ...args].map((word) => `'${word}'`).join(' '), '/dev/null'], {
      encoding: 'utf8',
    });
    assert.match(stdout, /reading \[[#.]{24}\] \d+ % {2}\d+\.\d MB of \d+\.\d MB {2}\d+\.\d MB\/s {2}\d+ s left/);
    assert.match(stdout, /writing data\/train_sessions\.jsonl/);
  });
});

test('the native command writes the same files on any number of threads, and on as many as are asked for', {
  skip,
}, async (t) => {
  const folder = makeFolder(t);
  const events = join(folder, 'events.csv');
  assert.equal((await native(['simulate', '--out', events, '--events', '150000', '--no-truth'])).code, 0); // 22 MB: read in chunks
  for (const plan of [[], ['--profile', 'causal'], ['--profile', 'causal', '--set', 'index.kind=matched']]) {
    const made = async (threads) => {
      const out = join(folder, `out-${threads}-${plan.length}`);
      const options = ['--format', 'parquet,pickle,audit', '--threads', String(threads), '--quiet'];
      const { code, stderr } = await native(['prepare', events, '--out', out, ...options, ...plan]);
      assert.equal(code, 0, stderr);
      return readFolder(out);
    };
    const one = await made(1);
    for (const threads of [2, 3, 8, 64]) {
      for (const [name, bytes] of Object.entries(await made(threads))) {
        assert.ok(bytes.equals(one[name]), `${name} differs on ${threads} threads, ${plan.join(' ')}`);
      }
    }
  }
});
