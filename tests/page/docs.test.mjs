/** The documentation beside the page: complete, readable in both schemes and on a phone, and there offline once it was opened. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { launch, openPage, repository, serve } from './support.mjs';
import { planKeys } from '../../web/dist/node.js';

const axe = createRequire(join(repository, 'web/package.json')).resolve('axe-core/axe.min.js');
const names = readdirSync(join(repository, 'web/docs'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => name.replace('.md', '.html'));
const all = [...names, 'index.html', 'license.html'];

let browser;
let server;
before(async () => {
  browser = await launch();
  server = await serve();
});
after(async () => {
  await browser.close();
  await server.close();
});

/** A tab of its own, whose policy a test may pass by to bring axe. */
async function openTab(t, options) {
  const context = await browser.newContext({ bypassCSP: true, ...options });
  t.after(() => context.close());
  return context.newPage();
}

for (const [scheme, width] of [
  ['light', 1280],
  ['dark', 390],
]) {
  describe(`${scheme}, ${width} wide`, () => {
    for (const name of all) {
      test(`${name} is accessible and fits`, async (t) => {
        const page = await openTab(t, { viewport: { width, height: 800 }, colorScheme: scheme });
        await page.goto(`${server.address}docs/${name}`);
        await page.addScriptTag({ path: axe });
        const { violations } = await page.evaluate(() => axe.run());
        assert.deepEqual(
          violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`),
          [],
        );
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(beyond <= 0, `${beyond} px wider than the window`);
      });
    }
  });
}

test('every link and picture leads somewhere', async (t) => {
  const page = await openTab(t, {});
  const missing = [];
  const seen = new Map();
  page.on('response', (response) => response.status() >= 400 && missing.push(response.url()));
  const targets = new Set();
  for (const name of all) {
    await page.goto(`${server.address}docs/${name}`);
    seen.set(name, new Set(await page.locator('[id]').evaluateAll((elements) => elements.map(({ id }) => id))));
    for (const href of await page.locator('a[href]').evaluateAll((links) => links.map(({ href }) => href))) targets.add(href);
  }
  for (const target of targets) {
    const { origin, pathname, hash } = new URL(target);
    if (`${origin}/` !== server.address || pathname === '/') continue;
    const name = pathname.replace('/docs/', '');
    assert.ok(seen.has(name), target);
    if (hash !== '') assert.ok(seen.get(name).has(decodeURIComponent(hash.slice(1))), target);
  }
  assert.deepEqual(missing, []);
});

test('the plan has every key of the engine, and outputs every column', async (t) => {
  const page = await openTab(t, {});
  await page.goto(`${server.address}docs/plan.html`);
  const keys = await page.locator('td:first-child code').allInnerTexts();
  for (const { key } of await planKeys()) assert.ok(keys.includes(key), key);
  await page.goto(`${server.address}docs/outputs.html`);
  const columns = await page.locator('td:first-child').allInnerTexts();
  for (const name of ['time_zero_us', 'mask', 'offsets', 'cluster', 'parquet-flat']) assert.ok(columns.includes(name), name);
  assert.doesNotMatch(await page.content(), /<!--/);
});

test('the masthead leads there in a tab of its own, which opens offline from then on', async (t) => {
  const own = await serve();
  const { page, errors, close } = await openPage(browser, own.address);
  t.after(close);
  assert.deepEqual(
    own.requests.filter((path) => path.startsWith('/docs/')),
    [],
    'nothing of it is loaded ahead',
  );
  await page.reload(); // from now on the worker gives the page
  await page.locator('#statement output').waitFor();
  const opened = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'Documentation' }).click();
  const tab = await opened;
  await tab.getByRole('heading', { name: 'Documentation' }).waitFor();
  await tab.getByRole('main').getByRole('link', { name: 'Time zero' }).click();
  await tab.getByRole('heading', { name: 'Time zero', level: 1 }).waitFor();
  await tab.waitForLoadState('load');
  await own.close();
  await tab.reload();
  await tab.getByRole('heading', { name: 'Time zero', level: 1 }).waitFor();
  assert.notEqual(await tab.evaluate(() => getComputedStyle(document.body).display), 'block', 'it has its styles');
  assert.deepEqual(errors, []);
});

test('the single-file page says that it comes without', async (t) => {
  const address = pathToFileURL(join(repository, 'web/dist-one-file/causal-sessions.html')).href;
  const { page, close } = await openPage(browser, address);
  t.after(close);
  assert.equal(await page.getByRole('link').count(), 0);
  await page.getByText('The single-file version comes without the documentation.').waitFor();
});
