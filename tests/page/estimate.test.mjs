/** The adjusted effect: refused with the way to what mends it, then told with its picture, and gone with its result. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepare, simulate } from '../../web/dist/node.js';
import { browser, server } from './browser.mjs';
import { chooseFiles, openPage, settled, textFile } from './support.mjs';

const events = Buffer.from(await (await simulate({ events: 20_000, effect: 3, pace: 10, seed: 6 })).arrayBuffer());
const file = { name: 'events.csv', mimeType: 'text/csv', buffer: events };

test('an effect is refused with a way to its setting, and told once the design allows it', async (t) => {
  const { page, errors, close } = await openPage(browser, server.address);
  t.after(close);
  const card = page.locator('.estimate');
  await chooseFiles(page, file);
  await settled(page);
  await card.getByText('No adjusted effect is shown.').waitFor();
  await card.getByRole('button', { name: 'Go to “Time zero”' }).click();
  await page.waitForFunction(
    () => document.querySelector('causal-sessions').shadowRoot.activeElement?.dataset.path === 'index.kind',
  );
  assert.equal(await card.locator('svg').count(), 0);

  await page
    .getByRole('button', { name: /^Fix all/ })
    .first()
    .click();
  await card.getByText(/^Treated rows had the outcome/).waitFor();
  const dataset = await prepare(new Uint8Array(events), { profile: 'causal' }, { audit: true });
  t.after(() => dataset.dispose());
  const { adjusted, naive } = await dataset.estimate();
  const points = (value) => (value * 100).toFixed(1);
  const text = await card.innerText();
  assert.ok(text.includes(`${points(adjusted.overlap.effect)} points more often`), text);
  assert.ok(text.includes(`Unadjusted, the difference is +${points(naive.difference)} points.`), text);
  assert.match(text, /causal only if nothing else drives both treatment and outcome/);
  const described = await card.locator('svg').first().getAttribute('aria-label');
  assert.ok(described.startsWith(`Adjusted: +${points(adjusted.overlap.effect)} pp, `), described);
  assert.ok(text.includes(`all rows (ATE)\t+${points(adjusted.all.effect)} pp`), text);
  assert.match(text, /E-values/);
  const { controls, meaning, notCalibrated } = adjusted.negativeControls;
  for (const told of [meaning, notCalibrated, ...controls.map(({ name }) => name)]) {
    if (told !== null) assert.ok(text.includes(told), text);
  }

  // Undone, the design allows none again.
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await card.getByText('No adjusted effect is shown.').waitFor();
  assert.deepEqual(errors, []);
});

test('where rows have another treatment instead of none, no group is called untreated', async (t) => {
  const { page, errors, close } = await openPage(browser, server.address);
  t.after(close);
  let taps = 0;
  const text = events.toString().replace(/,click,/g, (click) => (++taps % 2 === 0 ? ',tap,' : click));
  const plan = {
    profile: 'causal',
    events: { types: ['auction', 'impression', 'click', 'tap', 'purchase'] },
    treatment: { comparator: 'tap' },
  };
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Choose files' }).click(),
  ]);
  await chooser.setFiles([textFile('plan.json', JSON.stringify(plan)), textFile('events.csv', text)]);
  await page.locator('.stage-run .done').waitFor();
  await page.locator('.estimate svg').first().waitFor();
  const heads = await page.locator('.ledger-table th[scope=col]').allInnerTexts();
  assert.deepEqual(heads.slice(1, 3), ['T = 0', 'T = 1']);
  assert.deepEqual(await page.getByLabel('Group').locator('option').allInnerTexts(), ['Any', 'Treated', '“tap”']);
  // Before a rule leaves them out, rows without any treatment stand beside those with the other one; and the glossary has the word.
  const told = (await page.locator('.stage-result').innerText()).match(/^.*untreated.*$/gim) ?? [];
  assert.equal(
    told.filter((line) => !/^(Treated, untreated|[\d,]+ treated, [\d,]+ untreated, [\d,]+ users)$/.test(line)).length,
    0,
    told.join('\n'),
  );
  assert.ok(told.length <= 2, told.join('\n'));
  assert.deepEqual(errors, []);
});
