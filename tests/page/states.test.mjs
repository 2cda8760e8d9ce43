/** Every state of the page: what is refused and where it says so, settings, cancelling, narrow screens. */
import assert from 'node:assert/strict';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import {
  allMeasured,
  chooseFiles,
  content,
  loadExample,
  openPage,
  proseOf,
  run,
  runQuickly,
  set,
  setting,
  textFile,
} from './support.mjs';

/** One page a test; at its end nothing may have been complained about, and no state may have shown a hole. */
function pageTest(name, body, options) {
  test(name, async (t) => {
    const { page, errors, close } = await openPage(browser, server.address, options);
    t.after(close);
    const sent = server.requests.length;
    await body(page);
    assert.deepEqual(server.requests.slice(sent), []); // nothing is asked of the network after load
    assert.doesNotMatch(await proseOf(page), /\b(NaN|undefined|null|Infinity)\b|\[object/);
    assert.deepEqual(errors, []);
  });
}

const HEADER = 'USER_ID,event_timestamp,event_type,product_id\n';
const GOOD = 'u1,2025-09-05 10:00:00,auction,\nu1,2025-09-05 10:00:05,impression,p1\nu1,2025-09-05 10:00:09,click,p1\n';

pageTest('a bad time is refused with its row, and can be left out', async (page) => {
  await chooseFiles(page, textFile('events.csv', `${HEADER}${GOOD}u1,31/02/2025,click,p1\n`));
  await run(page);
  const notice = page.locator('.stage-run .notice');
  assert.match(
    await notice.innerText(),
    /Stopped: no files were created\. events\.csv, row 4 \(line 5\), column "event_timestamp": "31\/02\/2025" is not a time/,
  );
  assert.match(await page.locator('.stage-result').innerText(), /No result yet\. See the error under Run/);
  await notice.getByRole('button', { name: /^Skip unreadable rows/ }).click();
  await page.locator('.done').waitFor();
  const data = await page.locator('.stage-data').innerText();
  assert.match(data, /Skipped rows\s+1 of 4 rows skipped\./);
  assert.match(data, /Unreadable time\s+1\s+Row 4, event_timestamp: 31\/02\/2025/);
});

const CAN_BE_LEFT_OUT = /^Skip unreadable rows and run again$/;

pageTest('own event types and rows without a user go together, in one press', async (page) => {
  const rows =
    'c1,catalog,2025-09-05 10:00:00\nc1,cart,2025-09-05 10:01:00\n,cart,2025-09-05 10:02:00\nc2,catalog,2025-09-05 10:00:00\nc2,cart,2025-09-05 10:05:00\n';
  await chooseFiles(page, textFile('shop.csv', `client_id,event,timestamp\n${rows}`));
  await run(page);
  // All five rows fail here, four of them by a type that can be accepted: to leave all of them out is no offer.
  assert.equal(await page.getByRole('button', { name: CAN_BE_LEFT_OUT }).count(), 0);
  await page.getByRole('button', { name: 'Use the event types in this file, skip unreadable rows and run again' }).click();
  await page.locator('.done').waitFor();
  assert.match(
    await page.locator('.changed-keys').innerText(),
    /^2 settings changed: Other event types, If a row cannot be read$/,
  );
  assert.equal(await setting(page, 'rows.bad').inputValue(), 'drop');
  assert.equal(await setting(page, 'events.unknown').inputValue(), 'add');
  assert.match(await page.locator('.done').innerText(), /2 training rows from 2 sessions and 2 users/);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  assert.match(await page.locator('.changed-keys').innerText(), /^All settings are at their defaults\.$/);
});

pageTest('own event types that are accepted first leave bad rows to the next press', async (page) => {
  await chooseFiles(
    page,
    textFile(
      'shop.csv',
      'client_id,event,timestamp\nc1,catalog,2025-09-05 10:00:00\nc1,cart,2025-09-05 10:01:00\n,cart,2025-09-05 10:02:00\n',
    ),
  );
  await page.getByRole('button', { name: 'Use these roles' }).click();
  // The row is among those that were looked at, so nothing is run before somebody has said what becomes of it.
  await page.getByText('Waiting: choose how to read the rows first.').waitFor();
  assert.match(
    await page.locator('.stage-data .notice').innerText(),
    /row 3 \(line 4\), column "client_id": the user is missing/,
  );
  assert.equal(await page.locator('.stage-run .notice').count(), 0);
  await page.locator('.stage-data').getByRole('button', { name: 'Skip unreadable rows', exact: true }).click();
  await page.locator('.done').waitFor();
  assert.equal(await setting(page, 'events.unknown').inputValue(), 'add');
  assert.equal(await setting(page, 'rows.bad').inputValue(), 'drop');
});

pageTest('rows that fail all are not offered to be left out', async (page) => {
  await chooseFiles(page, textFile('events.csv', `${HEADER}u1,31/02/2025,click,p1\nu1,30/02/2025,click,p1\n`));
  if ((await page.locator('.stage-run .notice').count()) === 0) await run(page);
  assert.match(await page.locator('.stage-run .notice').innerText(), /2 rows of 2 cannot be used/);
  assert.equal(await page.locator('.stage-run .notice').getByRole('button').count(), 0);
});

async function openReading(page) {
  for (const fold of await page.locator('.stage-data details').all()) await fold.evaluate((element) => (element.open = true));
}

pageTest('unknown event types and bad rows have a setting each, and one follows the other until it is set', async (page) => {
  await openReading(page);
  const labels = await page.locator('.stage-data details label').allInnerTexts();
  for (const label of ['Other event types', 'If a row cannot be read', 'CSV quotes', 'CSV escape', 'Texts for a missing value'])
    assert.ok(labels.includes(label), label);
  await setting(page, 'events.unknown').selectOption('drop');
  await page.waitForFunction(
    () => document.querySelector('causal-sessions').shadowRoot.querySelector('[data-path="rows.bad"]').value === 'drop',
  );
  await setting(page, 'rows.bad').selectOption('error');
  assert.match(await page.locator('.changed-keys').innerText(), /Other event types, If a row cannot be read$/);
  await setting(page, 'input.quote').selectOption('null');
  await setting(page, 'input.escape').selectOption('\\');
  await set(page, 'input.nulls', '\\N, NULL');
  // The plan is checked by the engine, which answers when it is free.
  await page.locator('.changed-keys').filter({ hasText: 'Texts for a missing value' }).waitFor();
  const plan = JSON.parse(await page.getByLabel('Plan as JSON').textContent());
  assert.deepEqual(
    [plan.rows.bad, plan.events.unknown, plan.input.quote, plan.input.escape, plan.input.nulls],
    ['error', 'drop', null, '\\', ['\\N', 'NULL']],
  );
});

pageTest('other event types: a hint before the run, a refusal with the counts, a way on', async (page) => {
  const rows =
    'c1,catalog,2025-09-05 10:00:00\nc1,cart,2025-09-05 10:01:00\nc1,payment_done,2025-09-05 10:02:00\nc2,catalog,2025-09-05 10:00:00\nc2,cart,2025-09-05 10:05:00\n';
  await chooseFiles(page, textFile('shop.csv', `client_id,event,timestamp\n${rows}`));
  assert.match(
    await page.locator('.stage-data .notice', { hasText: 'What do these events mean?' }).innerText(),
    /catalog\s+2\s[\s\S]*cart\s+2\s[\s\S]*payment_done\s+1\s/,
  );
  await run(page);
  assert.match(await page.locator('.stage-run .notice').innerText(), /"cart" 2, "catalog" 2, "payment_done" 1/);
  await page.getByRole('button', { name: 'Use the event types in this file and run again' }).click();
  await page.locator('.done').waitFor();
  const noticed = await page.getByRole('region', { name: '2 notices' }).innerText();
  for (const key of ['treatment', 'outcome']) assert.match(noticed, new RegExp(`No event has the type "\\w+" of ${key}\\.type`));
  assert.equal(await page.locator('.stage-result .notice').count(), 1, 'what is noticed is not said again');
  // A type that is not in the file at all is told at the field that names it.
  await set(page, 'treatment.type', 'basket');
  await run(page);
  await page.locator('[data-path="treatment.type"][aria-invalid]').waitFor();
  assert.match(
    await page.locator('.field', { has: setting(page, 'treatment.type') }).innerText(),
    /No row has that event type; the data has "catalog" 2/,
  );
  await set(page, 'treatment.type', 'cart');
  await set(page, 'outcome.type', 'payment_done');
  await run(page);
  assert.match(await page.locator('.done').innerText(), /2 training rows from 2 sessions and 2 users/);
  assert.match(await page.locator('.stage-result').innerText(), /Users with a “cart” may have differed/);
});

pageTest('columns under other names are chosen in place', async (page) => {
  await chooseFiles(page, textFile('odd.csv', `who,when,what,on\n${GOOD}`));
  assert.match(
    await page.locator('.stage-data .notice-problem').innerText(),
    /^odd\.csv: no column looks like the user, and none like the time or the type; the file has "who", "when", "what", "on"\. Choose them under Columns\.$/,
  );
  for (const [role, column] of [
    ['user', 'who'],
    ['time', 'when'],
    ['type', 'what'],
    ['item', 'on'],
  ]) {
    await setting(page, `columns.${role}`).selectOption({ label: column });
  }
  await page.locator('.stage-data .notice-problem').waitFor({ state: 'detached' });
  await run(page);
  await page.locator('.done').waitFor();
  const command = await page.getByLabel('Command line', { exact: true }).textContent();
  assert.match(command, /--set columns\.user=who \\\n {2}--set columns\.time=when/);
});

pageTest('a file without a header has its columns chosen by number', async (page) => {
  await chooseFiles(page, textFile('bare.csv', GOOD));
  assert.match(
    await page.locator('.stage-data .notice-problem').innerText(),
    /the first row holds data, not column names\. Choose the columns by number under Columns\./,
  );
  for (const [role, number] of [
    ['user', 1],
    ['time', 2],
    ['type', 3],
    ['item', 4],
  ]) {
    await setting(page, `columns.${role}`).selectOption({ label: `Column ${number}` });
  }
  await page.locator('.stage-data .notice-problem').waitFor({ state: 'detached' });
  await run(page);
  assert.match(await page.locator('.done').innerText(), /1 training row from 1 session and 1 user/);
});

pageTest('a dropped file is read like a chosen one', async (page) => {
  await page.locator('.drop').evaluate((zone, text) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], 'dropped.csv'));
    zone.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, HEADER + GOOD);
  await page.locator('.inspection').waitFor();
  assert.match(await page.locator('.file-list').innerText(), /dropped\.csv\s+CSV, \d+ bytes/);
});

