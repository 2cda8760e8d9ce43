/** What is refused: in one sentence that names place, finding and rule, and nothing that was there is touched. */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { EventDataError, inspect, prepare, readPlan, writeDataset } from '../../web/dist/node.js';
import { dataRefusals, planRefusals, toPlan } from './refusals.mjs';
import { command, makeFile, makeFolder, nativeCommand, readFolder, run, SMALL_EVENTS, TABLE_FORMATS } from './support.mjs';

/** A folder with the outputs of an earlier run, and something of the user's own. */
async function makeUsedFolder(t) {
  const out = join(makeFolder(t), 'out');
  const dataset = await prepare(SMALL_EVENTS);
  await writeDataset(dataset, out, { formats: TABLE_FORMATS });
  dataset.dispose();
  writeFileSync(join(out, 'data', 'notes.txt'), 'mine');
  return out;
}

const partials = (folder) => readdirSync(folder, { recursive: true }).filter((name) => name.includes('partial'));

/** Runs the command over a folder with earlier outputs and expects one sentence, and no trace of the run. */
async function assertRefused(t, args, { exitCode, rule, code, where, input }) {
  const out = await makeUsedFolder(t);
  const earlier = readFolder(out);
  const ended = await run(['prepare', ...args, '--out', out, '--format', 'jsonl,parquet,pickle', '--json'], { input });
  assert.equal(ended.code, exitCode, ended.stderr);
  assertOneSentence(ended.stderr, rule);
  const { error } = JSON.parse(ended.stdout);
  assert.equal(error.code, code);
  assert.ok(ended.stderr.startsWith(`causal-sessions: ${error.message}\n`));
  for (const [key, value] of Object.entries(where ?? {})) assert.equal(error.where[key], value, key);
  assert.deepEqual(readFolder(out), earlier);
  assert.deepEqual(partials(out), []);
}

