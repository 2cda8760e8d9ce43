/** The package as others import it, by its own name. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { repository, run } from './support.mjs';

const web = join(repository, 'web');
const { exports: entries, bin, dependencies, keywords } = JSON.parse(readFileSync(join(web, 'package.json'), 'utf8'));

/** Runs a module inside the package, where its own name resolves through `exports`. */
async function inPackage(script) {
  const { code, stdout, stderr } = await run(['--input-type=module', '-e', script], { program: [process.execPath], cwd: web });
  assert.equal(code, 0, stderr);
  return JSON.parse(stdout);
}

test('every entry is there, with its types first', () => {
  const files = (entry) => (typeof entry === 'string' ? [entry] : Object.values(entry).flatMap(files));
  for (const [name, entry] of Object.entries(entries)) {
    for (const file of files(entry)) assert.ok(existsSync(join(web, file)), `${name}: ${file}`);
    if (typeof entry === 'object') assert.equal(Object.keys(entry)[0], 'types', name);
  }
  for (const file of Object.values(bin)) assert.match(readFileSync(join(web, file), 'utf8'), /^#!\/usr\/bin\/env node\n/);
  assert.equal(dependencies, undefined, 'nothing else is needed at run time');
});

test('the packed package has its readme, licence and changes, and nothing of the page', () => {
  const packed = execFileSync('npm', ['pack', '--dry-run', '--json'], {
    cwd: web,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ files }] = JSON.parse(packed.slice(packed.indexOf('[')));
  const paths = files.map(({ path }) => path);
  for (const path of [
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'package.json',
    'dist/node.js',
    'dist/element.js',
    'engine/engine.wasm',
  ])
    assert.ok(paths.includes(path), path);
  assert.deepEqual(
    paths.filter((path) => !/^(dist|engine)\/|^(README\.md|LICENSE|CHANGELOG\.md|package\.json)$/.test(path)),
    [],
  );
  for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md']) assert.ok(!existsSync(join(web, name)), `${name} is left`);
  assert.ok(keywords.includes('causal inference'));
});

test('in Node the package reads paths', async () => {
  const names = await inPackage(`
    import * as whole from 'causal-sessions';
    import * as node from 'causal-sessions/node';
    console.log(JSON.stringify([Object.keys(whole), Object.keys(node), whole.prepare === node.prepare]));
  `);
  const [whole, node, same] = names;
  assert.deepEqual(whole, node);
  assert.ok(same);
  for (const name of [
    'prepare',
    'inspect',
    'planKeys',
    'readPlan',
    'simulate',
    'simulateTruth',
    'writeDataset',
    'EventDataError',
  ])
    assert.ok(whole.includes(name), name);
});

test('the engine has an address of its own', async () => {
  const url = await inPackage("console.log(JSON.stringify(import.meta.resolve('causal-sessions/engine.wasm')))");
  assert.equal(url, pathToFileURL(join(web, 'engine', 'engine.wasm')).href);
  assert.deepEqual([...readFileSync(new URL(url)).subarray(0, 4)], [0, 0x61, 0x73, 0x6d]);
});

test('nothing happens on import', async () => {
  const compiled = await inPackage(`
    let compiled = 0;
    for (const name of ['compile', 'instantiate', 'compileStreaming', 'instantiateStreaming']) {
      const original = WebAssembly[name];
      if (original) WebAssembly[name] = (...args) => (++compiled, original.apply(WebAssembly, args));
    }
    const before = Object.keys(globalThis).length;
    const { readPlan } = await import('causal-sessions');
    await new Promise((resolve) => setTimeout(resolve, 20));
    const onImport = [compiled, Object.keys(globalThis).length - before];
    await Promise.all([readPlan(), readPlan()]);
    console.log(JSON.stringify({ onImport, later: compiled }));
  `);
  assert.deepEqual(compiled, { onImport: [0, 0], later: 1 });
});