for (const [name, file, sentence] of [
  ['an empty file', textFile('empty.csv', ''), /empty\.csv is empty/],
  [
    'two candidate columns',
    textFile('two.csv', `user_id,client_id,time,type\n`),
    /more than one column could be the user: "user_id", "client_id"\. Choose it under Columns\./,
  ],
]) {
  pageTest(`${name} is refused before a run, which says the same`, async (page) => {
    await chooseFiles(page, file);
    const told = await page.locator('.stage-data .notice').innerText();
    assert.match(told, sentence);
    assert.equal(await page.locator('.stage-run .notice').count(), 0, 'nothing runs unasked');
    await run(page);
    assert.equal(await page.locator('.stage-run .notice').innerText(), `Stopped: no files were created. ${told}`);
  });
}

pageTest('a file that is not UTF-8 is refused with the row', async (page) => {
  await chooseFiles(page, {
    name: 'latin.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`${HEADER}${GOOD.replace('p1', 'caf\xe9')}`, 'latin1'),
  });
  await run(page);
  assert.match(await page.locator('.stage-run .notice').innerText(), /latin\.csv.*row 2.*UTF-8.*windows-1252/);
  await openReading(page);
  await setting(page, 'input.encoding').selectOption('windows-1252');
  await run(page);
  await page.locator('.done').waitFor();
  assert.match(await page.locator('.inspection').innerText(), /caf\u00e9/);
});

