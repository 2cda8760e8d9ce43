/** The main job in Firefox and WebKitGTK: the example, from the button to the downloaded file, with the bytes that Node makes. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { exampleParquet } from './example.mjs';
import { repository, serve } from './support.mjs';
import { eventually, startDisplay, startFirefox, startWebKit } from './webdriver.mjs';

const oneFile = pathToFileURL(join(repository, 'web/dist-one-file/causal-sessions.html')).href;
const first = (...paths) => paths.find((path) => path && existsSync(path));
const firefox = first(process.env.FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox');
const webKitDriver = first('/usr/bin/WebKitWebDriver');
const miniBrowser = first(
  ...['4.1', '6.0', '4.0'].map(
    (version) => `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/webkit2gtk-${version}/MiniBrowser`,
  ),
);
const xvfb = first('/usr/bin/Xvfb');

const BROWSERS = [
  {
    name: 'Firefox',
    missing: firefox ? false : 'there is no firefox-esr, and none could be installed',
    start: async () => startFirefox(firefox),
  },
  {
    name: 'WebKitGTK',
    missing:
      webKitDriver && miniBrowser && xvfb ? false : 'there is no webkit2gtk-driver or no xvfb, and none could be installed',
    start: async () => {
      const screen = await startDisplay(xvfb);
      try {
        const browser = await startWebKit(webKitDriver, miniBrowser, screen.display);
        return { ...browser, close: async () => (await browser.close(), screen.close()) };
      } catch (error) {
        await screen.close();
        throw error;
      }
    },
  },
];

/** Inside the page: the button with this text, once it can be pressed. */
const button = (text) => {
  const { shadowRoot } = document.querySelector('causal-sessions');
  return [...shadowRoot.querySelectorAll('button:enabled:not([aria-disabled=true])')].find(
    (element) => (element.ariaLabel ?? element.textContent).trim() === text && element.checkVisibility(),
  );
};

const shown = (selector) => document.querySelector('causal-sessions')?.shadowRoot.querySelector(selector)?.textContent ?? null;

async function downloadExample(browser) {
  await browser.click(button, 'Try example data');
  await eventually('the result', () => browser.evaluate(shown, '.done'), 60);
  await browser.evaluate(() =>
    document
      .querySelector('causal-sessions')
      .shadowRoot.querySelectorAll('.stage-files details')
      .forEach((fold) => (fold.open = true)),
  );
  const path = join(browser.downloads, 'train_sessions.parquet');
  const expected = await exampleParquet();
  // Charts are drawn one after the other, so the button may move away from under the pointer.
  await eventually(path, async () => {
    await browser.click(button, 'Download data/train_sessions.parquet');
    return eventually(path, () => statSync(path).size === expected.length, 5);
  });
  return { bytes: readFileSync(path), expected };
}

for (const { name, missing, start } of BROWSERS) {
  describe(name, { skip: missing }, () => {
    let browser;
    let server;
    before(async () => {
      server = await serve();
      browser = await start();
    });
    after(async () => {
      await browser?.close();
      await server.close();
    });

    test('the example becomes the bytes that Node makes, and nothing is asked for after load', async () => {
      await browser.open(server.address);
      await eventually('the count', () => browser.evaluate(() => document.querySelector('#requests output')?.textContent));
      const sent = server.requests.length;
      const { bytes, expected } = await downloadExample(browser);
      assert.deepEqual(bytes, expected);
      assert.deepEqual(server.requests.slice(sent), []);
      assert.equal(await browser.evaluate(() => document.querySelector('#requests output').textContent), 'No network requests');
    });

    test('the one file works from the disk', async () => {
      await browser.open(oneFile);
      await browser.click(button, 'Try example data');
      assert.match(
        await eventually('the result', () => browser.evaluate(shown, '.done'), 60),
        /^Done in .*: [\d,]+ training rows from/,
      );
      assert.match(
        await browser.evaluate(() => document.querySelector('#requests').textContent),
        /^No network requests since loading\. Single-file version/,
      );
    });
  });
}
