/** Five people with data of their own, each by the presses and choices that a person makes, which are counted. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import { chooseFiles, download, figure, importFromWeb, openFolds, openPage, readZip, textFile } from './support.mjs';

const { parquetReadObjects } = await importFromWeb('hyparquet');

/** `person.does(what, action)` counts; `person.runs()` says how many results there have been. No run is for nothing. */
function task(name, body) {
  test(name, async (t) => {
    const { page, errors, close } = await openPage(browser, server.address, { folds: false });
    t.after(close);
    await page.locator('causal-sessions').evaluate((element) => {
      window.results = window.refusals = 0;
      element.addEventListener('result', () => window.results++);
      element.addEventListener('error', () => window.refusals++);
    });
    const deeds = [];
    const person = {
      does: async (what, action) => {
        deeds.push(what);
        return action();
      },
      presses: (name) => person.does(`presses ${name}`, () => page.getByRole('button', { name }).first().click()),
      deeds,
      runs: () => page.evaluate(() => window.results),
    };
    await body(page, person);
    assert.equal(await page.evaluate(() => window.refusals), 0, 'a run was refused');
    assert.deepEqual(errors, []);
  });
}

const two = (number) => String(number).padStart(2, '0');

/** Of each user two views, of every other one a cart, of every fifth a payment; `cells` makes a line of an event. */
function shop(users, cells) {
  const lines = [];
  for (let user = 0; user < users; user++) {
    const put = (minute, type, item) => lines.push(cells({ user, day: 1 + (user % 27), minute, type, item }));
    put(1, 'view', `a${user % 5}`);
    put(2, 'view', `b${user % 3}`);
    if (user % 2 === 0) put(4, 'cart', `b${user % 3}`);
    if (user % 2 === 0) put(5, 'checkout', '');
    if (user % 5 === 0) put(9, 'paid', `b${user % 3}`);
  }
  return lines;
}
const iso = ({ user, day, minute, type, item }) => `v${user},2026-03-${two(day)} 10:${two(minute)}:00,${type},${item}`;
const csv = (head, lines) => `${head}\n${lines.join('\n')}\n`;

const done = (page) => page.locator('.stage-run .done').waitFor();

task('an own shop becomes causal covariates in at most six interactions, and no run is for nothing', async (page, person) => {
  const file = textFile('shop.csv', csv('visitor,when,what,sku', shop(300, iso)));
  await person.does('chooses the file', () => chooseFiles(page, file));
  await page.getByText('What do these events mean?').waitFor();
  await person.presses('Use these roles');
  await done(page);
  await person.does('opens the formats', () => page.locator('.stage-files summary', { hasText: 'Formats' }).click());
  await person.does('ticks the covariates', () => page.getByLabel('Covariates', { exact: true }).check());
  const zip = await person.does('downloads all', () =>
    download(page, () => page.getByRole('button', { name: 'Download all as ZIP' }).click()),
  );
  assert.ok(person.deeds.length <= 6, person.deeds.join(', '));
  assert.equal(await person.runs(), 1);
  const entries = readZip(zip.bytes);
  const path = Object.keys(entries).find((name) => name.endsWith('train_sessions_covariates.parquet'));
  const bytes = new Uint8Array(entries[path]);
  const rows = await parquetReadObjects({ file: bytes.buffer });
  assert.ok(rows.length > 100);
  const types = Object.keys(rows[0]).filter((column) => column.startsWith('events_'));
  const known = ['events_checkout', 'events_view']; // one that is the same in all rows has no column
  assert.deepEqual(
    types.filter((type) => !known.includes(type)),
    [],
    'no types but the file’s, and none that decides T or Y',
  );
  assert.ok('day' in rows[0]);
  assert.ok(rows.some(({ treatment }) => treatment) && rows.some(({ treatment }) => !treatment));
});

