/** Each panel as somebody uses it: the gap dragged, a session opened, a plan dropped, the command copied and run. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { planKeys } from '../../web/dist/node.js';
import { browser, server } from './browser.mjs';
import {
  content,
  download,
  figure,
  loadExample,
  openPage,
  proseOf,
  repository,
  run,
  set,
  setting,
  withoutOtherPlans,
  textFile,
  chooseFiles,
} from './support.mjs';

const cli = join(repository, 'web/dist/cli.js');
const pictures = join(repository, 'build/page');
mkdirSync(pictures, { recursive: true });

/** One page a test; no state may show a hole, and nothing is asked of the network. */
function panelTest(name, body, { address = '', ...options } = {}) {
  test(name, async (t) => {
    const { page, errors, close } = await openPage(browser, server.address + address, options);
    t.after(close);
    const sent = server.requests.length;
    await body(page);
    assert.doesNotMatch(await proseOf(page), /\b(NaN|undefined|null|Infinity)\b|\[object/);
    assert.deepEqual(server.requests.slice(sent), []);
    assert.deepEqual(errors, []);
  });
}

async function example(page) {
  await loadExample(page);
  await page.locator('.done').waitFor();
}

const stage = (page, name) => page.locator(`.stage-${name}`);
const chart = (page, name) => page.locator(`[data-chart=${name}]`);

function drop(page, name, text) {
  return page.locator('.drop').evaluate(
    (zone, [name, text]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([text], name));
      zone.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true, composed: true }));
    },
    [name, text],
  );
}

panelTest('small data have their first result unasked, later changes wait for the button', async (page) => {
  assert.match(await stage(page, 'run').innerText(), /Files up to 50 MB run automatically/);
  await example(page);
  assert.match(await page.locator('.done').innerText(), /^Done in/);
  await set(page, 'session.gapHours', '12');
  await stage(page, 'result').getByText('These results are out of date.').waitFor();
  await run(page);
  assert.match(await page.locator('.done').innerText(), /file not re-read\)\.$/);
});

panelTest('the fields say and take what the keys of the engine do', async (page) => {
  const keys = new Map((await planKeys()).map((key) => [key.key, key]));
  const fields = await content(page).evaluate((root) =>
    [...root.querySelectorAll('.field:has([data-path])')].map((field) => {
      const control = field.querySelector('[data-path]');
      return {
        path: control.dataset.path,
        label: field.querySelector('legend, label').textContent,
        unit: field.querySelector('.unit')?.textContent,
        help: field.querySelector('.help').firstChild.textContent,
        choices:
          control.type === 'fieldset'
            ? [...control.querySelectorAll('input')].map(({ dataset, labels }) => ({
                value: dataset.key.replace(`${control.dataset.path} `, ''),
                label: labels[0].textContent,
              }))
            : control.options && [...control.options].map(({ value, label }) => ({ value, label })),
        limits: control.type === 'number' ? [control.min, control.max, control.step] : undefined,
      };
    }),
  );
  assert.ok(fields.length > 45);
  // The page has words of its own for these.
  const [labels, choices] = [
    ['index.sameItem', 'output.padTo'],
    ['index.sameItem', 'input.quote', 'input.escape', 'input.comment', 'sequence.padding', 'preset'],
  ];
  for (const field of fields.filter(({ path }) => !path.startsWith('columns.'))) {
    const { path } = field;
    const key = keys.get(path);
    if (!labels.includes(path)) assert.deepEqual([field.label, field.help], [key.label, key.help], path);
    assert.equal(field.unit, key.unit, path);
    if (!choices.includes(path))
      assert.deepEqual(
        field.choices,
        ['choice', 'channels'].includes(key.kind) ? key.choices.map(({ value, label }) => ({ value, label })) : undefined,
        path,
      );
    const limits = [key.low, key.high, key.kind === 'whole' ? 1 : 'any'].map(String);
    assert.deepEqual(field.limits, key.low === undefined ? undefined : limits, path);
  }
});

