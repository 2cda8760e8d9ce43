/** Runs that start from the events of an earlier dataset: nothing is read again, and nothing comes out differently. */
import assert from 'node:assert/strict';
import { appendFileSync, writeFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { loadEngine } from '../../web/dist/engine/engine.js';
import { prepare, simulate } from '../../web/dist/node.js';
import { makeFile } from './support.mjs';

let events;

before(async () => {
  events = await simulate({ events: 4000, seed: 3 });
});

/** Everything that a dataset can tell but how it was made. */
async function everything(dataset) {
  const digests = [];
  for (const { path } of await dataset.files()) digests.push([path, await dataset.digest(path)]);
  const manifest = new TextDecoder().decode(await dataset.manifest(await dataset.files(['parquet', 'npz'])));
  const { report, vocabulary, audit } = dataset;
  return { report, vocabulary, audit, digests, manifest };
}

async function assertSame(found, source, plan, options) {
  const fresh = await prepare(source, plan, options);
  assert.equal(fresh.reusedEvents, false);
  assert.deepEqual(await everything(found), await everything(fresh));
  fresh.dispose();
}

const PLANS = [
  { session: { gapHours: 2 } },
  { time: { ties: 'priority' } },
  { time: { ties: 'input' }, events: { duplicates: 'drop' } },
  { profile: 'causal' },
  { profile: 'causal', index: { kind: 'landmark' }, split: { kind: 'time' } },
  { treatment: { type: 'impression' }, sequence: { maxEvents: 3 } },
];

describe('a run that starts from the events of an earlier one', () => {
  test('gives what a run that reads gives', async () => {
    let earlier = await prepare(events, undefined, { keepEvents: true });
    assert.deepEqual([earlier.keepsEvents, earlier.reusedEvents], [true, false]);
    for (const plan of PLANS) {
      const options = { audit: 'profile' in plan };
      const reused = await prepare(events, plan, { ...options, keepEvents: true, reuse: earlier });
      assert.deepEqual([reused.keepsEvents, reused.reusedEvents], [true, true]);
      await assertSame(reused, events, plan, options);
      earlier.dispose();
      earlier = reused;
    }
    earlier.dispose();
  });

  test('tells in the manifest and with the estimate by which other plans effects were estimated', async () => {
    const first = await prepare(events, { profile: 'causal' }, { keepEvents: true, audit: true });
    const otherPlans = async (dataset) =>
      JSON.parse(new TextDecoder().decode(await dataset.manifest(await dataset.files(['parquet'])))).otherPlans;
    const next = (windowMinutes) =>
      prepare(events, { profile: 'causal', index: { windowMinutes } }, { reuse: first, audit: true });
    const second = await next(9);
    assert.deepEqual(await otherPlans(second), [], 'nobody has looked at an effect yet');
    assert.deepEqual([(await first.estimate()).otherPlans, (await first.estimate()).otherPlans], [0, 0]);
    assert.equal((await second.estimate()).otherPlans, 1);
    const again = await next(9);
    assert.equal((await again.estimate()).otherPlans, 1, 'its own plan is none of them');
    const differing = [{ 'index.windowMinutes': 5 }];
    assert.deepEqual([await otherPlans(second), await otherPlans(again)], [differing, differing]);
    assert.deepEqual(await otherPlans(first), [{ 'index.windowMinutes': 9 }]);
    for (const dataset of [first, second, again]) dataset.dispose();
  });

  test('needs nothing of the source: a stream that has been read will do', async () => {
    const stream = events.stream();
    const earlier = await prepare(stream, undefined, { keepEvents: true, manifest: true });
    const progress = [];
    const plan = { session: { gapHours: 1 } };
    const reused = await prepare(stream, plan, { reuse: earlier, onProgress: (at) => progress.push(at) });
    assert.equal(reused.reusedEvents, true);
    assert.equal(reused.keepsEvents, false);
    const fresh = await prepare(events.stream(), plan, { manifest: true });
    assert.deepEqual(await everything(reused), await everything(fresh));
    for (const { bytesRead, bytesTotal } of progress) assert.deepEqual([bytesRead, bytesTotal], [events.size, events.size]);
    for (const dataset of [earlier, reused, fresh]) dataset.dispose();
  });

  test('does not mind what becomes of the earlier one', async () => {
    const plan = { session: { gapHours: 3 } };
    for (const when of ['reading', 'ordering', 'sequences', 'done']) {
      const earlier = await prepare(events, undefined, { keepEvents: true });
      const onProgress = ({ stage }) => stage === when && earlier.dispose();
      const reused = await prepare(events, plan, { reuse: earlier, onProgress });
      assert.equal(reused.reusedEvents, true, when);
      await assertSame(reused, events, plan);
      reused.dispose();
    }
    const earlier = await prepare(events, undefined, { keepEvents: true });
    const running = prepare(events, plan, { reuse: earlier, audit: true });
    earlier.dispose(); // the run has begun, and has got nowhere
    const reused = await running;
    assert.equal(reused.reusedEvents, true);
    await assertSame(reused, events, plan, { audit: true });
    const next = await prepare(events, plan, { reuse: earlier, audit: true });
    assert.equal(next.reusedEvents, false, 'it was disposed of before');
    for (const dataset of [reused, next]) dataset.dispose();
  });

  test('can be stopped, and the earlier one stays', async () => {
    const earlier = await prepare(events, undefined, { keepEvents: true });
    const stop = new AbortController();
    const onProgress = ({ stage }) => stage === 'split' && stop.abort();
    await assert.rejects(prepare(events, PLANS[0], { reuse: earlier, signal: stop.signal, onProgress }), { name: 'AbortError' });
    const reused = await prepare(events, PLANS[0], { reuse: earlier });
    assert.equal(reused.reusedEvents, true);
    await assertSame(reused, events, PLANS[0]);
    for (const dataset of [earlier, reused]) dataset.dispose();
  });
});

describe('the source is read again', () => {
  const other = () => new Blob([events]);
  const cases = {
    'of an earlier one that keeps nothing': async () => [await prepare(events), events],
    'of another object, even with the same bytes': async () => [await prepare(events, undefined, { keepEvents: true }), other()],
    'of the same files in another order': async () => {
      const second = other();
      return [await prepare([events, second], undefined, { keepEvents: true }), [second, events]];
    },
    'of fewer files': async () => [await prepare([events, other()], undefined, { keepEvents: true }), [events]],
    'of a file by another name': async () => [
      await prepare({ name: 'one.csv', data: events }, undefined, { keepEvents: true }),
      { name: 'other.csv', data: events },
    ],
    'for a plan that reads otherwise': async () => [
      await prepare(events, { events: { unknown: 'drop' } }, { keepEvents: true }),
      events,
    ],
  };
  for (const [name, make] of Object.entries(cases)) {
    test(name, async () => {
      const [earlier, source] = await make();
      const dataset = await prepare(source, PLANS[0], { reuse: earlier });
      assert.equal(dataset.reusedEvents, false);
      await assertSame(dataset, source, PLANS[0]);
      for (const each of [earlier, dataset]) each.dispose();
    });
  }

  test('of a path whose file has changed, and only then', async (t) => {
    const path = makeFile(t, 'events.csv', new Uint8Array(await events.arrayBuffer()));
    const earlier = await prepare({ path }, undefined, { keepEvents: true });
    const again = await prepare({ path }, PLANS[0], { reuse: earlier });
    assert.equal(again.reusedEvents, true);
    await assertSame(again, { path }, PLANS[0]);
    appendFileSync(path, 'someone,2025-09-05 00:00:00,click,p1,\n'.slice(0, 0) + (await events.text()).split('\n').at(-2) + '\n');
    const changed = await prepare({ path }, PLANS[0], { reuse: earlier });
    assert.equal(changed.reusedEvents, false);
    assert.equal(changed.report.input.rows, earlier.report.input.rows + 1);
    for (const dataset of [earlier, again, changed]) dataset.dispose();
    writeFileSync(path, '');
  });
});

test('what is refused is refused in the same words', async () => {
  const plan = { events: { unknown: 'add' } };
  const earlier = await prepare(events, plan, { keepEvents: true });
  const wrong = { ...plan, treatment: { type: 'cart' } };
  const refusal = async (options) =>
    prepare(events, wrong, options).then(
      () => assert.fail('it ran'),
      ({ code, message, where }) => ({ code, message, where }),
    );
  const expected = await refusal({});
  assert.match(expected.message, /no row has that event type/);
  assert.deepEqual(await refusal({ reuse: earlier }), expected);
  earlier.dispose();
});

const EVENTS = 400_000;

/** Takes all of the heap, as it is after it has grown once, but for so many bytes in one piece. */
function fillBut(engine, room) {
  const runs = [];
  const take = (bytes) => {
    runs.push(engine.createRun('{}', false));
    runs.at(-1).beginFile('room', null);
    return runs.at(-1).window(bytes);
  };
  const BLOCK = 64 << 10;
  const size = engine.wasmMemory.buffer.byteLength;
  let last = 0;
  while (engine.wasmMemory.buffer.byteLength === size) last = take(BLOCK);
  const block = take(BLOCK) - last;
  for (let left = engine.wasmMemory.buffer.byteLength - last - 2 * block; left > room + block; left -= block) take(BLOCK);
  return () => runs.forEach((run) => run.delete());
}

/** Prepares with a heap that is full but for `room` when a stage begins, and is refused the first thing for which it has to grow. */
async function prepareWithoutRoom(source, plan, options, stage, room) {
  const engine = await loadEngine();
  const { grow } = WebAssembly.Memory.prototype;
  let empty;
  let refused = 0;
  const onProgress = (progress) => {
    if (progress.stage !== stage || empty) return;
    empty = fillBut(engine, room);
    WebAssembly.Memory.prototype.grow = function (pages) {
      if (++refused > 3) return grow.call(this, pages); // it asks for less and less, three times in all
      throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded');
    };
  };
  try {
    return await prepare(source, plan, { ...options, threads: 1, onProgress }); // each further one takes memory
  } finally {
    WebAssembly.Memory.prototype.grow = grow;
    empty();
    assert.ok(refused >= 3, `refused ${refused} times`);
  }
}

describe('where there is no room for the events, the run goes on without them', () => {
  // Ordering itself takes 13 bytes an event, and then asks for what is kept and for the stages to come.
  const cases = {
    'when they are to be kept': { plan: {}, stage: 'ordering', room: 15 * EVENTS },
    'when covariates need it': { plan: { profile: 'causal' }, stage: 'sequences', room: EVENTS },
    'when an audit does': { plan: {}, stage: 'ordering', room: 15 * EVENTS, audit: true, reuse: true },
  };
  for (const [name, { plan, stage, room, audit, reuse }] of Object.entries(cases)) {
    test(name, async () => {
      const many = await simulate({ events: EVENTS, seed: 4 });
      const earlier = reuse ? await prepare(many, plan, { keepEvents: true }) : null;
      const dataset = await prepareWithoutRoom(
        many,
        plan,
        { audit: audit === true, reuse: earlier, keepEvents: true },
        stage,
        room,
      );
      assert.equal(dataset.reusedEvents, reuse === true);
      assert.equal(dataset.keepsEvents, false);
      await assertSame(dataset, many, plan, { audit: audit === true });
      const next = await prepare(many, PLANS[0], { reuse: dataset });
      assert.equal(next.reusedEvents, false);
      for (const each of [earlier, dataset, next]) each?.dispose();
    });
  }
});
