/** The data dictionary beside the files: the same from both commands, true to the files, and safe to open. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { prepare, simulate } from '../../web/dist/node.js';
import { command, goldenCase, makeFile, makeFolder, nativeCommand, readFolder, run, shopWithType, toText } from './support.mjs';

const hosts = { Node: [process.execPath, command], native: [nativeCommand] };
const golden = goldenCase('typical').input;
const events = new Uint8Array(await (await simulate({ events: 20_000, seed: 4 })).arrayBuffer());

/** Cells of the rows of each Markdown table, by the heading above it. */
function tablesOf(text) {
  const tables = {};
  let heading = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) heading = line.replace(/^#+ /, '');
    if (line.startsWith('| ') || line.startsWith('|-'))
      (tables[heading] ??= []).push(
        line
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
  }
  for (const [name, rows] of Object.entries(tables)) tables[name] = rows.slice(2);
  return tables;
}

for (const [host, program] of Object.entries(hosts)) {
  describe(`the data dictionary of the command in ${host}`, { skip: !existsSync(program.at(-1)) }, () => {
    test('is what the module writes, is in the manifest, and is verified', async (t) => {
      const out = join(makeFolder(t), 'out');
      const input = makeFile(t, 'events.csv', events);
      const { code, stderr } = await run(['prepare', input, '--out', out, '--profile', 'causal', '--quiet'], { program });
      assert.equal(code, 0, stderr);
      const text = readFileSync(join(out, 'README.md'), 'utf8');
      const dataset = await prepare(events, { profile: 'causal' });
      assert.equal(text, toText(await dataset.write('dictionary')));
      const { train } = dataset.report.splits;
      dataset.dispose();
      const { outputs } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
      assert.ok(outputs.some(({ path, format }) => path === 'README.md' && format === 'dictionary'));
      const verified = await run(['verify', join(out, 'manifest.json'), input], { program });
      assert.equal(verified.code, 0, verified.stderr);
      const [part, rows] = tablesOf(text)['What the table is'][0];
      assert.deepEqual([part, Number(rows.replaceAll(',', ''))], ['train', train.sessions]);
      assert.match(
        text,
        /^The effect of “click” after an exposure \(“impression”\), within 5 min and before the user's next exposure, against none/m,
      );
      assert.match(text, /cluster every error by user/);
      assert.doesNotMatch(text, /\b20\d\d-\d\d-\d\d[T ]/, 'it has no time');
    });

    test("is left out with the manifest, and the notebook's files are as they were", async (t) => {
      const [out, alone] = [join(makeFolder(t), 'out'), join(makeFolder(t), 'out')];
      for (const args of [[out], [alone, '--no-manifest']])
        assert.equal((await run(['prepare', golden, '--quiet', '--out', ...args], { program })).code, 0);
      const { 'README.md': dictionary, 'manifest.json': manifest, ...others } = readFolder(out);
      assert.ok(dictionary.length > 0 && manifest.length > 0);
      assert.deepEqual(readFolder(alone), others);
    });
  });
}

test('a dictionary without a time zero offers no causal models and no covariates', async () => {
  const dataset = await prepare({ path: golden });
  const text = toText(await dataset.write('dictionary'));
  dataset.dispose();
  assert.match(text, /no time zero, so it describes sessions and supports no causal estimate/);
  assert.doesNotMatch(text, /EconML|_covariates/);
});

test('names of the input cannot write Markdown or turn the direction of the text', async () => {
  const hostile = 'view|`<b>\u202Ex\n# y';
  const { events, plan } = shopWithType(hostile, 40);
  const dataset = await prepare(events, plan);
  const text = toText(await dataset.write('dictionary'));
  dataset.dispose();
  assert.ok(!text.includes('\u202E') && !text.includes('<b>') && !/^# y/m.test(text), text);
  assert.ok(text.includes('view\\|\\`\\<b\\>\\\\u202ex\\\\u000a\\# y'), text);
  const columns = tablesOf(text)['Columns of `_covariates.parquet` `_covariates.csv`'];
  assert.ok(columns.every((cells) => cells.length === 3));
});
