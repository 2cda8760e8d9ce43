/** Folders that are chosen or dropped, archives, and very many files. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { makeZip } from '../node/zip.mjs';
import { browser, server } from './browser.mjs';
import { chooseFiles, openPage, settled } from './support.mjs';

const HEADER = 'USER_ID,event_timestamp,event_type,product_id\n';
const part = (user) => `${HEADER}${user},2025-09-05 10:00:00,impression,p1\n${user},2025-09-05 10:00:05,click,p1\n`;
const TREE = {
  'events/event_type=click/part-0.csv': part('u1'),
  'events/B.csv': part('u2'),
  'events/b-c.csv': part('u3'),
  'events/b/x.csv': part('u4'),
  'events/_SUCCESS': '',
  'events/_temporary/a/b.csv': 'no table',
  'events/_temporary/c.csv': 'no table',
  'events/.part-0.csv.crc': 'crc',
};
const TAKEN = ['events/B.csv', 'events/b-c.csv', 'events/b/x.csv', 'events/event_type=click/part-0.csv'];

function folderTest(name, body) {
  test(name, async (t) => {
    const { page, errors, close } = await openPage(browser, server.address);
    t.after(close);
    await body(page, t);
    assert.deepEqual(errors, []);
  });
}

/** Drops what `tree` has: the first part of each path is a folder, or a file's name. Browsers list a hundred at a time. */
const drop = (page, tree) =>
  page.evaluate((tree) => {
    const { shadowRoot } = document.querySelector('causal-sessions');
    const folder = (path, name) => {
      const names = [
        ...new Set(
          Object.keys(tree)
            .filter((each) => each.startsWith(path))
            .map((each) => each.slice(path.length).split('/')[0]),
        ),
      ];
      return {
        name,
        isDirectory: true,
        createReader: () => ({
          readEntries: (found) => setTimeout(() => found(names.splice(0, 100).map((next) => entry(path, next)))),
        }),
      };
    };
    const entry = (path, name) => {
      const text = tree[path + name];
      if (text === undefined) return folder(`${path}${name}/`, name);
      return { name, isDirectory: false, file: (found) => found(new File([text], name)) };
    };
    const tops = [...new Set(Object.keys(tree).map((path) => path.split('/')[0]))];
    const event = new Event('drop', { bubbles: true, composed: true, cancelable: true });
    event.dataTransfer = { items: tops.map((name) => ({ webkitGetAsEntry: () => entry('', name) })), files: [] };
    shadowRoot.querySelector('.drop').dispatchEvent(event);
  }, tree);

const listed = (page) => page.locator('.file-list .name').allInnerTexts();
/** Waits for a file of this name in the list: what is dropped is walked first, while the old list still stands. */
async function lookedAt(page, last) {
  await page.waitForFunction(
    (last) => {
      const list = document.querySelector('causal-sessions').shadowRoot.querySelector('.file-list');
      const names = [...list.querySelectorAll('.name')].map((each) => each.textContent);
      return names.includes(last) && !list.textContent.includes('being looked at');
    },
    last,
    { timeout: 120_000 },
  );
  await settled(page);
}
const manifestNames = (page) =>
  page.evaluate(async () => {
    const dataset = await document.querySelector('causal-sessions').process();
    const { inputs } = JSON.parse(new TextDecoder().decode(await dataset.manifest([])));
    return inputs.map(({ name }) => name);
  });

folderTest('a folder is chosen, taken by the rule of the commands, and named in the manifest', async (page, t) => {
  const root = mkdtempSync(join(tmpdir(), 'causal-sessions-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(TREE)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Choose a folder' }).click(),
  ]);
  await chooser.setFiles(join(root, 'events'));
  await lookedAt(page, TAKEN.at(-1));
  assert.deepEqual(await listed(page), TAKEN);
  assert.match(
    await page.locator('.stage-data').innerText(),
    /3 hidden names skipped: names that begin with \. or _ are not data\./,
  );
  assert.match(await page.locator('.done').innerText(), /4 training rows from 4 sessions and 4 users/);
  assert.deepEqual(await manifestNames(page), TAKEN);
  // The button for files takes files again.
  await chooseFiles(page, { name: 'one.csv', mimeType: 'text/csv', buffer: Buffer.from(part('u9')) });
  assert.deepEqual(await listed(page), ['one.csv']);
});

folderTest('a folder is dropped, with a file beside it, and more to what is there', async (page) => {
  await drop(page, { ...TREE, 'z.csv': part('u5') });
  await lookedAt(page, 'z.csv');
  assert.deepEqual(await listed(page), [...TAKEN, 'z.csv']);
  assert.deepEqual(await manifestNames(page), [...TAKEN, 'z.csv']);
  await drop(page, { 'more/a.csv': part('u6') });
  await lookedAt(page, 'more/a.csv');
  assert.deepEqual(await listed(page), [...TAKEN, 'z.csv', 'more/a.csv']);
});

folderTest('a folder without files to read is refused', async (page) => {
  await drop(page, { 'events/_SUCCESS': '' });
  await page.locator('.stage-data .notice-problem').waitFor();
  assert.match(
    await page.locator('.stage-data .notice-problem').innerText(),
    /^The folder has no file to read\. 1 hidden name skipped: names that begin with \. or _ are not data\.$/,
  );
});

folderTest('an archive is shown by its first file and read', async (page) => {
  const zip = makeZip(Object.entries(TREE).map(([name, data]) => ({ name, data })));
  await chooseFiles(page, { name: 'events.zip', mimeType: 'application/zip', buffer: zip });
  await settled(page);
  assert.match(await page.locator('.file-list .help').innerText(), /^ZIP of 4 files, CSV, [\d.]+ kB$/);
  assert.match(await page.locator('.done').innerText(), /4 training rows from 4 sessions and 4 users/);
  assert.deepEqual(await manifestNames(page), ['events.zip']);
});

folderTest('10,000 files make no more rows of the page than 500 do', async (page) => {
  const many = Object.fromEntries(
    Array.from({ length: 10_000 }, (_, i) => [`many/part-${String(i).padStart(5, '0')}.csv`, part(`u${i}`)]),
  );
  await drop(page, many);
  await page.getByRole('button', { name: 'Show 500 files' }).waitFor();
  const items = page.locator('.file-list li');
  assert.equal(await items.count(), 11);
  assert.match(await items.last().innerText(), /^9,990 more, [\d.]+ MB.*Show 500$/s);
  // The list is drawn anew while files are looked at, so nothing in it keeps still.
  await page.getByRole('button', { name: 'Show 500 files' }).dispatchEvent('click');
  assert.equal(await items.count(), 501);
  assert.match(await items.last().innerText(), /^9,500 more, [\d.]+ MB/);
});
