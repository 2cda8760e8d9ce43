/** The verdict, the sections beside it, findings that explain, and results beside each other. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import { loadExample, openPage, runQuickly, set, setting } from './support.mjs';

async function opened(t, options) {
  const { page, errors, close } = await openPage(browser, server.address, options);
  t.after(close);
  t.after(() => assert.deepEqual(errors, []));
  return page;
}

const drop = (page, files) =>
  page.locator('.drop').evaluate((zone, files) => {
    const dataTransfer = new DataTransfer();
    for (const [name, text] of files) dataTransfer.items.add(new File([text], name));
    zone.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true, composed: true }));
  }, files);

test('the first result comes into view with its verdict, and is no taller than 4,000 pixels when all is closed', async (t) => {
  const page = await opened(t, { folds: false, viewport: { width: 1280, height: 860 } });
  await page.getByRole('button', { name: 'Try example data' }).click();
  await page.locator('.verdict').waitFor();
  await page.waitForFunction(() => {
    const { shadowRoot } = document.querySelector('causal-sessions');
    const { top, bottom } = shadowRoot.querySelector('.verdict').getBoundingClientRect();
    return top >= 0 && bottom <= innerHeight && shadowRoot.activeElement?.textContent === 'Result';
  });
  const text = await page.locator('.verdict').innerText();
  assert.match(text, /570/);
  assert.match(text, /[+−][\d.]+ points/);
  assert.match(text, /95% interval/);
  assert.match(text, /Not suitable for a causal interpretation: the outcome leaks into the history, /);
  assert.match(text, /3 errors, 4 warnings and 3 notes\./);
  for (const name of [/^Fix all/, 'Download', 'See findings', 'Pin this result'])
    assert.ok(await page.locator('.verdict').getByRole('button', { name }).isVisible());
  await page.locator('.look-table').waitFor();
  for (const details of await page.locator('details').all()) await details.evaluate((element) => (element.open = false));
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  assert.ok(height <= 4000, `${height} pixels`);
  assert.equal(await page.getByRole('navigation').getByRole('button').count(), 8);
  assert.equal(await page.getByRole('main').count(), 1);
});

test('the sections have badges and lead to their headings; the bar stays in sight', async (t) => {
  const page = await opened(t, { folds: false });
  await loadExample(page);
  await page.locator('.verdict').waitFor();
  const nav = page.getByRole('navigation');
  assert.match(await nav.getByRole('button', { name: /^Result/ }).textContent(), /3\/4\/3, 3 errors, 4 warnings and 3 notes$/);
  await nav.getByRole('button', { name: /^Files/ }).click();
  assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.textContent), 'Files');
  const bar = page.getByRole('region', { name: 'State and actions' });
  assert.match(await bar.innerText(), /570 training rows · 3 errors/);
  const { y, height } = await bar.boundingBox();
  assert.ok(Math.abs(y + height - 900) < 2, 'at the bottom of the window');
});

test('findings with one repair are one card; their rows are listed, and what the repair would change, before it is made', async (t) => {
  const page = await opened(t);
  await loadExample(page);
  await runQuickly(page);
  const card = page.locator('.finding').first();
  assert.equal(await card.locator('.finding-about').count(), 3);
  assert.equal(await card.locator('.repair button').count(), 1);
  assert.match(await card.innerText(), /index\.kind = exposure/);
  const preview = card.locator('.preview');
  await preview.filter({ hasText: /^This would give 570 → [\d,]+ rows, / }).waitFor();
  const promised = /→ ([\d,]+) rows.*→ ([+−][\d.]+) points/.exec(await preview.innerText());
  const [, found] = /X contains the outcome in ([\d,]+) rows/.exec(await card.innerText());
  await page.getByRole('button', { name: 'Show its rows: The outcome leaks into the history' }).click();
  const look = page.locator('.stage-look');
  await look.getByText('Rows that show: The outcome leaks into the history.').waitFor();
  await look.getByText(`of ${found} rows`).waitFor();
  assert.equal(await look.locator('tr[aria-current] .badge', { hasText: /^outcome$/ }).count(), 1, 'the first is open');
  assert.ok((await look.locator('.look-session tr.in-x', { hasText: 'purchase' }).count()) > 0, 'the outcome is in X there');
  await look.getByLabel('Group').selectOption({ label: 'Untreated' });
  await look.locator('.look-pages', { hasNotText: `of ${found} rows` }).waitFor();
  assert.equal(await look.locator('.look-table .is-treatment').count(), 0);
  await look.getByRole('button', { name: 'Show all rows' }).click();
  await look.getByText('Rows that show').waitFor({ state: 'detached' });
  await card.locator('.repair button').click();
  await page.locator('.fixed').waitFor();
  assert.equal(await page.locator('.verdict dd').first().innerText(), promised[1]);
  assert.ok((await page.locator('.fixed').innerText()).includes(`→ ${promised[2]} points`));
});

test('a result that is pinned stands beside the next, with the settings that differ', async (t) => {
  const page = await opened(t);
  await loadExample(page);
  await runQuickly(page);
  await page.getByRole('button', { name: 'Pin this result' }).click();
  await set(page, 'session.gapHours', '1');
  await page.locator('.pinned', { hasText: 'Settings that differ: Session gap (24 hours → 1 hour).' }).waitFor();
  const [, pinned, now] = await page.locator('.pinned tbody tr').first().locator('th, td').allInnerTexts();
  assert.equal(pinned, '570');
  assert.equal(now, await page.locator('.verdict dd').first().innerText());
  await page.getByRole('button', { name: 'Remove the pin' }).click();
  assert.equal(await page.locator('.pinned').count(), 0);
});

test('a manifest among the files that are dropped sets the settings, and is no data', async (t) => {
  const page = await opened(t);
  await drop(page, [
    ['shop.csv', 'user_id,time,type\nu1,2025-09-05 10:00:00,impression\nu1,2025-09-05 10:00:05,click\n'],
    ['manifest.json', JSON.stringify({ inputs: [], outputs: [], plan: { session: { gapHours: 3 } } })],
  ]);
  await page.locator('.file-list .name').waitFor();
  assert.deepEqual(await page.locator('.file-list .name').allInnerTexts(), ['shop.csv']);
  assert.equal(await setting(page, 'session.gapHours').inputValue(), '3');
});

test('the run says what it waits for, with the way there; the drawing says whose item counts', async (t) => {
  const page = await opened(t);
  await drop(page, [['shop.csv', 'user_id,time,type\nu1,2025-09-05 10:00:00,view\nu1,2025-09-05 10:00:05,cart\n']]);
  await page.locator('.stage-run').getByText('Waiting: choose the event types first.').waitFor();
  await page.getByRole('button', { name: 'Go to the event types' }).click();
  assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.dataset.part), 'types');
  await setting(page, 'profile').selectOption('causal');
  await setting(page, 'index.sameItem').selectOption('true');
  await page.locator('[data-chart=design] svg[aria-label*="of the item shown"]').waitFor();
});
