/** What readers change of the page: colors of their own, and letters twice as large. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import { allMeasured, chooseFiles, content, loadExample, openFolds, openPage, run, textFile } from './support.mjs';

const SHOP = [
  'user,time,type,item',
  ...Array.from({ length: 60 }, (_, i) => {
    const time = new Date(Date.UTC(2025, 8, 5, 10, i)).toISOString();
    return `u${i % 7},${time},${['view', 'view', 'cart', 'paid'][i % 4]},p${i % 5}`;
  }),
].join('\n');

/** The marks that are told apart by their color alone, and have none of their own against what is behind them. */
const unseen = (page, selectors) =>
  content(page).evaluate(
    (root, selectors) =>
      selectors.flatMap((selector) => {
        const marks = [...root.querySelectorAll(selector)].filter((mark) => mark.getClientRects().length > 0);
        if (marks.length === 0) return [`there is no ${selector}`];
        const canvas = getComputedStyle(root).backgroundColor;
        return marks
          .filter((mark) => ['rgba(0, 0, 0, 0)', canvas].includes(getComputedStyle(mark).backgroundColor))
          .map((mark) => `${selector} ${mark.className}`);
      }),
    selectors,
  );

for (const colorScheme of ['light', 'dark']) {
  test(`with forced colors no mark is lost, ${colorScheme}`, async (t) => {
    const { page, close } = await openPage(browser, server.address, { colorScheme, forcedColors: 'active' });
    t.after(close);
    await chooseFiles(page, textFile('shop.csv', SHOP));
    await page.locator('.event-types').first().waitFor();
    assert.deepEqual(await unseen(page, ['.count-bar']), []);
    await page.reload();
    await loadExample(page);
    await run(page);
    await allMeasured(page);
    await openFolds(page);
    assert.deepEqual(await unseen(page, ['.dot', '.share-bar', '.split-part', '.legend-entry:not(.is-ring) .legend-mark']), []);
    const outlined = await content(page)
      .locator('.nav-link[aria-current], button.primary')
      .evaluateAll((controls) => controls.map((control) => getComputedStyle(control).outlineStyle));
    assert.ok(outlined.length >= 2);
    assert.ok(
      outlined.every((style) => style !== 'none'),
      outlined.join(', '),
    );
  });
}

test('at 200 % zoom nothing is cut off, and what sticks leaves room to read', async (t) => {
  // 1280 x 860 at twice the size.
  const { page, close } = await openPage(browser, server.address, {
    viewport: { width: 640, height: 430 },
    deviceScaleFactor: 2,
  });
  t.after(close);
  await loadExample(page);
  await run(page);
  await allMeasured(page);
  await openFolds(page);
  const beyond = await content(page).evaluate((root) =>
    [...root.querySelectorAll('*')]
      .filter((element) => element.getClientRects().length > 0 && !element.closest('.scrolling, .nav, pre, .unseen, svg'))
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
      .map((element) => `${element.tagName} ${element.className}`),
  );
  assert.deepEqual(beyond, []);
  const heights = await content(page)
    .locator('.nav, .action-bar')
    .evaluateAll((sticky) => sticky.map((element) => element.getBoundingClientRect().height));
  assert.equal(heights.length, 2);
  const share = heights.reduce((sum, height) => sum + height, 0) / 430;
  assert.ok(share < 0.27, `${share} of the window sticks`);
});
