/** Reading on several threads: the same bytes as on one, and nothing left running. */
import assert from 'node:assert/strict';
import { closeSync, existsSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { prepare, simulate } from '../../web/dist/node.js';
import { startHelpers } from '../../web/dist/node/helpers.js';
import { chunkSizes } from '../../web/dist/run/crew.js';
import { prepareFiles } from '../../web/dist/run/prepare.js';
import { openSource } from '../../web/dist/run/source.js';
import { fingerprint, makeFile, makeFolder, nativeCommand, readFolder, run } from './support.mjs';

// Small files have several chunks, too.
Object.assign(chunkSizes, { leastFile: 1 << 20, chunk: 100_000, blobChunk: 200_000 });

// The native command where it has been built.
const programs = existsSync(nativeCommand) ? [undefined, [nativeCommand]] : [undefined];

const csv = new Uint8Array(await (await simulate({ events: 20_000, seed: 3 })).arrayBuffer());
const text = new TextDecoder().decode(csv);
const [header, ...rows] = text.trimEnd().split('\n');
const names = header.split(',');
const ndjson = rows
  .map((row) => JSON.stringify(Object.fromEntries(row.split(',').map((cell, i) => [names[i], cell]))))
  .join('\n');

/** Outputs and report, or the message of the refusal. */
async function outcome(source, plan, threads) {
  try {
    const dataset = await prepare(source, plan, { threads });
    const found = (await fingerprint(dataset)) + JSON.stringify(dataset.report);
    dataset.dispose();
    return found;
  } catch (error) {
    return `${error.code}: ${error.message} ${JSON.stringify(error.where)}`;
  }
}

const workers = () => process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name)).length;

/** Helpers that answer each chunk as `answer` does. */
const helpers = (answer) => (count, found) => {
  for (let i = 0; i < count; ++i) {
    let hear;
    found({
      post: (message) => 'chunk' in message && answer(message, hear),
      listen(heard) {
        hear = heard;
        setImmediate(() => heard({ ready: true }));
      },
    });
  }
  return { end: () => undefined };
};

/** Real threads that are ready before the run begins, as they are in good time for a large file. */
async function readyHelpers(count) {
  const found = [];
  const made = [];
  const started = startHelpers(count, (helper) => found.push(helper));
  await Promise.all(found.map((helper) => new Promise((ready) => helper.listen(ready))));
  const start = (_count, hand) => {
    for (const { post, listen } of found) {
      hand({
        post,
        listen(heard) {
          listen((message) => {
            if (message?.made) made.push(message.chunk);
            heard(message);
          });
          heard({ ready: true });
        },
      });
    }
    return started;
  };
  return { start, made };
}

