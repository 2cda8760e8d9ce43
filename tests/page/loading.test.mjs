/** How the engine comes to the page, and what the page says of its memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import { chooseFiles, openPage, serve, textFile, withoutPickers } from './support.mjs';

const ROW = 'u1,2025-09-05 10:00:00,click,p1\n';

/** Counts the ways in which wasm is compiled; runs inside the page. */
function countCompiles() {
  window.compiles = { compileStreaming: 0, compile: 0 };
  for (const name of Object.keys(window.compiles)) {
    const { [name]: compile } = WebAssembly;
    WebAssembly[name] = (source) => (window.compiles[name]++, compile(source));
  }
}

test('wasm is compiled while it is fetched', async (t) => {
  const { page, errors, close } = await openPage(browser, server.address, { pickers: countCompiles });
  t.after(close);
  assert.deepEqual(await page.evaluate(() => window.compiles), { compileStreaming: 3, compile: 0 });
  assert.deepEqual(errors, []);
});

test('a server that does not know wasm serves it all the same', async (t) => {
  const plain = await serve({ '.wasm': 'application/octet-stream' });
  t.after(plain.close);
  const { page, errors, close } = await openPage(browser, plain.address, { pickers: countCompiles });
  t.after(close);
  assert.deepEqual(await page.evaluate(() => window.compiles), { compileStreaming: 0, compile: 3 });
  assert.deepEqual(errors, []);
});

test('the page says how many events there are and what memory they take', async (t) => {
  const { page, errors, close } = await openPage(browser, server.address, { pickers: withoutPickers });
  t.after(close);
  const header = 'user,time,type,item\n';
  await chooseFiles(page, [textFile('a.csv', header + ROW.repeat(2)), textFile('b.csv', header + ROW.repeat(1))]);
  assert.equal(await page.locator('.memory').innerText(), 'About 3 events, about 0.1 GB of memory; there is room for 4.3 GB.');
  await chooseFiles(page, textFile('events.csv', header + ROW.repeat(20_000)));
  assert.match(
    await page.locator('.memory').innerText(),
    /^About 20,000 events, about 0\.\d GB of memory; there is room for 4\.3 GB\.$/,
  );
  assert.deepEqual(errors, []);
});

const isRest = (path) => /engine-rest/.test(path);
const rows = textFile(
  'events.ndjson',
  `${JSON.stringify({ user: 'u1', time: '2025-09-05 10:00:00', type: 'impression', item: 'p1' })}\n`.repeat(3),
);

/** The page as it is before the second part of its engine is there. */
async function openEarly(t, address) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(address);
  await page.getByRole('button', { name: 'Try example data' }).and(page.locator(':enabled')).waitFor();
  return page;
}

test('the example is done before the second part of the engine is there, and what needs that part waits for it', async (t) => {
  let answer;
  const waiting = new Promise((resolve) => (answer = resolve));
  const slow = await serve({}, undefined, {}, (path) => isRest(path) && waiting);
  t.after(slow.close);
  const page = await openEarly(t, slow.address);
  await page.getByRole('button', { name: 'Try example data' }).click();
  await page.locator('.stage-run .done').waitFor();
  assert.equal(await page.locator('#statement output').count(), 0, 'not all has been loaded');
  const looked = chooseFiles(page, rows);
  await page.locator('.file-list', { hasText: 'being looked at' }).waitFor();
  answer(false);
  await looked;
  assert.match(await page.locator('.file-list').innerText(), /events\.ndjson\n.*JSON/);
  await page.locator('#statement output').waitFor();
});

for (const [where, answer, found] of [
  ['there is none', (response) => response.writeHead(404).end(), 'status 404'],
  [
    'a page comes in its place',
    (response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html>'),
    'which is no WebAssembly',
  ],
]) {
  test(`where the second part cannot be had, as ${where}, what needs it says so, and the example works`, async (t) => {
    const without = await serve({}, undefined, {}, (path, response) => isRest(path) && answer(response));
    t.after(without.close);
    const page = await openEarly(t, without.address);
    await chooseFiles(page, rows);
    await page
      .getByText(
        new RegExp(
          `^A part of the engine could not be loaded: .*engine-rest-[^ ]*\\.wasm, ${found}\\. Try again, or load the page anew\\.$`,
        ),
      )
      .first()
      .waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Try example data' }).and(page.locator(':enabled')).click();
    await page.locator('.stage-run .done').waitFor();
  });
}