function assertOneSentence(stderr, rule) {
  const [line, ...rest] = stderr.split('\n');
  assert.match(line, /^causal-sessions: \S/);
  assert.match(line, rule);
  assert.ok(
    rest.every((text) => text === '' || text === 'Try: causal-sessions --help'),
    stderr,
  );
  assert.doesNotMatch(stderr, /unexpected| {4}at |undefined|\[object/);
}

describe('the command refuses data: exit code 1', () => {
  for (const { name, content, ...refusal } of dataRefusals) {
    test(name, async (t) => {
      const path = makeFile(t, 'events.csv', content);
      await assertRefused(t, [path], { ...refusal, where: { ...refusal.where, file: path } });
    });
  }

  test('from standard input', async (t) => {
    await assertRefused(t, ['-'], {
      exitCode: 1,
      code: 'missingColumn',
      rule: /standard input.*no column looks like the user/,
      input: 'a,b\n1,2\n',
    });
  });

  test('in the second of two files, by its name', async (t) => {
    const bad = makeFile(t, 'second.csv', dataRefusals.find((entry) => entry.name === 'a time that is none').content);
    await assertRefused(t, [makeFile(t, 'first.csv', SMALL_EVENTS), bad], {
      exitCode: 1,
      code: 'badRows',
      rule: /second\.csv, row 21 \(line 22\)/,
      where: { file: bad, row: 21 },
    });
  });

  test('a folder without files', async (t) => {
    await assertRefused(t, [makeFolder(t)], {
      exitCode: 1,
      code: 'emptyInput',
      rule: /has no file to read/,
    });
  });

  test('a pattern that matches nothing', async (t) => {
    await assertRefused(t, [join(makeFolder(t), '**', '*.csv')], {
      exitCode: 1,
      code: 'emptyInput',
      rule: /\*\*.\*\.csv matches no file/,
    });
  });

  test('a file that does not exist, even after one that does', async (t) => {
    const missing = join(makeFolder(t), 'no such.csv');
    await assertRefused(t, [missing], {
      exitCode: 1,
      code: 'unreadable',
      rule: /no such\.csv does not exist/,
      where: { file: missing },
    });
    await assertRefused(t, [makeFile(t, 'a.csv', SMALL_EVENTS), missing], {
      exitCode: 1,
      code: 'unreadable',
      rule: /does not exist/,
    });
  });

  test('a file that this user may not read', { skip: process.getuid?.() === 0 && 'root may read everything' }, async (t) => {
    const path = makeFile(t, 'secret.csv', SMALL_EVENTS);
    chmodSync(path, 0);
    await assertRefused(t, [path], { exitCode: 1, code: 'unreadable', rule: /may not be read/ });
  });
});

test('a refused run prints nothing to standard output and makes no folder', async (t) => {
  const folder = makeFolder(t);
  for (const args of [['-'], ['-', '--set', 'session.gapHours=-1'], ['no such file']]) {
    const { code, stdout } = await run(['prepare', ...args, '--out', join(folder, 'out')], { input: 'a,b\n1,2\n' });
    assert.notEqual(code, 0);
    assert.equal(stdout, '');
  }
  assert.deepEqual(readdirSync(folder), []);
});

describe('the command refuses a plan: exit code 2', () => {
  for (const { name, settings, ...refusal } of planRefusals) {
    const inJson = Object.values(settings).every((value) => typeof value !== 'number' || Number.isFinite(value));
    test(`${name}, by --set`, async (t) => {
      const sets = Object.entries(settings).flatMap(([key, value]) => [
        '--set',
        `${key}=${inJson ? JSON.stringify(value) : value}`,
      ]);
      await assertRefused(t, [makeFile(t, 'events.csv', SMALL_EVENTS), ...sets], refusal);
    });
    test(`${name}, by --plan`, { skip: !inJson && 'JSON has no such number' }, async (t) => {
      const plan = makeFile(t, 'plan.json', JSON.stringify(toPlan(settings)));
      await assertRefused(t, [makeFile(t, 'events.csv', SMALL_EVENTS), '--plan', plan], refusal);
    });
  }

  test('a plan that is not JSON, or not an object, or not there', async (t) => {
    const events = makeFile(t, 'events.csv', SMALL_EVENTS);
    const refusal = { exitCode: 2, code: 'wrongUse' };
    await assertRefused(t, [events, '--plan', makeFile(t, 'plan.json', '{"session": ')], {
      ...refusal,
      rule: /plan\.json is not JSON/,
    });
    await assertRefused(t, [events, '--plan', makeFile(t, 'plan.json', '')], { ...refusal, rule: /plan\.json is not JSON/ });
    await assertRefused(t, [events, '--plan', join(makeFolder(t), 'plan.json')], { ...refusal, rule: /cannot be read/ });
    await assertRefused(t, [events, '--plan', makeFile(t, 'plan.json', '[1]')], {
      ...refusal,
      code: 'badPlan',
      rule: /plan is \[1\]; it must be a JSON object/,
    });
    await assertRefused(t, [events, '--plan', makeFile(t, 'plan.json', '3'), '--set', 'session.gapHours=1'], {
      ...refusal,
      code: 'badPlan',
      rule: /plan is 3; it must be a JSON object/,
    });
  });

  test('a wrong plan is told before a missing file is', async () => {
    const { code, stderr } = await run(['prepare', 'no such file', '--out', 'x', '--set', 'session.gapHours=-1']);
    assert.equal(code, 2);
    assert.match(stderr, /gapHours/);
  });
});

describe('prepare() refuses the same, as EventDataError', () => {
  for (const { name, content, code, rule, where } of dataRefusals) {
    test(name, async () => {
      for (const source of [
        new Blob([content]),
        ReadableStream.from([...Buffer.from(content)].map((byte) => Uint8Array.of(byte))),
      ]) {
        await assert.rejects(prepare(source), (error) => {
          assert.ok(error instanceof EventDataError, String(error));
          assert.equal(error.code, code);
          assert.match(error.message, rule);
          for (const [key, value] of Object.entries(where)) assert.equal(error.where[key], value, key);
          return true;
        });
      }
    });
  }
  for (const { name, settings, code, rule } of planRefusals) {
    test(name, async () => {
      const refusal = { name: 'EventDataError', code, message: rule };
      await assert.rejects(prepare(SMALL_EVENTS, toPlan(settings)), refusal);
      await assert.rejects(readPlan(toPlan(settings)), refusal);
      await assert.rejects(inspect(SMALL_EVENTS, toPlan(settings)), refusal);
    });
  }
});

describe('where nothing can be written: exit code 1', () => {
  async function assertUnwritable(t, out, root, rule) {
    const events = makeFile(t, 'events.csv', SMALL_EVENTS);
    const earlier = readFolder(root);
    const { code, stdout, stderr } = await run(['prepare', events, '--out', out, '--format', 'jsonl']);
    assert.equal(code, 1, stderr);
    assert.equal(stdout, '');
    assertOneSentence(stderr, rule);
    assert.deepEqual(readFolder(root), earlier);
    assert.deepEqual(partials(root), []);
  }

  test('the out path is a file', async (t) => {
    const root = makeFolder(t);
    const out = join(root, 'out');
    writeFileSync(out, 'precious');
    await assertUnwritable(t, out, root, /out.* cannot be written: a file stands where a folder is needed/);
    await assertUnwritable(t, join(out, 'deeper'), root, /cannot be written: a file stands where a folder is needed/);
  });

  test('a folder of the outputs is a file', async (t) => {
    const out = await makeUsedFolder(t);
    rmSync(join(out, 'models'), { recursive: true });
    writeFileSync(join(out, 'models'), 'a file');
    await assertUnwritable(t, out, out, /models.* cannot be written: a file stands where a folder is needed/);
  });

  test('one of the outputs is a folder', async (t) => {
    const out = await makeUsedFolder(t);
    rmSync(join(out, 'models', 'vocab.json'));
    mkdirSync(join(out, 'models', 'vocab.json'));
    await assertUnwritable(t, out, out, /vocab\.json is a directory; a file is to be written there/);
  });

  test('one of the outputs becomes a folder meanwhile: the files that were replaced come back', async (t) => {
    const out = await makeUsedFolder(t);
    const place = join(out, 'models', 'vocab.json');
    rmSync(place);
    const earlier = readFolder(out);
    const dataset = await prepare(SMALL_EVENTS, { profile: 'causal' });
    t.after(() => dataset.dispose());
    const onProgress = ({ path }) => path === 'manifest.json' && mkdirSync(place);
    await assert.rejects(writeDataset(dataset, out, { formats: TABLE_FORMATS, onProgress }), {
      code: 'unwritable',
      message: /vocab\.json is a directory; a file is to be written there/,
    });
    assert.deepEqual(readFolder(out), earlier);
  });

  test('one of the outputs is the input', async (t) => {
    const out = await makeUsedFolder(t);
    const input = join(out, 'data', 'train_sessions.jsonl');
    writeFileSync(input, SMALL_EVENTS);
    const earlier = readFolder(out);
    const { code, stderr } = await run(['prepare', input, '--out', out, '--format', 'jsonl']);
    assert.equal(code, 1, stderr);
    assertOneSentence(stderr, /train_sessions\.jsonl is an input of this run, and would be written over; choose another folder/);
    assert.deepEqual(readFolder(out), earlier);
  });

  test('the out folder is read-only', { skip: process.getuid?.() === 0 && 'root may write everywhere' }, async (t) => {
    const out = await makeUsedFolder(t);
    chmodSync(join(out, 'data'), 0o555);
    t.after(() => chmodSync(join(out, 'data'), 0o755));
    await assertUnwritable(t, out, out, /cannot be written: this user may not write there/);
  });

  for (const program of [[process.execPath, command], [nativeCommand]]) {
    const skip = !existsSync(program.at(-1)) && 'not built';
    test(`folders that were made for files go with them: ${program.at(-1)}`, { skip }, async (t) => {
      const root = makeFolder(t);
      const events = makeFile(t, 'events.csv', SMALL_EVENTS);
      mkdirSync(join(root, 'used', 'data'), { recursive: true });
      // The report is the last to find its place, behind all other files.
      for (const out of [join(root, 'new', 'deeper'), join(root, 'used')]) {
        const words = ['prepare', events, '--out', out, '--format', 'jsonl', '--report', root];
        const { code, stderr } = await run(words, { program });
        assert.equal(code, 1, stderr);
        assertOneSentence(stderr, /is a directory; a file is to be written there/);
      }
      assert.deepEqual(readdirSync(root, { recursive: true }).sort(), ['used', join('used', 'data')]);
    });
  }

  test('simulate refuses in the same way', async (t) => {
    const root = makeFolder(t);
    writeFileSync(join(root, 'file'), 'precious');
    for (const out of [join(root, 'file', 'events.csv'), join(root, 'no', 'such', 'folder.csv'), root]) {
      const { code, stderr } = await run(['simulate', '--out', out, '--events', '10']);
      assert.equal(code, 1, stderr);
      assertOneSentence(stderr, /cannot be written/);
    }
    assert.deepEqual(readFolder(root), { file: Buffer.from('precious') });
  });
});
