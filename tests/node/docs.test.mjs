// What the README and the pages in web/docs show runs as it stands there: commands in one folder, in order, and code as a module.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { planKeys, readPlan } from '../../web/dist/node.js';
import { makeFile, makeFolder, repository, run } from './support.mjs';

const folder = join(repository, 'web', 'docs');
const pages = readdirSync(folder).filter((name) => name.endsWith('.md'));
/** Path in the repository -> text. */
const texts = new Map(
  ['README.md', ...pages.map((page) => `web/docs/${page}`)].map((path) => [path, readFileSync(join(repository, path), 'utf8')]),
);

const blocks = (text, language) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, code]) => code);
const commandsOf = (text) =>
  blocks(text, 'sh')
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');

/** The examples of a page: files, the command on them, and lines that it prints. */
function examplesOf(text) {
  const examples = [];
  let files = [];
  for (const [, language, code] of text.matchAll(/^```(file .*?|sh|text)\n(.*?)^```/gms)) {
    if (language.startsWith('file ')) files.push({ name: language.slice('file '.length), content: code });
    else if (language === 'sh') {
      examples.push({ files, command: code.trim(), says: [] });
      files = [];
    } else examples.at(-1).says.push(...code.trim().split('\n'));
  }
  return examples;
}

/** The words of a command line, as a shell takes them; texts in single quotes are one. */
const wordsOf = (command) => [...command.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replace(/'([^']*)'/g, '$1'));

describe('inputs.md', () => {
  const text = readFileSync(join(folder, 'inputs.md'), 'utf8');
  const examples = examplesOf(text);
  assert.ok(examples.length > 15);
  for (const { files, command, says } of examples) {
    test(command, async (t) => {
      const cwd = makeFolder(t);
      assert.ok(files.length > 0 && says.length > 0, 'an example has files, and what is to be seen');
      for (const { name, content } of files) writeFileSync(join(cwd, name), content);
      const [program, ...args] = wordsOf(command);
      assert.equal(program, 'scripts/run');
      const { code, stdout, stderr } = await run(args, { cwd });
      assert.equal(code, 0, stderr);
      for (const line of says) assert.ok(stdout.includes(line), `${line} is not in\n${stdout}`);
    });
  }

  test('it has an example of every key that says how events are read', async () => {
    const others = ['time.unit', 'time.format', 'time.zone', 'rows.bad', 'events.unknown'];
    const keys = (await planKeys()).map(({ key }) => key).filter((key) => /^(input|columns)\./.test(key) || others.includes(key));
    assert.ok(keys.length > others.length + 10);
    const commands = examples.map(({ command }) => command).join('\n');
    assert.deepEqual(
      keys.filter((key) => !commands.includes(`--set ${key}=`) && !commands.includes(`--set '${key}=`)),
      [],
    );
  });

  test('it has an example of every preset, each told from its columns', async (t) => {
    const presets = (await planKeys()).find(({ key }) => key === 'preset').choices.map(({ value }) => value);
    const headings = [...text.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
    assert.deepEqual(headings.sort(), presets.sort());
    const cwd = makeFolder(t);
    for (const { files, command } of examples.filter(({ command }) => command.includes('--preset'))) {
      const [{ name, content }] = files;
      const preset = /--preset (\w+)/.exec(command)[1];
      writeFileSync(join(cwd, name), content);
      const { stdout } = await run(['inspect', name, '--json'], { cwd });
      assert.equal(JSON.parse(stdout).preset?.name, preset, name);
    }
  });
});

/** Headings as the targets of links, as GitHub writes them. */
const anchorsOf = (text) =>
  new Set(
    [...text.matchAll(/^#+ (.*)$/gm)].map(
      ([, words]) =>
        `#${words
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replaceAll(' ', '-')}`,
    ),
  );

for (const [path, text] of texts) {
  describe(path, () => {
    const commands = path.endsWith('inputs.md') ? [] : commandsOf(text);
    if (commands.length > 0)
      test('its commands run', async (t) => {
        const cwd = makeFolder(t);
        for (const command of commands) {
          const [program, ...args] = wordsOf(command);
          assert.equal(program, 'scripts/run', command);
          const { code, stderr } = await run(args, { cwd });
          assert.deepEqual([code, stderr.replace(/^causal-sessions: notice: .*\n/gm, '')], [0, ''], command);
        }
      });

    test('it names keys of the plan only', async () => {
      const plan = await readPlan({});
      const named = [...text.matchAll(/`(\w+)\.(\w+)`/g)]
        .map(([, section, key]) => [section, key])
        .filter(([section, key]) => Object.hasOwn(plan, section) && !/^(ts|cpp|h)$/.test(key));
      for (const [section, key] of named) assert.ok(Object.hasOwn(plan[section] ?? {}, key), `${section}.${key}`);
    });

    test('its links lead somewhere', () => {
      const links = [...text.matchAll(/\]\((?!https?:)([^)]*)\)/g)].map(([, target]) => target);
      for (const target of links) {
        const [file, anchor] = target.split('#');
        const there = file === '' ? path : join(dirname(path), file);
        assert.ok(existsSync(join(repository, there)), target);
        if (anchor !== undefined) assert.ok(anchorsOf(readFileSync(join(repository, there), 'utf8')).has(`#${anchor}`), target);
      }
    });
  });
}

test('the commands of time-zero.md, command.md and the README are found', () => {
  for (const path of ['README.md', 'web/docs/time-zero.md', 'web/docs/command.md'])
    assert.ok(commandsOf(texts.get(path)).length >= 5, path);
});

test('the code of time-zero.md runs', async (t) => {
  const said = t.mock.method(console, 'log', () => undefined);
  const module = JSON.stringify(pathToFileURL(join(repository, 'web/dist/node.js')).href);
  for (const code of blocks(texts.get('web/docs/time-zero.md'), 'js')) {
    assert.ok(code.includes("'causal-sessions'"), code);
    await import(pathToFileURL(makeFile(t, 'example.mjs', code.replace("'causal-sessions'", module))).href);
  }
  const [[truth, trials]] = said.mock.calls.map((call) => call.arguments);
  assert.ok(truth > 0.01 && truth < 0.1, `${truth}`);
  assert.ok(trials > 1000, `${trials}`);
});

test('the page on time zero has every finding of the audit, and no other, and each has its words', () => {
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
  const words = readFileSync(join(repository, 'src', 'audit', 'finding_words.cpp'), 'utf8');
  const worded = words.slice(words.indexOf('kWords[]'), words.indexOf('\n};', words.indexOf('kWords[]')));
  assert.deepEqual([...worded.matchAll(/^ {4}\{"(\w+)",/gm)].map(([, code]) => code).sort(), codes, 'each has its words');
});

test('the README leads to every page, and is short', () => {
  const readme = texts.get('README.md');
  for (const page of pages) assert.ok(readme.includes(`](web/docs/${page})`), page);
  assert.ok(readme.split('\n').length <= 160);
});