panelTest('columns put right in place are all that a first result needs', async (page) => {
  await chooseFiles(
    page,
    textFile('odd.csv', 'who,when,what\nu1,2025-09-05 10:00:00,impression\nu1,2025-09-05 10:00:09,click\n'),
  );
  for (const [role, column] of [
    ['user', 'who'],
    ['time', 'when'],
    ['type', 'what'],
  ])
    await setting(page, `columns.${role}`).selectOption({ label: column });
  await page.locator('.done').waitFor();
  assert.match(await page.locator('.done').innerText(), /1 training row from 1 session and 1 user/);
});

panelTest('the gap is dragged along the silences, and moved with the arrow keys', async (page) => {
  await example(page);
  const line = page.getByRole('slider', { name: 'Session gap' });
  assert.match(
    await line.getAttribute('aria-valuetext'),
    /^24 hours\. A gap of 24 hours makes [\d,]+ sessions, [\d.]+% treated, [\d.]+% with the outcome\.$/,
  );
  await line.scrollIntoViewIfNeeded();
  const grip = await line.locator('.handle-grip').boundingBox();
  const [x, y] = [grip.x + grip.width / 2, grip.y + grip.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 150, y, { steps: 5 });
  assert.equal(await setting(page, 'session.gapHours').inputValue(), '24'); // not before it is let go
  await page.mouse.up();
  const dragged = Number(await setting(page, 'session.gapHours').inputValue());
  assert.ok(dragged > 0.1 && dragged < 12, String(dragged));
  assert.equal(await line.evaluate((slider) => slider.getRootNode().activeElement === slider), true);
  const before = Number(await line.getAttribute('aria-valuenow'));
  await page.keyboard.press('ArrowRight');
  const after = Number(await line.getAttribute('aria-valuenow'));
  assert.ok(after > before);
  assert.equal(Number(await setting(page, 'session.gapHours').inputValue()), Number((after / 3600).toPrecision(9)));
  await page.keyboard.press('Home');
  assert.equal(await line.getAttribute('aria-valuetext').then((text) => text.slice(0, 8)), '1 second');
  await set(page, 'session.gapHours', '2');
  assert.match(await line.getAttribute('aria-valuetext'), /^2 hours\./);
});

panelTest('the curves are those of the runs that they promise', async (page) => {
  await example(page);
  await page.getByRole('slider', { name: 'Session gap' }).focus();
  await page.keyboard.press('ArrowLeft');
  const promised = await page.getByRole('slider', { name: 'Session gap' }).getAttribute('aria-valuetext');
  await run(page);
  assert.match(promised, new RegExp(`makes ${await figure(page, 'Sessions kept')} sessions`));
});

panelTest('the drawing of the design says what the plan says', async (page) => {
  await example(page);
  const picture = chart(page, 'design').getByRole('img');
  assert.match(await picture.getAttribute('aria-label'), /before the first “click”, or the whole session without one/);
  await setting(page, 'index.kind').selectOption('exposure');
  await page.waitForFunction(() =>
    document
      .querySelector('causal-sessions')
      .shadowRoot.querySelector('[data-chart=design] svg')
      .getAttribute('aria-label')
      .startsWith('Time zero'),
  );
  await set(page, 'index.windowMinutes', '7');
  await set(page, 'index.horizonHours', '36');
  // The engine answers for each field in turn, so the drawing may show the first of two before the second.
  await chart(page, 'design').locator('svg[aria-label*="within 7 minutes"][aria-label*="within 36 hours"]').waitFor();
  await picture.getByText('T, 7 min').first().waitFor();
  await setting(page, 'index.kind').selectOption('landmark');
  assert.ok(await setting(page, 'index.minutes').isVisible());
  assert.ok(await setting(page, 'index.type').isHidden());
});

/** Waits for what a field says once the engine has answered. */
const says = (page, key, value) =>
  page.waitForFunction(
    ([key, value]) => document.querySelector('causal-sessions').shadowRoot.querySelector(`[data-path="${key}"]`).value === value,
    [key, value],
  );

