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
  assert.deepEqual(await page.evaluate(() => window.compiles), { compileStreaming: 2, compile: 0 });
  assert.deepEqual(errors, []);
});

test('a server that does not know wasm serves it all the same', async (t) => {
  const plain = await serve({ '.wasm': 'application/octet-stream' });
  t.after(plain.close);
  const { page, errors, close } = await openPage(browser, plain.address, { pickers: countCompiles });
  t.after(close);
  assert.deepEqual(await page.evaluate(() => window.compiles), { compileStreaming: 0, compile: 2 });
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
