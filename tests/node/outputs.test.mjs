/** Every format from the module, by JavaScript's own readers; the manifest and verify. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const web = join(repository, 'web');
const fromWeb = createRequire(join(web, 'package.json'));
const load = (path) => import(pathToFileURL(path));
const { prepare, listFormats, writeDataset, EventDataError } = await load(join(web, 'dist/node.js'));
const command = [process.execPath, join(web, 'dist/cli.js')];
const native = [join(repository, 'build/release/causal-sessions')];

const EVENTS =
  'user_id,timestamp,event_type,item_id\n' +
  Array.from(
    { length: 600 },
    (_, i) =>
      `${['=1+1', '00', 'ü😀', '9007199254740993'][i % 4]}-${i % 40},2024-01-0${1 + (i % 9)}T00:${10 + (i % 50)}:00.${i % 1000},` +
      `${['impression', 'click', 'purchase', 'impression'][(i * 7) % 4]},item ${i % 13}\n`,
  ).join('');

function makeFolder(t) {
  const folder = mkdtempSync(join(tmpdir(), 'causal-sessions-outputs-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'events.csv'), EVENTS);
  return folder;
}

async function makeDataset(t, source = { name: 'events.csv', data: EVENTS }, options = {}) {
  const dataset = await prepare(source, {}, options);
  t.after(() => dataset.dispose());
  return dataset;
}

function run(program, ...args) {
  const { status, stdout, stderr } = spawnSync(program[0], [...program.slice(1), ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

/** The rows of a part as the JSON lines tell them, in the flat shape. */
async function flatRows(dataset, part) {
  const lines = new TextDecoder()
    .decode(await dataset.write(part, 'jsonl'))
    .split('\n')
    .slice(0, -1);
  return lines.map((line) => {
    const { sequence, ...row } = JSON.parse(line);
    const lists = Object.fromEntries(
      ['event_ids', 'item_ids', 'minutes'].map((name, i) => [name, sequence.map((token) => token[i])]),
    );
    return { ...row, ...lists };
  });
}

const plain = (value) =>
  typeof value === 'bigint' ? Number(value) : typeof value === 'object' ? Array.from(value, plain) : value;
const plainRow = (row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, plain(value)]));

test('listFormats names every format once, with a file of its own', async (t) => {
  const formats = await listFormats();
  assert.deepEqual(
    formats.slice(0, 2).map(({ name }) => name),
    ['parquet', 'pickle'],
  );
  assert.equal(new Set(formats.map(({ name }) => name)).size, formats.length);
  for (const { label, extension, description } of formats) assert.ok(label && description && /^[a-z]+$/.test(extension));
  const files = await (await makeDataset(t)).files();
  const tables = formats.filter(({ name }) => !name.startsWith('covariates')); // they need a time zero
  assert.equal(files.length, 3 * tables.length + 3);
  assert.equal(new Set(files.map(({ path }) => path)).size, files.length);
});

test('hyparquet reads the flat Parquet file', async (t) => {
  const { parquetReadObjects } = await load(fromWeb.resolve('hyparquet'));
  const dataset = await makeDataset(t);
  const bytes = await dataset.write('train', 'parquet-flat');
  const rows = await parquetReadObjects({ file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) });
  assert.deepEqual(rows.map(plainRow), await flatRows(dataset, 'train'));
});

test('apache-arrow reads the Arrow file and the stream', async (t) => {
  const { tableFromIPC } = fromWeb('apache-arrow');
  const dataset = await makeDataset(t);
  for (const format of ['arrow', 'arrow-stream']) {
    const table = tableFromIPC(await dataset.write('train', format));
    assert.deepEqual(
      table.toArray().map((row) => plainRow(row.toJSON())),
      await flatRows(dataset, 'train'),
      format,
    );
  }
});

test('a padded table beyond 4 GiB is refused before a byte is written', async (t) => {
  const users = Array.from(
    { length: 600 },
    (_, i) => `u${i},2024-01-01T00:00:00,impression,a\nu${i},2024-01-01T00:01:00,click,a\n`,
  );
  const dataset = await prepare('user_id,timestamp,event_type,item_id\n' + users.join(''), { output: { padTo: 1_000_000 } });
  t.after(() => dataset.dispose());
  const refused = { name: 'EventDataError', code: 'tooLarge', message: /padded to 1000000 tokens .* output\.padTo/ };
  await assert.rejects(
    dataset.writePieces('data/train_sessions_padded.safetensors', () => assert.fail('a byte')),
    refused,
  );
  await assert.rejects(dataset.manifest(await dataset.files(['safetensors-padded'])), refused);
});

