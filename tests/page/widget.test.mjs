/**
 * The widget of the Python package in Chromium. What a notebook does stands here in its place: it imports the module from a Blob and
 * hands it a model, whose messages go to the test, or to Python with anywidget in it.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { openFolder } from './embedding.mjs';
import { launch, repository } from './support.mjs';
import { prepare, simulate } from '../../web/dist/node.js';

const EVENTS = readFileSync(join(repository, 'tests/cases/notebook/typical/events.csv'), 'utf8');
const PLAN = { session: { gapHours: 0.01 } };
const NATIVE = process.env.CAUSAL_SESSIONS ?? join(repository, 'build/release/causal-sessions');

let browser;
before(async () => (browser = await launch()));
after(() => browser.close());

function temporaryFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'causal-sessions-widget-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * A page with `show()`, which shows a view of the model. `kernel` is given what the model sends, with buffers as base64, and may
 * use `tell`, which gives the model a message back.
 */
async function openNotebook(t, state, kernel) {
  const folder = temporaryFolder(t);
  cpSync(join(repository, 'web/dist-widget/widget.js'), join(folder, 'widget.js'));
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><html lang="en"><title>Notebook</title><link rel="icon" href="data:,"><main></main>',
  );
  const { page, errors, server } = await openFolder(t, browser, folder);
  const tell = (message, buffers = []) =>
    page.evaluate(([message, buffers]) => window.hear(message, buffers), [message, buffers]);
  await page.exposeFunction('toKernel', (message) => void kernel(message, tell));
  await page.evaluate(async (state) => {
    const heard = new Map();
    const emit = (event, ...args) => [...(heard.get(event) ?? [])].forEach((hear) => hear(...args));
    const changed = {};
    const text = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''));
    const model = {
      get: (name) => state[name],
      set(name, value) {
        state[name] = changed[name] = value;
        emit(`change:${name}`);
      },
      save_changes() {
        window.toKernel({ method: 'update', state: { ...changed }, buffer_paths: [] });
        for (const name of Object.keys(changed)) delete changed[name];
      },
      on: (event, hear) => heard.set(event, [...(heard.get(event) ?? []), hear]),
      off: (event, hear) =>
        heard.set(
          event,
          (heard.get(event) ?? []).filter((other) => other !== hear),
        ),
      send: (content, _callbacks, buffers = []) => window.toKernel({ method: 'custom', content, buffers: buffers.map(text) }),
    };
    window.listeners = () => [...heard.values()].flat().length;
    window.hear = (message, buffers) => {
      const views = buffers.map((one) => new DataView(Uint8Array.from(atob(one), (character) => character.charCodeAt(0)).buffer));
      if (message.method === 'custom') emit('msg:custom', message.content, views);
      else if (message.method === 'update')
        for (const [name, value] of Object.entries(message.state)) {
          state[name] = value;
          emit(`change:${name}`);
        }
    };
    const code = await (await fetch('widget.js')).text();
    const { default: widget } = await import(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
    window.show = () => {
      const el = document.createElement('div');
      document.querySelector('main').append(el);
      const cleanUp = widget.render({ model, el });
      window.hide = () => {
        cleanUp();
        el.remove();
      };
    };
  }, state);
  await server.close(); // nothing more may be asked for
  await page.evaluate(() => window.show());
  return { page, errors, tell };
}

/** A kernel that gives `text` as events.csv in two pieces; `results` has the files that came back, by the run. */
function makeKernel(text) {
  const kernel = { text, asked: 0, results: [], errors: [], plans: [] };
  const whole = Buffer.from(text);
  const arriving = new Map();
  kernel.hear = async ({ method, content, state, buffers }, tell) => {
    if (method === 'update') return kernel.plans.push(state.plan);
    const { kind, view, path } = content;
    if (kind === 'ask') {
      kernel.asked++;
      for (const piece of [whole.subarray(0, 100), whole.subarray(100)])
        await tell({ method: 'custom', content: { kind: 'piece', view, file: 0 } }, [piece.toString('base64')]);
      await tell({ method: 'custom', content: { kind: 'source', view, names: ['events.csv'] } });
    } else if (kind === 'begin') arriving.set(view, {});
    else if (kind === 'piece') (arriving.get(view)[path] ??= []).push(Buffer.from(buffers[0], 'base64'));
    else if (kind === 'error') kernel.errors.push(content);
    else
      kernel.results.push({
        report: content.report,
        files: Object.fromEntries(Object.entries(arriving.get(view)).map(([name, pieces]) => [name, Buffer.concat(pieces)])),
      });
  };
  return kernel;
}