panelTest('each time zero has its own keys, and defaults follow the ones that they depend on', async (page) => {
  const shown = async (expected) => {
    const keys = [
      'index.type',
      'index.windowEnds',
      'index.gracePeriod',
      'index.washoutHours',
      'index.controls',
      'index.seed',
      'data.end',
    ];
    const seen = await Promise.all(keys.map((key) => setting(page, key).isVisible()));
    assert.deepEqual(
      keys.filter((_key, i) => seen[i]),
      expected,
    );
  };
  await shown([]);
  await setting(page, 'profile').selectOption('causal');
  await says(page, 'index.gracePeriod', 'align');
  await shown(['index.type', 'index.windowEnds', 'index.gracePeriod', 'index.washoutHours', 'index.seed', 'data.end']);
  const picture = chart(page, 'design').getByRole('img');
  assert.match(
    await picture.getAttribute('aria-label'),
    /just before the “click” of a treated row.*within 24 hours before time zero.*within 5 minutes of the “impression”, before the user’s next “impression”/,
  );
  assert.equal(await setting(page, 'index.washoutHours').inputValue(), '24');
  await set(page, 'index.horizonHours', '48');
  await says(page, 'index.washoutHours', '48');
  await set(page, 'index.washoutHours', '24');
  await stage(page, 'run')
    .getByText(/Washout$/)
    .waitFor();
  await setting(page, 'index.windowEnds').selectOption('window');
  await says(page, 'index.gracePeriod', 'exclude');
  await shown(['index.type', 'index.windowEnds', 'index.washoutHours', 'data.end']);
  await setting(page, 'index.kind').selectOption('matched');
  await shown(['index.type', 'index.washoutHours', 'index.controls', 'index.seed', 'data.end']);
  await set(page, 'index.controls', '3');
  await page.waitForFunction(() =>
    /3 other sessions/.test(
      document.querySelector('causal-sessions').shadowRoot.querySelector('[data-chart=design] svg').getAttribute('aria-label'),
    ),
  );
  await set(page, 'index.controls', '0');
  await stage(page, 'design').locator('.error:visible').waitFor();
  await set(page, 'index.controls', '');
  await set(page, 'data.end', 'soon');
  await stage(page, 'design').locator('.error:visible', { hasText: 'It must be a date' }).waitFor();
  await set(page, 'data.end', '2025-09-12');
  await stage(page, 'run')
    .getByText(/End of the data$/)
    .waitFor();
});

panelTest('each kind of split has its own keys', async (page) => {
  const bar = page.locator('.split-bar');
  assert.match(await bar.getAttribute('aria-label'), /^Train 70%, Validation 15%, Test 15%$/);
  await setting(page, 'split.kind').selectOption('folds');
  assert.ok(await setting(page, 'split.train').isHidden());
  await set(page, 'split.folds', '4');
  assert.equal(await bar.locator('.split-part').count(), 4);
  await setting(page, 'split.kind').selectOption('time');
  await set(page, 'split.testFrom', 'yesterday');
  await stage(page, 'split').locator('.error:visible').waitFor();
  await setting(page, 'split.kind').selectOption('hash');
  assert.ok(await setting(page, 'split.seed').isVisible());
});

