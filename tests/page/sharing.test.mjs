/** What is handed on: the report as a download and on paper, and the settings as a link that opens the page with them. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import { allMeasured, content, download, loadExample, openPage, run } from './support.mjs';

const spoken = (page, text) => page.locator('[role=status]').filter({ hasText: text }).waitFor({ state: 'attached' });

test('the report is one page with the verdict, and names the manifest that is downloaded', async (t) => {
  const { page, errors, requests, close } = await openPage(browser, server.address);
  t.after(close);
  await loadExample(page);
  await run(page);
  await allMeasured(page);
  const seen = requests.length;
  const button = page.locator('.action-bar').getByRole('button', { name: 'Report' });
  const { name, bytes } = await download(page, () => button.click());
  assert.equal(name, 'causal-sessions-report.html');
  await spoken(page, 'causal-sessions-report.html is downloaded.');
  const html = new TextDecoder().decode(bytes);
  const manifest = await download(page, () => page.getByRole('button', { name: 'Download manifest.json' }).click());
  assert.ok(html.includes(createHash('sha256').update(manifest.bytes).digest('hex')), 'the hash of the manifest');
  assert.match(html, /Not suitable for a causal interpretation|TARGET/);
  assert.deepEqual(
    requests.slice(seen).filter((address) => !address.startsWith('blob:')),
    [],
  );
  assert.deepEqual(errors, []);
});

test('printing gives the report to the browser with its styles, and leaves nothing behind', async (t) => {
  const { page, errors, close } = await openPage(browser, server.address);
  t.after(close);
  await loadExample(page);
  await run(page);
  await allMeasured(page);
  await page.evaluate(() => {
    const append = document.body.append.bind(document.body);
    document.body.append = (...nodes) => {
      append(...nodes);
      for (const node of nodes.filter(({ contentWindow }) => contentWindow)) {
        node.contentWindow.print = () => {
          const { document: printed } = node.contentWindow;
          window.printed = {
            title: printed.title,
            text: printed.body.innerText.length,
            border: node.contentWindow.getComputedStyle(printed.querySelector('td, th')).borderBottomStyle,
          };
          node.contentWindow.dispatchEvent(new Event('afterprint'));
        };
      }
    };
  });
  await page.getByRole('button', { name: 'Print report' }).click();
  await page.waitForFunction(() => window.printed);
  const { title, text, border } = await page.evaluate(() => window.printed);
  assert.equal(title, 'Causal sessions: report');
  assert.ok(text > 1000, `${text} characters`);
  assert.equal(border, 'solid');
  await page.waitForFunction(() => document.querySelector('iframe') === null);
  assert.deepEqual(errors, []);
});

test('a copied link opens the page with the settings, and says that it is copied', async (t) => {
  const { page, close } = await openPage(browser, server.address, { permissions: ['clipboard-read', 'clipboard-write'] });
  t.after(close);
  const gap = content(page).locator('[data-path="session.gapHours"]');
  await gap.fill('7');
  await gap.press('Enter');
  const button = page.locator('.action-bar').getByRole('button', { name: 'Copy link' });
  await button.click();
  await page.locator('.action-bar').getByText('Copied').waitFor();
  await spoken(page, 'The link to these settings is copied. It holds no data.');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link, `${server.address}#session.gapHours=7`);
  const other = await openPage(browser, link);
  t.after(other.close);
  assert.equal(await content(other.page).locator('[data-path="session.gapHours"]').inputValue(), '7');
});

test('a link that cannot be copied is told so', async (t) => {
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));
  });
  await page.locator('.action-bar').getByRole('button', { name: 'Copy link' }).click();
  await page.locator('.action-bar').getByText('Not copied').waitFor();
  await spoken(page, 'The link could not be copied. It is the address of this page.');
});
