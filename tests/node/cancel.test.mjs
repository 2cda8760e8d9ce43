/** Progress and AbortSignal: a run tells how far it is, and stops when asked. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { prepare, simulate, writeDataset } from '../../web/dist/node.js';
import { goldenCases, makeFile, makeFolder, readFolder, SMALL_EVENTS } from './support.mjs';

const STAGES = ['reading', 'ordering', 'sessions', 'trials', 'split', 'vocabulary', 'sequences', 'reporting', 'done'];
const [{ input }] = goldenCases;

let events;
before(async () => (events = new Uint8Array(await (await simulate({ events: 30_000, seed: 3 })).arrayBuffer())));

/** The events in pieces of `size` bytes; `seen.taken` counts those asked for. */
function inPieces(size, seen = {}) {
  seen.taken = 0;
  return new ReadableStream(
    {
      pull(controller) {
        const at = seen.taken++ * size;
        if (at >= events.length) controller.close();
        else controller.enqueue(events.slice(at, at + size));
      },
      cancel: () => void (seen.cancelled = true),
    },
    { highWaterMark: 0 },
  );
}

describe('progress', () => {
  test('goes forward only, through all stages, and ends with done', async () => {
    const calls = [];
    const dataset = await prepare(inPieces(1000), undefined, { onProgress: (state) => calls.push({ ...state }) });
    dataset.dispose();
    const reading = calls.filter((call) => call.stage === 'reading');
    assert.ok(reading.length > events.length / 1000 / 50, `${reading.length} calls while reading`);
    for (let i = 1; i < calls.length; ++i) {
      assert.ok(STAGES.indexOf(calls[i].stage) >= STAGES.indexOf(calls[i - 1].stage), JSON.stringify(calls[i]));
      assert.ok(calls[i].bytesRead >= calls[i - 1].bytesRead);
    }
    assert.deepEqual([...new Set(calls.map((call) => call.stage))], STAGES);
    assert.deepEqual(calls.at(-1), { stage: 'done', bytesRead: events.length, bytesTotal: null });
  });

  test('knows the total where the sizes are known', async (t) => {
    const path = makeFile(t, 'events.csv', events);
    for (const source of [new Blob([events]), events, { path }, [new Blob([events]), new File([SMALL_EVENTS], 'b.csv')]]) {
      const totals = new Set();
      let last;
      (await prepare(source, undefined, { onProgress: (state) => totals.add((last = state).bytesTotal) })).dispose();
      assert.deepEqual([...totals], [last.bytesRead]);
    }
  });

  test('of a small input still ends with done', async () => {
    const stages = [];
    (await prepare({ path: input }, undefined, { onProgress: ({ stage }) => stages.push(stage) })).dispose();
    assert.deepEqual(stages, STAGES);
  });
});

describe('a signal', () => {
  test('that was given before stops everything, and nothing is read', async () => {
    const seen = {};
    const stream = inPieces(1000, seen);
    const calls = [];
    await assert.rejects(prepare(stream, undefined, { signal: AbortSignal.abort(), onProgress: (state) => calls.push(state) }), {
      name: 'AbortError',
    });
    assert.equal(seen.taken, 0);
    assert.deepEqual(calls, []);
  });

  test('stops reading within a few calls and lets go of the stream', async () => {
    const stop = new AbortController();
    const seen = {};
    let calls = 0;
    const onProgress = () => {
      if (++calls === 3) stop.abort();
    };
    await assert.rejects(prepare(inPieces(1000, seen), undefined, { signal: stop.signal, onProgress }), { name: 'AbortError' });
    assert.ok(calls <= 5, `${calls} calls`);
    assert.ok(seen.taken * 1000 < events.length / 2, `${seen.taken} pieces taken`);
    assert.ok(seen.cancelled);
  });

  for (const stage of STAGES.slice(1, -1)) {
    test(`stops at the stage ${stage}`, async () => {
      const stop = new AbortController();
      const stages = [];
      const onProgress = (state) => {
        stages.push(state.stage);
        if (state.stage === stage) stop.abort();
      };
      await assert.rejects(prepare(events, undefined, { signal: stop.signal, onProgress }), { name: 'AbortError' });
      assert.equal(stages.at(-1), stage);
    });
  }

  test('from a timer is heard while reading', async () => {
    const stop = new AbortController();
    const endless = new ReadableStream({
      start: (controller) => controller.enqueue(events),
      pull: (controller) => controller.enqueue(events.slice(events.indexOf(10) + 1)),
    });
    setTimeout(() => stop.abort(), 30);
    await assert.rejects(prepare(endless, undefined, { signal: stop.signal }), { name: 'AbortError' });
  });

  test('is heard while a stream has nothing to give', { timeout: 10_000 }, async () => {
    const stop = new AbortController();
    let cancelled = false;
    const waiting = new ReadableStream({
      start: (controller) => controller.enqueue(events.slice(0, 1000)),
      cancel: () => void (cancelled = true),
    });
    setTimeout(() => stop.abort(), 20);
    const late = new Promise((resolve) => setTimeout(resolve, 2000, 'still waiting'));
    const ended = prepare(waiting, undefined, { signal: stop.signal }).then(
      () => 'done',
      (error) => error.name,
    );
    assert.equal(await Promise.race([ended, late]), 'AbortError');
    assert.ok(cancelled);
  });

  test('gives its own reason', async () => {
    const reason = new Error('the user left');
    await assert.rejects(prepare(events, undefined, { signal: AbortSignal.abort(reason) }), reason);
    const stop = new AbortController();
    await assert.rejects(prepare(events, undefined, { signal: stop.signal, onProgress: () => stop.abort(reason) }), reason);
  });

  test('that comes after the end changes nothing', async () => {
    const stop = new AbortController();
    const dataset = await prepare({ path: input }, undefined, { signal: stop.signal });
    stop.abort();
    assert.ok((await dataset.split('train')).index.length > 0);
    assert.ok((await dataset.write('train', 'jsonl')).length > 0);
    dataset.dispose();
  });

  test('leaves the engine ready for the next run', async () => {
    const stop = new AbortController();
    const stopped = prepare(inPieces(1000), undefined, { signal: stop.signal, onProgress: () => stop.abort() });
    await assert.rejects(stopped, { name: 'AbortError' });
    const dataset = await prepare(SMALL_EVENTS);
    assert.equal(dataset.report.sessions.kept, 2);
    dataset.dispose();
  });

  test('given while another run goes on stops only its own', async () => {
    const stop = new AbortController();
    const [stopped, whole] = await Promise.allSettled([
      prepare(inPieces(1000), undefined, { signal: stop.signal, onProgress: () => stop.abort() }),
      prepare(inPieces(777)),
    ]);
    assert.equal(stopped.status, 'rejected');
    assert.equal(whole.value.report.input.events, 30_000);
    whole.value.dispose();
  });
});

