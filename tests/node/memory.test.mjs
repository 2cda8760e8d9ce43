/** The engine's memory: what a run took is there again for the next one, however the run ended. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, describe, test } from 'node:test';
import { loadEngine } from '../../web/dist/engine/engine.js';
import { prepare, simulate, simulatePieces } from '../../web/dist/node.js';
import { PARTS, repository, TABLE_FORMATS } from './support.mjs';

const RUNS = 200;
const WARM_UP_RUNS = 5;
/** A lost kilobyte or two a run are told from none. */
const SMALLEST_LEAK_BYTES = 400_000;

let engine;
let events;

before(async () => {
  engine = await loadEngine();
  events = new Uint8Array(await (await simulate({ events: 10_000, seed: 5 })).arrayBuffer());
});

/** Takes blocks until the heap has to grow, and gives them back: the room there was, and the heap's new size. */
function measureRoom() {
  const size = engine.wasmMemory.buffer.byteLength;
  const runs = [];
  const addresses = [];
  while (engine.wasmMemory.buffer.byteLength === size) {
    runs.push(engine.createRun('{}', false));
    runs.at(-1).beginFile('room', null);
    addresses.push(runs.at(-1).window(64 << 10));
  }
  for (const run of runs) run.delete();
  const block = addresses.at(-2) - addresses.at(-3); // a run and its window
  return { room: runs.length * block, grown: engine.wasmMemory.buffer.byteLength - size };
}

async function assertFlat(job) {
  for (let i = 1; i <= WARM_UP_RUNS; ++i) await job(i);
  const early = measureRoom();
  const heap = engine.wasmMemory.buffer.byteLength;
  for (let i = WARM_UP_RUNS + 1; i <= RUNS; ++i) await job(i);
  assert.equal(engine.wasmMemory.buffer.byteLength, heap, 'the heap grew');
  const late = measureRoom();
  const lost = early.room + early.grown - late.room;
  assert.ok(lost < SMALLEST_LEAK_BYTES, `${lost} bytes are gone, ${Math.round(lost / (RUNS - WARM_UP_RUNS))} a run`);
}

function inPieces(bytes, pieces) {
  const size = Math.ceil(bytes.length / pieces);
  return ReadableStream.from(Array.from({ length: pieces }, (_, i) => bytes.slice(i * size, (i + 1) * size)));
}

describe('200 runs in one process leave the heap as it was', () => {
  test('with columns and files of every kind, then dispose()', async () => {
    await assertFlat(async (i) => {
      const dataset = await prepare(events, { split: { seed: i } });
      const part = PARTS[i % 3];
      await dataset.split(part);
      await dataset.write(part, TABLE_FORMATS[i % TABLE_FORMATS.length]);
      await dataset.write('vocabulary');
      await dataset.write('metadata');
      dataset.dispose();
    });
  });

  test('when the data, its columns or the plan are refused', async () => {
    const spoiled = (at, ...bytes) => {
      const copy = events.slice();
      copy.set(bytes, at);
      return copy;
    };
    const text = new TextDecoder().decode(events);
    const types = ['auction', 'impression', 'click', 'purchase'];
    const lastType = Math.max(...types.map((type) => text.lastIndexOf(`,${type},`))) + 1;
    const refusals = [
      ['badRows', spoiled(lastType, 0x7a)],
      ['badSyntax', spoiled(events.length - 3, 0x0a, 0x22)],
      ['badEncoding', spoiled(events.length - 100, 0xff)],
      ['missingColumn', spoiled(0, ...new TextEncoder().encode('a,b,c,d,e\n'))],
      ['badPlan', events, { session: { gapHours: -1 } }],
      ['badRows', events, { events: { types: ['click', 'purchase'] } }],
    ];
    await assertFlat(async (i) => {
      const [code, source, plan] = refusals[i % refusals.length];
      await assert.rejects(prepare(source, plan), { name: 'EventDataError', code });
    });
  });

  test('when they are cancelled half-way', async () => {
    await assertFlat(async () => {
      const stop = new AbortController();
      const running = prepare(inPieces(events, 40), undefined, { signal: stop.signal, onProgress: () => stop.abort() });
      await assert.rejects(running, { name: 'AbortError' });
    });
  });

  test("when a caller's own function throws", async () => {
    const failure = new Error('no more of this');
    const fail = () => {
      throw failure;
    };
    await assertFlat(async () => {
      await assert.rejects(prepare(events, undefined, { onProgress: fail }), failure);
      const dataset = await prepare(events);
      await assert.rejects(dataset.writePieces('data/train_sessions.jsonl', fail), failure);
      dataset.dispose();
      await assert.rejects(simulatePieces({ events: 2000 }, fail), failure);
    });
  });
});

test('a dataset that nobody disposed of is freed with it', { timeout: 120_000 }, () => {
  const script = `
    import { loadEngine } from './web/dist/engine/engine.js';
    import { prepare, simulate } from './web/dist/node.js';
    const events = new Uint8Array(await (await simulate({ events: 10_000, seed: 5 })).arrayBuffer());
    const heaps = [];
    for (let i = 0; i < 120; ++i) {
      await (async () => { await prepare(events); })();
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve, 1)); // finalizers run between two turns
      heaps.push((await loadEngine()).wasmMemory.buffer.byteLength);
    }
    console.log(JSON.stringify({ early: heaps[9], late: heaps.at(-1) }));
  `;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], {
    cwd: repository,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  const { early, late } = JSON.parse(stdout);
  assert.equal(late, early);
});
