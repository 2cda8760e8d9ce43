/** What the C++ files may include: the line of folders in developing.md, and no file that includes itself by way of others. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');
const source = join(repository, 'src');

/** The folders of src/ from first to last. */
const order =
  /^`(core, [a-z, ]+)`$/m.exec(readFileSync(join(repository, 'web/docs/developing.md'), 'utf8'))?.[1].split(', ') ?? [];

/** Each file below src/ with those of this project that it includes. */
const includes = new Map(
  readdirSync(source, { recursive: true })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => /\.(h|cpp)$/.test(path))
    .sort()
    .map((path) => {
      const text = readFileSync(join(source, path), 'utf8');
      return [path, [...text.matchAll(/^\s*#\s*include "([^"]+)"/gm)].map(([, included]) => included)];
    }),
);
const folderOf = (path) => path.split('/')[0];
const placeOf = (path) => order.indexOf(folderOf(path));

test('the docs name the folders of src/ in their order', () => {
  assert.ok(includes.size > 100, `src/ has ${includes.size} files`);
  const folders = readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  assert.deepEqual([...order].sort(), folders.sort());
});

test('files are included by their path below src/', () => {
  const lost = [...includes].flatMap(([path, all]) =>
    all.filter((included) => !existsSync(join(source, included))).map((included) => `${path} includes ${included}`),
  );
  assert.deepEqual(lost, []);
});

test('no folder includes a later one', () => {
  const forward = [...includes].flatMap(([path, all]) =>
    all.filter((included) => placeOf(included) > placeOf(path)).map((included) => `${path} includes ${included}`),
  );
  assert.deepEqual(forward, []);
});

test('no files include each other in a circle, a header and its source being one', () => {
  const unitOf = (path) => path.replace(/\.(h|cpp)$/, '');
  const uses = new Map();
  for (const [path, all] of includes) {
    const unit = unitOf(path);
    const used = uses.get(unit) ?? new Set();
    for (const included of all.map(unitOf)) if (included !== unit) used.add(included);
    uses.set(unit, used);
  }
  const state = new Map();
  const circles = [];
  const follow = (unit, way) => {
    if (state.get(unit) === 'done') return;
    if (state.get(unit) === 'open') {
      circles.push([...way.slice(way.indexOf(unit)), unit].join(' -> '));
      return;
    }
    state.set(unit, 'open');
    for (const used of uses.get(unit) ?? []) follow(used, [...way, unit]);
    state.set(unit, 'done');
  };
  for (const unit of uses.keys()) follow(unit, []);
  assert.deepEqual(circles, []);
});
