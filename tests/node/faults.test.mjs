/**
 * The native command where the machine fails it: memory, reads, writes and threads that are refused, runs that are killed, and two
 * runs at once. Afterwards there are the old files or the new ones, one sentence, and nothing else.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { goldenCase, makeFolder, nativeCommand, readFolder, repository, run, start } from './support.mjs';

const { input } = goldenCase('clicks_first');
const compiler = ['cc', 'gcc', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0);
const skip =
  process.platform !== 'linux' || process.report.getReport().header.glibcVersionRuntime === undefined
    ? 'calls are made to fail by way of the GNU C library'
    : !existsSync(nativeCommand)
      ? 'there is no build/release/causal-sessions; build it with cmake --preset release && cmake --build --preset release'
      : compiler === undefined && 'there is no C compiler to build tests/support/faults.c with';

const folder = mkdtempSync(join(tmpdir(), 'causal-sessions-'));
after(() => rmSync(folder, { recursive: true }));
const library = join(folder, 'faults.so');
const words = (out, ...more) => ['prepare', input, '--out', out, '--threads', '2', '--format', 'parquet,pickle,audit', ...more];
const native = (args) => run(args, { program: [nativeCommand] });
const same = (one, other) =>
  Object.keys(one).join() === Object.keys(other).join() &&
  Object.entries(one).every(([name, bytes]) => bytes.equals(other[name]));

/** Runs with a fault over an older result; gives what it said, and whose files stand there. */
async function runWithFault(fault, out) {
  const environment = [`LD_PRELOAD=${library}`, `FAULT=${fault}`, `FAULT_COUNT=${join(folder, 'count')}`];
  return run(words(out), { program: ['env', ...environment, nativeCommand] });
}

