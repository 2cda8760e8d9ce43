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

const setting = (page, path) => page.locator(`[data-path="${path}"]`);

async function causal(page) {
  await loadExample(page);
  await setting(page, 'profile').selectOption('causal');
  await run(page);
}

/** Seconds that the sentence of a chart names after some words. */
const said = async (page, name, words) => {
  const [, value, unit] = new RegExp(`${words} ([\\d.]+) (\\w+)`).exec(await chart(page, name).locator('.help').innerText());
  return Number(value) * SECONDS[unit];
};

chartTest(
  'the window is moved to the delays from exposure to treatment, by pointer and by keys, and back by undo',
  async (page) => {
    await causal(page);
    const window = setting(page, 'index.windowMinutes');
    const line = page.getByRole('slider', { name: 'Window' });
    const remark = chart(page, 'delays-treatment').locator('.help');
    assert.match(
      await remark.innerText(),
      /^95% of the “click” events that follow an exposure do so within [\d.]+ \w+ \([\d,]+ of [\d,]+ exposures have one within 30 days\)\. A window of 5 minutes includes [\d.]+% of them\. Drag the line/,
    );
    await line.scrollIntoViewIfNeeded();
    const grip = await line.locator('.handle-grip').boundingBox();
    const [x, y] = [grip.x + grip.width / 2, grip.y + grip.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 120, y, { steps: 5 });
    assert.equal(await window.inputValue(), '5', 'nothing is set before it is let go');
    assert.match(await remark.innerText(), /A window of [\d.]+ \w+ includes about [\d.]+% of them\./);
    await page.mouse.up();
    const dragged = Number(await window.inputValue());
    assert.ok(dragged > 10, String(dragged));
    await page.keyboard.press('ArrowLeft');
    assert.equal(Number(await window.inputValue()) * 60, Number(await line.getAttribute('aria-valuenow')));
    assert.ok(Number(await window.inputValue()) < dragged);
    assert.equal(await line.evaluate((slider) => slider.getRootNode().activeElement === slider), true);
    await page.keyboard.press('Control+z');
    assert.equal(Number(await window.inputValue()), dragged);
    await page.keyboard.press('Control+z');
    assert.equal(await window.inputValue(), '5');
    assert.match(await line.getAttribute('aria-valuetext'), /^5 minutes\. A window of 5 minutes includes [\d.]+% of them\.$/);
  },
);

chartTest('a window as long as 95% of the delays includes 95% of them once it has run', async (page) => {
  await causal(page);
  const most = await said(page, 'delays-treatment', 'do so within');
  await setting(page, 'index.windowMinutes').fill(String(most / 60));
  await setting(page, 'index.windowMinutes').press('Enter');
  const share = async (words) =>
    Number(
      new RegExp(`includes ${words}([\\d.]+)%`).exec(await chart(page, 'delays-treatment').locator('.help').innerText())?.[1],
    );
  const guessed = await share('about ');
  assert.ok(Math.abs(guessed - 95) < 3, `the histogram says about ${guessed}%`);
  await run(page);
  await chart(page, 'delays-treatment')
    .getByText(/includes \d/)
    .waitFor();
  // The sentence rounds the time that is named.
  assert.ok(Math.abs((await share('')) - 95) < 1, `${await share('')}%`);
});

chartTest(
  'the horizon is moved on the delays from time zero to outcome, after the window where it begins there',
  async (page) => {
    await causal(page);
    const horizon = setting(page, 'index.horizonHours');
    const line = page.getByRole('slider', { name: 'Follow-up' });
    await line.focus();
    await page.keyboard.press('Home');
    assert.equal(Number(await horizon.inputValue()), Number((1 / 3600).toPrecision(9)));
    await page.keyboard.press('End');
    assert.equal(await horizon.inputValue(), '720');
    await setting(page, 'outcome.from').selectOption('windowEnd');
    await horizon.fill('1');
    await horizon.press('Enter');
    assert.match(await line.getAttribute('aria-valuetext'), /^1\.08 hours\./, 'the window of 5 minutes comes first');
    await line.focus();
    await page.keyboard.press('ArrowRight'); // to 1.5 hours after time zero
    assert.ok(Math.abs(Number(await horizon.inputValue()) - (1.5 - 5 / 60)) < 1e-6);
  },
);

chartTest('without a time zero the delays are told, and there is no line to move', async (page) => {
  await loadExample(page);
  await run(page);
  assert.match(await chart(page, 'delays-treatment').locator('.help').innerText(), /These settings have no window\.$/);
  assert.equal(await page.locator('.stage-design').getByRole('slider').count(), 0);
});
