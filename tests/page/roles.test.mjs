/** A shop's own events: what they are is asked with the answers guessed, and one press makes the table. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import { chooseFiles, openPage, setting, textFile } from './support.mjs';

function pageTest(name, body, options) {
  test(name, async (t) => {
    const { page, errors, close } = await openPage(browser, server.address, options);
    t.after(close);
    await body(page);
    assert.deepEqual(errors, []);
  });
}

/** Each of the visitors views, most put into the cart, some pay. */
function shop(columns = 'visitor,when,what,sku') {
  const lines = [columns];
  for (let user = 0; user < 60; user++) {
    const at = (minute) => `2026-03-0${1 + (user % 7)} 10:${String(minute).padStart(2, '0')}:00`;
    lines.push(`v${user},${at(1)},view,a${user % 5}`, `v${user},${at(2)},view,b${user % 3}`);
    if (user % 2 === 0) lines.push(`v${user},${at(4)},cart,b${user % 3}`, `v${user},${at(5)},checkout,`);
    if (user % 5 === 0) lines.push(`v${user},${at(9)},paid,b${user % 3}`);
  }
  return `${lines.join('\n')}\n`;
}

const question = (page) => page.locator('.stage-data .event-types');
const planOf = async (page) => JSON.parse(await page.getByLabel('Plan as JSON').textContent());

pageTest('a file with own columns and types needs one press', async (page) => {
  await chooseFiles(page, textFile('shop.csv', shop()));
  await question(page).waitFor();
  const text = await question(page).innerText();
  assert.match(text, /What do these events mean\?/);
  assert.match(text, /time from “when” and event type from “what”/);
  const roles = await question(page)
    .locator('select')
    .evaluateAll((all) => all.map((select) => select.value));
  assert.deepEqual(roles, ['exposure', 'treatment', 'other', 'outcome']);
  assert.equal(await page.locator('.stage-data .notice-problem').count(), 0, 'what is asked is no problem');
  assert.match(await setting(page, 'columns.time').innerText(), /when \(guessed\)/);
  assert.equal(await page.locator('.done').count(), 0, 'nothing runs before it is known what the events are');
  await page.getByRole('button', { name: 'Use these roles' }).click();
  await page.locator('.done').waitFor();
  const plan = await planOf(page);
  assert.equal(plan.profile, 'causal');
  assert.deepEqual(plan.events.types, ['view', 'cart', 'checkout', 'paid']);
  assert.deepEqual([plan.index.type, plan.treatment.type, plan.outcome.type], ['view', 'cart', 'paid']);
  assert.deepEqual([plan.columns.time, plan.columns.type], ['when', 'what']);
  // Where it was asked, the answer stands in a line, with the types of all events when it is opened.
  assert.equal(await question(page).count(), 0);
  const fold = page.locator('.stage-data .fold', { hasText: 'Event types and their roles' });
  assert.match(await fold.locator('summary').textContent(), /exposure view, treatment cart, outcome paid/);
  assert.match(await fold.innerText(), /view\s+120\s[\s\S]*cart\s+30\s[\s\S]*checkout\s+30\s[\s\S]*paid\s+12\s/);
  await page.getByRole('button', { name: 'Undo', exact: true }).first().click();
  await question(page).waitFor();
});

pageTest('another role is chosen, and taken from the type that had it', async (page) => {
  await chooseFiles(page, textFile('shop.csv', shop('user,time,type,item')));
  const select = (type) => question(page).getByLabel(`Role of ${type}`);
  await select('checkout').focus();
  await select('checkout').selectOption('treatment');
  assert.equal(await select('cart').inputValue(), 'other');
  const focus = await page.evaluate(() =>
    document.querySelector('causal-sessions').shadowRoot.activeElement?.getAttribute('aria-label'),
  );
  assert.equal(focus, 'Role of checkout', 'the focus stays where it was');
  await select('cart').selectOption('ignored');
  await page.locator('[data-key="start notebook"]').check();
  await page.getByRole('button', { name: 'Use these roles' }).click();
  await page.locator('.done').waitFor();
  const plan = await planOf(page);
  assert.equal(plan.profile, 'notebook');
  assert.deepEqual(plan.events.types, ['view', 'checkout', 'paid']);
  assert.equal(plan.events.unknown, 'drop');
  assert.equal(plan.treatment.type, 'checkout');
  assert.match(await page.locator('.stage-data').innerText(), /30 of 192 rows skipped/);
  // And changed later, from what the plan says.
  await page.getByRole('button', { name: 'Change roles' }).click();
  assert.equal(await page.getByLabel('Role of cart').inputValue(), 'ignored');
  await page.getByLabel('Role of cart').selectOption('treatment');
  await page.locator('[data-key="start causal"]').check();
  await page.getByRole('button', { name: 'Use these roles' }).click();
  await page.waitForFunction(() => {
    const { shadowRoot } = document.querySelector('causal-sessions');
    return shadowRoot.querySelector('[data-path="treatment.type"]').value === 'cart';
  });
  assert.equal((await planOf(page)).events.unknown, 'add');
});

pageTest('types of several files are joined before they are asked about', async (page) => {
  const rows = (type) =>
    `user,time,type,item\n${['u1', 'u2', 'u3'].map((user, i) => `${user},2026-03-01 10:0${i}:00,${type},a`).join('\n')}\n`;
  await chooseFiles(page, [
    textFile('views.csv', rows('view')),
    textFile('carts.csv', rows('cart')),
    textFile('orders.csv', rows('order')),
  ]);
  await question(page).waitFor();
  const roles = await question(page)
    .locator('select')
    .evaluateAll((all) => all.map((select) => select.value));
  assert.deepEqual(roles, ['exposure', 'treatment', 'outcome']);
});

pageTest('the notebook’s own types are not asked about', async (page) => {
  const header = 'USER_ID,event_timestamp,event_type,product_id\n';
  await chooseFiles(page, textFile('own.csv', `${header}u,2025-09-05 10:00:00,impression,p\nu,2025-09-05 10:01:00,click,p\n`));
  await page.locator('.done').waitFor();
  assert.equal(await question(page).count(), 0);
  assert.equal(await setting(page, 'events.unknown').inputValue(), 'error');
});
