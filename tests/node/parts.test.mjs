/** The engine of pages, which comes in two parts: it makes what the whole one makes, and says so where its second part cannot be had. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import createEngine from '../../web/engine/engine.mjs';
import { instantiation, loadEngine, useEngine, useModules } from '../../web/dist/engine/engine.js';
import { instantiateParts, PartMissing } from '../../web/dist/engine/parts.js';
import * as onThisThread from '../../web/dist/index.js';
import { goldenCases, makeFolder, readFolder, repository, run, TABLE_FORMATS } from './support.mjs';

const bytesOf = (name) => readFileSync(join(repository, 'web/engine', `${name}.wasm`));
const moduleOf = (bytes) => new WebAssembly.Module(bytes);
const ADDRESS = 'https://shop.example/engine-rest.wasm';

/** What a worker of a page waits for the network with; `answer` gives status and bytes, or nothing where there is no network. */
class Requests {
  static asked = [];
  static answer = () => assert.fail('the second part was asked for');
  open(...how) {
    Requests.asked.push(how);
  }
  send() {
    const answer = Requests.answer();
    if (!answer) throw new DOMException('Failed to load', 'NetworkError');
    [this.status, this.response] = answer;
  }
}
globalThis.XMLHttpRequest = Requests;
after(() => delete globalThis.XMLHttpRequest);

useModules({ engine: moduleOf(bytesOf('engine')), rest: ADDRESS, codecs: moduleOf(bytesOf('codecs')) });
useEngine(() => createEngine(instantiation('engine')));

/** All files of a run, by their names. */
async function filesOf(source, plan) {
  const dataset = await onThisThread.prepare(source, plan, { audit: true });
  try {
    const files = {};
    for (const { path } of await dataset.files([...TABLE_FORMATS, 'audit'])) {
      const pieces = [];
      await dataset.writePieces(path, (piece) => pieces.push(piece.slice()));
      files[path] = Buffer.concat(pieces);
    }
    return files;
  } finally {
    dataset.dispose();
  }
}

const ndjson = () => new Blob(['{"user":"u1","time":"2025-09-05 10:00:00","type":"impression","item":"p1"}\n'.repeat(2)]);

// In this order: none of these engines has its second part before the last of them asks for it.
test('a result of simulated events needs the first part alone', async () => {
  const example = await onThisThread.simulate({ events: 5000, seed: 3 });
  const dataset = await onThisThread.prepare(example, {}, { audit: true, keepEvents: true });
  const { sessions } = await dataset.listSessions();
  await dataset.lookAt(sessions[0].row);
  await dataset.estimate();
  dataset.dispose();
  assert.deepEqual(Requests.asked, []);
});

for (const [where, answer, message] of [
  [
    'there is no network',
    () => undefined,
    `A part of the engine could not be loaded: ${ADDRESS}. Try again, or load the page anew.`,
  ],
  [
    'the server has none',
    () => [404, new ArrayBuffer(0)],
    `A part of the engine could not be loaded: ${ADDRESS}, status 404. Try again, or load the page anew.`,
  ],
  [
    'the server answers with a page',
    () => [200, Buffer.from('<!doctype html>')],
    `A part of the engine could not be loaded: ${ADDRESS}, which is no WebAssembly. Try again, or load the page anew.`,
  ],
  [
    'the server has that of another build',
    () => [
      200,
      Buffer.from(
        bytesOf('engine-rest')
          .toString('latin1')
          .replace(/pair[0-9a-f]{32}$/, `pair${'0'.repeat(32)}`),
        'latin1',
      ),
    ],
    'The two parts of the engine are of different builds; load the page anew.',
  ],
]) {
  test(`a call that needs the second part says so where ${where}, and the next engine works`, async () => {
    Requests.answer = answer;
    const engine = await loadEngine();
    await assert.rejects(onThisThread.inspect(ndjson()), { name: 'EventDataError', code: 'engineFailed', message });
    assert.notEqual(await loadEngine(), engine);
    assert.equal((await onThisThread.readPlan({ profile: 'causal' })).profile, 'causal');
  });
}

for (const [what, call] of [
  ['a guess of roles', () => onThisThread.guessRoles([{ eventType: 'shelf', rows: 3 }])],
  ['a check of what is to be simulated', () => onThisThread.simulate({ events: -1 })],
]) {
  test(`${what} says so too where there is no second part, and the next engine works`, async () => {
    Requests.answer = () => undefined;
    const engine = await loadEngine();
    await assert.rejects(call(), { name: 'EventDataError', code: 'engineFailed' });
    assert.notEqual(await loadEngine(), engine);
    assert.equal((await onThisThread.readPlan({ profile: 'causal' })).profile, 'causal');
  });
}

test('the second part is waited for by the first call that needs it, and never asked for again', async () => {
  Requests.asked = [];
  Requests.answer = () => [200, bytesOf('engine-rest')];
  assert.equal((await onThisThread.inspect(ndjson())).format, 'ndjson');
  const dataset = await onThisThread.prepare(ndjson());
  assert.equal(dataset.report.input.events, 2);
  dataset.dispose();
  assert.deepEqual(Requests.asked, [['GET', ADDRESS, false]]);
});

for (const { name, input } of goldenCases) {
  for (const profile of ['notebook', 'causal']) {
    test(`golden case ${name}, profile ${profile}: the files are those that the command writes`, async (t) => {
      const out = join(makeFolder(t), 'out');
      const formats = [...TABLE_FORMATS, 'audit'].join();
      await run(['prepare', input, '--profile', profile, '--format', formats, '--out', out, '--quiet']);
      const written = readFolder(out);
      const files = await filesOf(new File([readFileSync(input)], 'events.csv'), { profile });
      assert.ok(Object.keys(files).length > 5);
      for (const [path, bytes] of Object.entries(files)) assert.deepEqual(bytes, written[path], path);
    });
  }
}

test('a second part that is brought is not asked for', () => {
  const first = moduleOf(bytesOf('engine'));
  const imports = { a: Object.fromEntries(WebAssembly.Module.imports(first).map(({ name }) => [name, () => 0])) };
  const unbroken = () => assert.fail('it was missing');
  const parts = instantiateParts(first, imports, () => assert.fail('it was asked for'), unbroken);
  parts.join(moduleOf(bytesOf('engine-rest')));
  assert.throws(() => instantiateParts(first, imports, () => first, unbroken).join(moduleOf(bytesOf('codecs'))), PartMissing);
});