describe('writing a dataset', () => {
  test('tells each file before it is written', async (t) => {
    const out = join(makeFolder(t), 'out');
    const dataset = await prepare({ path: input });
    const told = [];
    const written = await writeDataset(dataset, out, { formats: ['jsonl'], onProgress: (state) => told.push(state) });
    dataset.dispose();
    assert.deepEqual(
      told.map(({ path }) => path),
      written.map(({ path }) => path),
    );
    assert.deepEqual(
      told.map(({ filesDone }) => filesDone),
      told.map((_state, i) => i),
    );
    const files = readFolder(out);
    for (const { path, bytes } of written) assert.equal(files[join(...path.split('/'))].length, bytes);
  });

  test('stops at a signal and leaves the files that were there', async (t) => {
    const out = join(makeFolder(t), 'out');
    const first = await prepare(SMALL_EVENTS);
    await writeDataset(first, out, { formats: ['jsonl'] });
    first.dispose();
    const before = readFolder(out);
    const dataset = await prepare({ path: input });
    const stop = new AbortController();
    const onProgress = ({ filesDone }) => {
      if (filesDone === 2) stop.abort();
    };
    await assert.rejects(writeDataset(dataset, out, { formats: ['jsonl'], signal: stop.signal, onProgress }), {
      name: 'AbortError',
    });
    assert.deepEqual(readFolder(out), before);
    dataset.dispose();
  });

  test('stops at a signal and takes the folders away that it made', async (t) => {
    const folder = makeFolder(t);
    const dataset = await prepare({ path: input });
    const stop = new AbortController();
    const onProgress = ({ path }) => {
      if (path === 'manifest.json') stop.abort();
    };
    const options = { formats: ['jsonl'], signal: stop.signal, onProgress };
    await assert.rejects(writeDataset(dataset, join(folder, 'new', 'deeper'), options), { name: 'AbortError' });
    assert.deepEqual(readdirSync(folder), []);
    dataset.dispose();
  });

  test('clears up behind a run that was killed, and behind no other', async (t) => {
    const out = makeFolder(t);
    const { pid } = spawnSync(process.execPath, ['--version']);
    const left = ['manifest.json', 'mine.txt'].flatMap((name) => [`.${name}.${pid}.partial`, `.${name}.${pid}.partial.earlier`]);
    const alive = `.manifest.json.${process.ppid}.partial`;
    for (const name of [...left, alive]) writeFileSync(join(out, name), '');
    const dataset = await prepare({ path: input });
    await writeDataset(dataset, out, { formats: ['jsonl'] });
    dataset.dispose();
    assert.deepEqual(
      readdirSync(out).filter((name) => name.startsWith('.')),
      [alive, ...left.filter((name) => name.includes('mine'))].sort(),
    );
  });

  test('with a signal given before does not even make the folder', async (t) => {
    const out = join(makeFolder(t), 'out');
    const dataset = await prepare({ path: input });
    await assert.rejects(writeDataset(dataset, out, { signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.equal(existsSync(out), false);
    dataset.dispose();
  });
});
