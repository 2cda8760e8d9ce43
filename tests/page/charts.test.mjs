/** Charts: what their axes say, and the lines in them that set what they stand for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { browser, server } from './browser.mjs';
import { loadExample, openPage, run } from './support.mjs';

function chartTest(name, body, options) {
  test(name, async (t) => {
    const { page, errors, close } = await openPage(browser, server.address, options);
    t.after(close);
    await body(page);
    assert.deepEqual(errors, [], 'the console and the policy have nothing to complain about');
  });
}

const chart = (page, name) => page.locator(`[data-chart=${name}]`);

/** What stands at the ticks of an axis below a plot. */
const ticksOf = (page, name) =>
  chart(page, name)
    .locator('svg')
    .evaluate((svg) =>
      [...svg.querySelectorAll('.chart-axis')]
        .map((line) => line.nextElementSibling)
        .filter((next) => next?.matches('text.is-quiet[text-anchor=middle]'))
        .map((text) => text.textContent),
    );

/** They are as far apart as each other, and that is a number with one digit of `digits`, after zeros or before them. */
function assertRound(values, digits = [1, 2, 5]) {
  assert.ok(values.length >= 3, `there are ticks: ${values}`);
  const steps = values.slice(1).map((value, i) => value - values[i]);
  const [step] = steps;
  for (const other of steps) assert.ok(Math.abs(other - step) < 1e-6 * step, `even steps: ${values}`);
  const [digit, ...rest] = Number(step.toPrecision(9)).toExponential().split('e')[0].replace('.', '');
  assert.ok(digits.includes(Number(digit)) && rest.length === 0, `a round step: ${values}`);
}

const SECONDS = { ms: 0.001, s: 1, min: 60, h: 3600, d: 86_400 };

for (const width of [1280, 380]) {
  chartTest(
    `ticks are round, ${width} pixels`,
    async (page) => {
      await loadExample(page);
      await run(page);
      await chart(page, 'naive-difference').waitFor();
      assertRound((await ticksOf(page, 'naive-difference')).map((text) => Number(text.replace('−', '-'))));
      const times = await ticksOf(page, 'session');
      const [, unit] = times.at(-1).split(' ');
      const seconds = times.map((text) => Number(text.split(' ')[0]) * SECONDS[text.split(' ')[1]]);
      // 10, 15 or 30 minutes; 3, 6 or 12 hours.
      const step = (seconds[1] - seconds[0]) / SECONDS[unit];
      assertRound(seconds.map((at) => at / SECONDS[unit] / step));
      assert.ok([1, 2, 3, 5, 6, 10, 12, 15, 20, 30].includes(step), `a step of ${step} ${unit}`);
      // The left axis ends where its plot does: at a round number above the longest bar.
      const left = await chart(page, 'gaps')
        .locator('svg .chart-grid + text')
        .evaluateAll((texts) => texts.map(({ textContent }) => textContent));
      const pauses = left.slice(0, left.indexOf('0', 1));
      assertRound(pauses.map((text) => Number(text.replace(',', ''))));
    },
    { viewport: { width, height: 900 } },
  );
}
