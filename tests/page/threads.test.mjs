/** A large file on the page: its engine has threads where the page is isolated, and what comes out is the same. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { browser, server } from './browser.mjs';
import { simulate } from '../../web/dist/node.js';
import { figure, chooseFiles, download, openFolds, openPage, serve, settled } from './support.mjs';

const ISOLATING = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

let folder;
let path;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'causal-sessions-page-'));
  path = join(folder, 'events.csv');
  writeFileSync(path, Buffer.from(await (await simulate({ events: 150_000, seed: 9 })).arrayBuffer()));
});
after(async () => {
  rmSync(folder, { recursive: true, force: true });
});

/** The page on a machine of three cores, on its first visit or its second. */
async function open(t, { from = server, visit = 1 } = {}) {
  const pickers = `delete window.showDirectoryPicker; delete window.showSaveFilePicker;
    Object.defineProperty(navigator, 'hardwareConcurrency', { value: 3 });
    sessionStorage.loads = Number(sessionStorage.loads ?? 0) + 1;`;
  const { page, errors, close } = await openPage(browser, from.address, { pickers: { content: pickers } });
  t.after(close);
  if (visit === 2) {
    await page.reload();
    await page.locator('#statement output').waitFor();
    await openFolds(page);
  }
  const isolated = await page.evaluate(() => crossOriginIsolated);
  assert.equal(await page.evaluate(() => Number(sessionStorage.loads)), visit, 'it loads when it is visited, and then alone');
  return { page, errors, isolated };
}

/** Counts the workers that the engine's worker starts, and those of them that are left. */
async function countStarted(page) {
  const [engine] = page.workers();
  await engine.evaluate(() => {
    self.started = [];
    self.Worker = class extends Worker {
      constructor(address, options) {
        super(address, options);
        self.started.push(options.name);
      }
    };
  });
  return () => engine.evaluate(() => self.started.splice(0).sort());
}

async function manifestOf({ page, errors, isolated }, from = server) {
  await page.locator('#statement output').waitFor();
  const started = await countStarted(page);
  const sent = from.requests.length;
  await chooseFiles(page, path);
  await page.locator('.stage-run :is(.done, .notice)').waitFor();
  assert.equal(await figure(page, 'Rows read'), '150,000');
  const workers = await started();
  const { bytes } = await download(page, () => page.getByRole('button', { name: 'Download manifest.json' }).click());
  const asked = from.requests.slice(sent).filter((name) => name !== '/service-worker.js'); // which a browser asks for by itself
  assert.deepEqual(asked, []);
  assert.deepEqual(errors, []);
  return { workers: workers.filter((name) => name !== 'fetching' || !isolated), manifest: bytes.toString('utf8') };
}

test('the first visit runs on one thread, the second on all, and the manifest is the same', async (t) => {
  const first = await open(t);
  assert.equal(first.isolated, false);
  const one = await manifestOf(first);
  assert.deepEqual(one.workers, ['fetching']);
  const second = await open(t, { visit: 2 });
  assert.equal(second.isolated, true);
  const three = await manifestOf(second);
  assert.deepEqual(three.workers, ['em-pthread', 'em-pthread', 'streaming']);
  assert.equal(three.manifest, one.manifest);
});

test('a server that isolates the page gives it threads at once', async (t) => {
  const from = await serve({}, undefined, ISOLATING);
  t.after(from.close);
  const opened = await open(t, { from });
  assert.equal(opened.isolated, true);
  const { workers } = await manifestOf(opened, from);
  assert.deepEqual(workers, ['em-pthread', 'em-pthread', 'streaming']);
});

test('a run that is stopped ends its threads', async (t) => {
  const { page, isolated } = await open(t, { visit: 2 });
  assert.equal(isolated, true);
  const large = join(folder, 'large.csv');
  writeFileSync(large, Buffer.from(await (await simulate({ events: 600_000, seed: 9 })).arrayBuffer()));
  const stopped = page.locator('.stage-run').evaluate(
    (panel) =>
      new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          const cancel = [...panel.querySelectorAll('button')].find((button) => button.innerText === 'Cancel');
          if (!/\d MB of \d/.test(panel.querySelector('.progress-text')?.innerText ?? '') || !cancel) return;
          observer.disconnect();
          cancel.click();
          resolve();
        });
        observer.observe(panel, { childList: true, characterData: true, subtree: true });
      }),
  );
  await chooseFiles(page, large);
  await page.locator('.stage-run').getByRole('button', { name: 'Create training data' }).click();
  await stopped;
  await page.locator('.stage-run .notice').waitFor();
  const deadline = Date.now() + 20_000;
  while (page.workers().length > 1 && Date.now() < deadline) await page.waitForTimeout(50);
  assert.ok(page.workers().length <= 1, (await Promise.all(page.workers().map((one) => one.evaluate(() => self.name)))).join());
  await chooseFiles(page, path);
  await settled(page);
  assert.equal(await figure(page, 'Rows read'), '150,000');
});
