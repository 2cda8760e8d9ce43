/** Hundreds of small inputs cost what one of all their rows costs: threads and open files do not grow with them. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { prepare, writeDataset } from '../../web/dist/node.js';
import { command, eventsCsv, makeFile, makeFolder, nativeCommand, readFolder, run, start, toText } from './support.mjs';

const FILES = 300;

/** Small files, one user in each, as paths. */
function makeParts(t) {
  const folder = makeFolder(t);
  return Array.from({ length: FILES }, (_, i) => {
    const path = join(folder, `part-${String(i).padStart(3, '0')}.csv`);
    writeFileSync(
      path,
      eventsCsv([
        [`u${i}`, '2025-09-05 10:00:00', 'impression', `p${i % 7}`],
        [`u${i}`, '2025-09-05 10:00:05', i % 3 ? 'purchase' : 'click', `p${i % 7}`],
      ]),
    );
    return path;
  });
}

/** Runs `body` and gives the number of threads that were started meanwhile. */
async function threadsIn(body) {
  let threads = 0;
  const count = () => void threads++;
  process.on('worker', count);
  try {
    await body();
  } finally {
    process.off('worker', count);
  }
  return threads;
}

const sha256 = (path) => createHash('sha256').update(readFileSync(path)).digest('hex');

describe('the module', () => {
  test('hashes them on one thread, whatever their number', async (t) => {
    const paths = makeParts(t);
    const out = join(makeFolder(t), 'out');
    const threads = await threadsIn(async () => {
      const dataset = await prepare(
        paths.map((path) => ({ path })),
        {},
        { manifest: true },
      );
      await writeDataset(dataset, out, { formats: ['jsonl'] });
      dataset.dispose();
    });
    assert.equal(threads, 1);
    const { inputs } = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    assert.deepEqual(
      inputs.map(({ sha256: digest }) => digest),
      paths.map(sha256),
    );
  });

  test('has their digests from the thread in a few messages', async (t) => {
    const paths = makeParts(t);
    let messages = 0;
    const count = (worker) => worker.on('message', () => void messages++);
    process.on('worker', count);
    try {
      const dataset = await prepare(
        paths.map((path) => ({ path })),
        {},
        { manifest: true },
      );
      const { inputs } = JSON.parse(toText(await dataset.manifest([])));
      dataset.dispose();
      assert.deepEqual(
        inputs.map(({ sha256: digest }) => digest),
        paths.map(sha256),
      );
    } finally {
      process.off('worker', count);
    }
    assert.equal(messages, Math.ceil(FILES / 256));
  });

  test('lets that thread keep little of what is gone', async (t) => {
    const limits = [];
    const note = (worker) => void limits.push(worker.resourceLimits.maxYoungGenerationSizeMb);
    process.on('worker', note);
    try {
      const [path] = makeParts(t);
      (await prepare([{ path }], {}, { manifest: true })).dispose();
    } finally {
      process.off('worker', note);
    }
    assert.equal(limits.length, 1);
    assert.ok(limits[0] <= 2, `${limits[0]} MB: 10,000 files would take 12 MB more`);
  });

  test('hashes them on none where the manifest is asked for later', async (t) => {
    const paths = makeParts(t).slice(0, 20);
    const threads = await threadsIn(async () => {
      const dataset = await prepare(paths.map((path) => ({ path })));
      const told = [];
      const manifest = JSON.parse(
        toText(await dataset.manifest([], { onProgress: ({ stage, bytesRead }) => told.push([stage, bytesRead]) })),
      );
      dataset.dispose();
      assert.deepEqual(
        manifest.inputs.map(({ sha256: digest }) => digest),
        paths.map(sha256),
      );
      assert.equal(told.length, paths.length);
      assert.deepEqual(told.at(-1), ['hashing', paths.reduce((sum, path) => sum + readFileSync(path).length, 0)]);
    });
    assert.equal(threads, 0);
  });

  test('says which one vanished while it was hashed', async (t) => {
    const paths = makeParts(t).slice(0, 3);
    const dataset = await prepare(paths.map((path) => ({ path })));
    rmSync(paths[1]);
    await assert.rejects(dataset.manifest([]), { code: 'unreadable', message: `${paths[1]} does not exist.` });
    dataset.dispose();
  });

  test('keeps none of them open', async (t) => {
    const paths = makeParts(t).slice(0, 50);
    const open = () => readdirSync('/proc/self/fd').length;
    if (!existsSync('/proc/self/fd')) return t.skip('there is no /proc');
    const before = open();
    let most = 0;
    const dataset = await prepare(
      paths.map((path) => ({ path })),
      {},
      { onProgress: () => (most = Math.max(most, open() - before)) },
    );
    assert.ok(most <= 3, `${most} more files were open`);
    assert.ok(open() <= before);
    dataset.dispose();
  });
});

