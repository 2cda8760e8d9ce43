/** causal-sessions/worker in Chromium: runs that start from an earlier one's events, whatever happens to its worker. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { launch, repository, serve } from './support.mjs';

let browser;
let server;
let page;
before(async () => {
  server = await serve({ '.mjs': 'text/javascript' }, join(repository, 'web'));
  browser = await launch();
  page = await browser.newPage();
  await page.goto(`${server.address}dist/types/index.js`); // a page without a policy of its own
  await page.evaluate(async () => {
    const lib = await import('/dist/worker.js');
    const file = new File([await lib.simulate({ events: 5000, seed: 2 })], 'events.csv');
    const digests = async (dataset) => {
      const paths = (await dataset.files()).map(({ path }) => path);
      return Promise.all(paths.map(async (path) => [path, (await dataset.digest(path)).sha256]));
    };
    Object.assign(globalThis, { lib, file, digests, plan: { session: { gapHours: 2 } } });
  });
});
after(async () => {
  await browser.close();
  await server.close();
});

test('reading is left out, and the result is the same, also when the earlier dataset goes at once', async () => {
  const found = await page.evaluate(async () => {
    const earlier = await lib.prepare(file, {}, { keepEvents: true });
    const running = lib.prepare(file, plan, { reuse: earlier });
    earlier.dispose();
    const reused = await running;
    const fresh = await lib.prepare(file, plan);
    const out = {
      flags: [earlier.keepsEvents, earlier.reusedEvents, reused.keepsEvents, reused.reusedEvents, fresh.reusedEvents],
      reused: [reused.report, await digests(reused)],
      fresh: [fresh.report, await digests(fresh)],
    };
    reused.dispose();
    fresh.dispose();
    return out;
  });
  assert.deepEqual(found.flags, [true, false, false, true, false]);
  assert.deepEqual(found.reused, found.fresh);
});

test('a source that is another object is read', async () => {
  const flags = await page.evaluate(async () => {
    const earlier = await lib.prepare(file, {}, { keepEvents: true });
    const same = await lib.prepare([file], plan, { reuse: earlier });
    const copy = await lib.prepare(new File([file], file.name), plan, { reuse: earlier });
    const flags = [same.reusedEvents, copy.reusedEvents];
    for (const dataset of [earlier, same, copy]) dataset.dispose();
    return flags;
  });
  assert.deepEqual(flags, [true, false]);
});

test('after a cancelled run, which ends the worker and all it kept, the source is read again', async () => {
  const found = await page.evaluate(async () => {
    const earlier = await lib.prepare(file, {}, { keepEvents: true });
    const stop = new AbortController();
    const ended = await lib.prepare(file, plan, { reuse: earlier, signal: stop.signal, onProgress: () => stop.abort() }).then(
      () => 'done',
      ({ name }) => name,
    );
    const next = await lib.prepare(file, plan, { reuse: earlier, keepEvents: true });
    const again = await lib.prepare(file, {}, { reuse: next });
    const out = {
      ended,
      flags: [next.reusedEvents, again.reusedEvents],
      same: JSON.stringify(again.report) === JSON.stringify(earlier.report),
    };
    for (const dataset of [next, again]) dataset.dispose();
    return out;
  });
  assert.deepEqual(found, { ended: 'AbortError', flags: [false, true], same: true });
});

test('what is asked for in vain is refused in the words of the engine and of a dataset on its own thread', async () => {
  const refusals = await page.evaluate(async () => {
    const dataset = await lib.prepare(file);
    const refusal = (promise) =>
      promise.then(
        () => 'done',
        ({ code, message }) => ({ code, message }),
      );
    const calls = [
      dataset.write('train', 'covariates'),
      dataset.write('audit'),
      dataset.lookAt(0),
      dataset.listSessions({ limit: -1 }),
      dataset.files(['xlsx']),
    ];
    const found = await Promise.all(calls.map(refusal));
    dataset.dispose();
    return [...found, await refusal(dataset.split('train'))];
  });
  assert.deepEqual(
    refusals.map(({ code }) => code),
    ['badPlan', 'badCall', 'badCall', 'badCall', 'badFormat', 'badCall'],
  );
  assert.match(refusals[0].message, /index\.kind "session" has none; set profile to "causal"/);
  assert.match(refusals[2].message, /keeps no events to look at/);
  assert.match(refusals[5].message, /disposed of/);
});

test('sessions are listed and looked at', async () => {
  const { total, rows, view, refused } = await page.evaluate(async () => {
    const dataset = await lib.prepare(file, { profile: 'causal' }, { keepEvents: true });
    const { total, sessions } = await dataset.listSessions({ treatment: 1, limit: 3 });
    const view = await dataset.lookAt(sessions[2].row);
    const refused = await dataset.lookAt(-1).then(
      () => null,
      ({ code }) => code,
    );
    return { total, rows: dataset.report.all.treated, view, refused };
  });
  assert.equal(total, rows);
  assert.equal(view.treatment, 1);
  assert.equal(view.events.filter(({ decides }) => decides === 'treatment').length, 1);
  assert.equal(refused, 'badCall');
});
