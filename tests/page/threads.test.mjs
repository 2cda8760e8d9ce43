/** A large file on the page: several workers read it, under the page's policy, and what comes out is the same. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { browser, server } from './browser.mjs';
import { simulate } from '../../web/dist/node.js';
import { figure, chooseFiles, download, openPage, run, settled } from './support.mjs';

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

/** The page on a machine of so many cores; `started` counts the workers of the run. */
async function manifestWith(cores) {
  const pickers = `delete window.showDirectoryPicker; delete window.showSaveFilePicker;
    Object.defineProperty(navigator, 'hardwareConcurrency', { value: ${cores} });
    let started = 0;
    window.takeStarted = () => [started, (started = 0)][0];
    window.Worker = class extends Worker { constructor(...words) { super(...words); ++started; } };`;
  const { page, errors, close } = await openPage(browser, server.address, { pickers: { content: pickers } });
  await chooseFiles(page, path);
  await settled(page);
  // Of the run that started unasked. Counted where they are made: some are over before a debugger hears of them.
  await page.evaluate(() => takeStarted());
  const [before, sent] = [page.workers().length, server.requests.length];
  await run(page);
  assert.equal(await figure(page, 'Rows read'), '150,000');
  const started = await page.evaluate(() => takeStarted());
  const { bytes } = await download(page, () => page.getByRole('button', { name: 'Download manifest.json' }).click());
  assert.deepEqual(server.requests.slice(sent), []);
  assert.deepEqual(errors, []);
  const left = page.workers().length - before;
  await close();
  return { manifest: bytes.toString('utf8'), started, left };
}

test('several workers give the manifest of one, and are gone afterwards', async () => {
  const one = await manifestWith(1);
  const three = await manifestWith(3);
  assert.equal(three.started - one.started, 2);
  assert.deepEqual([one.left, three.left], [0, 0]);
  assert.equal(three.manifest, one.manifest);
});
