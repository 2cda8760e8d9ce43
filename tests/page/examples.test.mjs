/** The examples of web/examples, each with the package as it is published: built, opened, and put to work. */
import assert from 'node:assert/strict';
import { cpSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openFolder, projectFolder } from './embedding.mjs';
import { importFromWeb, launch, openFolds, repository } from './support.mjs';
import { prepare } from '../../web/dist/node.js';

const { build, createServer } = await importFromWeb('vite');
const EVENTS = join(repository, 'tests/cases/notebook/typical/events.csv');
const examples = join(repository, 'web/examples');

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

function exampleFolder(t, name, packages = []) {
  const folder = projectFolder(t, packages);
  cpSync(join(examples, name), folder, { recursive: true });
  return folder;
}

/** A file in, the result out, and the plan there and back; `plan` says where the page shows it, if it does. */
async function use(page, { plan }) {
  await page.waitForFunction(() => document.querySelector('causal-sessions')?.ready);
  await openFolds(page);
  await page.locator('input[type=file]').first().setInputFiles(EVENTS);
  const expected = async (settings) => {
    const dataset = await prepare({ path: EVENTS }, settings);
    dataset.dispose();
    return dataset.report.sessions.kept;
  };
  const output = page.locator('output');
  await output.filter({ hasText: `${await expected({ session: { gapHours: 12 } })} sessions` }).waitFor();
  await page.locator('[data-path="session.gapHours"]').fill('0.01');
  await page.locator('[data-path="session.gapHours"]').blur();
  const settings = { session: { gapHours: 0.01 } };
  assert.deepEqual(await page.locator('causal-sessions').evaluate(({ plan }) => plan), settings);
  if (plan) assert.deepEqual(JSON.parse(await page.locator(plan).first().innerText()), settings);
  await page.getByRole('button', { name: 'Update results' }).first().click();
  await output.filter({ hasText: `${await expected(settings)} sessions` }).waitFor();
}

test('plain HTML: static files under a strict policy', async (t) => {
  const { page, errors } = await openFolder(t, browser, exampleFolder(t, 'html'));
  await use(page, {});
  assert.match(await page.locator('output').innerText(), /the training set has \d+ bytes\./);
  assert.deepEqual(errors, []);
});

for (const [name, packages] of [
  ['react', ['react', 'react-dom', 'scheduler', 'vite']],
  ['vue', ['vue', '@vitejs/plugin-vue', 'vite']],
]) {
  test(`${name}: built by Vite`, async (t) => {
    const folder = exampleFolder(t, name, packages);
    await build({ root: folder, base: './', logLevel: 'error' });
    const { page, errors } = await openFolder(t, browser, join(folder, 'dist'));
    await use(page, { plan: 'code' });
    assert.deepEqual(errors, []);
  });
}

test('react: served by Vite while it is written', async (t) => {
  const folder = exampleFolder(t, 'react', ['react', 'react-dom', 'scheduler', 'vite']);
  // What the builds above have left there would make the server look for React's other runtime late, and load the page once more.
  delete process.env.NODE_ENV;
  const server = await createServer({ root: folder, logLevel: 'error', server: { port: 0, host: '127.0.0.1' } });
  t.after(() => server.close());
  await server.listen();
  const page = await browser.newPage();
  t.after(() => page.close());
  await page.goto(server.resolvedUrls.local[0]);
  await use(page, { plan: 'code' });
});

test('the types of the React example hold', async (t) => {
  const ts = (await importFromWeb('typescript')).default;
  const folder = exampleFolder(t, 'react', ['react', 'react-dom', 'typescript']);
  symlinkSync(join(repository, 'web/node_modules/@types'), join(folder, 'node_modules/@types'));
  writeFileSync(
    join(folder, 'wrong.tsx'),
    "document.querySelector('causal-sessions')!.addEventListener('result', ({ detail }) => detail.nothing);\nexport const wrong = <causal-sessions plan={{ session: { gapHours: 'x' } }} />;\n",
  );
  const options = {
    strict: true,
    noEmit: true,
    jsx: ts.JsxEmit.ReactJSX,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    types: [],
    skipLibCheck: false,
  };
  const program = ts.createProgram([join(folder, 'main.tsx'), join(folder, 'wrong.tsx')], options);
  const found = ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName.split('/').at(-1)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
  assert.equal(found.length, 2, found.join('\n'));
  assert.match(found[0], /^wrong\.tsx: Property 'nothing' does not exist on type 'Dataset'/);
  assert.match(found[1], /^wrong\.tsx: Type 'string' is not assignable to type 'number'/);
});
