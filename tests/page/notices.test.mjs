/** Notices stand above the result, are a region of their own, and lead to the setting that settles them. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import { figure, chooseFiles, openPage, repository, setting, settled, textFile } from './support.mjs';

const pictures = join(repository, 'build/page');
mkdirSync(pictures, { recursive: true });

const TYPES = ['impression', 'impression', 'click', 'purchase'];
/** Of 40 users five are the same text, which stands for a missing one; so does every second item. */
const MARKERS = `user_id,time,type,item\n${Array.from(
  { length: 160 },
  (_, i) =>
    `${(i >> 2) % 8 ? `u${i >> 2}` : '\\N'},2025-09-0${1 + ((i >> 2) % 9)} 10:0${i % 4}:00,${TYPES[i % 4]},${i % 2 ? 'NULL' : `p${i % 5}`}\n`,
).join('')}`;

async function opened(t, text, options, hash = '') {
  const { page, errors, close } = await openPage(browser, server.address + hash, options);
  t.after(close);
  await chooseFiles(page, textFile('shop.csv', text));
  await page.locator('.done').waitFor();
  return { page, errors };
}

for (const colorScheme of ['light', 'dark']) {
  for (const width of [1280, 380]) {
    test(`a notice is a region above the result, ${colorScheme}, ${width} pixels`, async (t) => {
      const { page, errors } = await opened(t, MARKERS, { colorScheme, viewport: { width, height: 900 } });
      const region = page.getByRole('region', { name: '1 notice', exact: true });
      assert.match(
        await region.innerText(),
        /^1 notice\n[\s\S]*20 events of 160 have the user "\\N", which counts as one person; 80 events have the item "NULL"/,
      );
      // Asked at once, as the page may be scrolling to the result.
      const above = await region.evaluate(
        (element) =>
          element.getBoundingClientRect().top < element.getRootNode().querySelector('.findings').getBoundingClientRect().top,
      );
      assert.ok(above);
      const { x, width: wide } = await region.boundingBox();
      assert.ok(x >= 0 && x + wide <= width);
      assert.match(await page.locator('[role=status]').textContent(), /1 notice about the data\.$/);
      assert.match(await page.locator('.done').innerText(), /1 notice about the data\./);
      await region.scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(pictures, `notices-${colorScheme}-${width}.png`) });
      assert.deepEqual(errors, []);
    });
  }
}

test('its button settles it, and the rows that are then without a user are left out by the next', async (t) => {
  const { page, errors } = await opened(t, MARKERS);
  await page.getByRole('button', { name: 'Read “\\N”, “NULL” as missing and run again' }).click();
  const refused = page.locator('.stage-run .notice-problem');
  assert.match(await refused.innerText(), /20 rows of 160 cannot be used: 20 with no user/);
  assert.equal(await setting(page, 'input.nulls').inputValue(), '\\N, NULL');
  await refused.getByRole('button', { name: 'Skip unreadable rows and run again' }).click();
  await page.locator('.done').waitFor();
  const region = page.getByRole('region', { name: '1 notice', exact: true });
  assert.match(await region.innerText(), /20 rows of 160 were left out: 20 with no user/);
  assert.match(await page.locator('.changed-keys').innerText(), /Texts for a missing value, If a row cannot be read$/);
  assert.deepEqual(errors, []);
});

test('rows that a stray quote has glued together come apart by one press', async (t) => {
  const rows = [
    'u1\t2025-09-05 10:00:00\timpression\t"24',
    'u1\t2025-09-05 10:00:05\tclick\tp2',
    'u1\t2025-09-05 10:00:09\tpurchase\t30"',
    'u2\t2025-09-05 10:00:00\timpression\tp1',
  ];
  const { page } = await opened(t, `user_id\ttime\ttype\titem\n${rows.join('\n')}\n`);
  await page.locator('.done').waitFor();
  assert.equal(await figure(page, 'Events used'), '2');
  await page.getByRole('button', { name: 'Read quotes as ordinary characters and run again' }).click();
  await page.locator('.folds .figures div', { hasText: 'Events used' }).getByText('4', { exact: true }).waitFor();
  assert.equal(await setting(page, 'input.quote').inputValue(), 'null');
});

test('the way to a setting opens what it is folded in, and puts the focus there', async (t) => {
  const { page } = await opened(t, MARKERS, { folds: false });
  assert.equal(await setting(page, 'input.nulls').isVisible(), false);
  await page.getByRole('button', { name: 'Go to the setting “Texts for a missing value”' }).click();
  assert.equal(
    await page.evaluate(() => document.querySelector('causal-sessions').shadowRoot.activeElement.dataset.path),
    'input.nulls',
  );
  assert.equal(await setting(page, 'input.nulls').isVisible(), true);
});

test('a clock that is wrong by years is told, and leads to where the data end', async (t) => {
  const rows = Array.from({ length: 1000 }, (_, i) => `u${i},2025-09-0${1 + (i % 9)} 10:00:00,impression,p1\n`);
  const { page } = await opened(
    t,
    `user_id,time,type,item\n${rows.join('')}u1,2099-01-01 10:00:00,impression,p1\n`,
    {},
    '#profile=causal',
  );
  assert.match(await page.locator('.notices').innerText(), /up to 2099-01-01.*end of the data is taken to be 2025-09-09/);
  await page.getByRole('button', { name: 'Go to the setting “End of the data”' }).first().click();
  assert.equal(
    await page.evaluate(() => document.querySelector('causal-sessions').shadowRoot.activeElement.dataset.path),
    'data.end',
  );
});

test('where there is nothing to notice there is no box', async (t) => {
  const { page } = await opened(t, MARKERS.replaceAll('NULL', 'p9').replaceAll('\\N', 'u999'));
  await settled(page);
  assert.equal(await page.locator('.notices').count(), 0);
  assert.doesNotMatch(await page.locator('.done').innerText(), /notice/);
});

test('the element hands them over with its result', async (t) => {
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  const codes = await page.evaluate(async (text) => {
    const element = document.querySelector('causal-sessions');
    const heard = new Promise((resolve) =>
      element.addEventListener('result', ({ detail }) => resolve(detail.report.notices), { once: true }),
    );
    await element.process([new File([text], 'shop.csv')]);
    return (await heard).map(({ code, key }) => [code, key]);
  }, MARKERS);
  assert.deepEqual(codes, [['nullMarkers', 'input.nulls']]);
});
