/**
 * What befalls a page at work: its worker is ended, it is hidden, frozen or asleep, its storage is full, a file changes or goes while
 * it is read, another tab does the same. Afterwards there is one sentence or a whole result, and the next run works.
 */
import assert from 'node:assert/strict';
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { browser, server } from './browser.mjs';
import {
  allMeasured,
  chooseFiles,
  download,
  figure,
  loadExample,
  openFolds,
  openPage,
  repository,
  rerun,
  run,
} from './support.mjs';

let folder;
let path;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'causal-sessions-page-'));
  path = join(folder, 'large.csv');
  // As large as takes a while to read: one stream of users after the other, each with names of its own.
  const [header, ...rows] = readFileSync(join(repository, 'tests/cases/notebook/typical/events.csv'), 'utf8')
    .trimEnd()
    .split('\n');
  const file = openSync(path, 'w');
  writeSync(file, `${header}\n`);
  const times = Math.ceil(1_200_000 / rows.length);
  for (let i = 0; i < times; i += 100) {
    let text = '';
    for (let j = i; j < Math.min(i + 100, times); j++) for (const row of rows) text += `n${j}${row}\n`;
    writeSync(file, text);
  }
  closeSync(file);
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** The page, its workers in reach, and clocks that can be changed. */
const pickers = () => {
  delete window.showDirectoryPicker;
  delete window.showSaveFilePicker;
  window.workers = [];
  window.Worker = class extends Worker {
    constructor(...words) {
      super(...words);
      window.workers.push(this);
    }
  };
  window.asleep = 0;
  window.setBack = 0;
  const [ticks, date] = [performance.now.bind(performance), Date.now.bind(Date)];
  performance.now = () => ticks() + window.asleep; // this one never goes back
  Date.now = () => date() + window.asleep - window.setBack;
};

async function open(t, options = {}) {
  const opened = await openPage(browser, server.address, { pickers, ...options });
  t.after(opened.close);
  return opened;
}

/** Starts the run of a large file and does `what` in the page in the very moment that shows how far it has come. */
async function runUntil(page, what) {
  await page.evaluate(`window.interrupt = ${what}`); // the page's own policy allows no such thing inside of it
  const done = page.locator('.stage-run').evaluate(
    (panel) =>
      new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          if (!/\d MB of \d/.test(panel.querySelector('.progress-text')?.innerText ?? '')) return;
          observer.disconnect();
          resolve(window.interrupt());
        });
        observer.observe(panel, { childList: true, characterData: true, subtree: true });
      }),
  );
  await page.locator('.stage-run').getByRole('button', { name: 'Create training data' }).click();
  await done;
}

const ended = (page) => page.locator('.stage-run :is(.done, .notice)').waitFor();
const refusal = (page) => page.locator('.stage-run .notice').innerText();
const vocabulary = async (page) =>
  (await download(page, () => page.getByRole('button', { name: 'Download models/vocab.json' }).click())).bytes;

const GONE = 'The engine could not go on: the browser has ended its worker, as it does where memory is short; run again.';

test('a worker that is ended while it works is told in one sentence, and the next run works', async (t) => {
  const { page, errors } = await open(t);
  await chooseFiles(page, path);
  await runUntil(page, () => workers.at(-1).terminate());
  await ended(page);
  assert.equal(await refusal(page), `Stopped: no files were created. ${GONE}`);
  await run(page);
  assert.match(await page.locator('.done').innerText(), /^Done in/);
  assert.deepEqual(errors, []);
});

test('a worker that is ended when all is done takes the files along, which is said; the next run makes the same', async (t) => {
  const { page, errors } = await open(t);
  await loadExample(page);
  await run(page);
  await allMeasured(page);
  const whole = await vocabulary(page);
  await page.evaluate(() => workers.at(-1).terminate());
  await page.getByRole('button', { name: 'Download models/vocab.json' }).click();
  await page.locator('.saving', { hasText: GONE }).waitFor();
  await rerun(page);
  await allMeasured(page);
  assert.deepEqual(await vocabulary(page), whole);
  assert.deepEqual(errors, []);
});

/** What a run makes of the large file when nothing happens. */
let known;
async function undisturbed(t) {
  if (known) return known;
  const { page } = await open(t);
  await chooseFiles(page, path);
  await run(page);
  known = [await figure(page, 'Rows read'), await vocabulary(page)];
  return known;
}