async function until(condition, what) {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`${what} has not come`);
}

test('files go in by pieces, and the files of the command come back', async (t) => {
  const kernel = makeKernel(EVENTS);
  const { page, errors } = await openNotebook(t, { plan: PLAN, formats: ['arrow', 'parquet'] }, kernel.hear);
  assert.ok(await page.getByText("The result goes to this notebook's kernel.").isVisible());
  assert.ok(!(await page.getByText('Nothing is uploaded.').isVisible()), 'it is not true here');
  await until(() => kernel.results.length > 0, 'a result');
  const expected = await prepare(new File([EVENTS], 'events.csv'), PLAN, { audit: true });
  t.after(() => expected.dispose());
  const [{ report, files }] = kernel.results;
  assert.deepEqual(report, expected.report);
  const paths = (await expected.files(['arrow', 'parquet', 'audit'])).map(({ path }) => path);
  assert.deepEqual(Object.keys(files).sort(), [...paths, 'manifest.json'].sort());
  assert.deepEqual(files['data/train_sessions.parquet'], Buffer.from(await expected.write('train', 'parquet')));
  assert.deepEqual(files['data/test_sessions.arrow'], Buffer.from(await expected.write('test', 'arrow')));
  assert.deepEqual(files['audit.json'], Buffer.from(await expected.write('audit')));
  const { inputs, outputs } = JSON.parse(files['manifest.json']);
  assert.deepEqual([inputs[0].name, inputs[0].bytes], ['events.csv', EVENTS.length]);
  assert.deepEqual(outputs.map(({ path }) => path).sort(), paths.sort());
  assert.deepEqual(errors, []);
});

test('the plan goes both ways, and a refusal is told', async (t) => {
  const kernel = makeKernel(EVENTS);
  const { page, errors, tell } = await openNotebook(t, { plan: {}, formats: ['arrow'] }, kernel.hear);
  await until(() => kernel.results.length > 0, 'a result');
  await tell({ method: 'update', state: { plan: PLAN } });
  assert.deepEqual(await page.locator('causal-sessions').evaluate(({ plan }) => plan), PLAN);
  assert.deepEqual(kernel.plans, [], 'what came from the kernel does not go back');
  await tell({ method: 'custom', content: { kind: 'process' } });
  await until(() => kernel.results.length > 1, 'another result');
  assert.equal(kernel.results[1].report.plan.session.gapHours, 0.01);
  await page.locator('causal-sessions').evaluate((element) => element.undo());
  await until(() => kernel.plans.length > 0, 'a plan');
  assert.deepEqual(kernel.plans, [{}]);
  await tell({ method: 'update', state: { plan: { session: { gapHours: -1 } } } });
  await tell({ method: 'custom', content: { kind: 'process' } });
  await until(() => kernel.errors.length > 0, 'a refusal');
  const [{ code, message, where }] = kernel.errors;
  assert.deepEqual([code, where], ['badPlan', { column: 'session.gapHours' }]);
  assert.match(message, /gapHours/);
  assert.deepEqual(errors, []);
});

test('a format that this table does not have is told', async (t) => {
  const kernel = makeKernel(EVENTS);
  await openNotebook(t, { plan: {}, formats: ['covariates'] }, kernel.hear);
  await until(() => kernel.errors.length > 0, 'a refusal');
  assert.match(kernel.errors[0].message, /covariates/);
  assert.deepEqual(kernel.results, []);
});

