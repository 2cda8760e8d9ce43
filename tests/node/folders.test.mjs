/** Folders, patterns and parts without rows: what they stand for, and that both commands and the module say the same. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { inspect, prepare } from '../../web/dist/node.js';
import { command, eventsCsv, makeFolder, nativeCommand, readFolder, repository, run, toText } from './support.mjs';

const programs = [[process.execPath, command], ...(existsSync(nativeCommand) ? [[nativeCommand]] : [])];
const parts = join(repository, 'tests/cases/inputs/r6-parts');

const events = (user, type = 'click') =>
  eventsCsv([
    [user, '2025-09-05 10:00:00', 'impression', 'p1'],
    [user, '2025-09-05 10:00:05', type, 'p1'],
  ]);

/** Path below a folder of its own -> text. */
function makeTree(t, files) {
  const root = makeFolder(t);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

/** What every command says; it has to be the same of all. */
async function ask(args, cwd) {
  const answers = [];
  for (const program of programs) answers.push(await run(args, { program, cwd }));
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  return answers[0];
}

/** Prepares with every command; the files have to be the same of all. */
async function prepared(words, cwd) {
  const outputs = [];
  const answers = [];
  for (const program of programs) {
    const out = join(cwd, 'out');
    answers.push(await run(['prepare', ...words, '--out', 'out', '--format', 'jsonl'], { program, cwd }));
    if (existsSync(out)) outputs.push(readFolder(out));
    rmSync(out, { recursive: true, force: true });
  }
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  for (const output of outputs) assert.deepEqual(output, outputs[0]);
  const manifest = outputs[0] && JSON.parse(toText(outputs[0]['manifest.json']));
  return { ...answers[0], names: manifest?.inputs.map(({ name }) => name) };
}

const TREE = {
  'events/event_type=click/part-0.csv': events('u1'),
  'events/event_type=click/part-1.csv': events('u2'),
  'events/B.csv': events('u3'),
  'events/b-c.csv': events('u4'),
  'events/b/é.csv': events('u5'),
  'events/_SUCCESS': '',
  'events/.part-0.csv.crc': 'crc',
  'events/_delta_log/0.json': '{}',
  'events/b/_temporary/x/y.csv': 'no table',
};

describe('a folder', () => {
  test('stands for all files below it, in the order of their paths', async (t) => {
    const root = makeTree(t, TREE);
    const { code, stdout, names } = await prepared(['events'], root);
    assert.equal(code, 0);
    assert.deepEqual(names, [
      'events/B.csv',
      'events/b-c.csv',
      'events/b/é.csv',
      'events/event_type=click/part-0.csv',
      'events/event_type=click/part-1.csv',
    ]);
    assert.match(stdout, /^Hidden names skipped: 4$/m);
    assert.match(stdout, /^5 files, 0 of them without rows$/m);
  });

  test('is verified beside the manifest, by its parent, by itself and by name', async (t) => {
    const root = makeTree(t, TREE);
    for (const program of programs) {
      await run(['prepare', 'events', '--out', 'out', '--quiet'], { program, cwd: root });
      for (const words of [['--inputs', '.'], ['--inputs', 'events'], ['events']]) {
        const { code, stdout, stderr } = await run(['verify', 'out/manifest.json', ...words], { program, cwd: root });
        assert.deepEqual([code, stdout, stderr], [0, 'Verified: 5 inputs and 9 outputs are identical.\n', ''], words.join(' '));
      }
      const missing = await run(['verify', 'out/manifest.json'], { program, cwd: root });
      assert.equal(missing.code, 1);
      assert.match(missing.stderr, /the input out.events.B\.csv is not there; name its folder with --inputs DIR/);
      rmSync(join(root, 'out'), { recursive: true });
    }
  });

  test('is audited and inspected', async (t) => {
    const root = makeTree(t, { ...TREE, 'events/A.csv': '' });
    assert.equal((await ask(['audit', 'events'], root)).code, 0);
    const { code, stdout } = await ask(['inspect', 'events'], root);
    assert.equal(code, 0);
    assert.match(stdout, /^events\/B\.csv: csv, separator ","$/m);
    assert.match(stdout, /^ {2}It is one of 6 files, of which the first with rows is shown\.$/m);
    assert.equal((await inspect({ path: join(root, 'events') })).files, 6);
    assert.equal(JSON.parse((await ask(['inspect', 'events', '--json'], root)).stdout).files, 6);
  });

  test('gives the module the same, and is the same source again', async (t) => {
    const root = makeTree(t, TREE);
    const first = await prepare({ path: join(root, 'events') }, {}, { keepEvents: true });
    assert.deepEqual(
      first.report.input.files.map(({ name, rows }) => [name, rows]),
      Object.keys(TREE)
        .filter((path) => !/\/[._]/.test(path))
        .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
        .map((name) => [name, 2]),
    );
    assert.equal(first.report.input.passedOver, 4);
    const again = await prepare({ path: join(root, 'events') }, { session: { gapHours: 1 } }, { reuse: first });
    assert.equal(again.reusedEvents, true);
    assert.equal(again.report.input.passedOver, 4);
    again.dispose();
    first.dispose();
  });

  test('with links is read once, and never in a circle', async (t) => {
    const root = makeTree(t, { 'events/a/x.csv': events('u1'), 'far/y.csv': events('u2'), 'events/z.csv': events('u3') });
    symlinkSync('..', join(root, 'events/a/up'));
    symlinkSync('.', join(root, 'events/self'));
    symlinkSync('../../..', join(root, 'events/a/out'));
    symlinkSync('a', join(root, 'events/0'));
    symlinkSync('../far', join(root, 'events/far'));
    symlinkSync('../far/y.csv', join(root, 'events/link.csv'));
    const { code, names } = await prepared(['events'], root);
    assert.equal(code, 0);
    assert.deepEqual(names, ['events/a/x.csv', 'events/far/y.csv', 'events/link.csv', 'events/z.csv']);
  });

  test('with a link to nothing is refused', async (t) => {
    const root = makeTree(t, { 'events/x.csv': events('u1') });
    symlinkSync('nowhere', join(root, 'events/y.csv'));
    const { code, stderr } = await prepared(['events'], root);
    assert.equal(code, 1);
    assert.match(stderr, /y\.csv does not exist/);
  });

  test('without a file is refused', async (t) => {
    const root = makeTree(t, { 'events/_SUCCESS': '' });
    const { code, stderr } = await prepared(['events'], root);
    assert.deepEqual(
      [code, stderr],
      [1, 'causal-sessions: events has no file to read; names that begin with . or _ are passed over, 1 of them\n'],
    );
  });

  test('with something else in it says how to leave that out', async (t) => {
    for (const [name, text, said] of [
      ['README.txt', 'Read me first.\n', /no column looks like the user/],
      ['logo.png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), /is a PNG image/],
      ['page.html', '<!doctype html><html></html>', /is an HTML page/],
    ]) {
      const root = makeTree(t, { 'events/a/x.csv': events('u1'), [`events/b/${name}`]: text });
      const { code, stderr } = await prepared(['events'], root);
      assert.equal(code, 1);
      assert.match(stderr, said);
      assert.ok(stderr.includes(`events/b/${name}`), stderr);
      assert.match(stderr, /; to leave it out, give a pattern that the event files match, as in 'events\/\*\*\/\*\.csv'$/m);
      assert.equal((await prepared(['events/**/*.csv'], root)).code, 0);
    }
  });

  test('among files keeps their order', async (t) => {
    const root = makeTree(t, { 'z.csv': events('u1'), 'events/x.csv': events('u2'), 'a.csv': events('u3') });
    assert.deepEqual((await prepared(['z.csv', 'events', './a.csv'], root)).names, ['z.csv', 'events/x.csv', 'a.csv']);
  });
});

describe('a pattern', () => {
  for (const [pattern, expected] of [
    [
      'events/**/*.csv',
      [
        'events/B.csv',
        'events/b-c.csv',
        'events/b/é.csv',
        'events/event_type=click/part-0.csv',
        'events/event_type=click/part-1.csv',
      ],
    ],
    ['events/*.csv', ['events/B.csv', 'events/b-c.csv']],
    ['events/[A-Z].csv', ['events/B.csv']],
    ['events/b/?.csv', ['events/b/é.csv']],
    ['*/event_type=*/part-[!0].csv', ['events/event_type=click/part-1.csv']],
    ['events/event_type=*', ['events/event_type=click/part-0.csv', 'events/event_type=click/part-1.csv']],
  ]) {
    test(`${pattern} matches what a shell would`, async (t) => {
      const { code, names } = await prepared([pattern], makeTree(t, TREE));
      assert.equal(code, 0);
      assert.deepEqual(
        names.map((name) => name.replace(/^(?=event_type|b\/)/, 'events/')),
        expected,
      );
    });
  }

  test('that matches nothing is refused in one sentence', async (t) => {
    const root = makeTree(t, TREE);
    for (const pattern of ['events/*.parquet', 'nowhere/**', 'events/B.csv/*']) {
      const { code, stderr } = await ask(['audit', pattern], root);
      assert.deepEqual([code, stderr], [1, `causal-sessions: ${pattern} matches no file\n`]);
    }
    await assert.rejects(prepare({ path: join(root, '*.x') }), { code: 'emptyInput', message: /\*\.x matches no file$/ });
  });

  test('is a name where a file has it', async (t) => {
    const root = makeTree(t, { 'a[1]*.csv': events('u1'), 'a1.csv': events('u2') });
    assert.deepEqual((await prepared(['a[1]*.csv'], root)).names, ['a[1]*.csv']);
    assert.deepEqual((await prepared(['a[1].csv'], root)).names, ['a1.csv']);
  });
});

describe('parts without rows', () => {
  test('are counted, listed and told, whatever their format', async (t) => {
    const root = makeFolder(t);
    cpSync(parts, join(root, 'parts'), { recursive: true });
    const { code, stdout, stderr, names } = await prepared(['parts'], root);
    assert.equal(code, 0);
    assert.deepEqual(names, ['parts/empty.csv', 'parts/part-0000.csv', 'parts/part-00000.parquet', 'parts/part-00001.parquet']);
    assert.match(stdout, /^4 files, 2 of them without rows$/m);
    assert.match(stderr, /notice: 2 of 4 files have no rows of data \(parts\/empty\.csv and others\)/);
    const { report } = await prepare({ path: join(root, 'parts') });
    assert.equal(report.input.emptyFiles, 2);
    assert.equal(report.input.rows, 4);
  });

  test('of no bytes at all do no harm either', async (t) => {
    const root = makeTree(t, { 'p/0.csv': '', 'p/1.csv': '\n\n', 'p/2.csv': events('u1') });
    const { code, stderr } = await prepared(['p'], root);
    assert.equal(code, 0);
    assert.match(stderr, /notice: 2 of 3 files have no rows of data/);
  });

  test('alone are refused by the first of them', async (t) => {
    const root = makeTree(t, { 'p/0.csv': '', 'p/1.csv': events('u1').split('\n')[0] + '\n' });
    const { code, stderr } = await prepared(['p'], root);
    assert.deepEqual([code, stderr], [1, 'causal-sessions: p/0.csv is empty; a table of events is needed\n']);
  });
});
