/** Files: every format with Node's bytes, into a ZIP, a folder or one by one; what goes wrong leaves the disk as it was. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import {
  allMeasured,
  chooseFiles,
  download,
  openPage,
  readZip,
  repository,
  run,
  runQuickly,
  set,
  setting,
  textFile,
  withoutPickers,
  withoutOtherPlans,
} from './support.mjs';

const { listFormats, prepare, writeDataset } = await import(new URL('../../web/dist/node.js', import.meta.url));

const events = join(repository, 'tests/cases/notebook/typical/events.csv');
const formats = await listFormats();

/** Pickers that answer with the Origin Private File System, whose handles and streams are those of real folders. */
function privatePickers() {
  const root = () => navigator.storage.getDirectory();
  window.showDirectoryPicker = async () => (await root()).getDirectoryHandle('training', { create: true });
  window.showSaveFilePicker = async ({ suggestedName }) => (await root()).getFileHandle(suggestedName, { create: true });
}

/** A page with a result; at its end nothing may have been asked of the network or complained about. */
function filesTest(name, body, { pickers = privatePickers, input = events } = {}) {
  test(name, async (t) => {
    const { page, errors, close } = await openPage(browser, server.address, { pickers });
    t.after(close);
    const sent = server.requests.length;
    await chooseFiles(page, input);
    await run(page);
    await body(page, t);
    assert.deepEqual(server.requests.slice(sent), []);
    assert.deepEqual(errors, []);
  });
}

/** Of the formats that the page offers. */
async function chosen(page, names) {
  for (const { name } of formats) {
    const box = page.locator(`[data-format="${name}"]`);
    if (await box.isVisible()) await box.setChecked(names.includes(name));
  }
}
const outcome = (page) => page.locator('.saving .slot:not(:empty)');
const saveFolder = (page) => page.getByRole('button', { name: 'Save to a folder' }).click();
const saveZip = (page) => page.getByRole('button', { name: 'Download all as ZIP' }).click();

/** What `causal-sessions prepare` writes: path -> bytes. */
async function nodeFiles(t, names, plan = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'causal-sessions-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const dataset = await prepare({ path: events }, plan);
  await writeDataset(dataset, folder, { formats: names });
  dataset.dispose();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return Object.fromEntries(paths.sort().map((path) => [relative(folder, path).replaceAll('\\', '/'), readFileSync(path)]));
}

/** Path -> bytes of everything in the private file system. */
async function privateFiles(page) {
  const listed = await page.evaluate(async () => {
    const files = {};
    const walk = async (folder, prefix) => {
      for await (const [name, handle] of folder) {
        if (handle.kind === 'directory') await walk(handle, `${prefix}${name}/`);
        else files[prefix + name] = [...new Uint8Array(await (await handle.getFile()).arrayBuffer())];
      }
    };
    await walk(await navigator.storage.getDirectory(), '');
    return files;
  });
  return Object.fromEntries(
    Object.keys(listed)
      .sort()
      .map((path) => [path, Buffer.from(listed[path])]),
  );
}

const below = (folder, files) => Object.fromEntries(Object.entries(files).map(([path, bytes]) => [`${folder}/${path}`, bytes]));

test("the page offers the engine's formats, each with its label and for whom it is", async (t) => {
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  const shown = await page.locator('.format').evaluateAll((elements) =>
    elements.map((element) => ({
      name: element.querySelector('input').dataset.format,
      label: element.querySelector('label').textContent,
      description: element.querySelector('.help').textContent,
    })),
  );
  assert.deepEqual(
    shown,
    formats.map(({ name, label, description }) => ({ name, label, description })),
  );
  for (const { description } of formats) assert.match(description, /^for /);
});

