/** The page keeps itself: it opens without a network, is of one build at a time, and asks for nothing once it has loaded. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { exampleParquet } from './example.mjs';
import { allMeasured, download, launch, loadExample, openFolds, openPage, repository, run, serve } from './support.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** A server with a copy of the page, which tests may change. */
async function serveCopy(t) {
  const folder = mkdtempSync(join(tmpdir(), 'causal-sessions-page-'));
  cpSync(join(repository, 'web/dist-page'), folder, { recursive: true });
  const server = await serve({}, folder);
  t.after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });
  return { ...server, folder };
}

const sha256 = (text) => `sha256-${createHash('sha256').update(text).digest('base64')}`;

/** Another build in the folder; with `halfway` its worker is there before its page. */
function deploy(folder, { halfway = false } = {}) {
  const read = (name) => readFileSync(join(folder, name), 'utf8');
  const [before, worker] = [read('index.html'), read('service-worker.js')];
  const html = before.replace('<title>Causal sessions', '<title>Newer sessions');
  assert.notEqual(html, before);
  assert.ok(worker.includes(sha256(before)), 'the worker knows the page by its hash');
  const version = /"([0-9a-f]{16})"/.exec(worker)[1];
  writeFileSync(
    join(folder, 'service-worker.js'),
    worker.replace(sha256(before), sha256(html)).replace(version, version.split('').reverse().join('')),
  );
  if (!halfway) writeFileSync(join(folder, 'index.html'), html);
}

const ready = (page) => page.locator('#statement output').waitFor();
const cacheNames = (page) => page.evaluate(() => caches.keys());

test('after the first visit the page opens and works without a server', async (t) => {
  const server = await serveCopy(t);
  const { page, errors, close } = await openPage(browser, server.address);
  t.after(close);
  await server.close();
  await page.reload();
  await ready(page);
  await openFolds(page);
  assert.equal((await page.locator('#statement').innerText()).trim(), 'No network requests since loading. Works offline.');
  await loadExample(page);
  await run(page);
  await allMeasured(page);
  const { bytes } = await download(page, () =>
    page.getByRole('button', { name: 'Download data/train_sessions.parquet' }).click(),
  );
  assert.deepEqual(bytes, await exampleParquet());
  assert.deepEqual(
    errors.filter((text) => !text.includes('service-worker.js')),
    [],
  ); // the look for a new build finds no server
});

for (const visit of ['first', 'second']) {
  test(`nothing is asked of the server after load, on the ${visit} visit`, async (t) => {
    const server = await serveCopy(t);
    const { page, errors, requests, close } = await openPage(browser, server.address);
    t.after(close);
    if (visit === 'second') {
      await page.reload();
      await ready(page);
      await openFolds(page);
    }
    const [sent, seen] = [server.requests.length, requests.length];
    await loadExample(page);
    await run(page);
    await allMeasured(page);
    await download(page, () => page.getByRole('button', { name: 'Download all as ZIP' }).click());
    await page.waitForTimeout(3000); // what a browser puts off is due by now
    // Where a worker gave the page, the browser itself looks for a new one; it sends nothing, and no page can hinder it.
    const ofThePage = server.requests.slice(sent).filter((path) => visit === 'first' || path !== '/service-worker.js');
    assert.deepEqual(ofThePage, []);
    assert.deepEqual(
      requests.slice(seen).filter((address) => !address.startsWith('blob:')),
      [],
    );
    assert.match(await page.locator('#statement').innerText(), /^No network requests since loading\./);
    assert.deepEqual(errors, []);
  });
}

test('the count is of real requests', async (t) => {
  const server = await serveCopy(t);
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  await page.evaluate(() =>
    Promise.all(
      ['./app.webmanifest', './nothing-here', 'https://example.org/'].map((address) =>
        fetch(address).then(
          (response) => response.text(),
          () => '',
        ),
      ),
    ),
  );
  await page
    .locator('#statement output')
    .filter({ hasText: /^2 network requests$/ })
    .waitFor(); // the policy stopped the third
});

test('a new build waits until it is asked for, and leaves nothing of the old one', async (t) => {
  const server = await serveCopy(t);
  const { page, errors, close } = await openPage(browser, server.address);
  t.after(close);
  const [old] = await cacheNames(page);
  deploy(server.folder);
  await page.reload();
  await ready(page);
  assert.equal(await page.title(), 'Causal sessions');
  assert.equal((await cacheNames(page)).length, 2);
  await page.getByText('There is a new version.').waitFor();
  await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: 'Reload' }).click()]);
  await ready(page);
  assert.equal(await page.title(), 'Newer sessions');
  const names = await cacheNames(page);
  assert.equal(names.length, 1);
  assert.notEqual(names[0], old);
  assert.equal(await page.getByText('There is a new version.').count(), 0);
  assert.deepEqual(errors, []);
});

test('a build that is half on the server is not taken', async (t) => {
  const server = await serveCopy(t);
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  deploy(server.folder, { halfway: true });
  await page.reload();
  await ready(page);
  assert.equal(await page.getByText('There is a new version.').count(), 0);
  await server.close();
  await page.reload();
  await ready(page);
  assert.equal(await page.title(), 'Causal sessions');
});

test('the page can be installed', async (t) => {
  const server = await serveCopy(t);
  const { page, errors, close } = await openPage(browser, server.address);
  t.after(close);
  const session = await page.context().newCDPSession(page);
  const { errors: manifestErrors, data } = await session.send('Page.getAppManifest');
  assert.deepEqual(manifestErrors, []);
  assert.deepEqual(
    JSON.parse(data).icons.map(({ purpose }) => purpose),
    [undefined, 'maskable'],
  );
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // A private window, as every one of these tests has, is the only thing against it.
  assert.deepEqual(
    installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'),
    [],
  );
  assert.deepEqual(errors, []);
});