task('of a file with one bad row 1,999 of 2,000 are kept', async (page, person) => {
  const lines = shop(800, iso).slice(0, 2000);
  assert.equal(lines.length, 2000);
  lines[700] = lines[700].replace(/2026-03-\d\d/, '2026-13-45');
  await person.does('chooses the file', () => chooseFiles(page, textFile('shop.csv', csv('visitor,when,what,sku', lines))));
  await person.presses('Use these roles');
  await page.getByText(/row 701 \(line 702\), column "when": "2026-13-45/).waitFor();
  await person.presses('Skip unreadable rows');
  await done(page);
  await openFolds(page);
  assert.equal(await figure(page, 'Rows read'), '2,000');
  assert.equal(await figure(page, 'Events used'), '1,999');
  assert.match(await page.locator('.stage-data').innerText(), /1 of 2,000 rows skipped/);
  assert.equal(person.deeds.length, 3);
});

task('dates with the day first and semicolons are read as they are meant, with one press', async (page, person) => {
  const german = ({ user, day, minute, type, item }) => `v${user};${two(day)}/03/2026 10:${two(minute)};${type};${item}`;
  await person.does('chooses the file', () =>
    chooseFiles(page, textFile('excel.csv', csv('visitor;date;what;sku', shop(300, german)))),
  );
  await person.presses('Use these roles');
  await page.getByText(/so the day stands first\./).waitFor();
  assert.equal(await page.getByRole('button', { name: /^Read the month first/ }).count(), 0, 'only what can be meant is offered');
  await person.presses('Read the day first');
  await done(page);
  await openFolds(page);
  assert.match(
    await page.locator('.stage-result').innerText(),
    /Events are from 2026-03-01 10:01:00 UTC to 2026-03-27 10:09:00 UTC/,
  );
  assert.equal(await figure(page, 'Events used'), String(shop(300, german).length));
});

task('dates that could be either way round are asked about, and read as they are answered', async (page, person) => {
  const either = ({ user, day, minute, type, item }) =>
    `v${user},${two((day % 9) + 1)}/03/2026 10:${two(minute)},${type},${item}`;
  await person.does('chooses the file', () =>
    chooseFiles(page, textFile('excel.csv', csv('visitor,date,what,sku', shop(300, either)))),
  );
  await person.presses('Use these roles');
  await page.getByText(/day first or month first/).waitFor();
  await person.presses('Read the day first');
  await done(page);
  await openFolds(page);
  assert.match(
    await page.locator('.stage-result').innerText(),
    /Events are from 2026-03-01 10:01:00 UTC to 2026-03-09 10:09:00 UTC/,
  );
  assert.equal(person.deeds.length, 3);
});

task('an export of Google Analytics 4 is recognized, and its items are read', async (page, person) => {
  const names = { view: 'view_item', cart: 'add_to_cart', checkout: 'begin_checkout', paid: 'purchase' };
  const ga4 = ({ user, day, minute, type, item }) =>
    JSON.stringify({
      event_timestamp: String(Date.UTC(2026, 2, day, 10, minute) * 1000),
      event_name: names[type],
      user_id: null,
      user_pseudo_id: `${user}.1`,
      items: item === '' ? [] : [{ item_id: item, quantity: 1 }],
    });
  await person.does('chooses the file', () => chooseFiles(page, textFile('ga4.ndjson', `${shop(300, ga4).join('\n')}\n`)));
  await page.getByText('This looks like a GA4 export from BigQuery.').waitFor();
  await person.presses('Use the settings for it'); // which take another type for the treatment
  await page.getByText('What do these events mean?').waitFor();
  await person.presses('Use these roles');
  await done(page);
  assert.equal(await person.runs(), 1);
  await openFolds(page);
  const roles = page.locator('.stage-data .fold', { hasText: 'Event types and their roles' }).locator('summary').first();
  assert.match(await roles.textContent(), /exposure view_item, treatment add_to_cart, outcome purchase/);
  assert.equal(await page.locator('.stage-data .notice-problem').count(), 0);
  assert.match(await page.locator('.look-events').first().innerText(), /\b[ab]\d\b/);
  assert.ok(person.deeds.length <= 6, person.deeds.join(', '));
});

task('an export of Mixpanel is recognized, and not run before its event types are known', async (page, person) => {
  const names = { view: 'Product Viewed', cart: 'Product Clicked', checkout: 'Checkout', paid: 'Order Completed' };
  const mixpanel = ({ user, day, minute, type, item }) =>
    JSON.stringify({
      event: names[type],
      properties: { time: Date.UTC(2026, 2, day, 10, minute) / 1000, distinct_id: `d${user}`, product_id: item },
    });
  await person.does('chooses the file', () =>
    chooseFiles(page, textFile('mixpanel.ndjson', `${shop(300, mixpanel).join('\n')}\n`)),
  );
  await page.getByText('This looks like a Mixpanel export.').waitFor();
  assert.equal(await page.getByText('What do these events mean?').count(), 0);
  await person.presses('Use the settings for it');
  await page.getByText('What do these events mean?').waitFor(); // not before, as its columns are others then
  await person.presses('Use these roles');
  await done(page);
  assert.equal(await person.runs(), 1);
  await openFolds(page);
  assert.equal(await figure(page, 'Events used'), String(shop(300, mixpanel).length));
});

task('roles that are chosen while the user is not known wait for it', async (page, person) => {
  const two = ({ user, day, minute, type, item }) => `v${user},c${user},2026-03-${day} 10:${minute},${type},${item}`;
  const padded = (line) => line.replace(/-(\d) /, '-0$1 ').replace(/:(\d),/, ':0$1,');
  await person.does('chooses the file', () =>
    chooseFiles(
      page,
      textFile(
        'two.csv',
        csv(
          'user_id,client_id,time,event,sku',
          shop(300, (e) => padded(two(e))),
        ),
      ),
    ),
  );
  await person.presses('Use these roles');
  assert.equal(await person.runs(), 0);
  assert.equal(await page.locator('.stage-run .notice-problem').count(), 0, 'nothing is run that is refused');
  await person.does('chooses the user', async () => {
    await openFolds(page);
    await page.getByLabel('User', { exact: true }).first().selectOption('user_id');
  });
  await done(page);
  assert.equal(await person.runs(), 1);
});

const jsonLines = (rows) => `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
const tableOf = (rows) =>
  csv(
    Object.keys(rows[0]).join(),
    rows.map((row) => Object.values(row).join()),
  );
const STORE = { view: 'Product Viewed', cart: 'Product Clicked', checkout: 'Checkout Started', paid: 'Order Completed' };

/** What each user did. */
function byUser(events) {
  const users = new Map();
  for (const event of events) users.set(event.user, [...(users.get(event.user) ?? []), event]);
  return users;
}

/** Lines of a table in a file of its own. */
const lines = (events, cells) => events.map((event) => `${cells(event)}\n`).join('');
const day = (at) => new Date(at).toISOString().slice(0, 10);
const ofDay = (at) => at % (24 * 3600 * 1000);

/**
 * What each export's events are called, and how its files are made of them, one or several by their names; one without a name has
 * no such event. `arms`: what there is besides the treated.
 */
const EXPORTS = {
  snowplow: [
    { view: 'page_view', cart: 'add_to_cart', checkout: 'checkout_step', paid: 'transaction' },
    (events) =>
      lines(events, ({ user, at, type }) => {
        const cells = new Array(131).fill('');
        cells[3] = new Date(at).toISOString().replace('T', ' ').replace('Z', '');
        cells[15] = `u${user}`;
        cells[126] = type;
        return cells.join('\t');
      }),
  ],
  yoochoose: [
    { view: 'click', cart: 'click', paid: 'buy' }, // there is nobody without a click
    (events) => ({
      'yoochoose-clicks.dat': lines(
        events.filter(({ type }) => type === 'click'),
        ({ user, at, item }) => `${user},${new Date(at).toISOString()},${item},0`,
      ),
      'yoochoose-buys.dat': lines(
        events.filter(({ type }) => type === 'buy'),
        ({ user, at, item }) => `${user},${new Date(at).toISOString()},${item},100,1`,
      ),
    }),
    { untreated: false },
  ],
  diginetica: [
    { view: 'query', cart: 'view', paid: 'purchase' },
    (events) => {
      const table = (head, type, cells) =>
        `${head}\n${lines(
          events.filter((event) => event.type === type),
          cells,
        )}`;
      return {
        'train-queries.csv': table(
          'queryId;sessionId;userId;timeframe;duration;eventdate',
          'query',
          ({ user, at }) => `${at};${user};NA;${ofDay(at)};10;${day(at)}`,
        ),
        'train-item-views.csv': table(
          'sessionId;userId;itemId;timeframe;eventdate',
          'view',
          ({ user, at, item }) => `${user};NA;${item};${ofDay(at)};${day(at)}`,
        ),
        'train-purchases.csv': table(
          'sessionId;userId;timeframe;eventdate;ordernumber;itemId',
          'purchase',
          ({ user, at, item }) => `${user};NA;${ofDay(at)};${day(at)};1;${item}`,
        ),
      };
    },
  ],
  movielens: [
    { view: 'rating', cart: 'rating', paid: 'rating' }, // which is all that happens
    (events) => tableOf(events.map(({ user, at, item }) => ({ userId: user, movieId: item, rating: 3.5, timestamp: at / 1000 }))),
    { untreated: false, outcomes: false },
  ],
  amplitude: [
    STORE,
    (events) =>
      jsonLines(
        events.map(({ user, at, type, item }) => {
          const event_time = new Date(at).toISOString().replace('T', ' ').replace('Z', '');
          return { amplitude_id: 10 ** 12 + user, event_type: type, event_time, event_properties: { product_id: item } };
        }),
      ),
  ],
  rudderstack: [
    STORE,
    (events) =>
      jsonLines(
        events.map(({ user, at, type, item }) => ({
          anonymousId: `a${user}`,
          channel: 'web',
          type: 'track',
          event: type,
          originalTimestamp: new Date(at).toISOString(),
          properties: { product_id: item },
        })),
      ),
  ],
  segment: [
    STORE,
    (events) =>
      jsonLines(
        events.map(({ user, at, type, item }, i) => ({
          anonymousId: `a${user}`,
          messageId: `m${i}`,
          type: 'track',
          event: type,
          timestamp: new Date(at).toISOString(),
          properties: { product_id: item },
        })),
      ),
  ],
  posthog: [
    STORE,
    (events) =>
      jsonLines(
        events.map(({ user, at, type, item }) => ({
          distinct_id: `d${user}`,
          event: type,
          properties: { product_id: item },
          timestamp: new Date(at).toISOString(),
        })),
      ),
  ],
  matomo: [
    { view: 'action', cart: 'ecommerceAbandonedCart', paid: 'ecommerceOrder' },
    (events) => {
      const visits = byUser(events);
      return jsonLines(
        [...visits].map(([user, of]) => ({
          idVisit: user,
          visitorId: `v${user}`,
          actionDetails: of.map(({ at, type, item }) => ({ type, timestamp: at / 1000, productViewSku: item })),
        })),
      );
    },
  ],
  retailrocket: [
    { view: 'view', cart: 'addtocart', paid: 'transaction' },
    (events) =>
      tableOf(events.map(({ user, at, type, item }) => ({ timestamp: at, visitorid: user, event: type, itemid: item }))),
  ],
  rees46: [
    { view: 'view', cart: 'cart', paid: 'purchase' },
    (events) =>
      tableOf(
        events.map(({ user, at, type, item }) => ({
          event_time: new Date(at).toISOString().replace('T', ' ').replace('.000Z', ' UTC'),
          event_type: type,
          product_id: item,
          user_id: user,
          user_session: `s${user}`,
        })),
      ),
  ],
  otto: [
    { view: 'clicks', cart: 'carts', paid: 'orders' },
    (events) => {
      const sessions = byUser(events);
      return jsonLines(
        [...sessions].map(([session, of]) => ({
          session,
          events: of.map(({ at, type, item }) => ({ aid: item, ts: at, type })),
        })),
      );
    },
  ],
  trivago: [
    { view: 'interaction item info', cart: 'interaction item image', paid: 'clickout item' },
    (events) =>
      tableOf(
        events.map(({ user, at, type, item }) => ({
          user_id: `u${user}`,
          session_id: `s${user}`,
          timestamp: at / 1000,
          action_type: type,
          reference: item,
        })),
      ),
  ],
};

for (const [name, [names, write, arms = {}]] of Object.entries(EXPORTS)) {
  task(`an export of ${name} is recognized and run with at most three interactions`, async (page, person) => {
    const known = shop(300, ({ user, day, minute, type, item }) => {
      return { user, at: Date.UTC(2026, 2, day, 10, minute), type: names[type], item };
    }).filter(({ type }) => type !== undefined);
    const written = write(known);
    const files = typeof written === 'string' ? { [written.startsWith('{') ? 'events.ndjson' : 'events.csv']: written } : written;
    const chosen = Object.entries(files).map(([file, text]) => textFile(file, text));
    await person.does('chooses the files', () => chooseFiles(page, chosen));
    await page
      .getByText(/^This looks like /)
      .first()
      .waitFor();
    await person.presses('Use the settings for it');
    const asks = page.getByText('What do these events mean?');
    await asks.or(page.locator('.stage-run .done')).first().waitFor();
    if (await asks.isVisible()) await person.presses('Use these roles');
    await done(page);
    assert.ok(person.deeds.length <= 3, person.deeds.join(', '));
    assert.equal(await person.runs(), 1);
    await openFolds(page);
    assert.equal(await figure(page, 'Events used'), known.length.toLocaleString('en'));
    const { rows, treated, outcomes } = await page.locator('causal-sessions').evaluate(async (element) => {
      const { all } = (await element.process()).report;
      return { rows: all.sessions, treated: all.treated, outcomes: all.outcomes };
    });
    const told = `${rows} rows, ${treated} treated, ${outcomes} with the outcome`;
    assert.equal(rows > treated, arms.untreated ?? true, told);
    assert.equal(outcomes > 0, arms.outcomes ?? true, told);
    assert.ok(treated > 0, told);
  });
}

task('a folder is taken as a whole, hidden files left out', async (page, person) => {
  const lines = shop(300, iso);
  const head = 'visitor,when,what,sku';
  const files = { 'log/_SUCCESS': '', 'log/.crc': 'x' };
  for (const month of [0, 1, 2]) {
    const part = lines.filter((_, i) => i % 3 === month);
    files[`log/part-${month}.csv`] = csv(head, part);
  }
  const root = mkdtempSync(join(tmpdir(), 'task-'));
  try {
    mkdirSync(join(root, 'log'));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(root, path), text);
    await person.does('chooses the folder', async () => {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: 'Choose a folder' }).click(),
      ]);
      await chooser.setFiles(join(root, 'log'));
    });
    await page.getByText('What do these events mean?').waitFor();
    await person.presses('Use these roles');
    await done(page);
    await openFolds(page);
    assert.equal(await figure(page, 'Rows read'), String(lines.length));
    assert.equal(await page.locator('.file-list .name').count(), 3);
    assert.match(await page.locator('.stage-data').innerText(), /2 hidden names skipped/);
  } finally {
    rmSync(root, { recursive: true });
  }
});
