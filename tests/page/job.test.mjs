/** The main job through the page: the example, then the notebook's own cases, from the file to the downloads. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import {
  figure,
  allMeasured,
  chooseFiles,
  download,
  importFromWeb,
  loadExample,
  openPage,
  readZip,
  repository,
  run,
} from './support.mjs';

const { parquetReadObjects } = await importFromWeb('hyparquet');

const PARTS = ['train', 'validation', 'test'];
const cases = join(repository, 'tests/cases/notebook');

const linesOf = (bytes) =>
  bytes
    .toString('utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const bytesOf = (buffer) => buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.length);

test('the example becomes files, and nothing is asked of the network', async (t) => {
  const { page, errors, requests, close } = await openPage(browser, server.address);
  t.after(close);
  const [sent, seen] = [server.requests.length, requests.length];

  await loadExample(page);
  await run(page);
  assert.match(
    await page.locator('.done').innerText(),
    /^Done in [\d.]+ s: [\d,]+ training rows from [\d,]+ sessions and [\d,]+ users(\. about [\d,]+ events\/s| \(file not re-read\)\.)$/,
  );
  const report = page.locator('.stage-result');
  assert.equal(await figure(page, 'Rows read'), '20,000');
  assert.equal(await report.locator('.split-table tbody tr').count(), 4);
  assert.match(await report.locator('.lift-table tbody tr').last().innerText(), /All\s+[\d.]+%\s+[\d.]+%\s+[+−][\d.]+ pp/);
  assert.match(await report.innerText(), /This is not a causal effect\./);
  assert.equal(await page.locator('.look-table tbody tr').count(), 8);

  await allMeasured(page);
  const { name, bytes } = await download(page, () => page.getByRole('button', { name: 'Download all as ZIP' }).click());
  assert.equal(name, 'causal-sessions.zip');
  const files = readZip(bytes);
  assert.deepEqual(
    Object.keys(files).sort(),
    [
      'README.md',
      'data/processing_metadata.json',
      'manifest.json',
      ...PARTS.flatMap((part) => [`data/${part}_sessions.parquet`, `data/${part}_sessions.pkl`]),
      'models/vocab.json',
    ].sort(),
  );
  for (const part of PARTS) {
    const parquet = files[`data/${part}_sessions.parquet`];
    assert.equal(parquet.toString('latin1', 0, 4) + parquet.toString('latin1', parquet.length - 4), 'PAR1PAR1');
  }
  const single = await download(page, () => page.getByRole('button', { name: 'Download models/vocab.json' }).click());
  assert.equal(single.name, 'vocab.json');
  assert.deepEqual(single.bytes, files['models/vocab.json']);

  assert.deepEqual(server.requests.slice(sent), []);
  assert.deepEqual(
    requests.slice(seen).filter((address) => !address.startsWith('blob:')),
    [],
  );
  assert.deepEqual(errors, []);
});

test("the notebook's cases give the notebook's files, to the byte", async (t) => {
  const { page, errors, close } = await openPage(browser, server.address);
  t.after(close);
  for (const name of readdirSync(cases).sort()) {
    await t.test(name, async () => {
      const expected = (file) => readFileSync(join(cases, name, 'expected', file));
      await chooseFiles(page, join(cases, name, 'events.csv'));
      await run(page);
      await page.getByLabel('JSON lines', { exact: true }).check();
      await allMeasured(page);
      const { bytes } = await download(page, () => page.getByRole('button', { name: 'Download all as ZIP' }).click());
      const files = readZip(bytes);
      assert.equal(Object.keys(files).length, 13);
      assert.deepEqual(files['models/vocab.json'], expected('vocab.json'));
      assert.deepEqual(files['data/processing_metadata.json'], expected('processing_metadata.json'));
      for (const part of PARTS) {
        const lines = expected(`${part}.jsonl`);
        assert.deepEqual(files[`data/${part}_sessions.jsonl`], lines);
        const rows = await parquetReadObjects({ file: bytesOf(files[`data/${part}_sessions.parquet`]) });
        const wanted = linesOf(lines);
        assert.deepEqual(
          rows.map((row) => row.sequence),
          wanted.map((row) => row.sequence),
        );
        assert.deepEqual(
          rows.map((row) => row.session_id),
          wanted.map((row) => row.session_id),
        );
      }
    });
  }
  assert.deepEqual(errors, []);
});

test('an arm without sessions has no rate and no difference', async (t) => {
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  await chooseFiles(page, join(cases, 'nobody_clicks/events.csv'));
  await run(page);
  const all = page.locator('.lift-table tbody tr').last();
  assert.match(await all.innerText(), /All\s+[\d.]+%\s+n\/a\s+n\/a/);
  assert.equal(await page.locator('[data-chart=naive-difference]').isVisible(), false, 'there is nothing to draw');
});

test('several files are one stream, in the order shown', async (t) => {
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  const text = readFileSync(join(cases, 'typical/events.csv'), 'utf8');
  const [header, ...rows] = text.trimEnd().split('\n');
  const half = rows.length >> 1;
  const file = (name, lines) => ({ name, mimeType: 'text/csv', buffer: Buffer.from([header, ...lines].join('\n') + '\n') });
  await chooseFiles(page, [file('second.csv', rows.slice(half)), file('first.csv', rows.slice(0, half))]);
  await page.getByRole('button', { name: 'Move first.csv up' }).click();
  assert.deepEqual(await page.locator('.file-list .name').allInnerTexts(), ['first.csv', 'second.csv']);
  await run(page);
  const { bytes } = await download(page, () => page.getByRole('button', { name: 'Download models/vocab.json' }).click());
  assert.deepEqual(bytes, readFileSync(join(cases, 'typical/expected/vocab.json')));
});