test('the manifest names inputs and outputs by SHA-256, the same from everywhere', async (t) => {
  const folder = makeFolder(t);
  const args = ['prepare', join(folder, 'events.csv'), '--format', 'parquet,csv,npz', '--quiet', '--out'];
  const programs = existsSync(native[0]) ? [command, native] : [command];
  const texts = programs.map((program, i) => {
    const out = join(folder, `out${i}`);
    assert.equal(run(program, ...args, out).status, 0);
    const text = readFileSync(join(out, 'manifest.json'), 'utf8');
    const manifest = JSON.parse(text);
    assert.deepEqual(
      manifest.inputs.map(({ name, sha256 }) => [name, sha256]),
      [['events.csv', sha256(EVENTS)]],
    );
    for (const { path, bytes, sha256: digest } of manifest.outputs) {
      const file = readFileSync(join(out, path));
      assert.deepEqual([file.length, sha256(file)], [bytes, digest], path);
    }
    return text;
  });
  const dataset = await makeDataset(t);
  const files = await dataset.files(['parquet', 'csv', 'npz']);
  texts.push(new TextDecoder().decode(await dataset.manifest(files)));
  const stream = new Blob([EVENTS]).stream();
  const streamed = await makeDataset(t, { name: 'a/folder/events.csv', data: stream }, { manifest: true });
  texts.push(new TextDecoder().decode(await streamed.manifest(files)));
  for (const text of texts) assert.equal(text, texts[0]);
});

test('a manifest tells how far the hashing is, can be stopped half-way, and asked for again', async (t) => {
  const dataset = await makeDataset(t, { name: 'events.csv', data: new Blob([EVENTS, '\n'.repeat(3 << 20)]) });
  const expected = await dataset.manifest([]);
  const again = await makeDataset(t, { name: 'events.csv', data: new Blob([EVENTS, '\n'.repeat(3 << 20)]) });
  const stop = new AbortController();
  const seen = [];
  const onProgress = ({ stage, bytesRead, bytesTotal }) => {
    seen.push([stage, bytesRead, bytesTotal]);
    stop.abort();
  };
  await assert.rejects(again.manifest([], { onProgress, signal: stop.signal }), { name: 'AbortError' });
  assert.deepEqual(seen, [['hashing', 1 << 20, Buffer.byteLength(EVENTS) + (3 << 20)]]);
  assert.deepEqual(await again.manifest([]), expected);
});

test('digest is of the bytes that write gives', async (t) => {
  const dataset = await makeDataset(t);
  for (const { path } of await dataset.files(['parquet', 'csv'])) {
    const pieces = [];
    await dataset.writePieces(path, (piece) => pieces.push(piece));
    const bytes = Buffer.concat(pieces);
    assert.deepEqual(await dataset.digest(path), { bytes: bytes.length, sha256: sha256(bytes) });
  }
  await assert.rejects(dataset.digest('data/none'), { code: 'badCall' });
});

test('a stream that was not hashed as it came has no manifest, and says so', async (t) => {
  const dataset = await makeDataset(t, new Blob([EVENTS]).stream());
  await assert.rejects(dataset.manifest([]), (error) => error instanceof EventDataError && /manifest: true/.test(error.message));
});

test('writeDataset and --no-manifest leave it out when asked', async (t) => {
  const folder = makeFolder(t);
  const written = await writeDataset(await makeDataset(t), join(folder, 'a'), { formats: ['csv'], manifest: false });
  assert.equal(written[0].sha256, undefined);
  assert.equal(
    run(command, 'prepare', join(folder, 'events.csv'), '--out', join(folder, 'b'), '--no-manifest', '--quiet').status,
    0,
  );
  for (const out of ['a', 'b']) assert.ok(!readdirSync(join(folder, out)).includes('manifest.json'));
});

