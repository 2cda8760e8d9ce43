/** <causal-sessions> on other people's pages: what goes in, what comes out, several at once, taken out and put back. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openFolder, projectFolder, writeFiles } from './embedding.mjs';
import { launch, openFolds, repository } from './support.mjs';
import { prepare } from '../../web/dist/node.js';

const EVENTS = readFileSync(join(repository, 'tests/cases/notebook/typical/events.csv'), 'utf8');
const PLAN = { session: { gapHours: 0.01 } };

/** No style in the markup, no word of script: the strictest policy that leaves WebAssembly and a worker. */
const html = (body) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src data:; worker-src 'self'; connect-src 'self'">
<title>Embedding</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="page.css">
<script type="module" src="node_modules/causal-sessions/dist/element.js"></script>
${body}`;

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

/** A page with this body; its elements' engines are ready. */
async function embed(t, body, { css = '', ...options } = {}) {
  const folder = projectFolder(t);
  writeFiles(folder, { 'index.html': html(body), 'page.css': css });
  const opened = await openFolder(t, browser, folder, options);
  await opened.page.evaluate(async () => {
    await customElements.whenDefined('causal-sessions');
    await Promise.all([...document.querySelectorAll('causal-sessions')].map((element) => element.ready));
  });
  return opened;
}

/** Runs inside the page: what process() gives for a file, as plain values. */
const processed = async (element, text) => {
  const dataset = await element.process(new File([text], 'events.csv'));
  return { report: dataset.report, parquet: [...(await dataset.write('train', 'parquet'))] };
};

test('a plan and a file go in, events and the same bytes as in Node come out', async (t) => {
  const { page, errors } = await embed(t, `<main><causal-sessions plan='${JSON.stringify(PLAN)}'></causal-sessions></main>`);
  const seen = await page.evaluate(async (text) => {
    const element = document.querySelector('causal-sessions');
    const seen = { types: [], stages: new Set() };
    for (const type of ['progress', 'result', 'error', 'planchange']) {
      document.addEventListener(type, (event) => {
        if (seen.types.at(-1) !== type) seen.types.push(type);
        if (type === 'progress') seen.stages.add(event.detail.stage);
        if (type === 'result') seen.dataset = event.detail;
      });
    }
    seen.files = element.files.length;
    const returned = await element.process(new File([text], 'events.csv'));
    return {
      types: seen.types,
      stages: [...seen.stages],
      same: returned === seen.dataset,
      names: element.files.map(({ name }) => name),
      plan: element.plan,
      report: returned.report,
      findings: returned.audit.findings.length,
      parquet: [...(await returned.write('train', 'parquet'))],
      focus: document.activeElement.tagName,
    };
  }, EVENTS);
  const expected = await prepare(new Blob([EVENTS]), PLAN);
  t.after(() => expected.dispose());
  assert.deepEqual(seen.types, ['progress', 'result']);
  assert.ok(seen.stages.includes('reading') && seen.stages.includes('sequences'), String(seen.stages));
  assert.ok(seen.same);
  assert.equal(seen.focus, 'BODY'); // a run that the page asked for leaves the focus to the page
  assert.equal(await page.getByText('are out of date').count(), 0);
  assert.deepEqual(seen.names, ['events.csv']);
  assert.deepEqual(seen.plan, PLAN);
  assert.deepEqual(seen.report.sessions, expected.report.sessions);
  assert.ok(seen.findings > 0);
  assert.deepEqual(Buffer.from(seen.parquet), Buffer.from(await expected.write('train', 'parquet')));
  assert.deepEqual(errors, []);
});

test('the plan that is set in the element comes out, and one that is set from outside shows inside', async (t) => {
  const { page, errors } = await embed(t, '<causal-sessions></causal-sessions>');
  const element = page.locator('causal-sessions');
  const plan = () => element.evaluate(({ plan }) => plan);
  assert.deepEqual(await plan(), {});
  await element.evaluate((element) => {
    window.heard = [];
    document.addEventListener('planchange', ({ detail }) => window.heard.push(detail));
    element.plan = { session: { gapHours: 6 } };
  });
  const gap = page.locator('[data-path="session.gapHours"]');
  await page.waitForFunction((input) => input.value === '6', await gap.elementHandle());
  assert.deepEqual(await page.evaluate(() => window.heard), []); // who sets it need not be told
  await openFolds(page);
  await page.locator('[data-path="split.seed"]').fill('7');
  await page.locator('[data-path="split.seed"]').blur();
  assert.deepEqual(await plan(), { session: { gapHours: 6 }, split: { seed: 7 } });
  assert.deepEqual(await page.evaluate(() => window.heard), [await plan()]);
  await element.evaluate((element) => element.setAttribute('plan', '{"split": {"seed": 8}}'));
  assert.deepEqual(await plan(), { split: { seed: 8 } });
  await element.evaluate((element) => element.undo());
  assert.deepEqual(await plan(), { session: { gapHours: 6 }, split: { seed: 7 } });
  const refused = await element.evaluate(
    (element) =>
      new Promise((resolve) => {
        element.addEventListener('error', ({ detail }) => resolve([detail.code, detail.message]), { once: true });
        element.setAttribute('plan', '{gap: 1}');
      }),
  );
  assert.deepEqual(refused, ['badPlan', 'The attribute "plan" is not JSON; the plan stays as it was.']);
  assert.deepEqual(await plan(), { session: { gapHours: 6 }, split: { seed: 7 } });
  assert.deepEqual(errors, []);
});

test('what is refused or cancelled is an error that says so', async (t) => {
  const { page, errors } = await embed(t, '<causal-sessions></causal-sessions>');
  const told = await page.evaluate(
    async ({ bad, good }) => {
      const element = document.querySelector('causal-sessions');
      const { EventDataError } = await import('./node_modules/causal-sessions/dist/worker.js');
      const heard = [];
      element.addEventListener('error', ({ detail }) => heard.push(detail));
      const outcome = (run) =>
        run.then(
          () => null,
          (error) => error,
        );
      const refused = await outcome(element.process(new File([bad], 'bad.csv')));
      element.plan = { session: { gapHours: -1 } };
      const misplanned = await outcome(element.process(new File([good], 'good.csv')));
      element.plan = {};
      const first = outcome(element.process(new File([good.repeat(200)], 'many.csv')));
      await new Promise((resolve) => element.addEventListener('progress', resolve, { once: true }));
      element.cancel();
      const cancelled = await first;
      const none = await outcome(document.createElement('causal-sessions').process());
      return {
        same: heard[0] === refused && heard[1] === misplanned && heard[2] === cancelled,
        known: [refused, misplanned].map((error) => error instanceof EventDataError && error.code),
        texts: [refused, misplanned, none].map(({ message }) => message),
        cancelled: cancelled.name,
        heard: heard.length,
      };
    },
    { bad: `${EVENTS}u9,31/02/2025,click,p1\n`, good: EVENTS },
  );
  assert.ok(told.same);
  assert.deepEqual(told.known, ['badRows', 'badPlan']);
  assert.match(told.texts[0], /^bad\.csv, row \d+ \(line \d+\), column "event_timestamp"/);
  assert.match(told.texts[1], /^session\.gapHours is -1/);
  assert.match(told.texts[2], /works while it is in a document/);
  assert.equal(told.cancelled, 'AbortError');
  assert.equal(told.heard, 3);
  assert.deepEqual(errors, []);
});

test('two on one page have an engine, a state and a result each', async (t) => {
  const { page, errors } = await embed(
    t,
    '<causal-sessions id="a"></causal-sessions><causal-sessions id="b" plan=\'{"session": {"gapHours": 0.01}}\'></causal-sessions>',
  );
  assert.equal(page.workers().length, 2);
  const [a, b] = await Promise.all(['#a', '#b'].map((id) => page.locator(id).evaluate(processed, EVENTS)));
  assert.notEqual(a.report.sessions.created, b.report.sessions.created);
  assert.notDeepEqual(a.parquet, b.parquet);
  // The key takes back a setting of the element that it was pressed in.
  await openFolds(page);
  for (const id of ['#a', '#b']) {
    await page.locator(`${id} [data-path="split.seed"]`).fill('9');
    await page.locator(`${id} [data-path="split.seed"]`).blur();
  }
  await page.locator('#a summary').last().focus();
  await page.keyboard.press('Control+z');
  assert.deepEqual(await page.locator('#a').evaluate(({ plan }) => plan), {});
  assert.deepEqual(await page.locator('#b').evaluate(({ plan }) => plan), { ...PLAN, split: { seed: 9 } });
  assert.deepEqual(errors, []);
});

test('taken out it ends its worker, put back it goes on with plan and files; moved it keeps its result', async (t) => {
  const { page, errors } = await embed(
    t,
    `<causal-sessions plan='${JSON.stringify(PLAN)}'></causal-sessions><section></section>`,
  );
  const element = page.locator('causal-sessions');
  await element.evaluate(processed, EVENTS);
  await element.evaluate((element) => document.querySelector('section').append(element));
  await page.waitForTimeout(50);
  assert.equal(page.workers().length, 1);
  assert.ok(await page.locator('.done').isVisible());
  await element.evaluate((element) => (window.kept = element).remove());
  await page.waitForFunction(() => window.kept.shadowRoot.childElementCount === 0);
  const deadline = Date.now() + 5000;
  while (page.workers().length > 0 && Date.now() < deadline) await page.waitForTimeout(20);
  assert.equal(page.workers().length, 0);
  assert.deepEqual(await page.evaluate(() => [window.kept.plan, window.kept.files.length]), [PLAN, 1]);
  await page.evaluate(() => document.body.append(window.kept));
  await page.locator('.inspection').waitFor();
  const again = await element.evaluate(async (element) => (await element.process()).report.sessions);
  const expected = await prepare(new Blob([EVENTS]), PLAN);
  t.after(() => expected.dispose());
  assert.deepEqual(again, expected.report.sessions);
  assert.equal(page.workers().length, 1);
  assert.deepEqual(errors, []);
});

test('200 that come and go leave no worker behind, and memory as it was', async (t) => {
  const { page, errors } = await embed(t, '<main></main>');
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  // One of ten runs; each is taken out while its engine is there.
  const comeAndGo = (count) =>
    page.evaluate(
      async ([count, text]) => {
        for (let i = 0; i < count; ++i) {
          const element = document.createElement('causal-sessions');
          document.querySelector('main').append(element);
          await element.ready;
          if (i % 10 === 0) await element.process(new File([text], 'events.csv'));
          element.remove();
        }
      },
      [count, EVENTS],
    );
  const held = async () => {
    await session.send('HeapProfiler.collectGarbage');
    const { metrics } = await session.send('Performance.getMetrics');
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
  };
  await comeAndGo(40);
  const before = await held();
  await comeAndGo(160);
  const deadline = Date.now() + 10_000;
  while (page.workers().length > 0 && Date.now() < deadline) await page.waitForTimeout(50);
  assert.equal(page.workers().length, 0);
  const after = await held();
  const told = (name) => `${name}: ${before[name]} after 40, ${after[name]} after 200`;
  assert.ok(after.JSHeapUsedSize < before.JSHeapUsedSize * 1.2 + 1e6, told('JSHeapUsedSize'));
  assert.ok(after.Nodes < before.Nodes * 1.2 + 200, told('Nodes'));
  assert.deepEqual(errors, []);
});

test('properties that were set before the definition count', async (t) => {
  const folder = projectFolder(t);
  writeFiles(folder, {
    'page.css': '',
    'early.js':
      "const element = document.querySelector('causal-sessions'); element.plan = { split: { seed: 5 } }; element.files = [new File(['user,time,type\\n'], 'early.csv')];",
    'index.html': html('<causal-sessions></causal-sessions>').replace(
      '<script type="module"',
      '<script type="module" src="early.js"></script>\n<script type="module"',
    ),
  });
  const { page, errors } = await openFolder(t, browser, folder);
  await page.locator('.file-list .name').waitFor();
  assert.equal(await page.locator('.file-list .name').innerText(), 'early.csv');
  assert.deepEqual(await page.locator('causal-sessions').evaluate(({ plan }) => plan), { split: { seed: 5 } });
  assert.deepEqual(errors, []);
});

test('styles stay inside, and the page themes it by properties and color-scheme', async (t) => {
  const css = 'p { color: rgb(1, 2, 3); } #b { color-scheme: dark; --action: rgb(9, 8, 7); } #c[hidden] { color: red; }';
  const { page, errors } = await embed(
    t,
    '<p>Outside</p><causal-sessions id="a"></causal-sessions><causal-sessions id="b"></causal-sessions><causal-sessions id="c" hidden></causal-sessions>',
    { css },
  );
  const style = (selector, property) =>
    page
      .locator(selector)
      .first()
      .evaluate((element, property) => getComputedStyle(element)[property], property);
  assert.equal(await style('body > p', 'color'), 'rgb(1, 2, 3)');
  assert.notEqual(await style('body > p', 'marginTop'), '0px'); // no reset leaks out
  assert.notEqual(await style('#a .promise', 'color'), 'rgb(1, 2, 3)');
  assert.equal(await style('#a .causal-sessions', 'backgroundColor'), 'rgb(251, 251, 250)');
  assert.equal(await style('#b .causal-sessions', 'backgroundColor'), 'rgb(20, 24, 29)');
  assert.equal(await style('#b button.primary', 'backgroundColor'), 'rgb(9, 8, 7)');
  assert.equal(await style('#c', 'display'), 'none');
  assert.deepEqual(errors, []);
});

test('in quirks mode its tables have its colours, and a Blob the name that it was given', async (t) => {
  const folder = projectFolder(t);
  writeFiles(folder, {
    'page.css': ':root { color-scheme: dark; }',
    'index.html': html('<causal-sessions></causal-sessions>').replace('<!doctype html>\n', ''),
  });
  const { page, errors } = await openFolder(t, browser, folder);
  assert.equal(await page.evaluate(() => document.compatMode), 'BackCompat');
  const names = await page.locator('causal-sessions').evaluate((element, text) => {
    element.files = [Object.assign(new Blob([text]), { name: 'clicks.csv' }), new Blob([text])];
    return element.files.map(({ name }) => name);
  }, EVENTS);
  assert.deepEqual(names, ['clicks.csv', 'events']);
  await page.locator('.inspection').waitFor();
  const colour = (selector) =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).color);
  assert.equal(await colour('.inspection td.has-role .cell:not(.is-treatment, .is-outcome)'), await colour('.causal-sessions'));
  assert.deepEqual(errors, []);
});

test('importing it where there is no document does nothing', async () => {
  const { CausalSessionsElement } = await import('../../web/dist/element.js');
  assert.equal(typeof CausalSessionsElement, 'function');
});
