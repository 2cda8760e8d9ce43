/** What is too much for the memory: told before, refused where it is certain, and survived where it is not. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { loadEngine } from '../../web/dist/engine/engine.js';
import { inspect, prepare, simulate } from '../../web/dist/node.js';
import { prepareFiles } from '../../web/dist/run/prepare.js';
import { command, makeFile, repository } from './support.mjs';

const ADVICE = /Use the native command, .* keep a sample of the users, .* give fewer files\.$/;

/** A file of `size` bytes, of which the beginning is `text` and nothing else may be read. */
function claiming(size, text) {
  const bytes = new TextEncoder().encode(text);
  const reads = [];
  const range = async (offset, count) => {
    reads.push([offset, count]);
    return bytes.slice(offset, offset + count);
  };
  const pieces = () => {
    throw new Error('it was read');
  };
  return { name: 'huge.csv', size, range, pieces, reads };
}

const rows = (count) =>
  'user,time,type,item\n' + Array.from({ length: count }, (_, i) => `user${i},${i},click,p${i % 7}\n`).join('');

describe('more events than fit', () => {
  const text = rows(20_000);

  test('are refused before they are read, with what to do', async () => {
    const file = claiming(100e9, text);
    await assert.rejects(prepareFiles([file], undefined, {}), (error) => {
      assert.equal(error.code, 'tooLarge');
      assert.match(
        error.message,
        /^About [\d,]+,000,000 events, at least \d+\.\d GB of memory are too much for WebAssembly, which has 4\.3 GB\. /,
      );
      assert.match(error.message, ADVICE);
      return true;
    });
    assert.equal(file.reads.length, 1);
  });

  test('are counted over all files', async () => {
    const files = [claiming(4e9, text), claiming(4e9, text)];
    await assert.rejects(prepareFiles(files, undefined, {}), { code: 'tooLarge' });
    await assert.rejects(prepareFiles(files.slice(1), undefined, {}), /it was read/); // one of them might fit
  });

  test('are tried where rows may be left out', async () => {
    await assert.rejects(prepareFiles([claiming(100e9, text)], { events: { unknown: 'drop' } }, {}), /it was read/);
  });
});

test("the engine's heap is at least the least estimate and at most twice the estimate", { timeout: 60_000 }, () => {
  // In a process of its own: the heap never shrinks.
  const script = `
    const { prepare, inspect, simulate } = await import('${repository}/web/dist/node.js');
    const { loadEngine } = await import('${repository}/web/dist/engine/engine.js');
    const blob = await simulate({ events: 600_000 });
    const { estimate } = await inspect(blob);
    const dataset = await prepare(blob);
    console.log(JSON.stringify({ estimate, events: dataset.report.input.events, heap: (await loadEngine()).wasmMemory.buffer.byteLength }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.equal(stderr, '');
  const { estimate, events, heap } = JSON.parse(stdout);
  assert.ok(Math.abs(estimate.rows / events - 1) < 0.1, `${estimate.rows} rows for ${events}`);
  assert.ok(heap > estimate.leastBytes, `${heap} bytes, at least ${estimate.leastBytes}`);
  assert.ok(estimate.bytes < 2 * heap && heap < 2 * estimate.bytes, `${heap} bytes, estimated ${estimate.bytes}`);
});

test('a heap that cannot grow is a refusal with what to do, and the next run works', { timeout: 60_000 }, async () => {
  const engine = await loadEngine();
  const blob = await simulate({ events: 300_000 });
  const run = engine.createRun('{}', false);
  run.beginFile('room', null);
  run.window(24 << 20); // of the 32 MB that there are without growing
  const { grow } = WebAssembly.Memory.prototype;
  WebAssembly.Memory.prototype.grow = () => {
    throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded');
  };
  try {
    await assert.rejects(prepare(blob), (error) => {
      assert.equal(error.name, 'EventDataError');
      assert.equal(error.code, 'outOfMemory');
      assert.match(error.message, ADVICE);
      return true;
    });
  } finally {
    WebAssembly.Memory.prototype.grow = grow;
  }
  assert.notEqual(await loadEngine(), engine);
  const dataset = await prepare(blob);
  assert.equal(dataset.report.input.events, 300_000);
  dataset.dispose();
});

test('inspect tells rows and memory', async (t) => {
  const path = makeFile(t, 'events.csv', rows(3));
  const { estimate } = await inspect({ path });
  assert.equal(estimate.rows, 3);
  const { stdout } = spawnSync(process.execPath, [command, 'inspect', path], { encoding: 'utf8' });
  assert.match(stdout, /\n {2}About 3 events, about 0\.\d GB of memory\n/);
});