for (const [name, program] of Object.entries({ Node: command, native })) {
  test(`verify finds what differs (${name})`, { skip: !existsSync(program.at(-1)) && 'not built' }, (t) => {
    const folder = makeFolder(t);
    const out = join(folder, 'out');
    const manifest = join(out, 'manifest.json');
    const jsonl = join(out, 'data/train_sessions.jsonl');
    assert.equal(
      run(program, 'prepare', join(folder, 'events.csv'), '--out', out, '--format', 'jsonl,arrow', '--quiet').status,
      0,
    );
    const check = (...args) => run(program, 'verify', manifest, ...args);
    const refuses = (status, pattern, ...args) => {
      const result = check(...args);
      assert.deepEqual([result.status, pattern.test(result.stderr)], [status, true], result.stderr);
    };
    const during = (path, change, look) => {
      const before = readFileSync(path);
      writeFileSync(path, change(before.toString('latin1')), 'latin1');
      look();
      writeFileSync(path, before);
    };
    assert.match(check('--inputs', folder).stdout, /Verified: 1 input and 9 outputs are identical/);
    assert.equal(check(join(folder, 'events.csv')).status, 0);
    refuses(1, /events\.csv is not there; name its folder with --inputs/);
    refuses(2, /has 1 inputs, and 2 files/, 'a', 'b');
    during(
      jsonl,
      (text) => text.replace(/^(.*\n.*\n.*)"treatment": ./, '$1"treatment": 7'),
      () => refuses(1, /data\/train_sessions\.jsonl is not what was written.*at line 3 \(byte \d+\)/, '--inputs', folder),
    );
    during(
      join(out, 'data/test_sessions.arrow'),
      (text) => text + 'x',
      () => refuses(1, /data\/test_sessions\.arrow is not what was written.*at byte \d+/, '--inputs', folder),
    );
    during(
      manifest,
      (text) => text.replace(/"kept": \d+/, '"kept": 1'),
      () => refuses(1, /the manifest's rows\.sessions is .*"kept":1}/, '--inputs', folder),
    );
    during(
      manifest,
      (text) => text.replace(/("kind": "shuffle",\s*"seed": )42/, (_, before) => `${before}43`),
      () =>
        refuses(
          1,
          /the replay \(engine .*\) is not what the manifest .* says; the file on disk differs from it at/,
          '--inputs',
          folder,
        ),
    );
    during(
      join(folder, 'events.csv'),
      (text) => text.replace('00-1', '00-2'),
      () => refuses(1, /events\.csv is not the input of the manifest: its SHA-256 is/, '--inputs', folder),
    );
    during(
      join(folder, 'events.csv'),
      (text) => text + '\n',
      () => refuses(1, /has \d+ bytes; the input of the manifest has \d+/, '--inputs', folder),
    );
    during(
      manifest,
      () => '{}',
      () => refuses(2, /is not a manifest of causal-sessions/),
    );
    rmSync(jsonl);
    refuses(1, /train_sessions\.jsonl is missing/, '--inputs', folder);
    assert.equal(run(program, 'verify', dirname(manifest)).status, 2);
  });
}

test('each format can be the first that a process writes', { timeout: 120_000 }, async () => {
  for (const { name: format } of await listFormats()) {
    const script = `
      const { prepare } = await import('${pathToFileURL(join(web, 'dist/node.js'))}');
      const source = 'user,time,type,item\\nu,2025-09-05 10:00:00,impression,a\\nu,2025-09-05 10:00:05,click,a\\nu,2025-09-05 10:01:00,purchase,a\\n';
      const dataset = await prepare(source, { profile: 'causal', outcome: { censored: 'keep' }, split: { train: 1, validation: 0, test: 0 } });
      console.log((await dataset.write('train', '${format}')).length === (await dataset.digest((await dataset.files(['${format}']))[0].path)).bytes);`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    assert.equal(stderr, '', format);
    assert.equal(stdout, 'true\n', format);
  }
});

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

test('the types name every format of tables, and no other', async () => {
  const types = readFileSync(join(web, 'lib/types/output.ts'), 'utf8');
  const [union] = /export type TableFormat =[^;]+;/.exec(types);
  const named = [...union.matchAll(/'([^']+)'/g)].map(([, name]) => name);
  assert.deepEqual(
    named,
    (await listFormats()).map(({ name }) => name),
  );
});
