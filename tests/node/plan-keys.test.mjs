/** The engine's table of the plan's keys, and the type `Plan`, which is written by hand and has to say the same of each key. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { planKeys, readPlan } from '../../web/dist/node.js';
import { repository } from './support.mjs';

// The packages are installed in web/, which is no parent of this folder.
const ts = createRequire(join(repository, 'web/package.json'))('typescript');

const keys = await planKeys();

/** As in the type: what a value of the kind is, null aside. Choices are the key's own. */
const VALUES = {
  choice: ({ choices }) => choices.map(({ value }) => JSON.stringify(value)),
  flag: () => ['boolean'],
  number: () => ['number'],
  whole: () => ['number'],
  hours: () => ['number'],
  minutes: () => ['number'],
  type: () => ['string'],
  padding: () => ['string'],
  types: () => ['string[]'],
  tokens: () => ['Record<string, string>'],
  texts: () => ['string[]'],
  name: () => ['string'],
  columns: () => ['string[]'],
  column: () => ['number', 'number[]', 'string', 'string[]', '{ value: string; }'],
  path: () => ['string'],
  preset: () => ['string'],
  files: () => [
    '{ match: string; type?: string | undefined; unit?: "s" | "ms" | "us" | "ns" | "excel" | "dotnet" | "filetime" | "webkit" | undefined; zone?: string | undefined; }[]',
  ],
  character: () => ['string'],
  channels: ({ choices }) => choices.map(({ value }) => `${JSON.stringify(value)}[]`),
  zone: () => ['string'],
  formats: () => ['string', 'string[]'],
  date: () => ['string'],
};

/** Path -> the members of the type's union, sorted, as in ['"a"', '"b"', 'null']; a list of a union is a union of lists. */
function readType(file, name) {
  const program = ts.createProgram([file], { strict: true, noLib: false, target: ts.ScriptTarget.ES2022 });
  const checker = program.getTypeChecker();
  const isAsked = (node) => ts.isInterfaceDeclaration(node) && node.name.text === name;
  const declaration = program.getSourceFile(file).statements.find(isAsked);
  const union = (type) => (type.isUnion() ? type.types : [type]);
  // true | false is boolean.
  const members = (type) =>
    [
      ...new Set(
        union(type).flatMap((one) => {
          const text = checker.typeToString(one);
          if (checker.isArrayType(one)) return members(checker.getTypeArguments(one)[0]).map((element) => `${element}[]`);
          return text === 'true' || text === 'false' ? ['boolean'] : [text];
        }),
      ),
    ].sort();
  const found = {};
  const walk = (type, above) => {
    for (const property of type.getProperties()) {
      const path = above + property.name;
      const inside = checker.getTypeOfSymbol(property);
      const isObject = (inside.flags & ts.TypeFlags.Object) !== 0 && !checker.isArrayType(inside);
      if (isObject && !inside.getStringIndexType()) walk(inside, `${path}.`);
      else found[path] = members(inside);
    }
  };
  walk(checker.getTypeAtLocation(declaration), '');
  return found;
}

describe('the type Plan', () => {
  const type = readType(join(repository, 'web/lib/types/plan.ts'), 'Plan');

  test('has every key of the engine, and no other', () => {
    const paths = keys.map(({ key }) => key);
    for (const path of paths) assert.ok(type[path], `${path} is not in the type Plan.`);
    const others = Object.keys(type).filter((path) => !paths.includes(path));
    assert.deepEqual(others, [], 'These are in the type Plan and are no keys of the engine.');
  });

  for (const key of keys) {
    test(`says what ${key.key} takes`, () => {
      const expected = [...VALUES[key.kind](key), ...(key.nullable ? ['null'] : [])].sort();
      assert.deepEqual(type[key.key], expected, `${key.key} in the type Plan`);
    });
  }
});

describe('the keys', () => {
  const at = (plan, path) => path.split('.').reduce((value, name) => value[name], plan);

  test('are those of a plan, in its order, with its defaults', async () => {
    const [notebook, causal] = await Promise.all([readPlan(), readPlan({ profile: 'causal' })]);
    const below = ([name, value]) =>
      typeof value !== 'object' || value === null ? [name] : Object.keys(value).map((key) => `${name}.${key}`);
    const paths = Object.entries(notebook).flatMap(below);
    assert.deepEqual(
      keys.map(({ key }) => key),
      paths,
    );
    for (const key of keys) {
      assert.deepEqual(key.notebook, at(notebook, key.key), key.key);
      assert.deepEqual(key.causal, at(causal, key.key), key.key);
    }
  });

  test('have words for people', () => {
    for (const { key, label, help, choices = [] } of keys) {
      assert.match(label, /^\S.*[^.\s]$/, key);
      assert.match(help, /^\S.*\.$/s, key);
      for (const choice of choices) assert.match(choice.label, /\S/, key);
    }
  });

  for (const { key, kind, low, high } of keys.filter(({ low }) => low !== undefined)) {
    test(`${key} takes what its limits say`, async () => {
      const [section, name] = key.split('.');
      const refusalOf = (value) =>
        readPlan({ [section]: { [name]: value } }).then(
          () => null,
          (error) => error,
        );
      const beyond = await Promise.all([low - 1, high + 1, ...(kind === 'whole' ? [low + 0.5] : [])].map(refusalOf));
      for (const refusal of beyond) assert.deepEqual([refusal?.code, refusal?.where.column], ['badPlan', key]);
      const [, rule] = beyond[0].message.split('; ');
      // Within them a number may still not go with the rest of the plan, by another rule.
      for (const refusal of await Promise.all([low, high].map(refusalOf))) assert.notEqual(refusal?.message.split('; ')[1], rule);
    });
  }
});
