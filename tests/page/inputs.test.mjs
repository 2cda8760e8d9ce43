/** Inputs that are not plain text: the page says what they are, shows their rows, and makes the notebook's files of them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import { arrow, gzip, parquet, zstd } from './containers.mjs';
import { chooseFiles, download, openPage, readZip, repository, run } from './support.mjs';

const golden = join(repository, 'tests/cases/notebook/typical');
const text = readFileSync(join(golden, 'events.csv'), 'utf8');

for (const [name, bytes, described] of [
  ['events.csv.gz', gzip(text), /^gzip, CSV, [\d.]+ kB$/],
  ['events.csv.zst', zstd(text), /^zstd, CSV, [\d.]+ kB$/],
  ['semicolons.gz', gzip(text.replaceAll(',', ';')), /^gzip, CSV separated by semicolon, [\d.]+ kB$/],
  ['events.parquet', parquet(text), /^Parquet, [\d.]+ kB$/],
  ['events.arrows', arrow(text), /^Arrow, [\d.]+ kB$/],
]) {
  test(`${name} is described, shown and read`, async (t) => {
    const { page, errors, close } = await openPage(browser, server.address);
    t.after(close);
    const sent = server.requests.length;
    await chooseFiles(page, { name, mimeType: 'application/octet-stream', buffer: bytes });
    assert.match(await page.locator('.file-list .help').innerText(), described);
    const rows = page.locator('.preview tbody tr');
    assert.equal(await rows.count(), 8);
    const user = text.split('\n')[1].split(',')[0];
    assert.match(await rows.first().innerText(), new RegExp(`^1\\s+${user}\\s+2025-09-05.*\\s+auction\\s+empty$`, 's'));
    assert.doesNotMatch(await page.locator('.stage-data').innerText(), /undefined|null|NaN/);
    await run(page);
    await page.getByLabel('JSON lines', { exact: true }).check();
    const { bytes: zip } = await download(page, () => page.getByRole('button', { name: 'Download all as ZIP' }).click());
    const files = readZip(zip);
    for (const [path, expected] of [
      ['models/vocab.json', 'vocab.json'],
      ['data/processing_metadata.json', 'processing_metadata.json'],
      ...['train', 'validation', 'test'].map((part) => [`data/${part}_sessions.jsonl`, `${part}.jsonl`]),
    ]) assert.deepEqual(files[path], readFileSync(join(golden, 'expected', expected)), path);
    assert.deepEqual(server.requests.slice(sent), []);
    assert.deepEqual(errors, []);
  });
}

for (const [name, bytes, sentence] of [
  ['cut.csv.gz', gzip(text).subarray(0, 40), /cut\.csv\.gz/],
  ['cut.parquet', parquet(text).subarray(0, 500), /cut\.parquet/],
  ['cut.arrow', arrow(text).subarray(0, 200), /cut\.arrow/],
  ['empty.csv.gz', gzip(''), /empty\.csv\.gz/],
]) {
  test(`${name} is refused without an empty table`, async (t) => {
    const { page, close } = await openPage(browser, server.address);
    t.after(close);
    await chooseFiles(page, { name, mimeType: 'application/octet-stream', buffer: bytes });
    if ((await page.locator('.stage-data .notice').count()) === 0) await run(page);
    assert.match(await page.locator('.notice-problem').first().innerText(), sentence);
    assert.equal(await page.locator('table').filter({ hasNot: page.locator('td') }).count(), 0);
    assert.doesNotMatch(await page.locator('.stage-data').innerText(), /undefined|null|NaN/);
  });
}

test('a Parquet file without rows shows its columns as choices and no table', async (t) => {
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  await chooseFiles(page, { name: 'none.parquet', mimeType: 'application/octet-stream', buffer: parquet(`${text.split('\n')[0]}\n`) });
  assert.equal(await page.locator('.preview').count(), 0);
  assert.match(await page.locator('.columns-fields').innerText(), /Found by its name\./);
  assert.match(await page.locator('.stage-data').innerText(), /It has no rows\./);
});

test('the picker offers what can be read', async (t) => {
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  const accept = await page.locator('input[type=file]').getAttribute('accept');
  for (const extension of ['.csv', '.tsv', '.json', '.ndjson', '.parquet', '.arrow', '.gz', '.zst']) assert.ok(accept.split(',').includes(extension), extension);
  assert.match(await page.locator('.drop').innerText(), /CSV, TSV, JSON, JSON lines, Parquet or Arrow.*gzip or zstd/);
});
