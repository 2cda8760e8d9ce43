/** Parts that several runs of the native command read, and the run that merges them: the files of one run, byte for byte. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { makeFolder, nativeCommand, readFolder, repository, run } from './support.mjs';

const skip =
  !existsSync(nativeCommand) &&
  'there is no build/release/causal-sessions; build it with cmake --preset release && cmake --build --preset release';
const native = (args, options) => run(args, { ...options, program: [nativeCommand] });

async function done(args, options) {
  const result = await native(args, options);
  assert.equal(result.code, 0, result.stderr);
  return result;
}

describe('partial runs', { skip }, () => {
  const folder = skip ? '' : mkdtempSync(join(repository, 'build/partial-')); // on a disk, as a run out of core asks for one
  after(() => folder !== '' && rmSync(folder, { recursive: true }));
  before(async () => {
    const events = join(folder, 'all.csv');
    await done(['simulate', '--out', events, '--events', '6000', '--seed', '8', '--no-truth']);
    const [header, ...rows] = readFileSync(events, 'utf8').trimEnd().split('\n');
    mkdirSync(join(folder, 'events'));
    for (let i = 0; i < 5; ++i) {
      const own = rows.slice(i * 1200, (i + 1) * 1200);
      if (i === 3) own.splice(7, 0, 'no,row');
      writeFileSync(join(folder, `events/day-${i}.csv`), [header, ...own, ''].join('\n'));
    }
  });
  const at = (name) => join(folder, name);

  for (const plan of [[], ['--profile', 'causal'], ['--profile', 'causal', '--set', 'index.kind=matched']]) {
    test(`merge into the files of one run: ${plan.join(' ') || 'notebook'}`, async () => {
      const options = [...plan, '--set', 'rows.bad=drop'];
      const files = ['--format', 'parquet,pickle,csv,audit'];
      const { stdout } = await done(['prepare', at('events'), '--out', at('whole'), ...files, ...options]);
      const parts = [];
      for (const part of ['3/3', '1/3', '2/3']) {
        parts.push(at(`part-${part[0]}.arrow`));
        const told = await done(['partial', at('events'), '--part', part, '--out', parts.at(-1), ...options]);
        assert.match(told.stdout, /part-\d\.arrow: [\d,]+ events of [12] inputs?, [\d,]+ bytes\n/);
        const bad = part === '1/3' ? 'causal-sessions: notice: 1 of 2,401 rows cannot be used; merge says which' : '';
        assert.ok(told.stderr.startsWith(bad) && (told.stderr === '') === (bad === ''), told.stderr);
      }
      const merged = await done(['merge', ...parts, '--out', at('merged'), '--memory', '64M', ...files]);
      assert.deepEqual(readFolder(at('merged')), readFolder(at('whole')));
      assert.equal(merged.stdout.replaceAll(at('merged'), at('whole')), stdout);
      // A part is good for every plan that reads alike.
      const other = [...options, '--set', 'session.gapHours=2'];
      await done(['prepare', at('events'), '--out', at('whole'), ...other]);
      await done(['merge', ...parts, '--out', at('merged'), '--set', 'session.gapHours=2']);
      assert.deepEqual(readFileSync(at('merged/manifest.json')), readFileSync(at('whole/manifest.json')));
      assert.equal((await native(['verify', at('merged/manifest.json'), '--inputs', folder])).code, 0);
    });
  }

  test('come from standard input and go to standard output', async () => {
    const whole = ['prepare', at('events/day-0.csv'), at('events/day-1.csv'), '--out', at('whole')];
    await done(whole);
    const parts = [];
    for (const day of ['day-1.csv', 'day-0.csv']) {
      const script = '"$0" partial - --name "$1" --out - < "$2" > "$3"';
      parts.push(at(`${day}.arrow`));
      const words = ['-c', script, nativeCommand, day, at(`events/${day}`), parts.at(-1)];
      assert.equal((await run(words, { program: ['sh'] })).code, 0);
    }
    await done(['merge', ...parts, '--out', at('merged')]);
    assert.deepEqual(readFileSync(at('merged/manifest.json')), readFileSync(at('whole/manifest.json')));
  });

  test('that do not go together are refused', async () => {
    const [first, second] = [at('first.arrow'), at('second.arrow')];
    await done(['partial', at('events/day-0.csv'), '--out', first]);
    await done(['partial', at('events/day-1.csv'), '--out', second, '--set', 'session.gapHours=2']);
    const refused = async (words, message) => {
      const { code, stderr } = await native(['merge', ...words, '--out', at('refused')]);
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
      assert.ok(!existsSync(at('refused')));
    };
    await refused([first, first], /both hold the events of .*day-0\.csv; give each part once/);
    await refused(
      [first, second],
      /were made by plans that differ in session\.gapHours; give merge the one that counts with --plan/,
    );
    await refused([first, '--set', 'rows.bad=drop'], /the plan reads otherwise than that of .*first\.arrow, in rows\.bad/);
    const { code, stderr } = await native(['merge', at('events/day-0.csv'), '--out', at('refused')]);
    assert.equal(code, 1);
    assert.match(stderr, /day-0\.csv: it is no whole partial run; make it with causal-sessions partial/);
  });
});

test('Node refuses them in a sentence', async (t) => {
  for (const words of [
    ['partial', 'x.csv', '--out', join(makeFolder(t), 'x.arrow')],
    ['merge', 'x.arrow', '--out', makeFolder(t)],
  ]) {
    const { code, stderr } = await run(words);
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`^causal-sessions: ${words[0]} works in the native command alone\n`));
  }
});