for (const [name, program] of [
  ['the command in Node', [process.execPath, command]],
  ['the native command', [nativeCommand]],
]) {
  describe(name, { skip: !existsSync(program.at(-1)) && 'not built' }, () => {
    test('reads and verifies more files than may be open', async (t) => {
      const paths = makeParts(t);
      const out = join(makeFolder(t), 'out');
      // The shell's limit is the program's; the words follow as they are.
      const limited = ['/bin/sh', '-c', 'ulimit -n 60 && exec "$@"', 'sh', ...program];
      const made = await run(['prepare', ...paths, '--out', out, '--quiet', '--format', 'jsonl'], { program: limited });
      assert.deepEqual([made.code, made.stdout, made.stderr], [0, '', '']);
      assert.equal(JSON.parse(toText(readFolder(out)['manifest.json'])).inputs.length, FILES);
      const verified = await run(['verify', join(out, 'manifest.json'), ...paths], { program: limited });
      assert.deepEqual([verified.code, verified.stderr], [0, '']);
      assert.match(verified.stdout, /^Verified: 300 inputs and /);
    });
  });
}

test('the command starts one thread to prepare them and none to verify them', async (t) => {
  const paths = makeParts(t);
  const out = join(makeFolder(t), 'out');
  const counter = makeFile(
    t,
    'count.mjs',
    `import { isMainThread } from 'node:worker_threads';
    let threads = 0;
    process.on('worker', () => void threads++);
    if (isMainThread) process.on('exit', () => process.stderr.write('threads: ' + threads));`,
  );
  const counted = { program: [process.execPath, '--import', counter, command] };
  const made = await run(['prepare', ...paths, '--out', out, '--quiet', '--format', 'jsonl'], counted);
  assert.deepEqual([made.code, made.stderr], [0, 'threads: 1']);
  const verified = await run(['verify', join(out, 'manifest.json'), ...paths, '--quiet'], counted);
  assert.deepEqual([verified.code, verified.stderr], [0, 'threads: 0']);
});

/** The most memory that a command took, in megabytes. */
async function peakOf(program, args) {
  const { child, ended } = start(args, { program });
  let peak = 0;
  const poll = setInterval(() => {
    try {
      peak = Math.max(peak, Number(/^VmHWM:\s*(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024);
    } catch {
      // it has ended
    }
  }, 2);
  const { code, stderr } = await ended;
  clearInterval(poll);
  assert.deepEqual([code, stderr], [0, '']);
  return peak;
}

// Measured: 25 MB more in Node, where the files' objects are, and 3.6 MB natively: the paths, and what each file was read as.
for (const [name, program, most] of [
  ['Node', [process.execPath, command], 42],
  ['the native command', [nativeCommand], 5],
]) {
  const skip = !existsSync('/proc/self/status') ? 'there is no /proc' : !existsSync(program.at(-1)) && 'not built';
  test(`10,000 of them take little more memory than their rows in one file: ${name}`, { skip }, async (t) => {
    const folder = join(makeFolder(t), 'parts');
    mkdirSync(folder);
    const all = [];
    for (let i = 0; i < 10_000; i++) {
      const rows = [
        [`u${i}`, '2025-09-05 10:00:00', 'impression', `p${i % 7}`],
        [`u${i}`, '2025-09-05 10:00:05', i % 3 ? 'purchase' : 'click', `p${i % 7}`],
      ];
      all.push(...rows);
      writeFileSync(join(folder, `part-${String(i).padStart(5, '0')}.csv`), eventsCsv(rows));
    }
    const one = makeFile(t, 'one.csv', eventsCsv(all));
    const out = join(makeFolder(t), 'out');
    const words = ['--out', out, '--quiet', '--threads', '1', '--no-manifest'];
    const [many, single] = [
      await peakOf(program, ['prepare', folder, ...words]),
      await peakOf(program, ['prepare', one, ...words]),
    ];
    assert.ok(many - single < most, `${many.toFixed(1)} MB, and ${single.toFixed(1)} MB of one file`);
  });
}