filesTest(
  'every format, as a ZIP and one by one, has the bytes that Node writes',
  async (page, t) => {
    const names = formats.filter(({ needsTimeZero }) => !needsTimeZero).map(({ name }) => name);
    const expected = await nodeFiles(t, names);
    await chosen(page, names);
    await allMeasured(page);
    assert.match(await page.locator('[data-path="manifest.json"] .output-size').innerText(), /^size known after saving$/);
    const { name, bytes } = await download(page, () => saveZip(page));
    assert.equal(name, 'causal-sessions.zip');
    const files = readZip(bytes);
    assert.deepEqual(Object.keys(files).sort(), Object.keys(expected).sort());
    for (const [path, wanted] of Object.entries(expected)) assert.ok(files[path].equals(wanted), path);
    assert.match(await outcome(page).innerText(), /^34 files, [\d.]+ [kM]B, downloaded as causal-sessions\.zip\.$/);
    for (const path of [...Object.keys(expected).filter((path) => path.includes('train')), 'manifest.json']) {
      await page.waitForTimeout(120); // Chromium drops downloads beyond ten in a second
      const single = await download(page, () => page.getByRole('button', { name: `Download ${path}`, exact: true }).click());
      assert.ok(single.bytes.length > 0 && single.bytes.equals(expected[path]), path);
    }
    assert.equal(await page.getByRole('button', { name: 'Save to a folder' }).count(), 0); // this browser has no such picker
  },
  { pickers: withoutPickers },
);

filesTest('the profile causal has a time zero, and covariates for it, which the notebook has not', async (page, t) => {
  const covariates = page.locator('.format', { has: page.locator('[data-format^="covariates"]') });
  assert.deepEqual(await covariates.evaluateAll((elements) => elements.map((element) => element.checkVisibility())), [
    false,
    false,
  ]);
  await setting(page, 'profile').selectOption('causal');
  await covariates.first().waitFor();
  await setting(page, 'outcome.censored').selectOption('keep'); // these events are over before any follow-up is
  assert.equal(await setting(page, 'index.kind').inputValue(), 'exposure');
  assert.equal(await setting(page, 'sequence.maxEvents').inputValue(), '500');
  assert.match(await page.locator('.changed-keys').innerText(), /^2 settings changed: Starting point, Incomplete follow-up$/);
  await run(page);
  await chosen(page, ['parquet', 'covariates', 'covariates-csv']);
  await saveFolder(page);
  await outcome(page).waitFor();
  const names = ['parquet', 'covariates', 'covariates-csv'];
  const files = await privateFiles(page);
  const manifest = JSON.parse(files['training/manifest.json']);
  // The page estimated by the plan of its first result, and perhaps by one in between; the command did by none.
  assert.ok(manifest.otherPlans.some((plan) => plan.profile === 'notebook'));
  files['training/manifest.json'] = Buffer.from(withoutOtherPlans(files['training/manifest.json']));
  assert.deepEqual(files, below('training', await nodeFiles(t, names, { profile: 'causal', outcome: { censored: 'keep' } })));
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  assert.equal(await setting(page, 'index.kind').inputValue(), 'session');
});

filesTest('a folder gets the files of the command, again and in other formats', async (page, t) => {
  await saveFolder(page);
  assert.match(await outcome(page).innerText(), /^10 files, [\d.]+ [kM]B, saved in the folder “training”\.$/);
  assert.deepEqual(await privateFiles(page), below('training', await nodeFiles(t, ['parquet', 'pickle'])));
  await chosen(page, ['jsonl']);
  await saveFolder(page);
  await page.getByText('7 files').and(page.locator('.saving p')).waitFor();
  const both = { ...(await nodeFiles(t, ['parquet', 'pickle'])), ...(await nodeFiles(t, ['jsonl'])) };
  assert.deepEqual(await privateFiles(page), below('training', both));
});

filesTest('a ZIP streams into the file that was picked', async (page, t) => {
  await saveZip(page);
  assert.match(await outcome(page).innerText(), /^10 files, [\d.]+ [kM]B, saved as causal-sessions\.zip\.$/);
  const { 'causal-sessions.zip': zip, ...others } = await privateFiles(page);
  assert.deepEqual(others, {});
  assert.deepEqual(readZip(zip), await nodeFiles(t, ['parquet', 'pickle']));
});

