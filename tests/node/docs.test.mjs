// What the pages in web/docs show runs as it stands there: commands in one folder, in order, and code as a module.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { readPlan } from '../../web/dist/node.js';
import { makeFile, makeFolder, repository, run } from './support.mjs';

const folder = join(repository, 'web', 'docs');
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));

const blocks = (text, language) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code);
const commandsOf = (text) =>
  blocks(text, 'sh')
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');

for (const page of pages) {
  const text = readFileSync(join(folder, page), 'utf8');

  describe(page, () => {
    test('its commands run', async (t) => {
      const cwd = makeFolder(t);
      const commands = commandsOf(text);
      assert.ok(commands.length > 0);
      for (const command of commands) {
        const [program, ...args] = command.split(/\s+/);
        assert.equal(program, 'scripts/run', command);
        const { code, stderr } = await run(args, { cwd });
        assert.deepEqual([code, stderr], [0, ''], command);
      }
      assert.ok(existsSync(join(cwd, 'events.truth.json')));
    });

    test('its code runs', async (t) => {
      const said = t.mock.method(console, 'log', () => undefined);
      const module = JSON.stringify(pathToFileURL(join(repository, 'web/dist/node.js')).href);
      for (const code of blocks(text, 'js')) {
        assert.ok(code.includes("'causal-sessions'"), code);
        await import(pathToFileURL(makeFile(t, 'example.mjs', code.replace("'causal-sessions'", module))).href);
      }
      const [[truth, trials]] = said.mock.calls.map((call) => call.arguments);
      assert.ok(truth > 0.01 && truth < 0.1, `${truth}`);
      assert.ok(trials > 1000, `${trials}`);
    });

    test('it names keys of the plan only', async () => {
      const plan = await readPlan({});
      const named = [...text.matchAll(/`(\w+)\.(\w+)`/g)].map(([, section, key]) => [section, key]);
      assert.ok(named.length > 0);
      for (const [section, key] of named) assert.ok(Object.hasOwn(plan[section] ?? {}, key), `${section}.${key}`);
    });

    test('its links lead somewhere', () => {
      const headings = new Set(
        [...text.matchAll(/^#+ (.*)$/gm)].map(
          ([, words]) =>
            `#${words
              .toLowerCase()
              .replace(/[^\w ]/g, '')
              .replaceAll(' ', '-')}`,
        ),
      );
      const links = [...text.matchAll(/\]\((?!https:)([^)]*)\)/g)].map(([, target]) => target);
      assert.ok(links.length > 0);
      for (const target of links)
        assert.ok(target.startsWith('#') ? headings.has(target) : existsSync(join(folder, target)), target);
    });
  });
}

test('the page on time zero has every finding of the audit, and no other', () => {
  const page = readFileSync(join(folder, 'time-zero.md'), 'utf8');
  const source = readFileSync(join(repository, 'src', 'audit', 'findings.cpp'), 'utf8');
  const codes = [...source.matchAll(/\{\s*"(\w+)",\s*Severity::/g)].map(([, code]) => code);
  const table = page.slice(page.indexOf('| found |'), page.indexOf('```', page.indexOf('| found |')));
  const rows = table
    .split('\n')
    .slice(2)
    .map((line) => line.split('|')[1] ?? '');
  const named = rows.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, code]) => code));
  assert.ok(codes.length > 20);
  assert.deepEqual(named.sort(), codes.sort());
});

test('the README leads to every page', () => {
  const readme = readFileSync(join(repository, 'README.md'), 'utf8');
  for (const page of pages) assert.ok(readme.includes(`](web/docs/${page})`), page);
});