pageTest('titles above the header are told before a run, and passed over by a setting', async (page) => {
  await chooseFiles(page, textFile('titled.csv', `Report of the shop\n\n${HEADER}${GOOD}`));
  const told = page.locator('.stage-data .notice');
  assert.match(await told.innerText(), /titled\.csv, line 1: this is no header; the header seems to be line 3/);
  await openReading(page);
  await set(page, 'input.skipLines', '2');
  await told.waitFor({ state: 'detached' });
  await run(page);
  await page.locator('.done').waitFor();
  assert.match(await page.locator('.stage-result').innerText(), /3 events/);
});

pageTest('no session long enough is no result: it says the cause, leads to the setting, and offers no files', async (page) => {
  await chooseFiles(
    page,
    textFile('short.csv', `${HEADER}u1,2025-09-05 10:00:00,click,p1\nu2,2025-09-05 10:00:00,purchase,p1\n`),
  );
  await run(page);
  const cause = 'No training rows. All 2 sessions have fewer than 2 events.';
  assert.equal(await page.locator('.done').innerText(), cause);
  assert.equal(await page.locator('.stage-result .notice-problem p').innerText(), cause);
  assert.match(await page.locator('.stage-files').innerText(), /no files to download/);
  assert.equal(
    await page
      .getByRole('button', { name: /^Download/ })
      .and(page.locator(':not([aria-disabled])'))
      .filter({ visible: true })
      .count(),
    0,
  );
  await page.getByRole('button', { name: 'Go to “Minimum events”' }).click();
  assert.ok(await setting(page, 'session.minEvents').evaluate((input) => input.getRootNode().activeElement === input));
});