describe('several threads', () => {
  const late = rows.length - 100;
  const broken = (change) => [header, ...rows.slice(0, late), change, ...rows.slice(late)].join('\n');
  const files = {
    CSV: [text, {}],
    'CSV with CRLF': [text.replaceAll('\n', '\r\n'), {}],
    'JSON lines': [ndjson, {}],
    'with a row that is dropped': [
      broken(rows[0].replace(/impression|click|auction|purchase/, 'view')),
      { events: { unknown: 'drop' } },
    ],
    'with a row that is refused': [broken(rows[0].replace(/impression|click|auction|purchase/, 'view')), {}],
    'with a quote that never closes': [broken(`"${rows[0]}`), {}],
    'with rows inside of quotes': [
      `${header},note\n${rows.map((row, i) => `${row},${i % 3000 === 0 ? `"${rows.slice(0, 900).join('\n')}"` : ''}`).join('\n')}\n`,
      {},
    ],
  };
  for (const [name, [content, plan]] of Object.entries(files)) {
    test(`${name}: the same as one, from a path, a Blob and bytes`, async (t) => {
      const path = makeFile(t, 'events', content);
      const expected = await outcome({ path }, plan, 1);
      for (const threads of [2, 3, 7]) assert.equal(await outcome({ path }, plan, threads), expected, `${threads} threads`);
      const sources = {
        path: { path },
        blob: { name: path, data: new Blob([content]) },
        bytes: { name: path, data: new TextEncoder().encode(content) },
      };
      for (const [kind, source] of Object.entries(sources)) assert.equal(await outcome(source, plan, 2), expected, kind);
    });
  }

  test('read most of the chunks', async (t) => {
    const expected = await outcome(new Blob([csv]), {}, 1);
    const path = makeFile(t, 'input', csv);
    const openPath = () => {
      const descriptor = openSync(path, 'r');
      t.after(() => closeSync(descriptor));
      return [
        {
          name: 'input',
          size: csv.length,
          shared: descriptor,
          readInto: (room, offset) => readSync(descriptor, room, 0, room.length, offset ?? null),
        },
      ];
    };
    for (const open of [() => openSource(new Blob([csv])), () => openSource(csv), openPath]) {
      for (const threads of [2, 5]) {
        const { start, made } = await readyHelpers(threads - 1);
        const dataset = await prepareFiles(open(), {}, { threads }, { startHelpers: start });
        assert.equal((await fingerprint(dataset)) + JSON.stringify(dataset.report), expected);
        dataset.dispose();
        assert.ok(made.length > 3, `${made.length} chunks`);
      }
    }
  });

  test('leave no worker behind, done or cancelled half-way', async (t) => {
    const path = makeFile(t, 'events.csv', csv);
    (await prepare({ path }, undefined, { threads: 3 })).dispose();
    assert.equal(workers(), 0);
    for (const source of [{ path }, new Blob([csv])]) {
      const stop = new AbortController();
      const onProgress = ({ bytesRead }) => bytesRead > csv.length / 2 && stop.abort();
      await assert.rejects(prepare(source, undefined, { threads: 3, signal: stop.signal, onProgress }), { name: 'AbortError' });
      assert.equal(workers(), 0);
    }
  });

  test('tell the bytes read in order, up to all of them', async (t) => {
    const path = makeFile(t, 'events.csv', csv);
    const seen = [];
    (await prepare({ path }, undefined, { threads: 2, onProgress: ({ bytesRead }) => seen.push(bytesRead) })).dispose();
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
    assert.equal(seen.at(-1), csv.length);
    assert.ok(new Set(seen).size > 5);
  });

  test('one that is lost, cannot read or never starts takes nothing away', async () => {
    const expected = await outcome(new Blob([csv]), {}, 1);
    const given = [];
    const ways = {
      lost: helpers((message, hear) => given.push(message) && hear(null)),
      unable: helpers(({ chunk }, hear) => given.push(chunk) && setImmediate(() => hear({ chunk, made: null }))),
      absent: () => ({ end: () => undefined }),
    };
    for (const [way, start] of Object.entries(ways)) {
      const dataset = await prepareFiles(openSource(new Blob([csv])), {}, { threads: 3 }, { startHelpers: start });
      assert.equal((await fingerprint(dataset)) + JSON.stringify(dataset.report), expected, way);
      dataset.dispose();
    }
    assert.ok(given.length > 3);
  });

  test('are counted from 1 to 256', async () => {
    for (const threads of [0, 257, 1.5, NaN, '2']) {
      await assert.rejects(prepare(new Blob([csv]), undefined, { threads }), {
        code: 'badCall',
        message: `threads is ${threads}; it must be a whole number from 1 to 256.`,
      });
    }
    for (const program of programs) {
      for (const threads of ['0', '257', '1.5', 'x', '']) {
        const { code, stderr } = await run(['prepare', 'x', '--out', 'y', '--threads', threads], program ? { program } : {});
        assert.equal(code, 2);
        assert.match(stderr, new RegExp(`--threads is ${threads}; it must be a whole number from 1 to 256\n`));
      }
    }
  });

  test('of both commands write the files of one', async (t) => {
    const folder = makeFolder(t);
    const path = join(folder, 'events.csv');
    writeFileSync(path, Buffer.from(await (await simulate({ events: 150_000, seed: 5 })).arrayBuffer())); // enough for chunks of the usual size
    let expected;
    for (const program of programs) {
      for (const threads of ['1', '2', '5']) {
        const out = join(folder, `out-${program ? 'native' : 'node'}-${threads}`);
        const { code, stderr } = await run(
          ['prepare', path, '--out', out, '--quiet', '--threads', threads],
          program ? { program } : {},
        );
        assert.equal(code, 0, stderr);
        expected ??= readFolder(out);
        assert.deepEqual(readFolder(out), expected);
      }
    }
  });
});
