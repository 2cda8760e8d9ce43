/** Inputs that are not plain text: the page says what they are, shows their rows, and makes the notebook's files of them. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { answerOf, inputCases, wantedOf } from '../node/inputs.mjs';
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
    const rows = page.locator('.inspection tbody tr');
    assert.equal(await rows.count(), 8);
    const user = text.split('\n')[1].split(',')[0];
    assert.match(await rows.first().innerText(), new RegExp(`^1\\s+${user}\\s+2025-09-05.*\\s+auction\\s+\\(blank\\)$`, 's'));
    assert.doesNotMatch(await page.locator('.stage-data').innerText(), /undefined|null|NaN/);
    await run(page);
    await page.getByLabel('JSON lines', { exact: true }).check();
    const { bytes: zip } = await download(page, () => page.getByRole('button', { name: 'Download all as ZIP' }).click());
    const files = readZip(zip);
    for (const [path, expected] of [
      ['models/vocab.json', 'vocab.json'],
      ['data/processing_metadata.json', 'processing_metadata.json'],
      ...['train', 'validation', 'test'].map((part) => [`data/${part}_sessions.jsonl`, `${part}.jsonl`]),
    ])
      assert.deepEqual(files[path], readFileSync(join(golden, 'expected', expected)), path);
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
    assert.equal(
      await page
        .locator('table')
        .filter({ hasNot: page.locator('td') })
        .count(),
      0,
    );
    assert.doesNotMatch(await page.locator('.stage-data').innerText(), /undefined|null|NaN/);
  });
}

test('a Parquet file without rows shows its columns as choices and no table', async (t) => {
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  await chooseFiles(page, {
    name: 'none.parquet',
    mimeType: 'application/octet-stream',
    buffer: parquet(`${text.split('\n')[0]}\n`),
  });
  assert.equal(await page.locator('.inspection').count(), 0);
  assert.match(await page.locator('.columns-fields').innerText(), /Detected from the column name\./);
  assert.match(await page.locator('.stage-data').innerText(), /none\.parquet has no rows of data\./);
});

test('the picker offers what can be read', async (t) => {
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  const accept = await page.locator('input[type=file]').getAttribute('accept');
  for (const extension of ['.csv', '.tsv', '.json', '.ndjson', '.parquet', '.arrow', '.gz', '.zst'])
    assert.ok(accept.split(',').includes(extension), extension);
  assert.match(await page.locator('.drop').innerText(), /CSV, TSV, JSON, JSON lines, Parquet or Arrow.*gzip- or zstd/);
});

/** A run of the element's with these files and this plan: what it gives, or its refusal, and what can then be seen. */
async function process(page, paths, plan) {
  const files = paths.map((path) => ({ name: basename(path), base64: readFileSync(path).toString('base64') }));
  return page.evaluate(
    async ([files, plan]) => {
      const element = document.querySelector('causal-sessions');
      element.plan = plan;
      const blobs = files.map(({ name, base64 }) => new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
      const outcome = await element.process(blobs).then(
        async (dataset) => ({ report: dataset.report, vocabulary: [...(await dataset.write('vocabulary'))] }),
        ({ code, message }) => ({ code, message }),
      );
      await new Promise(requestAnimationFrame);
      const shown = (selector) => [...element.shadowRoot.querySelectorAll(selector)].map((found) => found.textContent).join('\n');
      return { ...outcome, problems: shown('.notice-problem'), notices: shown('.notices') };
    },
    [files, plan],
  );
}

describe('inputs that were once misread, told as by the module', () => {
  // One page for all of them, one after the other: no answer may depend on what was there before.
  let opened;
  before(async () => {
    opened = await openPage(browser, server.address, { folds: false });
  });
  after(() => opened.close());
  for (const { name, paths, plan, refused, says, ...expected } of inputCases()) {
    test(name, async () => {
      const { page, errors } = opened;
      const { code, message, report, vocabulary, problems, notices } = await process(page, paths, plan);
      if (refused) {
        assert.equal(code, refused, message);
        for (const part of says) assert.ok(message.includes(part), `"${part}" is not in: ${message}`);
        // Where a message names a key of the plan, the page leads to its field or does what it says.
        const shown = says
          .filter((part) => !/^("?(columns|events|input|rows)\b|set time\.format)/.test(part))
          .map((part) => part.replace(/: set time\.format to .*$/, ''));
        if (code === 'badRows' && /set time\.format to ["[]/.test(message)) assert.match(problems, /and run again/);
        for (const part of shown) assert.ok(problems.includes(part), `"${part}" is not in: ${problems}`);
        assert.ok(shown.length > 0 || problems.includes(basename(paths[0])), problems);
      } else {
        assert.equal(message, undefined);
        assert.deepEqual(answerOf(report, Uint8Array.from(vocabulary), expected), wantedOf(expected));
        for (const notice of report.notices)
          assert.ok(notices.includes(notice.message), `"${notice.message}" is not in: ${notices}`);
      }
      assert.deepEqual(errors, []);
    });
  }
});