pageTest('a rule that takes the last row is named with what it took', async (page) => {
  await chooseFiles(page, textFile('late.csv', `${HEADER}${GOOD.replaceAll('impression', 'auction')}`));
  await setting(page, 'profile').selectOption('causal');
  await run(page);
  assert.equal(
    await page.locator('.stage-result .notice-problem p').innerText(),
    'No training rows. No “impression” happens before the first treatment or outcome.',
  );
});

pageTest('a wrong setting is refused at its field, undone and reset', async (page) => {
  await set(page, 'session.gapHours', '-1');
  const gap = page.locator('.field', { has: setting(page, 'session.gapHours') });
  await gap.locator('.error:visible').waitFor();
  assert.match(await gap.innerText(), /It must be a number of hours from 0 to 1,000,000\./);
  await set(page, 'session.gapHours', '12');
  await gap.locator('.error').waitFor({ state: 'hidden' });
  await set(page, 'split.train', '0.9');
  await page.locator('.stage-split .error:visible').waitFor();
  assert.equal(await page.locator('.stage-split .error:visible').innerText(), 'The three shares must sum to 1.');
  await page.locator('h1').click();
  await page.keyboard.press('Control+z');
  assert.equal(await setting(page, 'split.train').inputValue(), '0.7');
  assert.equal(await setting(page, 'session.gapHours').inputValue(), '12');
  assert.match(await page.locator('.changed-keys').innerText(), /^1 setting changed: Session gap$/);
  await page.getByRole('button', { name: 'Reset to defaults' }).click();
  assert.equal(await setting(page, 'session.gapHours').inputValue(), '24');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  assert.equal(await setting(page, 'session.gapHours').inputValue(), '12');
  await set(page, 'session.gapHours', '');
  assert.equal(await setting(page, 'session.gapHours').inputValue(), '24');
});

pageTest('what is no number is refused at its field, and stays there to be corrected', async (page) => {
  const gap = setting(page, 'session.gapHours');
  const field = page.locator('.field', { has: gap });
  await gap.fill('');
  await gap.pressSequentially('1e'); // the browser hands over nothing of it
  await gap.blur();
  await field.locator('.error:visible').waitFor();
  assert.match(await field.innerText(), /It must be a number of hours from 0 to 1,000,000\./);
  assert.ok(await gap.evaluate((input) => input.validity.badInput));
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await field.locator('.error').waitFor({ state: 'hidden' });
  assert.equal(await gap.inputValue(), '24');
});

pageTest('a result is made again by itself when settings change, by hand, by undo and redo', async (page) => {
  await loadExample(page);
  await runQuickly(page);
  const rows = () => page.locator('.verdict dd').first().innerText();
  const changed = (before) =>
    page.waitForFunction(
      (before) => document.querySelector('causal-sessions').shadowRoot.querySelector('.verdict dd')?.textContent !== before,
      before,
    );
  const before = await rows();
  await page.evaluate(() => {
    const { shadowRoot } = document.querySelector('causal-sessions');
    window.gone = 0;
    new MutationObserver(() => (window.gone += shadowRoot.querySelector('.verdict') ? 0 : 1)).observe(shadowRoot, {
      childList: true,
      subtree: true,
    });
  });
  await set(page, 'session.gapHours', '1');
  await page.locator('.stage-result').getByText('These results are out of date.').waitFor();
  await changed(before);
  const after = await rows();
  assert.equal(await page.evaluate(() => window.gone), 0, 'the result before stays in sight');
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await changed(after);
  assert.equal(await rows(), before);
  await page.getByRole('button', { name: 'Redo' }).click();
  await changed(before);
  assert.equal(await rows(), after);
});

