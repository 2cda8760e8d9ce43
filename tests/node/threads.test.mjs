/** Reading on several threads: the same bytes as on one, and nothing left running. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import createEngine from '../../web/engine/engine-threads.mjs';
import { guarded, loadEngine, useEngine } from '../../web/dist/engine/engine.js';
import { startThreads, useThreads } from '../../web/dist/engine/threads.js';
import { prepare, simulate } from '../../web/dist/node.js';
import { useNodeEngine } from '../../web/dist/node/engine.js';
import { chunkSizes } from '../../web/dist/run/chunks.js';
import { prepareFiles } from '../../web/dist/run/prepare.js';
import { fingerprint, makeFile, makeFolder, nativeCommand, readFolder, run } from './support.mjs';

// Small files have several chunks, too.
Object.assign(chunkSizes, { least: 1 << 20, chunk: 100_000, milliseconds: 1 });

// The native command where it has been built.
const programs = existsSync(nativeCommand) ? [undefined, [nativeCommand]] : [undefined];

const csv = new Uint8Array(await (await simulate({ events: 20_000, seed: 3 })).arrayBuffer());
const text = new TextDecoder().decode(csv);
const [header, ...rows] = text.trimEnd().split('\n');
const names = header.split(',');
const ndjson = rows
  .map((row) => JSON.stringify(Object.fromEntries(row.split(',').map((cell, i) => [names[i], cell]))))
  .join('\n');

/** Outputs and report, or the message of the refusal. */
async function outcome(source, plan, threads) {
  try {
    const dataset = await prepare(source, plan, { threads });
    const found = (await fingerprint(dataset)) + JSON.stringify(dataset.report);
    dataset.dispose();
    return found;
  } catch (error) {
    return `${error.code}: ${error.message} ${JSON.stringify(error.where)}`;
  }
}

const workers = () => process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name)).length;

/** Makes the next run load an engine: this one meets a trap. */
async function loseEngine() {
  const engine = await loadEngine();
  const run = engine.createRun('{}', false);
  run.beginFile('room', null, false);
  assert.throws(() => guarded(() => run.window(2 ** 32 - 2 ** 20)), { code: 'outOfMemory' });
}

/** As node.ts does it. */
const useUsual = () => useNodeEngine(createEngine, new URL('../../web/engine/engine-threads.mjs', import.meta.url));

/** Threads that are there when a run asks for them, as they are in good time for a large file; until they are ended. */
const readyThreads = async (count) => startThreads(await loadEngine(), count, []);