panelTest('charts have titles, numbers and pictures to take away', async (page) => {
  await example(page);
  await page.getByRole('button', { name: /^Fix all/ }).click();
  await chart(page, 'balance').waitFor();
  for (const name of ['gaps', 'design', 'naive-difference', 'attrition', 'balance', 'overlap', 'lengths', 'session']) {
    assert.ok(await chart(page, name).locator('svg').getAttribute('aria-label'), name);
    const svg = await download(page, () => chart(page, name).getByRole('button', { name: 'as SVG' }).click());
    assert.equal(svg.name, `${name}.svg`);
    const text = svg.bytes.toString('utf8');
    assert.match(text, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.doesNotMatch(text, /class=|var\(|role="slider"|NaN|undefined/);
    const png = await download(page, () => chart(page, name).getByRole('button', { name: 'as PNG' }).click());
    assert.equal(png.bytes.toString('latin1', 1, 4), 'PNG');
    writeFileSync(join(pictures, png.name), png.bytes);
  }
  await chart(page, 'attrition').locator('summary').click();
  await chart(page, 'attrition').locator('tbody tr').first().waitFor();
  assert.match(await chart(page, 'attrition').locator('tbody').innerText(), /Dropped: treated before time zero/);
});

panelTest('the balance of a table without time zero is not shown, and why', async (page) => {
  await example(page);
  assert.match(await stage(page, 'result').innerText(), /without a time zero the treatment itself cuts X of treated rows/);
});

panelTest('a session is found, opened and seen event by event', async (page) => {
  await example(page);
  const look = stage(page, 'look');
  await look.locator('.look-events tbody tr').first().waitFor();
  assert.match(await look.locator('.look-pages').innerText(), /1 to 8 of [\d,]+ rows/);
  await look.getByRole('button', { name: 'Next' }).click();
  await look.getByText(/9 to 16 of/).waitFor();
  await look.getByLabel('Group').selectOption({ label: 'Treated' });
  await look.getByLabel('Outcome').selectOption({ label: 'With the outcome' });
  await look.getByText(/1 to 8 of/).waitFor();
  const rows = look.locator('.look-table tbody tr');
  assert.deepEqual(new Set(await rows.locator('.badge').allInnerTexts()), new Set(['treated', 'outcome']));
  const name = await rows.nth(2).locator('.session-id').getAttribute('title');
  await rows.nth(2).locator('.session-id').click();
  await look.locator('.look-head', { hasText: name }).waitFor();
  assert.match(await look.locator('.look-head').innerText(), /T is 1: the treatment is .* after the first event\. Y is 1/);
  const events = await look.locator('.look-events tbody tr').count();
  assert.equal(await chart(page, 'session').locator('circle').count(), events);
  assert.match(await look.locator('.look-events tbody tr').first().innerText(), /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
  await look.getByLabel('User or session contains').fill(name);
  await look.getByText('1 to 1 of 1 row').waitFor();
  await look.getByLabel('User or session contains').fill('nobody at all');
  await look.getByText('No rows match these filters.').waitFor();
});

panelTest('the heads of columns sort the rows, by mouse and by keyboard, and say how', async (page) => {
  await example(page);
  const look = stage(page, 'look');
  await look.locator('.look-table tbody tr').first().waitFor();
  const lengths = () => look.locator('.look-table tbody tr td:nth-child(5)').allInnerTexts();
  const sorted = (order) => look.locator(`.look-table th[aria-sort=${order}]`);
  const asIs = await lengths();
  const head = look.locator('.look-table thead').getByRole('button', { name: 'Events in X' });
  await head.click();
  await sorted('ascending').waitFor();
  const ascending = (await lengths()).map(Number);
  assert.deepEqual(
    ascending,
    ascending.toSorted((a, b) => a - b),
  );
  await head.focus();
  await page.keyboard.press('Enter');
  await sorted('descending').waitFor();
  const descending = (await lengths()).map(Number);
  assert.deepEqual(
    descending,
    descending.toSorted((a, b) => b - a),
  );
  assert.ok(descending[0] > ascending[0]);
  assert.equal(await sorted('descending').innerText(), 'Events in X');
  const focused = () => page.evaluate(() => document.activeElement.shadowRoot.activeElement.textContent);
  assert.equal(await focused(), 'Events in X', 'the keyboard keeps its place');
  // Filters and pages keep the order.
  await look.getByLabel('Group').selectOption({ label: 'Untreated' });
  await look.getByRole('button', { name: 'Next' }).click();
  await look.getByText(/9 to 16 of/).waitFor();
  await sorted('descending').waitFor();
  await look.getByLabel('Group').selectOption({ label: 'Any' });
  await look.getByText(/1 to 8 of/).waitFor();
  await head.click();
  await look.locator('.look-table th[aria-sort]').waitFor({ state: 'detached' });
  assert.deepEqual(await lengths(), asIs);
});

panelTest('with a time zero a session shows it, and any one can be drawn', async (page) => {
  await example(page);
  await page.getByRole('button', { name: /^Fix all/ }).click();
  await chart(page, 'balance').waitFor();
  const look = stage(page, 'look');
  await look.getByRole('button', { name: 'Random row' }).click();
  await chart(page, 'session').getByText('time zero').waitFor();
  assert.match(await look.locator('.look-head').innerText(), /Row \d+ of the session starts at .* UTC/);
  await look.getByLabel('Space events evenly').check();
  await chart(page, 'session')
    .locator('text', { hasText: /^event$/ })
    .waitFor();
});

panelTest('settings are undone and made again, by button and by key', async (page) => {
  await set(page, 'session.gapHours', '12');
  await set(page, 'session.minEvents', '3');
  await page.locator('h1').click();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  assert.equal(await setting(page, 'session.gapHours').inputValue(), '24');
  await page.keyboard.press('Control+Shift+z');
  assert.equal(await setting(page, 'session.gapHours').inputValue(), '12');
  await page.getByRole('button', { name: 'Redo' }).click();
  assert.equal(await setting(page, 'session.minEvents').inputValue(), '3');
  assert.ok(await page.getByRole('button', { name: 'Redo' }).isDisabled());
});

panelTest('the address holds the plan, and nothing else', async (page) => {
  await set(page, 'session.gapHours', '2');
  await setting(page, 'profile').selectOption('causal');
  await set(page, 'treatment.type', 'add to cart');
  await page.waitForFunction(() => location.hash.includes('treatment'));
  const hash = new URL(page.url()).hash;
  assert.equal(decodeURIComponent(hash), '#profile=causal&session.gapHours=2&treatment.type=add to cart');
  const steps = await page.evaluate(() => history.length);
  await page.evaluate(() => {
    location.hash = '#session.gapHours=3&split.kind=hash&sequence.padding=null';
  });
  await stage(page, 'run').getByText('Settings loaded from the link.').waitFor();
  assert.equal(await setting(page, 'session.gapHours').inputValue(), '3');
  assert.equal(await setting(page, 'profile').inputValue(), 'notebook');
  assert.equal(await setting(page, 'sequence.padding').inputValue(), 'null');
  assert.equal(await page.evaluate(() => history.length), steps + 1); // the one above
  await page.evaluate(() => {
    location.hash = '#session.gapHours=-1';
  });
  await stage(page, 'run')
    .locator('.notice', { hasText: /The settings of the link were ignored: session\.gapHours is -1/ })
    .waitFor();
  assert.equal(await setting(page, 'session.gapHours').inputValue(), '3');
});

panelTest(
  'an address that was shared opens with its plan',
  async (page) => {
    await stage(page, 'run').getByText('Settings loaded from the link.').waitFor();
    assert.equal(await setting(page, 'index.kind').inputValue(), 'landmark');
    assert.equal(await setting(page, 'events.types').inputValue(), 'a, b=c');
  },
  { address: `#index.kind=landmark&events.types=${encodeURIComponent('["a","b=c"]')}&treatment.type=a&outcome.type=b%3Dc` },
);

panelTest('a plan and a manifest that are dropped become the settings', async (page) => {
  await drop(page, 'plan.json', JSON.stringify({ profile: 'causal', session: { gapHours: 2 } }));
  await stage(page, 'run').getByText('Settings loaded from plan.json.').waitFor();
  assert.equal(await setting(page, 'session.gapHours').inputValue(), '2');
  assert.match(await page.locator('.changed-keys').innerText(), /^2 settings changed: Starting point, Session gap$/);
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await example(page);
  await set(page, 'session.gapHours', '6');
  await run(page);
  const { bytes } = await download(page, () => page.getByRole('button', { name: 'Download manifest.json' }).click());
  await page.getByRole('button', { name: 'Reset to defaults' }).click();
  await drop(page, 'manifest.json', bytes.toString('utf8'));
  await stage(page, 'run').getByText('Settings loaded from manifest.json.').waitFor();
  assert.match(await page.locator('.changed-keys').innerText(), /^1 setting changed: Session gap$/);
  await drop(page, 'wrong.json', JSON.stringify({ session: { gapHour: 2 } }));
  await stage(page, 'run')
    .locator('.notice', { hasText: /The settings of wrong\.json were ignored: .*gapHour/ })
    .waitFor();
  assert.equal(await setting(page, 'session.gapHours').inputValue(), '6');
});

panelTest('the command and the JavaScript that are copied make the files of the page', async (page) => {
  await example(page);
  await set(page, 'session.gapHours', '3');
  await run(page);
  const { bytes } = await download(page, () => page.getByRole('button', { name: 'Download manifest.json' }).click());
  await page.getByText('Reproduce this run').click();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const copied = async (what) => {
    await page.getByRole('button', { name: `Copy: ${what}` }).click();
    await page.getByText('Copied', { exact: true }).waitFor();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const command = await copied('Command');
  const folder = mkdtempSync(join(tmpdir(), 'causal-sessions-panels-'));
  try {
    const shell = command.replaceAll('causal-sessions ', `"${process.execPath}" "${cli}" `);
    execFileSync('sh', ['-ec', shell], { cwd: folder, stdio: 'ignore' });
    assert.equal(readFileSync(join(folder, 'OUT/manifest.json'), 'utf8'), withoutOtherPlans(bytes));
    await page.waitForTimeout(2600); // until the button says Copy again
    const script = await copied('JavaScript, in Node');
    writeFileSync(
      join(folder, 'run.mjs'),
      script.replace("'causal-sessions'", JSON.stringify(new URL('../../web/dist/node.js', import.meta.url).href)),
    );
    rmSync(join(folder, 'OUT'), { recursive: true });
    execFileSync(process.execPath, ['run.mjs'], { cwd: folder, stdio: 'ignore' });
    const [made, told] = [readFileSync(join(folder, 'OUT/manifest.json')), bytes].map((text) => JSON.parse(text).outputs);
    assert.deepEqual(made, told);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

for (const [state, prepare] of Object.entries({
  empty: async () => undefined,
  data: async (page) => chooseFiles(page, textFile('shop.csv', 'client_id,event,timestamp\nc1,cart,2025-09-05 10:01:00\n')),
  refused: async (page) => {
    await chooseFiles(page, textFile('events.csv', 'user_id,time,type\nu1,2025-09-05 10:00:00,click\nu1,31/02/2025,click\n'));
    await run(page);
    await page.locator('.stage-run .notice').waitFor();
  },
  done: example,
  causal: async (page) => {
    await example(page);
    await page.getByRole('button', { name: /^Fix all/ }).click();
    await chart(page, 'balance').waitFor();
  },
})) {
  for (const [width, colorScheme] of [
    [360, 'light'],
    [360, 'dark'],
    [900, 'light'],
    [1600, 'light'],
    [1600, 'dark'],
  ]) {
    panelTest(
      `pictures of the page, ${state}, ${width} pixels, ${colorScheme}`,
      async (page) => {
        await prepare(page);
        await page.evaluate(() => document.activeElement?.blur());
        assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0);
        // No panel is empty: each says something beside its title.
        for (const body of await page.locator('.stage-body').all()) assert.ok((await body.innerText()).trim().length > 20);
        await page.screenshot({ path: join(pictures, `${state}-${width}-${colorScheme}.png`), fullPage: true });
      },
      { viewport: { width, height: 900 }, colorScheme },
    );
  }
}
