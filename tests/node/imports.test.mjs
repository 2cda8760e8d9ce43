/** The layers of web/lib and web/page: who may import whom, and nobody in a circle. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, test } from 'node:test';
import { repository } from './support.mjs';

/**
 * From the lowest to the highest. A name that ends in / is a folder. What is in one entry may import its own files and all
 * entries above it in this list, but no other entry of its line.
 */
const LAYERS = [
  ['lib/types/', 'lib/words.ts'],
  ['lib/engine/'],
  ['lib/run/'],
  ['lib/worker/', 'lib/node/'],
  ['lib/index.ts', 'lib/worker.ts', 'lib/node.ts', 'lib/element-types.ts'],
  ['lib/cli/'],
  ['lib/cli.ts'],
  ['page/dom.ts', 'page/format.ts', 'page/undo.ts', 'page/styles/'],
  ['page/words/'],
  ['page/disk.ts', 'page/focus.ts', 'page/print.ts', 'page/state.ts'],
  ['page/store.ts', 'page/table.ts'],
  ['page/charts/'],
  ['page/model/'],
  ['page/panel.ts'],
  ['page/panels/'],
  ['page/app.ts'],
  ['page/host/'],
];

const web = join(repository, 'web');

/** The files below a folder of web/, with the place of each file of web/ that they import. */
function readImports(folder) {
  const files = readdirSync(join(web, folder), { recursive: true }).map((name) => join(folder, name));
  const sources = files.filter((name) => name.endsWith('.ts'));
  return new Map(sources.map((name) => [name, importsOf(name, readFileSync(join(web, name), 'utf8'))]));
}

/** `text` is that of the file `name`. An import that is written over several lines ends in the line that counts. */
function importsOf(name, text) {
  return text.split('\n').flatMap((line, i) => {
    const path = /^(?:import|export|\}).*['"](\.[^'"?]*)/.exec(line)?.[1];
    if (path === undefined) return [];
    const file = normalize(join(dirname(name), path)).replace(/\.js$/, '.ts');
    return /^(lib|page)\//.test(file) && file.endsWith('.ts') ? [{ file, line: `web/${name}:${i + 1}` }] : [];
  });
}

/** The sentences about imports that go against the order of `layers`. */
function wrongWays(imports, layers) {
  const entryOf = (name) => layers.flat().find((entry) => (entry.endsWith('/') ? name.startsWith(entry) : name === entry));
  const rankOf = (name) => layers.findIndex((line) => line.includes(entryOf(name)));
  const homeless = [...imports.keys()].filter((name) => !entryOf(name)).map((name) => `web/${name} is in no layer.`);
  return [
    ...homeless,
    ...[...imports].flatMap(([name, found]) =>
      found
        .filter(({ file }) => entryOf(file) !== entryOf(name) && rankOf(file) >= rankOf(name))
        .map(({ file, line }) => `${line}: ${entryOf(name)} may import what is below it, and ${entryOf(file)} is not.`),
    ),
  ];
}

/** The sentences about imports that close a circle. */
function circles(imports) {
  const done = new Set();
  const found = [];
  const visit = (name, path) => {
    const at = path.indexOf(name);
    if (at >= 0) return found.push(path.slice(at));
    if (done.has(name)) return;
    for (const { file } of imports.get(name) ?? []) visit(file, [...path, name]);
    done.add(name);
  };
  for (const name of imports.keys()) visit(name, []);
  return found.map((names) => {
    const { line } = imports.get(names.at(-1)).find(({ file }) => file === names[0]);
    return `${line}: closes the circle ${[...names, names[0]].join(' -> ')}.`;
  });
}

describe('imports', () => {
  const imports = new Map([...readImports('lib'), ...readImports('page')]);

  test('are of files that are there', () => {
    const missing = [...imports.values()].flat().filter(({ file }) => !existsSync(join(web, file)));
    assert.deepEqual(
      missing.map(({ file, line }) => `${line}: there is no web/${file}.`),
      [],
    );
    assert.ok([...imports.values()].flat().length > 300, 'few imports were found');
  });

  test('follow the layers', () => assert.deepEqual(wrongWays(imports, LAYERS), []));

  test('make no circle', () => assert.deepEqual(circles(imports), []));
});

test('a wrong import and a circle are told with their line', () => {
  const layers = [['lib/low/'], ['lib/one.ts', 'lib/two.ts']];
  const files = {
    'lib/low/a.ts': "/** A. */\nimport type { One } from '../one.js';",
    'lib/one.ts': "import {\n  a,\n} from './low/a.js';\nexport * from './two.js';",
    'lib/two.ts': "import createEngine from '../engine/engine.mjs';\n// import './one.js'",
    'lib/three.ts': '',
  };
  const imports = new Map(Object.entries(files).map(([name, text]) => [name, importsOf(name, text)]));
  assert.deepEqual(wrongWays(imports, layers), [
    'web/lib/three.ts is in no layer.',
    'web/lib/low/a.ts:2: lib/low/ may import what is below it, and lib/one.ts is not.',
    'web/lib/one.ts:4: lib/one.ts may import what is below it, and lib/two.ts is not.',
  ]);
  assert.deepEqual(circles(imports), ['web/lib/one.ts:3: closes the circle lib/low/a.ts -> lib/one.ts -> lib/low/a.ts.']);
});