describe('several threads', () => {
  const late = rows.length - 100;
  const broken = (change) => [header, ...rows.slice(0, late), change, ...rows.slice(late)].join('\n');
  const files = {
    CSV: [text, {}],
    'CSV with CRLF': [text.replaceAll('\n', '\r\n'), {}],
    'JSON lines': [ndjson, {}],
    'with a row that is dropped': [
      broken(rows[0].replace(/impression|click|auction|purchase/, 'view')),
      { events: { unknown: 'drop' } },
    ],
    'with a row that is refused': [broken(rows[0].replace(/impression|click|auction|purchase/, 'view')), {}],
    'with a quote that never closes': [broken(`"${rows[0]}`), {}],
    'with rows inside of quotes': [
      `${header},note\n${rows.map((row, i) => `${row},${i % 3000 === 0 ? `"${rows.slice(0, 900).join('\n')}"` : ''}`).join('\n')}\n`,
      {},
    ],
  };
  for (const [name, [content, plan]] of Object.entries(files)) {
    test(`${name}: the same as one, from a path, a Blob and bytes`, async (t) => {
      const path = makeFile(t, 'events', content);
      const expected = await outcome({ path }, plan, 1);
      const ready = await readyThreads(6);
      t.after(ready.end);
      for (const threads of [2, 3, 7]) assert.equal(await outcome({ path }, plan, threads), expected, `${threads} threads`);
      const sources = {
        path: { path },
        blob: { name: path, data: new Blob([content]) },
        bytes: { name: path, data: new TextEncoder().encode(content) },
      };
      for (const [kind, source] of Object.entries(sources)) assert.equal(await outcome(source, plan, 2), expected, kind);
    });
  }

  test('work on a run from its beginning to its end', async (t) => {
    const path = makeFile(t, 'events.csv', csv);
    const ready = await readyThreads(3);
    const { PThread } = await loadEngine();
    const working = {};
    const onProgress = ({ stage }) => (working[stage] = Math.max(working[stage] ?? 0, PThread.runningWorkers.length));
    (await prepare({ path }, undefined, { threads: 4, audit: true, onProgress })).dispose();
    const { done, ...stages } = working;
    assert.equal(stages.reading, 3);
    assert.ok(Object.keys(stages).length > 3, Object.keys(stages).join());
    await ready.end();
    assert.equal(PThread.runningWorkers.length + PThread.unusedWorkers.length, 0);
  });

  test('of two runs at once take nothing from each other', async (t) => {
    const path = makeFile(t, 'events.csv', csv);
    const expected = await outcome({ path }, {}, 1);
    assert.deepEqual(await Promise.all([3, 2, 4].map((threads) => outcome({ path }, {}, threads))), [
      expected,
      expected,
      expected,
    ]);
    assert.equal(workers(), 0);
  });

  test('leave no worker behind, done or cancelled half-way', async (t) => {
    const path = makeFile(t, 'events.csv', csv);
    (await prepare({ path }, undefined, { threads: 3 })).dispose();
    assert.equal(workers(), 0);
    for (const source of [{ path }, new Blob([csv])]) {
      const stop = new AbortController();
      const onProgress = ({ bytesRead }) => bytesRead > csv.length / 2 && stop.abort();
      await assert.rejects(prepare(source, undefined, { threads: 3, signal: stop.signal, onProgress }), { name: 'AbortError' });
      assert.equal(workers(), 0);
    }
  });

  test('tell the bytes read in order, up to all of them', async (t) => {
    const path = makeFile(t, 'events.csv', csv);
    const seen = [];
    const ready = await readyThreads(1);
    (await prepare({ path }, undefined, { threads: 2, onProgress: ({ bytesRead }) => seen.push(bytesRead) })).dispose();
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
    assert.equal(seen.at(-1), csv.length);
    assert.ok(new Set(seen).size > 2, seen.join());
    await ready.end();
  });

  test('one that cannot start, or cannot read the file, takes nothing away', async (t) => {
    const path = makeFile(t, 'events.csv', csv);
    const expected = await outcome({ path }, {}, 1);
    t.after(useUsual);
    const ways = {
      refused: () => {
        throw new Error('no more of them');
      },
      broken: () => new Worker('throw new Error("broken")', { eval: true }),
    };
    for (const [way, start] of Object.entries(ways)) {
      useThreads(start);
      assert.equal(await outcome({ path }, {}, 3), expected, way);
    }
    useUsual();
    let at = 0;
    const readInto = (room, offset = at) => {
      const piece = csv.subarray(offset, offset + room.length);
      room.set(piece);
      at = offset + piece.length;
      return piece.length;
    };
    const file = { name: path, size: csv.length, shared: 9999, readInto }; // which is no descriptor
    const dataset = await prepareFiles([file], {}, { threads: 3 });
    assert.equal((await fingerprint(dataset)) + JSON.stringify(dataset.report), expected);
    dataset.dispose();
  });

  test('whose memory runs out end in the sentence of one, and the next run works', async (t) => {
    const large = new Uint8Array(await (await simulate({ events: 300_000, seed: 3 })).arrayBuffer());
    const path = makeFile(t, 'events.csv', large);
    const expected = await outcome({ path }, {}, 1);
    t.after(useUsual);
    const found = [];
    for (const megabytes of [6, 10, 14, 18, 22, 26]) {
      await loseEngine();
      useEngine(() => createEngine({ wasmMemory: new WebAssembly.Memory({ initial: 512, maximum: 512, shared: true }) }));
      const ready = await readyThreads(2);
      const full = (await loadEngine()).createRun('{}', false);
      full.beginFile('room', null, false);
      full.window(megabytes << 20); // of 32 in all
      found.push(await outcome({ path }, {}, 3));
      await ready.end();
      assert.equal(workers(), 0);
    }
    assert.match(found.at(-1), /^outOfMemory: /);
    assert.deepEqual([...new Set(found.filter((one) => one !== expected))], found.slice(-1));
    await loseEngine();
    useUsual();
    assert.equal(await outcome({ path }, {}, 3), expected);
  });

  test('are counted from 1 to 256', async () => {
    for (const threads of [0, 257, 1.5, NaN, '2']) {
      await assert.rejects(prepare(new Blob([csv]), undefined, { threads }), {
        code: 'badCall',
        message: `threads is ${threads}; it must be a whole number from 1 to 256.`,
      });
    }
    for (const program of programs) {
      for (const threads of ['0', '257', '1.5', 'x', '']) {
        const { code, stderr } = await run(['prepare', 'x', '--out', 'y', '--threads', threads], program ? { program } : {});
        assert.equal(code, 2);
        assert.match(stderr, new RegExp(`--threads is ${threads}; it must be a whole number from 1 to 256\n`));
      }
    }
  });

  test('of both commands write the files of one', async (t) => {
    const folder = makeFolder(t);
    const path = join(folder, 'events.csv');
    writeFileSync(path, Buffer.from(await (await simulate({ events: 150_000, seed: 5 })).arrayBuffer())); // enough for chunks of the usual size
    let expected;
    for (const program of programs) {
      for (const threads of ['1', '2', '5']) {
        const out = join(folder, `out-${program ? 'native' : 'node'}-${threads}`);
        const { code, stderr } = await run(
          ['prepare', path, '--out', out, '--quiet', '--threads', threads],
          program ? { program } : {},
        );
        assert.equal(code, 0, stderr);
        expected ??= readFolder(out);
        assert.deepEqual(readFolder(out), expected);
      }
    }
  });
});
