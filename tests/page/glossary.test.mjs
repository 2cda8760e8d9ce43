/** The glossary: every term, opened from the masthead and from where a term is used, and the focus back where it was. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import { allMeasured, content, loadExample, openPage, repository, run } from './support.mjs';

const axe = readFileSync(createRequire(join(repository, 'web/package.json')).resolve('axe-core/axe.min.js'), 'utf8');

const focus = (page) => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent ?? 'nowhere');

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 390],
]) {
  test(`it opens and closes by keyboard and is accessible, ${colorScheme}, ${width} wide`, async (t) => {
    const { page, errors, close } = await openPage(browser, server.address, { colorScheme, viewport: { width, height: 800 } });
    t.after(close);
    const opener = page.getByRole('button', { name: 'Glossary', exact: true });
    await opener.focus();
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Glossary' });
    await dialog.waitFor();
    assert.equal(await focus(page), 'Close');
    const words = await dialog.innerText();
    for (const term of [
      'Session',
      'Exposure',
      'Time zero',
      'Treatment',
      'Outcome',
      'Covariates',
      'Leak',
      'Love plot',
      'Overlap',
      'Censored',
      'Risk set',
    ])
      assert.ok(words.includes(term), term);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`),
      [],
    );
    const box = await dialog.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= width && box.y >= 0 && box.y + box.height <= 800, JSON.stringify(box));
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert.equal(await focus(page), 'Glossary');
    assert.deepEqual(errors, []);
  });
}

test('a question mark beside a setting leads to its term, and back', async (t) => {
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  const mark = page.getByRole('button', { name: 'What is “Time zero”?' }).first();
  await mark.focus();
  await page.keyboard.press('Enter');
  assert.equal(await focus(page), 'Time zero');
  const place = await content(page).locator('dialog dt:focus').boundingBox();
  assert.ok(place.y > 0 && place.y < 800, 'it is in sight');
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  assert.equal(await page.evaluate(() => document.activeElement.shadowRoot.activeElement.ariaLabel), 'What is “Time zero”?');
});

test('terms of the result lead to their entries', async (t) => {
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  await loadExample(page);
  await run(page);
  await allMeasured(page);
  for (const term of ['Leak', 'Love plot, balance', 'Overlap', 'Unadjusted difference']) {
    await page.locator('.stage-result').getByRole('button', { name: term, exact: true }).first().press('Enter');
    assert.equal(await focus(page), term);
    await page.keyboard.press('Escape');
  }
});