test('two views are two, a new source is asked for, and a view that goes takes its worker along', async (t) => {
  const kernel = makeKernel(EVENTS);
  const { page, errors, tell } = await openNotebook(t, { plan: PLAN, formats: ['arrow'] }, kernel.hear);
  await page.evaluate(() => window.show());
  await until(() => kernel.results.length > 1, 'a result of each view');
  assert.equal(kernel.asked, 2);
  assert.equal(page.workers().length, 2);
  await page.evaluate(() => window.hide());
  await until(() => page.workers().length === 1, 'the end of a worker');
  await tell({ method: 'custom', content: { kind: 'changed' } });
  await until(() => kernel.results.length > 2, 'a result of the view that is left');
  assert.equal(kernel.asked, 3);
  assert.equal(await page.evaluate(() => window.listeners()), 2);
  assert.deepEqual(errors, []);
});

/** A Python with anywidget and pyarrow, and the package as a wheel has it. */
function pythonWithWidget(t) {
  const python = join(repository, 'build/python/bin/python');
  const found = existsSync(python) && spawnSync(python, ['-c', 'import anywidget, pyarrow']).status === 0;
  if (!found) t.skip('build/python has no anywidget (tests/interop/requirements.txt)');
  else if (!existsSync(NATIVE)) t.skip(`${NATIVE} is not built`);
  else return python;
}

test('a frame of Python goes in, and the result of the native command comes back', async (t) => {
  const python = pythonWithWidget(t);
  if (!python) return;
  const folder = temporaryFolder(t);
  const wheel = execFileSync(python, [join(repository, 'src/python/build_wheel.py'), NATIVE, 'linux_any', folder], {
    encoding: 'utf8',
    env: { ...process.env, SOURCE_DATE_EPOCH: '1' },
  });
  execFileSync(python, ['-m', 'zipfile', '-e', wheel.trim(), join(folder, 'site')]);
  const events = join(folder, 'events.csv');
  writeFileSync(events, Buffer.from(await (await simulate({ events: 60_000, seed: 3 })).arrayBuffer())); // several pieces
  const plan = { profile: 'causal' };
  const child = spawn(python, [join(repository, 'tests/page/widget_kernel.py'), events, JSON.stringify(plan)], {
    env: {
      ...process.env,
      CAUSAL_SESSIONS: NATIVE,
      PYTHONPATH: [join(folder, 'site'), process.env.PYTHONPATH].filter(Boolean).join(':'),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill());
  const told = [];
  let tell = null;
  let pieces = 0;
  const lines = createInterface(child.stdout);
  const opened = new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`Python ended with ${code}`)));
    lines.on('line', (line) => {
      const message = JSON.parse(line);
      if (message.type === 'comm_open') resolve(message.data.state);
      else if (message.type === 'comm_msg') {
        if (message.data.content?.kind === 'piece') pieces++;
        void tell?.(message.data, message.buffers);
      } else told.push(message);
    });
  });
  const { plan: first, formats, _esm } = await opened;
  assert.deepEqual([first, formats], [plan, ['arrow', 'covariates']]);
  assert.equal(_esm, readFileSync(join(repository, 'web/dist-widget/widget.js'), 'utf8'));
  const { errors } = await openNotebook(t, { plan: first, formats }, (message, back) => {
    tell = back;
    child.stdin.write(`${JSON.stringify(message)}\n`);
  });
  await until(() => told.some(({ type }) => type === 'result'), 'a result');
  const { same, rows, inputs, shown } = told.find(({ type }) => type === 'result');
  assert.deepEqual(
    Object.entries(same).filter(([, equal]) => !equal),
    [],
  );
  assert.ok(Object.keys(same).length > 10 && rows > 1000);
  assert.equal(inputs[0].name, 'frame.arrow');
  assert.match(shown, /60,000 events of/);
  assert.ok(pieces > 1, `${pieces} pieces`);
  assert.deepEqual(errors, []);
});
