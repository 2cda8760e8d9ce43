/** What may be wrong with the data is said on every face: module, both commands, audit and manifest. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { prepare } from '../../web/dist/node.js';
import { command, eventsCsv, makeFile, makeFolder, nativeCommand, run, toText } from './support.mjs';

/** Four rows of six have no user, as databases write it; all event types of the plan are there. */
const MARKERS = eventsCsv([
  ['\\N', '2025-09-05 10:00:00', 'impression', 'p1'],
  ['\\N', '2025-09-05 10:00:01', 'click', 'p1'],
  ['\\N', '2025-09-05 10:00:02', 'impression', '\\N'],
  ['\\N', '2025-09-05 10:00:03', 'purchase', 'p2'],
  ['u1', '2025-09-05 10:00:00', 'impression', 'p1'],
  ['u1', '2025-09-05 10:00:05', 'auction', ''],
]);
const SENTENCE = /^4 events of 6 have the user "\\N", which counts as one person; .*input\.nulls$/;
const programs = [
  ['in Node', [process.execPath, command]],
  ['native', [nativeCommand]],
];
const built = (program) => ({ skip: !existsSync(program.at(-1)) && 'not built' });

test('the report has them, with their counts and the key that settles them', async () => {
  const dataset = await prepare(MARKERS, {}, { audit: true });
  const [notice, ...others] = dataset.report.notices;
  assert.deepEqual(others, []);
  assert.equal(notice.code, 'nullMarkers');
  assert.match(notice.message, SENTENCE);
  assert.deepEqual([notice.counts, notice.key], [{ users: 4, items: 1 }, 'input.nulls']);
  assert.deepEqual(dataset.audit.notices, dataset.report.notices);
  assert.deepEqual(JSON.parse(toText(await dataset.manifest([]))).notices, dataset.report.notices);
  dataset.dispose();
});

test('the key settles it, and what is missing then can be left out', async () => {
  const input = { nulls: ['\\N'] };
  await assert.rejects(prepare(MARKERS, { input }), { code: 'badRows' });
  const dataset = await prepare(MARKERS.replace('\\N,2025-09-05 10:00:00', 'u2,2025-09-05 10:00:00'), {
    input,
    rows: { bad: 'drop' },
  });
  assert.deepEqual(dataset.report.notices.map(({ code, counts }) => [code, counts]).slice(0, 1), [
    ['rowsLeftOut', { rows: 3, of: 6 }],
  ]);
  assert.equal(
    dataset.report.notices.some(({ code }) => code === 'nullMarkers'),
    false,
  );
  dataset.dispose();
});

