/** The page as one HTML file, opened from the disk: the whole job, without a server, under a policy that allows no request. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { exampleParquet } from './example.mjs';
import { allMeasured, chooseFiles, download, launch, loadExample, openPage, repository, run } from './support.mjs';

const path = join(repository, 'web/dist-one-file/causal-sessions.html');
const address = pathToFileURL(path).href;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

test('from the disk the example becomes the bytes that Node makes', async (t) => {
  const { page, errors, requests, close } = await openPage(browser, address);
  t.after(close);
  await loadExample(page);
  await run(page);
  await allMeasured(page);
  const { name, bytes } = await download(page, () =>
    page.getByRole('button', { name: 'Download data/train_sessions.parquet' }).click(),
  );
  assert.equal(name, 'train_sessions.parquet');
  assert.deepEqual(bytes, await exampleParquet());
  assert.deepEqual(
    requests.filter((request) => !request.startsWith('blob:') && !request.startsWith('data:')),
    [address],
  );
  assert.match(
    (await page.locator('#statement').innerText()).trim(),
    /^No network requests since loading\. Single-file version; network access is blocked\.$/,
  );
  assert.deepEqual(errors, []);
});

test('a compressed file is read too, and the policy closes every connection', async (t) => {
  const { page, errors, close } = await openPage(browser, address);
  t.after(close);
  const { gzipSync } = await import('node:zlib');
  const events = readFileSync(join(repository, 'tests/cases/notebook/typical/events.csv'));
  await chooseFiles(page, { name: 'events.csv.gz', mimeType: 'application/gzip', buffer: gzipSync(events) });
  await run(page);
  await page.locator('.done').waitFor();
  assert.deepEqual(errors, []);
  const refused = () =>
    new Promise((resolve) => {
      addEventListener('securitypolicyviolation', ({ effectiveDirective }) => resolve(effectiveDirective), { once: true });
      fetch('https://example.org/').catch(() => undefined);
    });
  assert.equal(await page.evaluate(refused), 'connect-src');
  assert.equal(await page.workers()[0].evaluate(refused), 'connect-src');
});

test('it names no other file and no address to load from', () => {
  const html = readFileSync(path, 'utf8');
  const head = html.slice(0, html.indexOf('<script type="module">'));
  assert.match(head, /connect-src 'none'/);
  assert.doesNotMatch(head, /unsafe-inline|'unsafe-eval'|'self'/);
  assert.deepEqual(
    [...head.matchAll(/(?:href|src)="(?!data:)[^"]*"/g)].map(([text]) => text),
    [],
  );
});
