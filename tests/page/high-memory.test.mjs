/** Above 2 and 3 GB of its memory the engine makes what it makes below: in a browser, by the package's modules. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { availableMemory, checkLevels, filesAtLevels, LEVELS, ROOM_BYTES } from '../high-memory.mjs';
import { launch, repository, serve } from './support.mjs';

const skip = availableMemory() < ROOM_BYTES && `it takes ${ROOM_BYTES / 1e9} GB of free memory`;

let browser;
let server;
before(async () => {
  server = await serve({ '.mjs': 'text/javascript' }, join(repository, 'web'));
  browser = await launch();
});
after(async () => {
  await browser.close();
  await server.close();
});

test('files above 2 and 3 GB are those below, in Chromium', { skip }, async () => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${server.address}dist/types/index.js`); // a page without a policy of its own
  const found = await page.evaluate(
    async ([source, levels]) => {
      const [{ prepare, simulate }, { loadEngine }] = await Promise.all([
        import('/dist/index.js'),
        import('/dist/engine/engine.js'),
      ]);
      const filesAtLevels = await import(`data:text/javascript,${encodeURIComponent(`export default ${source}`)}`);
      const events = await (await simulate({ events: 20_000, seed: 4 })).arrayBuffer();
      return filesAtLevels.default({ prepare, loadEngine }, events, levels, {});
    },
    [filesAtLevels.toString(), LEVELS],
  );
  checkLevels(assert, found);
});