/** From here on, writing the file called `name` ends half-way with `error`. */
const failAt = (page, name, error) =>
  page.evaluate(
    ([name, error]) => {
      const { createWritable } = FileSystemFileHandle.prototype;
      FileSystemFileHandle.prototype.createWritable = async function () {
        const writable = await createWritable.call(this);
        if (this.name !== name) return writable;
        writable.write = async () => {
          await writable.constructor.prototype.write.call(writable, 'half');
          throw new DOMException('', error);
        };
        return writable;
      };
    },
    [name, error],
  );

/** What the folder held before: one file that would be replaced and one that would not. */
const fillFolder = (page) =>
  page.evaluate(async () => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('training', { create: true });
    for (const [folder, name] of [
      ['data', 'train_sessions.parquet'],
      ['data', 'notes.txt'],
    ]) {
      const file = await (await root.getDirectoryHandle(folder, { create: true })).getFileHandle(name, { create: true });
      const writable = await file.createWritable();
      await writable.write('old');
      await writable.close();
    }
  });
const OLD = { 'training/data/notes.txt': Buffer.from('old'), 'training/data/train_sessions.parquet': Buffer.from('old') };

for (const [error, sentence] of [
  ['QuotaExceededError', /^Not saved\. The folder “training” cannot be written: the disk is full\. Nothing was changed\.$/],
  [
    'NotFoundError',
    /^Not saved\. The folder “training” cannot be written: it has been moved or removed\. Nothing was changed\.$/,
  ],
  [
    'NotAllowedError',
    /^Not saved\. The folder “training” cannot be written: the browser has no permission to write there\. Nothing was changed\.$/,
  ],
]) {
  filesTest(`${error} half-way leaves the folder as it was`, async (page) => {
    await fillFolder(page);
    await failAt(page, 'vocab.json', error);
    await saveFolder(page);
    assert.match(await outcome(page).innerText(), sentence);
    assert.deepEqual(await privateFiles(page), OLD);
    const folders = await page.evaluate(async () => {
      const names = [];
      for await (const name of (await (await navigator.storage.getDirectory()).getDirectoryHandle('training')).keys())
        names.push(name);
      return names;
    });
    assert.deepEqual(folders, ['data']); // models was not there before
  });
}

filesTest('a folder that is removed while it is written gives one sentence', async (page) => {
  await page.evaluate(() => {
    window.showDirectoryPicker = async () => {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle('gone', { create: true });
      await root.removeEntry('gone', { recursive: true });
      return folder;
    };
  });
  await saveFolder(page);
  assert.match(
    await outcome(page).innerText(),
    /^Not saved\. The folder “gone” cannot be written: it has been moved or removed\. Nothing was changed\.$/,
  );
});

/** Makes the disk of the private file system so small that half of the files fit. */
async function shrinkDisk(page) {
  const devtools = await page.context().newCDPSession(page);
  const { usage } = await page.evaluate(() => navigator.storage.estimate()); // the page itself is kept there too
  await devtools.send('Storage.overrideQuotaForOrigin', { origin: new URL(server.address).origin, quotaSize: usage + 20_000 });
}

filesTest('a disk that is really full leaves the folder as it was', async (page) => {
  await fillFolder(page);
  await shrinkDisk(page);
  await saveFolder(page);
  assert.match(
    await outcome(page).innerText(),
    /^Not saved\. The folder “training” cannot be written: the disk is full\. Nothing was changed\.$/,
  );
  assert.deepEqual(await privateFiles(page), OLD);
});

filesTest('a ZIP that cannot be written leaves no file', async (page) => {
  await shrinkDisk(page);
  await saveZip(page);
  assert.match(
    await outcome(page).innerText(),
    /^Not saved\. The file “causal-sessions\.zip” cannot be written: the disk is full\. Nothing was changed\.$/,
  );
  assert.deepEqual(await privateFiles(page), {});
});