for (const [name, program] of programs) {
  describe(`the command ${name}`, built(program), () => {
    const inFolder = (t) => [makeFile(t, 'events.csv', MARKERS), join(makeFolder(t), 'out')];
    const LINE = /^causal-sessions: notice: 4 events of 6 have the user "\\N", .*\n$/;

    test('prints them beside the report', async (t) => {
      const [path, out] = inFolder(t);
      const { code, stdout, stderr } = await run(['prepare', path, '--out', out], { program });
      assert.equal(code, 0);
      assert.match(stderr, LINE);
      assert.doesNotMatch(stdout, /one person/);
      assert.equal(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')).notices.length, 1);
    });

    test('prints them with --quiet too, since nobody else tells', async (t) => {
      const [path, out] = inFolder(t);
      const { stdout, stderr } = await run(['prepare', path, '--out', out, '--quiet'], { program });
      assert.equal(stdout, '');
      assert.match(stderr, LINE);
    });

    test('has them in the report with --json, and nowhere else', async (t) => {
      const [path, out] = inFolder(t);
      const { stdout, stderr } = await run(['prepare', path, '--out', out, '--json'], { program });
      assert.equal(stderr, '');
      assert.match(JSON.parse(stdout).report.notices[0].message, SENTENCE);
    });

    test('audits with them before the findings', async (t) => {
      const [path] = inFolder(t);
      const { code, stdout, stderr } = await run(['audit', path], { program });
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /\n\nNotices \(1\)\n {2}4 events of 6 have .*\n\nFindings \(/);
    });

    test('cannot be driven by what is in them', async (t) => {
      const path = makeFile(
        t,
        'events.csv',
        eventsCsv([
          ['u1', '2025-09-05 10:00:00', 'impression', ''],
          ['u1', '2025-09-05 10:00:05', 'vi\x1b[2Jew', ''],
          ['u1', '2025-09-05 10:00:06', 'click', ''],
          ['u1', '2025-09-05 10:00:07', 'purchase', ''],
        ]),
      );
      const { code, stderr } = await run(
        ['prepare', path, '--out', join(makeFolder(t), 'out'), '--set', 'events.unknown=drop', '--quiet'],
        { program },
      );
      assert.equal(code, 0);
      assert.match(stderr, /^causal-sessions: notice: 1 row of 4 was left out: .*vi\\x1b\[2Jew/);
      assert.doesNotMatch(stderr, /\x1b/);
    });
  });
}

describe('native and Node say the same', built([nativeCommand]), () => {
  for (const args of [['--out', 'out'], ['--out', 'out', '--quiet'], ['--out', 'out', '--json'], ['audit']]) {
    test(args.join(' '), async (t) => {
      const path = makeFile(t, 'events.csv', MARKERS);
      const words = args[0] === 'audit' ? ['audit', path] : ['prepare', path, ...args];
      const [here, there] = await Promise.all(programs.map(([, program]) => run(words, { program, cwd: makeFolder(t) })));
      assert.equal(there.stderr, here.stderr);
      if (args.includes('--json'))
        assert.deepEqual(JSON.parse(there.stdout).report.notices, JSON.parse(here.stdout).report.notices);
      else assert.equal(there.stdout, here.stdout);
    });
  }
});

describe('what a file says in two places', () => {
  const header = 'user,time,type,item\n';
  const files = [
    [
      'clicks.csv',
      `${header}u1,2025-09-05 10:00:00,impression,p1\nu1,2025-09-05 10:00:01,click,p1\n`,
      { input: { files: [{ match: 'clicks*', type: 'click' }] } },
      'typesByFile',
      /^\S*clicks\.csv has a column "type", but all of its events have the type that input\.files gives it/,
    ],
    [
      'type=click/a.csv',
      `${header}u1,2025-09-05 10:00:00,impression,p1\nu1,2025-09-05 10:00:01,,p1\n`,
      {},
      'otherThanFolder',
      /^\S*type=click\/a\.csv, row 1: the column "type" has "impression", and the folder "type=click"; of 1 such row in 1 file/,
    ],
    [
      'sent.ndjson',
      '{"user":"u1","timestamp":1757055780,"events":[{"type":"impression","shown_date":"2025-09-05"},{"type":"click"}]}\n',
      { input: { rows: 'events[]' } },
      'outsideOfRows',
      /^\S*sent\.ndjson: the time is that of "timestamp", which stands outside of input\.rows, .* name "shown_date", .* in columns\.time/,
    ],
  ];
  for (const [name, text, plan, code, sentence] of files) {
    test(`${code} is told by the module and both commands`, async (t) => {
      const folder = makeFolder(t);
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      const dataset = await prepare({ path }, plan, { audit: true });
      const [notice] = dataset.report.notices.filter((each) => each.code === code);
      assert.match(notice.message, sentence);
      assert.deepEqual(dataset.audit.notices, dataset.report.notices);
      assert.equal(dataset.report.input.events, 2);
      dataset.dispose();
      for (const [, program] of programs.filter(([, words]) => existsSync(words.at(-1)))) {
        const out = join(folder, 'out');
        const { code: ended, stderr } = await run(
          ['prepare', path, '--out', out, '--quiet', '--set', `input=${JSON.stringify(plan.input ?? {})}`],
          { program },
        );
        assert.equal(ended, 0, stderr);
        assert.match(
          stderr.match(new RegExp(`^causal-sessions: notice: (.*${name.replaceAll('.', '\\.')}.*)$`, 'm'))[1],
          sentence,
        );
      }
    });
  }

  test('a type by file beside columns.type of the file is refused', async () => {
    const plan = { columns: { type: 'type' }, input: { files: [{ match: '*', type: 'click' }] } };
    await assert.rejects(prepare(`${header}u1,2025-09-05 10:00:00,impression,p1\n`, plan), {
      code: 'badPlan',
      message: /columns\.type names its column "type", and input\.files gives all of its events the type "click"/,
    });
  });
});
