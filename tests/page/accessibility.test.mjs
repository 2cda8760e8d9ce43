/** axe-core finds nothing, of any level, in any main state: light and wide, dark and narrow. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import { allMeasured, chooseFiles, loadExample, openPage, repository, run, textFile } from './support.mjs';

const axe = readFileSync(createRequire(join(repository, 'web/package.json')).resolve('axe-core/axe.min.js'), 'utf8');

const BAD_TIME = 'USER_ID,event_timestamp,event_type,product_id\nu1,2025-09-05 10:00:00,auction,\nu1,31/02/2025,click,p1\n';

async function openAll(page) {
  for (const details of await page.locator('details').all()) await details.evaluate((element) => (element.open = true));
}

const states = {
  empty: async () => undefined,
  done: async (page) => {
    await loadExample(page);
    await run(page);
    await allMeasured(page);
    await openAll(page);
  },
  // With a window and a horizon, which have lines to move.
  causal: async (page) => {
    await loadExample(page);
    await page.locator('[data-path="profile"]').selectOption('causal');
    await run(page);
    await page.getByRole('slider', { name: 'Follow-up' }).waitFor();
    await openAll(page);
  },
  refused: async (page) => {
    await chooseFiles(page, textFile('events.csv', BAD_TIME));
    await run(page);
  },
};

for (const [state, reach] of Object.entries(states)) {
  for (const [colorScheme, width] of [
    ['light', 1280],
    ['dark', 380],
  ]) {
    test(`${state}, ${colorScheme}, ${width} pixels`, async (t) => {
      const { page, close } = await openPage(browser, server.address, { colorScheme, viewport: { width, height: 900 } });
      t.after(close);
      await reach(page);
      await page.evaluate(axe); // by the debugger, which no policy hinders
      const { violations, passes } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
      assert.ok(passes.length > 20, 'axe has looked into the element');
      assert.deepEqual(
        violations.map(
          ({ id, help, nodes }) =>
            `${id}: ${help}, ${nodes
              .slice(0, 3)
              .map(({ target, failureSummary }) => `${target.flat().join(' ')} ${failureSummary}`)
              .join('; ')}`,
        ),
        [],
      );
    });
  }
}