test('hidden, frozen or asleep in the midst of a run, a page ends it as if nothing had been', async (t) => {
  const [rows, whole] = await undisturbed(t);
  for (const [name, what, wake] of [
    [
      'hidden',
      () => {
        // As for a tab behind others: nothing is drawn, and timers go off once a second.
        window.requestAnimationFrame = () => 0;
        const wait = window.setTimeout;
        window.setTimeout = (call, milliseconds, ...words) => wait(call, Math.max(1000, milliseconds ?? 0), ...words);
        Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => 'hidden' });
        document.dispatchEvent(new Event('visibilitychange'));
      },
    ],
    ['frozen', () => undefined, 'freeze'],
    ['asleep', () => void (window.asleep = 8 * 3_600_000)],
    ['set back', () => void (window.setBack = 8 * 3_600_000)],
  ]) {
    const { page, errors } = await open(t);
    await chooseFiles(page, path);
    await runUntil(page, what);
    if (wake) {
      const devtools = await page.context().newCDPSession(page);
      await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
      await new Promise((resolve) => setTimeout(resolve, 2500));
      await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    }
    await ended(page);
    assert.match(await page.locator('.done').innerText(), /^Done in [\d.,]+ (s|min|h)/, name);
    assert.equal(await figure(page, 'Rows read'), rows, name);
    assert.deepEqual(await vocabulary(page), whole, name);
    assert.doesNotMatch(await page.locator('.stage-run').innerText(), /NaN|Infinity|−|-\d/, name);
    await rerun(page);
    assert.match(await page.locator('.done').innerText(), /^Done in/, name);
    assert.deepEqual(errors, [], name);
  }
});

test('without room to be kept for the next time, the page works all the same and does not say that it opens offline', async (t) => {
  const context = await browser.newContext({ acceptDownloads: true });
  t.after(() => context.close());
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: new URL(server.address).origin, quotaSize: 1000 });
  await page.goto(server.address);
  await page.getByRole('button', { name: 'Try example data' }).and(page.locator(':enabled')).waitFor();
  await page.locator('#statement output').waitFor();
  assert.doesNotMatch(await page.locator('#statement').innerText(), /offline/i);
  await openFolds(page);
  await loadExample(page);
  await run(page);
  assert.match(await page.locator('.done').innerText(), /^Done in/);
});

for (const [name, change] of [
  ['grows', (file) => appendFileSync(file, 'more')],
  ['is cut short', (file) => truncateSync(file, 1_000_000)],
  ['is deleted', (file) => rmSync(file)],
]) {
  // A file that is open is read to the end that it had, also where its name is gone by then.
  test(`a file that ${name} while it is read is read as it was or refused in one sentence, and read when it is chosen again`, async (t) => {
    const [rows, whole] = await undisturbed(t);
    const { page, errors } = await open(t);
    const file = join(folder, 'changing.csv');
    copyFileSync(path, file);
    utimesSync(file, 1e9, 1e9); // browsers tell a change by whole seconds
    await chooseFiles(page, file);
    await page.exposeFunction('change', () => change(file));
    await runUntil(page, () => window.change());
    await ended(page);
    if (name !== 'is cut short' && (await page.locator('.done').count()) > 0) {
      assert.equal(await figure(page, 'Rows read'), rows);
      assert.deepEqual(await vocabulary(page), whole);
    } else {
      assert.match(
        await refusal(page),
        /^Stopped: no files were created\. A file could not be read: it was changed, moved or deleted after you chose it\. Choose it again\./,
      );
    }
    await chooseFiles(page, path);
    await run(page);
    assert.equal(await figure(page, 'Rows read'), rows);
    assert.deepEqual(errors, []);
  });
}

test('two tabs at once make the same, and one that is closed at work leaves the other alone', async (t) => {
  const [rows, whole] = await undisturbed(t);
  const { page, errors } = await open(t);
  const others = [];
  for (let i = 0; i < 2; i++) {
    const other = await page.context().newPage();
    await other.addInitScript(pickers);
    await other.goto(server.address);
    await other.locator('#statement output').waitFor();
    await openFolds(other);
    await chooseFiles(other, path);
    others.push(other);
  }
  await chooseFiles(page, path);
  const [kept, closed] = others;
  await Promise.all([run(page), run(kept), runUntil(closed, () => undefined).then(() => closed.close())]);
  for (const tab of [page, kept]) {
    assert.equal(await figure(tab, 'Rows read'), rows);
    assert.deepEqual(await vocabulary(tab), whole);
  }
  assert.deepEqual(errors, []);
});
