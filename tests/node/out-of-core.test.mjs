/** The native command with less memory than its events take: the same files, and nothing left of the file that takes the rest. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { nativeCommand, readFolder, repository, run, SMALL_EVENTS, start } from './support.mjs';

const skip =
  process.platform !== 'linux'
    ? 'a run goes out of core on Linux alone'
    : !existsSync(nativeCommand) &&
      'there is no build/release/causal-sessions; build it with cmake --preset release && cmake --build --preset release';
const native = (args, options) => run(args, { ...options, program: [nativeCommand] });
const GOES =
  /^The events are more than the \d+ MB of memory that this run may take, so (about [\d.]+ [MG]B of )?them go to a temporary file in .*, where \d+\.\d GB are free\.$/m;

/** The memory that a process has had at most, as far as somebody who asks now and then can tell. */
async function watchMemory({ child, ended }) {
  let most = 0;
  const watching = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      most = Math.max(most, 1024 * Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0));
    } catch {
      clearInterval(watching); // it has ended
    }
  }, 10);
  const result = await ended;
  clearInterval(watching);
  return { ...result, most };
}

describe('out of core', { skip }, () => {
  // On a disk: the folder of temporary files may be in memory.
  const folder = skip ? '' : mkdtempSync(join(repository, 'build/out-of-core-'));
  const events = join(folder, 'events.csv');
  after(() => folder !== '' && rmSync(folder, { recursive: true }));
  before(async () => {
    const { code, stderr } = await native(['simulate', '--out', events, '--events', '600000', '--seed', '5', '--no-truth']);
    assert.equal(code, 0, stderr);
  });

  for (const plan of [
    [],
    ['--profile', 'causal'],
    ['--profile', 'causal', '--set', 'index.kind=matched', '--set', 'events.duplicates=drop'],
  ]) {
    test(`the files are those of a run in memory: ${plan.join(' ') || 'notebook'}`, async () => {
      const options = ['--format', 'parquet,pickle,csv,audit', ...plan];
      const whole = join(folder, 'whole');
      assert.equal((await native(['prepare', events, '--out', whole, ...options])).code, 0);
      const expected = readFolder(whole);
      for (const threads of ['1', '3']) {
        const out = join(folder, `out-${threads}`);
        const words = ['prepare', events, '--out', out, '--memory', '32M', '--threads', threads, ...options];
        const { code, stderr, most } = await watchMemory(start(words, { program: [nativeCommand] }));
        assert.equal(code, 0, stderr);
        assert.match(stderr, GOES);
        assert.ok(most < 64e6, `${most} bytes of memory`);
        const made = readFolder(out);
        assert.deepEqual(Object.keys(made), Object.keys(expected), 'no file is left beside');
        for (const [name, bytes] of Object.entries(made)) assert.ok(bytes.equals(expected[name]), `${name} differs`);
        rmSync(out, { recursive: true });
      }
      rmSync(whole, { recursive: true });
    });
  }

  test('an audit, an estimate and a verification give what they give in memory', async () => {
    const out = join(folder, 'verified');
    assert.equal((await native(['prepare', events, '--out', out, '--profile', 'causal', '--quiet'])).code, 0);
    const causal = [events, '--profile', 'causal', '--json'];
    for (const words of [
      ['audit', ...causal],
      ['estimate', ...causal],
      ['verify', join(out, 'manifest.json'), events],
    ]) {
      const [inMemory, outside] = [await native(words), await native([...words, '--memory', '16M'])];
      assert.equal(outside.code, inMemory.code, outside.stderr);
      assert.equal(outside.stdout, inMemory.stdout);
    }
  });

  test('what fits stays in memory, and nothing is said', async () => {
    const out = join(folder, 'small');
    const { code, stderr } = await native(['prepare', '-', '--out', out, '--memory', '16M'], { input: SMALL_EVENTS });
    assert.equal(code, 0);
    assert.doesNotMatch(stderr, /temporary file/);
  });

  test('a killed run leaves nothing, and an interrupted one says so', async () => {
    for (const signal of ['SIGKILL', 'SIGINT']) {
      const out = join(folder, `ended-${signal}`);
      const { child, ended } = start(['prepare', events, '--out', out, '--memory', '16M'], { program: [nativeCommand] });
      child.stdin.end();
      let told = '';
      child.stderr.on('data', (text) => (told += text));
      while (!GOES.test(told) && child.exitCode === null) await sleep(1);
      child.kill(signal);
      const result = await ended;
      if (signal === 'SIGKILL') assert.equal(result.signal, 'SIGKILL');
      else assert.deepEqual([result.code, /stopped; nothing was written/.test(result.stderr)], [130, true]);
      assert.deepEqual(existsSync(out) ? Object.keys(readFolder(out)) : [], []);
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.startsWith('.')),
        [],
      );
    }
  });

  test('a disk without room is told, and files that were there stay', async () => {
    const out = join(folder, 'full');
    assert.equal((await native(['prepare', '-', '--out', out, '--quiet'], { input: SMALL_EVENTS })).code, 0);
    const before = readFolder(out);
    // A limit of the size of a file is met as a full disk is.
    const limited = ['/bin/bash', '-c', 'ulimit -f 2000; exec "$@"', 'bash', nativeCommand];
    const words = ['prepare', events, '--out', out, '--memory', '16M', '--quiet'];
    const { code, stderr } = await run(words, { program: limited });
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^causal-sessions: the disk of .* has no room left for the temporary file that takes what --memory leaves out; /,
    );
    assert.deepEqual(readFolder(out), before);
  });

  test('where no file can be mapped it is refused', async () => {
    const limited = ['/bin/bash', '-c', 'ulimit -v 400000; exec "$@"', 'bash', nativeCommand];
    const { code, stderr } = await run(['audit', events, '--memory', '16M'], { program: limited });
    assert.equal(code, 2);
    assert.match(stderr, /--memory needs a temporary file in .*, and none can be made or mapped there; is the disk full/);
  });

  test('a folder that is memory itself is refused', { skip: !existsSync('/dev/shm') && 'there is no /dev/shm' }, async () => {
    const { code, stderr } = await native(['prepare', events, '--out', '/dev/shm/causal-sessions-out', '--memory', '16M']);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /--memory needs a temporary file in \/dev\/shm, which is no disk but memory itself; write to another folder/,
    );
  });
});

test('the command in Node says that it does not go out of core', async () => {
  const { code, stderr } = await run(['audit', '-', '--memory', '2G'], { input: SMALL_EVENTS });
  assert.equal(code, 2);
  assert.match(stderr, /--memory works in the native command alone; in Node a run takes up to 4 GB, and no disk/);
});