filesTest('saving is cancelled, and the folder is as it was', async (page) => {
  await fillFolder(page);
  // Slow enough for progress to show.
  await page.evaluate(() => {
    const { createWritable } = FileSystemFileHandle.prototype;
    FileSystemFileHandle.prototype.createWritable = async function () {
      const writable = await createWritable.call(this);
      const write = writable.write.bind(writable);
      writable.write = async (data) => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        return write(data);
      };
      return writable;
    };
  });
  await saveFolder(page);
  const cancel = page.getByRole('button', { name: 'Cancel saving' });
  await cancel.waitFor();
  assert.match(
    await page.locator('.saving .progress-text').innerText(),
    /^Writing [a-z_/.]+, \d+ of 10\s+[\d.]+ \w+ of [\d.]+ kB$/,
  );
  await page.waitForFunction((button) => button === button.getRootNode().activeElement, await cancel.elementHandle());
  assert.match(await page.locator('.run-buttons').innerText(), /Files are being saved\./);
  await cancel.click();
  assert.match(await outcome(page).innerText(), /^Cancelled\. Nothing was saved; files that were there are unchanged\.$/);
  assert.deepEqual(await privateFiles(page), OLD);
  assert.ok(
    await page
      .getByRole('button', { name: 'Save to a folder' })
      .evaluate((button) => button === button.getRootNode().activeElement),
  );
  await saveZip(page); // and the page goes on
  await page.locator('.saving p', { hasText: 'saved as causal-sessions.zip' }).waitFor();
});

filesTest('a picker that is dismissed is no failure; one that is refused says so', async (page) => {
  const answer = (name) =>
    page.evaluate((name) => {
      window.showDirectoryPicker = window.showSaveFilePicker = () => Promise.reject(new DOMException('The user said no.', name));
    }, name);
  await answer('AbortError');
  await saveFolder(page);
  await saveZip(page);
  assert.equal(await outcome(page).count(), 0);
  await answer('SecurityError');
  await saveFolder(page);
  assert.match(
    await outcome(page).innerText(),
    /^Not saved\. The folder cannot be written: the browser has no permission to write there\. Nothing was changed\.$/,
  );
});

test('an input that changed since the run makes no manifest, and says so', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'causal-sessions-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'events.csv');
  writeFileSync(path, readFileSync(events));
  const { page, close } = await openPage(browser, server.address, { pickers: privatePickers });
  t.after(close);
  await chooseFiles(page, path);
  await run(page);
  await allMeasured(page);
  writeFileSync(path, 'something else');
  await saveFolder(page);
  assert.match(
    await outcome(page).innerText(),
    /^Not saved\. A file could not be read: it was changed, moved or deleted after you chose it\. Choose it again\.$/,
  );
  assert.deepEqual(await privateFiles(page), {});
});

filesTest('settings of a format stand beside it, are refused there, and are in the command', async (page, t) => {
  await runQuickly(page);
  const padTo = setting(page, 'output.padTo');
  const field = page.locator('.field', { has: padTo });
  assert.equal(await padTo.isVisible(), false);
  await chosen(page, ['csv', 'safetensors-padded']);
  await set(page, 'output.padTo', '0');
  await field.locator('.error:visible').waitFor();
  assert.match(await field.locator('.error').innerText(), /^It must be a whole number from 1 to 1,?000,?000\.$/);
  assert.match(await page.locator('.run-buttons').innerText(), /Fix the highlighted setting first\./);
  await set(page, 'output.padTo', '7');
  await setting(page, 'output.csvFormulas').selectOption('keep');
  const stage = page.locator('.stage-files');
  await stage.getByText('These downloads are out of date.').waitFor();
  await stage.locator('.notice').waitFor({ state: 'detached' }); // made again by itself
  await allMeasured(page);
  const plan = { output: { padTo: 7, csvFormulas: 'keep' } };
  const expected = await nodeFiles(t, ['csv', 'safetensors-padded'], plan);
  await saveFolder(page);
  await outcome(page).waitFor();
  assert.deepEqual(await privateFiles(page), below('training', expected));
  const command = await page.getByLabel('Command line', { exact: true }).textContent();
  assert.equal(
    command,
    'causal-sessions prepare events.csv --out OUT \\\n  --format csv,safetensors-padded \\\n  --set output.padTo=7 \\\n  --set output.csvFormulas=keep',
  );
  await chosen(page, []);
  assert.match(await page.getByLabel('Command line', { exact: true }).textContent(), /Choose a format above/);
});

