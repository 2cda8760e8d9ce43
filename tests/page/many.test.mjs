/** Much of it: hundreds of files and tables of thousands of columns leave the page short and usable. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import { figure, content, openPage, run, setting, settled, textFile } from './support.mjs';

function manyTest(name, body) {
  test(name, async (t) => {
    const { page, errors, close } = await openPage(browser, server.address);
    t.after(close);
    await body(page);
    assert.deepEqual(errors, []);
  });
}

const HEADER = 'USER_ID,event_timestamp,event_type,product_id\n';
const part = (i) =>
  textFile(
    `part-${i}.csv`,
    `${HEADER}u${i},2025-09-05 10:00:00,impression,p${i}\nu${i},2025-09-05 10:00:05,${i % 3 ? 'impression' : 'click'},p${i}\n`,
  );
const parts = (count) => Array.from({ length: count }, (_, i) => part(i + 1));

const give = (page, ...files) => page.locator('input[type=file]').setInputFiles(files);
/** All files have been looked at, and a run that started unasked is over. */
async function lookedAt(page) {
  await page.waitForFunction(() => {
    const text = document.querySelector('causal-sessions').shadowRoot.querySelector('.file-list').textContent;
    return text !== '' && !text.includes('being looked at');
  });
  await settled(page);
}

manyTest('300 files are listed short, run, and can be shown all', async (page) => {
  await give(page, ...parts(300));
  await lookedAt(page);
  const items = page.locator('.file-list li');
  assert.equal(await items.count(), 11);
  assert.match(await items.last().innerText(), /^290 more, [\d.]+ kB\s+Show all$/);
  assert.deepEqual(
    (await page.locator('.file-list .name').allInnerTexts()).slice(0, 10),
    parts(10).map(({ name }) => name),
  );
  await run(page);
  assert.match(await page.locator('.done').innerText(), /300 training rows from 300 sessions and 300 users/);
  await page.getByRole('button', { name: 'Show all 300 files' }).click();
  assert.equal(await items.count(), 300);
  assert.equal(
    await page.evaluate(() => document.querySelector('causal-sessions').shadowRoot.activeElement?.getAttribute('aria-label')),
    'Move part-11.csv up',
  );
  await page.getByRole('button', { name: 'Remove part-300.csv' }).click();
  assert.equal(await items.count(), 299);
});

manyTest('what has the focus stays there while files are looked at', async (page) => {
  await give(page, ...parts(400));
  const remove = page.getByRole('button', { name: 'Remove part-2.csv' });
  await remove.focus();
  const button = await remove.elementHandle();
  assert.match(await page.locator('.more-files').innerText(), /being looked at/, 'they are looked at meanwhile');
  // A run that starts unasked disables it.
  await button.evaluate((node) => {
    const list = node.closest('.file-list');
    return new Promise((resolve, reject) => {
      const look = () => {
        if (!list.textContent.includes('being looked at')) resolve();
        else if (node.getRootNode().activeElement !== node) reject(new Error('the focus is gone'));
        else requestAnimationFrame(look);
      };
      look();
    });
  });
  await lookedAt(page);
  assert.equal(await button.evaluate((node) => node.isConnected), true);
  await page.getByRole('button', { name: 'Move part-2.csv up' }).click();
  assert.deepEqual((await page.locator('.file-list .name').allInnerTexts()).slice(0, 2), ['part-2.csv', 'part-1.csv']);
});

manyTest('eleven files are listed all', async (page) => {
  await give(page, ...parts(11));
  await lookedAt(page);
  assert.equal(await page.locator('.file-list .name').count(), 11);
  assert.equal(await page.getByRole('button', { name: /Show all/ }).count(), 0);
});

manyTest('100 files that cannot be read are told by three sentences and a number', async (page) => {
  await give(page, ...Array.from({ length: 100 }, (_, i) => textFile(`empty-${i}.csv`, '')));
  await lookedAt(page);
  const told = await page.locator('.stage-data .notice-problem').allInnerTexts();
  assert.equal(told.length, 4);
  assert.match(told[0], /^empty-0\.csv is empty/);
  assert.equal(told[3], '97 more files have a similar problem.');
});

const WIDE = 30_000;
const names = Array.from({ length: WIDE }, (_, i) => `c${i}`);

manyTest('a table of 30,000 columns is shown by its first fifty and those that are used', async (page) => {
  const others = names.slice(0, WIDE - 4);
  const row = (user, time, type) => [...others.map(() => ''), user, time, type, 'p1'].join(',');
  const text = [
    [...others, 'USER_ID', 'event_timestamp', 'event_type', 'product_id'].join(','),
    row('u1', '2025-09-05 10:00:00', 'impression'),
    row('u1', '2025-09-05 10:00:05', 'click'),
  ].join('\n');
  await give(page, textFile('wide.csv', text));
  await lookedAt(page);
  assert.equal(await page.locator('.inspection thead th').count(), 1 + 50 + 4);
  assert.equal(await page.locator('.inspection tbody td').count(), 2 * (1 + 50 + 4));
  assert.match(await page.locator('.table-title').first().innerText(), /^First 2 rows of wide\.csv, 54 of 30,000 columns\.$/);
  assert.equal((await page.locator('.inspection .has-role').first().innerText()).split('\n')[0], 'USER_ID');
  assert.match(await page.locator('.done').innerText(), /1 training row from 1 session and 1 user/);
  // Any of them can be chosen.
  await setting(page, 'columns.item').focus();
  await setting(page, 'columns.item').selectOption({ label: 'c29000' });
  await page.locator('.inspection thead th.has-role', { hasText: 'c29000' }).waitFor();
});

manyTest('columns that are there twice are told apart, among thousands', async (page) => {
  const text = `${['USER_ID', 'event_timestamp', 'event_type', ...names.slice(0, 3000), 'twice', 'twice'].join(',')}\nu1,2025-09-05 10:00:00,click,${names
    .slice(0, 3000)
    .map(() => '')
    .join(',')},a,b\n`;
  await give(page, textFile('twice.csv', text));
  await lookedAt(page);
  await setting(page, 'columns.item').focus();
  await setting(page, 'columns.item').selectOption({ label: 'twice (column 3005)' });
  await settled(page);
});

manyTest('JSON lines of 5,000 keys are shown by their first fifty', async (page) => {
  const line = (i) =>
    JSON.stringify({
      user_id: 'u1',
      time: `2025-09-05T10:00:0${i}Z`,
      type: i ? 'click' : 'impression',
      ...Object.fromEntries(names.slice(0, 5000).map((name) => [name, i])),
    });
  await give(page, textFile('keys.jsonl', `${line(0)}\n${line(1)}\n`));
  await lookedAt(page);
  assert.equal(await page.locator('.inspection thead th').count(), 1 + 50);
  assert.match(await page.locator('.table-title').first().innerText(), /of 5,003 columns\.$/);
  assert.equal(await figure(page, 'Events used'), '2');
});

manyTest('lines with keys of their own each do not end the page', async (page) => {
  const line = (i) =>
    JSON.stringify({
      user_id: 'u1',
      time: 1757066400 + i,
      type: 'click',
      ...Object.fromEntries(Array.from({ length: 15 }, (_, k) => [`k${i}_${k}`, 1])),
    });
  await give(page, textFile('sparse.jsonl', Array.from({ length: 1000 }, (_, i) => line(i)).join('\n')));
  await lookedAt(page);
  assert.equal(await figure(page, 'Events used'), '1,000');
  assert.ok((await content(page).locator('.inspection th').count()) <= 55);
});
