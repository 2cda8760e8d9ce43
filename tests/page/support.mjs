/** Shared by the tests beside it and by scripts/screenshot.mjs: the built page on a server of its own, and Chromium. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { basename, extname, join, normalize } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

// The packages are installed in web/, which is no parent of this folder.
const web = createRequire(join(repository, 'web/package.json'));
const { chromium } = web('playwright-core');
export const importFromWeb = (name) => import(pathToFileURL(web.resolve(name)).href);

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
};

/**
 * Serves a folder, the built page unless another is given, with other types where `types` has them. `requests` lists the paths asked for;
 * nothing is cached, so every request is seen. `before(path, response)` may keep an answer waiting, or give one itself, which is then true.
 */
export async function serve(types = {}, root = join(repository, 'web/dist-page'), headers = {}, before = undefined) {
  if (!existsSync(root)) throw new Error(`${root} is missing: run "npm run build" in web first`);
  const requests = [];
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname)).replace(/\/$/, '/index.html');
    requests.push(path);
    if (await before?.(path, response)) return;
    const file = join(root, path);
    if (!file.startsWith(root) || !existsSync(file) || !statSync(file).isFile()) return response.writeHead(404).end();
    response.writeHead(200, {
      'Content-Type': types[extname(file)] ?? TYPES[extname(file)] ?? 'application/octet-stream',
      'Cache-Control': 'no-store',
      ...headers,
    });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}

export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });

/**
 * Opens the page and waits until it is ready. `errors` collects what the console and the policy complain about. The
 * browser's pickers, which nobody could answer here, are taken away; `pickers` says what stands in their place.
 */
export async function openPage(browser, address, { pickers = withoutPickers, folds = true, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  await page.addInitScript(pickers);
  const errors = [];
  const requests = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(address);
  await page.getByRole('button', { name: 'Try example data' }).and(page.locator(':enabled')).waitFor();
  await page.locator('#statement output').waitFor(); // the page has been kept for the next time, and counts requests
  if (folds) await openFolds(page);
  return { page, errors, requests, close: () => context.close() };
}

/** All that is closed to one line; what a later state closes, too, so that a test finds what it asks for where it is. */
export const openFolds = (page) =>
  content(page).evaluateAll((roots) => {
    for (const root of roots) {
      const open = () => root.querySelectorAll('details.fold:not([open])').forEach((fold) => (fold.open = true));
      open();
      root.keptOpen ??= new MutationObserver(open);
      root.keptOpen.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ['open'] });
    }
  });

export function withoutPickers() {
  delete window.showDirectoryPicker;
  delete window.showSaveFilePicker;
}

/** The element's own tree, which text of the body leaves out. */
export const content = (page) => page.locator('.causal-sessions');

/** All text of the page but settings and code, which may say null. */
export async function proseOf(page) {
  let text = await content(page).innerText();
  for (const code of await page.locator(':is(pre, code.key)').allInnerTexts()) text = text.replace(code, '');
  return text;
}

export async function loadExample(page) {
  await page.getByRole('button', { name: 'Try example data' }).click();
  await page.locator('.inspection').waitFor();
}

/** Waits for the end of a run that is under way. */
export const settled = (page) => page.locator('.stage-run .progress').waitFor({ state: 'hidden' });

/**
 * A run of what is set, to its end, good or bad. That which starts unasked is as good as one that is asked for, and takes no other one
 * to be drawn; it is taken once.
 */
export async function run(page) {
  await settled(page);
  const made = await page
    .locator('.stage-run')
    .evaluate(
      (panel) =>
        panel.querySelector('.done:not([data-old])') !== null &&
        !panel.getRootNode().querySelector('.stage-result').textContent.includes('These results are out of date.'),
    );
  if (!made) return rerun(page);
  await markOld(page);
}

const markOld = (page) =>
  page.locator('.stage-run').evaluate((panel) => panel.querySelector('.done, .notice')?.setAttribute('data-old', ''));

/** Starts a run, once the one that starts unasked is over, and waits for its end, good or bad. */
export async function rerun(page) {
  await settled(page);
  await markOld(page);
  await page
    .locator('.stage-run')
    .getByRole('button', { name: /^(Create training data|Update results)$/ })
    .first()
    .click();
  await page.locator('.stage-run :is(.done, .notice):not([data-old])').waitFor();
  await markOld(page);
}

/** Runs until one has taken no longer than those that are made again by themselves: a busy machine is slow at first. */
export async function runQuickly(page) {
  for (let runs = 0; runs < 20; runs++) {
    await run(page);
    if (Number(/^Done in ([\d.]+) s/.exec(await page.locator('.done').innerText())?.[1]) < 1) return;
  }
  throw new Error('no run took under a second');
}

/** A figure of the result by its name. */
export const figure = (page, label) =>
  page.locator('.stage-result .folds .figures div', { hasText: label }).locator('dd').innerText();

/** Waits until every file of the result has been measured; manifest.json is made only when somebody wants it. */
export async function allMeasured(page) {
  await page.waitForFunction(() => {
    const sizes = [
      ...document
        .querySelector('causal-sessions')
        .shadowRoot.querySelectorAll('.outputs li:not([data-path="manifest.json"]) .output-size'),
    ].map((element) => element.textContent);
    return sizes.length > 0 && sizes.every((text) => /\d/.test(text));
  });
}

/** Bytes of the download that `action` starts. */
export async function download(page, action) {
  const [file] = await Promise.all([page.waitForEvent('download'), action()]);
  const chunks = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk);
  return { name: file.suggestedFilename(), bytes: Buffer.concat(chunks) };
}

/** Gives the page files as a visitor does who presses the button; they take the place of those before. */
export async function chooseFiles(page, files) {
  const replace = page.getByRole('button', { name: 'Replace files' });
  const button = (await replace.isVisible()) ? replace : page.getByRole('button', { name: 'Choose files' });
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button.click()]);
  await chooser.setFiles(files);
  const expected = [files].flat().map((file) => (typeof file === 'string' ? basename(file) : file.name));
  await page.waitForFunction((names) => {
    const { shadowRoot } = document.querySelector('causal-sessions');
    const shown = [...shadowRoot.querySelectorAll('.file-list .name')].map((element) => element.textContent);
    return (
      JSON.stringify(shown) === JSON.stringify(names) &&
      !shadowRoot.querySelector('.file-list').textContent.includes('being looked at')
    );
  }, expected);
}

/** A file made here, as Playwright takes it. */
export const textFile = (name, text) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

/** The value of a setting by its key in the plan. */
export const setting = (page, key) => page.locator(`[data-path="${key}"]`);

/** Types a value and leaves the field, as people do. */
export async function set(page, key, value) {
  await setting(page, key).fill(value);
  await setting(page, key).blur();
}

/** path -> bytes of a zip whose entries are stored, read from its central directory. */
export function readZip(zip) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const files = {};
  let at = zip.readUInt32LE(end + 16);
  for (let i = 0; i < zip.readUInt16LE(end + 10); i++) {
    const [method, size] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    if (method !== 0) throw new Error(`compression method ${method} is not read here`);
    const nameLength = zip.readUInt16LE(at + 28);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const local = zip.readUInt32LE(at + 42);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    files[name] = zip.subarray(data, data + size);
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return files;
}

/** A manifest as somebody writes it who came to its plan at once: other plans whose effects were estimated are left out. */
export function withoutOtherPlans(bytes) {
  return `${JSON.stringify({ ...JSON.parse(bytes), otherPlans: [] }, null, 2)}\n`;
}
