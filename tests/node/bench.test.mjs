/** scripts/bench: the peers still do the same job. Nothing is timed here. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { prepare, simulate } from '../../web/dist/node.js';
import { findPython, FORMATS, listOwn, listPeers } from '../bench/contenders.mjs';
import { figuresOf, PARTS } from '../bench/figures.mjs';
import { convert } from '../bench/inputs.mjs';
import { difference, LIMITS, measure } from '../bench/measure.mjs';
import { csv } from './support.mjs';

const python = findPython();
const folder = mkdtempSync(join(tmpdir(), 'causal-sessions-bench-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const contenders = [...listOwn(null), ...listPeers(undefined, python)].filter(
  ({ id }) => !id.endsWith('-2') && id !== 'chromium',
); // -2: the same job on two threads;

const answers = {}; // by tie rule

async function answer(ties) {
  const dataset = await prepare({ path: events }, { time: { ties } });
  const figures = figuresOf(dataset, await Promise.all(PARTS.map((part) => dataset.split(part))));
  dataset.dispose();
  assert.ok(figures.sessions > 40 && figures.outcomes > 2);
  return figures;
}

async function assertAgrees(contender, path, format) {
  const { cleanUp, ...start } = contender.start(path, format);
  const result = await measure(start, { ...LIMITS, timeoutSeconds: 60 });
  cleanUp?.();
  assert.equal(result.failed, undefined);
  const ties = contender.peer === 'own' || contender.peer === 'notebook' ? 'numpy' : 'input';
  answers[ties] ??= await answer(ties);
  assert.equal(difference(result.figures, answers[ties]), null);
}

/** Seconds since the first event, type, item. The other two columns are there to be skipped. */
function timeline(user, events) {
  const first = Date.UTC(2025, 8, 5, 10);
  const time = (seconds) => new Date(first + seconds * 1000).toISOString().replace('T', ' ').replace('Z', '250');
  return events.map(([seconds, type, item = '']) => [user, time(seconds), type, item, 'a', 'home']);
}

const DAY = 86_400;
const edges = csv([
  ...timeline('z', [
    [0, 'click', 'p1'],
    [5, 'purchase', 'p9'],
    [6, 'impression', 'p1'],
  ]), // a click that comes first
  ...timeline('a', [
    [0, 'auction'],
    [DAY, 'impression', 'p2'],
    [2 * DAY + 0.5, 'auction'],
    [2 * DAY + 0.5, 'click', 'p2'],
    [2 * DAY + 0.5, 'impression', 'p3'],
  ]),
  ...timeline('m', [[0, 'impression', 'p4']]), // too short: its item is in no vocabulary
  ...timeline('b', [
    [9, 'impression'],
    [3, 'impression', 'p5'],
    [3, 'auction', 'p6'],
    [7, 'purchase', 'p5'],
  ]), // unordered; no item; an auction's item
  ...timeline(
    'c',
    Array.from({ length: 700 }, (_, i) => [i, 'impression', `q${i % 97}`]),
  ), // longer than X may be
  ...timeline('d', [...Array.from({ length: 600 }, (_, i) => [i, 'impression', 'q1']), [600, 'click', 'q1']]),
]);

// One file, since starting everybody takes most of the time.
const events = join(folder, 'events.csv');
writeFileSync(events, (await (await simulate({ events: 2000 })).text()) + edges);

describe('everyone who is measured gives the same answer', { concurrency: 2 }, () => {
  for (const contender of contenders) {
    // What this engine makes of the other formats has tests of its own.
    for (const format of contender.peer === 'own' ? ['csv'] : FORMATS.filter((name) => contender.formats.includes(name))) {
      test(`${contender.id}, ${format}`, { skip: contender.missing }, async (t) => {
        const input = format === 'csv' ? { path: events } : convert(events, format, python);
        if (input.missing) return t.skip(input.missing);
        await assertAgrees(contender, input.path, format);
      });
    }
  }
});

test('an answer that differs is told', () => {
  assert.equal(difference({ sessions: 2, minutes: 1 + 1e-12 }, { sessions: 2, minutes: 1, tokens: 7 }), null);
  assert.equal(difference({ sessions: 3 }, { sessions: 2 }), 'different answer: sessions 3, not 2');
});

test('whoever hangs or fails is told', async () => {
  const node = (code, timeoutSeconds = 30) =>
    measure({ program: process.execPath, args: ['-e', code] }, { ...LIMITS, timeoutSeconds });
  assert.deepEqual(await node('setTimeout(() => {}, 60000)', 1), { failed: 'not done after 1 s' });
  assert.deepEqual(await node('console.log(JSON.stringify({ error: "no such column" })); process.exit(1)'), {
    failed: 'no such column',
  });
  assert.deepEqual(await node('process.kill(process.pid, "SIGKILL")'), { failed: 'killed by SIGKILL' });
  assert.deepEqual(await measure({ program: join(folder, 'missing'), args: [] }), {
    failed: `spawn ${join(folder, 'missing')} ENOENT`,
  });
});
