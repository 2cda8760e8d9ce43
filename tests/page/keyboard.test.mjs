/** The keyboard: whatever is pressed, in any state, the focus stays in the page, and targets are large enough to hit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import { chooseFiles, content, loadExample, openFolds, openPage, run, runQuickly, textFile } from './support.mjs';

const BAD_TIME = 'USER_ID,event_timestamp,event_type,product_id\nu1,2025-09-05 10:00:00,auction,\nu1,31/02/2025,click,p1\n';

const states = {
  empty: async () => undefined,
  done: async (page) => {
    await loadExample(page);
    await runQuickly(page);
    await page.locator('.preview:visible').first().waitFor();
  },
  refused: async (page) => {
    await chooseFiles(page, textFile('events.csv', BAD_TIME));
    await run(page);
  },
};

const CONTROLS = 'button, summary, input[type=checkbox], [role=slider]';

/** The names of all controls that can be pressed, in the order of the page. */
const names = (page) =>
  content(page).evaluate((root, controls) => {
    const found = [...root.querySelectorAll(controls)].filter(
      (control) => control.getClientRects().length > 0 && control.getAttribute('aria-disabled') !== 'true',
    );
    return found.map((control, i) => {
      control.dataset.pressed ??= String(i);
      return [control.dataset.pressed, control.getAttribute('aria-label') ?? control.textContent.trim().slice(0, 60)];
    });
  }, CONTROLS);

/** What would leave the page or open a window of the browser. */
const LEAVES = /^(Choose files|Choose a folder|Add files|Replace files|Try example data|Print report|Reload|Remove |Save “)/;

for (const [state, reach] of Object.entries(states)) {
  test(`every control can be pressed by keyboard without losing the place, ${state}`, async (t) => {
    const { page, errors, close } = await openPage(browser, server.address);
    t.after(close);
    await reach(page);
    const lost = [];
    const pressed = new Set();
    // What a press brings forth is pressed too.
    for (let rounds = 0; rounds < 4; rounds++) {
      for (const [mark, name] of await names(page)) {
        if (pressed.has(name) || LEAVES.test(name)) continue;
        pressed.add(name);
        const control = content(page).locator(`[data-pressed="${mark}"]`).first();
        if (!(await control.isVisible().catch(() => false))) continue;
        await control.focus();
        await page.keyboard.press(/slider/.test((await control.getAttribute('role')) ?? '') ? 'ArrowLeft' : 'Enter');
        await page.waitForTimeout(60);
        const place = await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.tagName ?? 'BODY');
        if (place === 'BODY') lost.push(name);
        // Above the page nothing else can be pressed.
        if (await content(page).locator('dialog[open]').count()) {
          await page.keyboard.press('Escape');
          const back = await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.dataset.pressed);
          if (back !== mark) lost.push(`${name}, closed`);
        }
      }
      // A run that a press has started may bring more.
      await page.waitForTimeout(500);
    }
    assert.deepEqual(lost, []);
    assert.ok(pressed.size >= { empty: 15, done: 60, refused: 20 }[state], `${pressed.size} controls were pressed`);
    assert.deepEqual(errors, []);
  });
}

test('paging, opening and drawing rows keep the focus on the button or the row', async (t) => {
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  await loadExample(page);
  await run(page);
  const focus = () => page.evaluate(() => document.activeElement.shadowRoot?.activeElement?.textContent);
  const look = page.locator('.stage-look');
  await look.locator('.look-table').waitFor();
  for (const [name, shows] of [
    ['Next', /9 to 16 of/],
    ['Previous', /1 to 8 of/],
    ['Random row', / of /],
  ]) {
    await look.getByRole('button', { name, exact: true }).focus();
    await page.keyboard.press('Enter');
    await look.getByText(shows).first().waitFor();
    await page.waitForTimeout(100);
    assert.equal(await focus(), name);
  }
  const row = look.locator('.session-id').nth(2);
  const text = await row.textContent();
  await row.focus();
  await page.keyboard.press('Enter');
  await look.locator('tr[aria-current]', { hasText: text }).waitFor();
  assert.equal(await focus(), text);
});

test('a repair leaves the focus where it can be taken back, and the skip link leads past the sections', async (t) => {
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  const inside = (property) => page.evaluate((name) => document.activeElement.shadowRoot?.activeElement?.[name], property);
  await page.keyboard.press('Tab');
  assert.equal(await inside('textContent'), 'Skip to the content');
  await page.keyboard.press('Enter');
  assert.equal(await inside('textContent'), 'Data');
  await loadExample(page);
  await page.locator('.verdict').waitFor();
  await page.waitForFunction(() => document.activeElement.shadowRoot?.activeElement?.textContent === 'Result'); // the view goes there once
  const repair = page.getByRole('button', { name: /^Set “If the outcome happened earlier”/ });
  await repair.focus();
  await page.keyboard.press('Enter');
  await page.locator('.fixed').waitFor();
  assert.match(
    await page.locator('.fixed').innerText(),
    /^Fixed: the outcome happened before the treatment\. Unadjusted difference [+−][\d.]+ → [+−][\d.]+ points\./,
  );
  assert.match(await inside('ariaLabel'), /^Undo: The outcome happened before the treatment/);
  assert.match(await page.locator('[role=status]').textContent(), /^Fixed: /);
  await page.keyboard.press('Enter');
  await page.locator('.fixed').waitFor({ state: 'detached' });
  assert.notEqual(await inside('tagName'), undefined);
});

for (const viewport of [
  { width: 1280, height: 860 },
  { width: 390, height: 844 },
]) {
  test(`targets have at least 24 pixels each way, ${viewport.width} wide`, async (t) => {
    const { page, close } = await openPage(browser, server.address, { viewport });
    t.after(close);
    await states.done(page);
    await openFolds(page);
    const small = await content(page).evaluate((root) =>
      [...root.querySelectorAll('button, summary, select, input:not([type=checkbox]):not([type=file])')]
        .map((control) => [control, control.getBoundingClientRect()])
        .filter(([control, { width, height }]) => control.getClientRects().length > 0 && (width < 24 || height < 24))
        .map(([control, { width, height }]) => `${control.textContent.slice(0, 40)}: ${width} x ${height}`),
    );
    assert.deepEqual(small, []);
  });
}
