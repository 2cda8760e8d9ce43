// The examples of the README and of web/docs/module.md run as they stand there; only the package's name becomes the place it was built to.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, openAsBlob, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { makeFolder, repository } from './support.mjs';

const events = join(repository, 'tests/cases/notebook/typical/events.csv');
/** Over weeks: rows are left whose follow-up the end of the data does not cut. */
const longEvents = join(repository, 'tests/cases/notebook/many_sessions_a_user/events.csv');
const MODULE = 'web/docs/module.md';
/** The code below a heading of a page. */
function example(page, heading) {
  const text = readFileSync(join(repository, page), 'utf8');
  const section = text.slice(text.indexOf(`## ${heading}\n`));
  const code = /```js\n(.*?)```/s.exec(section)?.[1];
  assert.ok(code, `${page} has an example below "${heading}"`);
  return code;
}

/** Runs code as a module in an empty folder that has an events.csv. */
async function run(t, code, modules, input = events) {
  const folder = makeFolder(t);
  const before = process.cwd();
  t.after(() => process.chdir(before));
  copyFileSync(input, join(folder, 'events.csv'));
  process.chdir(folder);
  let text = code;
  for (const [name, file] of Object.entries(modules)) {
    assert.ok(text.includes(`'${name}'`), `the example imports ${name}`);
    text = text.replace(`'${name}'`, JSON.stringify(pathToFileURL(join(repository, 'web/dist', file)).href));
  }
  writeFileSync(join(folder, 'example.mjs'), text);
  await import(pathToFileURL(join(folder, 'example.mjs')).href);
  return folder;
}

test('the example of the README', async (t) => {
  const said = t.mock.method(console, 'log', () => undefined);
  const folder = await run(t, example('README.md', 'Three uses'), { 'causal-sessions': 'node.js' }, longEvents);
  assert.ok(said.mock.calls.length > 0);
  for (const name of ['data/train_sessions.parquet', 'data/train_sessions_covariates.parquet', 'README.md'])
    assert.ok(existsSync(join(folder, 'training', name)), name);
});

test('the example for Node', async (t) => {
  const said = t.mock.method(console, 'log', () => undefined);
  const folder = await run(t, example(MODULE, 'In Node'), { 'causal-sessions': 'node.js' });
  assert.match(said.mock.calls[0].arguments.join(' '), /^0\.6 15 sessions$/);
  assert.deepEqual(said.mock.calls[1].arguments, [0, 1, 0]);
  for (const name of [
    'data/train_sessions.parquet',
    'data/test_sessions.pkl',
    'data/validation_sessions.jsonl',
    'models/vocab.json',
  ]) {
    assert.ok(existsSync(join(folder, 'training', name)), name);
  }
});

test('the example for causal models', async (t) => {
  const said = t.mock.method(console, 'log', () => undefined);
  await run(t, example(MODULE, 'For causal models'), { 'causal-sessions': 'node.js' }, longEvents);
  const calls = [...said.mock.calls];
  assert.match(calls.pop().arguments[0], /users with a treated row; an estimate needs 50$/);
  for (const {
    arguments: [severity, code, consequence],
  } of calls) {
    assert.match(severity, /^(error|warning|note)$/);
    assert.match(code, /^[a-zA-Z]+$/);
    assert.match(consequence, /\.$/);
  }
  assert.ok(calls.length > 0);
  assert.ok(!calls.some(({ arguments: [, code] }) => code === 'noRows'));
});

test('the example for other settings', async (t) => {
  const said = t.mock.method(console, 'log', () => undefined);
  await run(t, example(MODULE, 'Again, with other settings'), { 'causal-sessions': 'node.js' });
  const [[reused, rows], ...seen] = said.mock.calls.map((call) => call.arguments);
  assert.equal(reused, true);
  assert.ok(rows > 0);
  assert.ok(seen.length > 1);
  assert.equal(seen[0][3], 'x');
});

test('the example for a page', async (t) => {
  const said = t.mock.method(console, 'log', () => undefined);
  // What the example asks of a document.
  const made = {};
  const element = () => Object.assign(new EventTarget(), { append: () => undefined });
  globalThis.document = { createElement: (tag) => (made[tag] = element()), body: element() };
  t.after(() => delete globalThis.document);
  await run(t, example(MODULE, 'In a page'), { 'causal-sessions/worker': 'index.js' }); // the same names, without a worker
  made.input.files = [new File([await openAsBlob(events)], 'events.csv')];
  made.input.dispatchEvent(new Event('change'));
  while (!made.a.href) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.match(made.a.href, /^blob:/);
  assert.equal(said.mock.calls.at(-1).arguments[0], 'done');
});