filesTest('what is being typed stays while files come and go', async (page) => {
  const padTo = setting(page, 'output.padTo');
  await chosen(page, ['safetensors-padded']);
  await padTo.fill('0');
  // A click that takes no focus: the field has not been left yet.
  const csv = page.locator('[data-format="csv"]');
  await csv.evaluate((box) => box.click());
  await page.locator('.outputs [data-path$=".csv"]').first().waitFor();
  await allMeasured(page);
  assert.equal(await padTo.inputValue(), '0');
  await padTo.blur();
  await page.locator('.field', { has: padTo }).locator('.error:visible').waitFor();
});

test('padding beyond all memory is refused at its setting, and the rest can be had', async (t) => {
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  const rows = Array.from(
    { length: 600 },
    (_, i) => `u${i},2024-01-01T00:00:00,impression,a\nu${i},2024-01-01T00:01:00,click,a\n`,
  );
  await chooseFiles(page, {
    name: 'many.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`user_id,timestamp,event_type,item_id\n${rows.join('')}`),
  });
  await page.locator('[data-format="safetensors-padded"]').check();
  await set(page, 'output.padTo', '1000000');
  await run(page);
  const row = page.locator('[data-path="data/train_sessions_padded.safetensors"]');
  await saveZip(page);
  await page.locator('.saving .notice').waitFor();
  const refusal = /padded to 1000000 tokens would take \d+ MiB; the limit is 4096 MiB/;
  for (const place of [row, page.locator('.field', { has: setting(page, 'output.padTo') })])
    assert.match(await place.innerText(), refusal);
  assert.equal(await page.getByRole('button', { name: 'Download all as ZIP' }).isEnabled(), false);
  await page.locator('[data-format="safetensors-padded"]').uncheck();
  const { bytes } = await download(page, () => saveZip(page));
  assert.equal(Object.keys(readZip(bytes)).length, 10);
});

test('what the columns hold is told of the rows that were looked at', async (t) => {
  const { page, errors, close } = await openPage(browser, server.address);
  t.after(close);
  const rows = Array.from(
    { length: 60 },
    (_, i) => `u${i % 7},2026-03-${String(1 + (i % 28)).padStart(2, '0')},${i % 3 ? 'view' : 'cart'},`,
  );
  await chooseFiles(page, textFile('shop.csv', `user_id,timestamp,event_type,note\n${rows.join('\n')}\n`));
  const fold = page.locator('details.fold', { hasText: 'What the columns hold' }).last();
  assert.equal(await fold.locator('.table-title').innerText(), 'Columns of shop.csv in its first 60 rows.');
  const lines = await fold
    .locator('tbody tr')
    .evaluateAll((lines) => lines.map((line) => [...line.cells].map((cell) => cell.textContent)));
  assert.deepEqual(lines[0], ['user_id', 'text', '0', '7', 'u0', 'u6', 'u0 (9), u1 (9), u2 (9)', '–']);
  assert.deepEqual(lines[2], ['event_type', 'text', '0', '2', 'cart', 'view', 'view (40), cart (20)', '–']);
  assert.deepEqual(lines[3], ['note', 'none', '60', '0', '–', '–', '–', '–']);
  assert.deepEqual(lines[1].slice(0, 6), ['timestamp', 'times', '0', '28', '2026-03-01', '2026-03-28']);
  assert.equal(await fold.getByRole('img').getAttribute('aria-label'), 'Rows over time, from 2026-03-01 to 2026-03-28');
  assert.ok((await fold.getByRole('img').locator('rect').count()) > 20);
  assert.deepEqual(errors, []);
});
