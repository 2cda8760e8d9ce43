// Makes the README's picture: the page with the example's result. Needs the built page (web/dist-page) and Chromium.
//
//   node scripts/screenshot.mjs OUT.png [--width 1280] [--height 1000] [--dark] [--state empty|data|done|refused] [--full]
import { parseArgs } from 'node:util';
import { allMeasured, launch, loadExample, openPage, run, serve } from '../tests/page/support.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: 'string', default: '1280' },
    height: { type: 'string', default: '1000' },
    state: { type: 'string', default: 'done' },
    dark: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
  },
});
const [path] = positionals;
if (path === undefined || !['empty', 'data', 'done', 'refused'].includes(values.state)) {
  process.stderr.write(
    'usage: node scripts/screenshot.mjs OUT.png [--width 1280] [--height 1000] [--dark] [--state STATE] [--full]\n',
  );
  process.exit(2);
}

const REFUSED = 'USER_ID,event_timestamp,event_type,product_id\nu1,2025-09-05 10:00:00,auction,\nu1,31/02/2025,click,p1\n';

const states = {
  empty: async () => undefined,
  data: loadExample,
  done: async (page) => {
    await loadExample(page);
    await run(page);
    await allMeasured(page);
  },
  refused: async (page) => {
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'events.csv', mimeType: 'text/csv', buffer: Buffer.from(REFUSED) });
    await page.locator('.inspection').waitFor();
    await run(page);
  },
};

const server = await serve();
const browser = await launch();
try {
  const viewport = { width: Number(values.width), height: Number(values.height) };
  const { page } = await openPage(browser, server.address, { viewport, colorScheme: values.dark ? 'dark' : 'light' });
  await states[values.state](page);
  const shown = { done: '.stage-run', refused: '.stage-run' }[values.state] ?? 'body';
  await page.locator(values.full ? 'body' : shown).evaluate((shown) => {
    document.activeElement?.blur();
    shown.scrollIntoView({ block: 'start' });
  });
  await page.screenshot({ path, fullPage: values.full });
} finally {
  await browser.close();
  await server.close();
}