describe('faults of the machine', { skip }, () => {
  const [older, newer, out] = ['older', 'newer', 'out'].map((name) => join(folder, name));
  let old;
  let made;
  before(async () => {
    const built = spawnSync(compiler, [
      '-shared',
      '-fPIC',
      '-O1',
      '-o',
      library,
      join(repository, 'tests/support/faults.c'),
      '-ldl',
    ]);
    assert.equal(built.status, 0, String(built.stderr));
    assert.equal((await native(words(older, '--profile', 'causal'))).code, 0);
    assert.equal((await native(words(newer))).code, 0);
    [old, made] = [readFolder(older), readFolder(newer)];
    assert.equal((await native(words(out, '--profile', 'causal'))).code, 0);
  });

  /** The `call`th one of a function fails. */
  async function check(fault) {
    const { code, signal, stderr } = await runWithFault(fault, out);
    const found = readFolder(out);
    const isNew = same(found, made);
    const told = `${fault}: exit code ${code ?? signal}, ${stderr}`;
    assert.ok(isNew || same(found, old), `${told}: neither the old files nor the new ones`);
    assert.ok(code === 0 || code === 1, told);
    if (code === 0) assert.ok(isNew, told);
    // Where the report cannot be printed, the files are there and the exit code says that not all was told.
    if (code === 1)
      assert.match(stderr, isNew ? /out of memory|standard output cannot be written/ : /^causal-sessions: [^\n]+\n$/, told);
    if (isNew) assert.equal((await native(words(out, '--profile', 'causal', '--quiet'))).code, 0);
    return code;
  }

  // How many calls are tried at most of each; those of a function that is called more often are evenly spread.
  const MOST = { malloc: 60, 'malloc-from': 60 };
  for (const name of [
    'malloc',
    'malloc-from',
    'fread',
    'fread_short',
    'fwrite',
    'fflush',
    'fclose',
    'fopen',
    'rename',
    'mkdir',
    'pthread_create',
  ]) {
    test(`of ${name}`, async () => {
      rmSync(newer, { recursive: true });
      assert.equal((await runWithFault(`${name.replace('-from', '')}:-1`, newer)).code, 0);
      const calls = Number(readFileSync(join(folder, 'count'), 'utf8'));
      assert.ok(calls > 0, `${name} is not called`);
      const step = Math.max(1, Math.floor(calls / (MOST[name] ?? 40)));
      const codes = [];
      // The first memory is the loader's, before anything can be said.
      for (let call = name === 'malloc-from' ? 40 : 0; call < calls; call += step) codes.push(await check(`${name}:${call}`));
      if (!['fread_short', 'mkdir', 'malloc', 'pthread_create'].includes(name)) assert.ok(codes.includes(1), 'no fault was met');
    });
  }

  test('a run that is killed at any moment leaves whole files, and what it was renaming is gone with the next one', async () => {
    let amidst = 0;
    for (let i = 0; i < 48; ++i) {
      const { child, ended } = start(words(out, '--quiet'), { program: [nativeCommand] });
      await sleep(i / 2);
      child.kill('SIGKILL');
      await ended;
      const left = readFolder(out);
      const found = Object.fromEntries(Object.entries(left).filter(([name]) => !/\.(partial|earlier)$/.test(name)));
      for (const [name, bytes] of Object.entries(found)) {
        assert.ok(bytes.equals(old[name]) || bytes.equals(made[name]), `${name} is not whole`);
      }
      if (same(left, old)) continue;
      if (!same(found, made) && !same(found, old)) ++amidst;
      assert.equal((await native(words(out, '--profile', 'causal', '--quiet'))).code, 0);
      assert.ok(same(readFolder(out), old), 'the next run does not clear up');
    }
    // All take their places within a few milliseconds, whatever the files' sizes are.
    assert.ok(amidst < 16, `${amidst} of 48 runs left files of both`);
  });

  // Where files take their places, before every call of each function that moves one: the old files are there, or the new ones, or
  // whole ones of both, which the next run says and clears, whatever it writes itself.
  for (const name of ['linkat', 'link', 'rename', 'remove']) {
    test(`killed before any ${name}, a run leaves whole files, and the next one says and clears what is left`, async () => {
      rmSync(newer, { recursive: true });
      assert.equal((await native(words(newer, '--profile', 'causal', '--quiet'))).code, 0);
      assert.equal((await runWithFault(`${name}:-1`, newer)).code, 0);
      const calls = Number(readFileSync(join(folder, 'count'), 'utf8'));
      assert.ok(calls > 0, `${name} is not called`);
      let amidst = 0;
      for (let call = 0; call < calls; ++call) {
        const { signal } = await runWithFault(`${name}-kill:${call}`, out);
        assert.equal(signal, 'SIGKILL');
        const left = readFolder(out);
        const hidden = Object.keys(left).filter((path) => /\.(partial|earlier)$/.test(path));
        for (const [path, bytes] of Object.entries(old)) {
          assert.ok(left[path]?.equals(bytes) || left[path]?.equals(made[path]), `${name}:${call}: ${path} is not whole`);
        }
        const found = Object.fromEntries(Object.entries(left).filter(([path]) => !hidden.includes(path)));
        const mixed = !same(found, old) && !same(found, made);
        if (mixed) ++amidst;
        assert.ok(!mixed || hidden.length > 0, `${name}:${call}: files of both, and nothing tells of it`);
        // Another format than before, and the same ones again.
        const other = await native(['prepare', input, '--out', out, '--format', 'csv', '--no-manifest', '--quiet']);
        assert.equal(other.code, 0, other.stderr);
        assert.equal(
          /notice: a run was killed while it put its files into .*; what it left/.test(other.stderr),
          hidden.length > 0,
        );
        assert.deepEqual(
          Object.keys(readFolder(out)).filter((path) => /\.(partial|earlier)$/.test(path)),
          [],
          `${name}:${call}`,
        );
        rmSync(out, { recursive: true });
        assert.equal((await native(words(out, '--profile', 'causal', '--quiet'))).code, 0);
      }
      assert.equal(amidst > 0, name !== 'remove', `${amidst} calls are between two files`); // what was there goes at the end
    });
  }

  test('what is no place for a file is refused, and what is a link, or closed to others, stays so', async (t) => {
    const folder = makeFolder(t);
    const at = (name) => join(folder, name);
    symlinkSync('loop', at('loop'));
    assert.equal(spawnSync('mkfifo', [at('pipe')]).status, 0);
    const refusals = [
      [words(at('a'.repeat(300))), /a+\/data\/train_sessions\.parquet cannot be reached: File name too long\.\n$/],
      [words(at('loop')), /loop\/data\/train_sessions\.parquet cannot be reached: Too many levels of symbolic links\.\n$/],
      [['audit', input, '--report', at('pipe')], /pipe is a device or a pipe; name a file\n$/],
      [['simulate', '--out', '/dev/null', '--events', '10'], /\/dev\/null is a device or a pipe; name a file\n$/],
    ];
    for (const [args, rule] of refusals) {
      const { code, stderr } = await native(args);
      assert.deepEqual([code, rule.test(stderr)], [1, true], stderr);
    }
    const { code, stderr } = await run(['-c', 'exec "$0" plan >/dev/full', nativeCommand], { program: ['/bin/sh'] });
    assert.deepEqual([code, stderr], [1, 'causal-sessions: standard output cannot be written\n']);

    writeFileSync(at('elsewhere.html'), 'earlier', { mode: 0o600 });
    symlinkSync('elsewhere.html', at('report.html'));
    assert.equal((await native(['audit', input, '--report', at('report.html'), '--quiet'])).code, 0);
    assert.equal(readlinkSync(at('report.html')), 'elsewhere.html');
    assert.match(readFileSync(at('elsewhere.html'), 'utf8'), /^<!doctype html>/i);
    assert.equal(statSync(at('elsewhere.html')).mode & 0o777, 0o600);
  });

  test('two runs into one folder at once leave the files of one of them', async (t) => {
    const shared = join(makeFolder(t), 'shared');
    for (let i = 0; i < 8; ++i) {
      const runs = [words(shared, '--quiet'), words(shared, '--quiet', '--profile', 'causal')];
      for (const { code, stderr } of await Promise.all(runs.map(native))) assert.equal(code, 0, stderr);
      const found = readFolder(shared);
      assert.ok(same(found, made) || same(found, old), 'the files are of both');
    }
  });
});