pageTest('cancelling half-way leaves the page usable', async (page) => {
  const folder = mkdtempSync(join(tmpdir(), 'causal-sessions-'));
  try {
    const path = join(folder, 'events.csv');
    await simulate(path, 1_000_000);
    await chooseFiles(page, path);
    // Pressed in the very moment that shows a progress: a run of this size is over in a second.
    const progress = page.locator('.stage-run').evaluate(
      (panel) =>
        new Promise((resolve) => {
          const observer = new MutationObserver(() => {
            const text = panel.querySelector('.progress-text')?.innerText ?? '';
            const cancel = [...panel.querySelectorAll('button')].find((button) => button.innerText === 'Cancel');
            if (!/\d MB of \d/.test(text) || !cancel) return;
            observer.disconnect();
            cancel.click();
            resolve(text);
          });
          observer.observe(panel, { childList: true, characterData: true, subtree: true });
        }),
    );
    await page.locator('.stage-run').getByRole('button', { name: 'Create training data' }).click();
    assert.match(await progress, /^Reading, \d+%\s+[\d.]+ MB of [\d.]+ MB · [\d.]+ [MG]B\/s/);
    await page.locator('.stage-run .notice').waitFor();
    assert.match(await page.locator('.stage-run').innerText(), /Cancelled\. No files were created\./);
    await run(page);
    assert.match(await page.locator('.done').innerText(), /^Done in/);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

async function simulate(path, events) {
  const { simulatePieces } = await import(new URL('../../web/dist/node.js', import.meta.url));
  const stream = createWriteStream(path);
  await simulatePieces({ events }, (piece) => stream.write(piece));
  stream.end();
  await finished(stream);
}

for (const width of [360, 768, 1600]) {
  pageTest(
    `nothing is wider than a screen of ${width} pixels`,
    async (page) => {
      const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.equal(await overflow(), 0);
      await loadExample(page);
      await run(page);
      await allMeasured(page);
      for (const summary of await page.locator('summary').all()) await summary.click();
      assert.equal(await overflow(), 0);
    },
    { viewport: { width, height: 800 } },
  );
}

pageTest('every control has a name, and the keyboard reaches the run', async (page) => {
  await loadExample(page);
  const nameless = await content(page).evaluate((root) =>
    [...root.querySelectorAll('input:not([type=file]), select, button:not([hidden])')]
      .filter((control) => !(control.labels?.length || control.ariaLabel || control.textContent.trim()))
      .map((control) => control.outerHTML),
  );
  assert.deepEqual(nameless, []);
  await setting(page, 'split.seed').focus();
  const start = page.locator('.stage-run').getByRole('button', { name: 'Update results' });
  for (
    let presses = 0;
    presses < 10 && !(await start.evaluate((button) => button === button.getRootNode().activeElement));
    presses++
  ) {
    await page.keyboard.press('Tab');
  }
  assert.equal(await start.evaluate((button) => getComputedStyle(button).outlineStyle), 'solid');
  await page.keyboard.press('Enter');
  await page.locator('.done').waitFor();
  assert.match(
    await page.locator('[role=status]').textContent(),
    /^[\d,]+ training rows, [\d.]+% treated, [\d.]+% with the outcome\. Not suitable for a causal interpretation: /,
  );
});

test('the policy in the page closes everything that is not its own', async (t) => {
  const { page, close } = await openPage(browser, server.address);
  t.after(close);
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  for (const rule of ["default-src 'none'", "connect-src 'self'", "base-uri 'none'", "form-action 'none'"])
    assert.ok(policy.includes(rule), rule);
  assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|\*/);
  const refused = await page.evaluate(async () => {
    const violation = new Promise((resolve) =>
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true }),
    );
    await fetch('https://example.org/').catch(() => undefined);
    return violation;
  });
  assert.equal(refused, 'connect-src');
  // The worker, which reads the data, is under the same policy.
  const inWorker = await page.workers()[0].evaluate(async () => {
    const violation = new Promise((resolve) =>
      self.addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective), { once: true }),
    );
    await fetch('https://example.org/').catch(() => undefined);
    return violation;
  });
  assert.equal(inWorker, 'connect-src');
  assert.match(await page.locator('.masthead').innerText(), /Nothing is uploaded\./);
});
