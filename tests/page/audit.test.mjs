/** Audit: what the library finds stands on the page, and a button repairs it and runs again. */
import assert from 'node:assert/strict';
import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import { chooseFiles, openPage, repository, run, set, setting, textFile } from './support.mjs';

const { prepare, simulate } = await import(new URL('../../web/dist/node.js', import.meta.url));
const events = join(repository, 'tests/cases/notebook/typical/events.csv');
/** Over two weeks, so that rows are left whose follow-up the end of the data does not cut. */
const longEvents = await (await simulate({ events: 5000, seed: 2 })).text();

async function auditOf(plan, source) {
  const dataset = await prepare(source ?? (await openAsBlob(events)), plan, { audit: true });
  dataset.dispose();
  return dataset.audit;
}

const findingsOf = async (...run) => (await auditOf(...run)).findings;

async function auditTest(t, body, files = events) {
  const { page, errors, close } = await openPage(browser, server.address);
  t.after(close);
  await chooseFiles(page, files);
  await run(page);
  await page.locator('.findings').waitFor();
  await body(page);
  assert.deepEqual(errors, []);
}

const shown = async (page) => (await page.locator('.finding .prose').allInnerTexts()).sort();
const consequences = (findings) => findings.map(({ message, consequence }) => `${message} ${consequence}`).sort();

test('the findings are those of the library, worst first, none with a number that is none', (t) =>
  auditTest(t, async (page) => {
    const findings = await findingsOf();
    assert.ok(findings.length > 3);
    assert.deepEqual(await shown(page), consequences(findings));
    assert.match(await page.locator('.finding').first().innerText(), /^Error\s+No follow-up is complete/);
    assert.doesNotMatch(await page.locator('.stage-result').innerText(), /NaN|undefined|null|Infinity/);
  }));

test('one repair sets its key and runs again; undo takes it back', (t) =>
  auditTest(t, async (page) => {
    const repair = page.getByRole('button', { name: 'Set “Build vocabulary from” to “Training histories (X)”' });
    await repair.click();
    await repair.waitFor({ state: 'detached' });
    await page.locator('.findings').waitFor();
    assert.deepEqual(await shown(page), consequences(await findingsOf({ vocabulary: { fitOn: 'trainX' } })));
    assert.match(await page.locator('.changed-keys').innerText(), /Build vocabulary from/);
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    assert.doesNotMatch(await page.locator('.changed-keys').innerText(), /Build vocabulary from/);
  }));

test('all repairs are the profile causal, which shows the balance before time zero', (t) =>
  auditTest(
    t,
    async (page) => {
      assert.equal(await page.locator('[data-chart=balance]').count(), 0);
      await page.getByRole('button', { name: /^Fix all/ }).click();
      await page.locator('[data-chart=balance]').waitFor();
      assert.equal(await setting(page, 'profile').inputValue(), 'causal');
      const { findings, balance } = await auditOf({ profile: 'causal' }, longEvents);
      assert.deepEqual(await shown(page), consequences(findings));
      await page.locator('[data-chart=balance] summary').click();
      await page.locator('[data-chart=balance] tbody tr').first().waitFor(); // filled once it is open
      assert.equal(await page.locator('[data-chart=balance] tbody tr').count(), balance.length);
      assert.ok(!balance.some(({ covariate }) => /^events_(click|purchase)$/.test(covariate))); // no row has one before time zero
      assert.equal(await page.getByRole('button', { name: /^Fix all/ }).count(), 0);
    },
    textFile('long.csv', longEvents),
  ));

test('repairs are of the settings that were run, not of others typed since', (t) =>
  auditTest(t, async (page) => {
    await set(page, 'session.minEvents', '3');
    assert.ok(await page.getByRole('button', { name: /^Fix all/ }).isDisabled());
    await set(page, 'session.minEvents', '2');
    await page.locator('button:enabled', { hasText: /^Fix all/ }).waitFor();
  }));
